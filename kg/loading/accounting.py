"""Accounts for every row of a mapping: loaded, or rejected with file, row, column, value and reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb

from kg.errors import LoaderError
from kg.loading.results import FileCount
from kg.loading.rows import FILE, ROW, Tracked
from kg.loading.template import Template, column_text, name, quote

__all__ = ["REJECT", "accepted", "account", "check_rows", "create_rejects", "write_rejects"]

#: Column of a SELECT that rejects its row, with what it holds as the reason.
REJECT = "_reject"
_WHY = "_why_"


def create_rejects(con: duckdb.DuckDBPyConnection) -> None:
    """Makes the table of rejected rows."""
    con.execute(
        'CREATE TABLE _rejects_ ("mapping" VARCHAR, "file" VARCHAR, "row" BIGINT, "column" VARCHAR, '
        '"value" VARCHAR, "reason" VARCHAR)'
    )


def write_rejects(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Writes the rejected rows as CSV, in order."""
    con.execute(
        f'COPY (SELECT "file", "row", "column", "value", "reason", "mapping" FROM _rejects_ '
        f'ORDER BY "mapping", "file", "row", "column", "reason") TO {quote(str(path))} (FORMAT csv, HEADER true)'
    )


def check_rows(con: duckdb.DuckDBPyConnection, template: Template, kinds: Mapping[str, str]) -> bool:
    """Marks rejected rows of the table `_raw_` in the view `_checked_`; False where nothing can be rejected.

    Args:
        kinds: SQL type of each column of `_raw_`.
    """
    conditions: list[tuple[str, str, str]] = []
    if REJECT in kinds:
        conditions.append((f"{name(REJECT)} IS NOT NULL", "''", f"CAST({name(REJECT)} AS VARCHAR)"))
    for column in template.required:
        ref = name(column)
        conditions.append((f"{ref} IS NULL", quote(column), "'required, but empty'"))
        if kinds[column] == "VARCHAR":
            conditions.append((f"trim({ref}) = ''", quote(column), "'required, but blank'"))
        elif kinds[column] in {"DOUBLE", "FLOAT"}:
            conditions.append((f"NOT isfinite({ref})", quote(column), "'not a finite number'"))
        if column in template.regexes:
            regex = template.regexes[column]
            conditions.append(
                (
                    f"NOT regexp_full_match({column_text(column, kinds[column])}, {quote(regex)})",
                    quote(column),
                    quote(f"malformed: should match {regex}"),
                )
            )
    optional = [column for column in template.regexes if column not in template.required]
    if not conditions and not optional:
        return False
    columns = ", ".join(
        f"CASE WHEN regexp_full_match({column_text(column, kinds[column])}, "
        f"{quote(template.regexes[column])}) THEN {name(column)} END AS {name(column)}"
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
    con.execute(
        f"CREATE OR REPLACE TEMP VIEW _checked_ AS SELECT {columns}, {why} AS {_WHY}, rowid AS _rowid_ FROM _raw_"
    )
    return bool(conditions) or bool(optional)


def account(
    con: duckdb.DuckDBPyConnection, stem: str, template: Template, tracked: Tracked, checked: bool
) -> tuple[tuple[FileCount, ...], dict[str, int]]:
    """Counts the rows of each file and lists the rejected ones in the table `_rejects_`.

    Returns:
        Rows of each file, and how many were rejected by reason.

    Raises:
        LoaderError: rows read are not rows loaded + rows rejected.
    """
    table = "_checked_" if checked else "_raw_"
    bad = f"{_WHY} IS NOT NULL" if checked else "false"
    primary = tracked.files[0] if tracked.files else f"{stem}.sql"
    if tracked.scans:
        number, file = ROW, FILE
    else:
        number, file = ("_rowid_ + 1" if checked else "rowid + 1"), quote(primary)
    before = _scalar(con, "SELECT count(*) FROM _rejects_")
    if checked:
        values = (
            "CASE {} END".format(
                " ".join(
                    f'WHEN {_WHY}."column" = {quote(column)} THEN CAST({name(column)} AS VARCHAR)'
                    for column in template.required
                )
            )
            if template.required
            else "NULL"
        )
        accepted = (
            f"WHERE ({FILE}, {ROW}) NOT IN (SELECT ({FILE}, {ROW}) FROM _checked_ WHERE NOT ({bad}))"
            if tracked.scans
            else ""
        )
        con.execute(
            f"INSERT INTO _rejects_ SELECT {quote(stem)}, f, r, "
            f"nullif(arg_min(c, (c, w)), ''), arg_min(v, (c, w)), arg_min(w, (c, w)) FROM "
            f'(SELECT {file} AS f, {number} AS r, {_WHY}."column" AS c, {values} AS v, {_WHY}.reason AS w '
            f"FROM (SELECT * FROM _checked_ {accepted}) WHERE {bad}) GROUP BY f, r"
        )
    counts: list[FileCount] = []
    if tracked.scans:
        for key, scan in tracked.scans.items():
            total = _scalar(con, f"SELECT count(*) FROM {scan}")
            con.execute(
                f"INSERT INTO _rejects_ SELECT {quote(stem)}, {quote(key)}, n, NULL, NULL, "
                f"{quote(f'left out by {stem}.sql')} FROM range(1, {total + 1}) AS t(n) "
                f"WHERE n NOT IN (SELECT {ROW} FROM _raw_ WHERE {FILE} = {quote(key)} AND {ROW} IS NOT NULL)"
            )
            lost = _scalar(
                con, f'SELECT count(*) FROM _rejects_ WHERE "mapping" = {quote(stem)} AND "file" = {quote(key)}'
            )
            loaded = _scalar(
                con, f"SELECT count(DISTINCT {ROW}) FROM {table} WHERE {FILE} = {quote(key)} AND NOT ({bad})"
            )
            counts.append(FileCount(key, total, loaded, lost))
    else:
        total = _scalar(con, f"SELECT count(*) FROM {table}")
        lost = _scalar(con, "SELECT count(*) FROM _rejects_") - before
        counts.append(FileCount(primary, total, total - lost, lost))
    for count in counts:
        if count.read != count.loaded + count.rejected:
            raise LoaderError(
                f"rows of {count.file} are not accounted for: {count.read} read, "
                f"{count.loaded} loaded, {count.rejected} rejected",
                where=f"{stem}.sql",
                hint="Is a row joined more than once with different outcomes? Simplify the SELECT.",
            )
    reasons = dict(
        con.execute(
            f'SELECT "reason", count(*) FROM _rejects_ WHERE "mapping" = {quote(stem)} '
            "GROUP BY ALL ORDER BY count(*) DESC, 1"
        ).fetchall()
    )
    return tuple(counts), reasons


def accepted(checked: bool) -> str:
    """SQL after FROM of the rows that are not rejected."""
    return f"_checked_ WHERE {_WHY} IS NULL" if checked else "_raw_"


def _scalar(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    return int(con.execute(sql).fetchall()[0][0])
