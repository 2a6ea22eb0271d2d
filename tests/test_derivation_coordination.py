"""Coordination of industrial chain and supply chain: by hand, in any order, up to what is known, from raw files."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import kg
from kg.analysis.steps import STEPS
from kg.assets import asset_dir
from kg.derivation import Derived, derive
from kg.methods import find_methods
from kg.ontology import Ontology, read_ontology
from kg.release import build
from tests.conftest import ROOT, SHARED
from tests.test_derivation import METHODS, values

BASE, NS = "https://w3id.org/icsc/id/", "https://w3id.org/icsc/ns#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#: Firm, region, link, item, day of listing.
FIRMS = [
    ("f1", "a", "1", "i", "2001-05-01"),
    ("f2", "a", "2", "j", "2003-12-31"),
    ("f3", "a", "2", "k", ""),
    ("f4", "b", "1", "i", "2002-03-01"),
    ("f5", "a", "2", "k", "2005-01-01"),
]


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return read_ontology(asset_dir("ontology"))


def day(text: str) -> str:
    return f'"{text}T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'


Facts = list[tuple[str, str, str]]


def survey(
    key: str, what: Iterable[str], region: str, scope: str = "scopeListedFirms", date: str = "2004-06-30"
) -> Facts:
    said = [("surveyedRegion", f"region/{region}"), ("completeness", f"{NS}complete"), ("surveyScope", f"{NS}{scope}")]
    said += [("surveys", one) for one in what] + ([("surveyDate", day(date))] if date else [])
    return [(f"survey/{key}", p, o) for p, o in said]


def toy(surveys: Facts, firms: list[tuple[str, str, str, str, str]] = FIRMS) -> list[str]:
    """Lines of a chain of three links, nobody at the third, that need four inputs; the fourth is not the survey's."""
    facts = [(f"link/{link}", "linkOf", "chain/x") for link in "123"]
    facts += [(f"link/{link}", "requiresInput", f"item/{i}") for link, i in zip("1122", "ijkl", strict=True)]
    for firm, region, link, item, listed in firms:
        facts += [(f"org/{firm}", "locatedIn", f"region/{region}"), (f"org/{firm}", "locatedIn", "region/c")]
        facts += [(f"org/{firm}", "operatesAt", f"link/{link}"), (f"rel/{firm}", "hasProvider", f"org/{firm}")]
        facts += [(f"rel/{firm}", "offers", f"item/{item}")]
        facts += [(f"rel/{firm}", "withinRegion", f"region/{place}") for place in (region, "c")]
        facts += [(f"org/{firm}", "listedOn", day(listed))] if listed else []
    kinds = [("region/c", "Country"), ("region/a", "Province"), ("region/b", "Province")]
    kinds += [(f"item/{item}", "Product") for item in "ijk"]

    def node(text: str) -> str:
        return text if text[0] == '"' else f"<{text}>" if text.startswith("http") else f"<{BASE}{text}>"

    lines = [f"<{BASE}{s}> <{NS}{p}> {node(o)}" for s, p, o in facts + surveys]
    lines += [f"<{BASE}{s}> <{TYPE}> <{NS}{o}>" for s, o in kinds]
    lines = [f"{line} <https://w3id.org/icsc/graph/source/toy> .\n" for line in lines]
    return [*lines, f"<{BASE}item/l> <{TYPE}> <{NS}Product> <https://w3id.org/icsc/graph/source/other> .\n"]


def run(ontology: Ontology, lines: list[str], out: Path, threads: int = 2, trend_years: int = 5) -> Derived:
    out.mkdir()
    dumps = [out / "a.nq", out / "b.nq"]
    for dump, part in zip(dumps, (lines[::2], lines[1::2]), strict=True):
        dump.write_text("".join(part), encoding="utf-8")
    methods = {method.name: method for method in find_methods(METHODS) if method.name in {"coordination", "coverage"}}
    method = methods["coordination"]
    assert set(method.parameters) == {"first_year", "trend_years"}
    methods["coordination"] = replace(method, parameters={"first_year": 2000, "trend_years": trend_years})
    found, _ = derive(list(methods.values()), STEPS, ontology, dumps, out, {}, threads)
    return found


def levels(found: Derived, year: int, region: str = "a") -> tuple[str | None, ...]:
    said = values(found, f"coordination/chain/x/region/{region}/{year}")
    names = ("industrialChainLevel", "supplyChainLevel", "couplingDegree", "developmentLevel", "coordinationDegree")
    return tuple(next(iter(said[name])) if name in said else None for name in names)


