"""What every store gives: the result of one read-only SPARQL 1.1 query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

import pyoxigraph as ox

__all__ = ["Result", "Row", "Store", "Term", "from_json"]

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row: TypeAlias = tuple[Term | None, ...]


@dataclass(frozen=True)
class Result:
    """The answer to a query: exactly one of rows, truth and triples.

    Attributes:
        columns: names of the variables of a SELECT.
        rows: one tuple a solution; None where a variable is unbound.
        truth: the answer of an ASK.
        triples: N-Triples text of a CONSTRUCT or DESCRIBE.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    truth: bool | None = None
    triples: str | None = None


class Store(Protocol):
    """A place that answers queries. The default graph of every query is the union of all graphs."""

    def query(self, text: str, timeout: float | None = None) -> Result:
        """Answers a query.

        Args:
            text: SPARQL 1.1 query.
            timeout: seconds; None for no limit.

        Raises:
            QueryError: the query does not parse or uses something unknown.
            LimitError: the time is over.
        """
        ...


def from_json(data: bytes) -> Result:
    """Reads SPARQL JSON results."""
    parsed = ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
    if isinstance(parsed, ox.QueryBoolean):
        return Result(truth=bool(parsed))
    return solutions(parsed)


def solutions(parsed: ox.QuerySolutions) -> Result:
    """Turns solutions of the engine into a result."""
    columns = tuple(variable.value for variable in parsed.variables)
    return Result(columns, tuple(tuple(row) for row in parsed))
