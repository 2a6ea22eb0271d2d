"""The pages for an address that leads nowhere and for a document that fails; programs are answered in JSON."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import unquote, urlencode

from fastapi import Request, Response
from fastapi.exception_handlers import http_exception_handler
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from kg.errors import KgError, TimeLimitError
from kg.graph import Graph
from kg.terms import BASE
from kg.web.linked_data import render_page
from kg.web.media import choose_language, wants_page
from kg.web.pages.complaints import complaint_of
from kg.web.pages.words import page_words
from kg.web.problems import kind_of, problem

__all__ = ["astray", "trouble"]

_NEAR: Final = 3


def astray(graph: Graph, paths: Mapping[str, str]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """What answers where no route does.

    Args:
        graph: its questions are offered where the address is like the name of one.
        paths: path -> name of each page.
    """

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code != 404:
            return await http_exception_handler(request, error)
        path = request.scope["path"]
        if not wants_page(request.headers.get("accept", "")):
            return problem(404, "No such address", f"there is nothing at {path}", "The paths are in /openapi.json.")
        return await run_in_threadpool(_page, graph, request, path, paths)

    return answer


def trouble(graph: Graph, paths: Mapping[str, str]) -> Callable[[Request, KgError], Response]:
    """What a browser is shown where a document of the graph fails: what went wrong, and where to go on.

    Args:
        paths: path -> name of each page.
    """

    def answer(request: Request, error: KgError) -> Response:
        lang = choose_language(request.headers.get("accept-language", ""), request.query_params.get("lang"))
        words = page_words(lang)
        said = complaint_of(error, graph, lang, {})
        if isinstance(error, TimeLimitError):
            # A document has no parameters to bind.
            said = replace(said, hint="")
        values = {
            "title": f"{words['trouble']} – {words['name']}",
            "t": words,
            "path": "",
            "address": request.scope["path"],
            "paths": paths,
            "base": BASE,
            "scripts": (),
            "given": defaultdict(str),
            "problem": said,
            "release": graph.release,
        }
        found = render_page(request, "page_trouble.html", lang, status=kind_of(error)[0], **values)
        found.headers["Cache-Control"] = "no-store"
        if found.status_code == 503:
            found.headers["Retry-After"] = "2"
        return found

    return answer


def _page(graph: Graph, request: Request, path: str, paths: Mapping[str, str]) -> Response:
    lang = choose_language(request.headers.get("accept-language", ""), request.query_params.get("lang"))
    words = page_words(lang)
    return render_page(
        request,
        "page_astray.html",
        lang,
        status=404,
        title=f"{words['astray']} – {words['name']}",
        t=words,
        path=path,
        near=_near(graph, lang, unquote(path), paths),
        paths=paths,
        base=BASE,
        scripts=(),
        given=defaultdict(str),
        problem=None,
        release=graph.release,
    )


def _near(graph: Graph, lang: str, path: str, paths: Mapping[str, str]) -> list[tuple[str, str]]:
    """Pages and questions with a name like the last part of the address: where it leads, and what it is called."""
    name = path.rstrip("/").rsplit("/", 1)[-1].lower().replace("_", "-").removesuffix(".html")
    words = page_words(lang)
    pages = {key: (where, words[view]) for where, view in paths.items() for key in (where.strip("/"), view) if key}
    asked = {
        question.name: ("/ask?" + urlencode({"question": question.name}), question.texts(lang).summary)
        for question in graph.questions().values()
    }
    known = {**asked, **pages}
    found = difflib.get_close_matches(name, known, n=_NEAR)
    return list(dict.fromkeys(known[key] for key in found))