def test_toy_by_hand(ontology: Ontology, tmp_path: Path) -> None:
    """Two of three links count, three of four inputs; a year ends on its last day."""
    found = run(ontology, toy([*survey("a", ["chain/x"], "a"), *survey("c", ["chain/x"], "c")]), tmp_path / "out")
    assert levels(found, 2000) == ("0.0", "0.0", "0.0", "0.0", "0.0"), "looked for and not there"
    # C = √((1 - 1/6) · (1/3) / (1/2)), T = 5/12, D = √(C T).
    assert levels(found, 2001) == levels(found, 2002) == ("0.5", "0.333333", "0.745356", "0.416667", "0.557284")
    # C = √((1 - 1/3) · (2/3)), T = 5/6.
    assert levels(found, 2003) == levels(found, 2004) == ("1.0", "0.666667", "0.666667", "0.833333", "0.745356")
    standard = values(found, "coordination/chain/x/region/a/2003")["standardCoordinationDegree"]
    assert standard == {"0.903602"}, "C = 2 √(2/3) / (5/3) = 0.979796"
    series = values(found, "coordination/chain/x/region/a")
    assert (series["linkCount"], series["inputCount"]) == ({"2"}, {"3"})
    # (-2 · 0 - 0.557284 + 0.745356 + 2 · 0.745356) / 10.
    assert series["coordinationTrend"] == {"0.167878"}
    assert series["wasDerivedFrom"] == {"https://w3id.org/icsc/graph/source/toy"}
    text = found.path.read_text(encoding="utf-8")
    assert "region/b" not in text, "nobody looked there"
    assert "region/c" not in text, "a country holds what separate territories have"


def test_nothing_is_said_after_what_is_known(ontology: Ontology, tmp_path: Path) -> None:
    """Neither after the survey, nor after the latest listing of which both work and provisions are known."""
    early = run(ontology, toy(survey("a", ["chain/x"], "a")), tmp_path / "early")
    assert levels(early, 2005) == (None,) * 5
    assert values(early, "coordination/chain/x/region/a")["knownUntil"] == {"2004-06-30T00:00:00Z"}
    late = toy(survey("a", ["chain/x"], "a", date="2020-01-01"))
    both = run(ontology, late, tmp_path / "both")
    assert levels(both, 2005)[:2] == ("1.0", "1.0") and levels(both, 2006) == (None,) * 5
    # Of the firm that was listed last only the work is known.
    one = run(ontology, [line for line in late if "rel/f5" not in line], tmp_path / "one")
    assert values(one, "coordination/chain/x/region/a")["knownUntil"] == {"2003-12-31T00:00:00Z"}
    assert levels(one, 2003)[:2] == ("1.0", "0.666667") and levels(one, 2004) == (None,) * 5


def test_what_may_be_provided_does_not_count_as_missing(ontology: Ontology, tmp_path: Path) -> None:
    """A firm makes something of which the third input is a type: nobody knows whether it makes this."""
    lines = toy(survey("b", ["chain/x"], "b"))
    wider = [("item/k", "kindOf", "item/w"), ("rel/w", "providesItem", "item/w"), ("rel/w", "hasProvider", "org/f4")]
    wider += [("rel/w", "withinRegion", "region/b")]
    more = [f"<{BASE}{s}> <{NS}{p}> <{BASE}{o}> <https://w3id.org/icsc/graph/source/toy> .\n" for s, p, o in wider]
    for name, given, inputs, level in (("without", lines, "3", "0.333333"), ("with", [*lines, *more], "2", "0.5")):
        found = run(ontology, given, tmp_path / name)
        assert values(found, "coordination/chain/x/region/b")["inputCount"] == {inputs}
        assert levels(found, 2003, "b")[1] == level


def test_unknown_is_not_zero(ontology: Ontology, tmp_path: Path) -> None:
    """Only an input was looked for in b: its level is known, that of the links is not, and so nothing of both."""
    found = run(ontology, toy(survey("b", ["item/i"], "b", "scopeEveryFirm")), tmp_path / "out")
    assert levels(found, 2001, "b") == (None, "0.0", None, None, None)
    assert levels(found, 2002, "b") == (None, "1.0", None, None, None)
    series = values(found, "coordination/chain/x/region/b")
    assert (series["linkCount"], series["inputCount"]) == ({"0"}, {"1"}) and "coordinationTrend" not in series


