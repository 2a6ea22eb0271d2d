"""The supply network of a release as integer-coded columns.

A release on this machine is read from its dumps, by the column engine; any other store by one query a predicate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kg.errors import ReleaseError
from kg.loading.template import quote
from kg.terms import ICSC, RDF

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["Network", "Pairs", "read_network"]

Ints: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.float64]

_LINKED = (
    "hasProvider",
    "providesItem",
    "offers",
    "inRegion",
    "hasInput",
    "requiresInput",
    "linkOf",
    "operatesAt",
    "hasCapability",
    "locatedIn",
    "partOfRegion",
    "hasSupplier",
    "hasCustomer",
    "suppliesItem",
    "suppliesTo",
    "surveys",
    "surveyedRegion",
    "completeness",
    "surveyScope",
    "mayProvide",
    "providesBroaderThan",
    "kindOf",
)
_VALUED = (
    "share",
    "revenueShare",
    "shareOfCustomerDemand",
)
_KINDS = (
    "Country",
    "EconomicZone",
    "Province",
    "Prefecture",
    "County",
    "SeparateCustomsTerritory",
    "Product",
)
_TYPE = RDF + "type"


@dataclass(frozen=True)
class Pairs:
    """Statements of one property, in ascending order, each once.

    Attributes:
        s: code of each subject, shape (n,).
        o: code of each object.
    """

    s: Ints
    o: Ints

    def where_subject(self, mask: NDArray[np.bool_]) -> Pairs:
        """Those whose subject is in a mask over all terms."""
        kept = mask[self.s]
        return Pairs(self.s[kept], self.o[kept])

    def where_object(self, mask: NDArray[np.bool_]) -> Pairs:
        """Those whose object is in a mask over all terms."""
        kept = mask[self.o]
        return Pairs(self.s[kept], self.o[kept])

    def joined(self, other: Pairs) -> tuple[Ints, Ints]:
        """Row numbers (here, there) for which this object is that subject; `other` is sorted by subject."""
        low = np.searchsorted(other.s, self.o, side="left")
        count = np.searchsorted(other.s, self.o, side="right") - low
        here = np.repeat(np.arange(self.o.size), count)
        start = np.repeat(np.cumsum(count) - count, count)
        return here, np.arange(here.size) - start + np.repeat(low, count)


@dataclass(frozen=True)
class Network:
    """Who provides, needs and supplies what, where; codes are positions in `terms`.

    Attributes:
        terms: IRIs in ascending order, shape (n,); equal releases give equal codes.
        links: local name of a property -> its statements.
        values: local name of a property -> number of each term, NaN where there is none (or, where statements differ,
            the least), shape (n,).
        kinds: local name of a class -> mask over terms.
        stated_in: statements of `surveys` and of the class Product by graph, as (subject, object, graph) codes, where
            the class stands for -1.
    """

    terms: NDArray[np.object_]
    links: Mapping[str, Pairs]
    values: Mapping[str, Array]
    kinds: Mapping[str, NDArray[np.bool_]]
    stated_in: tuple[Ints, Ints, Ints]

    def code(self, iri: str) -> int:
        """Code of a term; -1 where the network does not have it."""
        index = int(np.searchsorted(self.terms, iri))
        return index if index < self.terms.size and self.terms[index] == iri else -1

    def mask(self, codes: Ints | Sequence[int]) -> NDArray[np.bool_]:
        """A mask over all terms that is true at some codes."""
        found = np.zeros(self.terms.size, bool)
        wanted = np.asarray(codes, np.int64)
        found[wanted[wanted >= 0]] = True
        return found


def read_network(graph: Graph) -> Network:
    """Reads the supply network.

    Args:
        graph: a release, or an endpoint.

    Returns:
        The network; a release is read once a process.

    Raises:
        ReleaseError: the release has no dumps.
    """
    if graph.release is not None:
        return _of_release(graph.release.path)
    return _network(_by_query(graph))


@lru_cache(maxsize=2)
def _of_release(path: Path) -> Network:
    dumps = path / "dumps"
    if not any(dumps.glob("*.nq")):
        raise ReleaseError("has no dumps", where=str(dumps), hint="Run `kg build` again.")
    names = {ICSC + name: name for name in (*_LINKED, *_VALUED)}
    wanted = ", ".join(quote(f"<{iri}>") for iri in names)
    kinds = ", ".join(quote(f"<{ICSC}{kind}>") for kind in _KINDS)
    sql = (
        "WITH lines AS (SELECT line, split_part(line, ' ', 1) AS s, split_part(line, ' ', 2) AS p, "
        "split_part(line, ' ', 3) AS first, split_part(line, ' ', -2) AS g "
        f"FROM read_csv({quote(str(dumps / '*.nq'))}, columns = {{'line': 'VARCHAR'}}, delim = chr(1), quote = '', "
        "escape = '', header = false, max_line_size = 100000000) "
        f"WHERE p IN ({wanted}) OR (p = '<{_TYPE}>' AND first IN ({kinds}))) "
        "SELECT DISTINCT s[2:-2] AS s, p[2:-2] AS p, "
        "CASE WHEN first[1] = '<' THEN first[2:-2] ELSE split_part(first, chr(34), 2) END AS o, g[2:-2] AS g FROM lines"
    )
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("SET enable_progress_bar = false")
        return _network(con.sql(sql).to_arrow_table())


def _by_query(graph: Graph) -> pa.Table:
    columns: list[list[str]] = [[], [], [], []]
    for name in (*_LINKED, *_VALUED):
        for s, o, g in graph.store.query(f"SELECT ?s ?o ?g WHERE {{ GRAPH ?g {{ ?s <{ICSC}{name}> ?o }} }}").rows:
            for column, value in zip(columns, (s, ICSC + name, o, g), strict=True):
                column.append(value if isinstance(value, str) else getattr(value, "value", ""))
    for kind in _KINDS:
        for s, g in graph.store.query(f"SELECT ?s ?g WHERE {{ GRAPH ?g {{ ?s a <{ICSC}{kind}> }} }}").rows:
            for column, value in zip(columns, (s, _TYPE, ICSC + kind, g), strict=True):
                column.append(value if isinstance(value, str) else getattr(value, "value", ""))
    return pa.table({name: pa.array(column, pa.string()) for name, column in zip("spog", columns, strict=True)})


def _network(table: pa.Table) -> Network:
    """Codes a table of statements (s, p, o, g)."""
    with duckdb.connect(config={"threads": 2}) as con:
        con.execute("SET enable_progress_bar = false")
        con.register("statements", table)
        values = ", ".join(quote(ICSC + name) for name in _VALUED)
        con.execute(
            "CREATE TABLE terms AS SELECT t, row_number() OVER (ORDER BY t) - 1 AS k FROM (SELECT s AS t FROM "
            f"statements UNION SELECT o FROM statements WHERE p NOT IN ({values}) UNION SELECT g FROM statements)"
        )
        terms = con.execute("SELECT t FROM terms ORDER BY k").fetchnumpy()["t"]
        linked = con.execute(
            "SELECT DISTINCT a.k AS s, p, b.k AS o FROM statements JOIN terms AS a ON a.t = s "
            f"JOIN terms AS b ON b.t = o WHERE p NOT IN ({values}) ORDER BY p, s, o"
        ).fetchnumpy()
        valued = con.execute(
            "SELECT p, a.k AS s, min(TRY_CAST(o AS DOUBLE)) AS v "
            f"FROM statements JOIN terms AS a ON a.t = s WHERE p IN ({values}) GROUP BY ALL ORDER BY ALL"
        ).fetchnumpy()
        stated = con.execute(
            "SELECT DISTINCT a.k AS s, CASE WHEN p = $1 THEN b.k ELSE -1 END AS o, c.k AS g FROM statements "
            "JOIN terms AS a ON a.t = s JOIN terms AS b ON b.t = o JOIN terms AS c ON c.t = g "
            "WHERE p = $1 OR o = $2 ORDER BY ALL",
            [ICSC + "surveys", ICSC + "Product"],
        ).fetchnumpy()
    names, order = np.asarray(terms, object), np.asarray(linked["p"], object)
    links = {}
    for name in _LINKED:
        low, high = (int(np.searchsorted(order, ICSC + name, side=side)) for side in ("left", "right"))
        links[name] = Pairs(*(np.asarray(linked[end][low:high], np.int64) for end in "so"))
    numbers = {}
    for name in _VALUED:
        numbers[name] = np.full(names.size, np.nan)
        own = np.asarray(valued["p"], object) == ICSC + name
        numbers[name][valued["s"][own]] = np.ma.filled(np.ma.asarray(valued["v"][own], np.float64), np.nan)
    typed = order == _TYPE
    kinds = {}
    for kind in _KINDS:
        kinds[kind] = np.zeros(names.size, bool)
        at = int(np.searchsorted(names, ICSC + kind))
        if at < names.size and names[at] == ICSC + kind:
            kinds[kind][linked["s"][typed & (linked["o"] == at)]] = True
    columns = tuple(np.asarray(stated[name], np.int64) for name in "sog")
    return Network(names, links, numbers, kinds, (columns[0], columns[1], columns[2]))
