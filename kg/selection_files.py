"""The dumps of a part of a release: the statements that count, and what those that do not count leave open."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import duckdb

from kg.inferred import INFERRED
from kg.loading.template import quote
from kg.ontology import Ontology
from kg.terms import GRAPH, ICSC, RDF, RDFS, SKOS

__all__ = ["doubtful", "link_or_copy", "meta_lines", "only", "outside", "same_size", "stage", "surer", "without"]

_FROM: Final = frozenset({f"<{ICSC}validFrom>".encode(), f"<{ICSC}surveyDate>".encode()})
_TO: Final = f"<{ICSC}validTo>".encode()
#: Dates what it says, not its subject: a firm is older than its listing.
_EVENT: Final = f"<{ICSC}listedOn>".encode()
_SURE: Final = f"<{ICSC}confidence>".encode()
#: Without it, a statement that is sure enough would speak of things that nobody can find.
_DESCRIBES: Final = frozenset(
    f"<{term}>".encode()
    for term in (
        *(f"{RDF}type", f"{RDFS}label", f"{SKOS}prefLabel", f"{SKOS}altLabel"),
        *(f"{ICSC}{name}" for name in ("locatedIn", "headquarteredIn", "producesIn")),
    )
)
_GRAPH: Final = re.compile(rb"^<" + re.escape(GRAPH.encode()) + rb"(source|derived)/([^/>]+)")


def _lines(files: Sequence[Path]) -> Iterator[tuple[bytes, bytes, bytes]]:
    for file in files:
        with file.open("rb") as lines:
            for line in lines:
                subject, predicate, rest = line.split(b" ", 2)
                yield subject, predicate, rest


def outside(files: Sequence[Path], as_of: dt.date | None, least: float | None) -> frozenset[bytes]:
    """Subjects that do not count by themselves, in N-Quads form: too late, over, or not sure enough."""
    if as_of is None and least is None:
        return frozenset()
    day = None if as_of is None else as_of.isoformat().encode()
    found = set()
    for subject, predicate, rest in _lines(files):
        if (
            day is not None and ((predicate in _FROM and rest[1:11] > day) or (predicate == _TO and rest[1:11] <= day))
        ) or (least is not None and predicate == _SURE and float(rest[1 : rest.index(b'"', 1)]) < least):
            found.add(subject)
    return frozenset(found)


def without(file: Path, target: Path, out: frozenset[bytes], as_of: dt.date | None) -> Path:
    """Copies a dump without what is said of, or refers to, the subjects that do not count, and without later events."""
    if not out and as_of is None:
        return link_or_copy(file, target)
    day = None if as_of is None else as_of.isoformat().encode()
    with target.open("wb") as copy:
        for subject, predicate, rest in _lines([file]):
            later = day is not None and predicate == _EVENT and rest[1:11] > day
            if subject not in out and rest.split(b" ", 1)[0] not in out and not later:
                copy.write(b" ".join((subject, predicate, rest)))
    return target


def surer(file: Path, least: float) -> frozenset[bytes]:
    """Subjects with a confidence of their own that is enough, in a dump of which the rest is not sure enough."""
    return frozenset(
        subject
        for subject, predicate, rest in _lines([file])
        if predicate == _SURE and float(rest[1 : rest.index(b'"', 1)]) >= least
    )


def only(file: Path, target: Path, subjects: frozenset[bytes], out: frozenset[bytes]) -> Path:
    """Copies what a dump says of some subjects, and what and where the things are that they speak of.

    Args:
        out: subjects that do not count, as in `without`.
    """
    about = {rest.split(b" ", 1)[0] for subject, _, rest in _lines([file]) if subject in subjects}
    with target.open("wb") as copy:
        for subject, predicate, rest in _lines([file]):
            wanted = subject in subjects or (subject in about and predicate in _DESCRIBES)
            if wanted and subject not in out and rest.split(b" ", 1)[0] not in out:
                copy.write(b" ".join((subject, predicate, rest)))
    return target


def same_size(copy: Path, file: Path) -> bool:
    """Whether nothing was left out of a copy."""
    return copy.stat().st_size == file.stat().st_size


def link_or_copy(file: str | Path, target: str | Path) -> Path:
    """The same file in another place; nothing that belongs to a release is ever changed."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
    return Path(target)


def stage(files: Sequence[Path], ontology: Ontology, partial: Path) -> list[tuple[Path, list[str]]]:
    """What the rules read, in columns: the file of each source, and the predicates in it."""
    folder = partial / "staged"
    folder.mkdir()
    wanted = ", ".join(quote(f"<{predicate}>") for predicate in sorted(ontology.schema.staged))
    staged = []
    with duckdb.connect(config={"memory_limit": "1500MB", "temp_directory": str(folder / "spill")}) as con:
        con.execute("SET enable_progress_bar = false")
        for file in files:
            target = folder / f"{file.stem}.parquet"
            con.execute(
                f"""COPY (
                  SELECT p, s, regexp_extract(l, '^\\S+ \\S+ (.*) <[^<> ]*> [.]$', 1) AS o
                  FROM (
                    SELECT l, split_part(l, ' ', 1) AS s, split_part(l, ' ', 2) AS p
                    FROM read_csv({quote(str(file))}, columns = {{'l': 'VARCHAR'}}, delim = '\x01', quote = '',
                      escape = '', header = false, auto_detect = false, strict_mode = false,
                      max_line_size = 16777216)
                  ) WHERE p IN ({wanted}) ORDER BY p
                ) TO {quote(str(target))} (FORMAT parquet)"""
            )
            rows = con.execute(f"SELECT DISTINCT p FROM read_parquet({quote(str(target))}) ORDER BY p").fetchall()
            staged.append((target, [str(row[0])[1:-1] for row in rows]))
    return staged


