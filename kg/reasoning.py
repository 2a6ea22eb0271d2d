"""Runs the rules of the ontology over all loaded facts, set at a time, until nothing new follows.

Every class and property is one table of 64-bit keys in the column engine. A round joins what the
last round added with everything known (semi-naive evaluation) and keeps what is new.

Some properties of a large network follow for almost every pair of its members: who is upstream of whom, over any number
of deliveries. Such a property is left as it is stated, instead of filling the disk; a query reaches along a path.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa

from kg.axioms import TYPE, Atom, Check, Program, Rule
from kg.contradiction import Closed, Fact, contradiction
from kg.errors import OntologyError
from kg.inferred import Inferred
from kg.loading.template import quote

__all__ = ["Closure", "Fact", "close"]

#: No chain of rules over real data needs as many; a program that does is wrong.
MAX_ROUNDS = 1000
#: A property may follow for as many pairs, or for as many as there are facts.
LIMIT = 10_000_000
#: Ways to come to a pair that are tried for each pair that is allowed.
_WAYS = 20


@dataclass(frozen=True)
class Closure:
    """What the rules gave.

    Attributes:
        asserted: facts that the rules read.
        inferred: what follows from them and was not stated.
        rounds: until nothing new followed.
        left_out: properties that would follow for too many pairs; what is stated of them, or of a part of them, stays.
    """

    asserted: int
    inferred: int
    rounds: int
    left_out: tuple[str, ...] = ()

    def described(self) -> dict[str, object]:
        """As a manifest says it."""
        left_out = {"left_out": list(self.left_out)} if self.left_out else {}
        return {"asserted": self.asserted, "triples": self.inferred, "rounds": self.rounds, **left_out}


class _TooManyError(Exception):
    """A property follows for more pairs than are allowed."""

    def __init__(self, predicate: str) -> None:
        super().__init__(predicate)
        self.predicate = predicate


def close(
    program: Program,
    facts: Sequence[Fact],
    statements: Iterable[tuple[str, str, str]],
    out: Path,
    threads: int = 2,
    memory: str = "1800MB",
    limit: int = LIMIT,
) -> Closure:
    """Writes everything that follows from the facts and was not stated.

    Args:
        program: rules and checks of the ontology.
        facts: what the sources state.
        statements: what the ontology itself states of individuals, as terms in N-Quads form.
        out: N-Quads file to write; sorted, so that equal input gives equal bytes.
        limit: for how many pairs a property may follow, where there are fewer facts than that.

    Raises:
        ContradictionError: a check of the ontology fails.
        OntologyError: the rules do not come to an end.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": memory,
        "temp_directory": str(out.parent / "spill"),
    }
    stated = list(statements)
    left_out: tuple[str, ...] = ()
    while True:
        with duckdb.connect(config=config) as con:
            con.execute("SET enable_progress_bar = false")
            try:
                found = _Engine(con, _without(program, left_out), facts, stated, limit).run(out)
                return replace(found, left_out=left_out)
            except _TooManyError as error:
                # From the start, so that nothing stays that a part of its pairs gave.
                left_out = (*left_out, error.predicate)


def _without(program: Program, left_out: Sequence[str]) -> Program:
    """The rules without those that join their way to a property that is left out."""
    rules = [rule for rule in program.rules if rule.head.predicate not in left_out or len(rule.body) < 2]
    return Program(rules, program.checks)


