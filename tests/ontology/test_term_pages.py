"""The pages of terms show every term, in both languages, and are those of today's ontology."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kg.snapshot import edition
from kg.term_pages import _ARROWS, diagram, read_sections, write_pages
from kg.terms import ICSC

DOCS = Path(__file__).parents[2] / "docs" / "terms"
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
VOID = {"meta", "link", "br", "img", "path", "line", "rect"}


class Reader(HTMLParser):
    """Anchors, links, headings, outside addresses that the page loads, and tags left open."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.loaded: list[str] = []
        self.open: list[str] = []
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.language = values["lang"] or ""
        if values.get("id"):
            self.ids.append(values["id"] or "")
        if tag == "a":
            self.links.append(values["href"] or "")
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        self.loaded += [values[name] or "" for name in ("src", "data") if values.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def graph() -> Graph:
    return edition("dl")


def read(language: str) -> Reader:
    reader = Reader()
    reader.feed((DOCS / f"terms.{language}.html").read_text(encoding="utf-8"))
    return reader


def test_the_pages_are_up_to_date(tmp_path: Path) -> None:
    for path in write_pages(tmp_path):
        assert path.read_bytes() == (DOCS / path.name).read_bytes(), "run kg export docs docs/terms"


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-Hans")])
def test_a_page_shows_every_term_and_links_within_itself(graph: Graph, language: str, tag: str) -> None:
    page = read(language)
    terms = {str(s) for kind in KINDS for s in graph.subjects(RDF.type, kind) if str(s).startswith(ICSC)}
    assert len(terms) >= 370
    assert {term.removeprefix(ICSC) for term in terms} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert page.loaded == [] and page.open == [] and page.language == tag
    # No level of heading is left out, as readers of screens go by them.
    assert page.headings[0] == 1 and all(b - a <= 1 for a, b in zip(page.headings, page.headings[1:], strict=False))


def test_labels_and_definitions_are_in_the_language_of_the_page(graph: Graph) -> None:
    for language, tag in (("en", "en"), ("zh", "zh-Hans")):
        for section in read_sections(graph, language):
            for term in section.terms:
                labels = {str(v) for v in graph.objects(URIRef(term.iri), RDFS.label) if v.language == tag}  # type: ignore[attr-defined]
                assert labels == {term.label} and term.definition and term.source


def test_the_diagram_draws_what_the_ontology_says(graph: Graph) -> None:
    root = ET.fromstring(diagram(graph, "en"))
    texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
    names = {name for arrow in _ARROWS for name in (arrow[0], arrow[2])}
    assert len(texts) == len(names) + len(_ARROWS)
    for source, name, target in _ARROWS:
        node = URIRef(ICSC + name)
        assert (node, RDF.type, OWL.ObjectProperty) in graph
        for end, predicate in ((source, RDFS.domain), (target, RDFS.range)):
            stated = graph.value(node, predicate)
            if isinstance(stated, URIRef):
                above = set(graph.transitive_objects(URIRef(ICSC + end), RDFS.subClassOf))
                below = set(graph.transitive_subjects(RDFS.subClassOf, URIRef(ICSC + end)))
                assert stated in above | below, f"{name} does not join {source} and {target}"
