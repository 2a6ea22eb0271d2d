"""Fills a store on disk from N-Quads files."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["load_store"]

_BUFFER: Final = 1 << 20


class _Joined(io.RawIOBase):
    """Several files as one stream."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._files: Iterator[io.FileIO] = (io.FileIO(path) for path in paths)
        self._file: io.FileIO | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        while True:
            if self._file is None:
                self._file = next(self._files, None)
                if self._file is None:
                    return 0
            if count := self._file.readinto(buffer):
                return count
            self._file.close()
            self._file = None


def load_store(path: Path, dumps: Iterable[Path]) -> ox.Store:
    """Loads files into a new store.

    As one stream: each load leaves sorted runs of its own, all of which a look-up has to ask. What is left of them is
    one for every million statements; `ox.Store.optimize` merges those too, not compressed, on one processor: it takes a
    third of the loading again and up to twice the disk, and a query takes half the time or less. Meanwhile the store
    answers.

    Args:
        path: folder of the store; made new.
        dumps: N-Quads files without blank nodes, the last line of each ended.

    Raises:
        OSError: a file cannot be read, or the disk is full.
    """
    store = ox.Store(str(path))
    store.bulk_load(input=io.BufferedReader(_Joined(dumps), _BUFFER), format=ox.RdfFormat.N_QUADS, lenient=True)
    store.flush()
    return store