@pytest.mark.parametrize(
    "surveys",
    [
        survey("a", ["chain/x"], "a", "scopeNamedFirms"),
        survey("a", ["chain/x"], "a", date=""),
        [(s, p, o.replace("complete", "partial")) for s, p, o in survey("a", ["chain/x"], "a")],
    ],
    ids=["named firms", "no date", "partial"],
)
def test_other_surveys_give_nothing(ontology: Ontology, tmp_path: Path, surveys: Facts) -> None:
    assert run(ontology, toy(surveys), tmp_path / "out").quads == 0


def test_without_listings_nothing_is_given(ontology: Ontology, tmp_path: Path) -> None:
    firms = [(firm, region, link, item, "") for firm, region, link, item, _ in FIRMS]
    assert run(ontology, toy(survey("a", ["chain/x"], "a"), firms), tmp_path / "out").quads == 0


def test_a_trend_needs_its_years(ontology: Ontology, tmp_path: Path) -> None:
    found = run(ontology, toy(survey("a", ["chain/x"], "a")), tmp_path / "out", trend_years=6)
    assert "coordinationTrend" not in values(found, "coordination/chain/x/region/a")


def test_any_order_and_any_threads_give_the_same_bytes(ontology: Ontology, tmp_path: Path) -> None:
    # A second listing of a firm, elsewhere and later, changes nothing; the first counts.
    lines = [*toy(survey("a", ["chain/x"], "a")), *toy([], [("f1", "a", "1", "i", "2002-02-02")])]
    one = run(ontology, lines, tmp_path / "one", threads=1)
    shuffled = lines[:]
    random.Random(1).shuffle(shuffled)
    two = run(ontology, shuffled, tmp_path / "two", threads=4)
    assert one.path.read_bytes() == two.path.read_bytes() and one.inputs == two.inputs
    assert levels(one, 2001)[0] == "0.5"
    # Planted: a day less turns a year, so equal bytes do not come from reading nothing.
    other = run(ontology, [line.replace("2003-12-31", "2004-01-01") for line in lines], tmp_path / "other")
    assert other.path.read_bytes() != one.path.read_bytes() and levels(other, 2003) == levels(one, 2002)


# ---- Through a release

SQL = """SELECT key, link, item, TRY_CAST(listed AS DATE) AS listed, DATE '2015-03-01' AS looked
  FROM read_csv('rows.csv', header = true, all_varchar = true)"""
RQ = """#+ required: [key, link, item]
#+ iri: {who: "org/toy/{key}", provision: "rel/toy/{key}", at: "link/toy-{link}", what: "item/toy/{item}"}
PREFIX icsc: <https://w3id.org/icsc/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

CONSTRUCT {
  <https://w3id.org/icsc/id/chain/toy> a icsc:IndustrialChain ;
    rdfs:label "toy chain"@en , "玩具链"@zh-Hans .
  ?who a icsc:Enterprise ;
    icsc:listedOn ?listed ;
    icsc:locatedIn <https://w3id.org/icsc/id/region/330000> ;
    icsc:operatesAt ?at .
  ?at a icsc:ChainLink ;
    icsc:linkOf <https://w3id.org/icsc/id/chain/toy> ;
    icsc:requiresInput ?what .
  ?what a icsc:Product .
  ?provision a icsc:Provision ;
    icsc:hasProvider ?who ;
    icsc:providesItem ?what .
  <https://w3id.org/icsc/id/survey/toy> a icsc:Survey ;
    icsc:surveys <https://w3id.org/icsc/id/chain/toy> ;
    icsc:surveyedRegion <https://w3id.org/icsc/id/region/330000> ;
    icsc:surveyScope icsc:scopeListedFirms ;
    icsc:completeness icsc:complete ;
    icsc:surveyDate ?looked .
}"""
ROWS = "key,link,item,listed\na,1,i,2013-01-01\nb,2,j,2014-05-05\nc,3,k,2016-01-01\n"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.Graph:
    """Three firms of Zhejiang at three links, the last of them listed after the survey."""
    folder = tmp_path_factory.mktemp("release")
    loader = folder / "loaders" / "toy"
    (loader / "data").mkdir(parents=True)
    (loader / "data" / "rows.csv").write_text(ROWS, encoding="utf-8")
    manifest = 'title = "Toy"\nlicence = "CC0"\n[[files]]\nname = "rows.csv"\nbundled = true\n'
    (loader / "source.toml").write_text(manifest, encoding="utf-8")
    (loader / "rows.sql").write_text(SQL, encoding="utf-8")
    (loader / "rows.rq").write_text(RQ, encoding="utf-8")
    build(["regions", "toy"], loaders=[loader.parent], releases=folder / "releases")
    return kg.open(releases=folder / "releases")


