"""Rows of a result as a table for people: labels for IRIs, numbers as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pyoxigraph as ox

from kg.store.base import Result, Row, Store, Term
from kg.terms import ICSC, RDFS, SKOS, XSD

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_columns", "as_frame", "to_columns", "to_frame"]

_NUMBERS = {XSD + name for name in ("decimal", "double", "float")}
_INTEGERS = {XSD + name for name in ("integer", "int", "long", "nonNegativeInteger")}


def to_frame(result: Result, store: Store | None, lang: str = "en") -> pd.DataFrame:
    """Rows of a result as a table: labels for IRIs (which follow in `<column>_iri`), numbers as numbers."""
    return as_frame(to_columns(result, store, lang))


def to_columns(result: Result, store: Store | None, lang: str = "en") -> dict[str, list[object]]:
    """Like `to_frame`, as plain lists: pandas takes longer to import than most questions to answer."""
    labels = _labels(result.rows, store, lang) if store is not None else {}
    data: dict[str, list[object]] = {}
    for index, column in enumerate(result.columns):
        name = column.removeprefix("_").removesuffix("_iri") if column.startswith("_") else column
        values: list[object] = []
        iris: list[object] = []
        named = False
        for row in result.rows:
            term = row[index]
            iri = term.value if type(term) is ox.NamedNode else None
            named = named or iri is not None
            iris.append(iri)
            values.append(_python(term) if iri is None else labels.get(iri, iri))
        data[name] = _of_one_kind(values)
        if named and store is not None:
            data[f"{name}_iri"] = iris
    return data


def as_frame(columns: Mapping[str, list[object]]) -> pd.DataFrame:
    """Columns as a table."""
    import pandas as pd

    return pd.DataFrame({name: _series(values) for name, values in columns.items()}, columns=list(columns))


def as_columns(frame: pd.DataFrame) -> dict[str, list[object]]:
    """A table as columns; what is not known is None."""
    objects = frame.astype("object")
    return {str(name): objects[name].where(objects[name].notna(), None).tolist() for name in objects.columns}


def _of_one_kind(values: list[object]) -> list[object]:
    """Numbers of both kinds as decimals, as they stand in one column."""
    if {type(value) for value in values} - {type(None)} != {int, float}:
        return values
    return [float(value) if isinstance(value, int) else value for value in values]


def _series(values: list[object]) -> pd.Series[Any]:
    import pandas as pd

    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {bool}:
        return pd.Series(values, dtype="boolean")
    if kinds == {int}:
        return pd.Series(values, dtype="Int64")
    if kinds and kinds <= {int, float}:
        return pd.Series(values, dtype="Float64")
    return pd.Series(values, dtype="object")


def _python(value: Term | None) -> object:
    if value is None:
        return None
    if isinstance(value, ox.Literal):
        kind, text = value.datatype.value, value.value
        try:
            if kind in _NUMBERS:
                return round(float(text), 12)
            if kind in _INTEGERS:
                return int(text)
        except ValueError:
            return text
        if kind == XSD + "boolean":
            return text in {"true", "1"}
        if kind == XSD + "dateTime":
            return text.removesuffix("T00:00:00Z")
        return text
    return str(value)


def _labels(rows: tuple[Row, ...], store: Store, lang: str) -> dict[str, str]:
    iris = sorted({value.value for row in rows for value in row if isinstance(value, ox.NamedNode)})
    wanted = ("zh-hans", "zh", "en") if lang.startswith("zh") else ("en", "zh-hans", "zh")
    best: dict[str, tuple[int, str]] = {}
    for start in range(0, len(iris), 2000):
        for rank_of_kind, predicate in ((0, f"{RDFS}label"), (10, f"{SKOS}altLabel")):
            missing = [iri for iri in iris[start : start + 2000] if iri not in best]
            # A number comes back for each: the engine would have to look the IRI up again.
            values = " ".join(f"(<{iri}> {at})" for at, iri in enumerate(missing))
            found = store.query(f"SELECT ?at ?l WHERE {{ VALUES (?x ?at) {{ {values} }} ?x <{predicate}> ?l }}")
            for at, label in found.rows:
                if not isinstance(at, ox.Literal) or not isinstance(label, ox.Literal):
                    continue
                tag = (label.language or "").lower()
                rank = (rank_of_kind + (wanted.index(tag) if tag in wanted else len(wanted)), label.value)
                iri = missing[int(at.value)]
                best[iri] = min(best.get(iri, rank), rank)
    return {iri: best[iri][1] if iri in best else _local(iri) for iri in iris}


def _local(iri: str) -> str:
    return unquote(iri.removeprefix(ICSC).rsplit("/", 1)[-1])
