"""How the server and its query processes talk: frames of one byte of kind, four of length, and a payload."""

from __future__ import annotations

import struct
from typing import Final

__all__ = ["CANCEL", "CANCELLED", "DATA", "END", "ERROR", "HEAD", "HEADER", "QUERY", "READY", "TOOK", "frame"]

#: Kind and length of what follows.
HEADER: Final = struct.Struct(">cI")

#: From a query process: its store is open.
READY: Final = b"R"
#: To it: a query and its limits, as JSON.
QUERY: Final = b"Q"
#: To it: queries from this number on (the first is 0) are off, if they were sent already and have not begun.
#: From it: how many these were. Both as JSON.
CANCEL: Final = b"C"
CANCELLED: Final = b"N"
#: Microseconds of a processor that a query took.
TOOK: Final = struct.Struct(">I")
#: From it: kind and format of the answer, as JSON; then data; then an end with what it took, or an error as JSON.
HEAD: Final = b"H"
DATA: Final = b"D"
END: Final = b"Z"
ERROR: Final = b"E"


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """One frame."""
    return HEADER.pack(kind, len(payload)) + payload
