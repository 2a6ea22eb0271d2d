"""Runs the rules of the ontology over all loaded facts, set at a time, until nothing new follows.

Every class and property is one table of 64-bit keys in the column engine. A round joins what the
last round added with everything known (semi-naive evaluation) and keeps what is new.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kg.axioms import TYPE, Atom, Check, Program
from kg.contradiction import Closed, Fact, contradiction
from kg.errors import OntologyError
from kg.loading.buffers import column_bytes
from kg.loading.template import quote
from kg.terms import GRAPH

__all__ = ["Closure", "Fact", "close"]

INFERRED = GRAPH + "inferred"
#: No chain of rules over real data needs as many; a program that does is wrong.
MAX_ROUNDS = 1000


@dataclass(frozen=True)
class Closure:
    """What the rules gave."""

    asserted: int
    inferred: int
    rounds: int


def close(
    program: Program,
    facts: Sequence[Fact],
    statements: Iterable[tuple[str, str, str]],
    out: Path,
    threads: int = 2,
    memory: str = "1800MB",
) -> Closure:
    """Writes everything that follows from the facts and was not stated.

    Args:
        program: rules and checks of the ontology.
        facts: what the sources state.
        statements: what the ontology itself states of individuals, as terms in N-Quads form.
        out: N-Quads file to write; sorted, so that equal input gives equal bytes.

    Raises:
        ContradictionError: a check of the ontology fails.
        OntologyError: the rules do not come to an end.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": memory,
        "temp_directory": str(out.parent / "spill"),
    }
    with duckdb.connect(config=config) as con:
        con.execute("SET enable_progress_bar = false")
        return _Engine(con, program, facts, list(statements)).run(out)


class _Engine:
    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        program: Program,
        facts: Sequence[Fact],
        statements: list[tuple[str, str, str]],
    ) -> None:
        self.con = con
        self.program = program
        self.facts = facts
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
        rounds = self._fixpoint()
        for check in self.program.checks:
            self._check(check)
        inferred = self._write(out)
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
                    selects += [self._select(rule.head, rule.body, variant) for variant in variants]
                if selects:
                    fresh[predicate] = self._derive(predicate, selects)
            delta = {predicate for predicate, added in fresh.items() if added}
            if not delta:
                return round_ + 1
            for predicate in fresh:
                self._add(predicate, fresh[predicate])
        raise OntologyError(f"the rules did not come to an end in {MAX_ROUNDS} rounds", where="ontology/")

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

    # -- output

    def _write(self, out: Path) -> int:
        """Lines in the order of their text, which the ranks of their terms give without sorting texts."""
        derived = sorted(self.derived)
        # Lines are made by threads of their own while earlier ones are written.
        with out.open("wb") as file, ThreadPoolExecutor(2) as makers:
            if not derived:
                return 0
            self._decode(derived)
            predicates = sorted({self._property(predicate) for predicate in derived})
            parts = []
            for predicate in derived:
                shared = f"SELECT d1.r AS s, {predicates.index(self._property(predicate))} AS p, "
                rows = f" FROM {self.table[predicate]}_all AS f JOIN _terms AS d1 ON d1.k = f.a"
                if self.arity[predicate] == 1:
                    constant = f"(SELECT r FROM _terms WHERE t = {quote(f'<{predicate}>')})"
                    parts.append(f"{shared}{constant} AS o{rows}")
                else:
                    parts.append(f"{shared}d2.r AS o{rows} JOIN _terms AS d2 ON d2.k = f.b")
            texts = self.con.sql("SELECT t FROM _terms ORDER BY r").to_arrow_table().column(0)
            terms = pa.concat_arrays([chunk.cast(pa.large_string()) for chunk in texts.chunks])
            names = pa.array(predicates, pa.large_string())
            end, space = pa.scalar(f"<{INFERRED}> .\n", pa.large_string()), pa.scalar(" ", pa.large_string())

            def lines(batch: pa.RecordBatch) -> memoryview[int]:
                s, p, o = (batch.column(index) for index in range(3))
                return column_bytes(
                    pc.binary_join_element_wise(terms.take(s), names.take(p), terms.take(o), end, space)
                )

            inferred = 0
            waiting: deque[Future[memoryview[int]]] = deque()
            sql = f"SELECT s, p, o FROM ({' UNION ALL '.join(parts)}) ORDER BY s, p, o"
            for batch in self.con.sql(sql).to_arrow_reader(100_000):
                waiting.append(makers.submit(lines, batch))
                inferred += batch.num_rows
                if len(waiting) > 2:
                    file.write(waiting.popleft().result())
            for made in waiting:
                file.write(made.result())
        return inferred

    def _property(self, predicate: str) -> str:
        return f"<{TYPE if self.arity[predicate] == 1 else predicate}>"

    def _decode(self, derived: Sequence[str]) -> None:
        """Text and rank of every key that is needed; two texts with one key would be a fault, so it is looked for."""
        keys = " UNION ".join(
            f"SELECT {column} AS k FROM {self.table[predicate]}_all"
            for predicate in derived
            for column in ("a", "b")[: self.arity[predicate]]
        )
        constants = {term for rule in self.program.rules for term in rule.head.terms if not term.startswith("?")}
        classes = sorted(f"<{predicate}>" for predicate in derived if self.arity[predicate] == 1)
        texts = ["SELECT s AS t FROM _stated", "SELECT o FROM _stated"]
        texts += [f"SELECT {quote(term)}" for term in sorted(constants)]
        columns = sorted({(str(fact.path), column) for fact in self.facts for column in (fact.s, fact.o)})
        texts += [
            f"SELECT {column}" + ("" if column.startswith("'") else f" FROM read_parquet({quote(path)})")
            for path, column in columns
        ]
        objects = "".join(f" UNION SELECT hash({quote(name)}), {quote(name)}" for name in classes)
        self.con.execute(
            f"CREATE TABLE _terms AS SELECT k, t, row_number() OVER (ORDER BY t) - 1 AS r FROM "
            f"(SELECT DISTINCT hash(t) AS k, t FROM ({' UNION ALL '.join(texts)}) WHERE hash(t) IN ({keys}){objects})"
        )
        if self._count("_terms") != self._count("(SELECT DISTINCT k FROM _terms)"):
            raise OntologyError("two terms share a 64-bit key", where="reasoning")
