"""Queries that share a process: each gets its own answer, and none waits behind a long one."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.graph import Graph
from kg.web.limits import Limits, QueryFailedError
from kg.web.pool import Pool
from tests.web.test_limits import CROSS, MEMORY

T = TypeVar("T")


def _in_pool(store: Path, workers: int, limits: Limits, work: Callable[[Pool], Coroutine[Any, Any, T]]) -> T:
    async def run() -> T:
        pool = Pool(store, workers, limits)
        await pool.start()
        try:
            return await asyncio.wait_for(work(pool), 60)
        finally:
            await pool.close()

    return asyncio.run(run())


async def _number(pool: Pool, number: int) -> int:
    answer = await pool.ask(f"SELECT ({number} AS ?n) {{}}", "csv")
    body = b"".join([chunk async for chunk in answer.chunks()])
    return int(body.split()[1])


async def _code(pool: Pool, query: str) -> str:
    try:
        answer = await pool.ask(query, "csv")
        async for _ in answer.chunks():
            pass
    except QueryFailedError as failure:
        return failure.code
    return ""


@pytest.fixture(scope="module")
def store(embedded: Graph) -> Path:
    assert embedded.release is not None
    return embedded.release.store


def test_small_queries_do_not_wait_behind_long_ones(store: Path) -> None:
    async def work(pool: Pool) -> tuple[list[int], list[str], bool]:
        long: list[asyncio.Task[str]] = []
        small: list[asyncio.Task[int]] = []
        for number in range(300):
            if number in {5, 50, 120}:
                long.append(asyncio.create_task(_code(pool, CROSS)))
            small.append(asyncio.create_task(_number(pool, number)))
            if number % 40 == 0:
                await asyncio.sleep(0.01)
        found = await asyncio.gather(*small)
        running = not any(task.done() for task in long)
        return found, await asyncio.gather(*long), running

    found, codes, running = _in_pool(store, 4, Limits(seconds=4, queue=1000), work)
    assert found == list(range(300))
    assert codes == ["time"] * 3
    # The long ones were still at work when the last small one was answered.
    assert running


@pytest.mark.parametrize("query", [CROSS, MEMORY], ids=["reader gone", "memory"])
def test_those_behind_one_that_ends_its_process_are_asked_again(store: Path, query: str) -> None:
    async def work(pool: Pool) -> tuple[str, list[int]]:
        long = asyncio.create_task(_code(pool, query))
        await asyncio.sleep(0)
        small = [asyncio.create_task(_number(pool, number)) for number in range(20)]
        if query == CROSS:
            await asyncio.sleep(0.1)
            long.cancel()
        found = await asyncio.gather(*small)
        (ended,) = await asyncio.gather(long, return_exceptions=True)
        return str(ended), found

    ended, found = _in_pool(store, 1, Limits(seconds=30, memory=64 << 20), work)
    assert found == list(range(20))
    assert ended == ("" if query == CROSS else "memory")


def test_queries_of_some_length_get_processes_of_their_own(store: Path) -> None:
    async def work(pool: Pool) -> tuple[int, int]:
        while not all(worker.ready for worker in pool._workers):
            await asyncio.sleep(0.01)
        busy = []
        for seconds in (0.0001, 0.004):
            for _ in range(100):
                pool.took(seconds)
            tasks = [asyncio.create_task(_number(pool, number)) for number in range(3)]
            await asyncio.sleep(0)
            busy.append(sum(map(bool, pool._workers)))
            await asyncio.gather(*tasks)
        return busy[0], busy[1]

    few, each = _in_pool(store, 3, Limits(), work)
    # Small ones share as many processes as there are processors to spare; each longer one has its own.
    assert few == max(1, min(3, len(os.sched_getaffinity(0)) - 1)) and each == 3


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="processes cannot be halted here")
def test_processes_that_get_no_time_lose_no_query(store: Path) -> None:
    async def work(pool: Pool) -> list[int]:
        while not all(worker.ready for worker in pool._workers):
            await asyncio.sleep(0.01)
        for halted in (pool._workers, pool._workers[:1], pool._workers[1:]):
            tasks = [asyncio.create_task(_number(pool, number)) for number in range(12)]
            await asyncio.sleep(0)
            for worker in halted:
                os.kill(worker._process.pid, signal.SIGSTOP)
            # Long enough to call off what waits, while the process has not even begun with the first.
            await asyncio.sleep(0.03)
            for worker in halted:
                os.kill(worker._process.pid, signal.SIGCONT)
            found = await asyncio.gather(*tasks)
            assert found == list(range(12))
        return found

    assert _in_pool(store, 2, Limits(seconds=20), work)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 1 << 30))
def test_readers_that_go_take_only_their_own_answer(store: Path, seed: int) -> None:
    chance = random.Random(seed)

    async def work(pool: Pool) -> list[tuple[int, int]]:
        tasks = {number: asyncio.create_task(_number(pool, number)) for number in range(120)}
        heavy = [asyncio.create_task(_code(pool, CROSS)) for _ in range(2)]
        gone = set(chance.sample(range(120), 40))
        for number in gone:
            if chance.random() < 0.2:
                await asyncio.sleep(0.001)
            tasks[number].cancel()
        await asyncio.sleep(0.02)
        for task in heavy:
            task.cancel()
        await asyncio.gather(*heavy, return_exceptions=True)
        kept = [number for number in tasks if number not in gone]
        found = await asyncio.gather(*(tasks[number] for number in kept))
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        # What nobody waits for any more leaves the queue when the pool next looks at it.
        for _ in range(500):
            if not pool._waiting:
                break
            await asyncio.sleep(0.01)
        assert not pool._waiting
        return list(zip(kept, found, strict=True))

    pairs = _in_pool(store, 2, Limits(seconds=30, queue=1000), work)
    assert len(pairs) == 80 and all(number == found for number, found in pairs)


def test_an_answer_that_breaks_off_in_the_middle_leaves_the_next_whole(store: Path) -> None:
    async def work(pool: Pool) -> tuple[str, list[int]]:
        # Refused after its first part, so that the parts of two answers follow each other.
        large = asyncio.create_task(_code(pool, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 9000"))
        small = [asyncio.create_task(_number(pool, number)) for number in range(10)]
        return await large, list(await asyncio.gather(*small))

    assert _in_pool(store, 1, Limits(rows=5000), work) == ("rows", list(range(10)))
