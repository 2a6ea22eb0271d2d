"""`--rank`: rows ranked anew by the criteria of a question's header."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from kg.analysis.ranking import topsis
from kg.errors import ParameterError, QueryError
from kg.graph import Graph
from kg.library import read_question
from kg.ranking import Ranking, rank

NO_WEIGHT = {"weight_capability": "0", "weight_confidence": "0"}
GAP = {"gap": "gap/zj/computing-core-component", "region": "杭州"}


def test_partners_by_topsis(embedded: Graph) -> None:
    plain, ranked = embedded.ask("partners", **GAP), embedded.ask("partners", rank="topsis", **GAP)
    assert set(plain.candidate) == set(ranked.candidate) and list(ranked.columns).count("closeness") == 1
    known = ranked[ranked.score.notna()]
    table = known[["capability_score", "proximity_score", "confidence_score"]].astype(float)
    assert list(known.closeness) == pytest.approx(topsis(table, (0.5, 0.3, 0.2)), abs=1e-6)
    assert known.closeness.is_monotonic_decreasing and known.closeness.iloc[0] == 1
    (unplaced,) = ranked[ranked.proximity_score.isna()].itertuples()
    assert pd.isna(unplaced.closeness) and unplaced.Index == len(ranked) - 1, "unknown is last, not 0"


def test_weights_count(embedded: Graph) -> None:
    near = embedded.ask("partners", **GAP, weight_proximity="1", weight_capability="0", weight_confidence="0")
    known = near[near.score.notna()]
    assert list(known.score) == list(known.proximity_score)
    unplaced = near[near.score.isna()]
    assert len(unplaced) == 1 and list(unplaced.score_low) == [0.2] and list(unplaced.score_high) == [1]
    ranked = embedded.ask("partners", rank="topsis", **GAP, weight_proximity="0", weight_confidence="0")
    assert set(ranked.closeness.dropna()) == {0.5}, "all are able alike"


def test_one_weight_is_enough(embedded: Graph) -> None:
    near = embedded.ask("partners", **GAP, **NO_WEIGHT)
    assert near.score.notna().any() and near.score_low.between(0, 1).all()


def test_constant_weights_that_sum_to_nothing() -> None:
    with pytest.raises(ParameterError, match="the weights sum to 0"):
        Ranking({"a": 0.0}, (), ()).check({}, set())
    Ranking({"a": 0.0, "b": "w"}, (), (), {"a": "c"}).check({"w": 0.1}, set())


def test_limit_comes_after_ranking(embedded: Graph) -> None:
    whole = embedded.ask("partners", rank="topsis", **GAP)
    answer = embedded.answer("partners", rank="topsis", limit=2, **GAP)
    assert answer.truncated and answer.frame.equals(whole.head(2))


def test_each_group_by_itself() -> None:
    frame = pd.DataFrame({"item": ["a", "b", "a", "b"], "x": [1.0, 4.0, 2.0, 3.0], "name": list("pqrs")})
    found = rank(frame, Ranking({"x": 1.0}, (), ("item",)), "topsis", {})
    assert list(found.name) == ["r", "p", "q", "s"] and list(found.closeness) == [1, 0, 1, 0]
    cheap = rank(frame, Ranking({"x": 1.0}, ("x",), ()), "topsis", {})
    assert list(cheap.name) == ["p", "r", "s", "q"]


@pytest.mark.parametrize(
    ("question", "given", "words"),
    [
        ("gaps", {"rank": "topsis"}, "gaps cannot be ranked anew"),
        ("partners", {"rank": "best", **GAP}, "'best' is no way of ranking"),
        ("partners", {"rank": "topsis", "weight_capability": "-1", **GAP}, "'-1' is outside its range, 0 or more"),
        ("partners", {**NO_WEIGHT, "weight_proximity": "0", **GAP}, "the weights sum to 0"),
        # Without a region nothing is near or far.
        ("partners", {**NO_WEIGHT, "chain": "modern-textile"}, "--weight-proximity counts only with --region"),
        ("necks", {"weight_concentration": "3"}, "'3' is outside its range, 0-1"),
    ],
)
def test_what_cannot_be_ranked(embedded: Graph, question: str, given: dict[str, str], words: str) -> None:
    with pytest.raises(ParameterError, match=words):
        embedded.ask(question, **given)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("[a]", "ranking needs criteria"),
        ("{criteria: {nothing: 1}}", "'nothing', which is not among the columns"),
        ("{criteria: {a: weight-a}}", "no parameter with a default"),
        ("{criteria: {a: 1}, needs: {a: region}}", "'a' needs 'region', which is not there"),
    ],
)
def test_wrong_header(tmp_path: Path, entry: str, words: str) -> None:
    path = tmp_path / "toy.rq"
    path.write_text(f"#+ summary: Toy\n#+ columns: {{a: number}}\n#+ ranking: {entry}\nSELECT ?a {{ ?a ?b ?c }}\n")
    with pytest.raises(QueryError, match=words):
        read_question(path)
