"""Who could provide an input or close a gap: weighed, ranked, and on a map as far as their places are known."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from kg.graph import Graph
from kg.ranking import WAYS
from kg.terms import ICSC, RDFS
from kg.web.pages.common import (
    ROWS,
    Given,
    answer_of,
    export_of,
    iri_of,
    per_release,
    regions_of,
    rows_of,
    text_of,
    weights_of,
)
from kg.web.pages.fields import named, shown_of
from kg.web.pages.maps import points
from kg.web.pages.places import SHAPES, finer_than_country, has_shapes, places_of
from kg.web.pages.ranked import hangs_on
from kg.web.pages.words import page_words

__all__ = ["partners"]

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
    named_any = bool({"input", "gap"} & set(asked))
    frame = answer_of(graph, "partners", lang, **asked) if named_any else pd.DataFrame()
    rows = rows_of(frame.head(ROWS))
    # A country has a point as well; who is only known to be in it would be drawn in its capital.
    places = places_of(graph, finer_than_country(graph, {row["region_iri"] for row in rows if row["region_iri"]}))
    placed = [{**row, **places[row["region_iri"]]} for row in rows if row["region_iri"] in places]
    words = page_words(lang)
    label = words["candidates"]
    shapes = SHAPES + f"?lang={lang}" if has_shapes(graph) else ""
    drawing = points(_spread(placed), "candidate", "score_low", label, shapes) if placed else None
    for row in rows:
        if row["score"] is not None:
            # The bounds are for those without.
            row.update(score_low=None, score_high=None)
    return {
        "heading": _heading(graph, lang, given) if named_any else "",
        "rows": rows,
        # What is not known of any candidate needs no column.
        "columns": [name for name in _CANDIDATE if any(row[name] is not None for row in rows)],
        "total": len(frame),
        "gaps": _gaps(graph, lang),
        "places": regions_of(graph, lang),
        # A code stands for a gap as well: the form shows which one.
        "gap": iri_of(graph, "gap", given["gap"]) if "gap" in given else "",
        "fields": shown_of(graph, lang, given, {name: (name,) for name in ("input", "region")}),
        "weights": weights_of(graph.question("partners"), _PARTNER_WEIGHTS, given),
        "ways": WAYS,
        "asked": named_any,
        "drawing": drawing,
        "unplaced": _unplaced(rows, places),
        "deciding": hangs_on(graph.question("partners"), frame, asked, lang),
        "export": export_of("partners", asked, lang),
    }


def _heading(graph: Graph, lang: str, given: Given) -> str:
    """What was asked, and for where."""
    kind = "input" if "input" in given else "gap"
    words, what = page_words(lang), named(graph, lang, (kind,), given[kind])
    if "region" not in given:
        return words["partners_for"].format(what=what)
    return words["partners_for_in"].format(what=what, where=named(graph, lang, ("region",), given["region"]))


def _unplaced(rows: Sequence[Mapping[str, Any]], places: Container[str]) -> list[tuple[str, str, list[str]]]:
    """Who is not on the map: region as far as it is known, its IRI, the candidates; the largest group first."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in rows:
        if row["region_iri"] not in places:
            found.setdefault((row["region"] or "", row["region_iri"] or ""), {})[row["candidate"]] = None
    groups = [(label, iri, list(names)) for (label, iri), names in found.items()]
    return sorted(groups, key=lambda group: (not group[1], -len(group[2])))


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
