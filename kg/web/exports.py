"""Large answers, in temporary files, for an export that a notebook or a page repeats.

Files have no name and go with the process.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections import OrderedDict
from collections.abc import Generator
from typing import IO, Final

from kg.web.answers import Request

__all__ = ["Exports", "Kept", "Writer"]

#: Bytes of one file, and of all.
_ONE: Final = 64 << 20
_ALL: Final = 512 << 20
_PART: Final = 256 << 10


class Kept:
    """A large answer in a file.

    Attributes:
        kind: `rows`, `truth` or `graph`.
        format: as named in the request.
        size: in bytes.
    """

    def __init__(self, kind: str, format: str, file: IO[bytes], size: int) -> None:
        self.kind = kind
        self.format = format
        self.size = size
        self._file = file
        self._readers = 0
        self._gone = False

    def parts(self) -> Generator[bytes]:
        """The answer, piece by piece; any number of readers at the same time, of one thread."""
        self._readers += 1
        try:
            for start in range(0, self.size, _PART):
                self._file.seek(start)
                yield self._file.read(min(_PART, self.size - start))
        finally:
            self._readers -= 1
            self._end()

    def forget(self) -> None:
        """Closes the file when its last reader is done."""
        self._gone = True
        self._end()

    def _end(self) -> None:
        if self._gone and not self._readers:
            self._file.close()


class Writer:
    """Keeps an answer while it is sent; whatever goes wrong, the sending goes on."""

    def __init__(self, exports: Exports, request: Request, kind: str, format: str) -> None:
        self._exports = exports
        self._request = request
        self._kind = kind
        self._format = format
        self._size = 0
        self._file: IO[bytes] | None = None
        with contextlib.suppress(OSError):
            # Closed by whoever has it last.
            self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def write(self, part: bytes) -> None:
        """Adds a part."""
        self._size += len(part)
        if self._file is None:
            return
        try:
            if self._size > _ONE:
                self.drop()
            else:
                self._file.write(part)
        except OSError:
            # A full disk: it is only not kept.
            self.drop()

    def done(self) -> None:
        """The answer is whole."""
        file, self._file = self._file, None
        if file is not None:
            self._exports._add(self._request, Kept(self._kind, self._format, file, self._size))

    def drop(self) -> None:
        """Nothing is kept."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                file.close()


class Exports:
    """Large answers by request, those asked for last; one release's only.

    Args:
        most: bytes of all files.
    """

    def __init__(self, most: int = _ALL) -> None:
        self._most = most
        self._kept: OrderedDict[Request, Kept] = OrderedDict()
        self._closed = False
        self.size = 0

    def get(self, request: Request) -> Kept | None:
        """The answer to a request that was asked before."""
        kept = self._kept.get(request)
        if kept is not None:
            self._kept.move_to_end(request)
        return kept

    def writer(self, request: Request, kind: str, format: str) -> Writer:
        """Where to keep the answer to this request."""
        return Writer(self, request, kind, format)

    def close(self) -> None:
        """Forgets everything."""
        self._closed = True
        while self._kept:
            self._forget()

    def _add(self, request: Request, kept: Kept) -> None:
        if self._closed or request in self._kept or kept.size > self._most:
            kept.forget()
            return
        self._kept[request] = kept
        self.size += kept.size
        while self.size > self._most:
            self._forget()

    def _forget(self) -> None:
        _, old = self._kept.popitem(last=False)
        self.size -= old.size
        old.forget()
