"""The ontology as a page to read: every term in one language, and a diagram of the main classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import jinja2
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.snapshot import edition
from kg.terms import ICSC

__all__ = ["LANGUAGES", "Section", "Term", "diagram", "page", "read_sections", "write_pages"]

#: Language of a page -> tag of its labels.
LANGUAGES: Final = {"en": "en", "zh": "zh-Hans"}

_KINDS: Final = (
    (OWL.Class, "Classes", "类"),
    (OWL.ObjectProperty, "Object properties", "对象属性"),
    (OWL.DatatypeProperty, "Data properties", "数据属性"),
    (OWL.NamedIndividual, "Concepts", "概念"),
)
_RELATIONS: Final = (
    (RDFS.subClassOf, "subclass of", "父类"),
    (RDFS.subPropertyOf, "sub-property of", "父属性"),
    (RDF.type, "kind", "类型"),
    (RDFS.domain, "from", "定义域"),
    (RDFS.range, "to", "值域"),
    (OWL.inverseOf, "inverse of", "逆属性"),
    (OWL.propertyChainAxiom, "follows from the chain", "由属性链推出"),
    (OWL.disjointWith, "disjoint with", "不相交于"),
)
#: Rows of the diagram: what stands above organizes what stands below.
_ROWS: Final = (
    ("IndustrialChain", "SupplyChain", "Survey"),
    ("Organization", "ChainLink", "Gap", "ChainMeasure"),
    ("SupplyRelation", "Provision", "Input", "ImportDependence"),
    ("Region", "RegionalIndustry", "IndustrialLinkage"),
)
_ARROWS: Final = (
    ("IndustrialChain", "comprises", "SupplyChain"),
    ("ChainLink", "linkOf", "SupplyChain"),
    ("Organization", "operatesAt", "ChainLink"),
    ("ChainLink", "requiresInput", "Input"),
    ("Gap", "gapAt", "ChainLink"),
    ("Gap", "lacks", "Input"),
    ("ChainMeasure", "addresses", "Gap"),
    ("Provision", "hasProvider", "Organization"),
    ("Provision", "providesItem", "Input"),
    ("SupplyRelation", "hasSupplier", "Organization"),
    ("ImportDependence", "dependenceOn", "Input"),
    ("Provision", "inRegion", "Region"),
    ("RegionalIndustry", "inRegion", "Region"),
    ("IndustrialLinkage", "linkageSource", "RegionalIndustry"),
    ("Survey", "surveys", "ChainLink"),
)
_BOX: Final = (190, 54)
_STEP: Final = (270, 150)


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes:
        name: local name, also the anchor of its entry.
        other: its label in the other language.
        relations: words for a relation -> texts of its values with the anchor of each, None where it has none.
    """

    name: str
    iri: str
    label: str
    other: str
    definition: str
    example: str
    scope_note: str
    source: str
    relations: tuple[tuple[str, tuple[tuple[str, str | None], ...]], ...]


@dataclass(frozen=True)
class Section:
    """All terms of one kind, in the order of their names."""

    anchor: str
    title: str
    terms: tuple[Term, ...]


def write_pages(out: Path) -> list[Path]:
    """Writes `terms.en.html`, `terms.zh.html` and `classes.svg`; equal ontology, equal bytes."""
    out.mkdir(parents=True, exist_ok=True)
    graph = edition("dl")
    texts = {f"terms.{language}.html": page(graph, language) for language in LANGUAGES}
    texts["classes.svg"] = diagram(graph, "en", "zh")
    for name, text in texts.items():
        (out / name).write_text(text, encoding="utf-8", newline="\n")
    return [out / name for name in texts]


def read_sections(graph: Graph, language: str) -> list[Section]:
    """The terms of a page, by kind."""
    chinese = language == "zh"
    sections = []
    for kind, english, translated in _KINDS:
        nodes = sorted({s for s in graph.subjects(RDF.type, kind) if str(s).startswith(ICSC)}, key=str)
        terms = tuple(_term(graph, node, language) for node in nodes if isinstance(node, URIRef))
        sections.append(Section(str(kind).rsplit("#", 1)[-1], translated if chinese else english, terms))
    return sections


