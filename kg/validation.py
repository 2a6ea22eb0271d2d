"""`kg check`: everything that can be wrong with the ontology, the queries, the loaders, a release."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Final

from kg.asset_checks import asset_outcomes
from kg.assets import asset_dir
from kg.findings import Outcome, Profile, Report
from kg.library import Question
from kg.ontology import read_ontology
from kg.quality import axiom_outcomes, find_checks, query_outcomes
from kg.shape_checks import shape_outcomes
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore

__all__ = ["REPORT", "check", "content_outcomes", "validate", "write_report"]

#: The validation report's file in a release.
REPORT: Final = "validation.json"

_ORDER = ("error", "warning", "info", "off")


def check(folder: Path | None = None, name: str | None = None) -> Report:
    """Checks the assets, and a release where one is given.

    Args:
        folder: a release's folder.
        name: its id.
    """
    checks, profile = find_checks(asset_dir("queries"))
    outcomes = list(asset_outcomes(profile))
    if folder is not None:
        outcomes += _release_outcomes(folder, checks, profile)
    return _report(name, outcomes)


def validate(folder: Path, name: str) -> Report:
    """Checks the content of a release alone: shapes, axioms, quality queries.

    Args:
        folder: the release's folder, with dumps and store.
        name: its id.
    """
    checks, profile = find_checks(asset_dir("queries"))
    return _report(name, _release_outcomes(folder, checks, profile))


def content_outcomes(
    dumps: Iterable[Path], store: Store, checks: Mapping[str, Question], profile: Profile
) -> Iterator[Outcome]:
    """Shapes over N-Quads files, axioms and quality queries over a store of the same content."""
    ontology = asset_dir("ontology")

    def content() -> list[Outcome]:
        shapes = list(shape_outcomes(sorted(dumps), ontology / "shapes.ttl", store, profile))
        return [*shapes, *axiom_outcomes(store, read_ontology(ontology).program, profile)]

    # Both libraries leave the interpreter to others while they work, and each side takes as long as the other.
    queries = _beside(lambda: list(query_outcomes(store, checks, profile)))
    yield from content()
    yield from queries.result()


def _beside(work: Callable[[], list[Outcome]]) -> Future[list[Outcome]]:
    """Starts work in a thread of its own, which nobody waits for when the process is stopped."""
    future: Future[list[Outcome]] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # raised again where the result is asked for
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future


def write_report(report: Report, folder: Path) -> None:
    """Writes `validation.json` into a release's folder."""
    text = json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
    (folder / REPORT).write_text(text, encoding="utf-8")


def _release_outcomes(folder: Path, checks: Mapping[str, Question], profile: Profile) -> Iterator[Outcome]:
    return content_outcomes((folder / "dumps").glob("*.nq"), EmbeddedStore(folder / "store"), checks, profile)


def _report(release: str | None, outcomes: Iterable[Outcome]) -> Report:
    ran = list(outcomes)
    found = [outcome for outcome in ran if outcome.count]
    found.sort(key=lambda outcome: (_ORDER.index(outcome.severity), outcome.check))
    return Report(release, len(ran), tuple(found))
