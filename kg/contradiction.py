"""Says why loaded statements contradict the ontology: which statements, by which axioms, from which sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from kg.axioms import TYPE, Atom, Check, Program
from kg.errors import ContradictionError
from kg.loading.template import quote

__all__ = ["Closed", "Fact", "contradiction"]

#: Steps of rules that an explanation goes back; longer ones are cut off with the axiom reached.
_DEPTH: Final = 8

_Values = Mapping[str, int]


@dataclass(frozen=True)
class Fact:
    """Statements of one predicate, in columns of a Parquet file.

    Attributes:
        source: id of the source that states them.
        s: SQL of the subject over the file's columns, in N-Quads form; no statement where it is NULL.
        o: the same of the object.
        files: the source's own files that they were read from.
    """

    predicate: str
    path: Path
    source: str
    s: str = "s"
    o: str = "o"
    files: tuple[str, ...] = ()

    @property
    def select(self) -> str:
        """SQL of the statements, columns s and o."""
        return (
            f"SELECT {self.s} AS s, {self.o} AS o FROM read_parquet({quote(str(self.path))}) "
            f"WHERE {self.s} IS NOT NULL AND {self.o} IS NOT NULL"
        )

    @property
    def origin(self) -> str:
        """Source and files, in words."""
        return f"source {self.source}" + (f", file {' or '.join(self.files)}" if self.files else "")


@dataclass(frozen=True)
class Closed:
    """Facts with everything that follows, as the engine holds them.

    Attributes:
        table: predicate that has facts -> table of 64-bit keys, columns a and b.
    """

    con: duckdb.DuckDBPyConnection
    program: Program
    facts: Sequence[Fact]
    table: Mapping[str, str]


def contradiction(world: Closed, check: Check, values: _Values) -> ContradictionError:
    """The error for one match of a check.

    Args:
        values: variable of the check -> key.
    """
    statements = [
        _explain(world, atom, values, frozenset()) or f"{_statement(world, atom, values)} (inferred)"
        for atom in check.body
    ]
    told = " | ".join(dict.fromkeys(statements))
    return ContradictionError(
        f"{check.axiom}, but: {told}",
        where="build",
        hint="Correct or reject one of the statements in its loader.",
    )


def _explain(world: Closed, atom: Atom, values: _Values, seen: frozenset[tuple[object, ...]]) -> str | None:
    """A statement in words, with the source that states it, or with the axiom and the statements it follows from."""
    keys = tuple(values.get(term, term) for term in atom.terms)
    fact = (atom.predicate, *keys)
    if fact in seen or len(seen) >= _DEPTH:
        return None
    text = _statement(world, atom, values)
    origin = _origin(world, atom, values)
    if origin:
        return f"{text} ({origin})"
    for rule in world.program.rules:
        if rule.head.predicate != atom.predicate or len(rule.head.terms) != len(atom.terms):
            continue
        match = _match(world, rule.head, rule.body, keys)
        if match is None:
            continue
        parts = [_explain(world, step, match, seen | {fact}) for step in rule.body]
        if all(parts):
            return f"{text} (inferred by {rule.axiom} from: {' and '.join(part for part in parts if part)})"
    return None


def _match(world: Closed, head: Atom, body: Sequence[Atom], keys: Sequence[object]) -> dict[str, int] | None:
    """One way in which a rule gives a fact: variable -> key."""
    if any(atom.predicate not in world.table for atom in body):
        return None
    bound = {
        term: str(key) if isinstance(key, int) else f"hash({quote(str(key))})"
        for term, key in zip(head.terms, keys, strict=True)
        if term.startswith("?")
    }
    where = [
        f"hash({quote(term)}) = {key if isinstance(key, int) else f'hash({quote(str(key))})'}"
        for term, key in zip(head.terms, keys, strict=True)
        if not term.startswith("?")
    ]
    tables = []
    for index, atom in enumerate(body):
        tables.append(f"{world.table[atom.predicate]} AS j{index}")
        for column, term in zip("ab", atom.terms, strict=False):
            ref = f"j{index}.{column}"
            if not term.startswith("?"):
                where.append(f"{ref} = hash({quote(term)})")
            elif term in bound:
                where.append(f"{ref} = {bound[term]}")
            else:
                bound[term] = ref
    columns = ", ".join(f"{ref}::UBIGINT AS v{index}" for index, ref in enumerate(bound.values()))
    rows = world.con.execute(
        f"SELECT {columns} FROM {', '.join(tables)} WHERE {' AND '.join(where) or 'true'} ORDER BY ALL LIMIT 1"
    ).fetchall()
    return dict(zip(bound, rows[0], strict=True)) if rows else None


def _origin(world: Closed, atom: Atom, values: _Values) -> str | None:
    """Where a statement stands, if it is stated."""
    predicate = TYPE if len(atom.terms) == 1 else atom.predicate
    subject = _sql(atom.terms[0], values)
    obj = f"hash({quote(f'<{atom.predicate}>')})" if len(atom.terms) == 1 else _sql(atom.terms[1], values)
    found = [
        fact.origin
        for fact in world.facts
        if fact.predicate == predicate
        and world.con.execute(
            f"SELECT 1 FROM ({fact.select}) WHERE hash(s) = {subject} AND hash(o) = {obj} LIMIT 1"
        ).fetchall()
    ]
    if found:
        return "; ".join(dict.fromkeys(found))
    stated = world.con.execute(
        f"SELECT 1 FROM _stated WHERE hash(s) = {subject} AND p = {quote(f'<{predicate}>')} AND hash(o) = {obj} LIMIT 1"
    ).fetchall()
    return "the ontology" if stated else None


def _statement(world: Closed, atom: Atom, values: _Values) -> str:
    terms = [_term(world, values[term]) if term.startswith("?") else term for term in atom.terms]
    if len(terms) == 1:
        return f"{terms[0]} a <{atom.predicate}>"
    return f"{terms[0]} <{atom.predicate}> {terms[1]}"


def _sql(term: str, values: _Values) -> str:
    return str(values[term]) if term.startswith("?") else f"hash({quote(term)})"


def _term(world: Closed, key: int) -> str:
    """The text that a key stands for."""
    for select in (*(fact.select for fact in world.facts), "SELECT s, o FROM _stated"):
        rows = world.con.execute(
            f"SELECT CASE WHEN hash(s) = $1 THEN s ELSE o END FROM ({select}) "
            "WHERE hash(s) = $1 OR hash(o) = $1 LIMIT 1",
            [key],
        ).fetchall()
        if rows:
            return str(rows[0][0])
    return "?"
