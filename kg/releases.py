"""Finished builds: where they lie, and which one is current."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import ReleaseError

__all__ = ["Release", "current_release", "find_release", "list_releases", "open_release", "releases_dir"]


@dataclass(frozen=True)
class Release:
    """A finished build.

    Attributes:
        id: build time in UTC and a short hash of the inputs.
        path: its folder.
        manifest: sources, rows, versions, timings.
    """

    id: str
    path: Path
    manifest: Mapping[str, Any]

    @property
    def store(self) -> Path:
        """Folder of the embedded store."""
        return self.path / "store"


def releases_dir(given: Path | str | None = None) -> Path:
    """Where releases lie: as given, else `$KG_RELEASES`, else `./releases`."""
    return Path(given or os.environ.get("KG_RELEASES") or "releases")


def current_release(releases: Path) -> Release:
    """The release that `current` points to.

    Raises:
        ReleaseError: there is none.
    """
    pointer = releases / "current"
    if not pointer.exists():
        raise ReleaseError(
            "there is no release yet", where=str(releases), hint="Run `kg build`, or name the folder with --releases."
        )
    return open_release(pointer.resolve())


def open_release(path: Path) -> Release:
    """Opens one release.

    Raises:
        ReleaseError: it is missing or damaged.
    """
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise ReleaseError("is not a complete release", where=str(path), hint="Run `kg build` again.") from error
    return Release(str(manifest["id"]), path, manifest)


def find_release(name: str | Path, releases: Path) -> Release:
    """A release by its id or its folder.

    Raises:
        ReleaseError: it is missing or damaged.
    """
    path = releases / name if (releases / name).is_dir() else Path(name)
    if not path.is_dir():
        known = sorted(item.parent.name for item in releases.glob("2*/manifest.json"))
        raise ReleaseError(
            f"there is no release {str(name)!r}",
            where=str(releases),
            hint="There are: " + (", ".join(known[-5:]) or "none") + "; or give its folder.",
        )
    return open_release(path)


def list_releases(releases: Path) -> list[Release]:
    """Every finished release of a folder, the newest first."""
    found = [open_release(item.parent) for item in releases.glob("2*/manifest.json")]
    return sorted(found, key=lambda release: release.id, reverse=True)
