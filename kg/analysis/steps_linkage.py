"""The linkage network of a build: expected flows along each chain, between regions and between regional industries."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from scipy import sparse

from kg.analysis.directions import linkage_network, linkage_power, split_flows
from kg.analysis.rows import Rows, grouped, number, to_table

__all__ = ["chain_linkages", "industry_linkages", "linkages", "regional_chains", "regional_industries"]

#: A node: a region, or a region and an industry ("" where the enterprise has none).
Place = tuple[str, ...]


def linkages(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Edges between regions, one for each pair and direction by stage."""
    out: Rows = []
    for rows in grouped(table, "chain").values():
        keys = {row["region"]: row["region_key"] for row in rows}
        for (source,), (target,), rest in _edges(rows, _region, 0.0):
            out.append(
                {"chain_key": rows[0]["chain_key"], "source_key": keys[source], "target_key": keys[target], **rest}
            )
    return to_table(
        out,
        chain_key="",
        source_key="",
        target_key="",
        kind="",
        direction=pa.list_(pa.string()),
        strength=pa.float64(),
    )


def industry_linkages(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Edges between regional industries, those of at least the strength `least`."""
    out: Rows = []
    for rows in grouped(table, "chain").values():
        keys = {row["region"]: row["region_key"] for row in rows}
        keys |= {row["industry"]: row["industry_key"] for row in rows}
        for source, target, rest in _industry_edges(rows, parameters):
            out.append(
                {
                    "chain_key": rows[0]["chain_key"],
                    "source_region_key": keys[source[0]],
                    "source_industry_key": keys[source[1]],
                    "target_region_key": keys[target[0]],
                    "target_industry_key": keys[target[1]],
                    **rest,
                }
            )
    return to_table(
        out,
        chain_key="",
        source_region_key="",
        source_industry_key="",
        target_region_key="",
        target_industry_key="",
        kind="",
        direction=pa.list_(pa.string()),
        strength=pa.float64(),
    )


def chain_linkages(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """How much of each chain's linkage its edges between regional industries hold together."""
    out: Rows = []
    for chain, rows in grouped(table, "chain").items():
        strengths = [rest["strength"] for _, _, rest in _industry_edges(rows, parameters)]
        if strengths:
            out.append({"chain": chain, "chain_key": rows[0]["chain_key"], "held": number(math.fsum(strengths))})
    return to_table(out, chain="", chain_key="", held=pa.float64())


def regional_chains(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Nodes of the network of regions: each region's part of a chain, with its ability and its powers."""
    out: Rows = []
    for chain, rows in grouped(table, "chain").items():
        places, between = _between(rows, _region)
        ability = linkage_network(between, range(len(places)), np.zeros(len(places))).node_weight
        power = linkage_power(between)
        keys = {row["region"]: row["region_key"] for row in rows}
        for i, (region,) in enumerate(places):
            # Where no other side is known of anything, nothing is known of the flows.
            known = power.total[i] > 0
            out.append(
                {
                    "chain": chain,
                    "region": region,
                    "chain_key": rows[0]["chain_key"],
                    "region_key": keys[region],
                    "ability": number(ability[i]) if known else None,
                    "given": number(power.given[i]) if known else None,
                    "taken": number(power.taken[i]) if known else None,
                    "inside": number(power.inside[i]) if known else None,
                    "forward": number(power.forward[i]),
                    "backward": number(power.backward[i]),
                }
            )
    part = pa.float64()
    return to_table(
        out,
        chain="",
        region="",
        chain_key="",
        region_key="",
        ability=part,
        given=part,
        taken=part,
        inside=part,
        forward=part,
        backward=part,
    )


def regional_industries(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Nodes of the network of regional industries, with all that flows from and to each along the chain."""
    out: Rows = []
    for chain, rows in grouped(table, "chain").items():
        places, between = _between(rows, _industry)
        weight = linkage_network(between, range(len(places)), np.zeros(len(places))).node_weight
        keys = {row["region"]: row["region_key"] for row in rows}
        keys |= {row["industry"]: row["industry_key"] for row in rows}
        out += [
            {
                "chain": chain,
                "region": region,
                "industry": industry,
                "chain_key": rows[0]["chain_key"],
                "region_key": keys[region],
                "industry_key": keys[industry],
                "weight": number(weight[i]),
            }
            for i, (region, industry) in enumerate(places)
            if industry and number(weight[i])
        ]
    return to_table(
        out,
        chain="",
        region="",
        industry="",
        chain_key="",
        region_key="",
        industry_key="",
        weight=pa.float64(),
    )


def _region(row: Mapping[str, Any]) -> Place:
    return (row["region"],)


def _industry(row: Mapping[str, Any]) -> Place:
    return (row["region"], row["industry"])


def _edges(
    rows: Rows, place: Callable[[Mapping[str, Any]], Place], least: float
) -> Iterator[tuple[Place, Place, dict[str, Any]]]:
    """Edges of one chain in order, with kind, direction and strength."""
    nodes, flows = _flows(rows, place)
    names = sorted({at[0] for at, _ in nodes})
    stages = [math.nan if stage == 0 else float(stage) for _, stage in nodes]
    net = linkage_network(flows, [names.index(at[0]) for at, _ in nodes], stages)
    found: dict[tuple[Place, Place, str], tuple[float, bool]] = {}
    for edge, strength in enumerate(net.weight.tolist()):
        kind = (
            "forward"
            if net.forward[edge]
            else "backward"
            if net.backward[edge]
            else "horizontal"
            if net.horizontal[edge]
            else "unplaced"
        )
        key = (nodes[net.source[edge]][0], nodes[net.target[edge]][0], kind)
        total, two_way = found.get(key, (0.0, False))
        found[key] = (total + strength, two_way or bool(net.two_way[edge]))
    for (source, target, kind), (total, two_way) in sorted(found.items()):
        strength = number(total)
        if strength and strength >= least:
            direction = ["directionIntraRegional" if source[0] == target[0] else "directionExtraRegional"]
            direction += [f"direction{kind.capitalize()}"] if kind != "unplaced" else []
            direction += ["directionTwoWay"] if two_way else []
            yield source, target, {"kind": kind, "direction": direction, "strength": strength}


def _industry_edges(rows: Rows, parameters: Mapping[str, Any]) -> Iterator[tuple[Place, Place, dict[str, Any]]]:
    """Edges of one chain whose both ends have an industry, those of at least the strength `least`."""
    edges = _edges(rows, _industry, parameters["least"])
    return ((source, target, rest) for source, target, rest in edges if source[1] and target[1])


def _between(rows: Rows, place: Callable[[Mapping[str, Any]], Place]) -> tuple[list[Place], sparse.csr_array]:
    """Expected flows of one chain between places, whatever the stage."""
    nodes, flows = _flows(rows, place)
    places = sorted({at for at, _ in nodes})
    index = {at: i for i, at in enumerate(places)}
    of_node = [index[at] for at, _ in nodes]
    member = sparse.csr_array((np.ones(len(nodes)), (of_node, range(len(nodes)))), shape=(len(places), len(nodes)))
    return places, member @ flows @ member.T


def _flows(rows: Rows, place: Callable[[Mapping[str, Any]], Place]) -> tuple[list[tuple[Place, int]], sparse.csr_array]:
    """Expected flows of one chain between (place, stage); every input weighs the same, all sum to 1."""
    nodes = sorted({(place(row), int(row["stage"])) for row in rows})
    index = {node: i for i, node in enumerate(nodes)}
    sides: dict[tuple[str, str], tuple[dict[int, float], dict[int, float]]] = {}
    for row in rows:
        both = sides.setdefault((row["link"], row["input"]), ({}, {}))
        side, node = both[0 if row["side"] == "gives" else 1], index[place(row), int(row["stage"])]
        # An enterprise of several industries is a part of one in each.
        side[node] = side.get(node, 0.0) + row["firms"] / row["industries"]
    known = [both for _, both in sorted(sides.items()) if both[0] and both[1]]
    flows = sparse.csr_array((len(nodes), len(nodes)))
    if known:
        parts = [split_flows(list(gives.values()), list(takes.values()), 1 / len(known)) for gives, takes in known]
        source = [node for gives, takes in known for node in gives for _ in takes]
        target = [node for gives, takes in known for _ in gives for node in takes]
        values = np.concatenate([part.ravel() for part in parts])
        flows = sparse.coo_array((values, (source, target)), shape=flows.shape).tocsr()
    return nodes, flows
