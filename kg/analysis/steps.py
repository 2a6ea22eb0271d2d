"""From rows of a SELECT to rows of a template: what the build's methods call, over the pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kg.analysis.directions import linkage_network, split_flows
from kg.analysis.relatedness import location_quotient
from kg.analysis.rows import Rows, grouped, indexed, number, to_table
from kg.analysis.steps_breakpoints import breakpoints_by_ring
from kg.analysis.steps_coordination import coordination_series, coordination_years
from kg.analysis.structure import fishbone, shape

__all__ = ["STEPS"]


def _specialisation(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Location quotients, within each universe (a country, or a classification in it)."""
    out: Rows = []
    for rows in grouped(table, "universe").values():
        regions, subjects = indexed(rows, "region"), indexed((r for r in rows if r["subject"]), "subject")
        counts = np.zeros((len(regions), len(subjects)))
        totals = np.zeros(len(regions))
        keys = {}
        for row in rows:
            totals[regions[row["region"]]] = row["region_total"]
            if row["subject"]:
                counts[regions[row["region"]], subjects[row["subject"]]] = row["firms"]
                keys[row["subject"]] = row["subject_key"]
            keys[row["region"]] = row["region_key"]
        quotients = location_quotient(counts, totals)
        out += [
            {
                "region": region,
                "subject": subject,
                "region_key": keys[region],
                "subject_key": keys[subject],
                "firms": int(counts[i, j]),
                "quotient": number(quotients[i, j]),
            }
            for region, i in regions.items()
            for subject, j in subjects.items()
            if counts[i, j]
        ]
    return to_table(out, region="", subject="", region_key="", subject_key="", firms=pa.int64(), quotient=pa.float64())


def _linkages(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Edges of the linkage network, one for each pair of regions and direction by stage."""
    out: Rows = []
    for rows in grouped(table, "chain").values():
        nodes, flows = _flows(rows)
        names = sorted({region for region, _ in nodes})
        stages = [math.nan if stage == 0 else float(stage) for _, stage in nodes]
        net = linkage_network(flows, [names.index(region) for region, _ in nodes], stages)
        found: dict[tuple[str, str, str], tuple[float, bool]] = {}
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
        keys = {row["region"]: row["region_key"] for row in rows}
        for (source, target, kind), (strength, two_way) in sorted(found.items()):
            direction = ["directionIntraRegional" if source == target else "directionExtraRegional"]
            direction += [f"direction{kind.capitalize()}"] if kind != "unplaced" else []
            direction += ["directionTwoWay"] if two_way else []
            if number(strength):
                out.append(
                    {
                        "chain_key": rows[0]["chain_key"],
                        "source_key": keys[source],
                        "target_key": keys[target],
                        "kind": kind,
                        "direction": direction,
                        "strength": number(strength),
                    }
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


def _regional_chains(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Nodes of the linkage network: each region's part of a chain, with its linkage ability."""
    out: Rows = []
    for chain, rows in grouped(table, "chain").items():
        nodes, flows = _flows(rows)
        names = sorted({region for region, _ in nodes})
        member = np.array([[region == name for region, _ in nodes] for name in names], dtype=np.float64)
        between = member @ flows @ member.T
        ability = linkage_network(between, range(len(names)), np.zeros(len(names))).node_weight
        keys = {row["region"]: row["region_key"] for row in rows}
        out += [
            {
                "chain": chain,
                "region": name,
                "chain_key": rows[0]["chain_key"],
                "region_key": keys[name],
                "ability": number(ability[i]),
            }
            for i, name in enumerate(names)
        ]
    return to_table(out, chain="", region="", chain_key="", region_key="", ability=pa.float64())


def _flows(rows: Rows) -> tuple[list[tuple[str, int]], np.ndarray[Any, np.dtype[np.float64]]]:
    """Expected flows of one chain between (region, stage); every input weighs the same, all sum to 1."""
    nodes = sorted({(row["region"], int(row["stage"])) for row in rows})
    index = {node: i for i, node in enumerate(nodes)}
    sides: dict[tuple[str, str], np.ndarray[Any, np.dtype[np.float64]]] = {}
    for row in rows:
        both = sides.setdefault((row["link"], row["input"]), np.zeros((2, len(nodes))))
        both[0 if row["side"] == "gives" else 1, index[(row["region"], int(row["stage"]))]] += row["firms"]
    known = [both for _, both in sorted(sides.items()) if both[0].any() and both[1].any()]
    flows = np.zeros((len(nodes), len(nodes)))
    for both in known:
        flows += split_flows(both[0], both[1], 1 / len(known))
    return nodes, flows


def _chain_shapes(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Length and width of every chain."""
    out: Rows = []
    for chain, rows in grouped(table, "chain").items():
        _, sources, targets, firms = _network(rows)
        links, enterprises = shape(sources, targets, np.ones(len(rows))), shape(sources, targets, firms)
        # A tier has at least the enterprises that are known there; a mean would need all.
        known = shape(sources, targets, np.nan_to_num(firms, nan=0.0))
        out.append(
            {
                "chain": chain,
                "chain_key": rows[0]["chain_key"],
                "links": len(rows),
                "length": links.length,
                "tiers": len(links.widths),
                "link_width_max": int(links.width_max),
                "link_width_mean": number(links.width_mean),
                "firm_width_max": int(known.width_max) if known.width_max else None,
                "firm_width_mean": number(enterprises.width_mean),
            }
        )
    whole, part = pa.int64(), pa.float64()
    return to_table(
        out,
        chain="",
        chain_key="",
        links=whole,
        length=whole,
        tiers=whole,
        link_width_max=whole,
        link_width_mean=part,
        firm_width_max=whole,
        firm_width_mean=part,
    )


def _link_places(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Tier and place in the fishbone of every link of a chain."""
    out: Rows = []
    for chain, rows in grouped(table, "chain").items():
        names, sources, targets, firms = _network(rows)
        tiers = shape(sources, targets, np.ones(len(rows))).tiers
        bone = fishbone(sources, targets, firms)
        for i, row in enumerate(rows):
            joined = bone.ribs.get(i)
            out.append(
                {
                    "chain": chain,
                    "chain_key": row["chain_key"],
                    "link": row["link"],
                    "link_key": row["link_key"],
                    "tier": tiers[i],
                    "on_spine": i in bone.spine,
                    "joins": None if joined is None else names[joined],
                    "firms": row["firms"],
                }
            )
    return to_table(
        out,
        chain="",
        chain_key="",
        link="",
        link_key="",
        tier=pa.int64(),
        on_spine=pa.bool_(),
        joins="",
        firms=pa.int64(),
    )


def _network(rows: Rows) -> tuple[list[str], list[int], list[int], list[float]]:
    names = [row["link"] for row in rows]
    index = {name: i for i, name in enumerate(names)}
    edges = [(index[row["link"]], index[later]) for row in rows for later in row["later"]]
    firms = [math.nan if row["firms"] is None else float(row["firms"]) for row in rows]
    return names, [a for a, _ in edges], [b for _, b in edges], firms


#: What a `method.toml` may name.
STEPS: Final[Mapping[str, Callable[[pa.Table, Mapping[str, Any]], pa.Table]]] = {
    "breakpoints": breakpoints_by_ring,
    "chain_shapes": _chain_shapes,
    "coordination_series": coordination_series,
    "coordination_years": coordination_years,
    "link_places": _link_places,
    "linkages": _linkages,
    "regional_chains": _regional_chains,
    "specialisation": _specialisation,
}
