"""Maps a source that is RDF already: a CONSTRUCT whose WHERE runs over the source's own files."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

import duckdb
import pyoxigraph as ox

from kg.errors import LoaderError, SourceFileError
from kg.loading.manifest import Loader
from kg.loading.results import FileCount, MappingResult, Schema, StagedFact
from kg.loading.template import quote
from kg.terms import graph_of_source

__all__ = ["RdfFiles", "map_rdf"]

# A control character that N-Triples escapes, so that no line holds it.
_NEVER: Final = "\x1f"


class RdfFiles:
    """The RDF files of a source in a store of their own, read when the first mapping needs them.

    Args:
        paths: file of the manifest -> where it lies.
        folder: a folder for the store.
    """

    def __init__(self, paths: Mapping[str, Path], folder: Path) -> None:
        self._paths = paths
        self._folder = folder
        self._store: ox.Store | None = None
        self.triples: dict[str, int] = {}

    def store(self) -> ox.Store:
        """The loaded store; what no graph names lies in the default graph.

        Raises:
            SourceFileError: a file is not valid RDF; says the line.
        """
        if self._store is None:
            self._store = ox.Store(str(self._folder / "rdf"))
            for name, path in sorted(self._paths.items()):
                kind = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
                if kind is None:
                    continue
                before = len(self._store)
                try:
                    self._store.bulk_load(path=str(path), format=kind, base_iri=path.resolve().as_uri())
                except SyntaxError as error:
                    line = f", line {error.lineno}" if error.lineno else ""
                    raise SourceFileError(
                        f"is not valid {kind.name}: {error.msg}",
                        where=f"{path}{line}",
                        hint="Is the file complete? Fetch it again.",
                    ) from error
                self.triples[name] = len(self._store) - before
        return self._store

    def close(self) -> None:
        """Removes the store."""
        self._store = None
        shutil.rmtree(self._folder / "rdf", ignore_errors=True)


def map_rdf(
    loader: Loader,
    stem: str,
    files: RdfFiles,
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    schema: Schema,
    index: int,
    out: IO[bytes],
) -> MappingResult:
    """Runs one CONSTRUCT over the source's files and appends what it gives as N-Quads, sorted.

    Rows are the triples of the files: all are read and put before the query, which takes what it asks for.

    Raises:
        LoaderError: the CONSTRUCT is wrong, or gives blank nodes, whose names differ from build to build.
        SourceFileError: a file is not valid RDF.
    """
    path = loader.folder / f"{stem}.rq"
    text = path.read_text(encoding="utf-8")
    store = files.store()
    if not files.triples:
        raise LoaderError(
            f"{stem}.rq has no {stem}.sql beside it, and the source has no RDF file",
            where=str(loader.folder),
            hint="A mapping is a SELECT and a CONSTRUCT template of the same name, or a CONSTRUCT over RDF files.",
        )
    try:
        found = store.query(text, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise LoaderError(f"the query does not parse: {error.msg or error}", where=str(path)) from error
    lines = folder / f"rdf-{index}.nt"
    construct = isinstance(found, ox.QueryTriples)
    if isinstance(found, ox.QueryTriples):
        found.serialize(str(lines), format=ox.RdfFormat.N_TRIPLES)
    # An answer must end in its own thread, and an error would carry it into another.
    del found
    if not construct:
        raise LoaderError("must be a CONSTRUCT", where=str(path))
    try:
        quads, facts = _write(lines, loader, con, folder, schema, index, out, path)
    finally:
        lines.unlink()
    counts = tuple(FileCount(name, count, count, 0) for name, count in files.triples.items())
    return MappingResult(stem, counts, quads, facts, {})


def _write(
    lines: Path,
    loader: Loader,
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    schema: Schema,
    index: int,
    out: IO[bytes],
    query: Path,
) -> tuple[int, tuple[StagedFact, ...]]:
    con.execute(
        "CREATE OR REPLACE TEMP TABLE _rdf_ AS SELECT DISTINCT line, "
        "regexp_extract(line, '^(\\S+) (\\S+) (.*) \\.$', ['s', 'p', 'o']) AS t "
        f"FROM read_csv({quote(str(lines))}, columns = {{'line': 'VARCHAR'}}, header = false, auto_detect = false, "
        f"delim = '{_NEVER}', quote = '', escape = '', max_line_size = 100000000)"
    )
    blank = con.execute("SELECT line FROM _rdf_ WHERE t.s LIKE '\\_:%' ESCAPE '\\' OR t.o LIKE '\\_:%' ESCAPE '\\'")
    row = blank.fetchone()
    if row is not None:
        raise LoaderError(
            f"gives a blank node: {re.sub(r'_:[0-9a-f]+', '_:…', row[0])[:120]}",
            where=str(query),
            hint="Name it: BIND(IRI(CONCAT(…)) AS ?node) in the WHERE; its name then stays the same in every build.",
        )
    graph = f" <{graph_of_source(loader.id)}> .\n"
    quads = 0
    for batch in con.sql("SELECT rtrim(line, '.') AS line FROM _rdf_ ORDER BY line").to_arrow_reader(8192):
        texts = batch.column(0).to_pylist()
        out.write("".join(text[:-1] + graph for text in texts).encode("utf-8"))
        quads += len(texts)
    present = [row[0][1:-1] for row in con.execute("SELECT DISTINCT t.p FROM _rdf_ ORDER BY 1").fetchall()]
    staged = [predicate for predicate in present if predicate in schema.staged]
    if not staged:
        return quads, ()
    file = f"facts-{index}.parquet"
    con.execute(
        f"COPY (SELECT t.s AS s, t.p AS p, t.o AS o FROM _rdf_ WHERE t.p IN "
        f"({', '.join(quote(f'<{predicate}>') for predicate in staged)}) ORDER BY line) "
        f"TO {quote(str(folder / file))} (FORMAT parquet, COMPRESSION snappy)"
    )
    con.execute("DROP TABLE _rdf_")
    return quads, tuple(
        StagedFact(predicate, file, f"CASE WHEN p = {quote(f'<{predicate}>')} THEN s END", "o") for predicate in staged
    )
