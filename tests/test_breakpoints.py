"""Breakpoints ring by ring: the toy that is worked out by hand, unknown told from broken, and the question on top."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.analysis.steps import STEPS
from kg.assets import asset_dir
from kg.derivation import derive
from kg.errors import LoaderError
from kg.graph import Graph
from kg.methods import find_methods
from kg.ontology import read_ontology
from kg.release import build

METHODS = Path(__file__).parents[1] / "kg" / "analysis" / "derived"
BASE, NS = "https://w3id.org/icsc/id/", "https://w3id.org/icsc/ns#"
Said = dict[str, dict[str, set[str]]]

#: P takes X and Y. X is made in region r, Y in its neighbour n; both lie in country c, and c in the world.
NEEDS = [("link/1", "linkOf", "chain/k"), *(("link/1", "requiresInput", f"item/{i}") for i in "PXYZ")]
TAKES = [("item/P", "hasInput", "item/X"), ("item/P", "hasInput", "item/Y"), ("item/Z", "hasInput", "item/P")]
PLACES = [("region/r", "partOfRegion", "region/c"), ("region/n", "partOfRegion", "region/c")]
PLACES += [(f"region/{name}", "partOfRegion", "region/WORLD") for name in "rnc"]
CLASSES = [("region/r", "Province"), ("region/n", "Province"), ("region/c", "Country")]


def offers(item: str, firm: str, *regions: str) -> list[tuple[str, str, str]]:
    rel = f"rel/{firm}-{item}"
    facts = [(rel, "offers", f"item/{item}"), (rel, "hasProvider", f"org/{firm}")]
    return facts + [(rel, "withinRegion", f"region/{name}") for name in (*regions, "WORLD")]


def survey(items: str, region: str) -> list[tuple[str, str, str]]:
    facts = [(f"survey/{region}", "surveys", f"item/{item}") for item in items]
    return [*facts, (f"survey/{region}", "surveyedRegion", f"region/{region}")]


def rings(facts: list[tuple[str, str, str]], folder: Path, complete: str = "rnc") -> Said:
    """Region and ring -> property -> local names."""
    graph = "<https://w3id.org/icsc/graph/source/toy> .\n"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    lines = [
        f"<{BASE}{s}> <{NS}{p}> " + (o if o[0] == '"' else f"<{BASE}{o}>") + f" {graph}"
        for s, p, o in [*NEEDS, *TAKES, *PLACES, *facts]
    ]
    lines += [f"<{BASE}{s}> {kind} <{NS}{o}> {graph}" for s, o in CLASSES]
    lines += [f"<{BASE}survey/{name}> <{NS}completeness> <{NS}complete> {graph}" for name in complete]
    dump = folder / "toy.nq"
    dump.write_text("".join(lines), encoding="utf-8")
    out = folder / "out"
    out.mkdir()
    methods = [method for method in find_methods(METHODS) if method.name in {"breakpoints", "coverage"}]
    found = {
        item.method.name: item for item in derive(methods, STEPS, read_ontology(asset_dir("ontology")), [dump], out, {})
    }
    said: Said = {}
    for line in found["breakpoints"].path.read_text(encoding="utf-8").splitlines():
        subject, predicate, rest = line.split(" ", 2)
        node = subject.strip("<>").removeprefix(f"{BASE}result/breakpoints/chain/k/region/").replace("/region/", " ")
        value = rest.rsplit(" ", 2)[0].split("^^")[0].strip('<>"').removeprefix(BASE)
        said.setdefault(node, {}).setdefault(predicate.strip("<>").rsplit("#", 1)[-1], set()).add(value)
    assert "https://w3id.org/icsc/graph/derived/coverage" in "".join(found["breakpoints"].meta), "it says what it read"
    return said


def test_toy_one(tmp_path: Path) -> None:
    facts = [*offers("P", "p", "r", "c"), *offers("X", "x1", "r", "c"), *offers("Y", "y2", "n", "c")]
    said = rings([*facts, *survey("PXYZ", "r"), *survey("PXYZ", "n")], tmp_path)
    own, country, world = said["r r"], said["r c"], said["WORLD WORLD"]
    assert own["closesHere"] == {"item/X"} and own["feasibleCount"] == {"1"}
    assert own["breaksAt"] == {"item/P", "item/Y", "item/Z"}, "P is made, and breaks with Y; nobody makes Z"
    assert own["heldUp"] == {"item/P"}
    assert country["closesHere"] == {"item/P", "item/Y"} and country["breakpointCount"] == {"0"}
    assert country["unknownCount"] == {"1"}, "nobody looked for Z in the whole country"
    assert world["leavesOpen"] == {"item/Z"} and "breaksAt" not in world
    assert said["n n"]["closesHere"] == {"item/Y"} and said["n c"]["closesHere"] == {"item/P", "item/X"}


def test_without_the_neighbour_there_is_no_ring(tmp_path: Path) -> None:
    facts = [*offers("P", "p", "r", "c"), *offers("X", "x1", "r", "c")]
    said = rings([*facts, *survey("PXYZ", "r"), *survey("PXYZ", "c")], tmp_path)
    assert "closesHere" not in said["r c"] and said["c c"]["breaksAt"] == {"item/P", "item/Y", "item/Z"}
    assert said["WORLD WORLD"]["leavesOpen"] == {"item/P", "item/Y", "item/Z"}


def test_nobody_looked(tmp_path: Path) -> None:
    said = rings([*offers("P", "p", "r", "c"), *offers("X", "x1", "r", "c")], tmp_path)
    own = said["r r"]
    assert "breaksAt" not in own and own["heldUp"] == {"item/P"} and own["unknownCount"] == {"3"}


def test_a_need_that_is_not_essential_does_not_count(tmp_path: Path) -> None:
    facts = [*offers("P", "p", "r", "c"), *offers("X", "x1", "r", "c"), *survey("PXYZ", "r")]
    facts += [("req/1", "requiringItem", "item/P"), ("req/1", "requiredItem", "item/Y")]
    facts += [("req/1", "essential", '"false"^^<http://www.w3.org/2001/XMLSchema#boolean>')]
    own = rings(facts, tmp_path)["r r"]
    assert own["closesHere"] == {"item/P", "item/X"} and own["breaksAt"] == {"item/Y", "item/Z"}


def test_a_circle_of_methods_is_one_clear_line(tmp_path: Path) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        folder = tmp_path / "methods" / name
        folder.mkdir(parents=True)
        (folder / "method.toml").write_text(
            'title = "a"\ntitle_zh = "a"\ndescription = "a"\nversion = "1"\ncitation = "a"\n', encoding="utf-8"
        )
        (folder / "a.sql").write_text(f"SELECT s FROM {other}.meets", encoding="utf-8")
        (folder / "a.rq").write_text("CONSTRUCT { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(LoaderError, match="reads results of a method that reads its own"):
        derive(find_methods(tmp_path / "methods"), STEPS, read_ontology(asset_dir("ontology")), [], tmp_path, {})


def test_question_on_the_papers_gaps(embedded: Graph) -> None:
    frame = embedded.ask("breakpoints", chain="modern-textile", region="绍兴", state="breakpoint")
    assert set(frame.input) == {"functional fibre", "high-grade fabric"} and frame.closes_ring.isna().all()
    whole = embedded.ask("breakpoints", chain="modern-textile", region="绍兴")
    needed = embedded.ask("coverage", chain="modern-textile", region="绍兴").iloc[0]
    assert whole.input_iri.nunique() == needed.inputs - needed.met, "what is not provided there does not close there"


def test_question_names_the_ring(tmp_path: Path) -> None:
    """A fact of the toy in a release: Y closes in the zone around, and P with it."""
    folder = tmp_path / "loaders" / "toy"
    folder.mkdir(parents=True)
    (folder / "source.toml").write_text(
        'title = "Toy"\nlicence = "CC0"\n[[files]]\nname = "toy.ttl"\nbundled = true\n', encoding="utf-8"
    )
    (folder / "data").mkdir()
    text = "".join(
        f"<{BASE}{s}> <{NS}{p}> <{BASE}{o}> .\n"
        for s, p, o in [
            ("chain/k", "comprises", "chain/l"),
            *NEEDS,
            *TAKES,
            *(("link/1", "requiresInput", f"item/{i}") for i in "PXY"),
            *((f"rel/{i}", "providesItem", f"item/{i}") for i in "PXY"),
            *((f"rel/{i}", "hasProvider", f"org/{i}") for i in "PXY"),
            ("org/P", "locatedIn", "region/330000"),
            ("org/X", "locatedIn", "region/330000"),
            ("org/Y", "locatedIn", "region/320000"),
            ("survey/r", "surveyedRegion", "region/330000"),
            *(("survey/r", "surveys", f"item/{i}") for i in "PXYZ"),
        ]
    )
    text += f"<{BASE}survey/r> <{NS}completeness> <{NS}complete> ; <{NS}surveyScope> <{NS}scopeEveryFirm> .\n"
    text += "".join(
        f'<{BASE}item/{i}> <http://www.w3.org/2000/01/rdf-schema#label> "{i}"@en , "{i}"@zh-Hans .\n' for i in "PXYZ"
    )
    text += f'<{BASE}chain/k> a <{NS}IndustrialChain> ; <http://www.w3.org/2000/01/rdf-schema#label> "Toy"@en .\n'
    (folder / "data" / "toy.ttl").write_text(text, encoding="utf-8")
    (folder / "all.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", encoding="utf-8")
    release = build(["toy", "regions"], loaders=[folder.parent], releases=tmp_path / "releases")
    from kg.graph import open_graph

    graph = open_graph(release.path)
    frame = graph.ask("breakpoints", chain="chain/k", region="浙江").set_index("input")
    assert list(frame.loc[["P", "Y"], "closes_in"]) == ["Yangtze River Delta"] * 2
    assert list(frame.loc[["P", "Y"], "closes_ring"]) == ["zone"] * 2
    assert list(frame.state) == ["breakpoint"] * 3 and frame.loc["P", "takes"] == "Y"
    assert frame.loc["Z", ["closes_ring", "closes_in"]].isna().all() and frame.loc["Z", "takes"] == "P"
    assert "X" not in frame.index
    assert set(graph.ask("breakpoints", chain="chain/k", region="浙江", ring="zone").input) == {"P", "Y"}
    rows = graph.ask("rings", chain="chain/k", region="浙江").itertuples()
    counts = [(row.ring, row.within, row.feasible, row.closes, row.breakpoints, row.unknown) for row in rows]
    assert counts == [
        ("province", "Zhejiang", 1, 1, 3, 0),
        ("zone", "Yangtze River Delta", 3, 2, 0, 1),
        ("country", "China", 3, 0, 0, 1),
        ("world", "World", 3, 0, 0, 1),
    ]
