"""What follows from the ontology on a small world, by the project's rules, by HermiT and by owlrl."""

from __future__ import annotations

import pytest
from rdflib import OWL

from kg.axioms import TYPE
from tests.ontology.opinions import Triple, hermit_facts, ours, owlrl_facts, rule_facts, stated_facts
from tests.ontology.reasoner_report import REPORT, report

ICSC = "https://w3id.org/icsc/ns#"
ID = "https://w3id.org/icsc/id/"


@pytest.fixture(scope="module")
def stated() -> set[Triple]:
    return stated_facts()


@pytest.fixture(scope="module")
def inferred(tmp_path_factory: pytest.TempPathFactory) -> set[Triple]:
    return rule_facts(tmp_path_factory.mktemp("rules"))


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
def test_hermit_infers_the_same(stated: set[Triple], inferred: set[Triple]) -> None:
    pytest.importorskip("owlready2")
    hermit, _ = hermit_facts()
    rules = ours(inferred | stated)
    assert len(rules) > 300
    assert hermit - rules == set()
    assert rules - hermit == set()


def test_owlrl_infers_the_same_but_for_identity(stated: set[Triple], inferred: set[Triple]) -> None:
    owlrl, rules = owlrl_facts(), ours(inferred | stated)
    assert rules - owlrl == set()
    assert {fact for fact in owlrl - rules if fact[0] != fact[2] or fact[1] != str(OWL.sameAs)} == set()


@pytest.mark.java
def test_the_report_is_up_to_date() -> None:
    pytest.importorskip("owlready2")
    assert REPORT.read_text(encoding="utf-8") == report(), "run python -m tests.ontology.reasoner_report"


def test_the_report_holds_every_case() -> None:
    text = REPORT.read_text(encoding="utf-8")
    assert text.count("\n| core, ") == 5 and text.count("\n| HermiT") == 2 and "\n| owlrl" in text
