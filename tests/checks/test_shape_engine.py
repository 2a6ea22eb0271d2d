"""A release is validated shape by shape; that the fast validator says what the reference does, tests of the shapes."""

from __future__ import annotations

import re
from pathlib import Path

from rdflib import Graph

from kg.graph import Graph as Open
from kg.quality import find_checks
from kg.shape_checks import predicates_read, shape_outcomes
from kg.store.embedded import MemoryStore
from tests.ontology.test_shapes import quads, world

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "ontology" / "shapes.ttl"
ID = "https://w3id.org/icsc/id/"


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
