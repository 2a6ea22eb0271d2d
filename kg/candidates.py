"""Things that a text names or may have meant, as a message lists them: by what a person can type, told apart."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote, unquote

import pyoxigraph as ox

from kg.errors import KgError
from kg.store.base import Store
from kg.terms import GRAPH, ICSC, ID, RDFS

__all__ = ["listed", "long_forms", "short", "told_apart"]

#: An IRI without the part that all things of the project share.
_SHORT: Final = re.compile(r"[a-z]+/[^\s<>\"{}|^`\\]+")
#: What needs no quotation marks on a command line.
_PLAIN: Final = re.compile(r"[\w./-]+")
#: Properties that say where a thing belongs.
_WITHIN: Final = ("directlyPartOfRegion", "locatedIn", "inRegion", "linkOf", "inChain")
_SOURCE: Final = f"{GRAPH}source/"


def short(iri: str) -> str:
    """An IRI as it can be typed: without what all have in common, and with Chinese characters as they are."""
    own = iri.removeprefix(ID)
    if own == iri or not _SHORT.fullmatch(own):
        return f"<{iri}>"
    read = unquote(own)
    return read if _PLAIN.fullmatch(read) and quote(read) == own else own


def long_forms(text: str) -> list[str]:
    """IRIs that a text may be short for; none where it is of another form."""
    return list(dict.fromkeys((ID + text, ID + quote(text)))) if _SHORT.fullmatch(text) else []


def listed(found: Sequence[tuple[str, str]]) -> str:
    """Names and IRIs in one line."""
    return "; ".join(f"{label} ({short(iri)})" for label, iri in found)


def told_apart(store: Store, iris: Sequence[str], text: str, most: int) -> tuple[str, list[str]]:
    """Things of one name in one line, with what they are called otherwise, where they belong, who says so; their IRIs.

    Args:
        text: the name.
        most: so many are listed; those that most is stated of come first.
    """
    values = "VALUES ?x { " + " ".join(f"<{iri}>" for iri in iris) + " }"
    within = ", ".join(f"<{ICSC}{name}>" for name in _WITHIN)
    names = _texts(store, f"SELECT DISTINCT ?x ?l WHERE {{ {values} ?x <{RDFS}label> ?l }} ORDER BY ?x ?l")
    places = _texts(
        store,
        # As stated: it follows of all that they are in the world.
        f"SELECT DISTINCT ?x ?l WHERE {{ {values} GRAPH ?g {{ ?x ?p ?in FILTER(?p IN ({within})) }} "
        f"FILTER(STRSTARTS(STR(?g), '{_SOURCE}')) ?in <{RDFS}label> ?l }} ORDER BY ?x ?l",
    )
    providers = _texts(
        store, f"SELECT ?x (COUNT(DISTINCT ?who) AS ?n) WHERE {{ {values} ?x <{ICSC}providedBy> ?who }} GROUP BY ?x"
    )
    stated: dict[str, dict[str, int]] = {iri: {} for iri in iris}
    for iri, graph, count in _rows(
        store,
        f"SELECT ?x ?g (COUNT(*) AS ?n) WHERE {{ {values} {{ GRAPH ?g {{ ?x ?p ?o }} }} UNION "
        f"{{ GRAPH ?g {{ ?s ?q ?x }} }} FILTER(STRSTARTS(STR(?g), '{_SOURCE}')) }} GROUP BY ?x ?g",
    ):
        stated[iri][graph.removeprefix(_SOURCE)] = int(count)
    alike = len({frozenset(sources) for sources in stated.values()}) == 1
    said = []
    kept = sorted(iris, key=lambda iri: (-sum(stated[iri].values()), iri))[:most]
    for iri in kept:
        marks = [name for name in names[iri] if name != text][:1]
        marks += [f"in {place}" for place in places[iri][:1]]
        marks += [f"{n} provider{'s' if n != '1' else ''}" for n in providers[iri]]
        marks += [f"stated by {', '.join(sorted(stated[iri]))}"] if stated[iri] and not alike else []
        said.append(f"{short(iri)} ({'; '.join(marks)})" if marks else short(iri))
    more = [f"and {len(iris) - most} more"] if len(iris) > most else []
    return ", ".join(said + more), kept


def _texts(store: Store, query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for iri, text in _rows(store, query):
        found[iri].append(text)
    return found


def _rows(store: Store, query: str) -> Iterable[tuple[str, ...]]:
    try:
        rows = store.query(query).rows
    except KgError:
        # An endpoint without named graphs, say: what it does not tell is left out.
        return
    for row in rows:
        if all(isinstance(term, ox.NamedNode | ox.Literal) for term in row):
            yield tuple(term.value for term in row)  # type: ignore[union-attr]  # looked at in the line above
