"""Every error that the package raises on purpose.

KgError
├── InputError                 exit code 2: something given is wrong
│   ├── UsageError             a command or option
│   ├── LoaderError            a loader folder: source.toml, *.sql, *.rq
│   ├── SourceFileError        a source's data file
│   ├── OntologyError          the ontology: an axiom that is not handled, an unknown term
│   ├── ContradictionError     data that contradicts the ontology
│   ├── QueryError             a query: syntax, header, unknown prefix
│   ├── ParameterError         a parameter's name or value
│   │   └── AmbiguousParameterError
│   ├── ShareError             numbers that a method cannot use: shares, weights, times
│   ├── ReleaseError           a release that is missing or damaged
│   ├── EndpointError          a remote SPARQL endpoint
│   ├── StorageError           a folder that cannot be written, a full disk
│   └── BusyError              another build holds the lock
└── LimitError                 exit code 3: time, rows or memory
    ├── TimeLimitError         the time is over
    └── OverloadError          too many queries wait already
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

__all__ = [
    "AmbiguousParameterError",
    "BusyError",
    "ContradictionError",
    "EndpointError",
    "InputError",
    "KgError",
    "LimitError",
    "LoaderError",
    "OntologyError",
    "OverloadError",
    "ParameterError",
    "QueryError",
    "ReleaseError",
    "ShareError",
    "SourceFileError",
    "StorageError",
    "TimeLimitError",
    "UsageError",
    "storage_error",
]


class KgError(Exception):
    """What went wrong, where, and what to do about it.

    Args:
        what: the fault, in one line.
        where: file, and line or row and column where known.
        hint: what the reader can do.
        choices: IRIs of what may have been meant, which the hint lists.
    """

    exit_code: ClassVar[int] = 2

    def __init__(
        self, what: str, where: str | None = None, hint: str | None = None, choices: Sequence[str] = ()
    ) -> None:
        super().__init__(what)
        self.what = " ".join(what.split())
        self.where = where
        self.hint = hint
        self.choices = tuple(choices)

    def __str__(self) -> str:
        text = f"{self.where}: {self.what}" if self.where else self.what
        return f"{text}\n    {self.hint}" if self.hint else text


class InputError(KgError):
    """Something that was given is wrong."""


class UsageError(InputError):
    """A command or an option is wrong."""


class LoaderError(InputError):
    """A loader folder is wrong."""


class SourceFileError(InputError):
    """A data file of a source is missing, unreadable or malformed."""


class OntologyError(InputError):
    """The ontology holds something that cannot be used."""


class ContradictionError(InputError):
    """Loaded statements contradict the ontology."""


class QueryError(InputError):
    """A query is wrong."""


class ParameterError(InputError):
    """A parameter's name or value is wrong."""


class AmbiguousParameterError(ParameterError):
    """A parameter's value names more than one thing."""


class ShareError(InputError):
    """Numbers given to a method lie outside what it can use."""


class ReleaseError(InputError):
    """A release is missing or damaged."""


class EndpointError(InputError):
    """A remote endpoint does not answer as it should."""


class StorageError(InputError):
    """A folder cannot be written, or a disk is full."""


def storage_error(error: Exception, folder: Path) -> StorageError:
    """What a system's or a database's error says of a folder that cannot be written.

    Args:
        error: its text counts where it has no number, as the embedded engines' errors have none.
        folder: named where the error names no file.
    """
    number, text = getattr(error, "errno", None), str(error)
    name = getattr(error, "filename", None)
    if number in {errno.ENOSPC, errno.EDQUOT} or "No space left" in text:
        what = "the disk is full"
    elif number == errno.EFBIG or "File too large" in text:
        what = "a file may not grow as large as is needed"
    else:
        what = f"cannot be written: {getattr(error, 'strerror', None) or text.splitlines()[0]}"
    hint = "Free space, or choose another folder with --releases."
    return StorageError(what, where=str(name or folder), hint=hint)


class BusyError(InputError):
    """Another build is at work in the same folder."""


class LimitError(KgError):
    """A limit of time, rows or memory was hit."""

    exit_code: ClassVar[int] = 3


class TimeLimitError(LimitError):
    """The time for a query is over."""


class OverloadError(LimitError):
    """Too many queries are waiting already."""