def page(graph: Graph, language: str) -> str:
    """One self-contained HTML page."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    header = next(iter(graph.subjects(RDF.type, OWL.Ontology)))
    return environment.get_template("terms.html.j2").render(
        language=language,
        tag=LANGUAGES[language],
        version=str(graph.value(header, OWL.versionIRI)).rsplit("/", 1)[-1],
        sections=read_sections(graph, language),
        drawing=diagram(graph, language),
        namespace=ICSC,
    )


def diagram(graph: Graph, *languages: str) -> str:
    """The main classes and properties as SVG, placed in rows, labelled in the languages given."""
    places = {
        name: (20 + column * _STEP[0] + (row % 2) * 40, 20 + row * _STEP[1])
        for row, names in enumerate(_ROWS)
        for column, name in enumerate(names)
    }
    width = max(x for x, _ in places.values()) + _BOX[0] + 20
    height = max(y for _, y in places.values()) + _BOX[1] + 20
    title = "产业链本体的主要类" if languages == ("zh",) else "Main classes of the ontology"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{title}" '
        'font-family="sans-serif" font-size="14">',
        f"<title>{title}</title>",
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 10 5 0 10z" fill="#444"/></marker></defs>',
    ]
    for source, name, target in _ARROWS:
        (x1, y1), (x2, y2) = _edge(places[source], places[target]), _edge(places[target], places[source])
        words = escape(" / ".join(_label(graph, URIRef(ICSC + name), language) for language in languages))
        lines.append(f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#444" marker-end="url(#tip)"/>')
        lines.append(
            f'<text x="{(x1 + x2) // 2}" y="{(y1 + y2) // 2}" text-anchor="middle" font-size="12" fill="#222" '
            f'stroke="#fff" stroke-width="4" paint-order="stroke">{words}</text>'
        )
    for name, (x, y) in places.items():
        node = URIRef(ICSC + name)
        lines.append(
            f'<rect x="{x}" y="{y}" width="{_BOX[0]}" height="{_BOX[1]}" rx="6" fill="#eef4fb" stroke="#2b5f94"/>'
        )
        for number, language in enumerate(languages):
            dy = y + _BOX[1] // 2 + 5 + round((number - (len(languages) - 1) / 2) * 20)
            words = escape(_label(graph, node, language))
            lines.append(f'<text x="{x + _BOX[0] // 2}" y="{dy}" text-anchor="middle" fill="#12314f">{words}</text>')
    return "\n".join([*lines, "</svg>"]) + "\n"


def _edge(box: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """Where the line between the middles of two boxes leaves the first."""
    half = (_BOX[0] / 2, _BOX[1] / 2)
    x, y = box[0] + half[0], box[1] + half[1]
    dx, dy = other[0] + half[0] - x, other[1] + half[1] - y
    scale = min(half[0] / abs(dx) if dx else float("inf"), half[1] / abs(dy) if dy else float("inf"))
    return round(x + dx * scale), round(y + dy * scale)


def _term(graph: Graph, node: URIRef, language: str) -> Term:
    other = "en" if language == "zh" else "zh"
    relations = []
    for predicate, english, chinese in _RELATIONS:
        values = sorted(
            {text for value in graph.objects(node, predicate) if (text := _value(graph, value, language)) is not None},
            key=lambda pair: (pair[0], pair[1] or ""),
        )
        if values:
            relations.append((chinese if language == "zh" else english, tuple(values)))
    sources = [
        str(v) for p in (DCTERMS.bibliographicCitation, DCTERMS.source) for v in sorted(graph.objects(node, p), key=str)
    ]
    return Term(
        name=str(node).removeprefix(ICSC),
        iri=str(node),
        label=_label(graph, node, language),
        other=_label(graph, node, other),
        definition=_text(graph, node, SKOS.definition, language),
        example=_text(graph, node, SKOS.example, language),
        scope_note=_text(graph, node, SKOS.scopeNote, language),
        source=sources[0] if sources else "",
        relations=tuple(relations),
    )


def _value(graph: Graph, value: Node, language: str) -> tuple[str, str | None] | None:
    """Words for a related term, and the anchor of its entry; None for what the page does not show."""
    if isinstance(value, URIRef):
        if value.startswith(ICSC):
            return _label(graph, value, language), value.removeprefix(ICSC)
        owl = value.startswith(str(OWL)) and value.rsplit("#")[-1].endswith(("Class", "Individual", "ObjectProperty"))
        return None if owl or value == OWL.DatatypeProperty else (value.rsplit("#", 1)[-1].rsplit("/", 1)[-1], None)
    if isinstance(value, BNode) and (value, RDF.first, None) in graph:
        steps: Sequence[Node] = list(Collection(graph, value))
        return " ∘ ".join(_label(graph, step, language) for step in steps), None
    return None


def _label(graph: Graph, node: Node, language: str) -> str:
    return _text(graph, node, RDFS.label, language) or str(node).removeprefix(ICSC)


def _text(graph: Graph, node: Node, predicate: URIRef, language: str) -> str:
    """A text in the page's language, else in the other."""
    found = {
        getattr(v, "language", None): str(v) for v in sorted(graph.objects(node, predicate), key=str, reverse=True)
    }
    return found.get(LANGUAGES[language]) or next(iter(found.values()), "")
