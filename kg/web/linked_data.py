"""Every IRI of the graph, dereferenced: a page for people, Turtle, N-Triples, JSON-LD or RDF/XML for programs.

`/id/X` names a thing, which no server can send: it leads with 303 to the document `/doc/id/X` about it.
`/ns`, `/graph/…` and the ontology's modules are documents themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pyoxigraph as ox
from fastapi import APIRouter, Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kg.errors import KgError
from kg.graph import Graph
from kg.parameters import CLASSES
from kg.terms import BASE, GRAPH, ICSC, ID, OWL, RDF
from kg.web.description import release_description
from kg.web.media import GRAPH_TYPES, choose, choose_language, content_type, wants_page
from kg.web.problems import CORS, problem, problem_of
from kg.web.resources import Page, labels_of, local_name, nearest, page_of, statements_of
from kg.web.words import words
from kg.web.worker import GRAPHS, PREFIXES

__all__ = ["linked_data_router", "render_page"]

_TYPES: Final = {"text/html": "html", "application/xhtml+xml": "html", **GRAPH_TYPES}
#: Scripts and data of this server only, and none inside a page.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'self'"
)
_IRI: Final = re.compile(r'[^\x00-\x20<>"{}|^`\\]+')
_LEAF: Final = re.compile(r"[\w.-]+")


def linked_data_router(graph: Graph) -> APIRouter:
    """The paths of all IRIs below the project's base.

    Args:
        graph: what they are looked up in.
    """
    router = APIRouter(include_in_schema=False)

    def thing(request: Request) -> Response:
        path = _path(request)
        root = str(request.scope.get("root_path", ""))
        query = f"?{request.url.query}" if request.url.query else ""
        headers = {**CORS, "Location": f"{root}/doc{path}{query}", "Vary": "Accept"}
        return Response(status_code=303, headers=headers)

    def about(request: Request) -> Response:
        return _document(graph, request, BASE + _path(request).removeprefix("/doc/"))

    def document(request: Request) -> Response:
        return _document(graph, request, BASE + _path(request).removeprefix("/"))

    def terms(request: Request) -> Response:
        term = request.query_params.get("term")
        if term is None:
            return _terms(graph, request)
        return _document(graph, request, ICSC + term)

    def void(request: Request) -> Response:
        format = choose(request.headers.get("accept", ""), GRAPH_TYPES) or "ttl"
        if graph.release is None:
            return problem(404, "No release", "this server serves no release")
        host = str(request.base_url).rstrip("/")
        return _data(release_description(graph.release, host, format), format)

    both: dict[str, Any] = {"methods": ["GET", "HEAD"]}
    router.add_api_route("/id/{rest:path}", thing, **both)
    router.add_api_route("/doc/{rest:path}", _guarded(about), **both)
    router.add_api_route("/ns", _guarded(terms), **both)
    router.add_api_route("/graph/{rest:path}", _guarded(document), **both)
    router.add_api_route("/.well-known/void", _guarded(void), **both)
    for module in _modules(graph):
        router.add_api_route(f"/{module}", _guarded(document), **both)
    return router


def _guarded(answer: Callable[[Request], Response]) -> Callable[[Request], Response]:
    def guarded(request: Request) -> Response:
        try:
            return answer(request)
        except KgError as error:
            # The pages, where there are any, say it as they say everything else.
            show: Callable[[Request, KgError], Response] | None = getattr(request.app.state, "trouble", None)
            page = request.query_params.get("format", "html") == "html"
            if show is not None and page and wants_page(request.headers.get("accept", "")):
                return show(request, error)
            return problem_of(error)

    return guarded


def _path(request: Request) -> str:
    """The path as it was sent: IRIs keep their percent signs."""
    raw: bytes = request.scope.get("raw_path") or str(request.scope["path"]).encode()
    return raw.decode("latin-1").split("?", 1)[0].removeprefix(str(request.scope.get("root_path", "")))


def _modules(graph: Graph) -> list[str]:
    found = graph.store.query(f"SELECT DISTINCT ?o WHERE {{ ?o a <{OWL}Ontology> }}").rows
    iris = [row[0].value for row in found if isinstance(row[0], ox.NamedNode)]
    return sorted({iri.removeprefix(BASE) for iri in iris if iri.startswith(BASE) and "#" not in iri} - {"ns"})


def _document(graph: Graph, request: Request, iri: str) -> Response:
    format = _format(request)
    if isinstance(format, Response):
        return format
    if not _IRI.fullmatch(iri):
        return _missing(graph, request, iri, format)
    if format == "html":
        return _page(graph, request, iri)
    triples = statements_of(graph.store, iri)
    if not triples:
        known = graph.store.query(f"ASK {{ {{ GRAPH <{iri}> {{ ?s ?p ?o }} }} UNION {{ ?s ?p <{iri}> }} }}").truth
        if not known:
            return _missing(graph, request, iri, format)
    return _data(ox.serialize(triples, format=GRAPHS[format], prefixes=PREFIXES) or b"", format)


def _format(request: Request) -> str | Response:
    wanted = request.query_params.get("format")
    if wanted is not None:
        if wanted in _TYPES.values():
            return wanted
        return problem(400, "No such format", f"format={wanted} is not known", "There are: html, ttl, nt, jsonld, rdf.")
    chosen = choose(request.headers.get("accept", ""), _TYPES)
    if chosen is None:
        return problem(406, "No such format", "none of the accepted formats", "There are: " + ", ".join(_TYPES) + ".")
    return chosen


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _page(graph: Graph, request: Request, iri: str) -> Response:
    lang = _language(request)
    out, incoming = _number(request, "page"), _number(request, "in")
    page = page_of(graph.store, graph.release, iri, lang, out, incoming)
    if page is None:
        return _missing(graph, request, iri, "html")
    name = iri.removeprefix(f"{GRAPH}source/")
    dump = f"/dumps/source-{name}.nq" if name != iri and _LEAF.fullmatch(name) else ""
    return render_page(
        request,
        "resource.html",
        lang,
        page=page,
        number=out,
        number_in=incoming,
        dump=dump,
        title=page.title,
        asks=_asks(graph, page, lang),
    )


def _asks(graph: Graph, page: Page, lang: str) -> list[tuple[str, str]]:
    """Questions about a thing of this kind: the form of each, filled in, and what it asks."""
    types = {fact.iri for group in page.out if group.iri == f"{RDF}type" for fact in group.facts}
    found = []
    for question in sorted(graph.questions().values(), key=lambda question: (question.group, question.name)):
        # The first parameter is what a question is about.
        about = next(iter(question.parameters), None)
        if about is not None and CLASSES.get(about.kind) in types:
            given = {"question": question.name, about.name: page.iri, "lang": lang}
            found.append(("/ask?" + urlencode(given), question.texts(lang).summary))
    return found


def _missing(graph: Graph, request: Request, iri: str, format: str) -> Response:
    found = nearest(graph.store, graph.release, iri)
    labels = labels_of(graph.store, [other for other, _ in found], _language(request)) if format == "html" else {}
    near = [(other, labels.get(other, label)) for other, label in found]
    if format == "html":
        lang = _language(request)
        title = words(lang)["missing"]
        return render_page(request, "missing.html", lang, status=404, iri=iri, near=near, title=title)
    hint = "Nearest: " + "; ".join(f"{label} <{other}>" for other, label in near) + "." if near else None
    return problem(404, "Not in this release", f"<{iri}> is not in this release", hint, [other for other, _ in near])


def _terms(graph: Graph, request: Request) -> Response:
    format = _format(request)
    if isinstance(format, Response):
        return format
    where = f'GRAPH <{GRAPH}ontology> {{ ?t ?p ?o FILTER(STRSTARTS(STR(?t), "{ICSC}")) }}'
    if format != "html":
        data = graph.store.query(f"CONSTRUCT {{ ?t ?p ?o }} WHERE {{ {where} }}").triples or ""
        triples = sorted((quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)), key=str)
        return _data(ox.serialize(triples, format=GRAPHS[format], prefixes=PREFIXES) or b"", format)
    lang = _language(request)
    found: dict[str, dict[str, list[Any]]] = {}
    for term, predicate, value in graph.store.query(f"SELECT ?t ?p ?o WHERE {{ {where} }}").rows:
        if isinstance(term, ox.NamedNode) and isinstance(predicate, ox.NamedNode):
            found.setdefault(term.value, {}).setdefault(predicate.value, []).append(value)
    nodes = {value.value for facts in found.values() for values in facts.values() for value in values if _named(value)}
    labels = labels_of(graph.store, nodes | set(found), lang)
    terms = sorted(found.items(), key=lambda item: local_name(item[0]).casefold())
    title = words(lang)["terms"]
    return render_page(request, "terms.html", lang, terms=terms, labels=labels, named=_named, title=title)


def _named(value: object) -> bool:
    return isinstance(value, ox.NamedNode)


def _language(request: Request) -> str:
    return choose_language(request.headers.get("accept-language", ""), request.query_params.get("lang"))


def _data(body: bytes, format: str) -> Response:
    return Response(
        body,
        headers={**CORS, "Vary": "Accept"},
        media_type=content_type(GRAPH_TYPES, format).removesuffix("; charset=utf-8"),
    )


def render_page(request: Request, template: str, lang: str, status: int = 200, **values: Any) -> Response:
    """A page from a template of the package, in one language; it asks no other server for anything."""
    root = str(request.scope.get("root_path", ""))

    def link(iri: str) -> str:
        if iri.startswith(ICSC):
            return f"{root}/ns?term={iri.removeprefix(ICSC)}" if _LEAF.fullmatch(iri.removeprefix(ICSC)) else ""
        if iri.startswith(BASE):
            return f"{root}/{iri.removeprefix(BASE)}"
        return iri if iri.startswith(("http://", "https://")) else ""

    def here(**changed: object) -> str:
        return str(request.url.include_query_params(**changed).query)

    text = (
        _templates()
        .get_template(template)
        .render(
            lang="zh-Hans" if lang == "zh" else "en",
            w=words(lang),
            link=link,
            here=here,
            root=root,
            # What other pages the server has.
            menu=getattr(request.app.state, "menu", {}).get(lang, ()),
            **values,
        )
    )
    headers = {
        "Content-Language": "zh-Hans" if lang == "zh" else "en",
        "Vary": "Accept, Accept-Language",
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(text, status, headers=headers, media_type="text/html")


def _coded(text: str) -> Markup:
    """What stands between backticks as code; all of it escaped."""
    parts = text.split("`")
    return Markup().join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"local_name": local_name, "things": ID}
    environment.filters["coded"] = _coded
    return environment
