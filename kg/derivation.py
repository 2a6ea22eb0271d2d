"""Runs the analyses of a build: columns of the graph through SELECT, function and CONSTRUCT to derived graphs.

The function that `method.toml` names for a SELECT gets its rows, sorted, and gives the rows that the template is filled
with. Equal statements give equal bytes: whatever the order of rows or the number of threads.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, VOID, XSD

from kg.errors import LoaderError, StorageError
from kg.loading.manifest import sha256_of
from kg.loading.provenance import META
from kg.loading.results import Schema
from kg.loading.template import name as identifier
from kg.loading.template import quote, read_template
from kg.loading.writing import compile_lines, write_quads
from kg.methods import SPACES, Method, Step, check, in_order
from kg.ontology import Ontology
from kg.terms import ICSC, ID

__all__ = ["Derived", "derive"]

_TYPE = str(RDF.type)
_MEMORY = "2GB"
_ALONE = re.compile(re.escape(ID) + r"\{\+\w+\}")


@dataclass(frozen=True)
class Derived:
    """What one method gave.

    Attributes:
        path: N-Quads file.
        quads: its lines.
        inputs: SHA-256 of the statements that it read.
        meta: lines for the graph of metadata.
    """

    method: Method
    path: Path
    quads: int
    inputs: str
    meta: tuple[str, ...]


def derive(
    methods: Sequence[Method],
    steps: Mapping[str, Step],
    ontology: Ontology,
    dumps: Sequence[Path],
    out: Path,
    dates: Mapping[str, str],
    threads: int = 2,
    tell: Callable[[str], None] = lambda name: None,
    confidences: Mapping[str, float] | None = None,
    memory: str = _MEMORY,
) -> list[Derived]:
    """Writes one derived graph a method.

    Args:
        steps: the functions that methods may name.
        dumps: N-Quads files of the sources and of what the rules added.
        out: folder to write `derived-<method>.nq` into.
        dates: graph IRI -> date at which that source was fetched, ISO 8601.
        threads: threads of the column engine.
        tell: told each method's name.
        confidences: graph IRI -> confidence of that source, 0-1; what a SELECT reads as the `confidence` of a graph.
        memory: limit of the column engine, as in `2GB`; what it can write to disk instead does not count.

    Raises:
        LoaderError: a method reads a term that the ontology does not have, names no known function, or its SELECT
            or template is wrong.
        StorageError: there is less memory than a method takes.
    """
    if not methods:
        return []
    results = {method.name for method in methods}
    for method in methods:
        check(method, steps, ontology, results)
    methods = in_order(methods)
    with _engine(out, threads, memory) as con:
        reads = sorted(set().union(*(method.reads for method in methods)))
        # IRIs of the project's own become short keys, others a hash: names of what is derived are made of them.
        con.execute(
            f"CREATE MACRO key_of(iri) AS CASE WHEN starts_with(iri, {quote(ID)}) "
            f"THEN substr(iri, {len(ID) + 1}) ELSE 'other/' || md5(iri) END"
        )
        con.execute("CREATE MACRO all_graphs(lists) AS list_sort(list_distinct(flatten(lists)))")
        con.execute("CREATE SCHEMA type")
        con.execute("CREATE SCHEMA skos")
        _stage(con, [term for term in reads if term[0] not in results], dumps)
        if confidences and ("", "confidence") in reads:
            # No source states it: it stands in what is said of the sources.
            rows = [(graph, str(sure)) for graph, sure in sorted(confidences.items())]
            con.executemany("INSERT INTO main.confidence VALUES (?, ?, [])", rows)
        found = []
        for method in methods:
            tell(method.name)
            found.append(_run(con, method, steps, ontology, out, dates))
            if read := [term for term in reads if term[0] == method.name]:
                con.execute(f"CREATE SCHEMA {identifier(method.name)}")
                _stage(con, read, [found[-1].path])
        return sorted(found, key=lambda item: item.method.name)


@contextmanager
def _engine(out: Path, threads: int, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """Columns in a file, where those that nothing reads just now take no memory."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "threads": threads,
        "memory_limit": memory,
        "temp_directory": str(out / "spill"),
    }
    try:
        # A folder: the engine may leave more than the file where it fails.
        with (
            tempfile.TemporaryDirectory(dir=out, prefix="columns-") as folder,
            duckdb.connect(Path(folder) / "columns.duckdb", config=config) as con,
        ):
            con.execute("SET enable_progress_bar = false")
            yield con
    except duckdb.OutOfMemoryException as error:
        raise _too_little(memory, str(out)) from error


