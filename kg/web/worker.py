"""A process that answers one query after another on a read-only store: `python -m kg.web.worker FD STORE MEMORY`.

Whatever a query does, it does here: the server kills this process when a limit is hit. Should the
server itself be gone, an idle process sees its socket close, and a busy one is ended by its alarm.
"""

from __future__ import annotations

import contextlib
import gc
import json
import resource
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.terms import ICSC, OWL, RDF, RDFS, SKOS, XSD
from kg.web.frames import CANCEL, CANCELLED, DATA, END, ERROR, HEAD, HEADER, READY, TOOK, frame
from kg.web.screening import calls_out, has_dataset_clause, is_update

__all__ = ["GRAPHS", "PREFIXES", "ROWS", "main"]

#: Formats of rows and of triples, as named in requests.
ROWS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
GRAPHS: Final = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "rdf": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
PREFIXES: Final = {
    "dct": "http://purl.org/dc/terms/",
    "icsc": ICSC,
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}
_FLUSH: Final = 128 * 1024
_HEADS: Final = {
    (kind, format): frame(HEAD, json.dumps({"kind": kind, "format": format}).encode())
    for kind, formats in (("rows", ROWS), ("truth", ROWS), ("graph", GRAPHS))
    for format in formats
}
#: What ends a row in each format; in CSV only outside quotation marks.
_MARKS: Final = {"json": b'}},{"', "xml": b"</result>", "csv": b"\n", "tsv": b"\n", "nt": b"\n"}


class _RefusalError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Output:
    """Collects what the engine writes and sends it on in frames; counts rows as they pass."""

    def __init__(self, sock: socket.socket, kind: str, format: str, max_rows: int, begun: float) -> None:
        self._sock = sock
        self._begun = begun
        self._head: bytes | None = _HEADS[kind, format]
        self._data = bytearray()
        self._mark = _MARKS.get(format)
        self._quoted = format == "csv"
        self._inside = False
        self._tail = b""
        self._rows = 0
        self._max_rows = max_rows

    def write(self, chunk: bytes) -> int:
        self._data += chunk
        if len(self._data) >= _FLUSH:
            self._count()
            self._sock.sendall(self._frames())
        return len(chunk)

    def flush(self) -> None:
        """The engine flushes at its end; `end` sends what is left together with the last frame."""

    def end(self) -> None:
        # A row takes a byte or more: an answer that is sent as a whole and is shorter needs no count.
        if self._head is None or len(self._data) > self._max_rows:
            self._count()
        took = min(int((time.process_time() - self._begun) * 1e6), 0xFFFFFFFF)
        self._sock.sendall(self._frames() + frame(END, TOOK.pack(took)))

    def _frames(self) -> bytes:
        head, self._head = self._head or b"", None
        data, self._data = self._data, bytearray()
        return b"".join((head, HEADER.pack(DATA, len(data)), data)) if data else head

    def _count(self) -> None:
        mark = self._mark
        if mark is None:
            return
        if self._quoted and (self._inside or b'"' in self._data):
            parts = self._data.split(b'"')
            self._rows += sum(part.count(mark) for part in (parts[1::2] if self._inside else parts[::2]))
            self._inside ^= len(parts) % 2 == 0
        elif len(mark) == 1:
            self._rows += self._data.count(mark)
        else:
            joined = self._tail + self._data
            self._rows += joined.count(mark)
            self._tail = bytes(joined[-(len(mark) - 1) :])
        # One more than allowed, for a heading or the mark between rows.
        if self._rows > self._max_rows + 1:
            raise _too_many(self._max_rows)


def _too_many(limit: int) -> _RefusalError:
    return _RefusalError(
        "rows", f"the answer has more than {limit:,} rows; use LIMIT and OFFSET, or download the dumps"
    )


def _counted(triples: Iterable[ox.Triple], limit: int) -> Iterator[ox.Triple]:
    for number, triple in enumerate(triples):
        if number >= limit:
            raise _too_many(limit)
        yield triple


