"""Necks, partners, and what follows when somebody is gone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd

from kg.graph import Graph
from kg.ranking import WAYS
from kg.terms import ICSC, RDFS
from kg.web.pages.charts import Option, bars, stacked
from kg.web.pages.common import (
    ROWS,
    Given,
    answer_of,
    chains_of,
    export_of,
    iri_of,
    per_release,
    regions_of,
    rows_of,
    text_of,
    texts_of,
)
from kg.web.pages.maps import points
from kg.web.pages.places import SHAPES, has_shapes, places_of
from kg.web.pages.words import page_words

__all__ = ["necks", "partners", "scenario"]

_WEIGHTS: Final = ("weight-concentration", "weight-dependence", "weight-reach")
#: One holder and its share as the question writes them: `KR 0.6; JP ?`.
_SHARE: Final = re.compile(r"(?P<holder>[^;]+?) (?P<share>\d*\.?\d+|\?)(?:;|$)")
_BARS: Final = 15


def necks(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """What has a chain by the neck, with the weights as given."""
    chains = chains_of(graph, lang)
    weights = _weights(graph, "necks", _WEIGHTS, given)
    named = given.get("chain", "")
    rows: list[dict[str, Any]] = []
    if named:
        frame = answer_of(graph, "necks", lang, chain=named, **weights)
        named = str(frame["chain_iri"].iloc[0]) if len(frame) else named
        rows = rows_of(frame.head(ROWS))
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
    return {
        "chains": chains,
        "chain": named,
        "weights": weights,
        "rows": rows,
        "drawing": stacked(shown, words["holders"]) if shown else None,
        "height": 90 + 30 * len(shown),
        "export": export_of("necks", {"chain": named, **weights}, lang),
    }


def _weights(graph: Graph, name: str, weights: Sequence[str], given: Given) -> dict[str, str]:
    """Weights of a question as given, else as it has them."""
    defaults = {p.name: p.default or "1" for p in graph.questions()[name].parameters if p.name in weights}
    return {weight: given.get(weight, default) for weight, default in defaults.items()}


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


_PARTNER_WEIGHTS: Final = ("weight-capability", "weight-proximity", "weight-confidence")
#: Columns of the table of candidates.
_CANDIDATE: Final = (
    *("candidate", "kind", "region", "ring", "distance_km", "capability"),
    *("score", "closeness", "score_low", "score_high"),
    *("capability_score", "proximity_score", "confidence_score", "in_chain", "ties", "risk", "evidence", "source"),
)


def partners(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Who could provide an input, or close a stated gap, with the weights as given."""
    asked = {name: given[name] for name in ("input", "gap", "region", *_PARTNER_WEIGHTS, "rank") if name in given}
    named = bool({"input", "gap"} & set(asked))
    frame = answer_of(graph, "partners", lang, **asked) if named else pd.DataFrame()
    rows = rows_of(frame.head(ROWS))
    places = places_of(graph, {row["region_iri"] for row in rows if row["region_iri"]})
    placed = [{**row, **places[row["region_iri"]]} for row in rows if row["region_iri"] in places]
    label = page_words(lang)["candidates"]
    shapes = SHAPES + f"?lang={lang}" if has_shapes(graph) else ""
    drawing = points(_spread(placed), "candidate", "score_low", label, shapes) if placed else None
    for row in rows:
        if row["score"] is not None:
            # The bounds are for those without.
            row.update(score_low=None, score_high=None)
    return {
        "rows": rows,
        # What is not known of any candidate needs no column.
        "columns": [name for name in _CANDIDATE if any(row[name] is not None for row in rows)],
        "total": len(frame),
        "gaps": _gaps(graph, lang),
        "places": regions_of(graph, lang),
        # A code stands for a gap as well: the form shows which one.
        "gap": iri_of(graph, "gap", given["gap"]) if "gap" in given else "",
        "weights": _weights(graph, "partners", _PARTNER_WEIGHTS, given),
        "ways": WAYS,
        "asked": named,
        "drawing": drawing,
        "export": export_of("partners", asked, lang),
    }


@per_release
def _gaps(graph: Graph, lang: str) -> list[dict[str, str]]:
    found = graph.store.query(
        f"SELECT DISTINCT ?gap ?label WHERE {{ ?gap a <{ICSC}Gap> ; <{RDFS}label> ?label "
        f'FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} ORDER BY ?label LIMIT 200'
    )
    return [{"iri": text_of(row[0]), "label": text_of(row[1])} for row in found.rows]


def _spread(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Candidates of one place side by side, a few kilometres apart, so that each can be chosen."""
    seen: dict[tuple[float, float], int] = {}
    spread = []
    for row in rows:
        at = (row["longitude"], row["latitude"])
        number = seen[at] = seen.get(at, -1) + 1
        spread.append({**row, "longitude": at[0] + 0.12 * (number % 8), "latitude": at[1] - 0.12 * (number // 8)})
    return spread


def scenario(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """What follows if firms, regions or countries were gone."""
    without = [name.strip() for name in given.get("without", "").replace("；", ";").split(";") if name.strip()]
    parts: list[tuple[str, list[str], list[dict[str, Any]], int]] = []
    drawing = None
    if without:
        from kg.whatif import PARTS, whatif

        found = whatif(graph, tuple(without), given.get("chain"), given.get("region"), lang)
        for part in PARTS:
            frame = getattr(found, part)
            columns = [str(name) for name in frame.columns if not str(name).endswith("_iri")]
            parts.append((part, columns, rows_of(frame.head(ROWS)), len(frame)))
        drawing = _tiers(found.hit, page_words(lang)["tiers"])
    chain = iri_of(graph, "chain", given["chain"]) if given.get("chain") else ""
    return {
        "chains": chains_of(graph, lang),
        "chain": chain,
        "places": regions_of(graph, lang),
        "parts": parts,
        "drawing": drawing,
    }


def _tiers(hit: pd.DataFrame, label: str) -> Option | None:
    """How many are hit at each tier from the removed."""
    if "tier" not in hit or hit.empty:
        return None
    counts = hit["tier"].dropna().astype(int).value_counts().sort_index()
    rows = [{"tier": str(tier), "hit": int(count)} for tier, count in counts.items()]
    return bars(rows, "tier", ["hit"], label) if rows else None
