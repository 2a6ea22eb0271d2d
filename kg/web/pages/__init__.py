"""The analysts' pages: rendered on the server, so that every view is a URL and nothing runs in the browser."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response

from kg.errors import KgError
from kg.graph import Graph
from kg.web.linked_data import render_page
from kg.web.media import choose_language
from kg.web.pages import views
from kg.web.pages.words import page_words

__all__ = ["register"]

_VIEWS: Final[Mapping[str, Callable[[Graph, str, Mapping[str, str]], Mapping[str, Any]]]] = {
    "/": views.overview,
    "/chain": views.chain,
    "/necks": views.necks,
    "/partners": views.partners,
    "/linkage": views.linkage,
    "/whatif": views.scenario,
    "/map": views.region_map,
    "/explore": views.explore,
    "/ask": views.ask,
    "/query": views.query,
    "/data": views.sources,
}


def register(app: FastAPI, graph: Graph, releases: Path) -> None:
    """Adds the pages to the server.

    Args:
        graph: what they show; it follows the current release.
        releases: folder of releases.
    """
    for path, view in _VIEWS.items():
        app.add_api_route(path, _page(graph, path, view), methods=["GET", "HEAD"], include_in_schema=False)


def _page(
    graph: Graph, path: str, view: Callable[[Graph, str, Mapping[str, str]], Mapping[str, Any]]
) -> Callable[[Request], Response]:
    template = f"page_{view.__name__}.html"

    # A plain function: the server runs it in a thread of its own, so that no page waits for another.
    def page(request: Request) -> Response:
        lang = choose_language(request.headers.get("accept-language", ""), request.query_params.get("lang"))
        given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
        problem = None
        try:
            values = dict(view(graph, lang, given))
        except KgError as error:
            # What was asked for is wrong: the page stays, with its form, and says so.
            problem = error
            values = dict(view(graph, lang, {}))
        words = page_words(lang)
        return render_page(
            request,
            template,
            lang,
            status=400 if problem is not None else 200,
            title=f"{words[view.__name__]} – {words['name']}",
            t=words,
            path=path,
            paths={views_path: other.__name__ for views_path, other in _VIEWS.items()},
            given=defaultdict(str, given),
            problem=problem,
            release=graph.release,
            **values,
        )

    return page