class _Engine:
    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        program: Program,
        facts: Sequence[Fact],
        statements: list[tuple[str, str, str]],
        limit: int,
    ) -> None:
        self.con = con
        self.program = program
        self.facts = facts
        self.limit = limit
        self.arity = dict(sorted(program.predicates()))
        self.table = {predicate: f"t{index}" for index, predicate in enumerate(self.arity)}
        self.size: dict[str, int] = {}
        self.made: set[str] = set()
        self.derived: set[str] = set()
        self.con.execute("CREATE TABLE _stated (s VARCHAR, p VARCHAR, o VARCHAR)")
        if statements:
            rows = pa.table(dict(zip("spo", map(list, zip(*statements, strict=True)), strict=True)))
            self.con.register("_rows", rows)
            self.con.execute("INSERT INTO _stated SELECT s, p, o FROM _rows")
            self.con.unregister("_rows")

    def run(self, out: Path) -> Closure:
        asserted = self._stage()
        self.limit = max(self.limit, asserted)
        rounds = self._fixpoint()
        for check in self.program.checks:
            self._check(check)
        inferred = Inferred(self.con, self.program, self.facts, self.table, self.arity).write(sorted(self.derived), out)
        return Closure(asserted, inferred, rounds)

    # -- staging

    def _stage(self) -> int:
        by_predicate: dict[str, list[str]] = {}
        for fact in self.facts:
            by_predicate.setdefault(fact.predicate, []).append(fact.select)
        total = 0
        types = self._union(by_predicate.get(TYPE, []), TYPE)
        self.con.execute(f"CREATE TABLE _types AS SELECT DISTINCT hash(s) AS s, hash(o) AS c FROM ({types})")
        stated = self._stated_predicates() | by_predicate.keys()
        for predicate, arity in self.arity.items():
            self.size[predicate] = 0
            # Most of an ontology's terms have no fact in a given graph: they get no table.
            if predicate not in stated:
                continue
            if arity == 1:
                select = f"SELECT s AS a FROM _types WHERE c = hash({quote(f'<{predicate}>')})"
            else:
                union = self._union(by_predicate.get(predicate, []), predicate)
                select = f"SELECT DISTINCT hash(s) AS a, hash(o) AS b FROM ({union})"
            self.size[predicate] = self._create(self.table[predicate], select)
            self.made.add(predicate)
            total += self.size[predicate]
        self.con.execute("DROP TABLE _types")
        return total

    def _stated_predicates(self) -> set[str]:
        """Classes that have a member, and properties that the ontology itself uses."""
        names = pa.table({"p": [f"<{predicate}>" for predicate in self.arity]})
        self.con.register("_names", names)
        rows = self.con.execute(
            "SELECT p FROM _names WHERE hash(p) IN (SELECT c FROM _types) OR p IN (SELECT p FROM _stated)"
        ).fetchall()
        self.con.unregister("_names")
        return {row[0][1:-1] for row in rows}

    def _union(self, selects: list[str], predicate: str) -> str:
        return " UNION ALL ".join([*selects, f"SELECT s, o FROM _stated WHERE p = {quote(f'<{predicate}>')}"])

    def _create(self, table: str, select: str) -> int:
        """Makes a table; gives its number of rows."""
        return int(self.con.execute(f"CREATE TABLE {table} AS {select}").fetchall()[0][0])

    def _count(self, table: str) -> int:
        return int(self.con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    # -- evaluation

    def _fixpoint(self) -> int:
        delta = {predicate for predicate, size in self.size.items() if size}
        heads: dict[str, list[int]] = {}
        for index, rule in enumerate(self.program.rules):
            heads.setdefault(rule.head.predicate, []).append(index)
        for round_ in range(MAX_ROUNDS):
            fresh: dict[str, int] = {}
            for predicate, indexes in heads.items():
                selects: list[str] = []
                for index in indexes:
                    rule = self.program.rules[index]
                    if not all(self.size[atom.predicate] for atom in rule.body):
                        continue
                    # In the first round everything is new: one variant of a rule covers it.
                    variants = (
                        [None] if round_ == 0 else [i for i, atom in enumerate(rule.body) if atom.predicate in delta]
                    )
                    for variant in variants:
                        self._foresee(rule, variant)
                        selects.append(self._select(rule.head, rule.body, variant))
                if selects:
                    fresh[predicate] = self._derive(predicate, selects)
                    if self.arity[predicate] == 2 and self.size[predicate] + fresh[predicate] > self.limit:
                        raise _TooManyError(predicate)
            delta = {predicate for predicate, added in fresh.items() if added}
            if not delta:
                return round_ + 1
            for predicate in fresh:
                self._add(predicate, fresh[predicate])
        raise OntologyError(f"the rules did not come to an end in {MAX_ROUNDS} rounds", where="ontology/")

    def _foresee(self, rule: Rule, variant: int | None) -> None:
        """Counts the ways in which a rule of two steps would come to its pairs, before they are gone.

        Raises:
            _TooManyError: they are too many.
        """
        if len(rule.head.terms) < 2 or len(rule.body) != 2:
            return
        first, second = rule.body
        shared = set(first.terms) & set(second.terms)
        most = _WAYS * self.limit
        if len(shared) != 1 or self.size[first.predicate] * self.size[second.predicate] <= most:
            return
        (term,) = shared
        counted = []
        for index, atom in enumerate(rule.body):
            table = self.table[atom.predicate] + ("_new" if index == variant else "")
            column = "ab"[atom.terms.index(term)]
            counted.append(f"(SELECT {column} AS k, count(*) AS n FROM {table} GROUP BY ALL)")
        ways = self.con.execute(
            f"SELECT sum(x.n::HUGEINT * y.n) FROM {counted[0]} AS x JOIN {counted[1]} AS y USING (k)"
        ).fetchall()[0][0]
        if ways is not None and ways > most:
            raise _TooManyError(rule.head.predicate)

    def _derive(self, predicate: str, selects: list[str]) -> int:
        """What the rules give and was not known, in a table `_next`."""
        table = self.table[predicate]
        columns = "a" if self.arity[predicate] == 1 else "a, b"
        unknown = f" ANTI JOIN {table} USING ({columns})" if predicate in self.made else ""
        return self._create(
            f"{table}_next", f"SELECT DISTINCT {columns} FROM ({' UNION ALL '.join(selects)}) AS d{unknown}"
        )

    def _add(self, predicate: str, added: int) -> None:
        """Adds a round's facts to what is known, to what is inferred, and makes them the next round's delta."""
        table = self.table[predicate]
        if not added:
            self.con.execute(f"DROP TABLE {table}_next")
            return
        if predicate in self.made:
            self.con.execute(f"INSERT INTO {table} SELECT * FROM {table}_next")
        else:
            self.con.execute(f"CREATE TABLE {table} AS SELECT * FROM {table}_next")
            self.made.add(predicate)
        if predicate in self.derived:
            self.con.execute(f"INSERT INTO {table}_all SELECT * FROM {table}_next")
        else:
            self.con.execute(f"CREATE TABLE {table}_all AS SELECT * FROM {table}_next")
            self.derived.add(predicate)
        self.con.execute(f"DROP TABLE IF EXISTS {table}_new")
        self.con.execute(f"ALTER TABLE {table}_next RENAME TO {table}_new")
        self.size[predicate] += added

    def _select(self, head: Atom, body: Sequence[Atom], delta: int | None) -> str:
        where, bound, tables = self._join(body, delta)
        outputs = []
        for column, term in zip("ab", head.terms, strict=False):
            value = bound[term] if term.startswith("?") else f"hash({quote(term)})"
            outputs.append(f"{value} AS {column}")
        condition = f" WHERE {' AND '.join(where)}" if where else ""
        return f"SELECT {', '.join(outputs)} FROM {', '.join(tables)}{condition}"

    def _join(self, body: Sequence[Atom], delta: int | None) -> tuple[list[str], dict[str, str], list[str]]:
        where: list[str] = []
        bound: dict[str, str] = {}
        tables: list[str] = []
        for index, atom in enumerate(body):
            table = self.table[atom.predicate] + ("_new" if index == delta else "")
            tables.append(f"{table} AS j{index}")
            for column, term in zip("ab", atom.terms, strict=False):
                ref = f"j{index}.{column}"
                if not term.startswith("?"):
                    where.append(f"{ref} = hash({quote(term)})")
                elif term in bound:
                    where.append(f"{ref} = {bound[term]}")
                else:
                    bound[term] = ref
        return where, bound, tables

    # -- checks

    def _check(self, check: Check) -> None:
        if not all(self.size[atom.predicate] for atom in check.body):
            return
        where, bound, tables = self._join(check.body, None)
        where += [f"{bound[a]} <> {bound[b]}" for a, b in check.distinct]
        columns = ", ".join(f"{ref} AS v{index}" for index, ref in enumerate(bound.values()))
        row = next(
            iter(
                self.con.execute(
                    f"SELECT {columns} FROM {', '.join(tables)} WHERE {' AND '.join(where) or 'true'} "
                    "ORDER BY ALL LIMIT 1"
                ).fetchall()
            ),
            None,
        )
        if row is None:
            return
        values = dict(zip(bound, row, strict=True))
        raise contradiction(
            Closed(self.con, self.program, self.facts, {each: self.table[each] for each in self.made}), check, values
        )
