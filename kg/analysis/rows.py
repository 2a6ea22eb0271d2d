"""Rows of a SELECT as Python values, and back to columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

__all__ = ["Rows", "grouped", "indexed", "number", "to_table"]

Rows = list[dict[str, Any]]
_DIGITS = 6


def grouped(table: pa.Table, column: str) -> dict[str, Rows]:
    """Rows by what stands in a column, in their order."""
    groups: dict[str, Rows] = {}
    for row in table.to_pylist():
        groups.setdefault(row[column], []).append(row)
    return groups


def indexed(rows: Iterable[Mapping[str, Any]], column: str) -> dict[str, int]:
    """Each value of a column with its place in alphabetical order."""
    return {name: i for i, name in enumerate(sorted({row[column] for row in rows}))}


def number(value: float) -> float | None:
    """Rounded, so that the last digits of a sum cannot differ; None where not known."""
    return None if math.isnan(value) else round(float(value), _DIGITS) + 0.0


def to_table(rows: Rows, **columns: Any) -> pa.Table:
    """Columns of these names and types; an empty type is text."""
    schema = pa.schema([(name, pa.string() if kind == "" else kind) for name, kind in columns.items()])
    return pa.Table.from_pylist(rows, schema=schema)
