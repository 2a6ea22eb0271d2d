"""What the graph says of one resource, gathered for a page: facts by property, incoming links, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph as ox
from rapidfuzz import fuzz, process

from kg.errors import LimitError
from kg.releases import Release
from kg.store.base import Store, Term
from kg.terms import GRAPH, ICSC, ID, RDF, RDFS, SKOS
from kg.web.words import term_words

__all__ = ["Fact", "Group", "Page", "Source", "labels_of", "nearest", "page_of", "statements_of"]

OUT_ROWS = 200
IN_ROWS = 50
_MOST_INCOMING = 1000
_LABELS = (RDFS + "label", SKOS + "prefLabel", "http://purl.org/dc/terms/title")
_FIRST = (RDF + "type", RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", SKOS + "definition")


@dataclass(frozen=True)
class Source:
    """Where a statement stands.

    Attributes:
        date: when the source was fetched; empty where it is not known.
    """

    iri: str
    label: str
    date: str


@dataclass(frozen=True)
class Fact:
    """A value, or for an incoming link its subject, with every graph that states it.

    Attributes:
        iri: of a resource; empty for a literal.
        text: label or value.
        lang: language of the text; empty where it has none.
        datatype: local name of a literal's datatype, where it is no text.
    """

    iri: str
    text: str
    lang: str
    datatype: str
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Group:
    """The facts of one property."""

    iri: str
    label: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Page:
    """A part of what is known of a resource.

    Attributes:
        labels: text and language, the wanted language first.
        more_out: there are further facts.
        more_in: there are further incoming links.
    """

    iri: str
    title: str
    labels: tuple[tuple[str, str], ...]
    out: tuple[Group, ...]
    incoming: tuple[Group, ...]
    more_out: bool
    more_in: bool


def page_of(store: Store, release: Release | None, iri: str, lang: str, out: int = 1, incoming: int = 1) -> Page | None:
    """What is known of a resource; None where nothing is.

    Args:
        lang: `zh` or `en`: language of the labels.
        out: page of its facts, from 1.
        incoming: page of the links to it, from 1.
    """
    # The engine gives one pattern's matches in the order of its index: the same on every page.
    of = store.query(
        f"SELECT ?g ?p ?o WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }} LIMIT {OUT_ROWS + 1} OFFSET {(out - 1) * OUT_ROWS}"
    ).rows
    to = store.query(
        f"SELECT ?g ?p ?s WHERE {{ GRAPH ?g {{ ?s ?p <{iri}> }} }} "
        f"LIMIT {IN_ROWS + 1} OFFSET {(incoming - 1) * IN_ROWS}"
    ).rows
    if not of and not to and not store.query(f"ASK {{ GRAPH <{iri}> {{ ?s ?p ?o }} }}").truth:
        return None
    shown = [*of[:OUT_ROWS], *to[:IN_ROWS]]
    nodes = {value.value for row in shown for value in row if isinstance(value, ox.NamedNode)} | {iri}
    labels = labels_of(store, nodes, lang)
    own = store.query(
        f"SELECT DISTINCT ?l WHERE {{ VALUES ?p {{ {' '.join(f'<{p}>' for p in _LABELS)} }} <{iri}> ?p ?l }}"
    )
    texts = {(row[0].value, row[0].language or "") for row in own.rows if isinstance(row[0], ox.Literal)}
    ordered = sorted(texts, key=lambda text: (_rank(text[1], lang), text))
    return Page(
        iri,
        labels[iri],
        tuple(ordered),
        _groups(of[:OUT_ROWS], labels, release, lang),
        _groups(to[:IN_ROWS], labels, release, lang),
        len(of) > OUT_ROWS,
        len(to) > IN_ROWS,
    )


def statements_of(store: Store, iri: str) -> list[ox.Triple]:
    """All facts of a resource, and the first links to it; empty where there is none."""
    texts = [f"CONSTRUCT {{ <{iri}> ?p ?o }} WHERE {{ <{iri}> ?p ?o }}"]
    texts.append(f"CONSTRUCT {{ ?s ?p <{iri}> }} WHERE {{ ?s ?p <{iri}> }} LIMIT {_MOST_INCOMING}")
    data = "".join(store.query(text).triples or "" for text in texts)
    found = {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)}
    return sorted(found, key=lambda triple: (str(triple.subject) != f"<{iri}>", str(triple)))


def labels_of(store: Store, iris: Iterable[str], lang: str) -> dict[str, str]:
    """IRI -> label in the wanted language, else in another, else the end of the IRI."""
    common = term_words(lang)
    wanted = sorted(set(iris))
    best: dict[str, tuple[int, int, str]] = {}
    for start in range(0, len(wanted), 500):
        values = " ".join(f"<{iri}>" for iri in wanted[start : start + 500])
        for order, predicate in enumerate(_LABELS):
            found = store.query(f"SELECT ?x ?l WHERE {{ VALUES ?x {{ {values} }} ?x <{predicate}> ?l }}")
            for node, label in found.rows:
                if isinstance(node, ox.NamedNode) and isinstance(label, ox.Literal):
                    rank = (_rank(label.language or "", lang), order, label.value)
                    best[node.value] = min(best.get(node.value, rank), rank)
    return {iri: best[iri][2] if iri in best else common.get(iri) or local_name(iri) for iri in wanted}


def local_name(iri: str) -> str:
    """The end of an IRI, readable."""
    return unquote(iri.rstrip("/").rsplit("#", 1)[-1].rsplit("/", 1)[-1]) or iri


def nearest(store: Store, release: Release | None, iri: str, limit: int = 5) -> list[tuple[str, str]]:
    """Resources whose IRI or label is like that of one that does not exist: IRI and label."""
    rest = iri.removeprefix(ID)
    kind = rest.split("/", 1)[0]
    try:
        if rest != iri and kind not in _kinds(store, release):
            return []
        names = _named(store, release, ICSC if rest == iri else f"{ID}{kind}/")
    except LimitError:
        return []
    if not names:
        return []
    texts = [f"{local_name(other)} {label}" for other, label in names]
    best = process.extract(local_name(iri), texts, scorer=fuzz.WRatio, limit=limit * 4, score_cutoff=45)
    near: dict[str, str] = {}
    for _, _, index in best:
        near.setdefault(*names[index])
    return list(near.items())[:limit]


#: Release and part of the graph -> what was found there; a release never changes.
_FOUND: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {}
_MOST_FOUND = 16


def _once(store: Store, release: Release | None, name: str, query: str) -> tuple[tuple[str, str], ...]:
    """The two columns of a query that reads much, asked once a release."""
    key = (release.id if release else "", name)
    if key not in _FOUND:
        rows = store.query(query, 10.0).rows
        if len(_FOUND) >= _MOST_FOUND:
            _FOUND.clear()
        _FOUND[key] = tuple((_plain(row[0]), _plain(row[1])) for row in rows)
    return _FOUND[key]


def _plain(value: Term | None) -> str:
    return value.value if isinstance(value, ox.NamedNode | ox.Literal) else ""


def _kinds(store: Store, release: Release | None) -> set[str]:
    """The first part of every name below `/id/`."""
    query = (
        f'SELECT DISTINCT ?kind ("" AS ?none) WHERE {{ ?x <{RDFS}label> ?l '
        f'BIND(STRBEFORE(STRAFTER(STR(?x), "{ID}"), "/") AS ?kind) }}'
    )
    return {kind for kind, _ in _once(store, release, "", query)}


def _named(store: Store, release: Release | None, folder: str) -> tuple[tuple[str, str], ...]:
    query = f'SELECT ?x ?l WHERE {{ ?x <{RDFS}label> ?l FILTER(STRSTARTS(STR(?x), "{folder}")) }} LIMIT 60000'
    return _once(store, release, folder, query)


def _rank(tag: str, lang: str) -> int:
    main = tag.lower().split("-")[0]
    return 0 if main == lang else 2 if main in {"zh", "en"} else 1


def _groups(
    rows: Iterable[tuple[Term | None, ...]], labels: Mapping[str, str], release: Release | None, lang: str
) -> tuple[Group, ...]:
    found: dict[str, dict[Term, list[str]]] = {}
    for graph, predicate, value in rows:
        if isinstance(graph, ox.NamedNode) and isinstance(predicate, ox.NamedNode) and value is not None:
            found.setdefault(predicate.value, {}).setdefault(value, []).append(graph.value)
    groups = []
    for predicate_iri, values in found.items():
        facts = [
            _fact(value, labels, tuple(source_of(release, name, labels, lang) for name in sorted(set(graphs))))
            for value, graphs in values.items()
        ]
        groups.append(Group(predicate_iri, labels[predicate_iri], tuple(facts)))
    order = {iri: index for index, iri in enumerate(_FIRST)}
    return tuple(sorted(groups, key=lambda group: (order.get(group.iri, len(order)), group.label, group.iri)))


def _fact(value: Term, labels: Mapping[str, str], sources: tuple[Source, ...]) -> Fact:
    if isinstance(value, ox.NamedNode):
        return Fact(value.value, labels[value.value], "", "", sources)
    if isinstance(value, ox.Literal):
        kind = "" if value.language else local_name(value.datatype.value)
        if kind == "dateTime" and value.value.endswith("T00:00:00Z"):
            # A day is written as a time where a date is asked for; nobody knows the second.
            return Fact("", value.value.partition("T")[0], "", "", sources)
        return Fact("", value.value, value.language or "", "" if kind == "string" else kind, sources)
    return Fact("", str(value), "", "", sources)


def source_of(release: Release | None, graph: str, labels: Mapping[str, str], lang: str) -> Source:
    """The source behind a named graph."""
    entry = release.manifest["sources"].get(graph.removeprefix(f"{GRAPH}source/")) if release else None
    if entry:
        label = entry.get("title_zh") if lang == "zh" and entry.get("title_zh") else entry.get("title")
        return Source(graph, str(label), str(entry.get("retrieved") or ""))
    built = str(release.manifest.get("built", ""))[:10] if release else ""
    return Source(graph, labels.get(graph, local_name(graph)), built)
