"""The three headline questions give the paper's answers, and the real data's."""

from __future__ import annotations

import csv
import math
import re

import pandas as pd
import pytest

from kg.graph import Graph
from tests.conftest import SHARED


def rows(frame: pd.DataFrame, *columns: str) -> set[tuple[object, ...]]:
    return set(frame[list(columns)].itertuples(index=False, name=None))


def test_g01_textile_gaps_of_shaoxing(embedded: Graph) -> None:
    gaps = embedded.ask("gaps", chain="现代纺织产业链", region="绍兴")
    stated = gaps[gaps.gap_iri.notna()]
    assert rows(stated, "input", "status") == {("functional fibre", "absent"), ("high-grade fabric", "insufficient")}
    assert stated.source.notna().all() and stated.reason.str.len().gt(20).all()


def test_g21_g24_intelligent_computing(embedded: Graph) -> None:
    gaps = embedded.ask("gaps", chain="intelligent-computing", region="CN", status="absent")
    assert {name.split(" (")[0] for name in gaps.input} >= {
        "core components of intelligent computing",
        "high-end chips of intelligent computing",
    }
    stated = gaps[gaps.gap_iri.notna()]
    assert set(stated.measure) == {"chain supplement"}


def test_g21_necks_without_numbers(embedded: Graph) -> None:
    necks = embedded.ask("necks", chain="intelligent-computing")
    assert set(necks.stated) == {"critical dependence"} and len(necks) == 2
    assert necks.score.isna().all() and necks.evidence.notna().all()


def test_g22_g23_partners(embedded: Graph) -> None:
    partners = embedded.ask("partners", gap="gap/zj/computing-core-component", region="浙江")
    assert set(partners.candidate[partners.kind == "research"]) == {
        "Alibaba DAMO Academy",
        "Huawei Hangzhou Research Institute",
        "Zhejiang Lab",
        "Pujiang National Laboratory Intelligent Computing Research Institute",
    }
    assert set(partners.candidate[partners.kind == "manufacturing"]) == {
        "Zhejiang Kunpeng industrial base",
        "Huawei Ningbo Kunpeng Ecological Industrial Park",
        "China Great Wall (Wenzhou) independent innovation base",
    }
    assert partners.evidence.str.startswith("Section 3.3").all()
    unplaced = partners[partners.candidate.str.startswith("Pujiang")]
    assert unplaced.ring.isna().all() and unplaced.proximity_score.isna().all()


def test_g26_creation_around_taizhou(embedded: Graph) -> None:
    gaps = embedded.ask("gaps", chain="intelligent-equipment", region="浙江")
    cnc = gaps[gaps.input == "high-end CNC machine tool"]
    assert list(cnc.measure) == ["chain creation"]
    measure = embedded.sparql(
        "PREFIX icsc: <https://w3id.org/icsc/ns#> SELECT ?centre (COUNT(?s) AS ?n) WHERE "
        "{ ?m icsc:addresses <https://w3id.org/icsc/id/gap/zj/cnc-high-end> ; icsc:centreRegion ?centre ; "
        "icsc:supportRegion ?s } GROUP BY ?centre"
    )
    assert isinstance(measure, pd.DataFrame)
    assert measure.values.tolist() == [["https://w3id.org/icsc/id/region/331000", 3]]


def test_g29_robots(embedded: Graph) -> None:
    gaps = embedded.ask("gaps", chain="intelligent-equipment", region="浙江", status="absent")
    assert {"robot encoder", "high-performance bearing"} <= set(gaps.input)


def test_unknown_is_not_absent(embedded: Graph) -> None:
    """Without a source that looked, nothing is absent but what the paper says."""
    gaps = embedded.ask("gaps", chain="smart-home", region="浙江")
    assert len(gaps) and set(gaps.status) == {"unknown"}
    assert gaps.coverage.isna().all()


def test_labels_in_both_languages(embedded: Graph) -> None:
    zh = embedded.ask("gaps", chain="modern-textile", region="Shaoxing", lang="zh", status="insufficient")
    assert list(zh.input) == ["高档面料"]
    assert "产能不足" in zh.reason[0]


@pytest.mark.shared
@pytest.mark.parametrize(
    "chain",
    [
        "digital-security",
        "integrated-circuit",
        "network-communication",
        "intelligent-computing",
        "biomedicine",
        "refining-new-materials",
        "new-energy-vehicle",
        "intelligent-equipment",
        "smart-home",
        "modern-textile",
    ],
)
def test_every_chain_is_answered_from_listed_companies(full: Graph, chain: str) -> None:
    gaps = full.ask("gaps", chain=chain, region="浙江")
    assert {"absent", "met"} <= set(gaps.status)
    assert gaps.coverage.dropna().str.contains("listed-firms").any()
    partners = full.ask("partners", chain=chain, region="浙江")
    assert len(partners) > 5 and {"province", "country"} <= set(partners.ring.dropna())


