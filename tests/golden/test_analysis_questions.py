"""The questions on derived graphs agree with the facts, and with the headline questions."""

from __future__ import annotations

import pandas as pd
import pytest

from kg.graph import Graph

QUESTIONS = ("coverage", "fishbone", "linkage", "specialisation", "structure")
PREFIX = "PREFIX icsc: <https://w3id.org/icsc/ns#> PREFIX prov: <http://www.w3.org/ns/prov#> "


def table(graph: Graph, query: str) -> pd.DataFrame:
    found = graph.sparql(PREFIX + query)
    assert isinstance(found, pd.DataFrame)
    return found


def agree_with_gaps(graph: Graph, chain: str, region: str) -> pd.Series:
    """The counts of `coverage` are those of the rows of `gaps`, input by input."""
    gaps = graph.ask("gaps", chain=chain, region=region)
    region_iri = graph.ask("coverage", chain=chain, region=region).region_iri[0]
    own = gaps[gaps.region_iri == region_iri]
    status = own.groupby("input_iri").status.agg(lambda values: sorted(set(values)))
    assert all(len(values) == 1 for values in status)
    counts = status.str[0].value_counts()
    row = graph.ask("coverage", chain=chain, region=region).iloc[0]
    assert row.single_source == counts.get("single-source", 0)
    assert row.met == counts.get("met", 0) + row.single_source
    assert row.insufficient == counts.get("insufficient", 0)
    return row


def test_coverage_of_stated_gaps(embedded: Graph) -> None:
    row = agree_with_gaps(embedded, "modern-textile", "绍兴")
    assert (row.absent, row.insufficient, row.met) == (1, 1, 0)
    assert row.inputs == row.absent + row.insufficient + row.unknown
    assert row.coverage_low == 0 and 0 < row.coverage_high < 1
    assert row.source_iri == "https://w3id.org/icsc/graph/derived/coverage"


@pytest.mark.parametrize("question", QUESTIONS)
def test_unbound_is_answered(embedded: Graph, question: str) -> None:
    frame = embedded.ask(question)
    assert len(frame) and next(iter(frame.columns)) in {"chain", "region", "from"}


def test_structure_of_the_futong_chain(embedded: Graph) -> None:
    """Raw material and standards, then preform, fibre, cable, device, switch: figure of the paper."""
    frame = embedded.ask("structure", chain="futong-optical")
    row = frame.iloc[0]
    assert (row.length, row.tiers, row.links, row.link_width_max) == (5, 6, 7, 2)
    assert row.core_enterprise == "Futong Group"
    assert frame.stage_links.sum() == 7
    assert embedded.ask("structure", chain="futong-optical", lang="zh").core_enterprise[0] != row.core_enterprise


def test_fishbone_of_the_futong_chain(embedded: Graph) -> None:
    bone = embedded.ask("fishbone", chain="futong-optical")
    spine = bone[bone.on_spine].drop_duplicates("link_iri")
    assert sorted(spine.tier) == [1, 2, 3, 4, 5, 6]
    ribs = bone[~bone.on_spine.astype(bool)].drop_duplicates("link_iri")
    assert len(ribs) == 1 and ribs.joins_iri.iloc[0] == "https://w3id.org/icsc/id/link/futong-preform"


def test_fishbone_has_the_status_of_coverage(embedded: Graph) -> None:
    bone = embedded.ask("fishbone", chain="modern-textile", region="绍兴")
    stated = bone[bone.status.isin(["absent", "insufficient"])]
    assert set(stated.input) == {"functional fibre", "high-grade fabric"}
    assert bone.status.notna().sum() == bone.input.notna().sum()
    nowhere = embedded.ask("fishbone", chain="modern-textile", region="海南")
    assert len(nowhere) and nowhere.status.isna().all(), "where nothing was computed, nothing is claimed"


def test_every_derived_graph_says_how_it_came_about(embedded: Graph) -> None:
    found = table(
        embedded,
        "SELECT ?graph (COUNT(DISTINCT ?hash) AS ?hashes) (COUNT(DISTINCT ?used) AS ?sources) (MIN(?v) AS ?version) "
        "WHERE { ?graph prov:wasGeneratedBy ?run ; prov:wasDerivedFrom ?hash ; "
        "<http://www.w3.org/ns/dcat#version> ?v ; <http://purl.org/dc/terms/issued> ?date . ?run prov:used ?used . "
        'FILTER(STRSTARTS(STR(?hash), "urn:sha256:")) } GROUP BY ?graph',
    )
    names = {iri.rsplit("/", 1)[-1] for iri in found.graph}
    assert names == {
        "concentration",
        "coordination",
        "coverage",
        "linkage",
        "providers",
        "specialisation",
        "structure",
    }
    assert (found.hashes == 1).all() and (found.sources >= 1).all()
    lost = table(
        embedded,
        "SELECT ?result WHERE { ?result a icsc:ChainCoverage . MINUS { ?result prov:wasGeneratedBy ?run . "
        "?run prov:used ?source } }",
    )
    assert lost.empty


def test_no_listings_no_coordination(embedded: Graph) -> None:
    frame = embedded.ask("coordination")
    assert frame.empty and {"coordination", "trend", "known_until", "source"} <= set(frame.columns)


def test_no_shares_no_concentration(embedded: Graph) -> None:
    assert table(embedded, "SELECT ?x WHERE { ?x a icsc:InputConcentration }").empty


