"""What a query may use, how a query process is started, and how its failures are named."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KgError, LimitError, OverloadError, QueryError, TimeLimitError
from kg.web.frames import QUERY, frame

__all__ = ["Limits", "QueryFailedError", "launch", "request_frame"]


@dataclass(frozen=True)
class Limits:
    """What one query may use.

    Attributes:
        seconds: from its start to the last byte of the answer.
        rows: rows or triples of an answer.
        memory: bytes above what the open store takes.
        queue: queries that may wait for a free process.
    """

    seconds: float = 30.0
    rows: int = 1_000_000
    memory: int = 2 << 30
    queue: int = 64


class QueryFailedError(Exception):
    """A query that gave no answer.

    Args:
        code: `syntax`, `update`, `service`, `unacceptable`, `evaluation`, `rows`, `time`, `memory`,
            `busy` or `closed`.
        message: for the reader, in one line.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def as_error(self) -> KgError:
        """The same as one of the package's errors."""
        if self.code == "time":
            hint = "Bind a parameter, or make the query more selective."
            return TimeLimitError(self.message, hint=hint)
        if self.code in {"busy", "closed"}:
            return OverloadError(self.message, hint="Try again in a moment.")
        if self.code in {"rows", "memory"}:
            return LimitError(self.message)
        return QueryError(self.message, where="query")

    @staticmethod
    def read(payload: bytes) -> QueryFailedError:
        """From an error frame."""
        body = json.loads(payload)
        return QueryFailedError(body["code"], body["message"])

    @staticmethod
    def timed_out(seconds: float) -> QueryFailedError:
        """The time is over."""
        return QueryFailedError("time", f"the query took longer than {seconds:g} s and was stopped")

    @staticmethod
    def died() -> QueryFailedError:
        """The process ended by itself: nearly always for want of memory."""
        return QueryFailedError("memory", "the query needed more memory than it may use, and was stopped")

    @staticmethod
    def busy() -> QueryFailedError:
        """The queue is full."""
        return QueryFailedError("busy", "too many queries are waiting")


def launch(store: Path, limits: Limits) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Starts a query process; it says that it is ready with a frame.

    Returns:
        The process, and this side of the socket to it.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "kg.web.worker", str(theirs.fileno()), str(store), str(limits.memory)],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            # The engine prints when it runs out of memory; that is reported as an answer instead.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Ctrl-C on the terminal is for the server, which then ends its processes itself.
            start_new_session=True,
        )
    return process, ours


def request_frame(
    query: str,
    limits: Limits,
    rows: str | None,
    graph: str | None,
    default: Sequence[str] | None = None,
    named: Sequence[str] | None = None,
    seconds: float | None = None,
) -> bytes:
    """The frame that asks a query.

    Args:
        rows: format of rows, `json`, `xml`, `csv` or `tsv`; None where none is accepted.
        graph: format of triples, `ttl`, `nt`, `rdf` or `jsonld`; None where none is accepted.
        default: graphs of the default graph; None, with `named` None: the union of all.
        named: graphs that GRAPH sees.
        seconds: the time limit, where it is not that of `limits`.
    """
    body: dict[str, object] = {
        "query": query,
        "rows": rows,
        "graph": graph,
        "seconds": seconds or limits.seconds,
        "max_rows": limits.rows,
    }
    if default is not None or named is not None:
        body["default"] = list(default or ())
        body["named"] = list(named or ())
    return frame(QUERY, json.dumps(body).encode())
