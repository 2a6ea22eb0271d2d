"""The text of a column, as one piece of memory."""

from __future__ import annotations

import pyarrow as pa

__all__ = ["column_bytes"]


def column_bytes(column: pa.Array) -> memoryview[int]:
    """The texts of all rows of a string column, one after the other, without a copy."""
    _, offsets, data = column.buffers()
    if data is None:
        return memoryview(b"")
    raw = memoryview(offsets).cast("B")
    starts = raw.cast("q") if pa.types.is_large_string(column.type) else raw.cast("i")
    return memoryview(data).cast("B")[starts[column.offset] : starts[column.offset + len(column)]]
