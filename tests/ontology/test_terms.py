"""The ontology's terms keep to the house form, and its modules to their profiles."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef

from kg.axioms import read_program
from kg.ontology_rules import DELTA, PROVINCES, STAGES, linkage_rules
from tests.ontology.judge import is_consistent, profile

ROOT = Path(__file__).parents[2]
ONTOLOGY = ROOT / "ontology"
HERE = Path(__file__).parent
BASE = "https://w3id.org/icsc/"
ICSC = BASE + "ns#"
RL = ("core", "vocabularies", "rules")
DL = (*RL, "definitions", "alignment")
TERM_MODULES = ("core", "vocabularies", "definitions")
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
LANGUAGES = ("en", "zh-Hans")


def read(*modules: str) -> Graph:
    graph = Graph()
    for module in modules:
        graph.parse(ONTOLOGY / f"{module}.ttl", format="turtle")
    return graph


def terms_of(graph: Graph) -> list[URIRef]:
    found = {s for kind in KINDS for s in graph.subjects(RDF.type, kind) if str(s).startswith(ICSC)}
    return sorted(s for s in found if isinstance(s, URIRef))


def texts(graph: Graph, term: URIRef, predicate: URIRef) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for value in graph.objects(term, predicate):
        assert isinstance(value, Literal)
        found.setdefault(value.language, []).append(str(value))
    return found


def cases() -> list[tuple[str, URIRef]]:
    return [(module, term) for module in TERM_MODULES for term in terms_of(read(module))]


GRAPHS = {module: read(module) for module in TERM_MODULES}
MERGED = read(*TERM_MODULES)
CASES = cases()


def test_the_number_of_terms_does_not_shrink() -> None:
    assert len(CASES) >= 370


@pytest.mark.parametrize("module", [*DL, "shapes"])
def test_module_parses_and_is_versioned(module: str) -> None:
    graph = read(module)
    ontology = URIRef(BASE + module)
    assert (ontology, RDF.type, OWL.Ontology) in graph
    version = str(graph.value(ontology, OWL.versionIRI))
    assert re.fullmatch(rf"{BASE}{module}/\d{{4}}-\d{{2}}-\d{{2}}", version)
    assert graph.value(ontology, SKOS.changeNote) is not None


@pytest.mark.parametrize(("module", "term"), CASES, ids=[str(term)[len(ICSC) :] for _, term in CASES])
def test_term_has_the_house_form(module: str, term: URIRef) -> None:
    graph = GRAPHS[module]
    assert list(graph.objects(term, RDFS.isDefinedBy)) == [URIRef(BASE + module)]
    assert graph.value(term, DCTERMS.source) is not None
    for predicate in (RDFS.label, SKOS.definition):
        found = texts(graph, term, predicate)
        assert {language: len(values) for language, values in found.items()} == dict.fromkeys(LANGUAGES, 1)
    definition = texts(graph, term, SKOS.definition)
    assert re.fullmatch(r"[A-Z0-9].*\.", definition["en"][0])
    assert definition["zh-Hans"][0].endswith("。")


@pytest.mark.parametrize(("module", "term"), CASES, ids=[str(term)[len(ICSC) :] for _, term in CASES])
def test_definition_names_the_parent_and_not_the_term(module: str, term: URIRef) -> None:
    graph = GRAPHS[module]
    label = texts(graph, term, RDFS.label)["en"][0].lower()
    definition = texts(graph, term, SKOS.definition)["en"][0].lower()
    assert not re.search(rf"\b{re.escape(label)}\b", definition)
    parents = [*graph.objects(term, RDFS.subClassOf), *graph.objects(term, RDF.type)]
    genera = ["concept"] if SKOS.Concept in parents else []
    for parent in parents:
        if isinstance(parent, URIRef) and str(parent).startswith(ICSC):
            genera += [value.lower() for value in texts(MERGED, parent, RDFS.label)["en"]]
    assert not genera or definition.startswith(tuple(genera))


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_unique(language: str) -> None:
    labels: dict[str, list[str]] = {}
    for term in terms_of(MERGED):
        labels.setdefault(texts(MERGED, term, RDFS.label)[language][0], []).append(str(term))
    assert {label: terms for label, terms in labels.items() if len(terms) > 1} == {}


@pytest.mark.parametrize("module", TERM_MODULES)
def test_terms_stand_in_alphabetical_order(module: str) -> None:
    text = (ONTOLOGY / f"{module}.ttl").read_text(encoding="utf-8")
    listed = []
    for section in re.split(r"^# ---- .*$", text, flags=re.MULTILINE):
        names = re.findall(r"^### (\w+)$", section, flags=re.MULTILINE)
        assert names == sorted(names)
        assert names == re.findall(r"^### \w+\nicsc:(\w+) a ", section, flags=re.MULTILINE)
        listed += names
    assert sorted(listed) == [str(term)[len(ICSC) :] for term in terms_of(GRAPHS[module])]


def test_every_term_that_is_used_is_declared() -> None:
    for modules in (RL, DL, (*DL, "shapes")):
        graph = read(*modules)
        used = {node for triple in graph for node in triple if isinstance(node, URIRef) and str(node).startswith(ICSC)}
        assert used - set(terms_of(graph)) == set()


def test_generated_rules_are_current() -> None:
    assert (ONTOLOGY / "rules.ttl").read_text(encoding="utf-8") == linkage_rules()
    assert len(set(PROVINCES)) == 34
    axioms = len(list(read("rules").subjects(RDFS.subClassOf, None)))
    assert axioms == len(STAGES) ** 2 + len(PROVINCES) + len(DELTA) * (len(DELTA) - 1) == 62


def test_the_rule_compiler_covers_the_rl_modules() -> None:
    program = read_program(read(*RL))
    assert len(program.rules) > 500
    assert program.checks


def test_the_example_of_a_migration_carries_data_over_once() -> None:
    text = (ONTOLOGY / "README.md").read_text(encoding="utf-8")
    (update,) = re.findall(r"```sparql\n(.*?)```", text, re.DOTALL)
    store = ox.Store()
    store.load(f"<urn:a> <{ICSC}kindOf> <urn:b> <urn:g> .\n".encode(), format=ox.RdfFormat.N_QUADS)
    for _ in range(2):
        store.update(update)
        assert [str(quad.predicate.value) for quad in store] == [ICSC + "variantOf"]


# ---- Profiles and consistency, by OWLAPI and HermiT


def merge(target: Path, modules: tuple[str, ...], *extra: str) -> Path:
    """One file of the modules and further Turtle texts: a profile is a matter of the whole."""
    added = Graph()
    for text in extra:
        added.parse(data=text, format="turtle")
    # N-Triples is Turtle, and quick to write.
    target.write_text(_lines(modules) + _without_headers(added).serialize(format="nt"), encoding="utf-8")
    return target


@functools.cache
def _lines(modules: tuple[str, ...]) -> str:
    graph = _without_headers(read(*modules))
    graph.add((URIRef(BASE + "merged"), RDF.type, OWL.Ontology))
    return graph.serialize(format="nt")


def _without_headers(graph: Graph) -> Graph:
    for ontology in list(graph.subjects(RDF.type, OWL.Ontology)):
        graph.remove((ontology, None, None))
    return graph


FIXTURE = (HERE / "fixture.ttl").read_text(encoding="utf-8")
PREFIXES = "".join(line + "\n" for line in FIXTURE.splitlines() if line.startswith("@prefix"))


@pytest.mark.java
@pytest.mark.parametrize(("name", "modules"), [("RL", RL), ("RL", (*RL, "alignment")), ("DL", RL), ("DL", DL)])
def test_merged_modules_are_in_the_profile(name: str, modules: tuple[str, ...], tmp_path: Path) -> None:
    holds, report = profile(name, merge(tmp_path / "merged.ttl", modules))
    assert holds, report


@pytest.mark.java
def test_the_profile_check_can_fail(tmp_path: Path) -> None:
    holds, report = profile("RL", merge(tmp_path / "merged.ttl", DL))
    assert not holds and report, report


@pytest.mark.java
@pytest.mark.parametrize("modules", [RL, DL])
def test_the_fixture_is_consistent(modules: tuple[str, ...], tmp_path: Path) -> None:
    path = merge(tmp_path / "merged.ttl", modules, FIXTURE)
    assert profile("DL", path)[0]
    assert is_consistent(path)


@pytest.mark.java
@pytest.mark.parametrize(
    "fault",
    [
        "org:futong a icsc:Region .",
        "chain:futong-optical a icsc:IndustrialChain .",
        "link:fibre icsc:directlyPrecedes link:preform .",
        "link:fibre icsc:stage icsc:circulation .",
        "rel:supply-1 icsc:hasSupplier org:supplier-x .",
        "rel:provision-1 icsc:hasProvider org:damo .",
        "item:chip a icsc:Technology .",
        "region:330000 a icsc:Country .",
    ],
)
def test_a_planted_fault_is_a_contradiction(fault: str, tmp_path: Path) -> None:
    assert not is_consistent(merge(tmp_path / "merged.ttl", RL, FIXTURE, PREFIXES + fault))


@pytest.mark.java
@pytest.mark.parametrize(
    "fault",
    [
        "evidence:1 icsc:confidence 1.7 .",
        "rel:provision-1 icsc:share -0.1 .",
        "survey:1 icsc:surveys org:damo .",
    ],
)
def test_a_planted_fault_contradicts_the_definitions(fault: str, tmp_path: Path) -> None:
    text = PREFIXES + fault
    assert is_consistent(merge(tmp_path / "rl.ttl", RL, FIXTURE, text))
    assert not is_consistent(merge(tmp_path / "dl.ttl", DL, FIXTURE, text))
