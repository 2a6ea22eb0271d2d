"""What other tools take: the ontology in two editions, facts at a date, descriptions for catalogues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from rdflib import OWL, RDF, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, VOID

from kg.catalogue import catalogue, count
from kg.errors import OntologyError
from kg.graph import Graph as Open
from kg.release import build
from kg.releases import Release
from kg.snapshot import EDITIONS, Snapshot, edition, write_owl, write_turtle
from kg.stable import named_stably, sorted_lines
from tests.command import kg
from tests.ontology import judge

ROOT = Path(__file__).parents[1]
ICSC = "https://w3id.org/icsc/ns#"
SOURCE = "https://w3id.org/icsc/graph/source/"


@pytest.fixture(scope="module")
def written(embedded: Open, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    assert embedded.release is not None
    out = tmp_path_factory.mktemp("owl")
    return out, write_owl(sorted((embedded.release.path / "dumps").glob("source-*.nq")), out)


def test_three_syntaxes_say_the_same(written: tuple[Path, Snapshot]) -> None:
    out, snapshot = written
    assert {path.name for path in snapshot.files} == {
        f"{stem}.{suffix}" for stem in ("ontology-rl", "ontology-dl", "data") for suffix in ("ttl", "rdf", "nt")
    }
    for stem, formats in (("data", ("turtle", "xml", "nt")), ("ontology-dl", ("turtle", "xml", "nt"))):
        graphs = [
            Graph().parse(out / f"{stem}.{suffix}", format=format_)
            for suffix, format_ in zip(("ttl", "rdf", "nt"), formats, strict=True)
        ]
        assert len(graphs[0]) == len(graphs[1]) == len(graphs[2]) > 3000
        named = [{t for t in graph if not any(isinstance(n, BNode) for n in t)} for graph in graphs]
        assert named[0] == named[1] == named[2]


def test_editions_have_one_header_and_import_nothing() -> None:
    for name in EDITIONS:
        graph = edition(name)
        assert list(graph.subjects(RDF.type, OWL.Ontology)) == [URIRef(f"https://w3id.org/icsc/{name}")]
        assert not list(graph.triples((None, OWL.imports, None)))
    assert (None, OWL.disjointUnionOf, None) in edition("dl")
    assert (None, OWL.disjointUnionOf, None) not in edition("rl")


def test_the_same_ontology_gives_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        write_owl([], tmp_path / folder)
    names = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert len(names) == 6
    assert all((tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes() for name in names)


def test_stable_names_change_nothing_else() -> None:
    graph = Graph().parse(ROOT / "ontology" / "definitions.ttl")
    assert isomorphic(graph, named_stably(graph))
    twins = "[] <urn:p> [ <urn:q> 1 ] . [] <urn:p> [ <urn:q> 1 ] . [] <urn:p> [ <urn:q> 2 ] ."
    lines = {sorted_lines(named_stably(Graph().parse(data=twins, format="turtle"))) for _ in range(5)}
    assert len(lines) == 1 and len(lines.pop().splitlines()) == 6


def test_a_shared_blank_node_is_refused() -> None:
    with pytest.raises(OntologyError, match="used twice"):
        named_stably(Graph().parse(data="_:x <urn:p> 1 . <urn:a> <urn:q> _:x . <urn:b> <urn:q> _:x .", format="turtle"))


def quads(folder: Path, *lines: str) -> list[Path]:
    path = folder / "source-a.nq"
    path.write_text("".join(f"{line} <urn:g> .\n" for line in lines), encoding="utf-8")
    return [path]


def test_as_of_leaves_out_what_does_not_hold_then(tmp_path: Path) -> None:
    moment = '"{}T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'
    dumps = quads(
        tmp_path,
        f"<urn:over> <{ICSC}validTo> {moment.format('2020-06-01')}",
        "<urn:over> <urn:p> <urn:x>",
        "<urn:x> <urn:q> <urn:over>",
        f"<urn:later> <{ICSC}validFrom> {moment.format('2020-06-02')}",
        f"<urn:now> <{ICSC}validFrom> {moment.format('2020-06-01')}",
        f"<urn:now> <{ICSC}validTo> {moment.format('2020-06-02')}",
        f"<urn:x> <{ICSC}listedOn> {moment.format('2020-06-02')}",
        f"<urn:y> <{ICSC}listedOn> {moment.format('2020-06-01')}",
        "<urn:x> <urn:p> <urn:y>",
        '<urn:x> <urn:p> "2020"^^<http://www.w3.org/2001/XMLSchema#gYear>',
        '<urn:x> <urn:p> "a \\"quoted\\" text. "@en',
    )
    snapshot = write_owl(dumps, tmp_path / "out", dt.date(2020, 6, 1))
    data = Graph().parse(tmp_path / "out" / "data.ttl")
    assert {str(s) for s in data.subjects()} == {"urn:now", "urn:x", "urn:y"}
    assert (URIRef("urn:x"), URIRef("urn:p"), URIRef("urn:y")) in data
    assert {str(s) for s in data.subjects(URIRef(ICSC + "listedOn"))} == {"urn:y"}, "of x only the listing goes"
    assert (URIRef("urn:x"), URIRef("urn:p"), Literal('a "quoted" text. ', lang="en")) in data
    assert (snapshot.statements, snapshot.not_valid, snapshot.left_out) == (5, 2, 1)
    assert write_owl(dumps, tmp_path / "all").statements == 10


@pytest.mark.java
@pytest.mark.parametrize(("name", "profile"), [("rl", "RL"), ("dl", "DL")])
def test_an_edition_with_the_facts_is_in_its_profile(
    name: str, profile: str, written: tuple[Path, Snapshot], tmp_path: Path
) -> None:
    out, _ = written
    merged = Graph().parse(out / f"ontology-{name}.nt", format="nt").parse(out / "data.nt", format="nt")
    path = tmp_path / "merged.ttl"
    merged.serialize(path, format="turtle")
    holds, report = judge.profile(profile, path)
    assert holds, report[:4000]


def test_owlready2_reads_what_is_exported(written: tuple[Path, Snapshot]) -> None:
    owlready2 = pytest.importorskip("owlready2")
    out, _ = written
    world = owlready2.World()
    world.get_ontology((out / "ontology-rl.rdf").as_uri()).load()
    world.get_ontology((out / "data.nt").as_uri()).load()
    gap = world["https://w3id.org/icsc/ns#Gap"]
    assert gap is not None and len(list(gap.instances())) > 3


def test_turtle_beside_every_dump(embedded: Open, tmp_path: Path) -> None:
    assert embedded.release is not None
    dumps = sorted((embedded.release.path / "dumps").glob("*.nq"))
    written = write_turtle(dumps, tmp_path)
    assert [path.stem for path in written] == [dump.stem for dump in dumps]
    zhejiang = Graph().parse(tmp_path / "source-zhejiang.ttl")
    assert len(zhejiang) == len(set((embedded.release.path / "dumps" / "source-zhejiang.nq").read_text().splitlines()))


def test_the_catalogue_names_every_source_with_its_licence(embedded: Open) -> None:
    release = embedded.release
    assert release is not None
    void, dcat = catalogue(release.path, release.manifest, count(embedded.store.query))
    for name, source in release.manifest["sources"].items():
        node = URIRef(SOURCE + name)
        assert (node, RDF.type, VOID.Dataset) in void and (node, RDF.type, DCAT.Dataset) in dcat
        assert (node, DCTERMS.license, URIRef(source["licence"])) in void & dcat
        lines = (release.path / "dumps" / f"source-{name}.nq").read_text(encoding="utf-8").splitlines()
        assert void.value(node, VOID.triples) == Literal(len(set(lines)))
    (gaps,) = embedded.sparql(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ ?s a <{ICSC}Gap> }}")["n"]  # type: ignore[index]
    part = next(iter(void.subjects(VOID["class"], URIRef(ICSC + "Gap"))))
    assert void.value(part, VOID.entities) == Literal(int(gaps))
    assert not [node for graph in (void, dcat) for triple in graph for node in triple if isinstance(node, BNode)]


def test_a_licence_without_an_address_is_a_statement_of_rights(
    tmp_path: Path, make_loader: Callable[..., Path]
) -> None:
    loaders = make_loader(
        "a\n1\n", "SELECT a FROM read_csv('rows.csv')", '#+ iri: {o: "x/{a}"}\nCONSTRUCT { ?o a <urn:x> . }'
    )
    build(["toy"], loaders=[loaders], releases=tmp_path / "r")
    text = (tmp_path / "r" / "current" / "dcat.ttl").read_text(encoding="utf-8")
    dcat = Graph().parse(data=text, format="turtle")
    assert dcat.value(URIRef(SOURCE + "toy"), DCTERMS.license) is None
    assert dcat.value(URIRef(SOURCE + "toy#rights"), URIRef("http://www.w3.org/2000/01/rdf-schema#label")) == Literal(
        "CC0", lang="en"
    )


def test_two_builds_give_the_same_catalogue(embedded: Open, again: Release) -> None:
    assert embedded.release is not None and embedded.release.path != again.path
    for name in ("void.ttl", "dcat.ttl"):
        assert (embedded.release.path / name).read_bytes() == (again.path / name).read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("owl", "OUT", "--as-of", "2022-01-01"), 0, "do not hold"),
        (("owl", "OUT", "--ontology-only"), 0, "ontology-dl.rdf"),
        (("owl", "OUT", "--as-of", "soon"), 2, "not a date"),
        (("turtle", "OUT"), 0, "source-zhejiang.ttl"),
        (("void", "OUT"), 0, "dcat.ttl"),
        (("void", "OUT", "--release", "none"), 2, "release"),
    ],
)
def test_the_command(arguments: tuple[str, ...], code: int, words: str, embedded: Open, tmp_path: Path) -> None:
    assert embedded.release is not None
    command = [str(tmp_path / "out") if part == "OUT" else part for part in arguments]
    done = kg("export", *command, "--releases", str(embedded.release.path.parent))
    assert done.returncode == code and words in done.stdout + done.stderr and "Traceback" not in done.stderr
