"""Shares: of several sources, of home and its parts, left out by a limit, not listed. Unknown is never 0."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Dataset, Graph, URIRef

from kg.analysis.steps import STEPS
from kg.assets import asset_dir
from kg.derivation import derive
from kg.methods import find_methods
from kg.ontology import read_ontology
from tests.golden.test_analysis_questions import METHODS, answers

BASE = "https://w3id.org/icsc/"
PREFIXES = f"""@prefix icsc: <{BASE}ns#> . @prefix prov: <http://www.w3.org/ns/prov#> . @prefix id: <{BASE}id/> .
@prefix r: <{BASE}id/region/> . @prefix p: <{BASE}id/rel/> . @prefix i: <{BASE}id/item/> . @prefix l: <{BASE}id/link/> .
@prefix c: <{BASE}id/chain/> . @prefix s: <{BASE}id/survey/> . @prefix g: <{BASE}graph/source/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
WORLD = (
    "".join(f'r:{code} a icsc:Country ; icsc:iso3166 "{code}" .\n' for code in ("CN", "US", "JP", "DE", "FR"))
    + "r:DE icsc:partOfRegion r:EU . r:FR icsc:partOfRegion r:EU . r:330000 icsc:partOfRegion r:CN .\n"
    + "l:1 icsc:linkOf c:x ; icsc:requiresInput i:a ."
)
LOOKED = """s:cn icsc:surveyedRegion r:CN ; icsc:completeness icsc:complete ; icsc:surveyScope icsc:scopeCountries ;
    icsc:surveys i:a ."""


def shares(source: str, more: str = "", **of: float | None) -> str:
    """Provisions of item a: each holder's share in a source; None where it is not known."""
    lines = []
    for holder, share in of.items():
        holder = holder.removeprefix("_")
        stated = "" if share is None else f' ; icsc:share "{share:g}"^^xsd:decimal'
        lines.append(
            f"p:{source}-{holder} icsc:providesItem i:a ; icsc:inRegion r:{holder} ; icsc:hasProvider r:{holder}"
        )
        lines[-1] += f"{stated}{more} .\n"
    return "".join(lines)


def dump(**sources: str) -> bytes:
    """N-Quads of some sources in Turtle, and of the world."""
    world = Dataset()
    for source, text in {"world": WORLD, **sources}.items():
        for triple in Graph().parse(data=PREFIXES + text, format="turtle"):
            world.add((*triple, URIRef(f"{BASE}graph/source/{source}")))  # type: ignore[arg-type]  # a graph by name
    return world.serialize(format="nquads").encode()


def analysed(tmp_path: Path, data: bytes) -> bytes:
    """The same with what the method `concentration` adds."""
    path = tmp_path / "source.nq"
    path.write_bytes(data)
    method = next(method for method in find_methods(METHODS) if method.name == "concentration")
    (derived,) = derive([method], STEPS, read_ontology(asset_dir("ontology")), [path], tmp_path, {})
    return data + derived.path.read_bytes()


def necks(data: bytes, *columns: str, engines: int = 1, **limits: str) -> list[tuple[object, ...]]:
    return answers(data, "necks", *columns, engines=engines, chain="chain/x", **limits)


