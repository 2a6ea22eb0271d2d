"""Derived graphs: the same bytes whatever the order and the threads, and clear words for a wrong method."""

from __future__ import annotations

import importlib.util
import random
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner

import kg
from kg.analysis.steps import STEPS
from kg.assets import asset_dir
from kg.cli import cli
from kg.derivation import Derived, derive
from kg.errors import LoaderError, StorageError
from kg.library import find_questions
from kg.methods import find_methods
from kg.ontology import Ontology, read_ontology
from kg.releases import Release
from kg.terms import SKOS, graph_of_source

ROOT = Path(__file__).parents[1]
METHODS = ROOT / "kg" / "analysis" / "derived"
SOURCES = ["chain_industry", "regions", "zhejiang"]
Dumps = list[Path]


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return read_ontology(asset_dir("ontology"))


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two provinces of a country, a chain of two links, firms, provisions with shares, a survey: by hand."""
    ns, base, rdf = (
        "https://w3id.org/icsc/ns#",
        "https://w3id.org/icsc/id/",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    )
    triples = [("region/c", "type", "Country"), ("region/a", "type", "Province"), ("region/b", "type", "Province")]
    facts = [("region/a", "partOfRegion", "region/c"), ("region/b", "partOfRegion", "region/c")]
    facts += [
        ("link/1", "linkOf", "chain/x"),
        ("link/2", "linkOf", "chain/x"),
        ("link/1", "directlyPrecedes", "link/2"),
    ]
    facts += [("link/2", "requiresInput", f"item/{i}") for i in "ijk"]
    for firm, place, link in (("f1", "a", 1), ("f2", "a", 1), ("f3", "b", 2), ("f4", "b", 1)):
        facts += [(f"org/{firm}", "locatedIn", f"region/{place}"), (f"org/{firm}", "operatesAt", f"link/{link}")]
        facts += [(f"org/{firm}", "participatesIn", "chain/x")]
    for number, (firm, place, item) in enumerate(
        (("f1", "a", "i"), ("f2", "a", "i"), ("f4", "b", "i"), ("f1", "a", "j"))
    ):
        facts += [(f"rel/{number}", "hasProvider", f"org/{firm}"), (f"rel/{number}", "offers", f"item/{item}")]
        facts += [(f"rel/{number}", "withinRegion", f"region/{place}")]
    facts += [("survey/1", "surveys", f"item/{item}") for item in "ik"]
    facts += [("survey/1", "surveyedRegion", "region/b")]
    for item, holder, share in (("i", "a", "0.7"), ("i", "b", "0.3"), ("j", "a", "0.5"), ("j", "b", "")):
        node = f"rel/{item}{holder}"
        facts += [(node, "providesItem", f"item/{item}"), (node, "hasProvider", f"region/{holder}")]
        facts += [(node, "inRegion", f"region/{holder}")]
        if share:
            facts += [(node, "share", f'"{share}"^^<http://www.w3.org/2001/XMLSchema#decimal>')]
    # Two industries of a classification; one firm is of both, one of none.
    facts += [("industry/p", "industryOf", "link/1"), ("industry/q", "industryOf", "link/2")]
    facts += [
        (f"org/{firm}", "classifiedAs", f"industry/{name}")
        for firm, name in zip(("f1", "f2", "f2", "f3"), "ppqq", strict=True)
    ]
    stages = [("link/1", "stage", "preProduction"), ("link/2", "stage", "inProduction")]
    graph = "<https://w3id.org/icsc/graph/source/toy> .\n"
    lines = [f"<{base}{s}> <{rdf}{p}> <{ns}{o}> {graph}" for s, p, o in triples]
    lines += [f"<{base}{s}> <{ns}{p}> " + (o if o[0] == '"' else f"<{base}{o}>") + f" {graph}" for s, p, o in facts]
    lines += [f"<{base}{s}> <{ns}{p}> <{ns}{o}> {graph}" for s, p, o in stages]
    lines += [f"<{base}survey/1> <{ns}completeness> <{ns}complete> {graph}"]
    lines += [f"<{base}industry/{name}> <{SKOS}inScheme> <{base}scheme/s> {graph}" for name in "pq"]
    path = tmp_path_factory.mktemp("toy") / "toy.nq"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def run(
    ontology: Ontology, dumps: Dumps, out: Path, threads: int = 2, confidences: Mapping[str, float] | None = None
) -> dict[str, Derived]:
    out.mkdir()
    found = derive(find_methods(METHODS), STEPS, ontology, dumps, out, {}, threads, confidences=confidences)
    return {item.method.name: item for item in found}


def values(item: Derived, node: str) -> dict[str, set[str]]:
    """Local names of what is said of one resource."""
    said: dict[str, set[str]] = {}
    for line in item.path.read_text(encoding="utf-8").splitlines():
        subject, predicate, rest = line.split(" ", 2)
        if subject == f"<https://w3id.org/icsc/id/result/{node}>":
            value = rest.rsplit(" ", 2)[0].split("^^")[0].strip('<>"').removeprefix("https://w3id.org/icsc/id/")
            said.setdefault(predicate.strip("<>").rsplit("#", 1)[-1], set()).add(value)
    return said


def test_too_little_memory(ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="more than 2MB of memory is needed here") as caught:
        derive(find_methods(METHODS), STEPS, ontology, [toy], tmp_path, {}, memory="2MB")
    assert caught.value.hint and "fewer sources" in caught.value.hint
    assert not (tmp_path / "columns.duckdb").exists(), "nothing stays behind"
    assert not list(tmp_path.glob("columns*"))


def test_toy_by_hand(ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    found = run(ontology, [toy], tmp_path / "out")
    a = values(found["coverage"], "coverage/chain/x/region/a")
    assert a["meets"] == {"item/i", "item/j"} and a["doesNotKnowOf"] == {"item/k"}, "a was not surveyed"
    assert (a["coverageLow"], a["coverageHigh"]) == ({"0.666667"}, {"1.000000"})
    b = values(found["coverage"], "coverage/chain/x/region/b")
    assert b["meetsFromOneSource"] == {"item/i"} and b["misses"] == {"item/k"} and b["doesNotKnowOf"] == {"item/j"}
    assert (b["metCount"], b["absentCount"], b["unknownCount"]) == ({"1"}, {"1"}, {"1"})
    i, j = (
        values(found["concentration"], "concentration/item/i"),
        values(found["concentration"], "concentration/item/j"),
    )
    assert i["herfindahl"] == {"0.580000"} and i["topHolder"] == {"region/a"}
    assert "herfindahl" not in j and (j["concentrationLow"], j["concentrationHigh"]) == ({"0.250000"}, {"0.500000"})
    shape = values(found["structure"], "shape/chain/x")
    assert (shape["chainLength"], shape["enterpriseWidthMax"]) == ({"1"}, {"3"})
    # Item i: two thirds from a, one third from b, all to b; item j: all from a to b.
    ab = values(found["linkage"], "linkage/chain/x/region/a/region/b/forward")
    assert ab["linkageStrength"] == {"0.833333"}
    bb = values(found["linkage"], "linkage/chain/x/region/b/region/b/forward")
    assert bb["linkageStrength"] == {"0.166667"}
    assert {"https://w3id.org/icsc/ns#directionIntraRegional"} < bb["linkageDirection"]


def test_powers_of_the_toys_regions_by_hand(ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    """a gives 5/6 to b, b gives 1/6 to itself: L = (1 1; 0 6/5), G = (1 6/5; 0 6/5), as the totals are 5/6 and 1."""
    found = run(ontology, [toy], tmp_path / "out")["linkage"]
    a, b = (values(found, f"regional-chain/chain/x/region/{name}") for name in "ab")
    assert (a["linkageGiven"], a["linkageTaken"], a["linkageInside"]) == ({"0.833333"}, {"0.0"}, {"0.0"})
    assert (b["linkageGiven"], b["linkageTaken"], b["linkageInside"]) == ({"0.166667"}, {"1.0"}, {"0.166667"})
    assert (a["linkageAbility"], b["linkageAbility"]) == ({"0.833333"}, {"1.0"})
    assert (a["backwardPower"], b["backwardPower"]) == ({"0.625"}, {"1.375"})
    assert (a["forwardPower"], b["forwardPower"]) == ({"1.294118"}, {"0.705882"})


def test_linkage_of_the_toys_industries_by_hand(ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    """Half of item i: f1, half of f2 (which is in q as well), and f4, of no industry; half of item j: f1."""
    found = run(ontology, [toy], tmp_path / "out")["linkage"]
    pq = values(found, "linkage/chain/x/region/a/industry/p/region/b/industry/q/forward")
    assert pq["linkageStrength"] == {"0.75"}
    assert pq["linkageSource"] == {"result/regional-industry/chain/x/region/a/industry/p"}
    qq = values(found, "linkage/chain/x/region/a/industry/q/region/b/industry/q/forward")
    assert qq["linkageStrength"] == {"0.083333"}
    text = found.path.read_text(encoding="utf-8")
    assert text.count("linkageStrength") == 2 + 2, "what f4 gives has no industry"
    ends = [values(found, f"regional-industry/chain/x/region/{end}") for end in ("a/industry/p", "b/industry/q")]
    assert [end["pointWeight"] for end in ends] == [{"0.75"}, {"1.0"}]
    assert ends[0]["ofIndustry"] == {"industry/p"} and ends[0]["inRegion"] == {"region/a"}


def test_questions_of_linkage_on_both_engines(ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    dump = run(ontology, [toy], tmp_path / "out")["linkage"].path.read_bytes()
    store, plain = ox.Store(), rdflib.Dataset(default_union=True)
    store.load(dump, format=ox.RdfFormat.N_QUADS)
    plain.parse(data=dump.decode(), format="nquads")

    def rows(name: str, *columns: str) -> list[list[str | float]]:
        text = find_questions(asset_dir("queries"))[name].text
        one, two = store.query(text, use_default_graph_as_union=True), plain.query(text)
        found = [[[short(row[c]) for c in columns] for row in result] for result in (one, two)]  # type: ignore[union-attr,index,str-unpack,call-overload]  # SELECT
        assert found[0] == found[1]
        return found[0]

    def short(value: object) -> str | float:
        form = str(getattr(value, "value", value))
        return round(float(form), 6) if form[0].isdigit() else form.rsplit("/", 1)[-1]

    assert rows("linkage-industries", "from_industry", "to_industry", "intensity", "held", "direction") == [
        ["p", "q", 0.75, 0.833333, "forward"],
        ["q", "q", 0.083333, 0.833333, "forward"],
    ]
    assert rows("linkage-power", "region", "ability", "inside_share", "forward_power", "backward_power") == [
        ["b", 1.0, 0.166667, 0.705882, 1.375],
        ["a", 0.833333, 0.0, 1.294118, 0.625],
    ]


def test_weak_linkages_of_industries_are_left_out(ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    (method,) = (method for method in find_methods(METHODS) if method.name == "linkage")
    (tmp_path / "out").mkdir()
    (found,) = derive([replace(method, parameters={"least": 0.1})], STEPS, ontology, [toy], tmp_path / "out", {})
    text = found.path.read_text(encoding="utf-8")
    assert text.count("linkageStrength") == 1 + 2
    q = values(found, "regional-industry/chain/x/region/a/industry/q")
    assert q["pointWeight"] == {"0.083333"}, "the weight counts what is not shown"


def test_without_a_leak_no_power_is_known(ontology: Ontology, tmp_path: Path) -> None:
    """One region gives itself all; of another chain only providers are known: nothing of it is."""
    base, ns = "https://w3id.org/icsc/id/", "https://w3id.org/icsc/ns#"
    facts = [("link/1", "linkOf", "chain/x"), ("link/1", "requiresInput", "item/i"), ("rel/1", "offers", "item/i")]
    facts += [("rel/1", "hasProvider", "org/f"), ("org/f", "locatedIn", "region/a"), ("org/f", "operatesAt", "link/1")]
    facts += [("link/2", "linkOf", "chain/y"), ("link/2", "requiresInput", "item/i")]
    graph = "<https://w3id.org/icsc/graph/source/toy> .\n"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    dump = tmp_path / "toy.nq"
    dump.write_text(
        f"<{base}region/a> {kind} <{ns}Province> {graph}"
        + "".join(f"<{base}{s}> <{ns}{p}> <{base}{o}> {graph}" for s, p, o in facts),
        encoding="utf-8",
    )
    found = run(ontology, [dump], tmp_path / "out")["linkage"]
    x = values(found, "regional-chain/chain/x/region/a")
    assert (x["linkageAbility"], x["linkageInside"]) == ({"1.0"}, {"1.0"})
    assert "forwardPower" not in x and "backwardPower" not in x
    y = values(found, "regional-chain/chain/y/region/a")
    assert y["inChain"] == {"chain/y"} and not {"linkageAbility", "linkageGiven", "forwardPower"} & set(y)


def test_providers_of_a_country_are_counted_once_each(ontology: Ontology, tmp_path: Path) -> None:
    """Two firms, one of them twice, a separate territory, and the country as a whole; another country has too few."""
    base, ns = "https://w3id.org/icsc/id/", "https://w3id.org/icsc/ns#"
    facts = [("link/1", "requiresInput", "item/i"), ("link/1", "requiresInput", "item/j")]
    rows = [("1", "f1", "i", "c"), ("2", "f1", "i", "c"), ("3", "f2", "i", "c"), ("4", "f3", "i", "c")]
    rows += [("5", "c", "j", "c"), ("6", "f4", "k", "c"), ("7", "f5", "i", "d")]
    rows += [("8", "f6", "l", "c"), ("9", "f6", "l", "e")]
    facts += [("link/1", "requiresInput", "item/l")]
    for number, firm, item, place in rows:
        facts += [(f"rel/{number}", "hasProvider", f"org/{firm}"), (f"rel/{number}", "offers", f"item/{item}")]
        facts += [(f"rel/{number}", "withinRegion", f"region/{place}")]
    facts += [("rel/5", "inRegion", "region/c")]
    types = [("region/c", "Country"), ("region/d", "Country"), ("rel/4", "CustomsTerritoryProvision")]
    types += [("rel/8", "CustomsTerritoryProvision"), ("region/e", "Country")]
    graph = "<https://w3id.org/icsc/graph/source/toy> .\n"
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    dump = tmp_path / "toy.nq"
    dump.write_text(
        "".join(f"<{base}{s}> <{ns}{p}> <{base}{o}> {graph}" for s, p, o in facts)
        + "".join(f"<{base}{s}> {kind} <{ns}{o}> {graph}" for s, o in types),
        encoding="utf-8",
    )
    (method,) = (method for method in find_methods(METHODS) if method.name == "providers")
    (tmp_path / "out").mkdir()
    (found,) = derive([replace(method, parameters={"least": 2})], STEPS, ontology, [dump], tmp_path / "out", {})
    i = values(found, "providers/item/i/region/c")
    assert (i["providerCount"], i["providedAsAWhole"], i["countOf"]) == ({"2"}, {"false"}, {"item/i"})
    j = values(found, "providers/item/j/region/c")
    assert (j["providerCount"], j["providedAsAWhole"]) == ({"1"}, {"true"})
    text = found.path.read_text(encoding="utf-8")
    assert "item/k" not in text, "nobody needs it"
    assert i["countedIn"] == {"region/c"} and "region/d" not in text
    only = re.findall(r"id/(\S+)> <\S+availableOnlyInTerritoryOf> <\S+id/(\S+)>", text)
    assert only == [("item/l", "region/c")], "of i the country has more, and e has l itself"


def test_any_order_and_any_threads_give_the_same_bytes(ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    one = run(ontology, [toy], tmp_path / "one", threads=1)
    lines = toy.read_text(encoding="utf-8").splitlines(keepends=True)
    random.Random(1).shuffle(lines)
    halves = [tmp_path / "a.nq", tmp_path / "b.nq"]
    for path, part in zip(halves, (lines[::2], lines[1::2]), strict=True):
        path.write_text("".join(part), encoding="utf-8")
    two = run(ontology, halves, tmp_path / "two", threads=4)
    for name, item in one.items():
        assert item.path.read_bytes() == two[name].path.read_bytes(), name
        assert (item.inputs, item.meta) == (two[name].inputs, two[name].meta)
    more = tmp_path / "more.nq"
    more.write_text(lines[0].replace("source/toy", "source/other"), encoding="utf-8")
    three = run(ontology, [toy, more], tmp_path / "three")
    assert any(item.inputs != three[name].inputs for name, item in one.items()), "the hash follows what was read"


@pytest.mark.shared
def test_all_sources_with_one_thread_and_with_three(full: kg.Graph, ontology: Ontology, tmp_path: Path) -> None:
    assert full.release is not None
    folder = full.release.path / "dumps"
    dumps = [*sorted(folder.glob("source-*.nq")), folder / "inferred.nq"]
    sources = full.release.manifest["sources"].items()
    sure = {graph_of_source(name): source["confidence"] for name, source in sources if source.get("confidence")}
    one = run(ontology, dumps, tmp_path / "one", 1, sure)
    three = run(ontology, dumps[::-1], tmp_path / "three", 3, sure)
    for name, item in one.items():
        built = (folder / f"derived-{name}.nq").read_bytes()
        assert item.path.read_bytes() == three[name].path.read_bytes() == built, name


def test_no_analysis_leaves_them_out(tmp_path: Path) -> None:
    arguments = ["build", "--no-analysis", "--releases", str(tmp_path)]
    done = CliRunner().invoke(cli, [*arguments, *(part for source in SOURCES for part in ("--source", source))])
    assert done.exit_code == 0 and "derived" not in done.output
    release = kg.open(releases=tmp_path).release
    assert release is not None and release.manifest["derived"] == {}
    assert not list((release.path / "dumps").glob("derived-*"))


def test_two_builds_give_the_same_derived_dumps(embedded: kg.Graph, again: Release) -> None:
    one, two = embedded.release, again
    assert one is not None and one.path != two.path
    names = [name for name in one.manifest["dumps"] if name.startswith("derived-")]
    assert len(names) == len(find_methods(METHODS))
    assert one.manifest["dumps"] == two.manifest["dumps"] and one.manifest["derived"] == two.manifest["derived"]


@pytest.fixture
def spoil(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """A copy of a method in which one text is replaced."""

    def change(file: str, old: str, new: str) -> Path:
        shutil.copytree(METHODS / "concentration", tmp_path / "methods" / "concentration")
        path = tmp_path / "methods" / "concentration" / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return tmp_path / "methods"

    return change


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("inputs.sql", "FROM providesItem", "FROM providesThing", "providesThing, which is no term"),
        ("inputs.sql", "max(TRY_CAST", "maxx(TRY_CAST", "maxx"),
        ("inputs.sql", "FROM total", "FROM FROM", "cannot be read"),
        ("inputs.rq", "?top ;", "?tip ;", r"\?tip is not a column"),
        ("inputs.sql", "key_of(input) AS", "[key_of(input)] AS", r"column of lists, which can only be an object"),
        ("method.toml", "title_zh", "title_xx", "'title_zh' is missing"),
        ("method.toml", "[parameters]", "[steps]\ninputs = 'nothing'\n[parameters]", "no step 'nothing'"),
    ],
)
def test_a_wrong_method_is_one_clear_line(
    spoil: Any, ontology: Ontology, toy: Path, tmp_path: Path, file: str, old: str, new: str, message: str
) -> None:
    folder = spoil(file, old, new)
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(LoaderError, match=message):
        derive(find_methods(folder), STEPS, ontology, [toy], out, {})


def test_a_method_may_have_a_function_of_its_own(spoil: Any, ontology: Ontology, toy: Path, tmp_path: Path) -> None:
    folder = spoil("method.toml", "[parameters]", "[steps]\ninputs = 'nobody'\n[parameters]")

    def nobody(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
        assert parameters == {"tolerance": 0.02}
        return table.slice(0, 0)

    out = tmp_path / "out"
    out.mkdir()
    found = derive(find_methods(folder), {"nobody": nobody}, ontology, [toy], out, {})
    assert [item.quads for item in found] == [0]


def test_the_page_of_methods_is_current() -> None:
    spec = importlib.util.spec_from_file_location("make_methods", ROOT / "docs" / "make_methods.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    page = module.methods_page()
    assert (ROOT / "docs" / "methods.md").read_text(encoding="utf-8") == page, "run python docs/make_methods.py"
    for name in ("relatedness.location_quotient", "linkage.upstreamness", "coupling.coordination", "structure.shape"):
        assert f"### `{name}`" in page