@pytest.mark.shared
def test_known_chokepoints_of_china(full: Graph) -> None:
    necks = full.ask("necks", chain="integrated-circuit")
    scored = necks[necks.score.notna()]
    assert "EUV lithography tools" in set(scored.head(10).input)
    euv = necks[necks.input == "EUV lithography tools"].iloc[0]
    assert (euv.top_holder, euv.top_share, euv.domestic_share) == ("Netherlands", 1.0, 0.0)
    # A published share of 0 stands beside Singapore's 0.909: it is not the largest.
    bonders = necks[necks.input == "Auto ball bonders for IC"].iloc[0]
    assert (bonders.top_holder, bonders.top_share) == ("Singapore", 0.909)
    blank = necks[(necks.unknown_shares > 0)]
    assert len(blank) and blank.holders.str.contains(r"\?").all()
    unknown = necks[necks.domestic_share.isna()]
    assert len(unknown) and unknown.score.isna().all()
    # What goes into other inputs has a score, too: their part of all inputs is no short decimal.
    assert necks[(necks.reach > 0) & necks.domestic_share.notna() & (necks.unknown_shares == 0)].score.notna().any()
    assert (necks.score_low <= necks.score_high).all()
    # Where no share is known, nothing is.
    blind = necks[necks.top_holder.isna()]
    assert (
        len(blind)
        and blind.tier.isna().all()
        and blind.hhi.isna().all()
        and (blind.score_low == 0).all()
        and (blind.score_high > 0.5).all()
    )


@pytest.mark.shared
def test_top_tier_of_necks_by_the_published_shares(full: Graph) -> None:
    """One foreign country has 80 % or more, China nothing: top tier. China has most: never."""
    with (SHARED / "data" / "eto_chip_explorer" / "provision.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if re.fullmatch("[A-Z]{3}", row["provider_name"])]
    shares: dict[str, dict[str, str]] = {}
    for row in rows:
        shares.setdefault(row["provided_id"], {})[row["provider_name"]] = row["share_provided"]
    held, own = set(), set()
    for item, holders in shares.items():
        known = {country: float(share) for country, share in holders.items() if share}
        top = max(known, key=lambda country: known[country], default="")
        if top == "CHN":
            own.add(item)
        elif top and known[top] >= 80 and holders.get("CHN", "0") not in {""} and float(holders.get("CHN", "0")) == 0:
            held.add(item)
    assert len(held) > 15 and len(own) > 3
    necks = full.ask("necks", chain="integrated-circuit")
    tier = dict(zip(necks.input_iri.str.rsplit("/", n=1).str[1], necks.tier, strict=True))
    assert {item: tier[item] for item in held} == dict.fromkeys(held, "top")
    assert "top" not in {tier.get(item) for item in own}
    ranks = {item: place for place, item in enumerate(tier)}
    assert max(ranks[item] for item in held) < min(ranks[item] for item in own if item in ranks)


@pytest.mark.shared
def test_rows_of_every_source_are_accounted_for(full: Graph) -> None:
    assert full.release is not None
    for name, source in full.release.manifest["sources"].items():
        counts = source["rows"]
        assert counts["read"] == counts["loaded"] + counts["rejected"] > 0, name
        lines = (full.release.path / "rejects" / f"{name}.csv").read_text(encoding="utf-8")
        assert (counts["rejected"] == 0) == (lines.count("\n") == 1)


def test_distances_are_great_circle_distances(embedded: Graph) -> None:
    """Hangzhou to Wenzhou and Ningbo, by the haversine formula over the same coordinates, within 1 %."""
    frame = embedded.ask("partners", gap="gap/zj/computing-core-component", region="杭州")
    km = dict(frame[["candidate", "distance_km"]].itertuples(index=False, name=None))

    def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
        a, b = math.radians(lat1), math.radians(lat2)
        half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
        return 2 * 6371.0 * math.asin(math.sqrt(half))

    expected = {
        "China Great Wall (Wenzhou) independent innovation base": haversine(30.2741, 120.1551, 27.9938, 120.6994),
        "Huawei Ningbo Kunpeng Ecological Industrial Park": haversine(30.2741, 120.1551, 29.8683, 121.5440),
        "Zhejiang Lab": 0.0,
    }
    for candidate, distance in expected.items():
        assert km[candidate] == pytest.approx(distance, rel=0.01, abs=1), candidate
    places = dict(frame[["candidate", "region"]].itertuples(index=False, name=None))
    assert places["Huawei Ningbo Kunpeng Ecological Industrial Park"] == "Ningbo"


@pytest.mark.shared
def test_a_separate_customs_territory_is_not_counted_as_its_country(full: Graph) -> None:
    """A firm of Taiwan serves Taiwan and the world market, and no gap of the mainland."""

    def met(region: str) -> set[str]:
        gaps = full.ask("gaps", chain="integrated-circuit", region=region)
        return set(gaps.input[gaps.status.isin(["met", "single-source"])])

    assert "EUV lithography tools" not in met("CN")
    only_there = met("台湾") - met("CN")
    apart = full.sparql(
        """PREFIX icsc: <https://w3id.org/icsc/ns#>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?label WHERE {
          ?provision a icsc:CustomsTerritoryProvision ; icsc:offers ?input .
          ?input rdfs:label ?label
        }"""
    )
    assert len(apart) and only_there <= set(apart.label)


@pytest.mark.shared
def test_what_only_a_separate_customs_territory_has_is_abroad_for_a_province(full: Graph) -> None:
    """Nothing that is missing in Zhejiang is found in the country where the country itself is not known to have it."""
    gaps = full.ask("gaps", chain="integrated-circuit", region="浙江")
    ring = dict(gaps[["input_iri", "nearest_ring"]].itertuples(index=False, name=None))
    only = full.sparql(
        "PREFIX icsc: <https://w3id.org/icsc/ns#> PREFIX region: <https://w3id.org/icsc/id/region/> "
        "SELECT ?input WHERE { ?input icsc:availableOnlyInTerritoryOf region:CN }"
    )
    there = {ring[name] for name in only.input if name in ring}
    assert len(only) >= 5 and there == {"world"}
    country = full.ask("gaps", chain="integrated-circuit", region="CN")
    has = set(country.input_iri[country.status.isin(["met", "single-source"])])
    assert not has & set(only.input)
