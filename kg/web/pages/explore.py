"""Things by name, and the neighbourhood of one as a graph that grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg.candidates import short
from kg.errors import UsageError
from kg.graph import Graph
from kg.terms import ICSC, OWL, RDFS
from kg.web.pages.charts import edges
from kg.web.pages.common import Given, per_release, quoted, text_of, texts_of
from kg.web.pages.words import page_words

__all__ = ["MOST", "Neighbours", "explore", "labels_of", "neighbours"]

#: Things of one search.
_FOUND: Final = 200
#: Neighbours that one step draws, and things that a graph shows at most.
STEP: Final = 24
MOST: Final = 250
#: Statements that are looked at for one step.
_LOOKED: Final = 2000


@dataclass(frozen=True)
class Neighbours:
    """What a thing is linked with by statements of the project's own properties.

    Attributes:
        nodes: IRI -> label and class, the thing itself first.
        links: subject, object, label of the property.
        left: neighbours that are known and not among them.
        more: there are so many that the rest was not counted.
    """

    nodes: dict[str, dict[str, str]]
    links: tuple[tuple[str, str, str], ...]
    left: int
    more: bool


def explore(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Things by name in both languages, and the graph around those that were chosen."""
    text = given.get("q", "")
    found, full = _search(graph, lang, text) if text else ([], False)
    opened = list(dict.fromkeys([given.get("iri", ""), *given.get("open", "").split()]))
    opened = [iri for iri in opened if iri]
    nodes: dict[str, dict[str, Any]] = {}
    links: dict[tuple[str, str, str], None] = {}
    left: list[tuple[str, int, bool]] = []
    for iri in opened:
        around = neighbours(graph, lang, iri)
        for key, node in around.nodes.items():
            if len(nodes) < MOST:
                nodes.setdefault(key, {"name": node["label"], "group": node["class"], "iri": key})
        links |= dict.fromkeys(around.links)
        if around.left:
            left.append((around.nodes[iri]["label"], around.left, around.more))
    shown = [link for link in links if link[0] in nodes and link[1] in nodes]
    for iri in opened:
        if iri in nodes:
            nodes[iri]["size"] = 0.5
    label = page_words(lang)["neighbourhood"]
    option = None
    if nodes:
        option = edges(nodes, [{"source": s, "target": o, "name": name} for s, o, name in shown], label)
    return {
        "found": found,
        "q": text,
        "full": full,
        "opened": opened,
        "nodes": nodes,
        "links": shown,
        "left": left,
        "most": MOST,
        "drawing": option,
    }


def _search(graph: Graph, lang: str, text: str) -> tuple[list[dict[str, str]], bool]:
    """Things of which a name holds a text, each once, with what they are; and whether there may be more.

    A thing is listed by the shortest such name; the one in the page's language, where it is another, stands beside it.
    """
    literal = quoted(text.lower())
    answer = graph.store.query(
        f"SELECT DISTINCT ?s ?label WHERE {{ ?s <{RDFS}label> ?label "
        f"FILTER(CONTAINS(LCASE(STR(?label)), {literal})) }} LIMIT {_FOUND}"
    )
    names: dict[str, str] = {}
    for row in answer.rows:
        iri, label = text_of(row[0]), text_of(row[1])
        names[iri] = min(names.get(iri, label), label, key=lambda name: (len(name), name))
    own = labels_of(graph, lang, list(names))
    found = []
    for iri, label in names.items():
        also = own[iri]["label"] if own[iri]["label"] != label else ""
        # The short form can be read, and typed in any form.
        found.append({"iri": iri, "label": label, "class": own[iri]["class"], "also": also, "short": short(iri)})
    return sorted(found, key=lambda item: (len(item["label"]), item["label"], item["iri"])), len(answer.rows) >= _FOUND


