"""Coordination of industrial chain and supply chain over the years, from the days on which firms were listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kg.analysis.coupling import Coordination, coordination, trend
from kg.analysis.rows import Rows, number, to_table

__all__ = ["coordination_series", "coordination_years"]

Array = NDArray[np.float64]
_WHAT = ("chain", "chain_key", "region", "region_key")


@dataclass(frozen=True)
class _Course:
    """One chain in one region: a number a year."""

    years: range
    chain_level: Array
    supply_level: Array
    revised: Coordination
    standard: Coordination


def coordination_years(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Levels, coupling and coordination, a row a chain, region and year."""
    out: Rows = []
    for row in table.to_pylist():
        course = _course(row, parameters)
        for i, year in enumerate(course.years):
            out.append(
                {
                    **{name: row[name] for name in _WHAT},
                    "year": str(year),
                    "chain_level": number(course.chain_level[i]),
                    "supply_level": number(course.supply_level[i]),
                    "coupling": number(course.revised.coupling[i]),
                    "development": number(course.revised.development[i]),
                    "coordination": number(course.revised.coordination[i]),
                    "standard": number(course.standard.coordination[i]),
                }
            )
    part = pa.float64()
    return to_table(
        out,
        **dict.fromkeys(_WHAT, ""),
        year="",
        chain_level=part,
        supply_level=part,
        coupling=part,
        development=part,
        coordination=part,
        standard=part,
    )


def coordination_series(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Trend of the last years and what the levels are parts of, a row a chain and region."""
    out: Rows = []
    for row in table.to_pylist():
        course = _course(row, parameters)
        last = parameters["trend_years"]
        enough = len(course.years) >= last
        slope = trend(course.years[-last:], course.revised.coordination[-last:]) if enough else float("nan")
        if course.years:
            same = {name: row[name] for name in (*_WHAT, "links", "inputs", "known_until", "graph")}
            out.append({**same, "trend": number(slope)})
    return to_table(
        out,
        **dict.fromkeys(_WHAT, ""),
        links=pa.int64(),
        inputs=pa.int64(),
        known_until=pa.date32(),
        graph=pa.list_(pa.string()),
        trend=pa.float64(),
    )


def _course(row: Mapping[str, Any], parameters: Mapping[str, Any]) -> _Course:
    years = range(parameters["first_year"], row["known_until"].year + 1)
    chain = _level(years, row["link_years"], row["links"])
    supply = _level(years, row["input_years"], row["inputs"])
    levels = np.column_stack([chain, supply])
    return _Course(years, chain, supply, coordination(levels), coordination(levels, form="standard"))


def _level(years: range, since: list[int], whole: int) -> Array:
    """Part that is there by the end of each year; NaN where there is nothing of which it could be a part."""
    if whole == 0:
        return np.full(len(years), np.nan)
    return np.asarray(np.searchsorted(np.sort(since), np.asarray(years), side="right") / whole, dtype=np.float64)
