"""`kg check`: everything that can be wrong with the ontology, the queries, the loaders, a release."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from kg.asset_checks import asset_outcomes
from kg.assets import asset_dir
from kg.findings import Outcome, Profile, Report
from kg.library import Question
from kg.ontology import read_ontology
from kg.quality import axiom_outcomes, find_checks, query_outcomes
from kg.release import Release
from kg.shape_checks import shape_outcomes
from kg.store.base import Store
from kg.store.embedded import EmbeddedStore

__all__ = ["REPORT", "check", "content_outcomes", "validate", "write_report"]

#: The validation report's file in a release.
REPORT: Final = "validation.json"

_ORDER = ("error", "warning", "info", "off")


def check(release: Release | None = None) -> Report:
    """Checks the assets, and a release when there is one."""
    checks, profile = find_checks(asset_dir("queries"))
    outcomes = list(asset_outcomes(profile))
    if release is not None:
        outcomes += _release_outcomes(release, checks, profile)
    return _report(release.id if release else None, outcomes)


def validate(release: Release) -> Report:
    """Checks the content of a release alone: shapes, axioms, quality queries."""
    checks, profile = find_checks(asset_dir("queries"))
    return _report(release.id, _release_outcomes(release, checks, profile))


def content_outcomes(
    dumps: Iterable[Path], store: Store, checks: dict[str, Question], profile: Profile
) -> Iterator[Outcome]:
    """Shapes over N-Quads files, axioms and quality queries over a store of the same content."""
    ontology = asset_dir("ontology")
    yield from shape_outcomes(sorted(dumps), ontology / "shapes.ttl", store, profile)
    yield from axiom_outcomes(store, read_ontology(ontology).program, profile)
    yield from query_outcomes(store, checks, profile)


def write_report(report: Report, folder: Path) -> None:
    """Writes `validation.json` into a release's folder."""
    text = json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
    (folder / REPORT).write_text(text, encoding="utf-8")


def _release_outcomes(release: Release, checks: dict[str, Question], profile: Profile) -> Iterator[Outcome]:
    dumps = (release.path / "dumps").glob("*.nq")
    return content_outcomes(dumps, EmbeddedStore(release.store), checks, profile)


def _report(release: str | None, outcomes: Iterable[Outcome]) -> Report:
    ran = list(outcomes)
    found = [outcome for outcome in ran if outcome.count]
    found.sort(key=lambda outcome: (_ORDER.index(outcome.severity), outcome.check))
    return Report(release, len(ran), tuple(found))
