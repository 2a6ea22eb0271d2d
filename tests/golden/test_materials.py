"""Raw materials: what the Commission published, and what its shares explain of it."""

from __future__ import annotations

import pytest

import kg
from kg.graph import Graph
from kg.release import build
from tests.conftest import SHARED

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    releases = tmp_path_factory.mktemp("raw")
    build(["eu_crm", "regions"], data=SHARED / "data", releases=releases)
    return kg.open(releases=releases)


def test_every_row_is_accounted_for(raw: Graph) -> None:
    assert raw.release is not None
    entry = raw.release.manifest["sources"]["eu_crm"]
    files = {file: counts for mapping in entry["mappings"].values() for file, counts in mapping["files"].items()}
    read = {
        "fact_GlobalSupplyShares&t.csv": 2561,
        "fact_EUSupplyShares&t.csv": 907,
        "fact_MaterialUseShares.csv": 339,
        "dimension_CRMsOverTime.csv": 355,
        "dimension_ScreenedMatGroupings.csv": 90,
    }
    assert {file: files[file]["read"] for file in read} == read
    assert all(counts["read"] == counts["loaded"] + counts["rejected"] for counts in files.values())
    reasons = {reason for mapping in entry["mappings"].values() for reason in mapping["reasons"]}
    assert reasons == {
        "not assessed in that year",
        "a country without an ISO 3166-1 code: Kosovo",
        "names no industry",
    }


def test_gallium_as_published(raw: Graph) -> None:
    (row,) = raw.ask("materials", material="镓").itertuples()
    assert (row.supply_risk, row.economic_importance, row.critical) == (3.9, 3.7, True)
    assert (row.top_holder, row.top_share, row.holders) == ("China", pytest.approx(0.938), 6)
    # By hand from the six shares, with 0.8 for Germany: 0.938² + 0.022² + 0.019² + 0.01² + 0.009² + 0.8 · 0.003².
    assert row.hhi_world == pytest.approx(0.8808772)
    # Sourcing: CN .69, US .10, GB .09, DE .02, TW .02, UA .02, RU .01, HK .01.
    assert row.import_share == pytest.approx(1 - 0.02 / 0.96)
    eu = 0.69**2 + 0.1**2 + 0.09**2 + 0.8 * 0.02**2 + 2 * 0.02**2 + 2 * 0.01**2
    assert row.hhi_eu == pytest.approx(eu)
    reliance = 1 - 0.02 / 0.96
    assert row.score_bound == pytest.approx(10 * (0.8808772 * reliance / 2 + eu * (1 - reliance / 2)))
    assert row.difference == pytest.approx(3.9 - row.score_bound) and row.factor < 1


def test_critical_ones_and_groups(raw: Graph) -> None:
    frame = raw.ask("materials", critical=True)
    assert frame.critical.all() and (frame.supply_risk >= 1).all() and (frame.economic_importance >= 2.8).all()
    names = set(frame.material)
    assert {"Cobalt", "Natural graphite", "Magnesium", "Platinum group metals"} <= names
    assert "Copper" not in names and "Nickel" not in names
    groups = frame[frame.material == "Platinum group metals"]
    assert groups.stage.isna().all() and groups.score_bound.isna().all() and len(groups) == 1


def test_scores_of_other_years_are_not_explained_by_shares_of_2023(raw: Graph) -> None:
    (row,) = raw.ask("materials", material="gallium", year="2011").itertuples()
    assert row.supply_risk == 2.5 and row.score_bound is None and row.top_share is None


def test_a_share_below_the_smallest_printed_is_not_zero(raw: Graph) -> None:
    frame = raw.sparql(
        "PREFIX icsc: <https://w3id.org/icsc/ns#> PREFIX prov: <http://www.w3.org/ns/prov#> SELECT (COUNT(*) AS ?all) "
        "(COUNT(?share) AS ?known) { ?x a icsc:Provision ; prov:value ?text . OPTIONAL { ?x icsc:share ?share } "
        "FILTER(STRSTARTS(?text, '<')) }"
    )
    # 514 in the file, without Kosovo's.
    assert frame["all"][0] > 500 and frame["known"][0] == 0


def test_reasons_in_both_languages(raw: Graph) -> None:
    assert "治理" in raw.ask("materials", material="gallium", lang="zh").why[0]
    assert "governance" in raw.ask("materials", material="gallium").why[0]