def test_as_of_takes_back_a_listing_and_not_the_firm(graph: kg.Graph) -> None:
    frame = graph.ask("coordination", chain="chain/toy", region="浙江")
    assert list(frame.year[:3]) == [2015, 2014, 2013] and set(frame.known_until) == {"2015-03-01"}
    assert frame.industrial_chain_level[:3].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3], abs=1e-6)
    firm = {"firm": "https://w3id.org/icsc/id/org/toy/c"}
    assert graph.ask("firm", fact="listed on", **firm).what.tolist() == ["2016-01-01"]
    then = graph.ask("coordination", chain="chain/toy", as_of="2015-06-30")
    assert then.year.max() == 2014 and set(then.known_until) == {"2014-05-05"}, "no later listing is known then"
    facts = graph.ask("firm", as_of="2015-06-30", **firm)
    assert "listed on" not in set(facts.fact) and {"makes", "located in"} <= set(facts.fact), "it is there, unlisted"
    assert graph.ask("coordination", as_of="2015-02-28").empty, "nobody had looked yet"


def test_a_listing_that_is_no_date_rejects_its_row(tmp_path: Path) -> None:
    rows = []
    for number, listed in enumerate(["19910403", None, "1991-04-03", "19910231", ""]):
        row: list[str | None] = [None] * 17
        row[1], row[2], row[3], row[7] = f"00000{number}", f"公司{number}", "浙江", listed
        rows.append(row)
    data = tmp_path / "data" / "a_share_basic"
    data.mkdir(parents=True)
    (data / "stock_basic.json").write_text(json.dumps({"data": {"items": rows}}), encoding="utf-8")
    release = build(["a_share_basic", "regions"], data=tmp_path / "data", releases=tmp_path / "releases")
    mapping = release.manifest["sources"]["a_share_basic"]["mappings"]["companies"]
    assert mapping["files"]["stock_basic.json"] == {"read": 5, "loaded": 3, "rejected": 2}
    assert set(mapping["reasons"]) == {"day of listing is no date: 1991-04-03", "day of listing is no date: 19910231"}
    dump = (release.path / "dumps" / "source-a_share_basic.nq").read_text(encoding="utf-8")
    assert dump.count("ns#listedOn") == 1 and '"1991-04-03T00:00:00Z"' in dump


def test_parameters_narrow_the_answer(graph: kg.Graph) -> None:
    everything = graph.ask("coordination")
    assert everything.year.is_monotonic_decreasing and len(everything) == 16
    (row,) = graph.ask("coordination", year=2014, region="浙江", lang="zh").itertuples()
    assert (row.chain, row.year, row.links, row.inputs) == ("玩具链", 2014, 3, 3)
    # Both levels are 2/3: full coupling, so the coordination is the root of 2/3 in either form.
    assert (row.coupling, row.development) == (1, pytest.approx(2 / 3, abs=1e-6))
    assert row.coordination == row.standard_coordination == pytest.approx((2 / 3) ** 0.5, abs=1e-6)
    # Ten years to 2015, of which 1/3 for one and 2/3 for two: by the formula of the slope.
    course = [0.0] * 7 + [(1 / 3) ** 0.5] + [(2 / 3) ** 0.5] * 2
    slope = sum((i - 4.5) * d for i, d in enumerate(course)) / 82.5
    assert row.trend == pytest.approx(slope, abs=1e-6)
    assert set(graph.ask("coordination", minimum=0.6).year) == {2014, 2015}
    assert graph.ask("coordination", year=1999).empty and graph.ask("coordination", region="江苏").empty


# ---- On the real data


def raw(name: str) -> pd.DataFrame:
    text = (SHARED / "data" / "chain_kg_cn" / f"{name}.json").read_text(encoding="utf-8")
    return pd.DataFrame([json.loads(line) for line in text.splitlines()])


def table(name: str) -> pd.DataFrame:
    frame = pd.read_csv(ROOT / "loaders" / "chain_industry" / "data" / f"{name}.csv", dtype=str)
    return frame[frame.chain == "modern-textile"] if "chain" in frame else frame


