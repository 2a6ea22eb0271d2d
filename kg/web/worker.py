"""A process that answers one query after another on a read-only store: `python -m kg.web.worker FD STORE MEMORY`.

Whatever a query does, it does here: the server kills this process when a limit is hit. Should the
server itself be gone, an idle process sees its socket close, and a busy one is ended by its alarm.
"""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import socket
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from kg.terms import ICSC, OWL, RDF, RDFS, SKOS, XSD
from kg.web.frames import DATA, END, ERROR, HEAD, HEADER, READY, frame
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
_FLUSH: Final = 64 * 1024
#: What ends a row in each format; in CSV only outside quotation marks.
_MARKS: Final = {"json": b'}},{"', "xml": b"</result>", "csv": b"\n", "tsv": b"\n", "nt": b"\n"}


class _RefusalError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Output:
    """Collects what the engine writes and sends it on in frames; counts rows as they pass."""

    def __init__(self, sock: socket.socket, head: dict[str, str], max_rows: int) -> None:
        self._sock = sock
        self._pending = bytearray(frame(HEAD, json.dumps(head).encode()))
        self._data = bytearray()
        self._mark = _MARKS.get(head["format"])
        self._quoted = head["format"] == "csv"
        self._inside = False
        self._tail = b""
        self._rows = 0
        self._max_rows = max_rows

    def write(self, chunk: bytes) -> int:
        if self._mark is not None:
            self._count(chunk, self._mark)
        self._data += chunk
        if len(self._data) >= _FLUSH:
            self._move()
            self._sock.sendall(self._pending)
            self._pending.clear()
        return len(chunk)

    def flush(self) -> None:
        """The engine flushes at its end; `end` sends what is left together with the last frame."""

    def end(self) -> None:
        self._move()
        self._sock.sendall(self._pending + frame(END))

    def _move(self) -> None:
        if self._data:
            self._pending += HEADER.pack(DATA, len(self._data))
            self._pending += self._data
            self._data.clear()

    def _count(self, chunk: bytes, mark: bytes) -> None:
        if self._quoted:
            parts = bytes(chunk).split(b'"')
            outside = parts[1::2] if self._inside else parts[::2]
            self._rows += sum(part.count(mark) for part in outside)
            self._inside ^= len(parts) % 2 == 0
        else:
            joined = self._tail + bytes(chunk)
            self._rows += joined.count(mark)
            self._tail = joined[-(len(mark) - 1) :] if len(mark) > 1 else b""
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
    limit = int(request["max_rows"])
    found = _run(store, request["query"], request)
    kind = "graph" if isinstance(found, ox.QueryTriples) else "rows"
    name = request["graph" if kind == "graph" else "rows"]
    if name is None:
        what = "CONSTRUCT and DESCRIBE give a graph" if kind == "graph" else "SELECT and ASK give rows"
        raise _RefusalError("unacceptable", f"{what}: none of the accepted formats can hold it")
    if isinstance(found, ox.QueryBoolean):
        kind = "truth"
    output: Any = _Output(sock, {"kind": kind, "format": name}, limit)
    if not isinstance(found, ox.QueryTriples):
        found.serialize(output, format=ROWS[name])
    elif name == "nt":
        found.serialize(output, format=GRAPHS[name])
    else:
        ox.serialize(_counted(found, limit), output, format=GRAPHS[name], prefixes=PREFIXES)
    output.end()


def _receive(sock: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        part = sock.recv(size - len(data))
        if not part:
            return None
        data += part
    return bytes(data)


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
    sock.sendall(frame(READY))
    while (head := _receive(sock, HEADER.size)) is not None:
        body = _receive(sock, HEADER.unpack(head)[1])
        if body is None:
            return 0
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
