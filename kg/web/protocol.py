"""The SPARQL 1.1 Protocol as a bare ASGI application; no framework stands in the path of a query.

Source: https://www.w3.org/TR/sparql11-protocol/ and https://www.w3.org/TR/sparql11-service-description/.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final
from urllib.parse import parse_qsl

import pyoxigraph as ox

from kg.web.answers import Given, Request
from kg.web.description import service_description
from kg.web.exports import Kept, Writer
from kg.web.limits import QueryFailedError
from kg.web.live import Live
from kg.web.media import GRAPH_TYPES, ROW_TYPES, choose, content_type
from kg.web.pool import Answer
from kg.web.screening import is_volatile

__all__ = ["Protocol"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_UPDATE: Final = "application/sparql-update"
_MAX_BODY: Final = 4 << 20
_SECONDS_TO_WATCH: Final = 0.25
_CORS: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, retry-after"),
]
_STATUS: Final = {
    "syntax": 400,
    "evaluation": 400,
    "update": 403,
    "service": 403,
    "unacceptable": 406,
    "time": 504,
    "rows": 503,
    "memory": 503,
    "busy": 503,
    "closed": 503,
}
_READ_ONLY: Final = "this endpoint is read-only: updates are refused"


class _RefusedError(Exception):
    def __init__(self, status: int, message: str, headers: Headers | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or []


class Protocol:
    """The endpoint.

    Args:
        live: the release that is served.
    """

    def __init__(self, live: Live) -> None:
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        method = scope["method"]
        try:
            if method == "OPTIONS":
                await _send(send, 204, _PREFLIGHT, b"")
                return
            parameters = await _parameters(scope, receive, headers, method)
            if parameters is None:
                await self._describe(scope, headers, send)
                return
            await self._query(_read(parameters, headers), method, headers, receive, send)
        except _RefusedError as refused:
            await _send_text(send, refused.status, str(refused), refused.headers)
        except QueryFailedError as failure:
            extra: Headers = [(b"retry-after", b"2")] if failure.code in {"busy", "closed"} else []
            await _send_text(send, _STATUS[failure.code], failure.message, extra)

    async def _describe(self, scope: Scope, headers: dict[bytes, bytes], send: Send) -> None:
        format = choose(headers.get(b"accept", b"").decode("latin-1"), GRAPH_TYPES)
        if format is None:
            # A browser gets Turtle, which it can at least show.
            format = "ttl"
        host = headers.get(b"host", b"localhost").decode("latin-1")
        url = f"{scope.get('scheme', 'http')}://{host}{scope.get('root_path', '')}/sparql"
        body = service_description(url, format)
        kind = content_type(GRAPH_TYPES, format).encode()
        await _send(send, 200, [(b"content-type", kind), (b"vary", b"accept"), *_CORS], body)

    async def _query(
        self, request: Request, method: str, headers: dict[bytes, bytes], receive: Receive, send: Send
    ) -> None:
        with self._live.use() as generation:
            common: Headers = [(b"vary", b"accept"), *_CORS]
            lasting = not is_volatile(request.query)
            if lasting:
                tag = _etag(generation.release.id, request)
                common += [(b"etag", tag), (b"cache-control", b"no-cache")]
                if method != "POST" and _matches(headers.get(b"if-none-match"), tag):
                    await _send(send, 304, common, b"")
                    return
                if (given := generation.answers.get(request)) is not None:
                    await _send(send, 200, [*common, _type(given.kind, given.format)], given.body)
                    return
                if (kept := generation.exports.get(request)) is not None:
                    await _send_parts(send, [*common, _type(kept.kind, kept.format)], kept)
                    return
            watch = _Watch(receive)
            try:
                answer = await watch.until(
                    generation.pool.ask(request.query, request.rows, request.graph, request.default, request.named)
                )
                common.append(_type(answer.kind, answer.format))
                body = answer.whole()
                if body is not None:
                    if lasting:
                        generation.answers.keep(request, Given(answer.kind, answer.format, body))
                    await _send(send, 200, common, body)
                    return
                watch.then(answer)
                keep = generation.exports.writer(request, answer.kind, answer.format) if lasting else None
                await _stream(send, common, answer, keep)
            finally:
                watch.end()


class _Watch:
    """Ends a query whose reader has gone; costs nothing for one that is answered at once."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._task: asyncio.Task[None] | None = None
        self._asking: asyncio.Future[Any] | None = None
        self._answer: Answer | None = None
        self._timer = asyncio.get_running_loop().call_later(_SECONDS_TO_WATCH, self._begin)
        self._caller = asyncio.current_task()
        self._gone = False

    async def until(self, asking: Awaitable[Answer]) -> Answer:
        """Waits for an answer to begin, or for the reader to go."""
        try:
            return await asking
        except asyncio.CancelledError:
            if self._gone and self._caller is not None:
                self._caller.uncancel()
                raise QueryFailedError("closed", "the reader is gone") from None
            raise

    def then(self, answer: Answer) -> None:
        """From now on it is this answer that is ended."""
        self._answer = answer

    def end(self) -> None:
        """Watches no more."""
        self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._answer is not None:
            self._answer.stop()
        elif self._caller is not None:
            self._caller.cancel()


