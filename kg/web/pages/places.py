"""Regions on a map: their boundaries where a source has them, points otherwise, any indicator as colour."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from kg.graph import Graph
from kg.terms import ICSC, RDFS
from kg.web.pages.common import Given, answer_of, chains_of, longest_chain, per_release, rows_of, text_of
from kg.web.pages.maps import GREY, points, shaded
from kg.web.pages.surveyed import group_of, notes_of
from kg.web.pages.words import page_words

__all__ = ["INDICATORS", "SHAPES", "boundaries", "finer_than_country", "has_shapes", "places_of", "region_map"]

#: Address of the boundaries.
SHAPES: Final = "/regions.geojson"
#: Columns of the questions that a map can show.
INDICATORS: Final = {
    "coverage_low": "coverage",
    "coverage_high": "coverage",
    "surveyed_share": "coverage",
    "met": "coverage",
    "single_source": "coverage",
    "insufficient": "coverage",
    "absent": "coverage",
    "unknown": "coverage",
    "location_quotient": "specialisation",
    "enterprises": "specialisation",
}
_OF_KNOWING: Final = ("surveyed_share", "unknown")


def region_map(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Provinces coloured by an indicator of a chain."""
    chains = chains_of(graph, lang)
    named = given.get("chain") or longest_chain(graph)
    indicator = given.get("indicator", "coverage_low")
    if indicator not in INDICATORS:
        indicator = "coverage_low"
    frame = answer_of(graph, INDICATORS[indicator], lang, chain=named)
    named = str(frame["chain_iri"].iloc[0]) if len(frame) else named
    places = places_of(graph, _provinces(graph))
    rows = [{**row, **places[row["region_iri"]]} for row in rows_of(frame) if row["region_iri"] in places]
    rows.sort(key=lambda row: (-(row[indicator] or 0), row["region"]))
    words = page_words(lang)
    label = f"{words['region_map']}: {words['i_' + indicator]}"
    shown = [{**row, indicator: round(float(row[indicator]), 4)} for row in rows if row[indicator] is not None]
    of_needs = INDICATORS[indicator] == "coverage"
    surveys = group_of(graph, lang, {"chain": named}, {row["region_iri"] for row in rows}) if of_needs and rows else []
    behind = notes_of(graph, lang, named) if surveys else {}
    for row in shown:
        row["behind"] = behind.get(row["region_iri"])
    # What is itself a measure of how much is known keeps its colour.
    sure = "" if indicator in _OF_KNOWING or not of_needs else "surveyed_share"
    note = words["surveyed_note"]
    if has_shapes(graph):
        drawing = shaded(shown, indicator, label, f"{SHAPES}?lang={lang}", sure, note)
    else:
        drawing = points(shown, "region", indicator, label, sure=sure, note=note)
    of_chain = next((item["label"] for item in chains if item["iri"] == named), "")
    return {
        "heading": words["map_of"].format(indicator=words[f"i_{indicator}"], chain=of_chain) if of_chain else "",
        "chains": chains,
        "chain": named,
        "indicator": indicator,
        "indicators": tuple(INDICATORS),
        "rows": rows,
        "columns": ["region", *[name for name, question in INDICATORS.items() if question == INDICATORS[indicator]]],
        "drawing": drawing if shown else None,
        "shapes": has_shapes(graph),
        "greyed": bool(sure),
        "surveys": surveys,
        "grey": GREY,
    }


@per_release
def has_shapes(graph: Graph) -> bool:
    """Whether the release knows boundaries of provinces."""
    return bool(graph.store.query(f"ASK {{ ?region a <{ICSC}Province> ; <{ICSC}boundary> ?shape }}").truth)


@per_release
def boundaries(graph: Graph, lang: str) -> str:
    """The boundaries of the provinces as GeoJSON, with `iri` and `name` of each."""
    found = graph.store.query(
        f"SELECT ?region (SAMPLE(?shape) AS ?one) (MIN(?label) AS ?name) WHERE {{ "
        f"?region a <{ICSC}Province> ; <{ICSC}boundary> ?shape . "
        f'OPTIONAL {{ ?region <{RDFS}label> ?label FILTER(LANGMATCHES(LANG(?label), "{lang}"))'
        f" }} }} GROUP BY ?region ORDER BY ?region"
    )
    features = []
    for region, shape, name in found.rows:
        iri = text_of(region)
        properties = {"iri": iri, "name": text_of(name) or iri.rsplit("/", 1)[-1]}
        features.append({"type": "Feature", "properties": properties, "geometry": _coarse(json.loads(text_of(shape)))})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def _coarse(geometry: dict[str, Any]) -> dict[str, Any]:
    """Coordinates to a hundredth of a degree, about one kilometre, each step once: enough for a map of a country."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    kept = []
    for rings in polygons:
        thinned = [_steps(ring) for ring in rings]
        # An island of less than a few steps would be a dot.
        if len(thinned[0]) >= 4:
            kept.append([ring for ring in thinned if len(ring) >= 4])
    return {"type": "MultiPolygon", "coordinates": kept or polygons}


def _steps(ring: Iterable[list[float]]) -> list[list[float]]:
    steps: list[list[float]] = []
    for longitude, latitude, *_ in ring:
        at = [round(longitude, 2), round(latitude, 2)]
        if not steps or steps[-1] != at:
            steps.append(at)
    return steps


@per_release
def _provinces(graph: Graph) -> frozenset[str]:
    return frozenset(
        text_of(row[0]) for row in graph.store.query(f"SELECT DISTINCT ?r {{ ?r a <{ICSC}Province> }}").rows
    )


def finer_than_country(graph: Graph, iris: Iterable[str]) -> set[str]:
    """Those regions that are provinces or lie within one: a point on a map says where they are."""
    values = " ".join(f"<{iri}>" for iri in sorted(iris))
    kinds = " ".join(f"<{ICSC}{kind}>" for kind in ("Province", "Prefecture", "County"))
    query = f"SELECT DISTINCT ?r WHERE {{ VALUES ?r {{ {values} }} ?r a ?kind VALUES ?kind {{ {kinds} }} }}"
    return {text_of(row[0]) for row in graph.store.query(query).rows} if values else set()


def places_of(graph: Graph, iris: Iterable[str]) -> dict[str, dict[str, float]]:
    """Longitude and latitude of those regions of which they are known, in degrees."""
    values = " ".join(f"<{iri}>" for iri in sorted(iris))
    if not values:
        return {}
    found = graph.store.query(
        f"SELECT ?r (SAMPLE(?long) AS ?x) (SAMPLE(?lat) AS ?y) WHERE {{ VALUES ?r {{ {values} }} "
        f"?r <{ICSC}longitude> ?long ; <{ICSC}latitude> ?lat }} GROUP BY ?r"
    )
    return {
        text_of(region): {"longitude": float(text_of(x)), "latitude": float(text_of(y))} for region, x, y in found.rows
    }
