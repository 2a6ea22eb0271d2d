"""What three reasoners conclude from the fixture: the project's rules, HermiT and owlrl."""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest import mock

import owlrl
import pyarrow as pa
import pyarrow.parquet as pq
import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Graph, URIRef

from kg.axioms import TYPE
from kg.ontology import RULE_MODULES, read_ontology
from kg.reasoning import Fact, close
from tests.ontology.judge import JAVA_OPTIONS

__all__ = ["FIXTURE", "Triple", "hermit_facts", "ours", "owlrl_facts", "rule_facts", "stated_facts"]

ROOT = Path(__file__).parents[2]
FIXTURE = Path(__file__).parent / "fixture.ttl"
ICSC = "https://w3id.org/icsc/ns#"
ID = "https://w3id.org/icsc/id/"
Triple = tuple[str, str, str]


def stated_facts() -> set[Triple]:
    """The fixture's statements between named things."""
    return {
        (str(s), str(p), str(o))
        for s, p, o in Graph().parse(FIXTURE)
        if isinstance(s, URIRef) and isinstance(o, URIRef) and o not in (OWL.NamedIndividual, OWL.Ontology)
    }


def ours(facts: set[Triple]) -> set[Triple]:
    """Those that say something of an individual in our terms."""
    return {fact for fact in facts if fact[0].startswith(ID) and fact[2].startswith((ID, ICSC))}


def rule_facts(folder: Path) -> set[Triple]:
    """What the project's rules add."""
    stated = stated_facts()
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


@functools.cache
def hermit_facts(modules: tuple[str, ...] = RULE_MODULES) -> tuple[set[Triple], int]:
    """HermiT's facts, completed by what it leaves out, and how many it printed itself.

    HermiT gives most specific types and properties: what follows from its answer by subclass, sub-property or
    inverse alone is added.
    """
    import owlready2

    schema = _schema(modules)
    everything = schema + Graph().parse(FIXTURE)
    for ontology in list(everything.subjects(RDF.type, OWL.Ontology)):
        everything.remove((ontology, None, None))
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "merged.nt"
        everything.serialize(path, format="nt", encoding="utf-8")
        options = {"JDK_JAVA_OPTIONS": " ".join(JAVA_OPTIONS)}
        with world.get_ontology(path.as_uri()).load(), mock.patch.dict(os.environ, options):
            owlready2.sync_reasoner_hermit(world, infer_property_values=True, debug=0)
    answer = ours({(str(s), str(p), str(o)) for s, p, o in world.as_rdflib_graph() if isinstance(o, URIRef)})
    return ours(set(_completed(answer, schema))), len(answer)


@functools.cache
def owlrl_facts() -> set[Triple]:
    """owlrl's facts."""
    graph = _schema(RULE_MODULES) + Graph().parse(FIXTURE)
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    return ours({(str(s), str(p), str(o)) for s, p, o in graph if isinstance(s, URIRef) and isinstance(o, URIRef)})


def _schema(modules: Sequence[str]) -> Graph:
    schema = Graph()
    for module in modules:
        schema.parse(ROOT / "ontology" / module)
    return schema


def _completed(facts: set[Triple], schema: Graph) -> Iterator[Triple]:
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
