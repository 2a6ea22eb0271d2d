"""The analysts' pages: rendered on the server, so that every view is a URL; scripts only draw, complete and grow.

Without scripts every page still says all that it knows: drawings stand beside tables, forms have buttons.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from kg.errors import KgError, LimitError, UsageError
from kg.graph import Graph
from kg.terms import BASE
from kg.web.linked_data import render_page
from kg.web.media import choose_language
from kg.web.pages import chains, data, explore, linkage, partners, places, query, scenario, supply
from kg.web.pages.astray import astray, trouble
from kg.web.pages.common import Given
from kg.web.pages.complaints import complaint_of, fields_of
from kg.web.pages.words import page_words
from kg.web.problems import CORS, kind_of, problem_of
from kg.wording import wording_of

__all__ = ["register"]

View = Callable[[Graph, str, Given], Mapping[str, Any]]

_VIEWS: Final[Mapping[str, View]] = {
    "/": chains.overview,
    "/chain": chains.chain,
    "/necks": supply.necks,
    "/partners": partners.partners,
    "/linkage": linkage.linkage,
    "/whatif": scenario.scenario,
    "/map": places.region_map,
    "/explore": explore.explore,
    "/ask": query.ask,
    "/query": query.query,
}
#: What runs in the browser, by template.
_SCRIPTS: Final[Mapping[str, tuple[str, ...]]] = {
    "necks": ("charts.js", "forms.js"),
    "partners": ("charts.js",),
    "linkage": ("charts.js",),
    "scenario": ("charts.js",),
    "region_map": ("charts.js", "forms.js"),
    "explore": ("charts.js", "explore.js"),
    "query": ("charts.js", "editor.js"),
}
#: What sets a computation going that the rest of a form does not need.
_STARTS: Final = frozenset({"run", "without", "query", "since"})
#: Needs a drawing on the page to be of use.
_DRAWING: Final = frozenset({"charts.js", "explore.js"})


def register(app: FastAPI, graph: Graph, releases: Path) -> None:
    """Adds the pages to the server.

    Args:
        graph: what they show; it follows the current release.
        releases: folder of releases.
    """
    views = {**_VIEWS, "/data": data.sources_of(releases)}
    paths = {path: view.__name__ for path, view in views.items()}
    for path, view in views.items():
        app.add_api_route(path, _page(graph, path, view, paths), methods=["GET", "HEAD"], include_in_schema=False)
    app.add_api_route("/explore/neighbours", _neighbours(graph), methods=["GET"], include_in_schema=False)
    app.add_api_route("/query/terms.json", _terms(graph), methods=["GET"], include_in_schema=False)
    app.add_api_route(places.SHAPES, _boundaries(graph), methods=["GET"], include_in_schema=False)
    for name, folder in _assets().items():
        app.mount(f"/assets/{name}", StaticFiles(directory=folder), name=f"assets-{name}")
    app.add_exception_handler(HTTPException, astray(graph, paths))
    # Documents of the graph lead on to the pages as well, and fail as these do.
    app.state.trouble = trouble(graph, paths)
    app.state.menu = {lang: [(path, page_words(lang)[name]) for path, name in paths.items()] for lang in ("zh", "en")}


def _assets() -> dict[str, Path]:
    """Folders of scripts: our own, and the libraries that come in a wheel (found without being imported)."""
    spec = find_spec("nicegui")
    if spec is None or not spec.submodule_search_locations:
        raise UsageError("the package nicegui is not installed", hint="Install the packages of requirements.lock.")
    elements = Path(spec.submodule_search_locations[0]) / "elements"
    return {
        "pages": Path(__file__).parents[1] / "static",
        "echarts": elements / "echart" / "dist",
        "codemirror": elements / "codemirror" / "dist",
    }


def _json(text: str, release: object) -> Response:
    return Response(text, media_type="application/json", headers={**CORS, "ETag": f'"{release}"'})


def _language(request: Request) -> str:
    return choose_language(request.headers.get("accept-language", ""), request.query_params.get("lang"))


def _release(graph: Graph) -> str:
    return graph.release.id if graph.release is not None else ""


def _neighbours(graph: Graph) -> Callable[[Request], Response]:
    def neighbours(request: Request) -> Response:
        iri = request.query_params.get("iri", "")
        try:
            around = explore.neighbours(graph, _language(request), iri)
        except KgError as error:
            return problem_of(error)
        body = {
            "name": around.nodes[iri]["label"],
            "nodes": [{"iri": key, **node} for key, node in around.nodes.items()],
            "links": around.links,
            "left": around.left,
            "more": around.more,
        }
        return _json(json.dumps(body, ensure_ascii=False), _release(graph))

    return neighbours


def _terms(graph: Graph) -> Callable[[Request], Response]:
    def terms(request: Request) -> Response:
        found = query.completions(graph, _language(request))
        return _json(json.dumps(found, ensure_ascii=False), _release(graph))

    return terms


def _boundaries(graph: Graph) -> Callable[[Request], Response]:
    def boundaries(request: Request) -> Response:
        return _json(places.boundaries(graph, _language(request)), _release(graph))

    return boundaries


def _rest(graph: Graph, lang: str, view: View, given: Given, error: KgError) -> dict[str, Any]:
    """The page without what is wrong, and without what would take long; else as it is when it is opened."""
    left = {name: value for name, value in given.items() if name not in {*fields_of(error), *_STARTS}}
    try:
        return dict(view(graph, lang, {} if isinstance(error, LimitError) and left == given else left))
    except KgError:
        return dict(view(graph, lang, {}))


def _page(graph: Graph, path: str, view: View, paths: Mapping[str, str]) -> Callable[[Request], Response]:
    template = f"page_{view.__name__}.html"

    # A plain function: the server runs it in a thread of its own, so that no page waits for another.
    def page(request: Request) -> Response:
        lang = _language(request)
        given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
        problem = None
        status = 200
        try:
            values = dict(view(graph, lang, given))
        except KgError as error:
            # What was asked for is wrong: the page stays, with its form, and says so.
            problem = complaint_of(error, graph, lang, given)
            status = kind_of(error)[0]
            values = _rest(graph, lang, view, given, error)
        words = page_words(lang)
        scripts = _SCRIPTS.get(view.__name__, ())
        if not any(values.get(name) for name in ("drawing", "matrix")):
            scripts = tuple(script for script in scripts if script not in _DRAWING)
        return render_page(
            request,
            template,
            lang,
            status=status,
            # What the page is about comes first: a window has many pages open.
            title=" – ".join(filter(None, (values.get("heading"), words[view.__name__], words["name"]))),
            t=words,
            say=wording_of(lang),
            path=path,
            paths=paths,
            base=BASE,
            scripts=scripts,
            given=defaultdict(str, given),
            problem=problem,
            release=graph.release,
            **values,
        )

    return page
