"""A loader folder: its manifest, its mappings, the files it reads."""

from __future__ import annotations

import codecs
import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.errors import LoaderError, SourceFileError

__all__ = ["Loader", "SourceFile", "Version", "find_loaders", "read_loader", "sha256_of"]

_TEXT_KEYS = ("title", "licence")
_KNOWN_KEYS = {
    "title",
    "title_zh",
    "description",
    "description_zh",
    "publisher",
    "licence",
    "homepage",
    "version",
    "retrieved",
    "confidence",
    "reference",
    "files",
    "versions",
}


@dataclass(frozen=True)
class SourceFile:
    """One file of a source.

    Attributes:
        name: path relative to the source's data folder.
        url: where it can be downloaded, if anywhere.
        sha256: its checksum, required with a url.
        bundled: the file lies in the loader folder, under `data/`.
        encoding: how its text is encoded, where it is not UTF-8; a name that Python knows.
        optional: columns that some versions of the file lack; they are then empty in every row.
    """

    name: str
    url: str | None = None
    sha256: str | None = None
    bundled: bool = False
    encoding: str | None = None
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Version:
    """One known version of a source, recognised by the checksum of one of its files.

    Attributes:
        file: the file.
        sha256: its checksum in this version.
        version: what the publisher calls it.
        note: what its numbers mean, where that differs between versions.
    """

    file: str
    sha256: str
    version: str
    note: str | None


@dataclass(frozen=True)
class Loader:
    """One loader folder, read and checked for form.

    Attributes:
        id: name of the folder.
        folder: the folder.
        mappings: stems of its `<name>.sql` + `<name>.rq` pairs, sorted.
        confidence: default confidence of its statements, 0-1, None when not stated.
        reference: what it holds is what others refer to (regions, classifications), so that it always counts.
        versions: versions that the manifest knows; the files decide which one it is.
        note: what the numbers of the version at hand mean.
        at: folder of its files, where they do not lie in the data folder.
    """

    id: str
    folder: Path
    title: str
    title_zh: str | None
    description: str | None
    publisher: str | None
    licence: str
    homepage: str | None
    version: str | None
    retrieved: dt.date | None
    confidence: float | None
    files: tuple[SourceFile, ...]
    mappings: tuple[str, ...]
    versions: tuple[Version, ...] = ()
    note: str | None = None
    at: Path | None = None
    reference: bool = False

    @property
    def bundled(self) -> bool:
        """Whether the loader carries all of its data."""
        return all(file.bundled for file in self.files)

    def base(self, file: SourceFile, data: Path | None) -> Path | None:
        """The folder in which one file is looked for; None when nobody said where."""
        if file.bundled:
            return self.folder / "data"
        return self.at or (data / self.id if data else None)

    def with_version(self, digests: Mapping[str, str]) -> Loader:
        """The loader, saying which version of its source the files are.

        Args:
            digests: SHA-256 of each file, by name.
        """
        if not self.versions:
            return self
        for known in self.versions:
            if digests.get(known.file) == known.sha256:
                return replace(self, version=known.version, note=known.note)
        file = self.versions[0].file
        return replace(self, version=f"not a known version ({file} {digests.get(file, '')[:12]})", note=None)

    def locate(self, data: Path | None) -> dict[str, Path] | None:
        """Paths of all files, by name; None when some are not there.

        Args:
            data: folder that holds one folder of files a source, `data/<loader id>/`.
        """
        paths: dict[str, Path] = {}
        for file in self.files:
            base = self.base(file, data)
            if base is None or not (base / file.name).is_file():
                return None
            paths[file.name] = base / file.name
        return paths

    def missing(self, data: Path | None) -> list[Path]:
        """The files that `locate` does not find."""
        found: list[Path] = []
        for file in self.files:
            base = self.base(file, data or Path("DATA")) or Path()
            if not (base / file.name).is_file():
                found.append(base / file.name)
        return found


def find_loaders(folders: Iterable[Path]) -> dict[str, Loader]:
    """All loaders in some folders of loader folders, by id, in order of id.

    Raises:
        LoaderError: a folder is missing, two loaders share an id, or one is malformed.
    """
    loaders: dict[str, Loader] = {}
    for parent in folders:
        if not parent.is_dir():
            raise LoaderError("no such folder of loaders", where=str(parent))
        # A folder given by the user may be one loader as well as a folder of loaders.
        candidates = [parent] if (parent / "source.toml").is_file() else sorted(parent.iterdir())
        for folder in candidates:
            if not (folder / "source.toml").is_file():
                continue
            loader = read_loader(folder)
            if loader.id in loaders:
                raise LoaderError(
                    f"a second loader is called {loader.id!r}",
                    where=str(folder),
                    hint=f"The first one is {loaders[loader.id].folder}; rename one of them.",
                )
            loaders[loader.id] = loader
    return dict(sorted(loaders.items()))


