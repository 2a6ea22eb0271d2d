"""Query processes behind `kg.store.Store`, for code that waits: the pages, linked data, the API of questions."""

from __future__ import annotations

import contextlib
import json
import queue
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Final

from kg.store.base import Result, from_json
from kg.web.frames import DATA, END, ERROR, HEAD, HEADER
from kg.web.limits import Limits, QueryFailedError, launch, request_frame

__all__ = ["PooledStore"]

_ROWS: Final = "json"
_TRIPLES: Final = "nt"


class _Link:
    """One query process, seen from a thread that waits for it."""

    def __init__(self, process: subprocess.Popen[bytes], sock: socket.socket) -> None:
        self.process = process
        self.sock = sock
        self.ready = False

    def end(self) -> None:
        self.process.kill()
        self.sock.close()
        self.process.wait()

    def receive(self, deadline: float) -> tuple[bytes, bytes]:
        """The next frame; raises TimeoutError, or EOFError where the process is gone."""
        kind, size = HEADER.unpack(self._exactly(HEADER.size, deadline))
        return kind, self._exactly(size, deadline)

    def _exactly(self, size: int, deadline: float) -> bytes:
        data = bytearray(size)
        view = memoryview(data)
        while view:
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(left)
            number = self.sock.recv_into(view)
            if not number:
                raise EOFError
            view = view[number:]
        return bytes(data)


class PooledStore:
    """A release's store, asked in processes of its own that can be killed; for any number of threads.

    Args:
        path: the folder `store` of a release.
        workers: how many queries run at the same time.
        limits: what each may use.
    """

    def __init__(self, path: Path, workers: int = 2, limits: Limits | None = None) -> None:
        self._path = path
        self._limits = limits or Limits()
        self._idle: queue.LifoQueue[_Link] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._all: set[_Link] = set()
        self._waiting = 0
        self._closed = False
        for _ in range(workers):
            self._add()

    def query(self, text: str, timeout: float | None = None) -> Result:
        """See `Store.query`. No time given: that of the limits.

        Raises:
            QueryError: it does not parse, or is not allowed.
            TimeLimitError: the time is over.
            OverloadError: too many queries are waiting.
            LimitError: it needs too much memory, or gives too many rows.
        """
        seconds = min(timeout or self._limits.seconds, self._limits.seconds)
        try:
            kind, body = self._fetch(text, seconds)
        except QueryFailedError as failure:
            raise failure.as_error() from None
        return Result(triples=body.decode()) if kind == "graph" else from_json(body)

    def close(self) -> None:
        """Ends all processes."""
        with self._lock:
            self._closed = True
            links, self._all = self._all, set()
        for link in links:
            link.end()

    @property
    def busy(self) -> bool:
        """Whether a query is running."""
        return self._idle.qsize() < len(self._all)

    def _add(self) -> None:
        with self._lock:
            if self._closed:
                return
            link = _Link(*launch(self._path, self._limits))
            self._all.add(link)
        self._idle.put(link)

    def _take(self, seconds: float) -> _Link:
        with self._lock:
            if self._closed or self._waiting >= self._limits.queue:
                raise QueryFailedError.busy()
            self._waiting += 1
        try:
            return self._idle.get(timeout=seconds)
        except queue.Empty:
            raise QueryFailedError.busy() from None
        finally:
            with self._lock:
                self._waiting -= 1

    def _fetch(self, text: str, seconds: float) -> tuple[str, bytes]:
        request = request_frame(text, self._limits, _ROWS, _TRIPLES, seconds=seconds)
        link = self._take(seconds)
        sound = False
        deadline = time.monotonic() + seconds
        try:
            if not link.ready:
                # The start of a process is not the query's time.
                link.receive(deadline)
                link.ready = True
                deadline = time.monotonic() + seconds
            link.sock.settimeout(seconds)
            link.sock.sendall(request)
            kind, chunks = "", list[bytes]()
            while True:
                frame, payload = link.receive(deadline)
                if frame == HEAD:
                    kind = json.loads(payload)["kind"]
                elif frame == DATA:
                    chunks.append(payload)
                elif frame == ERROR:
                    sound = True
                    raise QueryFailedError.read(payload)
                elif frame == END:
                    sound = True
                    return kind, b"".join(chunks)
        except TimeoutError:
            raise QueryFailedError.timed_out(seconds) from None
        except (EOFError, OSError):
            raise (
                QueryFailedError.timed_out(seconds) if time.monotonic() >= deadline else QueryFailedError.died()
            ) from None
        finally:
            if sound:
                self._idle.put(link)
            else:
                with self._lock:
                    self._all.discard(link)
                with contextlib.suppress(OSError):
                    link.end()
                self._add()
