"""The embedded store: pyoxigraph on a release's folder, or in memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox

from kg.errors import LimitError, QueryError, ReleaseError
from kg.store.base import Result, from_json, solutions
from kg.terms import ICSC

__all__ = ["EmbeddedStore", "MemoryStore", "run_query"]

#: How the engine says that it knows a prefix from nowhere.
_UNDECLARED = "Prefix not found"


class MemoryStore:
    """A store in memory, filled from text; for fixtures and small graphs.

    Args:
        text: RDF text.
        format: its syntax.
    """

    def __init__(self, text: str | bytes = b"", format: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> None:
        self._store = ox.Store()
        if text:
            self._store.load(text, format=format)

    def query(self, text: str, timeout: float | None = None) -> Result:
        """See `Store.query`; in memory no time limit can be kept."""
        return run_query(self._store, text)


class EmbeddedStore:
    """A release's store, opened read-only.

    Args:
        path: the folder `store` of a release.

    Raises:
        ReleaseError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._store = ox.Store.read_only(str(path))
        except OSError as error:
            raise ReleaseError(
                f"the store cannot be opened: {error}", where=str(path), hint="Run `kg build` again."
            ) from error

    def query(self, text: str, timeout: float | None = None) -> Result:
        """See `Store.query`. With a time limit the query runs in a process that can be killed."""
        if timeout is None:
            return run_query(self._store, text)
        check_syntax(text)
        # The engine has no time-out of its own and holds signals back until it is done.
        try:
            done = subprocess.run(
                [sys.executable, "-m", "kg.store.worker", str(self._path)],
                input=text.encode(),
                capture_output=True,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise LimitError(
                f"the query took longer than {timeout:g} s and was stopped",
                hint="Bind a parameter, make it more selective, or raise --timeout.",
            ) from error
        if done.returncode == 2:
            raise QueryError(done.stderr.decode(errors="replace"))
        if done.returncode != 0:
            raise LimitError("the query ended early; was it out of memory?")
        kind, body = done.stdout[:1], done.stdout[1:]
        return Result(triples=body.decode()) if kind == b"G" else from_json(body)


def check_syntax(text: str) -> None:
    """Parses a query without running it.

    Raises:
        QueryError: it does not parse.
    """
    run_query(ox.Store(), text)


def _brief(message: str) -> str:
    """Where a query does not parse, without the long list of all that could stand there."""
    place, _, expected = " ".join(message.split()).partition(": expected ")
    if _UNDECLARED in expected:
        return f"{place}: a prefix is not declared"
    return f"{place}: expected {expected[:100]}{'…' if len(expected) > 100 else ''}" if expected else place


def run_query(store: ox.Store, text: str) -> Result:
    """Runs a query in this process.

    Raises:
        QueryError: it does not parse, or uses something that the engine does not have.
    """
    try:
        found = store.query(text, use_default_graph_as_union=True)
        if isinstance(found, ox.QueryBoolean):
            return Result(truth=bool(found))
        if isinstance(found, ox.QuerySolutions):
            return solutions(found)
        data = found.serialize(format=ox.RdfFormat.N_TRIPLES)
        return Result(triples=data.decode() if data else "")
    except SyntaxError as error:
        raise QueryError(
            f"the query does not parse: {_brief(error.msg)}",
            where="query",
            hint=f"Declare every prefix, such as PREFIX icsc: <{ICSC}>" if _UNDECLARED in error.msg else None,
        ) from error
    # OSError: a SERVICE that is not there.
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"the query cannot be answered: {error}", where="query") from error
