"""Every quality query finds the fault it is for, and nothing on clean data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rdflib import BNode, Graph

from kg.axioms import read_program
from kg.errors import QueryError
from kg.findings import Outcome, read_profile
from kg.ontology import read_ontology
from kg.quality import axiom_outcomes, find_checks, query_outcomes
from kg.store.embedded import MemoryStore

ROOT = Path(__file__).parents[2]
FIXTURE = (ROOT / "tests" / "ontology" / "fixture.ttl").read_text(encoding="utf-8")
PREFIXES = "".join(line + "\n" for line in FIXTURE.splitlines() if line.startswith("@prefix"))
PREFIXES += "@prefix graph: <https://w3id.org/icsc/graph/> .\n@prefix source: <https://w3id.org/icsc/graph/source/> .\n"
ID = "https://w3id.org/icsc/id/"
TERMS = "https://w3id.org/icsc/ns#"
CHECKS, PROFILE = find_checks(ROOT / "queries")

#: What each check must find: graph -> statements planted there, and the nodes reported, once each.
FAULTS: dict[str, tuple[dict[str, str], list[str]]] = {
    "code-shared": ({"source/a": 'org:damo icsc:lei "X" . org:futong icsc:lei "X" .'}, ["org/damo"]),
    "coordinate-zero": ({"source/a": "org:damo icsc:latitude 0.0 ; icsc:longitude 0 ."}, ["org/damo"]),
    "dangling-reference": (
        {
            "source/a": "org:damo icsc:locatedIn region:999999 . industry:optical skos:broader industry:nowhere .",
            "inferred": "region:999999 a icsc:Region .",
        },
        ["industry/nowhere", "region/999999"],
    ),
    "gap-without-evidence": (
        {"source/a": "gap:new a icsc:Gap ; icsc:status icsc:statusAbsent ."},
        ["gap/new"],
    ),
    "input-of-itself": ({"source/a": "item:chip icsc:hasInput item:chip ."}, ["item/chip"]),
    "label-duplicate": ({"source/a": 'item:case rdfs:label "box"@en .'}, ["item/case"]),
    "label-language": (
        {
            "source/a": 'chain:new a icsc:Chain ; rdfs:label "新链"@zh-Hans . '
            'region:R a icsc:Region ; rdfs:label "R"@en .'
        },
        ["chain/new", "region/R"],
    ),
    "order-cycle": (
        {
            "source/a": "item:chip icsc:kindOf item:case . item:case icsc:kindOf item:chip .",
            "inferred": "link:fibre icsc:precedes link:fibre . region:CN icsc:partOfRegion region:CN .",
        },
        ["item/case", "item/chip", "link/fibre", "region/CN"],
    ),
    "share-total": (
        {
            "source/a": "rel:n1 a icsc:Provision ; icsc:hasProvider org:damo ; icsc:providesItem item:chip ;"
            " icsc:share 0.6 . rel:n2 a icsc:Provision ; icsc:hasProvider org:futong ; icsc:providesItem item:chip ;"
            " icsc:share 0.5 . org:damo a icsc:Organization . org:futong a icsc:Organization ."
        },
        ["item/chip"],
    ),
    "source-undescribed": ({"source/b": "item:case a icsc:Product ."}, ["https://w3id.org/icsc/graph/source/b"]),
    "term-definition": (
        {"ontology": "icsc:New rdfs:isDefinedBy <https://w3id.org/icsc/core> ; rdfs:label 'new'@en , '新'@zh-Hans ."},
        [TERMS + "New", TERMS + "New"],
    ),
    "term-label": (
        {
            "ontology": "icsc:New rdfs:isDefinedBy <https://w3id.org/icsc/core> ; rdfs:label 'a'@en , 'b'@en ;"
            " skos:definition 'A.'@en , '甲'@zh-Hans ."
        },
        [TERMS + "New", TERMS + "New"],
    ),
    "term-undeclared": (
        {"source/a": "item:chip icsc:isMadeOf item:case . item:chip a icsc:Gadget ."},
        [TERMS + "Gadget", TERMS + "isMadeOf"],
    ),
    "term-unused": ({"ontology": "icsc:Unseen a owl:Class ."}, [TERMS + "Unseen"]),
    "validity-overlap": (
        {
            "source/a": "rel:n1 icsc:hasProvider org:damo ; icsc:providesItem item:chip ; icsc:share 0.2 ;"
            ' icsc:validFrom "2020-01-01T00:00:00Z"^^xsd:dateTime ; icsc:validTo "2022-01-01T00:00:00Z"^^xsd:dateTime .'
            " rel:n2 icsc:hasProvider org:damo ; icsc:providesItem item:chip ; icsc:share 0.3 ;"
            ' icsc:validFrom "2021-01-01T00:00:00Z"^^xsd:dateTime .'
        },
        ["rel/n1"],
    ),
}

#: Near misses: what looks like a fault and is none.
CLEAN = {
    "code-shared": {"source/a": 'org:damo icsc:lei "X" . org:futong icsc:lei "Y" .'},
    "coordinate-zero": {"source/a": "org:damo icsc:latitude 51.5 ; icsc:longitude 0.0 ."},
    "dangling-reference": {"source/a": "item:chip skos:exactMatch <https://w3id.org/icsc/id/item/elsewhere> ."},
    "gap-without-evidence": {"source/a": "gap:new a icsc:Gap ; icsc:status icsc:statusAbsent ; icsc:confidence 0.5 ."},
    "input-of-itself": {"source/a": "item:chip icsc:hasInput item:case ."},
    "label-duplicate": {"source/a": 'item:case rdfs:label "箱"@zh-Hans . item:case rdfs:label "case"@en .'},
    "label-language": {"source/a": 'chain:new a icsc:Chain ; rdfs:label "新链"@zh-Hans , "new"@en .'},
    "order-cycle": {"source/a": "link:fibre icsc:feedsBackTo link:raw-material . item:chip icsc:kindOf item:case ."},
    "share-total": {
        # A country's share holds its firm's; two sources may each have a whole.
        "source/a": "rel:n1 icsc:hasProvider org:damo ; icsc:providesItem item:chip ; icsc:share 0.9 ."
        " rel:n2 icsc:hasProvider region:CN ; icsc:providesItem item:chip ; icsc:share 1.0 ."
        " org:damo a icsc:Organization . region:CN a icsc:Region .",
        "source/fixture": "rel:n3 icsc:hasProvider org:damo ; icsc:providesItem item:chip ; icsc:share 0.8 .",
    },
    "source-undescribed": {
        "source/b": "item:case a icsc:Product .",
        "meta": "source:b dct:license <urn:cc0> ; dct:title 'B'@en .",
    },
    "term-definition": {"source/a": "icsc:New a icsc:Product ."},
    "term-label": {"source/a": 'item:chip rdfs:label "chip"@fr .'},
    "term-undeclared": {"source/a": "item:chip icsc:kindOf item:case ; <urn:elsewhere> item:case ."},
    "term-unused": {"source/a": "item:new a icsc:Seen .", "ontology": "icsc:Seen a owl:Class ."},
    "validity-overlap": {
        "source/a": "rel:n1 icsc:hasProvider org:damo ; icsc:providesItem item:chip ; icsc:share 0.2 ;"
        ' icsc:validFrom "2020-01-01T00:00:00Z"^^xsd:dateTime .'
        " rel:n2 icsc:hasProvider org:damo ; icsc:providesItem item:chip ; icsc:share 0.3 ;"
        ' icsc:validFrom "2021-01-01T00:00:00Z"^^xsd:dateTime .'
    },
}


@cache
def base() -> str:
    """The fixture and the ontology, each in its graph, as a release holds them."""
    ontology = read_ontology(ROOT / "ontology").graph
    named = [triple for triple in ontology if not any(isinstance(node, BNode) for node in triple)]
    lines = [quad(*triple, graph="ontology") for triple in named]
    fixture = Graph().parse(data=FIXTURE, format="turtle")
    lines += [quad(*triple, graph="source/fixture") for triple in fixture]
    meta = PREFIXES + "source:fixture dct:license <urn:cc0> ; dct:title 'F'@en . source:a dct:license <urn:cc0> ;"
    lines += [quad(*triple, graph="meta") for triple in Graph().parse(data=meta + " dct:title 'A'@en .")]
    return "".join(lines)


def quad(s: object, p: object, o: object, graph: str) -> str:
    return f"{s.n3()} {p.n3()} {o.n3()} <https://w3id.org/icsc/graph/{graph}> .\n"  # type: ignore[attr-defined]


def store(planted: dict[str, str]) -> MemoryStore:
    extra = "".join(
        quad(*triple, graph=graph)
        for graph, text in planted.items()
        for triple in Graph().parse(data=PREFIXES + text, format="turtle")
    )
    return MemoryStore(base() + extra)


@cache
def clean() -> dict[str, set[str]]:
    return {name: set(nodes) for name, nodes in nodes_of({}).items()}


def nodes_of(planted: dict[str, str]) -> dict[str, list[str]]:
    """Nodes that each check reports."""
    target = store(planted)
    found = {}
    for name, check in CHECKS.items():
        rows = target.query(check.text).rows
        found[name] = sorted(str(row[0]).strip("<>").removeprefix(ID) for row in rows)
    return found


def new_findings(planted: dict[str, str]) -> dict[str, list[str]]:
    found = {name: [n for n in nodes if n not in clean()[name]] for name, nodes in nodes_of(planted).items()}
    return {name: nodes for name, nodes in found.items() if nodes}


def test_every_check_has_a_planted_fault_and_a_near_miss() -> None:
    assert set(CHECKS) == set(FAULTS) == set(CLEAN)
    assert len(CHECKS) >= 15


def test_the_clean_world_has_no_errors() -> None:
    loud = {o.check for o in outcomes({}) if o.count and o.severity != "info"}
    assert loud == set()


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_planted_fault_is_found(name: str) -> None:
    planted, nodes = FAULTS[name]
    assert new_findings(planted)[name] == nodes


@pytest.mark.parametrize("name", sorted(CLEAN))
def test_a_near_miss_is_not_reported(name: str) -> None:
    assert name not in new_findings(CLEAN[name])


def outcomes(planted: dict[str, str]) -> list[Outcome]:
    program = read_ontology(ROOT / "ontology").program
    target = store(planted)
    return [*query_outcomes(target, CHECKS, PROFILE), *axiom_outcomes(target, program, PROFILE)]


def test_an_outcome_tells_what_where_and_how_many() -> None:
    planted, _ = FAULTS["code-shared"]
    outcome = next(o for o in outcomes(planted) if o.check == "query:code-shared")
    assert (outcome.severity, outcome.count) == ("error", 1)
    assert outcome.examples[0].node == ID + "org/damo"
    assert outcome.examples[0].where == "a, fixture"
    assert f"other {ID}org/futong" in outcome.examples[0].detail and "code X" in outcome.examples[0].detail


@pytest.mark.parametrize(
    ("planted", "axiom", "node"),
    [
        ("org:damo a icsc:Enterprise .", "Enterprise and ResearchInstitution are disjoint", "org/damo"),
        ('org:damo icsc:uscc "1" , "2" .', "uscc is functional", "org/damo"),
        ("link:fibre icsc:directlyPrecedes link:fibre .", "directlyPrecedes is irreflexive", "link/fibre"),
        ("link:fibre icsc:directlyPrecedes link:preform .", "directlyPrecedes is asymmetric", "link/fibre"),
    ],
)
def test_what_contradicts_the_ontology_is_found(planted: str, axiom: str, node: str) -> None:
    found = {o.check: o for o in outcomes({"source/a": planted}) if o.count and o.check.startswith("axiom:")}
    assert f"axiom:{axiom}" in found
    assert found[f"axiom:{axiom}"].examples[0].node == ID + node
    assert "a" in found[f"axiom:{axiom}"].examples[0].where.split(", ")


def test_the_number_of_axioms_checked_does_not_shrink() -> None:
    program = read_program(read_ontology(ROOT / "ontology").graph)
    assert len([o for o in outcomes({}) if o.check.startswith("axiom:")]) == len(program.checks) >= 190


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[queries]\na = "loud"', "loud"),
        ('[queries]\na = "info"\nb = "error"', "no b.rq"),
        ("[queries]", "does not list the check 'a'"),
        ("[queries", "not valid TOML"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(text, encoding="utf-8")
    with pytest.raises(QueryError, match=words):
        read_profile(tmp_path / "profile.toml", ["a"])


def test_checks_are_not_questions() -> None:
    from kg.library import find_questions

    assert not set(find_questions(ROOT / "queries")) & set(CHECKS)