def _run(store: ox.Store, text: str, request: dict[str, Any]) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    if calls_out(text):
        raise _RefusalError("service", "SERVICE is not allowed here: this endpoint calls no other server")
    default, named = request.get("default"), request.get("named")
    try:
        if default is not None or named is not None:
            return store.query(
                text,
                default_graph=[ox.NamedNode(iri) for iri in default or ()],
                named_graphs=[ox.NamedNode(iri) for iri in named or ()],
            )
        # A dataset that the query names goes before the union, which would hide it.
        return store.query(text, use_default_graph_as_union=not has_dataset_clause(text))
    except SyntaxError as error:
        if is_update(text):
            raise _RefusalError("update", "this endpoint is read-only: updates are refused") from error
        raise _RefusalError("syntax", f"the query does not parse: {error.msg}") from error


def _answer(sock: socket.socket, store: ox.Store, request: dict[str, Any]) -> None:
    begun = time.process_time()
    limit = int(request["max_rows"])
    found = _run(store, request["query"], request)
    kind = "graph" if isinstance(found, ox.QueryTriples) else "rows"
    name = request["graph" if kind == "graph" else "rows"]
    if name is None:
        what = "CONSTRUCT and DESCRIBE give a graph" if kind == "graph" else "SELECT and ASK give rows"
        raise _RefusalError("unacceptable", f"{what}: none of the accepted formats can hold it")
    if isinstance(found, ox.QueryBoolean):
        kind = "truth"
    output: Any = _Output(sock, kind, name, limit, begun)
    if not isinstance(found, ox.QueryTriples):
        found.serialize(output, format=ROWS[name])
    elif name == "nt":
        found.serialize(output, format=GRAPHS[name])
    else:
        ox.serialize(_counted(found, limit), output, format=GRAPHS[name], prefixes=PREFIXES)
    output.end()


class _Input:
    """Queries in the order in which they came, without those that were called off in the meantime."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._data = b""
        self._number = 0
        self._queries: deque[bytes] = deque()

    def next(self) -> bytes | None:
        """The payload of the next query; None where the other side is gone."""
        if self._queries:
            # While a query ran, those behind it may have been given to another process.
            with contextlib.suppress(BlockingIOError):
                self._read(socket.MSG_DONTWAIT)
        while not self._queries:
            if not self._read():
                return None
        return self._queries.popleft()

    def _read(self, flags: int = 0) -> bool:
        part = self._sock.recv(1 << 16, flags)
        data = self._data + part if self._data else part
        position, size = 0, len(data)
        while size - position >= HEADER.size:
            kind, length = HEADER.unpack_from(data, position)
            end = position + HEADER.size + length
            if size < end:
                break
            if kind == CANCEL:
                off = min(len(self._queries), self._number - json.loads(data[position + HEADER.size : end]))
                for _ in range(off):
                    self._queries.pop()
                self._sock.sendall(frame(CANCELLED, json.dumps(off).encode()))
            else:
                self._number += 1
                self._queries.append(data[position + HEADER.size : end])
            position = end
        self._data = data[position:]
        return bool(part)


def _limit_memory(extra: int) -> None:
    """Allows this much address space above what the open store takes (Linux; elsewhere no limit is kept)."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        pages = int(statm.read_text(encoding="ascii").split()[0])
        limit = pages * resource.getpagesize() + extra
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def main() -> int:
    """Answers until the socket closes."""
    sock = socket.socket(fileno=int(sys.argv[1]))
    store = ox.Store.read_only(sys.argv[2])
    _limit_memory(int(sys.argv[3]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # What is here now stays: the collector need not look at it again.
    gc.freeze()
    sock.sendall(frame(READY))
    requests = _Input(sock)
    while (body := requests.next()) is not None:
        request = json.loads(body)
        # The server's own clock stops a query first; this one is for a server that is gone.
        signal.setitimer(signal.ITIMER_REAL, float(request["seconds"]) + 1.0)
        try:
            _answer(sock, store, request)
        except _RefusalError as refusal:
            sock.sendall(frame(ERROR, json.dumps({"code": refusal.code, "message": str(refusal)}).encode()))
        except MemoryError:
            return 1
        except (ValueError, RuntimeError, OSError) as error:
            text = f"the query cannot be answered: {error}"
            with contextlib.suppress(OSError):
                sock.sendall(frame(ERROR, json.dumps({"code": "evaluation", "message": text}).encode()))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
