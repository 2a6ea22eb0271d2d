"""Query processes for the endpoint: each at work on one query, killed and replaced at a limit.

Small queries go to few processes, a few to each at a time: what they need then is in the processors' caches, and
neither side has to be woken for each. No query waits behind a long one.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from kg.errors import ReleaseError
from kg.web.limits import Limits, QueryFailedError, launch, request_frame
from kg.web.processes import PATIENCE, Answer, Process

__all__ = ["Answer", "Pool"]

#: Queries that a process may have at the same time, of which one runs; and how long they may take together.
_DEPTH: Final = 8
_SECONDS_OF_DEPTH: Final = 0.002
#: Where queries take less than this, the server itself needs about a processor to keep one process at work.
_SECONDS_OF_SMALL: Final = 0.0003
_SECONDS_TO_START: Final = 60.0


class Pool:
    """Query processes on one release's store.

    Args:
        store: the folder `store` of a release.
        workers: how many long queries run at the same time.
        limits: what each may use.
    """

    def __init__(self, store: Path, workers: int = 4, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._store = store
        self._size = workers
        self._processors = _processors()
        # What a query took lately, on average.
        self._usual = 0.0
        self._depth = 1
        self._sharing = workers
        self._workers: list[Process] = []
        self._waiting: deque[Answer] = deque()
        self._ticking = False
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
        while not any(worker.ready for worker in self._workers):
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
        now = self._loop.time()
        answer = Answer(request, now, self._loop.create_future())
        worker = None if self._waiting else self._choose(now)
        if worker is not None:
            worker.ask(answer, now)
        elif self._closed or len(self._waiting) >= self.limits.queue:
            raise QueryFailedError.busy()
        else:
            self._waiting.append(answer)
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(PATIENCE, self._tick)
        try:
            await answer.started
        except asyncio.CancelledError:
            answer.stop()
            raise
        return answer

    @property
    def busy(self) -> bool:
        """Whether a query is running or waiting."""
        return bool(self._waiting) or any(self._workers)

    async def close(self) -> None:
        """Ends all processes, whatever they do."""
        self._closed = True
        closing = QueryFailedError("closed", "the server is closing")
        workers = list(self._workers)
        for worker in workers:
            worker.fail(closing)
        self._end_waiting(closing)
        loop = asyncio.get_running_loop()
        for worker in workers:
            await loop.run_in_executor(None, worker.reap)
        if self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def took(self, seconds: float) -> None:
        """See `Owner`."""
        self._usual += (min(seconds, PATIENCE) - self._usual) / 16
        self._depth = max(1, min(_DEPTH, int(_SECONDS_OF_DEPTH / max(self._usual, 1e-6))))
        if self._depth == 1:
            self._sharing = self._size
        else:
            self._sharing = max(1, self._processors - (self._usual < _SECONDS_OF_SMALL))

    def freed(self, process: Process) -> None:
        """See `Owner`."""
        self._failed_starts = 0
        self._place()

    def again(self, answers: Iterable[Answer]) -> None:
        """See `Owner`."""
        self._waiting.extendleft(reversed([answer for answer in answers if not answer.done]))
        if self._closed:
            self._end_waiting(QueryFailedError("closed", "the server is closing"))

    def lost(self, process: Process) -> None:
        """See `Owner`."""
        self._workers.remove(process)
        if not process.opened:
            self._failed_starts += 1
        if self._closed:
            return
        self._keep(self._loop.run_in_executor(None, process.reap))
        # A store that cannot be opened is not tried again and again at full speed.
        wait = min(5.0, 0.1 * 2**self._failed_starts) if self._failed_starts else 0.0
        self._loop.call_later(wait, lambda: self._keep(self._loop.create_task(self._spawn())))

    def _choose(self, now: float) -> Process | None:
        """Where the next query is to run; None: nowhere yet."""
        free: Process | None = None
        best: Process | None = None
        quick = 0
        for worker in self._workers:
            if not worker.ready:
                continue
            length = len(worker)
            if not length:
                if free is None:
                    free = worker
            elif worker.quick(now):
                quick += 1
                if length < self._depth and (best is None or length < len(best)):
                    best = worker
        return free if free is not None and quick < self._sharing else best

    def _place(self) -> None:
        waiting = self._waiting
        if not waiting:
            return
        now = self._loop.time()
        while waiting:
            if waiting[0].done:
                waiting.popleft()
                continue
            worker = self._choose(now)
            if worker is None:
                return
            worker.ask(waiting.popleft(), now)

    def _tick(self) -> None:
        """Looks after long queries, as long as there are any queries."""
        now = self._loop.time()
        for worker in list(self._workers):
            worker.look(now, self.limits.seconds)
        self._place()
        while self._waiting and now - self._waiting[0].asked >= self.limits.seconds:
            self._waiting.popleft().end(QueryFailedError.busy())
        self._ticking = self.busy
        if self._ticking:
            self._loop.call_later(PATIENCE, self._tick)

    def _end_waiting(self, failure: QueryFailedError) -> None:
        while self._waiting:
            self._waiting.popleft().end(failure)

    async def _spawn(self) -> None:
        if self._closed:
            return
        process, sock = launch(self._store, self.limits)
        worker = Process(self, process, self._loop)
        self._workers.append(worker)
        await self._loop.create_connection(lambda: worker, sock=sock)

    def _keep(self, task: asyncio.Future[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _processors() -> int:
    """How many this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
