"""The release that is being served, and the change to a new one without dropping a request."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kg.errors import KgError
from kg.graph import Graph
from kg.releases import Release, current_release, open_release
from kg.web.answers import Answers
from kg.web.exports import Exports
from kg.web.limits import Limits
from kg.web.pool import Pool
from kg.web.store import PooledStore

__all__ = ["Generation", "Live"]

_SECONDS_BETWEEN_LOOKS: Final = 1.0
_log = logging.getLogger("kg.web")


@dataclass
class Generation:
    """One release and the processes that answer from it.

    Attributes:
        pool: for the endpoint, whose queries are anybody's.
        store: for the server's own questions, so that these are answered while the endpoint is busy.
        answers: small answers of the endpoint that may be asked for again.
        exports: large answers that were.
        users: requests at work on it.
    """

    release: Release
    pool: Pool
    store: PooledStore
    answers: Answers = field(default_factory=Answers)
    exports: Exports = field(default_factory=Exports)
    users: int = field(default=0)

    @property
    def busy(self) -> bool:
        """Whether anything still needs it."""
        return self.users > 0 or self.pool.busy or self.store.busy


class Live:
    """What is served now.

    Args:
        releases: folder of releases, whose `current` is followed.
        release: id or folder of the one release to serve instead.
        workers: processes for the endpoint; half as many, at least two, for the server's own questions.
        limits: what each query may use.

    Attributes:
        graph: the release as a graph; it stays the same object when the release changes.

    Raises:
        ReleaseError: there is no such release.
    """

    def __init__(
        self, releases: Path, release: str | None = None, workers: int = 4, limits: Limits | None = None
    ) -> None:
        self.releases = releases
        self.limits = limits or Limits()
        self._workers = workers
        self._pinned = release is not None
        self._generation = self._open(self._find(release))
        self.graph = Graph(self._generation.store, self._generation.release)
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: str | None = None

    @property
    def release(self) -> Release:
        """The release that is served now."""
        return self._generation.release

    @contextlib.contextmanager
    def use(self) -> Iterator[Generation]:
        """The generation, which stays open as long as it is used."""
        generation = self._generation
        generation.users += 1
        try:
            yield generation
        finally:
            generation.users -= 1

    async def start(self) -> None:
        """Starts the endpoint's processes and begins to follow `current`.

        Raises:
            ReleaseError: the store cannot be opened.
        """
        await self._generation.pool.start()
        # All that is loaded by now stays; without this the collector looks through it while requests wait.
        gc.collect()
        gc.freeze()
        if not self._pinned:
            self._keep(self._follow())

    async def close(self) -> None:
        """Ends every process."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await _close(self._generation)
        # What stays frozen is never freed, and native libraries report it as leaked at the end.
        gc.unfreeze()

    def close_now(self) -> None:
        """Ends the server's own processes, where the endpoint's were never started."""
        self._generation.store.close()

    def _find(self, release: str | None) -> Release:
        if release is None:
            return current_release(self.releases)
        named = self.releases / release
        return open_release(named if named.is_dir() else Path(release))

    def _open(self, release: Release) -> Generation:
        own = PooledStore(release.store, max(2, self._workers // 2), self.limits)
        return Generation(release, Pool(release.store, self._workers, self.limits), own)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            try:
                target = (self.releases / "current").readlink().name
            except OSError:
                continue
            if target not in {self.release.path.name, self._refused}:
                await self._change(target)

    async def _change(self, target: str) -> None:
        try:
            new = await asyncio.to_thread(lambda: self._open(current_release(self.releases)))
        except KgError as error:
            self._refused = target
            _log.warning("the new release is not served: %s", error)
            return
        try:
            await new.pool.start()
        except KgError as error:
            await asyncio.to_thread(new.store.close)
            self._refused = target
            _log.warning("the new release is not served: %s", error)
            return
        old, self._generation = self._generation, new
        self.graph.store, self.graph.release = new.store, new.release
        _log.warning("serving release %s", new.release.id)
        self._keep(self._drain(old))

    async def _drain(self, old: Generation) -> None:
        """Closes what was served before, when its last request is done."""
        try:
            # Somebody may hold the old store between two questions of one request.
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            while old.busy:
                await asyncio.sleep(0.1)
        finally:
            await _close(old)


async def _close(generation: Generation) -> None:
    await generation.pool.close()
    generation.exports.close()
    await asyncio.to_thread(generation.store.close)
