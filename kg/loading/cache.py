"""Mapped sources, kept between builds: what has not changed is not mapped again."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path

from kg.loading.engine import map_source
from kg.loading.manifest import Loader, sha256_of
from kg.loading.results import SourceResult
from kg.ontology import Ontology

__all__ = ["map_sources", "mapping_key", "prune"]


def mapping_key(loader: Loader, digests: Mapping[str, str], ontology: Ontology) -> str:
    """Hash of all that a mapping's output depends on.

    Args:
        digests: name of a file of the source -> its SHA-256.
    """
    digest = hashlib.sha256()
    for name, value in sorted(digests.items()):
        digest.update(f"{name} {value}\n".encode())
    for path in sorted(loader.folder.iterdir()):
        if path.suffix in {".sql", ".rq", ".toml"}:
            digest.update(f"{path.name} {sha256_of(path)}\n".encode())
    digest.update(repr(sorted(ontology.schema.ranges.items())).encode())
    digest.update(repr(sorted(ontology.schema.staged)).encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(sha256_of(path).encode())
    digest.update(metadata.version("duckdb").encode())
    return digest.hexdigest()[:32]


def map_sources(
    loaders: Sequence[Loader],
    files: Mapping[str, Mapping[str, Path]],
    digests: Mapping[str, Mapping[str, str]],
    ontology: Ontology,
    cache: Path,
    tell: Callable[[str, str], None],
) -> list[SourceResult]:
    """What each loader makes of its files, in the order of the loaders.

    Args:
        files: loader id -> name of a file -> where it is.
        digests: loader id -> name of a file -> its SHA-256.
        cache: folder of the mappings that are kept, one folder a source and content.
        tell: told each source.

    Raises:
        LoaderError: a loader or its data is wrong.
    """

    def one(loader: Loader) -> SourceResult:
        folder = cache / f"{loader.id}-{mapping_key(loader, digests[loader.id], ontology)}"
        if (folder / "result.json").is_file():
            tell("map", f"{loader.id}: unchanged")
            return SourceResult.load(folder)
        tell("map", loader.id)
        partial = cache / f"{folder.name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        threads = 2 if len(loaders) == 1 else 1
        map_source(loader, files[loader.id], partial, ontology.schema, threads=threads)
        shutil.rmtree(partial / "spill", ignore_errors=True)
        os.rename(partial, folder)
        return SourceResult.load(folder)

    # Two at a time: one alone leaves a core idle while it reads or writes.
    with ThreadPoolExecutor(max_workers=2) as pool:
        return list(pool.map(one, loaders))


def prune(results: Sequence[SourceResult], cache: Path) -> None:
    """Drops kept mappings of the same sources that are no longer used."""
    used = {result.folder.name for result in results}
    for result in results:
        for folder in cache.glob(f"{result.id}-" + "?" * 32):
            if folder.name not in used:
                shutil.rmtree(folder, ignore_errors=True)
