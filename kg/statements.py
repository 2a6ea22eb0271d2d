"""The statements of sources on which a row of an answer rests, and which of them differ between two releases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import pyoxigraph as ox

from kg.store.base import Store
from kg.terms import GRAPH, ICSC, ID, RDF

__all__ = ["Changed", "Statement", "differing"]

#: Keys, or subjects, asked for in one query.
_BATCH: Final = 400
_PREFIXES: Final = f"PREFIX icsc: <{ICSC}> PREFIX rdf: <{RDF}>"

#: Names of a key and their values.
_Place: TypeAlias = tuple[tuple[str, ...], tuple[str, ...]]
#: Subject, and property and object where only statements with these count.
Rest: TypeAlias = tuple[str, str | None, str | None]


@dataclass(frozen=True, order=True)
class Statement:
    """One statement and the graph that makes it."""

    subject: str
    predicate: str
    object: str
    graph: str

    def text(self) -> str:
        """Short form for people: local names, and the source in brackets."""
        names = [
            re.sub(r".*[/#]", "", part) if part.startswith("http") else part for part in (self.predicate, self.object)
        ]
        subject = self.subject.removeprefix(ID).removeprefix(ICSC)
        return f"{subject} {names[0]} {names[1]} [{self.graph.removeprefix(GRAPH + 'source/')}]"


@dataclass(frozen=True)
class Changed:
    """Statements behind something that only the one release makes, and that only the other makes."""

    gone: frozenset[Statement] = frozenset()
    added: frozenset[Statement] = frozenset()


def differing(
    stores: tuple[Store, Store],
    patterns: Sequence[str],
    keys: Sequence[Mapping[str, object]],
    sources: Iterable[str],
    left: Callable[[], float],
) -> dict[int, Changed]:
    """Statements behind each of some keys that differ between two releases.

    What a key rests on is looked for in both: a statement that is in both does not differ, even if only one of them
    still leads to it.

    Args:
        stores: the two releases.
        patterns: group patterns that bind `?s`, and `?p` and `?o` where only statements with these count; a key's
            names are their variables.
        keys: name -> IRI.
        sources: ids of the sources whose statements may differ.
        left: seconds that are left.

    Returns:
        Position of the key -> what differs; keys of which nothing does are not there.
    """
    graphs = [f"{GRAPH}source/{name}" for name in sources]
    if not graphs or not keys or not patterns:
        return {}
    # Patterns of the same names are asked together: what a query costs at least is more than most patterns do.
    alike: dict[tuple[str, ...], list[str]] = {}
    for pattern in patterns:
        names = tuple(sorted(set(re.findall(r"\?(\w+)", pattern)) & set(keys[0])))
        if names:
            alike.setdefault(names, []).append(pattern)
    behind: dict[_Place, set[Rest]] = {}
    of_key: dict[int, list[_Place]] = {}
    for names, some in alike.items():
        wanted: set[tuple[str, ...]] = set()
        for index, key in enumerate(keys):
            terms = tuple(str(key[name]) for name in names if key[name] is not None)
            if len(terms) == len(names):
                wanted.add(terms)
                of_key.setdefault(index, []).append((names, terms))
        for store in stores:
            for terms, rest in _rests(store, some, names, sorted(wanted), left):
                behind.setdefault((names, terms), set()).add(rest)
    changed = _changed(stores, sorted({rest[0] for rests in behind.values() for rest in rests}), graphs, left)
    kept = {place: _meant(rests, changed) for place, rests in behind.items()}
    found: dict[int, Changed] = {}
    for index, places in of_key.items():
        parts = [kept[place] for place in places if place in kept]
        gone: frozenset[Statement] = frozenset().union(*(part.gone for part in parts))
        added: frozenset[Statement] = frozenset().union(*(part.added for part in parts))
        if gone or added:
            found[index] = Changed(gone, added)
    return found


def _rests(
    store: Store,
    patterns: Sequence[str],
    names: Sequence[str],
    tuples: Sequence[tuple[str, ...]],
    left: Callable[[], float],
) -> Iterator[tuple[tuple[str, ...], Rest]]:
    """What some patterns find: the values of the key's names, and what is behind them."""
    variables = " ".join(f"?{name}" for name in names)
    for start in range(0, len(tuples), _BATCH):
        values = " ".join("(" + " ".join(f"<{t}>" for t in terms) + ")" for terms in tuples[start : start + _BATCH])
        arms = " UNION ".join(f"{{ VALUES ({variables}) {{ {values} }} {pattern} }}" for pattern in patterns)
        text = f"{_PREFIXES} SELECT DISTINCT {variables} ?s ?p ?o WHERE {{ {arms} }}"
        for row in store.query(text, left()).rows:
            cells = [_text(cell) for cell in row]
            subject, predicate, value = cells[len(names) :]
            if isinstance(row[len(names)], ox.NamedNode) and subject is not None:
                yield tuple(str(cell) for cell in cells[: len(names)]), (subject, predicate, value)


def _changed(
    stores: tuple[Store, Store], subjects: Sequence[str], graphs: Sequence[str], left: Callable[[], float]
) -> dict[str, Changed]:
    """Subject -> its statements that only the first release makes, and that only the second one does."""
    found: dict[str, Changed] = {}
    among = ", ".join(f"<{graph}>" for graph in graphs)
    for start in range(0, len(subjects), _BATCH):
        batch = " ".join(f"<{subject}>" for subject in subjects[start : start + _BATCH])
        text = f"SELECT ?s ?p ?o ?g WHERE {{ VALUES ?s {{ {batch} }} GRAPH ?g {{ ?s ?p ?o }} FILTER(?g IN ({among})) }}"
        sides = []
        for store in stores:
            made: dict[str, set[Statement]] = {}
            for row in store.query(text, left()).rows:
                statement = Statement(*(str(_text(cell)) for cell in row))
                made.setdefault(statement.subject, set()).add(statement)
            sides.append(made)
        old, new = sides
        for subject in old.keys() | new.keys():
            one, two = old.get(subject, set()), new.get(subject, set())
            if one != two:
                found[subject] = Changed(frozenset(one - two), frozenset(two - one))
    return found


def _meant(rests: Iterable[Rest], changed: Mapping[str, Changed]) -> Changed:
    """Those of the changed statements that are behind something."""
    gone: set[Statement] = set()
    added: set[Statement] = set()
    for subject, predicate, value in rests:
        of_subject = changed.get(subject, Changed())
        for kept, statements in ((gone, of_subject.gone), (added, of_subject.added)):
            kept.update(s for s in statements if predicate in {None, s.predicate} and value in {None, s.object})
    return Changed(frozenset(gone), frozenset(added))


def _text(cell: object) -> str | None:
    if cell is None:
        return None
    return cell.value if isinstance(cell, ox.NamedNode | ox.Literal) else str(cell)
