"""Maps one source: its files through SELECT and CONSTRUCT to N-Quads, with every row accounted for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import duckdb
import sqlglot
from rdflib import Literal, URIRef, Variable

from kg.errors import KgError, LoaderError, SourceFileError, StorageError
from kg.loading.buffers import column_bytes
from kg.loading.manifest import Loader
from kg.loading.rows import FILE, ROW, Tracked, track
from kg.loading.template import Template, column_text, line_sql, name, quote, read_template, term_sql
from kg.terms import graph_of_source

__all__ = ["FileCount", "MappingResult", "Schema", "SourceResult", "map_source"]

REJECT = "_reject"
_WHY = "_why_"
_BATCH_ROWS = 50_000


@dataclass(frozen=True)
class Schema:
    """What the mapping needs to know of the ontology.

    Attributes:
        ranges: property IRI -> datatype IRI of its range.
        staged: predicates whose statements the rules read.
    """

    ranges: Mapping[str, str]
    staged: frozenset[str]


@dataclass(frozen=True)
class FileCount:
    """Rows of one file, as one mapping read it: read = loaded + rejected."""

    file: str
    read: int
    loaded: int
    rejected: int


@dataclass(frozen=True)
class MappingResult:
    """What one SELECT + CONSTRUCT gave.

    Attributes:
        counts: rows, file by file.
        quads: N-Quads lines written.
        facts: predicate IRI -> Parquet file (columns s, o in N-Quads form), for the rules.
        reasons: rejected rows by reason.
    """

    name: str
    counts: tuple[FileCount, ...]
    quads: int
    facts: tuple[tuple[str, str], ...]
    reasons: Mapping[str, int]


@dataclass(frozen=True)
class SourceResult:
    """What one source gave; its files lie in `folder`."""

    id: str
    folder: Path
    mappings: tuple[MappingResult, ...]

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(count.read for mapping in self.mappings for count in mapping.counts)

    @property
    def loaded(self) -> int:
        """Rows loaded."""
        return sum(count.loaded for mapping in self.mappings for count in mapping.counts)

    @property
    def rejected(self) -> int:
        """Rows rejected."""
        return sum(count.rejected for mapping in self.mappings for count in mapping.counts)

    @property
    def quads(self) -> int:
        """N-Quads lines written."""
        return sum(mapping.quads for mapping in self.mappings)

    def save(self) -> None:
        """Writes `result.json`, the last file of a finished folder."""
        body = {"id": self.id, "mappings": [asdict(mapping) for mapping in self.mappings]}
        (self.folder / "result.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> SourceResult:
        """Reads what `save` wrote."""
        body = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        return SourceResult(
            body["id"],
            folder,
            tuple(
                MappingResult(
                    name=item["name"],
                    counts=tuple(FileCount(**count) for count in item["counts"]),
                    quads=item["quads"],
                    facts=tuple((predicate, file) for predicate, file in item["facts"]),
                    reasons=item["reasons"],
                )
                for item in body["mappings"]
            ),
        )


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
        with (folder / "quads.nq").open("wb") as out, _connect(paths, loader, folder, threads, memory) as con:
            for index, stem in enumerate(loader.mappings):
                results.append(_Mapping(loader, stem, con, folder, schema, index).run(out))
            _write_rejects(con, folder / "rejects.csv")
        result = SourceResult(loader.id, folder, tuple(results))
        result.save()
    except OSError as error:
        raise StorageError(
            f"cannot be written: {error.strerror or error}",
            where=str(error.filename or folder),
            hint="Free space or choose another folder with --releases.",
        ) from error
    return result


def _connect(
    paths: Mapping[str, Path], loader: Loader, folder: Path, threads: int, memory: str
) -> duckdb.DuckDBPyConnection:
    bases = sorted({str(path.resolve())[: -len(file) - 1] for file, path in paths.items()})
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
    con.execute(
        'CREATE TABLE _rejects_ ("mapping" VARCHAR, "file" VARCHAR, "row" BIGINT, "column" VARCHAR, '
        '"value" VARCHAR, "reason" VARCHAR)'
    )
    return con


def _write_rejects(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    con.execute(
        f'COPY (SELECT "file", "row", "column", "value", "reason", "mapping" FROM _rejects_ '
        f'ORDER BY "mapping", "file", "row", "column", "reason") TO {quote(str(path))} (FORMAT csv, HEADER true)'
    )


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
        checked = self._check_rows(kinds)
        counts, reasons = self._account(tracked, checked)
        quads = self._write(out, kinds, tracked, checked)
        facts = self._stage(kinds, checked)
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
            return StorageError("the disk is full", where=str(self.folder))
        if "encod" in text.lower() or "unicode" in text.lower() or "utf-8" in text.lower():
            return SourceFileError(
                "is not UTF-8 text",
                where=f"{files}{line}",
                hint="Convert the file to UTF-8, or name its encoding in the SELECT's read_csv(…, encoding = …).",
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

    def _check_rows(self, kinds: Mapping[str, str]) -> bool:
        """Marks rejected rows in the column `_why_`; False where nothing can be rejected."""
        conditions: list[tuple[str, str, str]] = []
        if REJECT in kinds:
            conditions.append((f"{name(REJECT)} IS NOT NULL", "''", f"CAST({name(REJECT)} AS VARCHAR)"))
        for column in self.template.required:
            ref = name(column)
            conditions.append((f"{ref} IS NULL", quote(column), "'required, but empty'"))
            if kinds[column] == "VARCHAR":
                conditions.append((f"trim({ref}) = ''", quote(column), "'required, but blank'"))
            elif kinds[column] in {"DOUBLE", "FLOAT"}:
                conditions.append((f"NOT isfinite({ref})", quote(column), "'not a finite number'"))
            if column in self.template.regexes:
                regex = self.template.regexes[column]
                conditions.append(
                    (
                        f"NOT regexp_full_match({column_text(column, kinds[column])}, {quote(regex)})",
                        quote(column),
                        quote(f"malformed: should match {regex}"),
                    )
                )
        optional = [column for column in self.template.regexes if column not in self.template.required]
        if not conditions and not optional:
            return False
        columns = ", ".join(
            f"CASE WHEN regexp_full_match({column_text(column, kinds[column])}, "
            f"{quote(self.template.regexes[column])}) THEN {name(column)} END AS {name(column)}"
            if column in optional
            else name(column)
            for column in kinds
        )
        why = (
            "CASE "
            + " ".join(
                f"WHEN {condition} THEN {{'column': {column}, 'reason': {reason}}}"
                for condition, column, reason in conditions
            )
            + " END"
            if conditions
            else "NULL"
        )
        self.con.execute(
            f"CREATE OR REPLACE TEMP VIEW _checked_ AS SELECT {columns}, {why} AS {_WHY}, rowid AS _rowid_ FROM _raw_"
        )
        return bool(conditions) or bool(optional)

    def _account(self, tracked: Tracked, checked: bool) -> tuple[tuple[FileCount, ...], dict[str, int]]:
        table = "_checked_" if checked else "_raw_"
        bad = f"{_WHY} IS NOT NULL" if checked else "false"
        primary = tracked.files[0] if tracked.files else f"{self.stem}.sql"
        if tracked.scans:
            number, file = ROW, FILE
        else:
            number, file = ("_rowid_ + 1" if checked else "rowid + 1"), quote(primary)
        before = self._scalar("SELECT count(*) FROM _rejects_")
        if checked:
            values = (
                "CASE {} END".format(
                    " ".join(
                        f'WHEN {_WHY}."column" = {quote(column)} THEN CAST({name(column)} AS VARCHAR)'
                        for column in self.template.required
                    )
                )
                if self.template.required
                else "NULL"
            )
            accepted = (
                f"WHERE ({FILE}, {ROW}) NOT IN (SELECT ({FILE}, {ROW}) FROM _checked_ WHERE NOT ({bad}))"
                if tracked.scans
                else ""
            )
            self.con.execute(
                f"INSERT INTO _rejects_ SELECT {quote(self.stem)}, f, r, "
                f"nullif(arg_min(c, (c, w)), ''), arg_min(v, (c, w)), arg_min(w, (c, w)) FROM "
                f'(SELECT {file} AS f, {number} AS r, {_WHY}."column" AS c, {values} AS v, {_WHY}.reason AS w '
                f"FROM (SELECT * FROM _checked_ {accepted}) WHERE {bad}) GROUP BY f, r"
            )
        counts: list[FileCount] = []
        if tracked.scans:
            for key, scan in tracked.scans.items():
                total = self._scalar(f"SELECT count(*) FROM {scan}")
                self.con.execute(
                    f"INSERT INTO _rejects_ SELECT {quote(self.stem)}, {quote(key)}, n, NULL, NULL, "
                    f"{quote(f'left out by {self.stem}.sql')} FROM range(1, {total + 1}) AS t(n) "
                    f"WHERE n NOT IN (SELECT {ROW} FROM _raw_ WHERE {FILE} = {quote(key)} AND {ROW} IS NOT NULL)"
                )
                lost = self._scalar(
                    f'SELECT count(*) FROM _rejects_ WHERE "mapping" = {quote(self.stem)} AND "file" = {quote(key)}'
                )
                loaded = self._scalar(
                    f"SELECT count(DISTINCT {ROW}) FROM {table} WHERE {FILE} = {quote(key)} AND NOT ({bad})"
                )
                counts.append(FileCount(key, total, loaded, lost))
        else:
            total = self._scalar(f"SELECT count(*) FROM {table}")
            lost = self._scalar("SELECT count(*) FROM _rejects_") - before
            counts.append(FileCount(primary, total, total - lost, lost))
        for count in counts:
            if count.read != count.loaded + count.rejected:
                raise LoaderError(
                    f"rows of {count.file} are not accounted for: {count.read} read, "
                    f"{count.loaded} loaded, {count.rejected} rejected",
                    where=str(self.sql_path),
                    hint="Is a row joined more than once with different outcomes? Simplify the SELECT.",
                )
        reasons = dict(
            self.con.execute(
                f'SELECT "reason", count(*) FROM _rejects_ WHERE "mapping" = {quote(self.stem)} '
                "GROUP BY ALL ORDER BY count(*) DESC, 1"
            ).fetchall()
        )
        return tuple(counts), reasons

    def _scalar(self, sql: str) -> int:
        return int(self.con.execute(sql).fetchall()[0][0])

    def _from(self, checked: bool) -> str:
        return f"_checked_ WHERE {_WHY} IS NULL" if checked else "_raw_"

    def _write(self, out: IO[bytes], kinds: Mapping[str, str], tracked: Tracked, checked: bool) -> int:
        graph = graph_of_source(self.loader.id)
        lines = ", ".join(
            line_sql(pattern, self.template, kinds, self.schema.ranges, graph) for pattern in self.template.patterns
        )
        sql = f"SELECT concat({lines}) AS q FROM {self._from(checked)}"
        if not tracked.plain:
            # Joins may give their rows in any order; a build must not.
            sql = f"SELECT DISTINCT q FROM ({sql}) ORDER BY q"
        quads = 0
        for batch in self.con.sql(sql).to_arrow_reader(_BATCH_ROWS):
            data = column_bytes(batch.column(0))
            quads += bytes(data).count(b"\n")
            out.write(data)
        return quads

    def _stage(self, kinds: Mapping[str, str], checked: bool) -> tuple[tuple[str, str], ...]:
        selects: dict[str, list[str]] = {}
        for pattern in self.template.patterns:
            predicate = str(pattern.predicate)
            if not isinstance(pattern.predicate, URIRef) or predicate not in self.schema.staged:
                continue
            subject = term_sql(pattern.subject, self.template, kinds)
            if self._lists(pattern.object, kinds):
                raise LoaderError(
                    f"a list column cannot be the object of <{predicate}>, which rules read",
                    where=str(self.template.path),
                    hint="Unnest it in a SELECT of its own.",
                )
            obj = term_sql(pattern.object, self.template, kinds, self.schema.ranges.get(predicate))
            if isinstance(pattern.object, Literal):
                obj = "NULL"
            selects.setdefault(predicate, []).append(f"SELECT {subject} AS s, {obj} AS o FROM {self._from(checked)}")
        facts: list[tuple[str, str]] = []
        for number, (predicate, parts) in enumerate(selects.items()):
            file = f"facts-{self.index}-{number}.parquet"
            union = " UNION ALL ".join(parts)
            self.con.execute(
                f"COPY (SELECT s, o FROM ({union}) WHERE s IS NOT NULL AND o IS NOT NULL) "
                f"TO {quote(str(self.folder / file))} (FORMAT parquet, COMPRESSION snappy)"
            )
            facts.append((predicate, file))
        return tuple(facts)

    def _lists(self, node: Any, kinds: Mapping[str, str]) -> bool:
        return isinstance(node, Variable) and kinds.get(str(node), "").endswith("[]")


def _first_line(error: Exception) -> str:
    text = re.sub(r"^[A-Za-z ]+ Error: ", "", str(error).strip())
    return text.splitlines()[0].strip() if text else type(error).__name__


def _line(error: Exception) -> str:
    match = re.search(r"(?:on [Ll]ine:?|[Ll]ine:|LINE) ?(\d+)", str(error))
    return f", line {match.group(1)}" if match else ""
