"""The fast validator and pySHACL, the reference, report the same; a release is validated shape by shape."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, SH, Graph

from kg.graph import Graph as Open
from kg.quality import find_checks
from kg.shape_checks import predicates_read, shape_outcomes, validate_dumps
from kg.store.embedded import MemoryStore
from tests.ontology.test_shapes import FAULTS, FIXTURE, PREFIXES, QUERIES

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "ontology" / "shapes.ttl"
ID = "https://w3id.org/icsc/id/"
TEXTS = ["", *(fault[1] for fault in FAULTS), *QUERIES]
Counts = Counter[tuple[str, str]]


def quads(data: Graph) -> str:
    return "".join(f"{s.n3()} {p.n3()} {o.n3()} <urn:g> .\n" for s, p, o in data)


def world(fault: str) -> Graph:
    data = Graph().parse(ROOT / "ontology" / "core.ttl").parse(ROOT / "ontology" / "vocabularies.ttl")
    data.parse(data=FIXTURE, format="turtle").parse(data=PREFIXES + fault, format="turtle")
    return data


def fast(fault: str, folder: Path) -> Counts:
    dump = folder / "world.nq"
    dump.write_text(quads(world(fault)), encoding="utf-8")
    return Counter((result.focus_node.strip("<>"), result.component) for result in validate_dumps([dump], SHAPES))


def reference(fault: str) -> Counts:
    _, report, _ = pyshacl.validate(world(fault), shacl_graph=Graph().parse(SHAPES), advanced=True)
    assert isinstance(report, Graph)
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
    shapes = set(Graph().parse(SHAPES).subjects(RDF.type, SH.NodeShape))
    assert len(TEXTS) == 1 + len(shapes) + len(QUERIES) and len(shapes) >= 29


def test_only_what_shapes_read_is_loaded() -> None:
    read = predicates_read(Graph().parse(SHAPES))
    assert {f"<https://w3id.org/icsc/ns#{name}>" for name in ("uscc", "directlyPrecedes", "validTo")} <= read
    assert "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>" in read
    assert "<https://w3id.org/icsc/ns#withinRegion>" not in read


def test_an_outcome_counts_and_names_the_source(tmp_path: Path) -> None:
    fault = "rel:new icsc:confidence 1.7 . rel:newer icsc:confidence 2.5 ."
    dump = tmp_path / "world.nq"
    dump.write_text(quads(world(fault)), encoding="utf-8")
    _, profile = find_checks(ROOT / "queries")
    found = [o for o in shape_outcomes([dump], SHAPES, MemoryStore(dump.read_bytes()), profile) if o.count]
    (outcome,) = found
    assert (outcome.check, outcome.severity, outcome.count) == ("shape:Confidence/confidence/MaxInclusive", "error", 2)
    assert [(e.node, e.where) for e in outcome.examples] == [(ID + "rel/new", "urn:g"), (ID + "rel/newer", "urn:g")]
    assert "1.7" in outcome.examples[0].detail
    assert (outcome.summary[:12], outcome.summary_zh[:3]) == ("A confidence", "置信度")


def test_an_exception_of_the_profile_holds(tmp_path: Path) -> None:
    dump = tmp_path / "world.nq"
    dump.write_text(quads(world("org:new a icsc:Enterprise .")), encoding="utf-8")
    _, profile = find_checks(ROOT / "queries")
    store = MemoryStore(dump.read_bytes())
    (outcome,) = [o for o in shape_outcomes([dump], SHAPES, store, profile) if o.count]
    assert (outcome.check, outcome.severity) == ("shape:Organization/label/MinCount", "warning")


def test_every_exception_names_a_constraint_that_exists() -> None:
    _, profile = find_checks(ROOT / "queries")
    text = SHAPES.read_text(encoding="utf-8")
    for name in profile.exceptions:
        shape, path, component = name.split("/")
        block = text[text.index(f"shape:{shape} a sh:NodeShape") :].split("\n### ")[0]
        assert re.search(rf":{path}\b[^\]]*sh:{component[0].lower()}{component[1:]}", block)


def test_a_release_is_validated_and_keeps_its_report(embedded: Open) -> None:
    import json

    release = embedded.release
    assert release is not None
    report = json.loads((release.path / "validation.json").read_text(encoding="utf-8"))
    assert report["release"] == release.id and report["checks"] > 230
    assert report["findings"] == release.manifest["validation"]
    assert report["findings"]["error"] == 0
    (gap,) = [o for o in report["outcomes"] if o["check"] == "shape:ChainMeasure/addresses/MinCount"]
    assert gap["examples"][0] == {
        "node": ID + "measure/zj/ethylene-abroad",
        "where": "zhejiang",
        "detail": "",
    }
