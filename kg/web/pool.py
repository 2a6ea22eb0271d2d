"""Query processes for the endpoint: a few of them, each at work on one query, killed and replaced at a limit."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import deque
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, Final, cast

from kg.errors import ReleaseError
from kg.web.frames import DATA, END, ERROR, HEAD, HEADER, READY
from kg.web.limits import Limits, QueryFailedError, launch, request_frame

__all__ = ["Answer", "Pool"]

#: Bytes of an answer that may wait for a slow reader before its query has to pause.
_AHEAD: Final = 1 << 20
_SECONDS_TO_START: Final = 60.0


class Answer:
    """An answer that may still be growing.

    Attributes:
        kind: `rows`, `truth` or `graph`.
        format: as named in the request.
    """

    __slots__ = ("_chunks", "_failure", "_pending", "_started", "_waiter", "_worker", "done", "format", "kind")

    def __init__(self, worker: _Worker, started: asyncio.Future[None]) -> None:
        self._worker = worker
        self._started = started
        self._chunks: deque[bytes] = deque()
        self._pending = 0
        self._failure: QueryFailedError | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.done = False
        self.kind = ""
        self.format = ""

    def whole(self) -> bytes | None:
        """The body, if all of it is here already."""
        return b"".join(self._chunks) if self.done and self._failure is None else None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body, piece by piece; the query waits for a reader that is slow.

        Raises:
            QueryFailedError: it broke off.
        """
        while True:
            while self._chunks:
                chunk = self._chunks.popleft()
                self._pending -= len(chunk)
                if self._pending < _AHEAD:
                    self._worker.resume()
                yield chunk
            if self._failure is not None:
                raise self._failure
            if self.done:
                return
            self._waiter = self._worker.loop.create_future()
            await self._waiter

    def stop(self) -> None:
        """Ends the query, whose reader is gone."""
        if not self.done:
            self._worker.fail(QueryFailedError("closed", "the reader is gone"))

    def _head(self, payload: bytes) -> None:
        head = json.loads(payload)
        self.kind, self.format = head["kind"], head["format"]
        if not self._started.done():
            self._started.set_result(None)

    def _data(self, payload: bytes) -> None:
        self._chunks.append(payload)
        self._pending += len(payload)
        if self._pending > _AHEAD:
            self._worker.pause()
        self._wake()

    def _end(self, failure: QueryFailedError | None) -> None:
        self.done = True
        self._failure = failure
        if failure is not None and not self._started.done():
            self._started.set_exception(failure)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class _Worker(asyncio.Protocol):
    """One query process."""

    def __init__(self, pool: Pool, process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.ready = False
        self._pool = pool
        self._process = process
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answer: Answer | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._until = 0.0

    def ask(self, request: bytes, seconds: float) -> tuple[Answer, asyncio.Future[None]]:
        """Sends a query; the future is done when the answer has begun."""
        started: asyncio.Future[None] = self.loop.create_future()
        answer = self._answer = Answer(self, started)
        self._timer = self.loop.call_later(seconds, self.fail, QueryFailedError.timed_out(seconds))
        self._until = self.loop.time() + seconds
        assert self._transport is not None
        self._transport.write(request)
        return answer, started

    def fail(self, failure: QueryFailedError) -> None:
        """Ends the process, and its query with this failure."""
        self._finish(failure)
        self.kill()

    def kill(self) -> None:
        """Ends the process."""
        self._process.kill()
        if self._transport is not None:
            self._transport.abort()

    def reap(self) -> None:
        """Waits until a killed process is gone."""
        self._process.wait()

    def pause(self) -> None:
        """Reads no more for now; the process then waits when the socket is full."""
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def resume(self) -> None:
        """Reads on."""
        if self._transport is not None and not self._transport.is_closing() and not self._transport.is_reading():
            self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        position = 0
        while len(data) - position >= HEADER.size:
            kind, size = HEADER.unpack_from(data, position)
            end = position + HEADER.size + size
            if len(data) < end:
                break
            self._frame(kind, data[position + HEADER.size : end])
            position = end
        self._buffer = data[position:]

    def connection_lost(self, exc: Exception | None) -> None:
        # The process's own alarm may go first where this loop is late.
        late = self._answer is not None and self.loop.time() >= self._until
        self._finish(QueryFailedError.timed_out(self._pool.limits.seconds) if late else QueryFailedError.died())
        self._pool._lost(self)

    def _frame(self, kind: bytes, payload: bytes) -> None:
        answer = self._answer
        if kind == READY:
            self.ready = True
            self._pool._free(self)
        elif answer is None:
            return
        elif kind == DATA:
            answer._data(payload)
        elif kind == HEAD:
            answer._head(payload)
        elif kind == END:
            self._finish(None)
            self._pool._free(self)
        elif kind == ERROR:
            self._finish(QueryFailedError.read(payload))
            self._pool._free(self)

    def _finish(self, failure: QueryFailedError | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        answer, self._answer = self._answer, None
        if answer is not None:
            answer._end(failure)


class Pool:
    """Query processes on one release's store.

    Args:
        store: the folder `store` of a release.
        workers: how many queries run at the same time.
        limits: what each may use.
    """

    def __init__(self, store: Path, workers: int = 4, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._store = store
        self._size = workers
        self._workers: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._waiting: deque[asyncio.Future[_Worker]] = deque()
        self._failed_starts = 0
        self._closed = False
        self._tasks: set[asyncio.Future[Any]] = set()

    async def start(self) -> None:
        """Starts the processes and waits for the first one.

        Raises:
            ReleaseError: the store cannot be opened.
        """
        self._loop = asyncio.get_running_loop()
        for _ in range(self._size):
            await self._spawn()
        deadline = self._loop.time() + _SECONDS_TO_START
        while not self._idle:
            if self._failed_starts or self._loop.time() > deadline:
                await self.close()
                raise ReleaseError("the store cannot be opened", where=str(self._store), hint="Run `kg build` again.")
            await asyncio.sleep(0.005)

    async def ask(
        self,
        query: str,
        rows: str | None = "json",
        graph: str | None = "ttl",
        default: Sequence[str] | None = None,
        named: Sequence[str] | None = None,
    ) -> Answer:
        """Asks a query and waits until its answer begins; see `request_frame` for the arguments.

        Raises:
            QueryFailedError: it has no answer.
        """
        request = request_frame(query, self.limits, rows, graph, default, named)
        worker = self._idle.pop() if self._idle else await self._wait()
        answer, started = worker.ask(request, self.limits.seconds)
        try:
            await started
        except asyncio.CancelledError:
            answer.stop()
            raise
        return answer

    @property
    def busy(self) -> bool:
        """Whether a query is running or waiting."""
        return bool(self._waiting) or any(worker._answer is not None for worker in self._workers)

    async def close(self) -> None:
        """Ends all processes, whatever they do."""
        self._closed = True
        workers = list(self._workers)
        for worker in workers:
            worker.kill()
        for future in self._waiting:
            if not future.done():
                future.set_exception(QueryFailedError("closed", "the server is closing"))
        loop = asyncio.get_running_loop()
        for worker in workers:
            await loop.run_in_executor(None, worker.reap)
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _wait(self) -> _Worker:
        if self._closed or len(self._waiting) >= self.limits.queue:
            raise QueryFailedError.busy()
        future: asyncio.Future[_Worker] = self._loop.create_future()
        self._waiting.append(future)
        timer = self._loop.call_later(self.limits.seconds, _give_up, future)
        try:
            return await future
        except asyncio.CancelledError:
            if future.done() and not future.cancelled() and future.exception() is None:
                self._free(future.result())
            raise
        finally:
            timer.cancel()

    def _free(self, worker: _Worker) -> None:
        self._failed_starts = 0
        while self._waiting:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(worker)
                return
        self._idle.append(worker)

    async def _spawn(self) -> None:
        if self._closed:
            return
        process, sock = launch(self._store, self.limits)
        worker = _Worker(self, process, self._loop)
        self._workers.add(worker)
        await self._loop.create_connection(lambda: worker, sock=sock)

    def _lost(self, worker: _Worker) -> None:
        self._workers.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        if not worker.ready:
            self._failed_starts += 1
        if self._closed:
            return
        self._keep(self._loop.run_in_executor(None, worker.reap))
        # A store that cannot be opened is not tried again and again at full speed.
        wait = min(5.0, 0.1 * 2**self._failed_starts) if self._failed_starts else 0.0
        self._loop.call_later(wait, lambda: self._keep(self._loop.create_task(self._spawn())))

    def _keep(self, task: asyncio.Future[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _give_up(future: asyncio.Future[_Worker]) -> None:
    if not future.done():
        future.set_exception(QueryFailedError.busy())