@pytest.mark.shared
def test_textile_in_zhejiang_counted_from_the_files(full: kg.Graph) -> None:
    """Levels of the years counted again in pandas, past loaders, rules and method."""
    items = json.loads((SHARED / "data" / "a_share_basic" / "stock_basic.json").read_text(encoding="utf-8"))
    listed = {row[1]: int(row[7][:4]) for row in items["data"]["items"] if row[3] == "浙江"}
    works = raw("company_industry").merge(table("industries"), on="industry_code")
    works["year"] = works.company_code.str[:6].map(listed)
    since_links = works.groupby("link").year.min()

    pairs = raw("product_product")
    pairs = pairs[pairs.from_entity != pairs.to_entity]
    outputs = set(table("products")["product"])
    need = set(table("items")["product"])
    need |= set(pairs[(pairs.rel == "上游材料") & pairs.from_entity.isin(outputs)].to_entity)
    need |= set(pairs[(pairs.rel == "下游产品") & pairs.to_entity.isin(outputs)].from_entity)
    chemical = re.compile("[烷烯炔苯酚醇醚醛酮酸酯胺腈酐酰脲肼啶嗪唑啉苷素氢氧氮氟氯溴碘]$")
    parts = pairs[pairs.rel == "产品小类"]
    kinds = {(t, f) for f, t in zip(parts.from_entity, parts.to_entity, strict=True) if t.endswith(f)}
    kinds = {(narrow, wide) for narrow, wide in kinds if not chemical.search(wide)}
    kinds |= set(table("kinds")[["narrower", "broader"]].itertuples(index=False, name=None))
    sales = raw("company_product")
    sales["year"] = sales.company_code.str[:6].map(listed)
    made = sales.groupby("product_name").year.min().dropna().to_dict()
    since_inputs: dict[str, float] = {}
    for item in need:
        years = [made[name] for name in (item, *(n for n, wide in kinds if wide == item)) if name in made]
        if years:
            since_inputs[item] = min(years)

    # Somebody who sits there, whichever source says so, makes what they are a kind of: nobody knows of them.
    here = full.sparql(f"SELECT ?x WHERE {{ ?x <{NS}locatedIn> <{BASE}region/330000> }}")
    assert isinstance(here, pd.DataFrame)
    there = set(sales[sales.company_code.str[:6].isin(here.x.str.rsplit("/").str[-1])].product_name)
    doubtful = {narrow for narrow, wide in kinds if narrow in need and wide in there} - set(since_inputs)
    assert len(doubtful) == 5

    frame = full.ask("coordination", chain="modern-textile", region="浙江").set_index("year")
    assert frame.index.max() == 2019, "no company that was listed later names a product"
    assert set(frame.known_until) == {"2019-12-26"}
    assert set(frame.links) == {len(since_links)} and set(frame.inputs) == {len(need - doubtful)}
    for year, (links, inputs, coordination) in {2010: (3, 16, 0.399041), 2019: (3, 22, 0.485361)}.items():
        assert (since_links <= year).sum() == links
        assert sum(since <= year for since in since_inputs.values()) == inputs
        u, v = links / len(since_links), inputs / len(need - doubtful)
        row = frame.loc[year]
        assert (row.industrial_chain_level, row.supply_chain_level) == pytest.approx((u, v), abs=1e-6)
        wang = ((1 - abs(u - v)) * min(u, v) / max(u, v)) ** 0.5
        assert row.coordination == pytest.approx((wang * (u + v) / 2) ** 0.5, abs=1e-6)
        assert row.coordination == pytest.approx(coordination, abs=1e-6)
        assert row.standard_coordination == pytest.approx((u * v) ** 0.25, abs=1e-6)
    assert set(frame.trend) == {0.007787}


@pytest.mark.shared
def test_every_surveyed_province_has_a_course(full: kg.Graph) -> None:
    frame = full.ask("coordination")
    assert len(frame) == 10 * 31 * 20
    assert frame[["industrial_chain_level", "supply_chain_level", "coordination"]].notna().all(axis=None)
    numbers = ["industrial_chain_level", "supply_chain_level", "coupling", "development", "coordination"]
    assert ((frame[numbers] >= 0) & (frame[numbers] <= 1)).all(axis=None)
    # Firms only come in, so levels never fall; coordination may, where one level runs ahead of the other.
    course = frame.sort_values("year").groupby(["chain_iri", "region_iri"])
    assert course.industrial_chain_level.apply(lambda part: part.is_monotonic_increasing).all()
    assert course.supply_chain_level.apply(lambda part: part.is_monotonic_increasing).all()
    assert not course.coordination.apply(lambda part: part.is_monotonic_increasing).all()
    # 2 sqrt(u v) / (u + v) never lies below the revised form.
    assert (frame.standard_coordination >= frame.coordination - 1e-6).all()
