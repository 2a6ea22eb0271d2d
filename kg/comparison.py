"""How the answers of a question from two releases are compared: what its header says, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import QueryError

__all__ = ["Comparison", "read_comparison"]


@dataclass(frozen=True)
class Comparison:
    """How `kg diff` compares a question's answers.

    Attributes:
        key: columns that say which row of the one answer is which of the other.
        values: columns whose change counts.
        only: column -> values: rows with other values count as not there.
        each: parameters that are given every value there is, one after the other: asked for all at once, a
            question can take minutes.
        given: parameter -> value, where the user gives none.
        because: patterns that find the statements `?s` on which a row rests, with `?p` and `?o` where only these
            count; the key's columns are their variables.
        further: patterns that count where none of these statements differs.
    """

    key: tuple[str, ...]
    values: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]
    each: tuple[str, ...]
    given: Mapping[str, str]
    because: tuple[str, ...]
    further: tuple[str, ...] = ()


def read_comparison(spec: Any, columns: Mapping[str, str], parameters: set[str], path: Path) -> Comparison | None:
    """What a question's header says of it, checked; None where it says nothing.

    Args:
        spec: `compare` of the header.
        columns, parameters: what the question has.
        path: its file, for messages.

    Raises:
        QueryError: it is malformed, or names what the question does not have.
    """
    if spec is None:
        return None
    where = str(path)
    known = {"key", "values", "only", "each", "given", "because", "further"}
    if not isinstance(spec, dict) or set(spec) - known or not spec.get("key"):
        raise QueryError(f"compare needs a key, and has only {', '.join(sorted(known))}", where=where)
    only = {str(name): tuple(map(str, values)) for name, values in (spec.get("only") or {}).items()}
    found = Comparison(
        key=tuple(map(str, spec["key"])),
        values=tuple(map(str, spec.get("values") or ())),
        only=only,
        each=tuple(map(str, spec.get("each") or ())),
        given={str(name): str(value) for name, value in (spec.get("given") or {}).items()},
        because=tuple(map(str, spec.get("because") or ())),
        further=tuple(map(str, spec.get("further") or ())),
    )
    for name in (*found.key, *found.values, *found.only):
        if name.removesuffix("_iri") not in columns:
            raise QueryError(f"compare names {name!r}, which is not among the columns", where=where)
    for name in (*found.each, *found.given):
        if name not in parameters:
            raise QueryError(f"compare names {name!r}, which is not among the parameters", where=where)
    return found
