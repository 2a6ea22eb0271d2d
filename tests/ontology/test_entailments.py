"""What follows from the ontology on a small world, by the project's rules and by HermiT."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kg.axioms import TYPE
from kg.ontology import RULE_MODULES, read_ontology
from kg.reasoning import Fact, close

ROOT = Path(__file__).parents[2]
FIXTURE = Path(__file__).parent / "fixture.ttl"
ICSC = "https://w3id.org/icsc/ns#"
ID = "https://w3id.org/icsc/id/"
Triple = tuple[str, str, str]


@pytest.fixture(scope="module")
def stated() -> set[Triple]:
    """The fixture's statements between named things."""
    graph = Graph().parse(FIXTURE)
    return {
        (str(s), str(p), str(o))
        for s, p, o in graph
        if isinstance(s, URIRef) and isinstance(o, URIRef) and o not in (OWL.NamedIndividual, OWL.Ontology)
    }


@pytest.fixture(scope="module")
def inferred(stated: set[Triple], tmp_path_factory: pytest.TempPathFactory) -> set[Triple]:
    """What the project's rules add."""
    folder = tmp_path_factory.mktemp("rules")
    facts = []
    for index, predicate in enumerate(sorted({p for _, p, _ in stated})):
        pairs = sorted((f"<{s}>", f"<{o}>") for s, p, o in stated if p == predicate)
        path = folder / f"{index}.parquet"
        pq.write_table(pa.table({"s": [s for s, _ in pairs], "o": [o for _, o in pairs]}), path)
        facts.append(Fact(predicate, path, "fixture"))
    ontology = read_ontology(ROOT / "ontology")
    out = folder / "inferred.nq"
    close(ontology.program, facts, ontology.statements, out)
    quads = ox.parse(out.read_bytes(), format=ox.RdfFormat.N_QUADS)
    return {(quad.subject.value, quad.predicate.value, quad.object.value) for quad in quads}


def expand(fact: str) -> Triple:
    def term(name: str) -> str:
        prefix, local = name.split(":")
        return ICSC + local if prefix == "icsc" else f"{ID}{prefix}/{local}"

    subject, predicate, obj = fact.split()
    return term(subject), TYPE if predicate == "a" else term(predicate), term(obj)


@pytest.mark.parametrize(
    "fact",
    [
        "chain:futong-optical icsc:docksInto chain:network-communication",
        "gap:1 a icsc:InsufficientGap",
        "instrument:1 icsc:approach icsc:approachFacilityEnsures",
        "item:case icsc:availableIn region:320000",
        "item:case icsc:availableIn region:YRD",
        "item:chip a icsc:NeckTechnology",
        "item:chip icsc:availableIn region:CN",
        "item:fibre icsc:availableIn region:330000",
        "link:fibre icsc:requiresInput item:preform",
        "link:preform icsc:linkOf chain:network-communication",
        "link:preform icsc:requiresInput item:material",
        "measure:1 a icsc:ProtectionMeasure",
        "measure:2 a icsc:SupplementMeasure",
        "org:damo icsc:candidatePartnerFor gap:2",
        "org:futong a icsc:CoreEnterprise",
        "org:futong icsc:exposedTo item:preform",
        "org:futong icsc:locatedIn region:CN",
        "org:futong icsc:operatesAt link:fibre",
        "org:futong icsc:participatesIn chain:network-communication",
        "org:supplier-x a icsc:SecondTierSupplier",
        "org:supplier-x icsc:upstreamOf org:futong",
        "org:textile-y icsc:provides item:case",
        "org:yuantong a icsc:CoreSupplier",
        "region:330600 icsc:provides item:fibre",
        "rel:linkage-1 a icsc:ForwardLinkage",
        "rel:linkage-1 a icsc:IntraRegionalLinkage",
        "rel:linkage-1 icsc:linkageDirection icsc:directionForward",
        "rel:linkage-2 a icsc:ExtraRegionalLinkage",
        "rel:linkage-2 a icsc:HorizontalLinkage",
        "rel:provision-2 icsc:withinRegion region:330000",
    ],
)
def test_what_follows(fact: str, inferred: set[Triple]) -> None:
    assert expand(fact) in inferred


@pytest.mark.parametrize(
    "fact",
    [
        "item:case a icsc:NeckTechnology",  # its import dependence is moderate
        "item:chip icsc:availableIn region:320000",  # nobody is known to provide it there
        "item:steel-case icsc:availableIn region:330000",  # a sister province does not share
        "measure:1 a icsc:SupplementMeasure",  # it addresses an interruption, not a missing input
        "rel:linkage-1 a icsc:ExtraRegionalLinkage",
        "rel:linkage-1 a icsc:TwoWayLinkage",
        "rel:linkage-2 a icsc:IntraRegionalLinkage",
    ],
)
def test_what_does_not_follow(fact: str, inferred: set[Triple], stated: set[Triple]) -> None:
    assert expand(fact) not in inferred | stated


@pytest.mark.java
def test_hermit_infers_the_same(stated: set[Triple], inferred: set[Triple], tmp_path: Path) -> None:
    """HermiT leaves out what follows from its answer by subclass, sub-property or inverse: that is added first."""
    owlready2 = pytest.importorskip("owlready2")
    if shutil.which("java") is None:
        pytest.skip("no Java runtime")
    schema = Graph()
    for module in RULE_MODULES:
        schema.parse(ROOT / "ontology" / module)
    everything = schema + Graph().parse(FIXTURE)
    for ontology in list(everything.subjects(RDF.type, OWL.Ontology)):
        everything.remove((ontology, None, None))
    path = tmp_path / "merged.nt"
    everything.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    with world.get_ontology(path.as_uri()).load():
        owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    answer = {(str(s), str(p), str(o)) for s, p, o in world.as_rdflib_graph() if isinstance(o, URIRef)}
    hermit = {triple for triple in answer if triple[0].startswith(ID) and triple[2].startswith((ID, ICSC))}
    hermit = {triple for triple in _closed(hermit, schema) if triple[2].startswith((ID, ICSC))}
    rules = {triple for triple in inferred | stated if triple[0].startswith(ID) and triple[2].startswith((ID, ICSC))}
    assert len(rules) > 250
    assert hermit - rules == set()
    assert rules - hermit == set()


def _closed(facts: set[Triple], schema: Graph) -> Iterator[Triple]:
    """The facts with those that follow from them by subclass, sub-property and inverse alone."""
    inverse = {(str(p), str(q)) for p, q in schema.subject_objects(OWL.inverseOf)}
    inverse |= {(q, p) for p, q in inverse}
    above = {(str(p), str(q)) for p, q in schema.subject_objects(RDFS.subPropertyOf)}
    wider = {(str(c), str(d)) for c, d in schema.subject_objects(RDFS.subClassOf) if isinstance(d, URIRef)}
    seen: set[Triple] = set()
    waiting = list(facts)
    while waiting:
        fact = waiting.pop()
        if fact in seen:
            continue
        seen.add(fact)
        s, p, o = fact
        waiting += [(s, p, d) for c, d in wider if p == TYPE and c == o]
        waiting += [(s, q, o) for r, q in above if r == p]
        waiting += [(o, q, s) for r, q in inverse if r == p]
    yield from seen
