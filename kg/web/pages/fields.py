"""What the fields of a form show: the names of things in the reader's language, whatever was typed or chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.candidates import long_forms, short
from kg.errors import KgError
from kg.graph import Graph
from kg.names import CLASSES
from kg.parameters import resolve_any
from kg.spelling import cleaned
from kg.terms import RDFS, SKOS
from kg.web.pages.common import Given, texts_of
from kg.web.resources import labels_of

__all__ = ["named", "shown", "shown_of"]


def shown(graph: Graph, lang: str, kinds: Sequence[str], text: str) -> str:
    """What a form shows of a value: a text that names the same thing wherever the value is accepted.

    Args:
        kinds: of things that it may be, keys of `kg.names.CLASSES`; without any the text stays.
        text: a label, a code or an IRI; what names nothing stays.
    """
    iri = _meant(graph, kinds, text)
    if not iri or cleaned(text) in _names(graph, lang, iri):
        return text
    label = labels_of(graph.store, [iri], lang)[iri]
    if _meant(graph, kinds, label) == iri:
        return label
    # Others are called so, too: the short form behind it tells which one it is.
    return f"{label} ({short(iri)})" if long_forms(short(iri)) else text


def shown_of(graph: Graph, lang: str, given: Given, kinds: Mapping[str, Sequence[str]]) -> Mapping[str, str]:
    """What a form shows in each of its fields; nothing where nothing was given.

    Args:
        kinds: field -> kinds of things that it takes.
    """
    found = {name: shown(graph, lang, of, given[name]) for name, of in kinds.items() if name in given}
    return defaultdict(str, found)


def named(graph: Graph, lang: str, kinds: Sequence[str], text: str) -> str:
    """What a heading calls it: its label, or the text itself where that names nothing."""
    iri = _meant(graph, kinds, text)
    return labels_of(graph.store, [iri], lang)[iri] if iri else text


def _meant(graph: Graph, kinds: Sequence[str], text: str) -> str:
    kinds = [kind for kind in kinds if kind in CLASSES]
    try:
        return resolve_any(graph.store, "value", kinds, text)[1:-1] if kinds and text else ""
    except KgError:
        return ""


def _names(graph: Graph, lang: str, iri: str) -> set[str]:
    """Names of a thing in a language."""
    found = texts_of(
        graph,
        f"SELECT ?name WHERE {{ <{iri}> ?p ?name FILTER(?p IN (<{RDFS}label>, <{SKOS}altLabel>)) "
        f'FILTER(LANGMATCHES(LANG(?name), "{lang}")) }}',
    )
    return {name for (name,) in found}
