"""Writes what a mapping's rows say: N-Quads for the store, terms in columns for the rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import duckdb
import numpy as np
import pyarrow as pa
from rdflib import Literal, URIRef

from kg.errors import LoaderError
from kg.loading.buffers import column_bytes
from kg.loading.results import Schema, StagedFact
from kg.loading.template import Template, list_column, list_line_sql, quote, term_sql

__all__ = ["Lines", "compile_lines", "stage_facts", "write_quads"]

#: Small enough to stay in the processor's cache between making and writing.
_BATCH_ROWS = 8_192
_BATCHES_AHEAD = 8


@dataclass(frozen=True)
class Lines:
    """A template compiled for one result of its SELECT.

    Attributes:
        columns: SQL of each distinct term -> the column that holds it, so that the engine makes it once a row.
        text: SQL of the N-Quads lines of a row, over these columns; '' where a row says nothing.
        facts: predicate, and SQL of subject and object over these columns, of what the rules read.
    """

    columns: Mapping[str, str]
    text: str
    facts: tuple[tuple[str, str, str], ...]


def compile_lines(template: Template, kinds: Mapping[str, str], schema: Schema, graph: str) -> Lines:
    """Compiles the lines and the staged facts of a template.

    Args:
        kinds: SQL type of each column of the SELECT.
        graph: IRI of the source's graph.

    Raises:
        LoaderError: a list is the object of a property that the rules read, or no object.
    """
    columns: dict[str, str] = {}

    def column(sql: str) -> str:
        return sql if sql.startswith("'") and "||" not in sql else columns.setdefault(sql, f"t{len(columns)}")

    lines: list[str] = []
    facts: list[tuple[str, str, str]] = []
    for pattern in template.patterns:
        predicate = str(pattern.predicate)
        staged = isinstance(pattern.predicate, URIRef) and predicate in schema.staged
        for term in (pattern.subject, pattern.predicate):
            if name := list_column(term, template, kinds):
                raise LoaderError(
                    f"?{term} is made of {name}, a column of lists, which can only be an object",
                    where=str(template.path),
                    hint="Unnest it in a SELECT of its own.",
                )
        if list_column(pattern.object, template, kinds):
            if staged:
                raise LoaderError(
                    f"a list column cannot be the object of <{predicate}>, which rules read",
                    where=str(template.path),
                    hint="Unnest it in a SELECT of its own.",
                )
            lines.append(column(list_line_sql(pattern, template, kinds, schema.ranges, graph)))
            continue
        subject = column(term_sql(pattern.subject, template, kinds))
        middle = column(term_sql(pattern.predicate, template, kinds))
        obj = column(term_sql(pattern.object, template, kinds, schema.ranges.get(predicate)))
        pieces = _merged([subject, "' '", middle, "' '", obj, quote(f" <{graph}> .\n")])
        lines.append(f"coalesce({' || '.join(pieces)}, '')")
        if staged and not isinstance(pattern.object, Literal):
            facts.append((predicate, subject, obj))
    return Lines(columns, f"concat({', '.join(lines)})", tuple(dict.fromkeys(facts)))


def _merged(pieces: list[str]) -> list[str]:
    """Neighbouring constants become one, so that the engine copies less."""
    merged: list[str] = []
    for piece in pieces:
        if merged and merged[-1].startswith("'") and piece.startswith("'"):
            merged[-1] = merged[-1][:-1] + piece[1:]
        else:
            merged.append(piece)
    return merged


def _terms(lines: Lines, rows: str) -> str:
    terms = ", ".join(f"{sql} AS {column}" for sql, column in lines.columns.items())
    return f"SELECT {terms or '1 AS t'} FROM {rows}"


def write_quads(con: duckdb.DuckDBPyConnection, lines: Lines, rows: str, in_order: bool, out: IO[bytes]) -> int:
    """Appends the N-Quads of all rows to a file; gives the number of lines.

    Args:
        rows: SQL after FROM, with the condition that leaves out rejected rows.
        in_order: the rows come in the order of their file; otherwise lines are made distinct and sorted,
            because joins may give their rows in any order and a build must not.
    """
    sql = f"SELECT {lines.text} AS q FROM ({_terms(lines, rows)})"
    if not in_order:
        sql = f"SELECT DISTINCT q FROM ({sql}) ORDER BY q"
    quads = 0
    # Counting and writing let go of the interpreter: the engine makes the next batch meanwhile.
    with ThreadPoolExecutor(max_workers=1) as writer:
        waiting: deque[Future[int]] = deque()
        for batch in con.sql(sql).to_arrow_reader(_BATCH_ROWS):
            waiting.append(writer.submit(_append, batch.column(0), out))
            if len(waiting) > _BATCHES_AHEAD:
                quads += waiting.popleft().result()
        quads += sum(future.result() for future in waiting)
    return quads


def _append(column: pa.Array, out: IO[bytes]) -> int:
    data = column_bytes(column)
    out.write(data)
    return int(np.count_nonzero(np.frombuffer(data, dtype=np.uint8) == ord("\n")))


def stage_facts(
    con: duckdb.DuckDBPyConnection, lines: Lines, rows: str, folder: Path, index: int
) -> tuple[StagedFact, ...]:
    """Writes the terms that the rules read into one Parquet file, each term once a row."""
    used = {column: None for _, subject, obj in lines.facts for column in (subject, obj) if column.startswith("t")}
    if not lines.facts:
        return ()
    file = f"facts-{index}.parquet"
    con.execute(
        f"COPY (SELECT {', '.join(used) or '1 AS t'} FROM ({_terms(lines, rows)})) "
        f"TO {quote(str(folder / file))} (FORMAT parquet, COMPRESSION snappy)"
    )
    return tuple(StagedFact(predicate, file, subject, obj) for predicate, subject, obj in lines.facts)