def doubtful(everything: Sequence[Path], left: Sequence[Path], target: Path) -> Path:
    """Writes which inputs may be provided where: who provides them, or something wider, is known, but not in the part.

    Without it, a complete survey that is in the part would prove absence against what its limits have taken away.

    Args:
        everything: dumps of the sources and of what follows, without limits of date and confidence.
        left: those of the part.
        target: file to write, in the graph of what follows.
    """
    terms = (
        *("offers", "withinRegion", "hasProvider", "inRegion", "requiresInput"),
        *("kindOf", "providesItem", "surveys", "surveyedRegion", "completeness"),
    )
    wanted = ", ".join(quote(f"<{ICSC}{term}>") for term in terms)
    kinds = ", ".join(quote(f"<{ICSC}{kind}>") for kind in ("CustomsTerritoryProvision", "Country"))
    with duckdb.connect(config={"memory_limit": "1500MB", "temp_directory": str(target.parent / "spill")}) as con:
        con.execute("SET enable_progress_bar = false")
        for side, files in (("everything", everything), ("part", left)):
            con.execute(
                f"""CREATE TABLE {side} AS SELECT DISTINCT s, regexp_extract(p, '#([^#]*)>$', 1) AS p, o FROM (
                  SELECT split_part(l, ' ', 1) AS s, split_part(l, ' ', 2) AS p, split_part(l, ' ', 3) AS o
                  FROM read_csv([{", ".join(quote(str(file)) for file in files)}], columns = {{'l': 'VARCHAR'}},
                    delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, strict_mode = false,
                    max_line_size = 16777216)
                ) WHERE p IN ({wanted}) OR (p = '<{RDF}type>' AND o IN ({kinds}))"""
            )
            # What a separate customs territory provides is not its country's.
            con.execute(
                f"""CREATE TABLE provision_{side} AS SELECT w.s, w.o AS region, coalesce(p.o, w.s) AS who
                FROM {side} AS w
                LEFT JOIN {side} AS p ON p.s = w.s AND p.p = 'hasProvider'
                LEFT JOIN (SELECT DISTINCT s FROM {side} WHERE p = 'inRegion') AS whole ON whole.s = w.s
                WHERE w.p = 'withinRegion' AND (p.o IS NOT NULL OR whole.s IS NOT NULL)
                  AND NOT (w.s IN (SELECT s FROM {side} WHERE o LIKE '%#CustomsTerritoryProvision>')
                    AND w.o IN (SELECT s FROM {side} WHERE o LIKE '%#Country>'))"""
            )
        con.execute("CREATE TABLE needed AS SELECT DISTINCT o AS input FROM part WHERE p = 'requiresInput'")
        offered = """SELECT o.o AS input, p.region, p.who
          FROM {side} AS o
          JOIN provision_{side} AS p USING (s)
          WHERE o.p = 'offers' AND o.o IN (SELECT input FROM needed)"""
        # Who asks for the input itself finds it by its name: what is wider does not matter then.
        wider = """SELECT k.s AS input, p.region, p.who
          FROM {side} AS k
          JOIN {side} AS i ON i.p = 'providesItem' AND i.o = k.o
          JOIN provision_{side} AS p ON p.s = i.s
          WHERE k.p = 'kindOf' AND k.s <> k.o AND k.s IN (SELECT input FROM needed)
            AND (k.s, p.region) NOT IN (
              SELECT (s.o, r.o)
              FROM part AS s
              JOIN part AS r ON r.s = s.s AND r.p = 'surveyedRegion'
              JOIN part AS c ON c.s = s.s AND c.p = 'completeness' AND c.o LIKE '%#complete>'
              WHERE s.p = 'surveys'
            )"""
        # Who still provides the input is no other who may.
        rows = con.execute(
            f"""SELECT DISTINCT region, input
            FROM (
              (({offered.format(side="everything")}) UNION (({wider.format(side="everything")}) EXCEPT
                ({wider.format(side="part")})))
              EXCEPT ({offered.format(side="part")})
            )
            ORDER BY ALL"""
        ).fetchall()
    with target.open("w", encoding="utf-8") as file:
        file.writelines(f"{region} <{ICSC}mayProvide> {item} <{INFERRED}> .\n" for region, item in rows)
    return target


def meta_lines(file: Path, kept: set[str]) -> Iterator[bytes]:
    """What is said of the sources that are kept, and of what they name; derived graphs are described anew."""
    named: set[bytes] = set()
    others: list[tuple[bytes, bytes]] = []
    for subject, predicate, rest in _lines([file]):
        graph = _GRAPH.match(subject)
        line = b" ".join((subject, predicate, rest))
        if graph is None:
            others.append((subject, line))
        elif graph[1] == b"source" and graph[2].decode() in kept:
            named.add(rest.split(b" ", 1)[0])
            yield line
    for subject, line in others:
        if not subject.startswith(b"<urn:") or subject in named:
            yield line
