"""What-if: on the embedded sources, on a tiny network of known answers, and on the real data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli
from kg.errors import AmbiguousParameterError, ParameterError, UsageError
from kg.graph import Graph
from kg.release import build
from kg.scenario import render_scenario, scenario_graph, scenario_quads
from kg.store import MemoryStore
from kg.terms import ICSC, ID
from kg.whatif import PARTS, whatif

#: Firms a1 and a2 make steel, b1 bearings from steel, c1 robots from bearings; d1 makes robots too, abroad.
TOY = """\
@prefix icsc: <https://w3id.org/icsc/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix : <https://w3id.org/icsc/id/> .
<urn:toy> {
  <https://w3id.org/icsc/id/item/steel> a icsc:Product, icsc:Input ; rdfs:label "steel"@en .
  <https://w3id.org/icsc/id/item/bearing> a icsc:Product, icsc:Input ; rdfs:label "bearing"@en ;
    icsc:hasInput <https://w3id.org/icsc/id/item/steel> .
  <https://w3id.org/icsc/id/item/robot> a icsc:Product, icsc:Input ; rdfs:label "robot"@en ;
    icsc:hasInput <https://w3id.org/icsc/id/item/bearing> , <https://w3id.org/icsc/id/item/cable> .
  <https://w3id.org/icsc/id/item/cable> a icsc:Product, icsc:Input ; rdfs:label "cable"@en .
  <https://w3id.org/icsc/id/region/C> a icsc:Country, icsc:Region ; rdfs:label "Cathay"@en .
  <https://w3id.org/icsc/id/region/T> a icsc:SeparateCustomsTerritory, icsc:Region, icsc:Province ;
    rdfs:label "Territory"@en ; icsc:partOfRegion <https://w3id.org/icsc/id/region/C> .
  <https://w3id.org/icsc/id/region/F> a icsc:Country, icsc:Region ; rdfs:label "Faraway"@en .
%s
}
"""
FIRMS = {
    "a1": ("C", "steel", 0.5),
    "a2": ("T C", "steel", 0.5),
    "b1": ("C", "bearing", None),
    "c1": ("C", "robot", None),
    "d1": ("F", "robot", None),
}


def toy_graph(extra: str = "", firms: dict[str, tuple[str, str, float | None]] | None = None) -> Graph:
    lines = []
    for name, (regions, item, share) in (firms or FIRMS).items():
        firm, made = f"<{ID}org/{name}>", f"<{ID}item/{item}>"
        places = " , ".join(f"<{ID}region/{region}>" for region in regions.split())
        lines.append(f'{firm} a icsc:Organization ; rdfs:label "{name}"@en ; icsc:locatedIn {places} .')
        known = f" ; icsc:share {share}" if share is not None else ""
        lines.append(
            f"<{ID}rel/{name}> icsc:hasProvider {firm} ; icsc:providesItem {made} ; icsc:offers {made}{known} ."
        )
    return Graph(MemoryStore(TOY % "\n".join([*lines, extra]), ox.RdfFormat.TRIG))


def hits(frame: pd.DataFrame) -> dict[str, tuple[int, float, float]]:
    columns = (frame[name].tolist() for name in ("provider", "tier", "loss_low", "loss_high"))
    return {name: (tier, low, high) for name, tier, low, high in zip(*columns, strict=True)}


def test_losses_pass_from_market_to_market() -> None:
    """a1 has half of the steel and a2, as large, cannot make up for it: bearings lose half, and so on."""
    found = whatif(toy_graph(), ["a1"])
    assert hits(found.hit) == {
        "b1": (1, 0.5, 0.5),
        # Robots take bearings and cable: one of two inputs, or one without which nothing goes.
        "c1": (2, 0.25, 0.5),
        "d1": (2, 0.25, 0.5),
    }
    assert found.hit["worst"].tolist() == ["steel", "bearing", "bearing"]
    row = found.inputs.iloc[0]
    assert len(found.inputs) == 1 and (row["input"], row["lost"], row["remaining"]) == ("steel", 1, 1)
    assert (row["share_low"], row["share_high"], row["opens"], row["status"]) == (0.5, 0.5, None, "met")


def test_the_way_of_a_loss_leads_back_to_what_is_gone() -> None:
    hit = whatif(toy_graph(), ["a1"]).hit.set_index("provider")
    assert hit["supplier"].to_dict() == {"b1": "a1", "c1": "b1", "d1": "b1"}
    assert hit["supplier_iri"]["b1"] == ID + "org/a1"
    assert hit["path"].to_dict() == {
        "b1": "a1 → steel",
        "c1": "a1 → steel → b1 → bearing",
        "d1": "a1 → steel → b1 → bearing",
    }


def test_of_several_suppliers_the_one_with_whom_most_is_lost() -> None:
    firms = {**FIRMS, "a1": ("C", "steel", 0.2), "a2": ("T C", "steel", 0.3), "a3": ("F", "steel", 0.5)}
    hit = whatif(toy_graph(firms=firms), ["a1", "a2"]).hit.set_index("provider")
    assert hit["supplier"]["b1"] == "a2"


def test_a_stated_supplier_stands_on_the_way_without_an_item() -> None:
    stated = f"""<{ID}org/a1> icsc:suppliesTo <{ID}org/e1> . <{ID}org/e1> a icsc:Organization ; rdfs:label "e1"@en .
      <{ID}org/e1> icsc:suppliesTo <{ID}org/e2> . <{ID}org/e2> a icsc:Organization ; rdfs:label "e2"@en ;
        icsc:suppliesTo <{ID}org/e1> ."""
    hit = whatif(toy_graph(stated), ["a1"]).hit.set_index("provider")
    assert hit["supplier"]["e1"] == "a1" and hit["path"]["e1"] == "a1"
    # Two who supply each other: the way goes on towards what is gone, not in a circle.
    assert hit["supplier"]["e2"] == "e1" and hit["path"]["e2"] == "a1 → e1"


def test_a_way_is_as_long_as_the_tier(embedded: Graph) -> None:
    """Also where those who are hit supply each other: a way never goes in a circle."""
    circle = f"<{ID}item/steel> icsc:hasInput <{ID}item/robot> ."
    for graph, without in ((toy_graph(circle), "a1"), (embedded, "org/zj/yuantong")):
        hit = whatif(graph, [without], lang="en").hit
        assert len(hit) and hit["supplier"].notna().all()
        # Supplier and what it supplies in turn; what is not said is left out.
        steps = hit["path"].str.split(" → ").map(len)
        assert ((steps >= hit["tier"]) & (steps <= 2 * hit["tier"])).all()


def test_last_provider_opens_a_gap_that_is_unknown_without_a_survey() -> None:
    found = whatif(toy_graph(), ["b1"])
    row = found.inputs.iloc[0]
    assert (row["input"], row["opens"], row["status"]) == ("bearing", "everywhere", "unknown")
    assert found.replacements.empty
    survey = f"""<{ID}survey/1> icsc:surveys <{ID}item/bearing> ; icsc:surveyedRegion <{ID}region/F> ;
      icsc:completeness icsc:complete ; icsc:surveyScope icsc:scopeListedFirms ."""
    row = whatif(toy_graph(survey), ["b1"]).inputs.iloc[0]
    assert (row["status"], row["coverage"]) == ("absent", "scopeListedFirms")
    partly = survey.replace("icsc:complete ;", "icsc:partial ;")
    assert whatif(toy_graph(partly), ["b1"]).inputs.iloc[0]["status"] == "unknown"
    # Who looked at a country as a whole has not looked into its parts.
    country = survey.replace("region/F", "region/C")
    assert whatif(toy_graph(country), ["b1"], region="Cathay").inputs.iloc[0]["status"] == "absent"
    assert whatif(toy_graph(country), ["b1"], region="Territory").inputs.iloc[0]["status"] == "unknown"
    # Who looked only where nobody is left has not looked elsewhere.
    left = whatif(toy_graph(survey), ["b1", "Faraway"]).inputs.set_index("input")
    assert left.loc["bearing", "status"] == "unknown"


def test_region_of_interest() -> None:
    found = whatif(toy_graph(), ["c1"], region="Cathay")
    row = found.inputs.iloc[0]
    assert (row["input"], row["remaining"], row["inside_remaining"], row["opens"]) == ("robot", 1, 0, "region")
    assert found.replacements[["candidate", "kind", "ring"]].to_numpy().tolist() == [["d1", "organization", "world"]]
    assert found.hit.empty


def test_separate_customs_territory_stays_when_its_country_goes() -> None:
    country = whatif(toy_graph(), ["Cathay"])
    assert set(country.removed["provider"]) == {"a1", "b1", "c1"}
    territory = whatif(toy_graph(), ["Territory"])
    assert set(territory.removed["provider"]) == {"a2"}
    assert hits(territory.hit)["b1"] == (1, 0.5, 0.5)


def test_unknown_shares_are_bounds() -> None:
    firms = {**FIRMS, "a1": ("C", "steel", None), "a2": ("T C", "steel", None), "a3": ("F", "steel", 0.4)}
    row = whatif(toy_graph(firms=firms), ["a1"]).inputs.iloc[0]
    assert (row["share_low"], row["share_high"]) == (0.0, pytest.approx(0.6))
    nothing = {**FIRMS, "a1": ("C", "steel", None), "a2": ("T C", "steel", None)}
    row = whatif(toy_graph(firms=nothing), ["a1"]).inputs.iloc[0]
    assert pd.isna(row["share_low"]) and pd.isna(row["share_high"])


@pytest.mark.parametrize(
    ("without", "part", "low", "high"),
    [
        ("Union", 0.3, 0.6, 0.6),
        ("Member", 0.3, 0.3, 0.3),
        ("Faraway", 0.3, 0.1, 0.1),
        ("Union", None, 0.6, 0.6),
        ("Member", None, 0.0, 0.6),
    ],
)
def test_a_zone_and_its_member_are_not_added_up(without: str, part: float | None, low: float, high: float) -> None:
    places = f"""<{ID}region/U> a icsc:EconomicZone, icsc:Region ; rdfs:label "Union"@en .
      <{ID}region/M> a icsc:Country, icsc:Region ; rdfs:label "Member"@en ; icsc:partOfRegion <{ID}region/U> ."""
    for region, share in (("U", 0.6), ("M", part), ("F", 0.1)):
        known = "" if share is None else f" ; icsc:share {share}"
        places += f"""<{ID}rel/{region}> icsc:hasProvider <{ID}region/{region}> ; icsc:inRegion <{ID}region/{region}> ;
          icsc:providesItem <{ID}item/cable> ; icsc:offers <{ID}item/cable>{known} ."""
    row = whatif(toy_graph(places), [without]).inputs.set_index("input").loc["cable"]
    assert (row["share_low"], row["share_high"]) == (pytest.approx(low), pytest.approx(high))


def test_a_regions_share_goes_with_all_who_make_it_there() -> None:
    stated = f"""<{ID}rel/F> icsc:hasProvider <{ID}region/F> ; icsc:providesItem <{ID}item/robot> ;
      icsc:offers <{ID}item/robot> ; icsc:share 0.7 ."""
    firms = {name: FIRMS[name] for name in ("a1", "b1", "d1")}
    row = whatif(toy_graph(stated, firms), ["d1"]).inputs.iloc[0]
    assert (row["input"], row["opens"]) == ("robot", "everywhere")
    two = {**firms, "d2": ("F", "robot", None)}
    assert whatif(toy_graph(stated, two), ["d1"]).inputs.iloc[0]["opens"] is None


def test_who_can_make_it_is_a_candidate() -> None:
    able = f'<{ID}org/lab> a icsc:Organization ; rdfs:label "lab"@en ; icsc:hasCapability <{ID}item/bearing> .'
    found = whatif(toy_graph(able), ["b1"]).replacements
    assert found[["input", "candidate", "capability"]].to_numpy().tolist() == [["bearing", "lab", "can make it"]]


def test_stated_supply_relation(embedded: Graph) -> None:
    """Of the embedded sources one firm supplies another by name."""
    found = whatif(embedded, ["org/zj/yuantong"], lang="en")
    assert found.hit["provider_iri"].tolist() == [ID + "org/zj/futong"]
    assert hits(found.hit)[found.hit["provider"].iloc[0]] == (1, 1.0, 1.0)
    assert found.hit["worst_iri"].tolist() == [ID + "item/zj/optical-cable-raw-material"]
    assert found.hit["supplier_iri"].tolist() == [ID + "org/zj/yuantong"]
    row = found.inputs.set_index("input_iri").loc[ID + "item/zj/optical-cable-raw-material"]
    assert (row["lost"], row["remaining"], row["opens"], row["need"]) == (1, 0, "everywhere", "direct")
    assert row["status"] == "unknown"


def test_removing_a_place_removes_what_it_provides(embedded: Graph) -> None:
    found = whatif(embedded, ["宁波", "330300"], region="浙江", lang="zh")
    opened = found.inputs.set_index("input_iri")
    assert opened.loc[ID + "item/zj/clothing", "opens"] == "everywhere"
    assert ID + "region/330200" in set(found.removed["provider_iri"])
    kept = whatif(embedded, ["宁波"], region="浙江").inputs.set_index("input_iri").loc[ID + "item/zj/clothing"]
    assert (kept["remaining"], kept["opens"]) == (1, None)


def test_labels_codes_and_iris_are_one(embedded: Graph) -> None:
    ways = ["浙江", "Zhejiang", "330000", ID + "region/330000", "region/330000"]
    found = [whatif(embedded, [way]) for way in ways]
    assert all(one.without == (ID + "region/330000",) for one in found)
    assert all(one.inputs.equals(found[0].inputs) and one.hit.equals(found[0].hit) for one in found)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Zhejiangg", ["region or organization", "Nearest", "region/330000"]),
        ("chain/modern-textile", ["neither an organization nor a region"]),
        (ID + "org/nobody", ["not in this release"]),
        ("", ["empty"]),
    ],
)
def test_what_is_nothing(embedded: Graph, value: str, words: list[str]) -> None:
    with pytest.raises(ParameterError) as error:
        whatif(embedded, [value])
    assert all(word in str(error.value) for word in words), str(error.value)


def test_two_things_of_one_name() -> None:
    twin = f'<{ID}org/F> a icsc:Organization ; rdfs:label "Faraway"@en .'
    with pytest.raises(AmbiguousParameterError, match="2 things"):
        whatif(toy_graph(twin), ["Faraway"])
    with pytest.raises(UsageError):
        whatif(toy_graph(), [])


def test_a_firm_of_which_nothing_is_known() -> None:
    found = whatif(toy_graph(f'<{ID}org/x> a icsc:Organization ; rdfs:label "x"@en .'), ["x"])
    assert found.hit.empty and found.inputs.empty
    assert found.summary.set_index("measure")["value"]["removed"] == 0


def test_scenario_is_a_graph_of_its_own(embedded: Graph) -> None:
    assert embedded.release is not None
    found = whatif(embedded, ["org/zj/yuantong"], region="浙江")
    quads = scenario_quads(found, embedded.release)
    graph = scenario_graph(found, embedded.release)
    assert {quad.graph_name.value for quad in quads} == {graph}
    text = render_scenario(found, "nq", embedded.release)
    assert text == render_scenario(whatif(embedded, ["org/zj/yuantong"], region="浙江"), "nq", embedded.release)
    store = MemoryStore(text)
    gaps = store.query(
        f"SELECT ?item ?status WHERE {{ ?g a <{ICSC}MissingInputGap> ; <{ICSC}lacks> ?item ; <{ICSC}status> ?status }}"
    ).rows
    assert [[term.value for term in row] for row in gaps] == [
        [ID + "item/zj/optical-cable-raw-material", ICSC + "statusUnknown"]
    ]
    assert store.query(
        f"ASK {{ ?o <{ICSC}observedSubject> <{ID}org/zj/futong> ; <{ICSC}observedValue> 1.000000 }}"
    ).truth
    assert not embedded.store.query(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}").truth
    turtle = render_scenario(found, "ttl", embedded.release)
    assert len(list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))) == len(quads)


def test_release_and_endpoint_give_the_same(embedded: Graph) -> None:
    """From dumps, and by queries over the store."""
    assert embedded.release is not None
    by_query = whatif(Graph(embedded.store), ["浙江"])
    by_column = whatif(embedded, ["浙江"])
    assert len(by_column.inputs) > 0
    for part in PARTS:
        pd.testing.assert_frame_equal(getattr(by_query, part), getattr(by_column, part))


@pytest.fixture
def call(embedded: Graph) -> Callable[..., str]:
    assert embedded.release is not None
    releases = str(embedded.release.path.parent)

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(cli, ["whatif", *arguments, "--releases", releases], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    return run


def test_command(call: Callable[..., str], tmp_path: Path) -> None:
    text = call("--without", "org/zj/yuantong", "--lang", "en")
    assert all(part in text for part in PARTS) and "Futong" in text
    body = json.loads(call("--without", "org/zj/yuantong", "--format", "json"))
    assert body["without"] == [ID + "org/zj/yuantong"] and body["hit"][0]["provider_iri"] == ID + "org/zj/futong"
    rows = list(csv.DictReader(io.StringIO(call("--without", "org/zj/yuantong", "--format", "csv"))))
    assert {row["part"] for row in rows} == {"summary", "removed", "hit", "inputs"}
    out = tmp_path / "scenario.nq"
    call("--without", "org/zj/yuantong", "-o", str(out))
    assert b"/graph/scenario/" in out.read_bytes()


@pytest.mark.shared
def test_chip_making_without_the_netherlands(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.conftest import SHARED

    releases = tmp_path_factory.mktemp("chips")
    build(["chain_industry", "regions", "eto_chip_explorer"], data=SHARED / "data", releases=releases)
    graph = kg.open(releases=releases)
    country = whatif(graph, ["Netherlands"], chain="integrated-circuit")
    firm = whatif(graph, ["ASML"], chain="integrated-circuit")
    for found in (country, firm):
        euv = found.inputs[found.inputs["input"].str.contains("EUV")].iloc[0]
        assert (euv["opens"], euv["status"], euv["share_low"]) == ("everywhere", "absent", 1.0)
    dry = firm.inputs[firm.inputs["input"].str.contains("ArF dry")].iloc[0]
    assert dry["share_low"] == pytest.approx(0.944) and dry["opens"] is None
    island = whatif(graph, ["台湾"], chain="integrated-circuit", region="中国")
    assert "TSMC" in set(island.removed["provider"]) and "SMIC" not in set(island.removed["provider"])
    assert "SMEE" in set(firm.replacements["candidate"])