def _too_little(memory: str, where: str) -> StorageError:
    return StorageError(
        f"more than {memory} of memory is needed here", where=where, hint="Build a release from fewer sources."
    )


def _stage(con: duckdb.DuckDBPyConnection, reads: Sequence[tuple[str, str]], dumps: Sequence[Path]) -> None:
    """One table a term, a row a statement, with the graphs that state it."""
    properties = {SPACES.get(schema, ICSC) + term for schema, term in reads if schema != "type"}
    classes = {ICSC + term for schema, term in reads if schema == "type"}
    wanted = ", ".join(quote(f"<{iri}>") for iri in sorted(properties))
    kinds = ", ".join(quote(f"<{iri}>") for iri in sorted(classes))
    files = ", ".join(quote(str(path)) for path in dumps)
    # Terms without brackets; of a literal its lexical form.
    con.execute(
        f"""CREATE TABLE _facts AS
        WITH lines AS (
          SELECT l, split_part(l, ' ', 1) AS s, split_part(l, ' ', 2) AS p, split_part(l, ' ', 3) AS o
          FROM read_csv([{files}], columns = {{'l': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '',
            header = false, auto_detect = false, strict_mode = false, max_line_size = 16777216)
        )
        SELECT
          s[2:-2] AS s,
          p[2:-2] AS p,
          CASE WHEN o[1] = '<' THEN o[2:-2] ELSE regexp_extract(l, '^\\S+ \\S+ "((?:[^"\\\\]|\\\\.)*)"', 1) END AS o,
          regexp_extract(l, '<([^<> ]*)> [.]$', 1) AS g
        FROM lines
        WHERE p IN ({wanted or "''"}) OR (p = '<{_TYPE}>' AND o IN ({kinds or "''"}))"""
    )
    for schema, term in reads:
        table = f"{identifier(schema or 'main')}.{identifier(term)}"
        if schema == "type":
            con.execute(
                f"CREATE TABLE {table} AS SELECT s, list_sort(list(DISTINCT g)) AS graphs FROM _facts "
                f"WHERE p = {quote(_TYPE)} AND o = {quote(ICSC + term)} GROUP BY s"
            )
        else:
            con.execute(
                f"CREATE TABLE {table} AS SELECT s, o, list_sort(list(DISTINCT g)) AS graphs FROM _facts "
                f"WHERE p = {quote(SPACES.get(schema, ICSC) + term)} GROUP BY s, o"
            )
    con.execute("DROP TABLE _facts")


def _run(
    con: duckdb.DuckDBPyConnection,
    method: Method,
    steps: Mapping[str, Step],
    ontology: Ontology,
    out: Path,
    dates: Mapping[str, str],
) -> Derived:
    path = out / f"derived-{method.name}.nq"
    for key, value in method.parameters.items():
        con.execute(f"SET VARIABLE {identifier(key)} = {quote(value) if isinstance(value, str) else value}")
    con.execute(f"SET VARIABLE run = {quote(method.graph + '/run')}")
    quads = 0
    with path.open("wb") as file:
        selected = ""
        for pair in method.pairs:
            # Templates that share a SELECT stand one after the other: it runs once.
            if (select := method.selects.get(pair, pair)) != selected:
                _select(con, method.folder / f"{select}.sql")
                selected = select
            quads += _pair(con, method, pair, steps.get(method.steps.get(pair, "")), ontology, file)
    inputs, graphs = _inputs(con, method)
    return Derived(method, path, quads, inputs, tuple(_metadata(method, inputs, graphs, dates, quads)))


