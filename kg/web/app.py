"""Assembles the server: the endpoint beside the framework, everything else inside it."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse
from starlette.types import ASGIApp

from kg.web.linked_data import linked_data_router, render_page
from kg.web.live import Live
from kg.web.media import choose_language, wants_page
from kg.web.problems import CORS, problem
from kg.web.protocol import Protocol, Receive, Scope, Send
from kg.web.questions_api import questions_router

__all__ = ["create_app"]

_PAGES = "kg.web.pages"


def create_app(live: Live) -> ASGIApp:
    """The server as one ASGI application.

    The pages, where they are installed, are added by `kg.web.pages.register(app, graph, releases)`.

    Args:
        live: the release that is served.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await live.start()
        try:
            yield
        finally:
            await live.close()

    # The framework's own pages of documentation load scripts from elsewhere.
    app = FastAPI(
        title="Industrial chain knowledge graph", version="1", lifespan=lifespan, docs_url=None, redoc_url=None
    )
    app.include_router(questions_router(live.graph))
    app.include_router(linked_data_router(live.graph))
    _add_health(app, live)
    _add_dumps(app, live)
    if find_spec(_PAGES) is not None:
        import_module(_PAGES).register(app, live.graph, live.releases)
    else:
        _add_start(app, live)
    return _Split(Protocol(live), app)


class _Split:
    """Sends queries to the endpoint, and everything else to the framework."""

    def __init__(self, protocol: Protocol, rest: ASGIApp) -> None:
        self._protocol = protocol
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] in {"/sparql", "/sparql/"}:
            await self._protocol(scope, receive, send)
        else:
            await self._rest(scope, receive, send)


def _add_health(app: FastAPI, live: Live) -> None:
    @app.get("/health", summary="Whether the server can answer", tags=["server"])
    async def health() -> Response:
        with live.use() as generation:
            answer = await generation.pool.ask("ASK {}", "json", None)
            body: dict[str, Any] = {"status": "ok" if answer.whole() else "broken", "release": generation.release.id}
        headers = {**CORS, "Cache-Control": "no-store"}
        return Response(json.dumps(body), media_type="application/json", headers=headers)


def _add_dumps(app: FastAPI, live: Live) -> None:
    @app.head("/dumps/{name}", include_in_schema=False)
    @app.get("/dumps/{name}", summary="A dump of the release", tags=["downloads"], response_class=FileResponse)
    def dump(name: str, request: Request) -> Response:
        folder = live.release.path / "dumps"
        known = sorted(path.name for path in folder.iterdir() if path.is_file())
        # Only what lies there by that very name: no path of the caller's is followed.
        if name not in known and wants_page(request.headers.get("accept", "")):
            raise HTTPException(404)
        if name not in known:
            return problem(404, "No such dump", f"there is no dump {name!r}", "There are: " + ", ".join(known) + ".")
        media = "application/n-quads" if name.endswith(".nq") else None
        return FileResponse(folder / name, media_type=media, headers=CORS)


def _add_start(app: FastAPI, live: Live) -> None:
    @app.get("/", include_in_schema=False)
    def start(request: Request) -> Response:
        lang = choose_language(request.headers.get("accept-language", ""), request.query_params.get("lang"))
        questions = sorted(live.graph.questions().values(), key=lambda question: (question.group, question.name))
        title = "Industrial chain knowledge graph"
        return render_page(request, "start.html", lang, release=live.release, questions=questions, title=title)
