"""Writes what the rules gave as N-Quads, sorted, without ever sorting texts twice."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kg.axioms import TYPE, Program
from kg.contradiction import Fact
from kg.errors import OntologyError
from kg.loading.buffers import column_bytes
from kg.loading.template import quote
from kg.terms import GRAPH

__all__ = ["INFERRED", "Inferred"]

#: The graph of what follows from the rules.
INFERRED = GRAPH + "inferred"


@dataclass(frozen=True)
class Inferred:
    """Tables of 64-bit keys that hold what was inferred.

    Attributes:
        con: the column engine, with the ontology's own statements in the table `_stated`.
        program: the rules, which bring constants of their own.
        facts: where the texts of the keys are.
        table: predicate -> its table; what was inferred of it is in the table with `_all` behind the name.
        arity: predicate -> 1 for a class, 2 for a property.
    """

    con: duckdb.DuckDBPyConnection
    program: Program
    facts: Sequence[Fact]
    table: Mapping[str, str]
    arity: Mapping[str, int]

    def write(self, derived: Sequence[str], out: Path) -> int:
        """Lines in the order of their text, which the ranks of their terms give without sorting texts.

        Args:
            derived: classes and properties of which something was inferred, sorted.

        Returns:
            How many lines.
        """
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
        counts = self.con.execute("SELECT count(*), count(DISTINCT k) FROM _terms").fetchall()[0]
        if counts[0] != counts[1]:
            raise OntologyError("two terms share a 64-bit key", where="reasoning")
