"""What has a chain by the neck: who holds its inputs, and how much hangs on them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from kg.graph import Graph
from kg.terms import ICSC, RDFS
from kg.web.pages.charts import stacked
from kg.web.pages.common import (
    ROWS,
    Given,
    answer_of,
    chains_of,
    export_of,
    iri_of,
    per_release,
    rows_of,
    texts_of,
    weights_of,
    whole_of,
)
from kg.web.pages.words import page_words

__all__ = ["necks"]

_WEIGHTS: Final = ("weight-concentration", "weight-dependence", "weight-reach")
#: One holder and its share as the question writes them: `KR 0.6; JP ?`.
_SHARE: Final = re.compile(r"(?P<holder>[^;]+?) (?P<share>\d*\.?\d+|\?)(?:;|$)")
_BARS: Final = 15


def necks(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """What has a chain by the neck, with the weights as given."""
    chains = chains_of(graph, lang)
    weights = weights_of(graph.question("necks"), _WEIGHTS, given)
    # A code or a label stands for a chain as well: form and heading say which one.
    named = iri_of(graph, "chain", given["chain"]) if "chain" in given else ""
    rows: list[dict[str, Any]] = []
    total = 0
    if named:
        frame = answer_of(graph, "necks", lang, chain=named, **weights)
        rows, total = rows_of(frame.head(ROWS)), len(frame)
        names = _holders(graph, lang)
        for row in rows:
            row["shares"] = _shares(row["holders"], names)
            row["bounds"] = _bounds(row["score_low"], row["score_high"])
            home = row["domestic_share"]
            row["factors"] = [
                ("concentration", row["hhi"]),
                ("dependence", None if home is None else 1 - home),
                ("reach", row["reach_share"]),
            ]
    known = [(row["input"], {name: share for name, share in row["shares"] if share is not None}) for row in rows]
    shares = {name: parts for name, parts in known if parts}
    shown = dict(list(shares.items())[:_BARS])
    words = page_words(lang)
    label = next((item["label"] for item in chains if item["iri"] == named), "")
    return {
        "heading": words["necks_of"].format(chain=label) if label else "",
        "chains": chains,
        "chain": named,
        "weights": weights,
        "rows": rows,
        "total": total,
        # Who has no known shares has no bar: of those with bars the drawing has the first.
        "drawn": len(shown),
        "barred": len(shares),
        "whole": whole_of("necks", {"chain": named, **weights}, lang),
        "drawing": stacked(shown, words["holders"]) if shown else None,
        "height": 90 + 30 * len(shown),
        "export": export_of("necks", {"chain": named, **weights}, lang),
    }


def _shares(holders: str | None, names: Mapping[str, str]) -> list[tuple[str, float | None]]:
    """Holders by name, with the share of each, 0-1; None where it is not known."""
    found = [(part["holder"].strip(), part["share"]) for part in _SHARE.finditer(holders or "")]
    return [(names.get(code, code), None if share == "?" else float(share)) for code, share in found]


@per_release
def _holders(graph: Graph, lang: str) -> Mapping[str, str]:
    """What countries and regions are called, by code."""
    found = texts_of(
        graph,
        f"SELECT ?code ?label WHERE {{ ?region <{ICSC}iso3166> ?code ; <{RDFS}label> ?label "
        f'FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} ORDER BY ?code DESC(?label)',
    )
    return dict(found)


def _bounds(low: float | None, high: float | None) -> str:
    """Two numbers with as many decimals as tell them apart, at most four."""
    if low is None or high is None:
        return ""
    digits = next((digits for digits in (2, 3) if f"{low:.{digits}f}" != f"{high:.{digits}f}"), 4)
    return f"{low:.{digits}f}–{high:.{digits}f}"
