"""Candidates that are written down at build time are those that the statements give."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import kg
from kg.graph import Graph
from kg.release import build
from tests.golden.test_gaps import PLACES, make, provision

#: Without what the chain asked for adds.
COLUMNS = (
    *("input", "candidate", "kind", "region", "ring", "distance_km", "capability", "score", "score_low", "score_high"),
    *("capability_score", "proximity_score", "confidence_score", "revenue_share", "capacity", "grade", "ties", "risk"),
    *("item", "evidence", "source"),
)


def rows(frame: pd.DataFrame) -> list[tuple[str, ...]]:
    """Things by their IRIs, which a column has as soon as it has one thing."""
    columns = [frame.get(f"{name}_iri", frame[name]) for name in COLUMNS]
    return list(zip(*(["" if pd.isna(value) else str(value) for value in column] for column in columns), strict=True))


def of_inputs(graph: Graph, inputs: list[str], **limits: object) -> list[tuple[str, ...]]:
    """The same candidates, found from the statements, input by input."""
    return [row for item in sorted(inputs) for row in rows(graph.ask("partners", input=item, **limits))]


@pytest.mark.parametrize("limits", [{}, {"region": "浙江"}, {"region": "region/330600", "min_confidence": 0.7}])
def test_of_a_chain_as_of_each_of_its_inputs(embedded: Graph, limits: dict[str, object]) -> None:
    found = 0
    for chain in embedded.ask("chains").chain_iri.unique():
        frame = embedded.ask("partners", chain=chain, **limits)
        inputs = list(frame.input_iri.unique()) if len(frame) else []
        assert rows(frame) == of_inputs(embedded, inputs, **limits), chain
        found += len(frame)
    assert found > 5


@pytest.mark.shared
@pytest.mark.parametrize(
    ("chain", "region"), [("modern-textile", "浙江"), ("integrated-circuit", "香港"), ("integrated-circuit", "CN")]
)
def test_of_a_chain_as_of_each_of_its_inputs_with_real_data(full: Graph, chain: str, region: str) -> None:
    frame = full.ask("partners", chain=chain, region=region)
    inputs = sorted(frame.input_iri.unique())[::6]
    assert len(inputs) > 3
    assert rows(frame[frame.input_iri.isin(inputs)]) == of_inputs(full, inputs, region=region)


def test_without_analyses_from_the_statements(embedded: Graph, tmp_path: Path) -> None:
    build(["chain_industry", "regions", "zhejiang"], releases=tmp_path, analysis=False)
    plain = kg.open(releases=tmp_path)
    for given in (
        {"gap": "gap/zj/computing-core-component", "region": "浙江"},
        {"gap": "gap/zj/futong-raw-material"},
        {"chain": "intelligent-computing", "region": "浙江"},
        {"input": "item/zj/optical-cable-raw-material", "region": "CN"},
    ):
        frame = embedded.ask("partners", **given)
        assert len(frame) and frame.equals(plain.ask("partners", **given)), given


def world() -> dict[str, str]:
    """Two sources, of which the second is surer; a kind, a capability, a territory, several places."""
    first = 'c:x a :IndustrialChain ; rdfs:label "X"@en . l:1 a :ChainLink ; :linkOf c:x ; rdfs:label "1"@en .\n'
    first += 'i:dye a :Product ; rdfs:label "dye"@en . l:1 :requiresInput i:dye .\n'
    first += 'i:red a :Product ; rdfs:label "red"@en ; :kindOf i:dye . i:other a :Product ; rdfs:label "other"@en .\n'
    for firm, place in {"f1": "3301", "f2": "33 , r:44", "f3": "T", "f4": "T , r:44"}.items():
        first += f'o:{firm} a :Enterprise ; rdfs:label "{firm}"@en ; :locatedIn r:{place} .\n'
    first += 'o:lab a :ResearchInstitution ; rdfs:label "lab"@en ; :hasCapability i:dye .\n'
    first += provision("dye", "f1", "; :revenueShare 0.2 ; :capacity 5.0") + provision("red", "f2")
    first += provision("dye-3", "f3", "; :confidence 0.9") + provision("dye-4", "f4", "; :revenueShare 0.5")
    first += provision("other", "f1")
    first += "p:s a :SupplyRelation ; :hasSupplier o:f1 ; :hasCustomer o:f2 ; :suppliesItem i:dye .\n"
    second = provision("dye-1", "f1", "; :revenueShare 0.4") + "o:f1 a :Enterprise . i:dye a :Product .\n"
    places = PLACES + 'r:T a :Province, :SeparateCustomsTerritory ; rdfs:label "T"@en ; :partOfRegion r:CN .\n'
    return {"places": places, "first": first, "second": second}


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return make(tmp_path_factory.mktemp("candidates"), world())


def test_toy_by_hand(toy: Graph) -> None:
    frame = toy.ask("partners", chain="chain/x", region="region/33")
    columns = ["candidate", "kind", "region", "ring", "capability_score", "confidence_score", "revenue_share", "ties"]
    found = {tuple(None if pd.isna(v) else v for v in row) for row in frame[columns].to_numpy()}
    assert found == {
        ("f1", "manufacturing", "Hangzhou", "province", 1.0, 0.8, 0.4, 1),
        ("f1", "manufacturing", "Hangzhou", "province", 1.0, 0.6, 0.2, 1),
        # Of two provinces the nearer; it makes a kind.
        ("f2", "manufacturing", "Zhejiang", "province", 0.6, 0.6, None, 1),
        ("f3", "manufacturing", "T", "world", 1.0, 0.9, None, None),
        # In the territory, and in a province of the country besides; no place has a position.
        ("f4", "manufacturing", "Guangdong", "country", 1.0, 0.6, 0.5, None),
        ("lab", "research", None, None, 0.8, 0.6, None, None),
    }
    assert dict(zip(frame.candidate, frame.item, strict=True))["f2"] == "red"
    assert rows(frame) == of_inputs(toy, ["item/dye"], region="region/33")
    assert list(toy.ask("partners", input="item/other").candidate) == ["f1"]


def test_what_is_sure_enough_counts(toy: Graph) -> None:
    """By its own limit, and in a part, in which what is left is written down anew."""
    limited = toy.ask("partners", chain="chain/x", min_confidence=0.7)
    assert sorted(zip(limited.candidate, limited.confidence_score, strict=True)) == [("f1", 0.8), ("f3", 0.9)]
    part = toy.select(min_confidence=0.7).ask("partners", input="item/dye")
    assert sorted(zip(part.candidate, part.confidence_score, strict=True)) == [("f1", 0.8), ("f3", 0.9)]
