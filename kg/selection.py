"""A part of a release: only some sources, only what holds at a date, only what is sure enough.

The part is made from the statements of the sources as a release of its own: the rules and the methods run again on
what is left, so that nothing that follows from the rest stays behind in an answer, whatever the question. It is made
once and kept beside the releases; the release itself is not changed.
"""

from __future__ import annotations

import datetime as dt
import difflib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import filelock

from kg.assets import asset_dir
from kg.errors import ParameterError, ReleaseError, StorageError, UsageError, storage_error
from kg.loading.template import quote
from kg.ontology import read_ontology
from kg.releases import Release, open_release
from kg.selection_files import doubtful, link_or_copy, meta_lines, only, outside, same_size, stage, surer, without
from kg.store.filling import load_store
from kg.terms import GRAPH

__all__ = ["Selection", "select"]

#: Parts that are kept of one folder of releases; the oldest goes first.
_KEPT: Final = 6
#: Raised when parts come to hold something else.
_FORM: Final = 5
Tell = Callable[[str, str], None]


@dataclass(frozen=True)
class Selection:
    """What counts.

    Attributes:
        sources: ids of sources; none: all. Sources of reference (regions, classifications) always count.
        as_of: what begins after this date, has ended by it or was surveyed later does not count. A firm that was
            listed later counts, its listing does not.
        min_confidence: statements that are less sure do not count, 0-1; a statement without a confidence of its own
            has that of its source, and counts where that is not known either.
    """

    sources: tuple[str, ...] = ()
    as_of: dt.date | None = None
    min_confidence: float | None = None

    @classmethod
    def read(cls, source: object = None, as_of: object = None, min_confidence: object = None) -> Selection:
        """A selection from what a person typed: several sources separated by commas, a date, a number.

        Raises:
            ParameterError: the date or the number is none.
        """
        names = source if isinstance(source, list | tuple) else [] if source is None else [source]
        written = {name.strip() for text in names for name in re.split("[,，]", str(text)) if name.strip()}
        sources = {name.removeprefix(f"{GRAPH}source/") for name in written}
        try:
            day = None if as_of is None else as_of if isinstance(as_of, dt.date) else dt.date.fromisoformat(str(as_of))
        except ValueError as error:
            raise ParameterError(f"{str(as_of)!r} is not a date such as 2026-11-23", where="--as-of") from error
        try:
            least = None if min_confidence is None else float(str(min_confidence))
        except ValueError:
            least = -1.0
        if least is not None and not 0 <= least <= 1:
            raise ParameterError(f"{str(min_confidence)!r} is not a number in 0-1", where="--min-confidence")
        return cls(tuple(sorted(sources)), day, least)

    def __bool__(self) -> bool:
        return bool(self.sources) or self.as_of is not None or self.min_confidence is not None


def select(release: Release, selection: Selection, tell: Tell | None = None) -> Release:
    """The part of a release that counts, as a release; made at the first call.

    Args:
        tell: told what is being done; not called where the part is there already.

    Raises:
        UsageError: the release has no such source, or nothing is left.
        ReleaseError: the release's dumps are missing.
        StorageError: it cannot be written.
    """
    kept, unsure = _kept_sources(release.manifest.get("sources", {}), selection)
    folder = release.path.parent / ".kg-cache" / "selections"
    key = hashlib.sha256(
        json.dumps(
            [
                *(_FORM, release.id, release.manifest.get("dumps"), kept, unsure),
                *(str(selection.as_of), selection.min_confidence),
            ]
        ).encode()
    ).hexdigest()[:12]
    final = folder / f"{release.id}-{key}"
    if (final / "manifest.json").is_file():
        return open_release(final)
    # Of the same sources all that they say; before the lock, which this takes as well.
    limited = selection.as_of is not None or selection.min_confidence is not None
    whole = select(release, Selection(selection.sources), tell) if limited and selection.sources else release
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / ".lock"):
            if not (final / "manifest.json").is_file():
                partial = folder / f"{final.name}.partial"
                for old in folder.glob("*.partial"):
                    shutil.rmtree(old, ignore_errors=True)
                try:
                    _make(release, selection, kept, unsure, whole, partial, tell or (lambda step, what: None))
                    os.rename(partial, final)
                finally:
                    shutil.rmtree(partial, ignore_errors=True)
                _prune(folder)
    except duckdb.OutOfMemoryException as error:
        raise StorageError("not enough memory or disk for the selection", where=str(folder)) from error
    except (OSError, duckdb.IOException) as error:
        raise storage_error(error, folder) from error
    return open_release(final)


def _kept_sources(sources: Mapping[str, Any], selection: Selection) -> tuple[list[str], list[str]]:
    """Names of the sources that count, and of those of which only surer statements do."""
    for name in selection.sources:
        if name not in sources:
            near = difflib.get_close_matches(name, sources, n=3, cutoff=0.4) or sorted(sources)
            hint = "This release has: " + ", ".join(near) + "."
            raise UsageError(f"there is no source {name!r}", where="--source", hint=hint)
    kept, unsure = list[str](), list[str]()
    for name, source in sorted(sources.items()):
        sure = source.get("confidence")
        if not selection.sources or name in selection.sources or source.get("reference"):
            low = selection.min_confidence is not None and sure is not None and sure < selection.min_confidence
            (unsure if low else kept).append(name)
    return kept, unsure


