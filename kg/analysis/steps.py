"""From rows of a SELECT to rows of a template: what the build's methods call, over the pure functions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kg.analysis.relatedness import location_quotient
from kg.analysis.rows import Rows, grouped, indexed, number, to_table
from kg.analysis.steps_breakpoints import breakpoints_by_ring
from kg.analysis.steps_coordination import coordination_series, coordination_years
from kg.analysis.steps_linkage import chain_linkages, industry_linkages, linkages, regional_chains, regional_industries
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
    "chain_linkages": chain_linkages,
    "chain_shapes": _chain_shapes,
    "coordination_series": coordination_series,
    "coordination_years": coordination_years,
    "industry_linkages": industry_linkages,
    "link_places": _link_places,
    "linkages": linkages,
    "regional_chains": regional_chains,
    "regional_industries": regional_industries,
    "specialisation": _specialisation,
}