def _select(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    sql = path.read_text(encoding="utf-8").strip().rstrip(";")
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE _selected AS SELECT * FROM ({sql}) ORDER BY ALL")
    except duckdb.OutOfMemoryException as error:
        limit = con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
        raise _too_little(str(limit), str(path)) from error
    except duckdb.IOException:
        # A full disk, no fault of the SELECT.
        raise
    except duckdb.Error as error:
        raise LoaderError(str(error).splitlines()[0], where=str(path)) from error


def _pair(
    con: duckdb.DuckDBPyConnection, method: Method, pair: str, step: Step | None, ontology: Ontology, file: Any
) -> int:
    template = read_template(method.folder / f"{pair}.rq")
    # A column alone is a whole IRI here, of whatever base; in a loader it is the rest of one.
    whole = {name: text.removeprefix(ID) for name, text in template.iris.items() if _ALONE.fullmatch(text)}
    template = replace(template, iris={**template.iris, **whole})
    if step is None:
        con.execute("CREATE OR REPLACE TEMP TABLE _rows AS SELECT * FROM _selected")
    else:
        rows = step(con.sql("SELECT * FROM _selected ORDER BY ALL").to_arrow_table(), method.parameters)
        con.register("_given", rows)
        con.execute("CREATE OR REPLACE TEMP TABLE _rows AS SELECT * FROM _given")
        con.unregister("_given")
    con.execute("ALTER TABLE _rows ADD COLUMN run VARCHAR")
    con.execute("UPDATE _rows SET run = getvariable('run')")
    kinds = {row[0]: str(row[1]) for row in con.execute("DESCRIBE _rows").fetchall()}
    for column in sorted(template.columns() - set(kinds)):
        raise LoaderError(f"?{column} is not a column of {pair}.sql or its step", where=str(template.path))
    # The rules have run: nothing is staged for them.
    lines = compile_lines(template, kinds, Schema(ontology.schema.ranges, frozenset()), method.graph)
    # A list gives several lines a row: each row's lines stay together, rows are sorted.
    return write_quads(con, lines, "_rows", False, file)


def _inputs(con: duckdb.DuckDBPyConnection, method: Method) -> tuple[str, list[str]]:
    """SHA-256 over what was read, in any order: of each table its name, size and the sum of its rows' digests."""
    digest = hashlib.sha256()
    graphs: set[str] = set()
    for schema, term in sorted(method.reads):
        table = f"{identifier(schema or 'main')}.{identifier(term)}"
        line = "concat_ws(' ', s, graphs)" if schema == "type" else "concat_ws(' ', s, o, graphs)"
        count, low, high = con.execute(
            f"SELECT count(*), sum(md5_number_lower({line})), sum(md5_number_upper({line})) FROM {table}"
        ).fetchall()[0]
        digest.update(f"{table} {count} {low} {high}\n".encode())
        graphs |= {row[0] for row in con.execute(f"SELECT DISTINCT unnest(graphs) FROM {table}").fetchall()}
    for path in sorted(method.folder.iterdir()):
        digest.update(f"{path.name} {sha256_of(path)}\n".encode())
    return digest.hexdigest(), sorted(graphs)


def _metadata(
    method: Method, inputs: str, graphs: Sequence[str], dates: Mapping[str, str], quads: int
) -> Sequence[str]:
    """How the graph came about. Its date is that of the latest source: a clock would differ from build to build."""
    graph, run, entity = URIRef(method.graph), URIRef(f"{method.graph}/run"), URIRef(f"urn:sha256:{inputs}")
    triples: list[tuple[URIRef, URIRef, URIRef | Literal]] = [
        (graph, RDF.type, PROV.Entity),
        (graph, RDF.type, VOID.Dataset),
        (graph, DCTERMS.identifier, Literal(method.name)),
        (graph, DCTERMS.description, Literal(method.description, lang="en")),
        (graph, URIRef("http://www.w3.org/ns/dcat#version"), Literal(method.version)),
        (graph, VOID.triples, Literal(quads)),
        (graph, PROV.wasGeneratedBy, run),
        (graph, PROV.wasDerivedFrom, entity),
        (entity, RDF.type, PROV.Entity),
        (entity, RDFS.label, Literal(f"what {method.name} read", lang="en")),
        (run, RDF.type, PROV.Activity),
        (run, RDFS.label, Literal(f"{method.title}, version {method.version}", lang="en")),
        (run, RDFS.label, Literal(f"{method.title_zh}，第 {method.version} 版", lang="zh-Hans")),
        (run, DCTERMS.bibliographicCitation, Literal(method.citation)),
    ]
    for predicate in (DCTERMS.title, RDFS.label):
        triples.append((graph, predicate, Literal(method.title, lang="en")))
        triples.append((graph, predicate, Literal(method.title_zh, lang="zh-Hans")))
    triples += [(run, PROV.value, Literal(f"{key} = {value}")) for key, value in method.parameters.items()]
    for source in graphs:
        triples += [(graph, PROV.wasDerivedFrom, URIRef(source)), (run, PROV.used, URIRef(source))]
    fetched = [dates[source] for source in graphs if source in dates]
    if fetched:
        triples.append((graph, DCTERMS.issued, Literal(max(fetched), datatype=XSD.date)))
    return sorted({f"{s.n3()} {p.n3()} {o.n3()} <{META}> .\n" for s, p, o in triples})
