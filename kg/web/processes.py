"""A query process as the server sees it, and the answers that come from it."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections import deque
from collections.abc import AsyncIterator, Iterable
from typing import Final, Protocol, cast

from kg.web.frames import CANCEL, CANCELLED, DATA, END, ERROR, HEAD, HEADER, READY, TOOK, frame
from kg.web.limits import QueryFailedError

__all__ = ["PATIENCE", "Answer", "Owner", "Process"]

#: Seconds after which a query counts as long, so that none waits behind it.
PATIENCE: Final = 0.005
#: Bytes of an answer that may wait for a slow reader before its query has to pause.
_AHEAD: Final = 1 << 20


class Answer:
    """An answer that may still be growing.

    Attributes:
        request: the frame that asks for it.
        asked: when it was asked for, in the loop's time.
        started: done when it begins, or failed.
        process: where it comes from; None while it waits.
        kind: `rows`, `truth` or `graph`.
        format: as named in the request.
    """

    __slots__ = (
        "_chunks",
        "_failure",
        "_pending",
        "_waiter",
        "asked",
        "done",
        "format",
        "kind",
        "process",
        "request",
        "started",
    )

    def __init__(self, request: bytes, asked: float, started: asyncio.Future[None]) -> None:
        self.request = request
        self.asked = asked
        self.started = started
        self.process: Process | None = None
        self.done = False
        self.kind = ""
        self.format = ""
        self._chunks: deque[bytes] = deque()
        self._pending = 0
        self._failure: QueryFailedError | None = None
        self._waiter: asyncio.Future[None] | None = None

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
                if self._pending < _AHEAD and not self.done and self.process is not None:
                    self.process.resume()
                yield chunk
            if self._failure is not None:
                raise self._failure
            if self.done:
                return
            self._waiter = self.started.get_loop().create_future()
            await self._waiter

    def stop(self) -> None:
        """Ends the query, whose reader is gone."""
        if self.done:
            return
        process = self.process
        self.end(QueryFailedError("closed", "the reader is gone"))
        if process is not None:
            process.drop(self)

    def head(self, payload: bytes) -> None:
        """It begins."""
        head = json.loads(payload)
        self.kind, self.format = head["kind"], head["format"]
        if not self.started.done():
            self.started.set_result(None)

    def data(self, payload: bytes) -> None:
        """A part of it."""
        self._chunks.append(payload)
        self._pending += len(payload)
        if self._pending > _AHEAD and self.process is not None:
            self.process.pause()
        self._wake()

    def end(self, failure: QueryFailedError | None = None) -> None:
        """There is no more of it, or none."""
        self.done = True
        self._failure = failure
        if failure is not None and not self.started.done():
            self.started.set_exception(failure)
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Owner(Protocol):
    """Who is told what becomes of a process."""

    def took(self, seconds: float) -> None:
        """A query took this much of a processor's time."""

    def freed(self, process: Process) -> None:
        """It is ready, or done with a query."""

    def again(self, answers: Iterable[Answer]) -> None:
        """These have not begun, and have to be asked elsewhere."""

    def lost(self, process: Process) -> None:
        """It has ended."""


class Process(asyncio.Protocol):
    """One query process: one query runs, a few may be waiting there already.

    A query that is there when the one before it ends begins without a word between server and process. Should
    that one turn out to be long, those behind it are called off and given back.

    Attributes:
        opened: it has been ready.
        ready: its store is open, and it has not ended.
        since: when its present query began, in the loop's time.
    """

    def __init__(self, owner: Owner, process: subprocess.Popen[bytes], loop: asyncio.AbstractEventLoop) -> None:
        self.opened = self.ready = False
        self.since = 0.0
        self._owner = owner
        self._process = process
        self._loop = loop
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        # In the order in which they were sent; None where nobody waits any more.
        self._answers: deque[Answer | None] = deque()
        self._sent = 0
        self._calling_off = False
        self._failure: QueryFailedError | None = None

    def __len__(self) -> int:
        return len(self._answers)

    def quick(self, now: float) -> bool:
        """Whether a query may be put behind the one that runs."""
        return now - self.since < PATIENCE and not self._calling_off

    def ask(self, answer: Answer, now: float) -> None:
        """Sends a query."""
        assert self._transport is not None
        if not self._answers:
            self.since = now
        self._answers.append(answer)
        self._sent += 1
        answer.process = self
        self._transport.write(answer.request)

    def drop(self, answer: Answer) -> None:
        """Nobody waits for this answer any more."""
        for place, found in enumerate(self._answers):
            if found is answer:
                self._answers[place] = None
        self.look(self._loop.time(), float("inf"))

    def look(self, now: float, seconds: float) -> None:
        """Ends a query that runs for too long, and lets none wait behind a long one."""
        if not self._answers or now - self.since < PATIENCE:
            return
        if self._answers[0] is None:
            self.fail(QueryFailedError("closed", "the reader is gone"))
        elif now - self.since >= seconds:
            self.fail(QueryFailedError.timed_out(seconds))
        elif len(self._answers) > 1 and not self._calling_off and self._transport is not None:
            self._calling_off = True
            self._transport.write(frame(CANCEL, json.dumps(self._sent - len(self._answers) + 1).encode()))
            self._give_back(1)

    def fail(self, failure: QueryFailedError) -> None:
        """Ends the process, and its query with this failure."""
        self._failure = failure
        self.kill()

    def kill(self) -> None:
        """Ends the process."""
        self.ready = False
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
        position, size = 0, len(data)
        while size - position >= HEADER.size:
            kind, length = HEADER.unpack_from(data, position)
            end = position + HEADER.size + length
            if size < end:
                break
            self._frame(kind, data[position + HEADER.size : end])
            position = end
        self._buffer = data[position:]

    def connection_lost(self, exc: Exception | None) -> None:
        self.ready = False
        if self._answers and (running := self._answers[0]) is not None:
            running.end(self._failure or QueryFailedError.died())
        self._give_back(1)
        self._answers.clear()
        self._owner.lost(self)

    def _give_back(self, first: int) -> None:
        back = []
        for place in range(first, len(self._answers)):
            if (answer := self._answers[place]) is not None:
                self._answers[place] = answer.process = None
                back.append(answer)
        if back:
            self._owner.again(back)

    def _frame(self, kind: bytes, payload: bytes) -> None:
        if kind == READY:
            self.opened = self.ready = True
            self._owner.freed(self)
            return
        if kind == CANCELLED:
            self._calling_off = False
            for _ in range(json.loads(payload)):
                # Nothing was sent behind them: there were answers to come all the time.
                self._answers.pop()
            self._owner.freed(self)
            return
        if not self._answers:
            return
        answer = self._answers[0]
        if kind == DATA:
            if answer is not None:
                answer.data(payload)
        elif kind == HEAD:
            if answer is not None:
                answer.head(payload)
        elif kind in {END, ERROR}:
            self._answers.popleft()
            self.since = self._loop.time()
            if kind == END:
                self._owner.took(TOOK.unpack(payload)[0] / 1e6)
            if answer is not None:
                answer.end(None if kind == END else QueryFailedError.read(payload))
            self._owner.freed(self)
