"""Gets a source's files: where they lie, or by download."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pooch

from kg.errors import SourceFileError
from kg.loading.manifest import Loader, sha256_of

__all__ = ["as_utf8", "fetch"]


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
        base = loader.folder / "data" if file.bundled else data / loader.id if data else None
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


def as_utf8(loader: Loader, paths: Mapping[str, Path], folder: Path) -> dict[str, Path]:
    """Paths of the files as UTF-8: where one has another encoding, it is written anew and the rest linked beside it.

    The engine reads a name wherever it finds it, so that all files have to lie in one place.

    Args:
        folder: where the new files go; made when needed.

    Raises:
        SourceFileError: a file is not in the encoding that the manifest names.
    """
    if all(file.encoding is None for file in loader.files):
        return dict(paths)
    converted: dict[str, Path] = {}
    for file in loader.files:
        target = converted[file.name] = folder / file.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.encoding is None:
            target.symlink_to(paths[file.name].resolve())
            continue
        try:
            with (
                paths[file.name].open(encoding=file.encoding, newline="") as source,
                target.open("w", encoding="utf-8", newline="") as out,
            ):
                while block := source.read(1 << 20):
                    out.write(block)
        except UnicodeDecodeError as error:
            raise SourceFileError(
                f"is not {file.encoding} text",
                where=str(paths[file.name]),
                hint=f"source.toml of {loader.id} says that it is; name the right encoding there.",
            ) from error
    return converted
