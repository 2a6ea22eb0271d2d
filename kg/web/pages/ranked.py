"""What decides an order by closeness to the best, said where it is a single criterion."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kg.library import Question
from kg.ranking import Ranking
from kg.spelling import cleaned
from kg.web.pages.common import Given, weights_of
from kg.web.pages.words import page_words
from kg.wording import wording_of

__all__ = ["deciding", "hangs_on"]


def deciding(frame: pd.DataFrame, ranking: Ranking, weights: Mapping[str, float]) -> list[str]:
    """The criteria that tell rows apart: they have a weight, and differ among rows that are compared.

    With one alone, closeness is no more than the place between the worst and the best in it: 1 and 0 where there are
    two values.

    Args:
        frame: the ranked rows.
        weights: parameter -> weight.
    """
    within = [name for name in ranking.within if name in frame.columns]
    parts = [part for _, part in frame.groupby(within, sort=False, dropna=False)] if within else [frame]
    counting = {c: weights.get(w, 0.0) if isinstance(w, str) else w for c, w in ranking.criteria.items()}
    return [
        name
        for name, weight in counting.items()
        if weight > 0 and name in frame.columns and any(part[name].dropna().nunique() > 1 for part in parts)
    ]


def hangs_on(question: Question, frame: pd.DataFrame, asked: Given, lang: str) -> str:
    """What is to be said of an answer whose order by closeness hangs on one criterion, or on none; else nothing.

    Args:
        asked: the question's parameters as given and accepted, and `rank`.
    """
    ranking = question.ranking
    if ranking is None or "rank" not in asked or frame.empty:
        return ""
    names = [weight for weight in ranking.criteria.values() if isinstance(weight, str)]
    weights = {name: float(cleaned(weight)) for name, weight in weights_of(question, names, asked).items()}
    found = deciding(frame, ranking, weights)
    if len(found) > 1:
        return ""
    words = page_words(lang)
    said = [wording_of(lang).table(question.name).column(name).replace("_", " ") for name in found]
    return words["one_decides"].format(criterion=said[0]) if said else words["none_decides"]
