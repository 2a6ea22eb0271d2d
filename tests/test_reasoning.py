"""The rules give what OWL 2 RL gives, and refuse contradictions."""

from __future__ import annotations

from pathlib import Path

import duckdb
import owlrl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, URIRef

from kg.axioms import TYPE, read_program
from kg.errors import ContradictionError, OntologyError
from kg.reasoning import LIMIT, Fact, close

PREFIXES = """@prefix : <urn:t:> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
SCHEMA = (
    PREFIXES
    + """
:A a owl:Class . :B a owl:Class ; rdfs:subClassOf :A . :C a owl:Class .
:p a owl:ObjectProperty ; rdfs:domain :A ; rdfs:range :C ; owl:inverseOf :q .
:q a owl:ObjectProperty .
:t a owl:ObjectProperty , owl:TransitiveProperty .
:s a owl:ObjectProperty ; rdfs:subPropertyOf :t .
:y a owl:ObjectProperty , owl:SymmetricProperty .
:c a owl:ObjectProperty ; owl:propertyChainAxiom ( :p :t ) .
:D a owl:Class .
[] a owl:Restriction ; owl:onProperty :t ; owl:someValuesFrom :B ; rdfs:subClassOf :D .
[] a owl:Class ; rdfs:subClassOf :C ;
  owl:intersectionOf ( :A [ a owl:Restriction ; owl:onProperty :y ; owl:hasValue :n0 ] ) .
"""
)


def closure(
    schema: str, abox: list[tuple[str, str, str]], folder: Path, limit: int = LIMIT, left_out: tuple[str, ...] = ()
) -> set[tuple[str, str, str]]:
    """Stated and inferred triples, as texts."""
    program = read_program(Graph().parse(data=schema, format="turtle"))
    facts = []
    for index, predicate in enumerate(sorted({p for _, p, _ in abox})):
        path = folder / f"{index}.parquet"
        rows = [(f"<{s}>", f"<{o}>") for s, p, o in abox if p == predicate]
        with duckdb.connect() as con:
            con.execute("CREATE TABLE f (s VARCHAR, o VARCHAR)")
            con.executemany("INSERT INTO f VALUES (?, ?)", rows)
            con.execute(f"COPY f TO '{path}' (FORMAT parquet)")
        facts.append(Fact(predicate, path, "test"))
    out = folder / "out.nq"
    assert close(program, facts, [], out, limit=limit).left_out == left_out
    inferred = {tuple(part.strip("<>") for part in line.split(" ")[:3]) for line in out.read_text().splitlines()}
    assert not inferred & set(abox)
    return inferred | set(abox)  # type: ignore[arg-type]  # three parts each


NODES = [f"urn:t:n{i}" for i in range(5)]
TRIPLES = st.one_of(
    st.tuples(st.sampled_from(NODES), st.sampled_from([f"urn:t:{p}" for p in "pqtsyc"]), st.sampled_from(NODES)),
    st.tuples(st.sampled_from(NODES), st.just(TYPE), st.sampled_from(["urn:t:A", "urn:t:B", "urn:t:C"])),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TRIPLES, min_size=1, max_size=10, unique=True))
def test_same_closure_as_owlrl(tmp_path_factory: pytest.TempPathFactory, abox: list[tuple[str, str, str]]) -> None:
    ours = closure(SCHEMA, abox, tmp_path_factory.mktemp("closure"))
    graph = Graph().parse(data=SCHEMA, format="turtle")
    for triple in abox:
        graph.add(tuple(URIRef(term) for term in triple))  # type: ignore[arg-type]  # three terms
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    predicates = {URIRef(f"urn:t:{p}") for p in "pqtsyc"}
    classes = {URIRef(f"urn:t:{c}") for c in "ABCD"}
    nodes = {URIRef(node) for node in NODES}
    theirs = {
        (str(s), str(p), str(o))
        for s, p, o in graph
        if s in nodes and ((p in predicates and o in nodes) or (p == RDF.type and o in classes))
    }
    assert ours == theirs


def test_contradiction_names_both_statements_and_sources(tmp_path: Path) -> None:
    schema = PREFIXES + ":A a owl:Class ; owl:disjointWith :B . :B a owl:Class ."
    with pytest.raises(
        ContradictionError, match=r"A and urn:t:B are disjoint.*urn:t:A.*source test.*urn:t:B.*source test"
    ):
        closure(schema, [("urn:t:x", TYPE, "urn:t:A"), ("urn:t:x", TYPE, "urn:t:B")], tmp_path)


def test_functional_property_is_checked(tmp_path: Path) -> None:
    schema = PREFIXES + ":f a owl:ObjectProperty , owl:FunctionalProperty ."
    with pytest.raises(ContradictionError, match="f is functional"):
        closure(schema, [("urn:t:x", "urn:t:f", "urn:t:a"), ("urn:t:x", "urn:t:f", "urn:t:b")], tmp_path)
    assert closure(schema, [("urn:t:x", "urn:t:f", "urn:t:a")], tmp_path)


@pytest.mark.parametrize(
    "axiom",
    [
        ":A owl:hasKey ( :k ) .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] .",
        ":p a owl:InverseFunctionalProperty .",
    ],
)
def test_unhandled_axiom_is_an_error_not_silence(axiom: str) -> None:
    with pytest.raises(OntologyError, match="do not cover"):
        read_program(Graph().parse(data=PREFIXES + axiom, format="turtle"))


def test_a_property_of_almost_every_pair_is_left_as_stated(tmp_path: Path) -> None:
    """A path of 60 has 1,770 pairs; below that limit what is stated, and what it is a part of, stays."""
    abox = [(f"urn:t:n{i}", "urn:t:s", f"urn:t:n{i + 1}") for i in range(60)]
    abox += [("urn:t:n0", "urn:t:p", "urn:t:n1"), ("urn:t:x", "urn:t:t", "urn:t:n0")]
    for name in ("all", "few"):
        (tmp_path / name).mkdir()
    everything = closure(SCHEMA, abox, tmp_path / "all")
    few = closure(SCHEMA, abox, tmp_path / "few", limit=1_000, left_out=("urn:t:t",))
    assert len({t for t in everything if t[1] == "urn:t:t"}) == 61 * 62 / 2
    assert {t for t in few if t[1] == "urn:t:t"} == {
        *((s, "urn:t:t", o) for s, p, o in abox if p == "urn:t:s"),
        ("urn:t:x", "urn:t:t", "urn:t:n0"),
    }
    rest = {t for t in few if t[1] not in {"urn:t:t", "urn:t:c"}}
    assert rest == {t for t in everything if t[1] not in {"urn:t:t", "urn:t:c"}}
    assert {t for t in few if t[1] == "urn:t:c"} == {("urn:t:n0", "urn:t:c", "urn:t:n2")}, "one step along what is left"


def test_a_hub_is_foreseen(tmp_path: Path) -> None:
    """Two hundred lead to one place and two hundred away from it: 40,000 ways, which are not gone."""
    schema = PREFIXES + ":h a owl:ObjectProperty ; owl:propertyChainAxiom ( :p :p ) . :p a owl:ObjectProperty ."
    abox = [(f"urn:t:a{i}", "urn:t:p", "urn:t:hub") for i in range(200)]
    abox += [("urn:t:hub", "urn:t:p", f"urn:t:b{i}") for i in range(200)]
    for name in ("few", "all"):
        (tmp_path / name).mkdir()
    assert closure(schema, abox, tmp_path / "few", limit=1_000, left_out=("urn:t:h",)) == set(abox)
    assert len(closure(schema, abox, tmp_path / "all")) == 400 + 40_000
