"""Gets a source's files: where they lie, or by download."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import pooch

from kg.errors import SourceFileError
from kg.loading.manifest import Loader, SourceFile, sha256_of

__all__ = ["fetch", "prepared"]


def fetch(loader: Loader, data: Path | None, cache: Path, progress: bool = False) -> dict[str, Path]:
    """Paths of all files of a source, downloading those that have a URL and are not there.

    Args:
        data: folder with one folder of files a source.
        cache: where downloads are kept.
        progress: show a progress bar.

    Raises:
        SourceFileError: a file is missing, cannot be downloaded, or has another checksum.
    """
    paths: dict[str, Path] = {}
    for file in loader.files:
        base = loader.base(file, data)
        if base is not None and (base / file.name).is_file():
            paths[file.name] = base / file.name
        elif file.url:
            try:
                fetched = pooch.retrieve(
                    file.url,
                    known_hash=f"sha256:{file.sha256}",
                    fname=file.name.replace("/", "_"),
                    path=cache / loader.id,
                    progressbar=progress,
                )
            except (OSError, ValueError) as error:
                raise SourceFileError(
                    f"cannot be downloaded: {error}",
                    where=f"{loader.id}/{file.name}",
                    hint=f"Fetch it by hand from {file.url} and pass its folder with --data.",
                ) from error
            paths[file.name] = Path(fetched)
        else:
            place = base / file.name if base else Path("DATA") / loader.id / file.name
            raise SourceFileError(
                "no such file",
                where=str(place),
                hint=f"Source {loader.id} needs it; put it there"
                + ("." if base else ", and say where DATA is with --data DATA."),
            )
        if file.sha256 and file.url and sha256_of(paths[file.name]) != file.sha256:
            raise SourceFileError(
                "its SHA-256 is not the one in source.toml",
                where=str(paths[file.name]),
                hint="Fetch it again, or change sha256 if the new version is meant.",
            )
    return paths


def prepared(loader: Loader, paths: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Paths of the files as the mappings expect them: UTF-8, with every column that the manifest calls optional.

    Where a file differs it is written anew, and the rest is linked beside it: the engine reads a name wherever
    it finds it, so that all files have to lie in one place.

    Args:
        folder: where the new files go; made when needed.

    Raises:
        SourceFileError: a file is not in the encoding that the manifest names.
    """
    missing = {file.name: _missing_columns(file, paths[file.name]) for file in loader.files}
    if not any(missing.values()) and all(file.encoding is None for file in loader.files):
        return dict(paths)
    converted: dict[str, Path] = {}
    for file in loader.files:
        path = paths[file.name]
        target = converted[file.name] = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.encoding is None and not missing[file.name]:
            target.symlink_to(path.resolve())
            continue
        try:
            with (
                path.open(encoding=file.encoding or "utf-8-sig", newline="") as source,
                target.open("w", encoding="utf-8", newline="") as out,
            ):
                if missing[file.name]:
                    _widen(source, out, missing[file.name])
                else:
                    shutil.copyfileobj(source, out)
        except UnicodeDecodeError as error:
            raise SourceFileError(
                f"is not {file.encoding or 'UTF-8'} text",
                where=str(path),
                hint=f"Name its encoding in source.toml of {loader.id}.",
            ) from error
    return converted


def _missing_columns(file: SourceFile, path: Path) -> list[str]:
    if not file.optional:
        return []
    with path.open(encoding=file.encoding or "utf-8-sig", newline="", errors="replace") as source:
        header = next(csv.reader(source), [])
    return [column for column in file.optional if column not in header]


def _widen(source: TextIO, out: TextIO, columns: list[str]) -> None:
    """Copies a CSV file with further columns at its end, empty in every row."""
    rows = csv.reader(source)
    write = csv.writer(out, lineterminator="\n").writerow
    write([*next(rows, []), *columns])
    for row in rows:
        write([*row, *("" for _ in columns)])
