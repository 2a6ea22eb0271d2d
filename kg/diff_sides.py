"""The two sides of a comparison: what each release knows, what it answers, and which version of a source it has."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pyoxigraph as ox

from kg.errors import AmbiguousParameterError, LimitError, ParameterError
from kg.graph import Graph
from kg.library import Question, ask
from kg.parameters import CLASSES, resolve
from kg.terms import GRAPH

__all__ = ["Side", "changed_sources", "hash_of", "title_of"]


class Side:
    """One of the two releases."""

    def __init__(self, graph: Graph, lang: str, end: float) -> None:
        self.graph = graph
        self.lang = lang
        self.end = end
        manifest = graph.release.manifest if graph.release else {}
        self.manifest: Mapping[str, Any] = manifest
        self.sources: Mapping[str, Any] = manifest.get("sources", {})

    def left(self) -> float:
        seconds = self.end - time.monotonic()
        if seconds <= 0:
            raise LimitError("the comparison took too long", hint="Name a --chain or a --question, or raise --timeout.")
        return seconds

    def answer(self, question: Question, values: Mapping[str, str]) -> pd.DataFrame:
        return ask(question, self.graph.store, values, self.lang, timeout=self.left()).frame

    def everything(self, kind: str) -> set[str]:
        text = f"SELECT DISTINCT ?x WHERE {{ ?x a <{CLASSES[kind]}> }}"
        rows = self.graph.store.query(text, self.left()).rows
        return {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}

    def dump(self, name: str) -> str | None:
        """Checksum of all that a source states here; None where that is not known."""
        digest = self.manifest.get("dumps", {}).get(f"source-{name}.nq")
        return None if digest is None else str(digest)

    def term(self, name: str, kind: str, value: str) -> str | None:
        """What a value names here; None where it names nothing."""
        try:
            return resolve(self.graph.store, name, kind, value)
        except AmbiguousParameterError:
            raise
        except ParameterError:
            return None

    def knows(self, graph: object) -> bool:
        return str(graph or "").removeprefix(GRAPH + "source/") in self.sources

    def source(self, graph: object) -> tuple[object, object, object, object, object]:
        """Title, version, date, checksum and note of a graph's source."""
        name = str(graph or "")
        entry = self.sources.get(name.removeprefix(GRAPH + "source/"))
        if entry:
            return title_of(entry, self.lang), entry["version"], entry["retrieved"], hash_of(entry), entry.get("note")
        method = self.manifest.get("derived", {}).get(name.removeprefix(GRAPH + "derived/"))
        return (name.removeprefix(GRAPH) or None), (method or {}).get("version"), None, None, None


def title_of(entry: Mapping[str, Any], lang: str) -> str:
    return str((lang == "zh" and entry.get("title_zh")) or entry["title"])


def hash_of(entry: Mapping[str, Any]) -> str:
    """One short checksum of all files of a source."""
    lines = sorted(f"{name} {file['sha256']}\n" for name, file in entry["files"].items())
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:12]


def changed_sources(before: Side, after: Side) -> list[str]:
    """Sources of which a statement can differ: those that gave other bytes."""
    names = sorted(set(before.sources) | set(after.sources))
    return [name for name in names if before.dump(name) is None or before.dump(name) != after.dump(name)]