def rounded(rows: list[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [tuple(round(value, 4) if isinstance(value, float) else value for value in row) for row in rows]


def test_two_sources_are_two_lists() -> None:
    """What two sources say alike is not twice as much, and what they say differently is not added up."""
    data = dump(one=LOOKED + shares("one", US=0.45, JP=0.45, CN=0.1), two=shares("two", US=0.3, JP=0.2, CN=0.5))
    found = necks(data, "hhi", "domestic_share", "top_holder", "holders", "source", engines=2)
    assert rounded(found) == [
        (0.415, 0.1, "region/JP", "JP 0.45; US 0.45; CN 0.1", f"{BASE}graph/source/one"),
        (0.38, 0.5, "region/CN", "CN 0.5; US 0.3; JP 0.2", f"{BASE}graph/source/two"),
    ]


def test_a_statement_of_two_sources_counts_in_each() -> None:
    same = shares("same", US=0.5, CN=0.5)
    found = necks(dump(one=LOOKED + same, two=same), "hhi", "domestic_share")
    assert rounded(found) == [(0.5, 0.5), (0.5, 0.5)]


def test_concentration_of_several_sources_is_what_all_allow(tmp_path: Path) -> None:
    """Alike: exact. One list incomplete: the other decides. Contradicting: from the lowest to the highest."""
    columns = ("hhi", "hhi_low", "hhi_high", "top_holder", "holders")
    alike = {"US": 0.5, "JP": 0.3, "CN": 0.2}

    def found(**of: float | None) -> list[tuple[object, ...]]:
        data = dump(one=shares("one", US=0.5, JP=0.3, CN=0.2), two=shares("two", **of))
        return rounded(answers(analysed(tmp_path, data), "concentration", *columns, engines=1))

    assert found(**alike) == [(0.38, 0.38, 0.38, "region/US", 3)]
    assert found(US=0.5) == [(0.38, 0.38, 0.38, "region/US", 3)]
    assert found(DE=None) == [(0.38, 0.38, 0.38, "region/US", 4)]
    assert found(CN=0.6, US=0.4) == [(None, 0.38, 0.52, None, 3)]


def test_dependency_of_two_sources(tmp_path: Path) -> None:
    data = analysed(tmp_path, dump(one=LOOKED + shares("one", US=0.45, JP=0.45, CN=0.1), two=shares("two", US=1.0)))
    columns = ("cdi1_low", "cdi1_high", "cdi2", "dependent", "origins", "top_share")
    found = rounded(answers(data, "dependency-indicators", *columns, home="region/CN"))
    assert found == [(1, 1, 1, None, 1, 1), (0.5, 0.5, 0.9, None, 2, 0.5)]


def test_what_is_not_listed_is_not_zero(tmp_path: Path) -> None:
    """A list of 0.77: the other 0.23 may be in any hands."""
    data = analysed(tmp_path, dump(one=LOOKED + shares("one", US=0.3, JP=0.38, CN=0.09)))
    columns = ("cdi1_low", "cdi1_high", "cdi2", "dependent", "top_share")
    (found,) = rounded(answers(data, "dependency-indicators", *columns, home="region/CN"))
    outside, squares = 0.68, 0.3**2 + 0.38**2
    low, high = squares / (outside + 0.23) ** 2, max(squares / outside**2, (squares + 0.23**2) / (outside + 0.23) ** 2)
    assert found == (round(low, 4), round(high, 4), None, None, None)
    # However the rest is spread, home has most: not dependent, whatever the first indicator.
    data = analysed(tmp_path, dump(one=LOOKED + shares("one", US=0.1, CN=0.8)))
    (found,) = rounded(answers(data, "dependency-indicators", *columns, engines=1, home="region/CN"))
    assert found[2:4] == (None, False)


def test_home_has_what_its_parts_have() -> None:
    """A union of countries, and a country of which a province is named."""
    data = dump(one=shares("one", DE=0.82, FR=0.08, US=0.1))
    assert necks(data, "domestic_share", "tier", home="region/EU") == [(0.9, "low")]
    assert necks(data, "domestic_share", "tier", home="region/DE") == [(0.82, "low")]
    data = dump(one=LOOKED + shares("one", US=0.9, _330000=0.1))
    assert necks(data, "domestic_share", "holders") == [(0.1, "US 0.9; 330000 0.1")]
    # A tenth is not listed: it may be that of another member.
    data = dump(one=shares("one", DE=0.2, US=0.7))
    assert necks(data, "domestic_share", "score", home="region/EU") == [(None, None)]
    ((low, high),) = necks(data, "score_low", "score_high", engines=2, home="region/EU")
    assert isinstance(low, float) and isinstance(high, float) and low < 0.8 * 0.53 * 0.8 < high


def test_a_holder_without_a_code_is_a_holder() -> None:
    data = dump(one=LOOKED + shares("one", _330000=0.9, US=0.1))
    assert necks(data, "top_holder", "domestic_share", "tier") == [("region/330000", 0.9, "low")]


@pytest.mark.parametrize("limit", [{"min-confidence": "0.5"}, {"as-of": "2020-01-01"}])
def test_a_share_of_home_that_does_not_count_is_not_zero(limit: dict[str, str]) -> None:
    weak = ' ; icsc:confidence 0.3 ; icsc:validTo "2010-01-01T00:00:00Z"^^xsd:dateTime'
    data = dump(one=LOOKED + shares("one", US=0.4) + shares("one", weak, CN=0.6))
    assert necks(data, "domestic_share", "top_holder") == [(0.6, "region/CN")]
    (found,) = necks(data, "domestic_share", "top_holder", "holders", "unknown_shares", engines=2, **limit)
    assert found == (None, "region/US", "US 0.4; CN ?", 1)


def test_the_confidence_of_a_source_counts_where_a_statement_has_none() -> None:
    data = dump(one="g:one icsc:confidence 0.4 ." + shares("one", US=1.0), two=shares("two", JP=1.0))
    assert necks(data, "top_holder", **{"min-confidence": "0.5"}) == [("region/JP",)]


def test_a_list_is_of_its_own_source_only(tmp_path: Path) -> None:
    """The result rests on a source's graph, too, which is no provision: with a limit it was one of every source."""
    sure = "g:one icsc:confidence 0.9 . g:two icsc:confidence 0.8 . g:three icsc:confidence 0.7 . "
    data = analysed(tmp_path, dump(one=LOOKED + sure + shares("one", US=0.9, CN=0.1), two="", three=""))
    assert necks(data, "source", "holders", engines=2) == [(f"{BASE}graph/source/one", "US 0.9; CN 0.1")]
    assert necks(data, "source", "holders", engines=2, **{"min-confidence": "0.5"}) == necks(data, "source", "holders")


def test_a_share_that_is_over_does_not_count() -> None:
    over = ' ; icsc:validTo "2010-01-01T00:00:00Z"^^xsd:dateTime'
    data = dump(one=LOOKED + shares("one", over, US=1.0) + shares("one", JP=0.5))
    assert necks(data, "holders", **{"as-of": "2020-01-01"}) == [("JP 0.5",)]
    assert necks(data, "holders", **{"as-of": "2005-01-01"}) == [("US 1; JP 0.5",)]


def test_reach_is_of_one_chain_and_not_of_the_input_itself() -> None:
    more = """l:1 icsc:requiresInput i:b . l:2 icsc:linkOf c:y ; icsc:requiresInput i:a, i:d .
        i:a icsc:inputOf i:b , i:d . i:b icsc:inputOf i:a ."""
    data = dump(one=shares("one", US=1.0), two=more)
    alone = necks(data, "chain", "reach", "score_low")
    assert [row[:2] for row in alone] == [("chain/x", 1)]
    both = answers(data, "necks", "chain", "reach", "score_low")
    assert set(alone) <= set(both) and {row[:2] for row in both} == {("chain/x", 1), ("chain/y", 1)}