def _make(
    release: Release,
    selection: Selection,
    kept: list[str],
    unsure: list[str],
    whole: Release,
    partial: Path,
    tell: Tell,
) -> None:
    from kg.analysis.steps import STEPS
    from kg.derivation import derive
    from kg.methods import find_methods
    from kg.reasoning import close

    old = release.path / "dumps"
    dumps = partial / "dumps"
    dumps.mkdir(parents=True)
    files, hardly = ([old / f"source-{name}.nq" for name in names] for names in (kept, unsure))
    for file in (*files, *hardly, old / "meta.nq", old / "ontology.nq"):
        if not file.is_file():
            raise ReleaseError("the dump of a source is missing", where=str(file), hint="Run `kg build` again.")
    tell("select", "statements that count")
    out = outside(files, selection.as_of, selection.min_confidence)
    chosen = [without(file, dumps / file.name, out, selection.as_of) for file in files]
    for name, file in zip(unsure, hardly, strict=True):
        over = outside([file], selection.as_of, selection.min_confidence)
        if sure := surer(file, selection.min_confidence or 0) - over:
            chosen.append(only(file, dumps / file.name, sure, over))
            kept = sorted([*kept, name])
    if not kept:
        raise UsageError(
            f"no source is as sure as {selection.min_confidence}", where="--min-confidence", hint="Choose a lower one."
        )
    if not unsure and len(kept) == len(release.manifest["sources"]) and all(map(same_size, chosen, files)):
        tell("select", "all of it counts")
        shutil.rmtree(partial)
        for name in ("dumps", "store"):
            shutil.copytree(release.path / name, partial / name, copy_function=link_or_copy)
        _describe(release, selection, kept, partial, {})
        return
    ontology = read_ontology(asset_dir("ontology"))
    tell("reason", "rules of the ontology")
    from kg.contradiction import Fact

    facts = [
        Fact(predicate, path, "selection", f"CASE WHEN p = {quote(f'<{predicate}>')} THEN s END", "o")
        for path, predicates in stage(chosen, ontology, partial)
        for predicate in predicates
    ]
    closure = close(ontology.program, facts, ontology.statements, dumps / "inferred.nq")
    follows = [dumps / "inferred.nq"]
    if selection.as_of is not None or selection.min_confidence is not None:
        everything = [*(whole.path / "dumps").glob("source-*.nq"), whole.path / "dumps" / "inferred.nq"]
        follows.append(doubtful(everything, [*chosen, *follows], dumps / "left-out.nq"))
    derived = []
    if release.manifest.get("derived"):
        dates = {
            f"{GRAPH}source/{name}": source["retrieved"]
            for name, source in release.manifest["sources"].items()
            if source.get("retrieved")
        }
        confidences = {
            f"{GRAPH}source/{name}": source["confidence"]
            for name, source in release.manifest["sources"].items()
            if source.get("confidence") is not None
        }
        methods = find_methods(Path(__file__).parent / "analysis" / "derived")
        derived = derive(
            methods,
            STEPS,
            ontology,
            [*chosen, *follows],
            dumps,
            dates,
            tell=lambda name: tell("analyse", name),
            confidences=confidences,
        )
    shutil.rmtree(dumps / "spill", ignore_errors=True)
    shutil.rmtree(partial / "staged", ignore_errors=True)
    with (dumps / "meta.nq").open("wb") as meta:
        meta.writelines(meta_lines(old / "meta.nq", set(kept)))
        meta.writelines(line.encode() for item in derived for line in item.meta)
    shutil.copyfile(old / "ontology.nq", dumps / "ontology.nq")
    tell("store", "loading")
    # Somebody waits for an answer: one that comes a little later than it could, once, beats settling first.
    load_store(partial / "store", sorted(dumps.glob("*.nq")))
    described: dict[str, Any] = {
        "inferred": closure.described(),
        "derived": {
            item.method.name: {"version": item.method.version, "inputs": item.inputs, "triples": item.quads}
            for item in derived
        },
        "dumps": {path.name: None for path in sorted(dumps.glob("*.nq"))},
        "validation": {},
    }
    _describe(release, selection, kept, partial, described)


def _describe(
    release: Release, selection: Selection, kept: list[str], partial: Path, described: Mapping[str, Any]
) -> None:
    """Writes the manifest of a part, the last thing that it needs."""
    manifest = {
        **release.manifest,
        "id": partial.stem,
        "selection": {
            "of": release.id,
            "sources": list(selection.sources),
            "as_of": selection.as_of.isoformat() if selection.as_of else None,
            "min_confidence": selection.min_confidence,
        },
        "sources": {name: release.manifest["sources"][name] for name in kept},
        **described,
    }
    (partial / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _prune(folder: Path) -> None:
    """Drops parts of releases that are gone, and the oldest ones."""
    parts = sorted(folder.glob("2*/manifest.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for number, manifest in enumerate(parts):
        release_id = manifest.parent.name.rsplit("-", 1)[0]
        if number >= _KEPT or not (folder.parents[1] / release_id).is_dir():
            shutil.rmtree(manifest.parent, ignore_errors=True)
