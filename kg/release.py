"""Builds an immutable release: load, reason, store, and only then move the `current` pointer.

Either the full build succeeds, or nothing changes: everything is written to `<id>.partial/`, which
is renamed at the end; what a killed build leaves behind is removed by the next one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import filelock
from rdflib import BNode

from kg.assets import asset_dir
from kg.catalogue import Counts, count, names_of_graphs, write_catalogue
from kg.errors import BusyError, LoaderError, StorageError, storage_error
from kg.loading.cache import map_sources, mapping_key, prune
from kg.loading.files import fetch
from kg.loading.manifest import Loader, find_loaders, sha256_of
from kg.loading.provenance import source_quads
from kg.loading.results import SourceResult
from kg.memory import give_back_memory
from kg.ontology import Ontology, read_ontology
from kg.reasoning import Fact, close
from kg.release_manifest import describe_release
from kg.releases import Release, releases_dir
from kg.store.embedded import run_query
from kg.store.filling import load_store
from kg.terms import GRAPH, graph_of_source
from kg.validation import validate, write_report

if TYPE_CHECKING:
    from kg.derivation import Derived

__all__ = ["Progress", "build"]

#: Called with a step's name and what it is at work on.
Progress = Callable[[str, str], None]

_CACHE = ".kg-cache"


def build(
    sources: Sequence[str] | None = None,
    data: Path | None = None,
    loaders: Sequence[Path] = (),
    releases: Path | None = None,
    analysis: bool = True,
    progress: Progress | None = None,
    snapshots: Mapping[str, Path] | None = None,
) -> Release:
    """Builds a release.

    Args:
        sources: ids of the loaders to run; None: those that carry their data, and every other
            whose files are found.
        data: folder with one folder of files a source.
        loaders: further folders of loader folders.
        releases: where releases lie; None: see `releases_dir`.
        analysis: run the methods of `kg/analysis/derived/`, and the checks of the content too.
        progress: told what is being done.
        snapshots: folders of the files of single sources, by loader id; they go before `data`.

    Raises:
        InputError: in one line, what is wrong and where; the last release stays as it was.
    """
    tell = progress or (lambda step, what: None)
    folder = releases_dir(releases)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(folder / ".lock", timeout=0)
        with lock:
            work = _Build(sources, data, loaders, folder, analysis, tell, snapshots or {})
            try:
                return work.run()
            finally:
                # What a build that failed has written is of no use, and may be what fills the disk.
                work.clean()
    except filelock.Timeout as error:
        raise BusyError(
            "another build is at work here", where=str(folder), hint="Wait for it, or use another --releases folder."
        ) from error
    except duckdb.OutOfMemoryException as error:
        raise StorageError("not enough memory or disk for the build", where=str(folder)) from error
    except (OSError, duckdb.IOException) as error:
        raise storage_error(error, folder) from error


class _Build:
    def __init__(
        self,
        sources: Sequence[str] | None,
        data: Path | None,
        loaders: Sequence[Path],
        releases: Path,
        analysis: bool,
        tell: Progress,
        snapshots: Mapping[str, Path],
    ) -> None:
        self.snapshots = snapshots
        self.wanted = sources
        self.data = data
        self.folders = [asset_dir("loaders"), *loaders]
        self.releases = releases
        self.analysis = analysis
        self.tell = tell
        self.timings: dict[str, float] = {}

    def run(self) -> Release:
        started = time.perf_counter()
        self.clean()
        ontology_dir = asset_dir("ontology")
        ontology = read_ontology(ontology_dir)
        loaders = self._choose()
        self._clock("read", started)
        files = {loader.id: fetch(loader, self.data, self.releases / _CACHE / "downloads") for loader in loaders}
        digests = {loader.id: {name: sha256_of(path) for name, path in files[loader.id].items()} for loader in loaders}
        loaders = [loader.with_version(digests[loader.id]) for loader in loaders]
        step = time.perf_counter()
        cache = self.releases / _CACHE
        results = map_sources(loaders, files, digests, ontology, cache, self.tell)
        self._clock("map", step)

        content = hashlib.sha256()
        for loader in loaders:
            content.update(mapping_key(loader, digests[loader.id], ontology).encode())
        now = dt.datetime.now(dt.UTC)
        release_id = f"{now:%Y%m%dT%H%M%S}Z-{content.hexdigest()[:8]}"
        partial = self.releases / f"{release_id}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        (partial / "dumps").mkdir(parents=True)
        (partial / "rejects").mkdir()

        step = time.perf_counter()
        self.tell("reason", "rules of the ontology")
        facts = [
            Fact(
                fact.predicate,
                result.folder / fact.file,
                result.id,
                fact.s,
                fact.o,
                tuple(count.file for count in mapping.counts),
            )
            for result in results
            for mapping in result.mappings
            for fact in mapping.facts
        ]
        closure = close(ontology.program, facts, ontology.statements, partial / "dumps" / "inferred.nq")
        shutil.rmtree(partial / "dumps" / "spill", ignore_errors=True)
        give_back_memory()
        self._clock("reason", step)

        step = time.perf_counter()
        derived = self._derive(partial, loaders, results, ontology) if self.analysis else []
        self._clock("analyse", step)

        dumps = self._dump(partial, loaders, results, digests, ontology, derived)
        step = time.perf_counter()
        quads = sum(r.quads for r in results) + sum(d.quads for d in derived) + closure.inferred
        self.tell("store", f"{quads:,} statements")
        counts, digests_of_dumps = _fill(partial / "store", dumps)
        self._clock("store", step)

        findings: dict[str, int] = {}
        if self.analysis:
            step = time.perf_counter()
            self.tell("check", "shapes and quality of the content")
            report = validate(partial, release_id)
            write_report(report, partial)
            findings = {level: report.findings(level) for level in ("error", "warning", "info")}
            self._clock("check", step)

        manifest = describe_release(
            release_id, now, loaders, digests, results, closure, derived, digests_of_dumps, findings, self.timings
        )
        _write(partial / "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
        write_catalogue(partial, manifest, counts, partial)
        final = self.releases / release_id
        os.rename(partial, final)
        self._point(release_id)
        prune(results, cache)
        return Release(release_id, final, manifest)

    def _clock(self, name: str, since: float) -> None:
        self.timings[name] = time.perf_counter() - since

    def clean(self) -> None:
        for path in self.releases.glob("*.partial"):
            shutil.rmtree(path, ignore_errors=True)
        for path in (self.releases / _CACHE).glob("*.partial"):
            shutil.rmtree(path, ignore_errors=True)

    def _choose(self) -> list[Loader]:
        loaders = find_loaders(self.folders)
        for name, path in self.snapshots.items():
            if name not in loaders:
                raise LoaderError(f"there is no source {name!r}", hint="There are: " + ", ".join(loaders) + ".")
            loaders[name] = replace(loaders[name], at=path)
        if self.wanted is None:
            chosen = [
                loader
                for loader in loaders.values()
                if loader.locate(self.data) is not None or (loader.files and all(f.url for f in loader.files))
            ]
            if not chosen:
                raise LoaderError("no loader finds its files", hint="Say where they are with --data.")
            return chosen
        for name in self.wanted:
            if name not in loaders:
                raise LoaderError(f"there is no source {name!r}", hint="There are: " + ", ".join(loaders) + ".")
        return [loaders[name] for name in sorted(set(self.wanted))]

    def _derive(
        self, partial: Path, loaders: Sequence[Loader], results: Sequence[SourceResult], ontology: Ontology
    ) -> list[Derived]:
        from kg.analysis.steps import STEPS  # needs numpy and scipy, which no other command of the build does
        from kg.derivation import derive
        from kg.methods import find_methods

        dates = {graph_of_source(loader.id): loader.retrieved.isoformat() for loader in loaders if loader.retrieved}
        sure = {graph_of_source(loader.id): loader.confidence for loader in loaders if loader.confidence is not None}
        dumps = [*(result.folder / "quads.nq" for result in results), partial / "dumps" / "inferred.nq"]
        methods = find_methods(Path(__file__).parent / "analysis" / "derived")
        derived = derive(
            *(methods, STEPS, ontology, dumps, partial / "dumps", dates),
            tell=lambda name: self.tell("analyse", name),
            confidences=sure,
        )
        shutil.rmtree(partial / "dumps" / "spill", ignore_errors=True)
        return derived

    def _dump(
        self,
        partial: Path,
        loaders: Sequence[Loader],
        results: Sequence[SourceResult],
        digests: Mapping[str, Mapping[str, str]],
        ontology: Ontology,
        derived: Sequence[Derived],
    ) -> list[Path]:
        paths: list[Path] = []
        meta = names_of_graphs()
        for loader, result in zip(loaders, results, strict=True):
            path = partial / "dumps" / f"source-{loader.id}.nq"
            _link(result.folder / "quads.nq", path)
            _link(result.folder / "rejects.csv", partial / "rejects" / f"{loader.id}.csv")
            paths.append(path)
            meta += source_quads(loader, digests[loader.id], result.quads)
        for item in derived:
            paths.append(item.path)
            meta += item.meta
        _write(partial / "dumps" / "meta.nq", "".join(meta))
        lines = sorted(
            f"{s.n3()} {p.n3()} {o.n3()} <{GRAPH}ontology> .\n"
            for s, p, o in ontology.graph
            if not isinstance(s, BNode) and not isinstance(o, BNode)
        )
        _write(partial / "dumps" / "ontology.nq", "".join(lines))
        dumps = partial / "dumps"
        return [*paths, dumps / "inferred.nq", dumps / "meta.nq", dumps / "ontology.nq"]

    def _point(self, release_id: str) -> None:
        """Moves `current`: the rename is atomic, so a reader sees the old or the new release."""
        link = self.releases / ".current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(release_id)
        os.replace(link, self.releases / "current")


def _fill(folder: Path, dumps: Sequence[Path]) -> tuple[Counts, dict[str, str]]:
    """Fills the store; gives what it holds, and the SHA-256 of each dump.

    Both are found beside the merging of the store's sorted runs, which keeps one processor busy.
    """
    store = load_store(folder, dumps)
    with ThreadPoolExecutor(max_workers=1) as pool:
        counts = pool.submit(count, lambda text: run_query(store, text))
        digests = pool.submit(lambda: {path.name: sha256_of(path) for path in dumps})
        store.optimize()
        return counts.result(), digests.result()


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
