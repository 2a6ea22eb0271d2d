"""Maps one source: its files through SELECT and CONSTRUCT to N-Quads, with every row accounted for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import duckdb
import sqlglot

from kg.errors import KgError, LoaderError, SourceFileError, StorageError, storage_error
from kg.loading.accounting import REJECT, accepted, account, check_rows, create_rejects, write_rejects
from kg.loading.files import prepared
from kg.loading.manifest import Loader
from kg.loading.rdf import RdfFiles, map_rdf
from kg.loading.results import MappingResult, Schema, SourceResult
from kg.loading.rows import FILE, ROW, Tracked, track
from kg.loading.template import Template, quote, read_template
from kg.loading.writing import compile_lines, stage_facts, write_quads
from kg.terms import graph_of_source

__all__ = ["map_source"]


def map_source(
    loader: Loader,
    paths: Mapping[str, Path],
    folder: Path,
    schema: Schema,
    threads: int = 2,
    memory: str = "1GB",
) -> SourceResult:
    """Maps a source into a folder: `quads.nq`, `rejects.csv`, `facts-*.parquet`, `result.json`.

    Args:
        paths: where each file of the manifest lies.
        folder: an empty folder.
        threads: threads of the column engine.
        memory: its memory limit.

    Raises:
        LoaderError: a SELECT or template is wrong.
        SourceFileError: a file is missing or malformed.
        StorageError: the folder cannot be written or the disk is full.
    """
    results: list[MappingResult] = []
    try:
        paths = prepared(loader, paths, folder / "spill" / "files")
        with (folder / "quads.nq").open("wb") as out, _connect(paths, loader, folder, threads, memory) as con:
            rdf = RdfFiles(paths, folder)
            for index, stem in enumerate(loader.mappings):
                if (loader.folder / f"{stem}.sql").is_file():
                    results.append(_Mapping(loader, stem, con, folder, schema, index).run(out))
                else:
                    results.append(map_rdf(loader, stem, rdf, con, folder, schema, index, out))
            rdf.close()
            write_rejects(con, folder / "rejects.csv")
        result = SourceResult(loader.id, folder, tuple(results))
        result.save()
    except OSError as error:
        raise storage_error(error, folder) from error
    return result


def _connect(
    paths: Mapping[str, Path], loader: Loader, folder: Path, threads: int, memory: str
) -> duckdb.DuckDBPyConnection:
    bases = sorted({str(path.absolute())[: -len(file) - 1] for file, path in paths.items()})
    con = duckdb.connect(
        config={
            "threads": threads,
            "memory_limit": memory,
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "preserve_insertion_order": True,
        }
    )
    con.execute(f"SET file_search_path = {quote(','.join(bases))}")
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET enable_progress_bar = false")
    create_rejects(con)
    return con


class _Mapping:
    """One SELECT + CONSTRUCT on its way through the column engine."""

    def __init__(
        self, loader: Loader, stem: str, con: duckdb.DuckDBPyConnection, folder: Path, schema: Schema, index: int
    ) -> None:
        self.loader = loader
        self.stem = stem
        self.con = con
        self.folder = folder
        self.schema = schema
        self.index = index
        self.sql_path = loader.folder / f"{stem}.sql"
        self.template: Template = read_template(loader.folder / f"{stem}.rq")

    def run(self, out: IO[bytes]) -> MappingResult:
        tracked = self._read_select()
        self._execute(f"CREATE OR REPLACE TEMP TABLE _raw_ AS {tracked.sql}", tracked)
        kinds = {row[0]: str(row[1]) for row in self.con.execute("DESCRIBE _raw_").fetchall()}
        self._check_columns(kinds)
        checked = check_rows(self.con, self.template, kinds)
        counts, reasons = account(self.con, self.stem, self.template, tracked, checked)
        lines = compile_lines(self.template, kinds, self.schema, graph_of_source(self.loader.id))
        rows = accepted(checked)
        quads = write_quads(self.con, lines, rows, tracked.plain, out)
        facts = stage_facts(self.con, lines, rows, self.folder, self.index)
        self.con.execute("DROP TABLE _raw_")
        return MappingResult(self.stem, counts, quads, facts, reasons)

    def _read_select(self) -> Tracked:
        where = str(self.sql_path)
        try:
            sql = self.sql_path.read_text(encoding="utf-8").strip().rstrip(";")
            statements = self.con.extract_statements(sql)
            tracked = track(sql)
        except (duckdb.Error, sqlglot.errors.SqlglotError) as error:
            raise LoaderError(
                f"the SELECT does not parse: {_first_line(error)}", where=f"{where}{_line(error)}"
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise LoaderError(f"cannot be read as UTF-8: {error}", where=where) from error
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise LoaderError("must hold exactly one SELECT", where=where)
        listed = {file.name for file in self.loader.files}
        for file in tracked.files:
            if file not in listed and not any(mark in file for mark in "*?["):
                raise LoaderError(
                    f"reads {file!r}, which the manifest does not list",
                    where=where,
                    hint=f"Add it to [[files]] in source.toml; listed: {', '.join(sorted(listed)) or 'none'}.",
                )
        return tracked

    def _execute(self, sql: str, tracked: Tracked) -> None:
        try:
            self.con.execute(sql)
        except duckdb.Error as error:
            raise self._translate(error, tracked) from error

    def _translate(self, error: duckdb.Error, tracked: Tracked) -> KgError:
        text = str(error).split("LINE 1:")[0]
        files = ", ".join(f"{self.loader.id}/{file}" for file in tracked.files) or str(self.sql_path)
        missing = re.search(r'[Cc]olumn "([^"]+)" (?:was not found|not found|referenced that exists)', text)
        if missing:
            candidates = self._columns_of(tracked)
            return LoaderError(
                f'column "{missing.group(1)}" is not in {", ".join(tracked.files)}',
                where=str(self.sql_path),
                hint=(f"The file has: {', '.join(candidates)}. " if candidates else "")
                + "Did the publisher rename it? Change the SELECT, or pin the version in source.toml.",
            )
        line = _line(error)
        if isinstance(error, duckdb.OutOfMemoryException):
            return StorageError(f"not enough memory: {_first_line(error)}", where=files)
        if "No space left" in text:
            return storage_error(error, self.folder)
        if "encod" in text.lower() or "unicode" in text.lower() or "utf-8" in text.lower():
            return SourceFileError(
                "is not UTF-8 text",
                where=f"{files}{line}",
                hint="Convert the file to UTF-8, or name its encoding in source.toml.",
            )
        if isinstance(error, duckdb.InvalidInputException | duckdb.ConversionException):
            return SourceFileError(
                f"is malformed: {_first_line(error)}",
                where=f"{files}{line}",
                hint="Is the file complete? Fetch it again, or treat the case in the SELECT.",
            )
        if isinstance(error, duckdb.IOException):
            return SourceFileError(f"cannot be read: {_first_line(error)}", where=files)
        return LoaderError(_first_line(error), where=f"{self.sql_path}{line}")

    def _columns_of(self, tracked: Tracked) -> list[str]:
        """Columns of the primary file, for an error message."""
        tree = sqlglot.parse_one(self.sql_path.read_text(encoding="utf-8"), dialect="duckdb")
        for table in tree.find_all(sqlglot.exp.Table):
            if isinstance(table.this, sqlglot.exp.Func):
                bare = table.copy()
                bare.set("alias", None)
                try:
                    rows = self.con.execute(f"DESCRIBE SELECT * FROM {bare.sql(dialect='duckdb')}").fetchall()
                except duckdb.Error:
                    return []
                return [str(row[0]) for row in rows]
        return []

    def _check_columns(self, kinds: Mapping[str, str]) -> None:
        for column in sorted(self.template.columns() - set(kinds)):
            raise LoaderError(
                f"?{column} is not a column of {self.stem}.sql",
                where=str(self.template.path),
                hint="The SELECT gives: "
                + ", ".join(column for column in kinds if column not in {ROW, FILE, REJECT})
                + ".",
            )


def _first_line(error: Exception) -> str:
    text = re.sub(r"^[A-Za-z ]+ Error: ", "", str(error).strip())
    return text.splitlines()[0].strip() if text else type(error).__name__


def _line(error: Exception) -> str:
    match = re.search(r"(?:on [Ll]ine:?|[Ll]ine:|LINE) ?(\d+)", str(error))
    return f", line {match.group(1)}" if match else ""
