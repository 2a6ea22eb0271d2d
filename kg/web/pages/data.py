"""What a release was made of, what was found wrong with it, and what changed since the one before."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from kg.diff import compare
from kg.errors import UsageError
from kg.graph import Graph, open_graph
from kg.releases import Release, list_releases
from kg.web.pages.common import ROWS, Given, rows_of
from kg.web.pages.complaints_zh import chinese
from kg.web.pages.licences import licence_parts

__all__ = ["sources_of"]

_COLUMNS = ("part", "change", "subject", "column", "before", "after", "cause", "statements_gone", "statements_new")


def sources_of(releases: Path) -> Callable[[Graph, str, Given], dict[str, Any]]:
    """The page of the sources.

    Args:
        releases: folder in which earlier releases are.
    """

    def sources(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
        """Where the release comes from, and what was found wrong with it."""
        served = graph.release
        others = [] if served is None else [release for release in list_releases(releases) if release.id != served.id]
        named = given.get("since", "")
        found = served.manifest["sources"] if served is not None else {}
        difference: pd.DataFrame | None = None
        if named and served is not None:
            if named not in {release.id for release in others}:
                hint = "There are: " + ", ".join(release.id for release in others) + "." if others else "There is none."
                raise UsageError(f"there is no other release {named!r}", where="since", hint=hint)
            difference = _difference(releases, named, served.id, lang)
        return {
            "others": others,
            "since": named,
            "difference": None if difference is None else _named(graph, lang, rows_of(difference.head(ROWS))),
            "changes": 0 if difference is None else len(difference),
            "columns": _COLUMNS,
            "report": _report(served) if served is not None else [],
            "licences": {name: licence_parts(source["licence"], lang) for name, source in found.items()},
            "reasons": {name: _reasons(source, lang) for name, source in found.items()},
        }

    return sources


def _reasons(source: Mapping[str, Any], lang: str) -> list[tuple[str, str, bool, int]]:
    """Why rows of a source were rejected: mapping, reason, whether it is English on a page that is not, rows."""
    told = []
    for mapping, details in source["mappings"].items():
        for reason, count in details["reasons"].items():
            said = chinese(reason) if lang == "zh" else reason
            told.append((mapping, said or reason, said is None, count))
    return told


def _named(graph: Graph, lang: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with the question that has changed called as it is on the pages."""
    questions = graph.questions()
    for row in rows:
        if row["part"] in questions:
            row["part"] = f"{questions[row['part']].texts(lang).summary} ({row['part']})"
    return rows


# Two releases never change, and a comparison takes seconds.
@functools.lru_cache(maxsize=8)
def _difference(releases: Path, before: str, after: str, lang: str) -> pd.DataFrame:
    return compare(open_graph(before, releases), open_graph(after, releases), lang=lang, timeout=60.0).frame


def _report(release: Release) -> list[dict[str, Any]]:
    """Checks that found something, as the build wrote them down."""
    path = release.path / "validation.json"
    if not path.is_file():
        return []
    outcomes: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8")).get("outcomes", [])
    order = {"error": 0, "warning": 1, "info": 2}
    return sorted(outcomes, key=lambda item: (order.get(item["severity"], 3), -item["count"], item["check"]))
