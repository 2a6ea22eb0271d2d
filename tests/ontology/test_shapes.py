"""Every shape finds the fault it is for, and nothing on clean data."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pyshacl
import pytest
from rdflib import DCTERMS, RDF, RDFS, SH, BNode, Graph, Literal, URIRef

from kg.shape_checks import validate_dumps

ROOT = Path(__file__).parents[2]
FIXTURE = (Path(__file__).parent / "fixture.ttl").read_text(encoding="utf-8")
PREFIXES = "".join(line + "\n" for line in FIXTURE.splitlines() if line.startswith("@prefix"))
SHAPE = "https://w3id.org/icsc/shapes/"
Finding = tuple[str, str, str]

#: Shape, fault, and what must be found: path, constraint. The new node is always `rel:new`.
FAULTS = [
    ("AdministrativeRegion", 'rel:new a icsc:Province ; rdfs:label "x"@en ; icsc:gbt2260 "33" .', "gbt2260", "Pattern"),
    ("Cause", "rel:new a icsc:Shock .", "label", "MinCount"),
    ("Chain", "rel:new a icsc:SubChain .", "label", "MinCount"),
    ("ChainLink", 'rel:new a icsc:ChainLink ; rdfs:label "x"@en .', "linkOf", "MinCount"),
    (
        "ChainMeasure",
        'rel:new a icsc:ChainMeasure ; rdfs:label "x"@en ; icsc:addresses gap:1 ; icsc:centreRegion org:damo .',
        "centreRegion",
        "Class",
    ),
    ("Cluster", 'rel:new a icsc:Cluster ; rdfs:label "x"@en .', "inRegion", "MinCount"),
    ("Confidence", "rel:new icsc:confidence 1.7 .", "confidence", "MaxInclusive"),
    ("Evidence", 'rel:new a icsc:Evidence ; rdfs:label "x"@en .', "source", "MinCount"),
    ("Flow", "rel:new a icsc:MaterialFlow .", "flowOf", "MinCount"),
    (
        "Gap",
        "rel:new a icsc:Gap ; icsc:inChain chain:futong-optical ; icsc:inRegion region:CN ;"
        " icsc:hasEvidence evidence:1 .",
        "status",
        "MinCount",
    ),
    ("GovernanceInstrument", "rel:new a icsc:IncentivePolicy .", "label", "MinCount"),
    ("ImportDependence", "rel:new a icsc:ImportDependence ; icsc:inRegion region:CN .", "dependenceOn", "MinCount"),
    ("IndustrialCentre", 'rel:new a icsc:SubCentre ; rdfs:label "x"@en .', "inRegion", "MinCount"),
    (
        "IndustrialLinkage",
        "rel:new a icsc:IndustrialLinkage ; icsc:linkageSource org:damo ; icsc:linkageTarget region:CN .",
        "linkageTarget",
        "QualifiedMinCount",
    ),
    ("Industry", "rel:new a icsc:Industry ; skos:inScheme industry:scheme .", "label", "MinCount"),
    ("Input", 'rel:new a icsc:Product ; rdfs:label "x"@fr .', "label", "LanguageIn"),
    (
        "InputRequirement",
        "rel:new a icsc:InputRequirement ; icsc:requiringItem item:chip .",
        "requiredItem",
        "MinCount",
    ),
    (
        "Observation",
        'rel:new a icsc:Observation ; icsc:observedSubject chain:futong-optical ; icsc:observedPeriod "2025" ;'
        " icsc:indicator icsc:indicatorLength .",
        "observedValue",
        "MinCount",
    ),
    ("Organization", 'rel:new a icsc:Enterprise ; rdfs:label "x"@en ; icsc:uscc "123" .', "uscc", "Pattern"),
    (
        "OrganizationRole",
        "rel:new a icsc:OrganizationRole ; icsc:roleOf org:damo ; icsc:inChain chain:futong-optical .",
        "roleKind",
        "MinCount",
    ),
    (
        "Provider",
        "rel:new a icsc:Topic ; rdfs:label 'x'@en . rel:untyped icsc:hasProvider rel:new .",
        "type",
        "QualifiedMinCount",
    ),
    (
        "Provision",
        "rel:new a icsc:Provision ; icsc:hasProvider org:damo ; icsc:providesItem item:chip ; icsc:share 35.0 .",
        "share",
        "MaxInclusive",
    ),
    (
        "Region",
        'rel:new a icsc:EconomicZone ; rdfs:label "x"@en ; icsc:latitude 120.0 .',
        "latitude",
        "MaxInclusive",
    ),
    (
        "RegionalIndustry",
        "rel:new a icsc:RegionalIndustry ; icsc:inRegion region:CN .",
        "ofIndustry",
        "MinCount",
    ),
    (
        "SupplyRelation",
        "rel:new a icsc:SupplyRelation ; icsc:hasSupplier org:damo ; icsc:hasCustomer org:damo ;"
        " icsc:suppliesItem item:chip ; icsc:hasEvidence evidence:1 .",
        "hasSupplier",
        "Disjoint",
    ),
    (
        "Survey",
        "rel:new a icsc:Survey ; icsc:surveys item:chip ; icsc:surveyedRegion region:CN ;"
        " icsc:surveyScope icsc:scopeEveryFirm .",
        "completeness",
        "MinCount",
    ),
    ("Topic", "rel:new a icsc:Topic .", "label", "MinCount"),
    ("TopicItem", 'rel:new a icsc:TopicItem ; rdfs:label "x"@en .', "listedUnder", "MinCount"),
    (
        "Validity",
        'rel:new icsc:validFrom "2021-01-01T00:00:00Z"^^xsd:dateTime ;'
        ' icsc:validTo "2020-01-01T00:00:00Z"^^xsd:dateTime .',
        "validFrom",
        "LessThanOrEquals",
    ),
]

#: Faults that only a query over several nodes finds.
QUERIES = {
    "link:fibre icsc:directlyPrecedes link:raw-material .": {"link/fibre", "link/preform", "link/raw-material"},
    "region:CN icsc:directlyPartOfRegion region:330100 .": {"region/330000", "region/330100", "region/CN"},
    "item:case icsc:kindOf item:case .": {"item/case"},
    'org:damo icsc:uscc "91330000ABCDEFGHJK" . org:futong icsc:uscc "91330000ABCDEFGHJK" .': {"org/damo", "org/futong"},
}


@cache
def shapes() -> Graph:
    return Graph().parse(ROOT / "ontology" / "shapes.ttl")


@cache
def ontology() -> Graph:
    return Graph().parse(ROOT / "ontology" / "core.ttl").parse(ROOT / "ontology" / "vocabularies.ttl")


@cache
def sound() -> Graph:
    return Graph().parse(data=FIXTURE, format="turtle") + ontology()


def world(fault: str) -> Graph:
    """The ontology, and the fixture with a fault."""
    return sound() + Graph().parse(data=PREFIXES + fault, format="turtle")


def quads(data: Graph) -> str:
    return "".join(f"{s.n3()} {p.n3()} {o.n3()} <urn:g> .\n" for s, p, o in data)


@cache
def reported(fault: str) -> Graph:
    """What pySHACL, the reference, reports of the world with a fault."""
    _, report, _ = pyshacl.validate(world(fault), shacl_graph=shapes(), advanced=True)
    assert isinstance(report, Graph)
    return report


def findings(fault: str = "") -> set[Finding]:
    """Focus node, path and constraint of everything that the shapes report."""
    report = reported(fault)

    def name(node: object) -> str:
        return str(node).removeprefix("https://w3id.org/icsc/id/").removeprefix(str(DCTERMS)).rsplit("#", 1)[-1]

    def step(path: object) -> object:
        """A path of several steps goes by its first."""
        return report.value(path, RDF.first) if isinstance(path, BNode) else path

    return {
        (
            name(report.value(result, SH.focusNode)),
            name(step(report.value(result, SH.resultPath))),
            name(report.value(result, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent"),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def test_clean_data_passes() -> None:
    assert findings() == set()


@pytest.mark.parametrize(("shape", "fault", "path", "constraint"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_planted_fault_is_found_and_nothing_else(shape: str, fault: str, path: str, constraint: str) -> None:
    assert (URIRef(SHAPE + shape), RDF.type, SH.NodeShape) in shapes()
    assert findings(fault) == {("rel/new", path, constraint)}


@pytest.mark.parametrize(("fault", "where"), QUERIES.items(), ids=["link order", "regions", "kinds", "uscc"])
def test_a_planted_fault_is_found_by_query(fault: str, where: set[str]) -> None:
    assert findings(fault) == {(node, "None", "SPARQL") for node in where}


def test_every_shape_says_what_it_asks_for_in_both_languages() -> None:
    graph = shapes()
    for shape in graph.subjects(RDF.type, SH.NodeShape):
        said = [text.language for text in graph.objects(shape, RDFS.comment) if isinstance(text, Literal)]
        assert sorted(map(str, said)) == ["en", "zh-Hans"], shape


# ---- The fast validator reports the same

TEXTS = ["", *(fault[1] for fault in FAULTS), *QUERIES]
Counts = Counter[tuple[str, str]]


def fast(fault: str, folder: Path) -> Counts:
    dump = folder / "world.nq"
    dump.write_text(quads(world(fault)), encoding="utf-8")
    found = validate_dumps([dump], ROOT / "ontology" / "shapes.ttl")
    return Counter((result.focus_node.strip("<>"), result.component) for result in found)


def reference(fault: str) -> Counts:
    report = reported(fault)
    return Counter(
        (str(report.value(r, SH.focusNode)), str(report.value(r, SH.sourceConstraintComponent)).rsplit("#")[-1])
        for r in report.subjects(RDF.type, SH.ValidationResult)
    )


@pytest.mark.parametrize("fault", TEXTS, ids=["clean", *(fault[0] for fault in FAULTS), *map(str, range(len(QUERIES)))])
def test_both_validators_count_the_same(fault: str, tmp_path: Path) -> None:
    counts = fast(fault, tmp_path)
    assert counts == reference(fault)
    assert bool(counts) == bool(fault)


def test_the_number_of_cases_does_not_shrink() -> None:
    found = set(shapes().subjects(RDF.type, SH.NodeShape))
    assert len(TEXTS) == 1 + len(found) + len(QUERIES) and len(found) >= 29


def test_every_shape_has_a_planted_fault() -> None:
    named = {str(shape).removeprefix(SHAPE) for shape in shapes().subjects(RDF.type, SH.NodeShape)}
    assert {fault[0] for fault in FAULTS} == named
