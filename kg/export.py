"""Writes a table in the formats that analysts and tools read."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from kg.errors import StorageError, UsageError
from kg.store.base import Store
from kg.terms import ICSC

if TYPE_CHECKING:
    from kg.about import About

__all__ = ["BINARY", "FORMATS", "render", "save"]

FORMATS: Final = ("table", "csv", "tsv", "json", "xlsx", "parquet", "geojson", "ttl")
#: Formats that cannot be printed.
BINARY: Final = frozenset({"xlsx", "parquet"})


def render(frame: pd.DataFrame, format: str, store: Store | None = None, about: About | None = None) -> bytes:
    """A table in one format (all but `table`).

    Args:
        frame: the table.
        format: one of `FORMATS`.
        store: where coordinates are looked up, for `geojson`.
        about: what was asked, for `xlsx`.

    Raises:
        UsageError: the format does not fit the table.
    """
    if format in {"csv", "tsv"}:
        text = _lexical_truths(frame)
        return text.to_csv(index=False, sep="," if format == "csv" else "\t", lineterminator="\n").encode()
    if format == "json":
        return (json.dumps(_records(frame), ensure_ascii=False, indent=2) + "\n").encode()
    if format == "parquet":
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        return buffer.getvalue()
    if format == "xlsx":
        from kg.spreadsheet import spreadsheet

        return spreadsheet(frame, about)
    if format == "geojson":
        return _geojson(frame, store)
    if format == "ttl":
        return _turtle(frame)
    raise UsageError(f"unknown format {format!r}", hint="There are: " + ", ".join(FORMATS) + ".")


def save(data: bytes, path: Path) -> None:
    """Writes a file as a whole or not at all.

    Raises:
        StorageError: it cannot be written.
    """
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", where=str(path)) from error


def _lexical_truths(frame: pd.DataFrame) -> pd.DataFrame:
    """Truth values as RDF and the endpoint write them, not as Python does."""
    text = frame.copy()
    for name in frame:
        if frame[name].map(pd.api.types.is_bool).any():
            text[name] = frame[name].map(lambda value: str(value).lower() if pd.api.types.is_bool(value) else value)
    return text


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {str(key): None if pd.isna(value) else value for key, value in row.items()}
        for row in frame.astype("object").to_dict(orient="records")
    ]


def _coordinates(frame: pd.DataFrame, store: Store) -> tuple[str, dict[str, tuple[float, float]]]:
    for column in [name for name in frame.columns if str(name).endswith("_iri")]:
        iris = sorted({str(value) for value in frame[column].dropna()})
        if not iris:
            continue
        values = " ".join(f"<{iri}>" for iri in iris)
        found = store.query(
            f"SELECT ?x ?lat ?long WHERE {{ VALUES ?x {{ {values} }} "
            f"?x <{ICSC}latitude> ?lat ; <{ICSC}longitude> ?long }} ORDER BY ?x ?lat ?long"
        )
        places = {row[0].value: (float(row[2].value), float(row[1].value)) for row in found.rows}  # type: ignore[union-attr]  # bound by the pattern
        if places:
            return str(column), places
    return "", {}


def _geojson(frame: pd.DataFrame, store: Store | None) -> bytes:
    column, places = _coordinates(frame, store) if store is not None else ("", {})
    if not places:
        raise UsageError(
            "nothing in this answer has coordinates",
            hint="Choose another format, or load a source of regions (`kg build --source regions …`).",
        )
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": list(places[str(record[column])])}
            if record.get(column) in places
            else None,
            "properties": record,
        }
        for record in _records(frame)
    ]
    body: Mapping[str, object] = {"type": "FeatureCollection", "features": features}
    return (json.dumps(body, ensure_ascii=False) + "\n").encode()


def _turtle(frame: pd.DataFrame) -> bytes:
    """Rows in the W3C result-set vocabulary."""
    from rdflib import BNode, Graph, Literal, Namespace, URIRef
    from rdflib.namespace import RDF

    rs = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
    graph = Graph()
    graph.bind("rs", rs)
    root = BNode("answer")
    graph.add((root, RDF.type, rs.ResultSet))
    columns = [str(name) for name in frame.columns]
    for name in columns:
        graph.add((root, rs.resultVariable, Literal(name)))
    for number, record in enumerate(_records(frame)):
        solution = BNode(f"row{number}")
        graph.add((root, rs.solution, solution))
        for name in columns:
            value = record[name]
            if value is None:
                continue
            binding = BNode(f"row{number}-{name}")
            node = URIRef(str(value)) if name.endswith("_iri") else Literal(value)
            graph.add((solution, rs.binding, binding))
            graph.add((binding, rs.variable, Literal(name)))
            graph.add((binding, rs.value, node))
    return graph.serialize(format="turtle").encode()