def neighbours(graph: Graph, lang: str, iri: str) -> Neighbours:
    """The things that a thing is linked with, at most 24, taken in turn from each property.

    Only things with a name are shown: nodes that stand for a statement are passed over, and what follows from them
    is shown instead.

    Raises:
        UsageError: it is not an IRI, or the release does not know it.
    """
    if not iri or any(character in iri for character in '<>"{}|^`\\ \n\r\t'):
        raise UsageError(f"{iri!r} is not an IRI", where="iri")
    named = labels_of(graph, lang, [iri])
    rows = texts_of(
        graph,
        f"SELECT DISTINCT ?out ?p ?other WHERE {{ {{ BIND(true AS ?out) <{iri}> ?p ?other FILTER(ISIRI(?other)) }} "
        f"UNION {{ BIND(false AS ?out) ?other ?p <{iri}> FILTER(ISIRI(?other)) }} "
        f'FILTER(STRSTARTS(STR(?p), "{ICSC}")) }} LIMIT {_LOOKED}',
    )
    if not rows and iri not in named:
        raise UsageError(f"<{iri}> is not in this release", where="iri")
    by_property: dict[tuple[bool, str], list[str]] = {}
    properties: dict[tuple[bool, str], set[str]] = {}
    for direction, predicate, other in rows:
        properties.setdefault((direction == "true", other), set()).add(predicate)
    names, wider = _properties(graph, lang)
    inverse = _inverses(graph)
    for (out, other), found in sorted(properties.items()):
        if not out:
            # What the thing says of the other by the inverse property is drawn once.
            said = properties.get((True, other), set())
            found = {predicate for predicate in found if not inverse.get(predicate, frozenset()) & said}
        # Of a property and a wider one, the narrower says more.
        for predicate in sorted(found - {up for down in found for up in wider.get(down, ())}):
            by_property.setdefault((out, predicate), []).append(other)
    labels = named | labels_of(graph, lang, [other for _, other in properties])
    queues = [
        (key, [other for other in others if other in labels and other != iri]) for key, others in by_property.items()
    ]
    taken: list[tuple[bool, str, str]] = []
    seen: set[str] = set()
    depth = 0
    while len(seen) < STEP and any(len(others) > depth for _, others in queues):
        for (out, predicate), others in queues:
            if len(others) > depth and (others[depth] in seen or len(seen) < STEP):
                seen.add(others[depth])
                taken.append((out, predicate, others[depth]))
        depth += 1
    everything = {other for _, others in queues for other in others}
    nodes = {key: labels.get(key) or {"label": key.rsplit("/", 1)[-1], "class": ""} for key in [iri, *sorted(seen)]}
    links = tuple(
        (iri, other, names.get(predicate, predicate)) if out else (other, iri, names.get(predicate, predicate))
        for out, predicate, other in taken
    )
    return Neighbours(nodes, links, len(everything - seen), len(rows) >= _LOOKED)


def labels_of(graph: Graph, lang: str, iris: Sequence[str]) -> dict[str, dict[str, str]]:
    """IRI -> label and class, of those that have a label."""
    labels: dict[str, dict[str, str]] = {}
    names, wider = _classes(graph, lang)
    for start in range(0, len(iris), 500):
        values = " ".join(f"<{iri}>" for iri in iris[start : start + 500])
        rows = graph.store.query(
            f"SELECT DISTINCT ?s ?label ?class WHERE {{ VALUES ?s {{ {values} }} ?s <{RDFS}label> ?label "
            f"OPTIONAL {{ ?s a ?class }} }}"
        ).rows
        kinds: dict[str, set[str]] = {}
        best: dict[str, tuple[bool, str]] = {}
        for subject, label, kind in rows:
            key = text_of(subject)
            kinds.setdefault(key, set()).add(text_of(kind))
            foreign = not (isinstance(label, ox.Literal) and (label.language or "").startswith(lang))
            # The page's language first; of several names always the same one.
            best[key] = min(best.get(key, (True, "\uffff")), (foreign, text_of(label)))
        for key, found in kinds.items():
            narrow = sorted((found & set(names)) - {up for down in found for up in wider.get(down, ())})
            labels[key] = {"label": best[key][1], "class": names[narrow[0]] if narrow else ""}
    return labels


@per_release
def _inverses(graph: Graph) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for one, other in texts_of(graph, f"SELECT DISTINCT ?a ?b WHERE {{ ?a <{OWL}inverseOf> ?b }}"):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {term: frozenset(others) for term, others in found.items()}


@per_release
def _properties(graph: Graph, lang: str) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    return _hierarchy(graph, lang, "subPropertyOf")


@per_release
def _classes(graph: Graph, lang: str) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    return _hierarchy(graph, lang, "subClassOf")


def _hierarchy(graph: Graph, lang: str, relation: str) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """Labels of the project's terms, and the wider terms of each, over all steps."""
    rows = texts_of(
        graph,
        f"SELECT DISTINCT ?term ?label WHERE {{ ?term <{RDFS}label> ?label "
        f'FILTER(STRSTARTS(STR(?term), "{ICSC}") && LANGMATCHES(LANG(?label), "{lang}")) }}',
    )
    names = dict(sorted((term, label) for term, label in rows))
    above: dict[str, set[str]] = {}
    for narrow, wide in texts_of(graph, f"SELECT DISTINCT ?a ?b WHERE {{ ?a <{RDFS}{relation}> ?b }}"):
        if narrow != wide:
            above.setdefault(narrow, set()).add(wide)
    closed: dict[str, frozenset[str]] = {}
    for term in above:
        reached: set[str] = set()
        waiting = [term]
        while waiting:
            for wide in above.get(waiting.pop(), ()):
                if wide not in reached:
                    reached.add(wide)
                    waiting.append(wide)
        closed[term] = frozenset(reached - {term})
    return names, closed
