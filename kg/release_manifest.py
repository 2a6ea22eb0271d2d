"""What a release says of itself: its sources and their files, rows and triples, methods, software, times."""

from __future__ import annotations

import datetime as dt
import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.assets import asset_dir
from kg.loading.manifest import Loader, sha256_of
from kg.loading.results import SourceResult
from kg.reasoning import Closure

if TYPE_CHECKING:
    from kg.derivation import Derived

__all__ = ["describe_release"]


def describe_release(
    release_id: str,
    built: dt.datetime,
    loaders: Sequence[Loader],
    digests: Mapping[str, Mapping[str, str]],
    results: Sequence[SourceResult],
    closure: Closure,
    derived: Sequence[Derived],
    dumps: Mapping[str, str],
    findings: Mapping[str, int],
    timings: Mapping[str, float],
) -> dict[str, Any]:
    """The manifest of a release.

    Args:
        built: when it was built, UTC.
        loaders, results: those of its sources, in one order.
        digests: loader id -> name of a file -> its SHA-256.
        dumps: name of a dump -> its SHA-256.
        findings: level -> how many the checks of the content had.
        timings: step -> seconds.
    """
    return {
        "id": release_id,
        "built": f"{built:%Y-%m-%dT%H:%M:%SZ}",
        "sources": {
            loader.id: _source(loader, digests[loader.id], result)
            for loader, result in zip(loaders, results, strict=True)
        },
        "inferred": closure.described(),
        "derived": {
            item.method.name: {"version": item.method.version, "inputs": item.inputs, "triples": item.quads}
            for item in derived
        },
        "ontology": {path.name: sha256_of(path) for path in sorted(asset_dir("ontology").glob("*.ttl"))},
        "queries": _digest_of_queries(asset_dir("queries")),
        "dumps": dict(dumps),
        "validation": dict(findings),
        "software": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in ("duckdb", "pyoxigraph", "rdflib")},
        },
        "timings": {name: round(seconds, 3) for name, seconds in timings.items()},
    }


def _source(loader: Loader, digests: Mapping[str, str], result: SourceResult) -> dict[str, Any]:
    return {
        "title": loader.title,
        "title_zh": loader.title_zh,
        "licence": loader.licence,
        "publisher": loader.publisher,
        "homepage": loader.homepage,
        "version": loader.version,
        "note": loader.note,
        "retrieved": loader.retrieved.isoformat() if loader.retrieved else None,
        "confidence": loader.confidence,
        "reference": loader.reference,
        "files": {name: {"sha256": digest} for name, digest in digests.items()},
        "rows": {"read": result.read, "loaded": result.loaded, "rejected": result.rejected},
        "triples": result.quads,
        "mappings": {
            mapping.name: {
                "files": {
                    count.file: {"read": count.read, "loaded": count.loaded, "rejected": count.rejected}
                    for count in mapping.counts
                },
                "triples": mapping.quads,
                "reasons": dict(mapping.reasons),
            }
            for mapping in result.mappings
        },
    }


def _digest_of_queries(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.rq")):
        digest.update(f"{path.relative_to(folder).as_posix()} {sha256_of(path)}\n".encode())
    return digest.hexdigest()
