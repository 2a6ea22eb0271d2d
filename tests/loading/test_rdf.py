"""A source that is RDF already needs only a CONSTRUCT over itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.errors import LoaderError, SourceFileError
from kg.release import build
from kg.terms import graph_of_source

TURTLE = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix x: <urn:x:> .
x:c691 a skos:Concept ; skos:notation "691" ; skos:prefLabel "Legal activities"@en , "法律\\n\\"活动\\""@zh ;
  skos:broader x:c69 .
x:c69 a skos:Concept ; skos:notation "69" ; skos:prefLabel "Legal and accounting"@en .
[] skos:note "no name" .
"""
QUERY = """#+ summary: concepts as industries
PREFIX icsc: <https://w3id.org/icsc/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
CONSTRUCT { ?industry a icsc:Industry ; rdfs:label ?label ; icsc:subIndustryOf ?wider }
WHERE {
  ?concept a skos:Concept ; skos:notation ?code ; skos:prefLabel ?label .
  BIND(IRI(CONCAT("https://w3id.org/icsc/id/industry/toy/", ?code)) AS ?industry)
  OPTIONAL {
    ?concept skos:broader/skos:notation ?above .
    BIND(IRI(CONCAT("https://w3id.org/icsc/id/industry/toy/", ?above)) AS ?wider)
  }
}
"""


@pytest.fixture
def make_rdf(make_loader: Callable[..., Path]) -> Callable[..., Path]:
    def make(data: str, query: str = QUERY, file: str = "scheme.ttl") -> Path:
        folder = make_loader(data, "", query, file=file)
        (folder / "toy" / "rows.sql").unlink()
        return folder

    return make


def test_construct_over_the_source(make_rdf: Callable[..., Path], tmp_path: Path) -> None:
    loaders = [make_rdf(TURTLE)]
    one = build(["toy"], loaders=loaders, releases=tmp_path / "a")
    assert one.manifest["sources"]["toy"]["rows"] == {"read": 9, "loaded": 9, "rejected": 0}
    graph = kg.open(releases=tmp_path / "a")
    labels = graph.sparql(
        f"SELECT ?label {{ GRAPH <{graph_of_source('toy')}> "
        "{ <https://w3id.org/icsc/id/industry/toy/691> <http://www.w3.org/2000/01/rdf-schema#label> ?label } }"
    )
    assert set(labels.label) == {"Legal activities", '法律\n"活动"'}
    two = build(["toy"], loaders=loaders, releases=tmp_path / "b")
    assert one.manifest["dumps"] == two.manifest["dumps"]
    assert not list((tmp_path / "a" / ".kg-cache").glob("*/rdf"))


def test_rules_read_what_it_gives(make_rdf: Callable[..., Path], tmp_path: Path) -> None:
    release = build(["toy"], loaders=[make_rdf(TURTLE)], releases=tmp_path / "a")
    quads = ox.parse(path=str(release.path / "dumps" / "inferred.nq"), format=ox.RdfFormat.N_QUADS)
    inferred = {(quad.subject.value[-3:], quad.predicate.value.rsplit("#")[-1]) for quad in quads}
    assert any(subject == "691" or subject == "/69" for subject, _ in inferred)


@pytest.mark.parametrize(
    ("data", "query", "error", "words"),
    [
        (TURTLE + "x:broken a \n", QUERY, SourceFileError, "line"),
        (TURTLE, "CONSTRUCT { ?s ?p ?o WHERE", LoaderError, "does not parse"),
        (TURTLE, "SELECT * WHERE { ?s ?p ?o }", LoaderError, "must be a CONSTRUCT"),
        (TURTLE, "CONSTRUCT WHERE { ?s ?p ?o }", LoaderError, "blank node"),
    ],
)
def test_what_is_wrong_is_said(
    make_rdf: Callable[..., Path], tmp_path: Path, data: str, query: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        build(["toy"], loaders=[make_rdf(data, query)], releases=tmp_path / "a")


def test_template_without_select_over_a_table(make_rdf: Callable[..., Path], tmp_path: Path) -> None:
    with pytest.raises(LoaderError, match=r"no rows\.sql beside it"):
        build(["toy"], loaders=[make_rdf("a,b\n1,2\n", file="rows.csv")], releases=tmp_path / "a")
