"""The statements of sources on which a row of an answer rests, and how they differ between two releases."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from kg.store.base import Store
from kg.terms import GRAPH, ICSC, ID

__all__ = ["Statement", "differing", "statements_of"]

#: Keys asked for in one query.
_BATCH = 40


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


def statements_of(
    store: Store, patterns: Sequence[str], keys: Sequence[Mapping[str, object]], left: Callable[[], float]
) -> dict[int, frozenset[Statement]]:
    """Statements behind each of some keys.

    Args:
        patterns: group patterns that bind `?s`; a key's names are their variables.
        keys: name -> IRI.
        left: seconds that are left.

    Returns:
        Position of the key -> the statements about every `?s`, as sources make them.
    """
    found: dict[int, set[Statement]] = {}
    for pattern in patterns:
        names = sorted(set(re.findall(r"\?(\w+)", pattern)) & set(keys[0] if keys else ()))
        wanted: dict[tuple[str, ...], list[int]] = {}
        for index, key in enumerate(keys):
            terms = tuple(str(key[name]) for name in names if key[name] is not None)
            if len(terms) == len(names) and names:
                wanted.setdefault(terms, []).append(index)
        tuples = list(wanted)
        for start in range(0, len(tuples), _BATCH):
            values = " ".join("(" + " ".join(f"<{t}>" for t in terms) + ")" for terms in tuples[start : start + _BATCH])
            variables = " ".join(f"?{name}" for name in names)
            text = (
                f"PREFIX icsc: <{ICSC}> SELECT DISTINCT {variables} ?s ?p ?o ?g WHERE {{ "
                f"VALUES ({variables}) {{ {values} }} {pattern} . GRAPH ?g {{ ?s ?p ?o }} "
                f'FILTER(STRSTARTS(STR(?g), "{GRAPH}source/")) }}'
            )
            for row in store.query(text, left()).rows:
                cells = [cell.value if isinstance(cell, ox.NamedNode | ox.Literal) else str(cell) for cell in row]
                statement = Statement(*cells[len(names) :])
                for index in wanted[tuple(cells[: len(names)])]:
                    found.setdefault(index, set()).add(statement)
    return {index: frozenset(statements) for index, statements in found.items()}


def differing(
    before: frozenset[Statement], after: frozenset[Statement]
) -> tuple[frozenset[Statement], frozenset[Statement]]:
    """Statements that only the one has, and that only the other has."""
    return before - after, after - before
