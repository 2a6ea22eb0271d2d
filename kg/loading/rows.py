"""Which row of which file each row of a SELECT comes from.

A loader's SELECT may filter and join. So that no row is lost unseen, the table function that it
reads first is given row numbers, and these are carried through to the result: a row of the file that
has no row in the result is then known, by file and number.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

import sqlglot
from sqlglot import exp

__all__ = ["FILE", "ROW", "Tracked", "track"]

#: Columns added to a SELECT.
ROW = "_row_"
FILE = "_file_"


@dataclass(frozen=True)
class Tracked:
    """A SELECT prepared for accounting.

    Attributes:
        sql: the statement; it gives the columns `ROW` and `FILE` unless `plain` or `derived`.
        plain: one row of the result for each row of the one file, in order.
        derived: rows are grouped, made distinct or unnested: the result's rows are what is counted.
        scans: SQL of each numbered table function, by the text that stands in `FILE`.
        files: names of all files that the statement reads, the primary one first.
    """

    sql: str
    plain: bool
    derived: bool
    scans: dict[str, str]
    files: tuple[str, ...]


def track(sql: str) -> Tracked:
    """Prepares a SELECT.

    Raises:
        sqlglot.errors.SqlglotError: the statement does not parse.
    """
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    files = _files(tree)
    if _is_plain(tree):
        return Tracked(sql, True, False, {}, files)
    scans: dict[str, str] = {}
    if isinstance(tree, exp.Query) and _number(tree, _ctes(tree), scans):
        return Tracked(tree.sql(dialect="duckdb"), False, False, scans, files)
    return Tracked(sql, False, True, {}, files)


def _files(tree: exp.Expr) -> tuple[str, ...]:
    names: list[str] = []
    functions = [table for table in tree.find_all(exp.Table) if _is_reader(table)]
    for function in functions:
        for name in _arguments(function):
            if name not in names:
                names.append(name)
    return tuple(names)


def _is_reader(node: object) -> bool:
    return isinstance(node, exp.Table) and isinstance(node.this, exp.Func)


def _arguments(table: exp.Expr) -> list[str]:
    function = table.this
    # Known functions hold their first argument in `this`, unknown ones in `expressions`.
    own = function.args.get("this")
    first = own if isinstance(own, exp.Expr) else next(iter(function.expressions), None)
    if isinstance(first, exp.Literal):
        return [str(first.this)]
    if isinstance(first, exp.Array):
        return [str(item.this) for item in first.expressions if isinstance(item, exp.Literal)]
    return []


def _changes_rows(select: exp.Select) -> bool:
    """Whether a SELECT groups, de-duplicates or multiplies the rows of its first table."""
    if any(select.args.get(key) for key in ("group", "distinct", "limit", "offset", "having", "qualify")):
        return True
    if any(True for _ in select.find_all(exp.AggFunc) if _own(_, select) and not _in_window(_)):
        return True
    return any(_own(node, select) for kind in (exp.Unnest, exp.Explode, exp.Lateral) for node in select.find_all(kind))


def _own(node: exp.Expr, select: exp.Select) -> bool:
    return node.find_ancestor(exp.Select) is select


def _in_window(node: exp.Expr) -> bool:
    return node.find_ancestor(exp.Window) is not None


def _is_plain(tree: exp.Expr) -> bool:
    if not isinstance(tree, exp.Select) or tree.args.get("with_") or tree.args.get("with"):
        return False
    source = _source(tree)
    return (
        source is not None
        and _is_reader(source)
        and len(_arguments(source)) == 1
        and not any(mark in _arguments(source)[0] for mark in "*?[")
        and not tree.args.get("joins")
        and not tree.args.get("where")
        and not tree.args.get("laterals")
        and not _changes_rows(tree)
        and not list(tree.find_all(exp.Subquery))
        and not list(tree.find_all(exp.Window))
    )


def _source(select: exp.Select) -> exp.Expr | None:
    clause = select.args.get("from_") or select.args.get("from")
    return clause.this if clause is not None else None


def _ctes(tree: exp.Expr) -> dict[str, exp.Expr]:
    return {cte.alias_or_name: cte for cte in tree.find_all(exp.CTE)}


def _number(query: exp.Expr, ctes: dict[str, exp.Expr], scans: dict[str, str]) -> bool:
    """Numbers the first table of a query, in place; False where its rows cannot be followed."""
    if isinstance(query, exp.Union):
        return not query.args.get("distinct") and _number(query.left, ctes, scans) and _number(query.right, ctes, scans)
    if isinstance(query, exp.Subquery):
        return _number(query.this, ctes, scans)
    if not isinstance(query, exp.Select) or _changes_rows(query):
        return False
    source = _source(query)
    if source is None or any((join.side or "") in {"RIGHT", "FULL"} for join in query.args.get("joins") or ()):
        return False
    if _is_reader(source):
        alias = source.alias or "_source_"
        if not _wrap(source, alias, scans):
            return False
    elif isinstance(source, exp.Subquery):
        if not _number(source.this, ctes, scans):
            return False
        alias = source.alias or "_source_"
        if not source.alias:
            source.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))
    elif isinstance(source, exp.Table) and source.name in ctes:
        body = ctes[source.name].this
        # A CTE that is read twice is numbered once.
        numbered = any(item.alias_or_name == ROW for item in getattr(body, "selects", []))
        if not numbered and not _number(body, ctes, scans):
            return False
        alias = source.alias or source.name
    else:
        return False
    for column in (ROW, FILE):
        query.select(exp.column(column, table=alias), copy=False)
    return True


def _wrap(source: exp.Expr, alias: str, scans: dict[str, str]) -> bool:
    names = _arguments(source)
    if len(names) != 1 or any(mark in names[0] for mark in "*?["):
        return False
    file = names[0]
    bare = source.copy()
    bare.set("alias", None)
    key = PurePath(file).as_posix()
    scan = bare.sql(dialect="duckdb")
    if scans.setdefault(key, scan) != scan:
        return False
    numbered = sqlglot.parse_one(
        f"SELECT *, row_number() OVER () AS {ROW}, '{file.replace(chr(39), chr(39) * 2)}' AS {FILE} FROM {scan}",
        dialect="duckdb",
    )
    source.replace(exp.Subquery(this=numbered, alias=exp.TableAlias(this=exp.to_identifier(alias))))
    return True