def read_loader(folder: Path) -> Loader:
    """Reads one loader folder.

    Raises:
        LoaderError: the manifest is malformed, or a mapping lacks its partner file.
    """
    path = folder / "source.toml"
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoaderError(f"not valid TOML: {error}", where=str(path)) from error
    except OSError as error:
        raise LoaderError(f"cannot be read: {error.strerror}", where=str(path)) from error
    for key in _TEXT_KEYS:
        if not isinstance(raw.get(key), str) or not raw[key].strip():
            raise LoaderError(f'"{key}" is missing or empty', where=str(path), hint=f'Add {key} = "…".')
    for key in raw:
        if key not in _KNOWN_KEYS:
            raise LoaderError(
                f'"{key}" is not a known key',
                where=str(path),
                hint="Known: " + ", ".join(sorted(_KNOWN_KEYS)),
            )
    confidence = raw.get("confidence")
    if confidence is not None and not (isinstance(confidence, int | float) and 0 <= confidence <= 1):
        raise LoaderError('"confidence" must lie in 0-1', where=str(path))
    if not isinstance(raw.get("reference", False), bool):
        raise LoaderError('"reference" must be true or false', where=str(path))
    retrieved = raw.get("retrieved")
    if isinstance(retrieved, dt.datetime):
        retrieved = retrieved.date()
    elif isinstance(retrieved, str):
        try:
            retrieved = dt.date.fromisoformat(retrieved)
        except ValueError as error:
            raise LoaderError('"retrieved" must be a date', where=str(path)) from error
    files = tuple(_file(entry, path) for entry in raw.get("files", []))
    names = {file.name for file in files}
    return Loader(
        id=folder.resolve().name,
        folder=folder,
        title=raw["title"],
        title_zh=raw.get("title_zh"),
        description=raw.get("description"),
        publisher=raw.get("publisher"),
        licence=raw["licence"],
        homepage=raw.get("homepage"),
        version=None if raw.get("version") is None else str(raw["version"]),
        retrieved=retrieved,
        confidence=None if confidence is None else float(confidence),
        files=files,
        mappings=_mappings(folder),
        versions=tuple(_version(entry, names, path) for entry in raw.get("versions", [])),
        reference=raw.get("reference", False),
    )


def _file(entry: Any, path: Path) -> SourceFile:
    if isinstance(entry, str):
        entry = {"name": entry}
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise LoaderError("a [[files]] entry needs a name", where=str(path))
    unknown = set(entry) - {"name", "url", "sha256", "bundled", "encoding", "optional"}
    if unknown:
        raise LoaderError(f"[[files]] has unknown keys: {', '.join(sorted(unknown))}", where=str(path))
    name = entry["name"]
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise LoaderError(f"file {name!r} must lie inside the data folder", where=str(path))
    if entry.get("url") and not entry.get("sha256"):
        raise LoaderError(f"file {name!r} has a url but no sha256", where=str(path))
    encoding = entry.get("encoding")
    if encoding is not None:
        try:
            codecs.lookup(str(encoding))
        except LookupError as error:
            raise LoaderError(f"file {name!r} has an unknown encoding {encoding!r}", where=str(path)) from error
    bundled = bool(entry.get("bundled", False))
    optional = entry.get("optional", [])
    if not isinstance(optional, list) or not all(isinstance(column, str) for column in optional):
        raise LoaderError(f'"optional" of file {name!r} must be a list of columns', where=str(path))
    return SourceFile(name, entry.get("url"), entry.get("sha256"), bundled, encoding, tuple(optional))


def _version(entry: Any, names: set[str], path: Path) -> Version:
    keys = ("file", "sha256", "version")
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in keys):
        raise LoaderError("a [[versions]] entry needs file, sha256 and version", where=str(path))
    if unknown := set(entry) - {*keys, "note"}:
        raise LoaderError(f"[[versions]] has unknown keys: {', '.join(sorted(unknown))}", where=str(path))
    if entry["file"] not in names:
        raise LoaderError(f"[[versions]] names {entry['file']!r}, which is not in [[files]]", where=str(path))
    return Version(entry["file"], entry["sha256"], entry["version"], entry.get("note"))


def _mappings(folder: Path) -> tuple[str, ...]:
    selects = {path.stem for path in folder.glob("*.sql")}
    templates = {path.stem for path in folder.glob("*.rq")}
    for stem in sorted(selects - templates):
        raise LoaderError(
            f"{stem}.sql has no {stem}.rq beside it",
            where=str(folder),
            hint="A mapping is a SELECT and a CONSTRUCT template of the same name.",
        )
    if not templates:
        raise LoaderError("holds no mapping (*.sql + *.rq)", where=str(folder))
    return tuple(sorted(templates))


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, as hex.

    Raises:
        SourceFileError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceFileError(f"cannot be read: {error.strerror}", where=str(path)) from error
