"""Rings around who looks: the city of a county, and separate customs territories, which are abroad to their country."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import kg
from kg.graph import Graph
from kg.release import build
from kg.whatif import whatif
from tests.golden.test_analysis_questions import ID, answers

#: Two counties of one city, its province, another province and a separate customs territory of the country, abroad.
PLACES = """\
@prefix icsc: <https://w3id.org/icsc/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix r: <https://w3id.org/icsc/id/region/> . @prefix o: <https://w3id.org/icsc/id/org/> .
@prefix i: <https://w3id.org/icsc/id/item/> . @prefix p: <https://w3id.org/icsc/id/rel/> .
@prefix l: <https://w3id.org/icsc/id/link/> . @prefix c: <https://w3id.org/icsc/id/chain/> .
@prefix s: <https://w3id.org/icsc/id/survey/> .
r:WORLD a icsc:Region ; rdfs:label "World"@en .
r:country a icsc:Country ; rdfs:label "Country"@en ; icsc:partOfRegion r:WORLD .
r:abroad a icsc:Country ; rdfs:label "Abroad"@en ; icsc:partOfRegion r:WORLD .
r:province a icsc:Province ; rdfs:label "Province"@en ; icsc:partOfRegion r:country .
r:other a icsc:Province ; rdfs:label "Other"@en ; icsc:partOfRegion r:country .
r:apart a icsc:Province, icsc:SeparateCustomsTerritory ; rdfs:label "Apart"@en ; icsc:partOfRegion r:country .
r:quarter a icsc:Prefecture ; rdfs:label "Quarter"@en ; icsc:partOfRegion r:apart .
r:city a icsc:Prefecture ; rdfs:label "City"@en ; icsc:partOfRegion r:province .
r:a-county a icsc:County ; rdfs:label "A county"@en ; icsc:partOfRegion r:city .
r:z-county a icsc:County ; rdfs:label "Z county"@en ; icsc:partOfRegion r:city .
c:x a icsc:IndustrialChain ; rdfs:label "x"@en .
r:province icsc:latitude 30.0 ; icsc:longitude 120.0 . r:city icsc:latitude 30.0 ; icsc:longitude 120.0 .
r:other icsc:latitude 33.0 ; icsc:longitude 120.0 .
l:1 icsc:linkOf c:x ; rdfs:label "1"@en ; icsc:requiresInput i:m, i:n, i:t, i:u .
"""
#: Firm -> where it is, what it makes.
FIRMS = {
    "near": ("z-county", "m"),
    "town": ("city", "u"),
    "inland": ("province", "n"),
    "island": ("apart", "n"),
    "quarter": ("quarter", "t"),
    "both": ("other, r:apart", "m"),
    "two": ("abroad, r:apart", "m"),
}


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    folder = tmp_path_factory.mktemp("rings")
    source = folder / "loaders" / "toy"
    (source / "data").mkdir(parents=True)
    text = PLACES + "".join(
        f'o:{firm} a icsc:Enterprise ; rdfs:label "{firm}"@en ; icsc:locatedIn r:{place} ; icsc:operatesAt l:1 .\n'
        f"p:{firm} a icsc:Provision ; icsc:providesItem i:{item} ; icsc:hasProvider o:{firm} .\n"
        for firm, (place, item) in FIRMS.items()
    )
    for item in "mntu":
        looked = ", r:a-county, r:quarter" if item == "u" else ""
        text += (
            f'i:{item} a icsc:Product ; rdfs:label "{item}"@en .\n'
            f"s:{item} a icsc:Survey ; icsc:surveys i:{item} ; icsc:surveyedRegion r:country{looked} ;\n"
            "  icsc:completeness icsc:complete ; icsc:surveyScope icsc:scopeListedFirms .\n"
        )
    (source / "data" / "toy.ttl").write_text(text, encoding="utf-8")
    (source / "source.toml").write_text(
        'title = "Toy"\nlicence = "CC0"\nconfidence = 0.9\n[[files]]\nname = "toy.ttl"\nbundled = true\n',
        encoding="utf-8",
    )
    (source / "toy.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }\n", encoding="utf-8")
    build(["toy"], loaders=[folder / "loaders"], releases=folder / "releases")
    return kg.open(releases=folder / "releases")


@pytest.fixture(scope="module")
def dump(toy: Graph) -> bytes:
    assert toy.release is not None
    folder: Path = toy.release.path / "dumps"
    # The ontology's part is the largest, and none of these questions reads it.
    return b"".join(path.read_bytes() for path in sorted(folder.glob("*.nq")) if path.stem != "ontology")


def rings_of(toy: Graph, item: str, region: str) -> dict[str, tuple[object, ...]]:
    frame = toy.ask("partners", input=ID + f"item/{item}", region=ID + f"region/{region}")
    rows = zip(frame.ring, frame.proximity_score, frame.risk, strict=True)
    return dict(zip(frame.candidate, rows, strict=True))


def nearest(toy: Graph, region: str) -> dict[str, str]:
    frame = toy.ask("gaps", chain=ID + "chain/x", region=ID + f"region/{region}")
    return dict(zip(frame.input_iri.str.removeprefix(ID), frame.nearest_ring, strict=True))


CITY, COUNTRY, WORLD = ("city", 1.0, None), ("country", 0.4, None), ("world", 0.2, "abroad")


@pytest.mark.parametrize("region", ["a-county", "z-county", "city"])
def test_the_city_is_the_first_ring_of_its_counties(toy: Graph, region: str) -> None:
    assert rings_of(toy, "m", region)["near"] == CITY
    assert nearest(toy, region) == {"item/m": "city", "item/n": "province", "item/t": "world", "item/u": "city"}
    replaced = whatif(toy, ["two"], region=ID + f"region/{region}").replacements
    assert dict(zip(replaced.candidate, replaced.ring, strict=True)) == {"near": "city", "both": "country"}


def test_computed_rings_of_a_county(dump: bytes) -> None:
    """Nearest first, whatever the names are; each input in the first ring that has it."""
    found = answers(dump, "rings", "ring", "within", "closes", chain="chain/x", region="region/z-county")
    assert found == [
        ("city", "region/z-county", 1),
        ("city", "region/city", 1),
        ("province", "region/province", 1),
        ("country", "region/country", 0),
        ("world", "region/WORLD", 1),
    ]
    assert answers(dump, "breakpoints", "input", "closes_ring", "closes_in", region="region/z-county") == [
        ("item/n", "province", "region/province"),
        ("item/t", "world", "region/WORLD"),
        ("item/u", "city", "region/city"),
    ]
    where = {"chain": "chain/x", "region": "region/a-county"}
    assert answers(dump, "inputs-by-ring", "input", "nearest_ring", **where) == [
        ("item/u", "city"),
        ("item/m", "city"),
        ("item/n", "province"),
        ("item/t", "world"),
    ]
    assert answers(dump, "inputs-by-ring", "input", ring="city", **where) == [("item/u",), ("item/m",)]
    assert answers(dump, "dependence-of-region", "ring", "place", "found", **where) == [
        ("region", "region/a-county", 0),
        ("city", "region/city", 2),
        ("province", "region/province", 1),
        ("country", "region/country", 0),
        ("world", "region/WORLD", 1),
        ("none", None, 0),
    ]


def test_a_separate_customs_territory_is_abroad_and_the_other_way_round(dump: bytes, toy: Graph) -> None:
    for region in ("a-county", "province", "other", "country"):
        assert rings_of(toy, "n", region)["island"] == rings_of(toy, "t", region)["quarter"] == WORLD, region
    assert rings_of(toy, "n", "country")["inland"] == COUNTRY
    for region in ("apart", "quarter"):
        assert rings_of(toy, "n", region)["inland"] == WORLD, region
        assert nearest(toy, region)["item/t"] == ("city" if region == "quarter" else "province")
        assert nearest(toy, region)["item/u"] == "world"
        replaced = whatif(toy, ["island"], region=ID + f"region/{region}").replacements
        assert dict(zip(replaced.candidate, replaced.ring, strict=True)) == {"inland": "world"}
        within = set(toy.ask("rings", chain=ID + "chain/x", region=ID + f"region/{region}").ring)
        assert "country" not in within and "world" in within
    assert rings_of(toy, "n", "apart")["island"] == ("province", 0.8, None)
    assert rings_of(toy, "n", "quarter")["island"] == ("province", 0.8, None)
    by_ring = dict(answers(dump, "inputs-by-ring", "input", "nearest_ring", chain="chain/x", region="region/quarter"))
    assert by_ring == {"item/m": "province", "item/n": "province", "item/t": "region", "item/u": "world"}
    places = answers(dump, "dependence-of-region", "ring", chain="chain/x", region="region/quarter")
    assert places == [("region",), ("province",), ("world",), ("none",)]


def test_who_is_in_a_territory_and_elsewhere_is_in_the_country(toy: Graph) -> None:
    found = rings_of(toy, "m", "province")
    assert found["both"] == COUNTRY and found["two"] == WORLD
    assert rings_of(toy, "m", "country")["both"] == COUNTRY and rings_of(toy, "m", "country")["two"] == WORLD
    assert rings_of(toy, "m", "abroad")["two"] == COUNTRY, "the territory is none of that country"
    gone = [set(whatif(toy, without).removed.provider) for without in (["Other"], ["Country"], ["Other", "Country"])]
    assert "both" in gone[0] and "both" in gone[1] and gone[0] <= gone[2] and gone[1] <= gone[2]
    assert not {"island", "quarter", "two"} & gone[1]


def test_partners_of_a_territory_on_both_engines(dump: bytes) -> None:
    found = answers(dump, "partners", "candidate", "ring", input="item/n", region="region/quarter")
    assert found == [("org/island", "province"), ("org/inland", "world")]


def test_who_is_only_known_to_be_around_is_at_no_distance(toy: Graph) -> None:
    """A firm somewhere in the province is not at 0 km from a city whose place is that of the province."""
    found = {region: toy.ask("partners", input="n", region=ID + f"region/{region}") for region in ("city", "other")}
    distance = {region: frame[frame.candidate == "inland"].distance_km.iloc[0] for region, frame in found.items()}
    assert pd.isna(distance["city"]) and distance["other"] == 334


@pytest.mark.parametrize(("region", "ring"), [("a-county", "city"), ("quarter", "world")])
def test_measures_name_the_ring(toy: Graph, region: str, ring: str) -> None:
    frame = toy.ask("measures", region=ID + f"region/{region}")
    assert frame[["measure", "input", "nearest_ring"]].values.tolist() == [["supplement", "u", ring]]
    everywhere = toy.ask("measures", measure="supplement")
    assert list(everywhere.nearest_ring[everywhere.region_iri == ID + f"region/{region}"]) == [ring]


def test_a_single_source_is_one(dump: bytes) -> None:
    """The country has one maker of n, its territory another: of the territory itself that one would be it."""
    found = answers(dump, "single-source", "input", "provider", chain="chain/x", region="region/country")
    assert found == [("item/m", "org/near"), ("item/n", "org/inland"), ("item/u", "org/town")]


def test_specialisation_leaves_the_territory_out(toy: Graph) -> None:
    frame = toy.ask("specialisation", chain="x")
    assert set(frame.region) == {"Province", "Other"}
