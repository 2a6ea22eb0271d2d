"""Memory that a step has used and no longer needs, given back before the next one starts."""

from __future__ import annotations

import ctypes
import gc

import pyarrow as pa

__all__ = ["give_back_memory"]


def give_back_memory() -> None:
    """Asks the allocators to return what they keep for later.

    The bulk load of the store needs a gigabyte of its own; without this it comes on top of what the rules have used.
    """
    gc.collect()
    pa.default_memory_pool().release_unused()
    # Only the C library of GNU has it; elsewhere nothing is lost but the room.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
