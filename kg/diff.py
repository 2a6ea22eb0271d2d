"""What changed between two releases: answers, the statements behind them, and the sources of these.

Which questions are compared, and by what, stands in their headers (`compare`, see `kg.comparison`). A
difference is only ever called appeared, disappeared or changed: whether the world changed, or what a source means by
a number, is for the reader to judge, so that both sources stand beside it, each with its version and checksum.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kg.comparison import Comparison
from kg.diff_sides import Side, changed_sources, hash_of, title_of
from kg.errors import ParameterError, UsageError
from kg.graph import Graph
from kg.library import Question
from kg.parameters import CLASSES, resolve
from kg.statements import Changed, Statement, differing
from kg.terms import GRAPH

__all__ = ["COLUMNS", "Difference", "compare"]

#: Columns of the table of differences.
COLUMNS = (
    "part", "change", "subject", "column", "before", "after", "cause",
    "before_source", "before_version", "before_date", "before_hash",
    "after_source", "after_version", "after_date", "after_hash",
    "note", "statements_gone", "statements_new", "statements", "subject_iri",
)  # fmt: skip

#: Statements that are written out beside a difference; more are only counted.
_SHOWN = 12

Row = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """Differences of two releases.

    Attributes:
        frame: one row a difference, with the columns `COLUMNS`.
        asked: questions that were compared.
    """

    frame: pd.DataFrame
    asked: tuple[str, ...]


def compare(
    before: Graph,
    after: Graph,
    values: Mapping[str, str] | None = None,
    questions: Sequence[str] = (),
    lang: str = "en",
    timeout: float = 300.0,
    progress: Callable[[str], None] | None = None,
) -> Difference:
    """Compares two releases.

    Args:
        before: the one.
        after: the other.
        values: parameter -> value, for the questions that have it (`chain`, `region`); None: what their
            headers say.
        questions: only these; empty: all whose header says how.
        lang: language of labels.
        timeout: seconds for everything.
        progress: told what is being compared.

    Raises:
        UsageError: a question is not one that is compared.
        ParameterError: no compared question has such a parameter, or neither release knows the value.
        LimitError: the time is over.
    """
    library = {name: q for name, q in after.questions().items() if q.compare is not None}
    for name in questions:
        if name not in library:
            raise UsageError(f"{name!r} is not compared", hint="These are: " + ", ".join(sorted(library)) + ".")
    given = {name: value for name, value in (values or {}).items() if value is not None}
    asked = [library[name] for name in sorted(questions or library)]
    for name in given:
        if not any(parameter.name == name for question in asked for parameter in question.parameters):
            raise ParameterError(f"no compared question has a parameter --{name}")
    end = time.monotonic() + timeout
    sides = (Side(before, lang, end), Side(after, lang, end))
    rows = list(_sources(*sides))
    for question in asked:
        if progress:
            progress(question.name)
        rows += _answers(question, sides, given)
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="object")
    counts = ["statements_gone", "statements_new"]
    frame[counts] = frame[counts].astype("Int64")
    return Difference(frame, tuple(question.name for question in asked))


def _sources(before: Side, after: Side) -> Iterator[Row]:
    for name in sorted(set(before.sources) | set(after.sources)):
        old, new = before.sources.get(name), after.sources.get(name)
        entry: Mapping[str, Any] = new or old or {}
        graph = f"{GRAPH}source/{name}"
        row = _row("sources", title_of(entry, before.lang), graph, _sided(before, after, old and graph, new and graph))
        if old is None or new is None:
            yield {**row, "change": "appeared" if old is None else "disappeared", "column": "triples"} | {
                "before": old and old["triples"], "after": new and new["triples"]
            }  # fmt: skip
        elif hash_of(old) != hash_of(new) or old["version"] != new["version"]:
            files = sorted(
                file
                for file in set(old["files"]) | set(new["files"])
                if old["files"].get(file) != new["files"].get(file)
            )
            cause = "other files: " + ", ".join(files) if files else "the manifest names another version"
            yield {**row, "change": "changed", "column": "triples", "cause": cause} | {
                "before": old["triples"], "after": new["triples"]
            }  # fmt: skip
        elif before.dump(name) != after.dump(name):
            yield {**row, "change": "changed", "column": "triples", "cause": "the same files, mapped differently"} | {
                "before": old["triples"], "after": new["triples"]
            }  # fmt: skip
    for part in ("ontology", "queries", "derived"):
        # `triples` of a derived graph follow from its inputs; its version is the program's.
        one, two = (_versions(side.manifest.get(part, {})) for side in (before, after))
        for name in sorted(set(one) | set(two)):
            if one.get(name) != two.get(name):
                change = "changed" if name in one and name in two else "appeared" if name in two else "disappeared"
                yield _row("program", f"{part} {name}".strip(), None, {}) | {
                    "change": change, "column": "version", "before": one.get(name), "after": two.get(name)
                }  # fmt: skip


def _versions(entry: Any) -> dict[str, str]:
    if isinstance(entry, str):
        return {"": entry[:12]}
    return {
        name: str(value["version"]) if isinstance(value, Mapping) else str(value)[:12] for name, value in entry.items()
    }


def _sided(before: Side, after: Side, old: object, new: object) -> Row:
    """The columns that describe both sources; a source that says nothing is named too, where the release has it."""
    cells: Row = {}
    old, new = (
        graph or (side.knows(other) and other) for side, graph, other in ((before, old, new), (after, new, old))
    )
    notes = []
    for prefix, side, graph in (("before", before, old), ("after", after, new)):
        title, version, date, digest, note = side.source(graph) if graph else (None,) * 5
        cells |= {f"{prefix}_source": title, f"{prefix}_version": version}
        cells |= {f"{prefix}_date": date, f"{prefix}_hash": digest}
        if note:
            notes.append((prefix, note))
    texts = {note for _, note in notes}
    cells["note"] = " | ".join(f"{prefix}: {note}" for prefix, note in notes) if len(texts) > 1 else None
    return cells


def _row(part: str, subject: object, iri: object, cells: Row) -> Row:
    return {**dict.fromkeys(COLUMNS), "part": part, "subject": subject, "subject_iri": iri, **cells}


def _answers(question: Question, sides: tuple[Side, Side], given: Mapping[str, str]) -> list[Row]:
    how = question.compare
    assert how is not None
    tables = [_table(question, how, side, values) for side, values in _asked(question, how, sides, given)]
    before, after = sides
    old, new = tables
    found: list[tuple[tuple[Any, ...], Row]] = []
    for key in sorted(set(old) | set(new), key=str):
        one, two = old.get(key, {}), new.get(key, {})
        there = [bool(row) and _counts(row, how) for row in (one, two)]
        if not any(there):
            continue
        changed = [column for column in how.values if not _same(one.get(column), two.get(column))]
        if all(there) and not changed:
            continue
        change = "changed" if all(there) else "appeared" if there[1] else "disappeared"
        cells = _sided(before, after, one.get("source_iri"), two.get("source_iri"))
        named = two or one
        subject = " | ".join(str(named[c.removesuffix("_iri")]) for c in how.key if named[c] is not None)
        for column in changed if all(there) else how.values[:1]:
            label = column.removesuffix("_iri")
            row = _row(question.name, subject, " ".join(str(part) for part in key if part is not None), cells)
            row |= {"change": change, "column": label, "before": one.get(label), "after": two.get(label)}
            found.append((key, row))
    return _explained(question, how, sides, found)


def _asked(
    question: Question, how: Comparison, sides: tuple[Side, Side], given: Mapping[str, str]
) -> Iterator[tuple[Side, list[dict[str, str]]]]:
    """With what each side is asked; with nothing where it does not have what is asked about."""
    kinds = {parameter.name: parameter.kind for parameter in question.parameters}
    fixed = {name: value for name, value in {**how.given, **given}.items() if name in kinds}
    named = {name: value for name, value in fixed.items() if kinds[name] in CLASSES}
    meant = [{name: side.term(name, kinds[name], value) for name, value in named.items()} for side in sides]
    for side, own, other in zip(sides, meant, reversed(meant), strict=True):
        for name, value in named.items():
            if own[name] is None and other[name] is None:
                resolve(side.graph.store, name, kinds[name], value)  # says what is wrong
            # It can be there under another name.
            own[name] = own[name] or side.term(name, kinds[name], str(other[name])[1:-1])
        sets = [{**fixed, **{name: term[1:-1] for name, term in own.items() if term}}] if all(own.values()) else []
        for name in how.each:
            if name not in fixed:
                present = sorted(side.everything(kinds[name]))
                sets = [{**values, name: value} for values in sets for value in present]
        yield side, sets


def _table(question: Question, how: Comparison, side: Side, sets: list[dict[str, str]]) -> dict[tuple[Any, ...], Row]:
    rows: dict[tuple[Any, ...], Row] = {}
    for values in sets:
        frame = side.answer(question, values)
        for record in frame.astype("object").to_dict(orient="records"):
            row = {str(name): None if pd.isna(value) else value for name, value in record.items()}
            # A column whose values are no IRIs has no column of IRIs beside it.
            row |= {name: row.get(name) for name in (*how.key, "source_iri")}
            rows.setdefault(tuple(row[name] for name in how.key), row)
    return rows


def _counts(row: Row, how: Comparison) -> bool:
    return all(str(row.get(column)) in allowed for column, allowed in how.only.items())


def _same(one: object, two: object) -> bool:
    if isinstance(one, int | float) and isinstance(two, int | float):
        return math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-12)
    return one == two


def _explained(
    question: Question, how: Comparison, sides: tuple[Side, Side], found: list[tuple[tuple[Any, ...], Row]]
) -> list[Row]:
    """The rows with the statements that differ, and what follows of the cause."""
    before, after = sides
    keys = [dict(zip((column.removesuffix("_iri") for column in how.key), key, strict=True)) for key, _ in found]
    stores = before.graph.store, after.graph.store
    sources = changed_sources(*sides)
    behind = differing(stores, how.because, keys, sources, before.left)
    rest = [index for index in range(len(keys)) if index not in behind]
    far = differing(stores, how.further, [keys[index] for index in rest], sources, before.left)
    behind |= {rest[place]: changed for place, changed in far.items()}
    rows = []
    for index, (_, row) in enumerate(found):
        changed = behind.get(index, Changed())
        lines = _lines(changed.gone, changed.added)
        if len(lines) > _SHOWN:
            lines = [*lines[:_SHOWN], f"… {len(lines) - _SHOWN} more"]
        row = {
            **row,
            "statements_gone": len(changed.gone),
            "statements_new": len(changed.added),
            "statements": "; ".join(lines) or None,
        }
        rows.append({**row, "cause": _cause(changed.gone | changed.added, sides)})
    return rows


def _lines(gone: frozenset[Statement], added: frozenset[Statement]) -> list[str]:
    """What was said and what is said; values that changed go before statements that came or went."""
    pairs = {(s.subject, s.predicate) for s in gone} & {(s.subject, s.predicate) for s in added}
    marked = [(s, "-") for s in gone] + [(s, "+") for s in added]
    marked.sort(key=lambda item: ((item[0].subject, item[0].predicate) not in pairs, item[0], item[1] == "+"))
    return [f"{sign} {statement.text()}" for statement, sign in marked]


def _cause(statements: frozenset[Statement], sides: tuple[Side, Side]) -> str:
    names = {statement.graph.removeprefix(GRAPH + "source/") for statement in statements}
    texts = []
    for name in sorted(names):
        one, two = (side.sources.get(name) for side in sides)
        if one is None or two is None:
            texts.append(f"{name} is only in the {'second' if one is None else 'first'} release")
        elif hash_of(one) != hash_of(two):
            versions = [entry["version"] or "unnamed" for entry in (one, two)]
            told = " -> ".join(versions) if versions[0] != versions[1] else "other files"
            texts.append(f"{name} is another version: {told}")
        else:
            texts.append(f"{name} is mapped differently")
    return "; ".join(texts) or "no statement about it differs: other answers or the program"
