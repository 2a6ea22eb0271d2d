"""Linkage of regions and of their industries along a chain, and what a region depends on others for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kg.graph import Graph
from kg.web.pages.charts import Option, edges, heat, scatter
from kg.web.pages.common import (
    ROWS,
    Given,
    Part,
    chains_of,
    iri_of,
    main_region,
    part_of,
    regions_of,
)
from kg.web.pages.fields import shown, shown_of
from kg.web.pages.surveyed import group_of
from kg.web.pages.words import page_words

__all__ = ["linkage"]

#: Linkages that a table shows, the strongest first: the drawings have all, and so have the exports.
_STRONGEST: Final = 25
#: Linkages that the network shows.
_DRAWN: Final = 80


def linkage(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Regions against regions, their industries, their powers, and one region's dependence on the others."""
    named = iri_of(graph, "chain", given["chain"]) if "chain" in given else ""
    values: dict[str, Any] = {
        "chains": chains_of(graph, lang),
        "places": regions_of(graph, lang),
        "chain": named,
        "region": given.get("region", ""),
        "heading": "",
        "ends": shown_of(graph, lang, given, dict.fromkeys(("from", "to"), ("region",))),
    }
    if not named:
        return values
    ends = {name: given[name] for name in ("from", "to") if name in given}
    region = iri_of(graph, "region", given.get("region") or main_region(graph))
    asked = {"chain": named, "region": region}
    words = page_words(lang)
    label = next((item["label"] for item in values["chains"] if item["iri"] == named), "")
    regions = part_of(graph, "linkage", lang, {"chain": named, **ends}, _STRONGEST)
    power = part_of(graph, "linkage-power", lang, {"chain": named}, ROWS)
    return {
        **values,
        "heading": words["linkage_of"].format(chain=label) if label else "",
        "region": shown(graph, lang, ("region",), region),
        "region_iri": region,
        "between": regions,
        **_drawings(regions.rows, words),
        "industries": part_of(graph, "linkage-industries", lang, {"chain": named, **ends}, _STRONGEST),
        "power": power,
        "drawing": _powers(power.rows, words),
        "dependence": part_of(graph, "dependence-of-region", lang, asked, ROWS),
        "inputs": (inputs := part_of(graph, "inputs-by-ring", lang, asked, ROWS)),
        "by_ring": _by_ring(inputs),
        "surveys": group_of(graph, lang, asked) if inputs.rows else [],
    }


def _drawings(rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> dict[str, Any]:
    """Network, what it shows, and matrix; None where all linkage stays within one region."""
    between = {(row["from_iri"], row["to_iri"]) for row in rows if row["from_iri"] != row["to_iri"]}
    if not between:
        return {"network": None, "matrix": None}
    matrix = heat(rows, "from", "to", "intensity", words["matrix"])
    label = words["network"].format(drawn=min(len(between), _DRAWN), total=len(between))
    return {"network": _network(rows, label), "network_label": label, "matrix": matrix}


def _powers(rows: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> Option | None:
    """Forward against backward power; a point is as large as what the region gives and takes."""
    known = [row for row in rows if row["forward_power"] is not None and row["backward_power"] is not None]
    if not known:
        return None
    return scatter(known, "region", ("forward_power", "backward_power"), "ability", words["powers"], words)


def _by_ring(inputs: Part) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """Inputs by nearest ring and status in the region, in the order of the question."""
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in inputs.rows:
        found.setdefault((row["nearest_ring"] or "none", row["status"]), []).append(row)
    return [(ring, status, rows) for (ring, status), rows in found.items()]


def _network(rows: Sequence[Mapping[str, Any]], label: str) -> Option:
    """The strongest linkages between different regions; a node is as large as what it gives and takes."""
    flows: dict[tuple[str, str], float] = {}
    names: dict[str, str] = {}
    for row in rows:
        if row["from_iri"] != row["to_iri"]:
            flows[row["from_iri"], row["to_iri"]] = flows.get((row["from_iri"], row["to_iri"]), 0.0) + row["intensity"]
        names |= {row["from_iri"]: row["from"], row["to_iri"]: row["to"]}
    strongest = dict(sorted(flows.items(), key=lambda item: (-item[1], item[0]))[:_DRAWN])
    weight: dict[str, float] = {}
    for (giver, taker), value in strongest.items():
        weight[giver] = weight.get(giver, 0.0) + value
        weight[taker] = weight.get(taker, 0.0) + value
    most_node, most = max(weight.values(), default=1.0) or 1.0, max(strongest.values(), default=1.0) or 1.0
    nodes = {iri: {"name": names[iri], "size": value / most_node, "iri": iri} for iri, value in weight.items()}
    links = [
        {"source": giver, "target": taker, "name": round(value, 4), "weight": value / most}
        for (giver, taker), value in strongest.items()
    ]
    return edges(nodes, links, label)