@pytest.mark.shared
@pytest.mark.parametrize(
    ("chain", "region"),
    [("modern-textile", "浙江"), ("integrated-circuit", "CN"), ("biomedicine", "西藏"), ("integrated-circuit", "NL")],
)
def test_coverage_agrees_with_gaps(full: Graph, chain: str, region: str) -> None:
    row = agree_with_gaps(full, chain, region)
    assert row.inputs == row.met + row.insufficient + row.absent + row.unknown
    assert 0 <= row.coverage_low <= row.coverage_high <= 1
    assert row.coverage_low == pytest.approx(row.met / row.inputs, abs=1e-6)


@pytest.mark.shared
def test_linkage_of_textile(full: Graph) -> None:
    frame = full.ask("linkage", chain="modern-textile")
    assert frame.intensity.sum() == pytest.approx(1, abs=0.001)
    assert {"forward", "horizontal"} <= set(frame.direction.dropna())
    assert ((frame.from_iri == frame.to_iri) == (frame.region_direction == "intra-regional")).all()
    out = frame[frame["from"] == "Zhejiang"].intensity.sum() + frame[frame.to == "Zhejiang"].intensity.sum()
    within = frame[(frame["from"] == "Zhejiang") & (frame.to == "Zhejiang")].intensity.sum()
    ability = table(
        full,
        "SELECT ?a WHERE { <https://w3id.org/icsc/id/result/regional-chain/chain/modern-textile/region/330000> "
        "icsc:linkageAbility ?a }",
    )
    assert float(ability.a[0]) == pytest.approx(out - within, abs=1e-4)


@pytest.mark.shared
def test_specialisation_is_the_quotient_of_counts(full: Graph) -> None:
    """Counted again in SPARQL: Zhejiang's part of textile firms against its part of all firms."""
    frame = full.ask("specialisation", region="浙江", chain="modern-textile")
    assert len(frame) == 1 and frame.location_quotient[0] > 1.5
    counts = table(
        full,
        "SELECT ?place (COUNT(DISTINCT ?f) AS ?n) (COUNT(DISTINCT ?t) AS ?m) WHERE { { ?f icsc:participatesIn ?any } "
        "UNION { ?f icsc:classifiedAs ?class } ?f icsc:locatedIn ?place . ?place a icsc:Province . OPTIONAL { ?f "
        "icsc:participatesIn <https://w3id.org/icsc/id/chain/modern-textile> . BIND(?f AS ?t) } } GROUP BY ?place",
    ).set_index("place")
    home = counts.loc["https://w3id.org/icsc/id/region/330000"]
    assert frame.enterprises[0] == home.m
    firms = table(
        full,
        "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?f icsc:locatedIn ?p . ?p a icsc:Province }",
    )
    assert firms.n[0] >= len(counts)
    assert frame.location_quotient[0] == pytest.approx((home.m / home.n) / (counts.m.sum() / counts.n.sum()), rel=1e-5)


@pytest.mark.shared
def test_concentration_is_bounded(full: Graph) -> None:
    found = table(
        full,
        "SELECT ?x ?low ?high ?top ?blank ?hhi WHERE { ?x icsc:concentrationLow ?low ; icsc:concentrationHigh ?high ; "
        "icsc:topShare ?top ; icsc:unknownHolderCount ?blank OPTIONAL { ?x icsc:herfindahl ?hhi } }",
    ).astype({"low": float, "high": float, "top": float})
    assert len(found) > 20
    assert (found.low <= found.high + 1e-9).all() and (found.low >= found.top**2 - 1e-6).all()
    assert found[found.blank > 0].hhi.isna().all() and found.hhi.notna().any()
    euv = table(
        full,
        "SELECT ?hhi ?holder WHERE { ?x icsc:analysedSubject ?input ; icsc:herfindahl ?hhi ; icsc:topHolder ?holder . "
        '?input <http://www.w3.org/2000/01/rdf-schema#label> "EUV lithography tools"@en }',
    )
    assert float(euv.hhi[0]) == 1 and euv.holder[0].endswith("region/NL")


@pytest.mark.shared
@pytest.mark.parametrize("question", ["coordination", *QUESTIONS])
def test_bound_questions_answer(full: Graph, question: str) -> None:
    parameters = {"chain": "integrated-circuit"}
    if question in {"coordination", "coverage", "fishbone", "specialisation"}:
        parameters["region"] = "浙江"
    assert len(full.ask(question, **parameters))


@pytest.mark.shared
def test_counted_providers_give_the_answer_that_reading_gives(full: Graph) -> None:
    """Where providers were counted when the release was made, `gaps` says what it would say by counting itself."""
    counted = table(full, "SELECT (COUNT(*) AS ?n) { ?count a icsc:ProviderCount ; icsc:countedIn ?region }")
    assert counted.n[0] > 100
    chains = table(full, "SELECT DISTINCT ?chain { ?link icsc:linkOf ?chain ; icsc:requiresInput ?input }").chain
    met = 0
    for chain in sorted(chains):
        for region in ("region/CN", "region/330000"):
            text = full.bound("gaps", chain=chain, region=region)
            itself = text.replace("icsc:countedIn", "icsc:countedNowhere")
            assert itself != text
            mine, other = full.sparql(text), full.sparql(itself)
            assert isinstance(mine, pd.DataFrame) and isinstance(other, pd.DataFrame)
            pd.testing.assert_frame_equal(mine, other)
            met += (mine.status == "met").sum()
    assert met > 100