async def _stream(send: Send, headers: Headers, answer: Answer, keep: Writer | None) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    try:
        async for chunk in answer.chunks():
            if keep is not None:
                keep.write(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        if keep is not None:
            keep.done()
    except QueryFailedError:
        # The status is sent already. Without the end of the body the server breaks the connection off,
        # so that nobody takes a part of an answer for the whole.
        return
    finally:
        if keep is not None:
            keep.drop()
    await send({"type": "http.response.body", "body": b""})


async def _parameters(
    scope: Scope, receive: Receive, headers: dict[bytes, bytes], method: str
) -> list[tuple[str, str]] | None:
    """Name and value of each parameter; None where the bare URL is asked for."""
    try:
        found = parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise _RefusedError(400, "the URL's parameters are not UTF-8 text") from error
    if method in {"GET", "HEAD"}:
        return found or None
    if method != "POST":
        raise _RefusedError(405, "only GET and POST are understood here", [(b"allow", b"GET, HEAD, POST, OPTIONS")])
    kind, _, rest = headers.get(b"content-type", b"").decode("latin-1").partition(";")
    kind = kind.strip().lower()
    if kind not in {_FORM, _QUERY, _UPDATE}:
        raise _RefusedError(
            415, f"Content-Type has to be {_QUERY} or {_FORM}, not {kind or 'empty'}", [(b"accept-post", _POSTS)]
        )
    charset = rest.lower().partition("charset=")[2].split(";")[0].strip().strip('"')
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise _RefusedError(415, f"the text has to be UTF-8, not {charset}")
    body = await _body(receive)
    try:
        text = body.decode()
        if kind == _FORM:
            return found + parse_qsl(text, keep_blank_values=True, errors="strict")
    except (UnicodeDecodeError, ValueError) as error:
        raise _RefusedError(400, "the body is not UTF-8 text") from error
    return [*found, ("update" if kind == _UPDATE else "query", text)]


async def _body(receive: Receive) -> bytes:
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise QueryFailedError("closed", "the reader is gone")
        part = message.get("body", b"")
        size += len(part)
        if size > _MAX_BODY:
            raise _RefusedError(413, f"the query is longer than {_MAX_BODY >> 20} MiB")
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)


def _read(parameters: list[tuple[str, str]], headers: dict[bytes, bytes]) -> Request:
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    queries = values.get("query", [])
    if "update" in values:
        if queries:
            raise _RefusedError(400, "give either a query or an update")
        raise _RefusedError(403, _READ_ONLY)
    if len(queries) != 1:
        raise _RefusedError(400, "give one query, not several" if queries else "the parameter `query` is missing")
    if "using-graph-uri" in values or "using-named-graph-uri" in values:
        raise _RefusedError(400, "using-graph-uri belongs to updates; give default-graph-uri or named-graph-uri")
    default, named = values.get("default-graph-uri"), values.get("named-graph-uri")
    for iri in [*(default or ()), *(named or ())]:
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            raise _RefusedError(400, f"{iri!r} is not an absolute IRI") from error
    rows, graph = _formats(values.get("format", [""])[-1], headers)
    return Request(queries[0], tuple(default) if default else None, tuple(named) if named else None, rows, graph)


def _formats(wanted: str, headers: dict[bytes, bytes]) -> tuple[str | None, str | None]:
    if wanted:
        rows = wanted if wanted in ROW_TYPES.values() else None
        graph = wanted if wanted in GRAPH_TYPES.values() else None
        if rows is None and graph is None:
            known = sorted({*ROW_TYPES.values(), *GRAPH_TYPES.values()})
            raise _RefusedError(400, f"format={wanted} is not known; there are: {', '.join(known)}")
        return rows, graph
    accept = headers.get(b"accept", b"").decode("latin-1")
    rows, graph = choose(accept, ROW_TYPES), choose(accept, GRAPH_TYPES)
    if rows is None and graph is None:
        raise _RefusedError(406, "there are: " + ", ".join([*ROW_TYPES, *GRAPH_TYPES]))
    return rows, graph


def _type(kind: str, format: str) -> tuple[bytes, bytes]:
    return b"content-type", content_type(GRAPH_TYPES if kind == "graph" else ROW_TYPES, format).encode()


def _etag(release: str, request: Request) -> bytes:
    digest = hashlib.blake2b(repr(request).encode(), digest_size=12).hexdigest()
    return f'"{release}-{digest}"'.encode()


def _matches(header: bytes | None, tag: bytes) -> bool:
    if header is None:
        return False
    return any(part.strip().removeprefix(b"W/") in {tag, b"*"} for part in header.split(b","))


async def _send(send: Send, status: int, headers: Headers, body: bytes) -> None:
    # Neither "not changed" nor "no content" has a length.
    length: Headers = [] if status in {204, 304} else [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body})


async def _send_parts(send: Send, headers: Headers, kept: Kept) -> None:
    headers = [*headers, (b"content-length", str(kept.size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    with contextlib.closing(kept.parts()) as parts:
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _send_text(send: Send, status: int, message: str, headers: Headers) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await _send(send, status, [kind, (b"cache-control", b"no-store"), *_CORS, *headers], f"{message}\n".encode())


_POSTS: Final = f"{_QUERY}, {_FORM}".encode()
_PREFLIGHT: Final[Headers] = [
    *_CORS,
    (b"access-control-allow-methods", b"GET, HEAD, POST, OPTIONS"),
    (b"access-control-allow-headers", b"accept, content-type, if-none-match"),
    (b"access-control-max-age", b"86400"),
    (b"allow", b"GET, HEAD, POST, OPTIONS"),
]
