"""Dependency indicators: against the raw tables, and what an unknown share leaves open."""

from __future__ import annotations

import csv

import pandas as pd
import pytest

from kg.analysis.concentration import herfindahl
from kg.graph import Graph
from tests.conftest import SHARED

MEMBERS = "https://w3id.org/icsc/id/region/EU"


def test_without_shares_there_is_nothing_to_indicate(embedded: Graph) -> None:
    assert embedded.ask("dependency-indicators").empty


@pytest.mark.shared
def test_gallium_that_the_eu_sources(full: Graph) -> None:
    path = SHARED / "data" / "eu_crm" / "fact_EUSupplyShares&t.csv"
    with path.open(encoding="cp1252", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Material"] == "Gallium" and row["Stage"] == "P"]
    members = full.sparql(
        "SELECT ?label { ?x <https://w3id.org/icsc/ns#partOfRegion> <" + MEMBERS + "> ; "
        '<http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER(LANG(?label) = "en") }'
    ).label.tolist()  # type: ignore[union-attr]  # a table
    shares = {row["Country"]: float(row["Share"].rstrip("%")) for row in rows if not row["Share"].startswith("<")}
    outside = {country: share for country, share in shares.items() if country not in members}
    assert len(outside) < len(shares), "a member is among them"
    (row,) = full.ask("dependency-indicators", home="EU", input="item/eu-crm/gallium-processed").itertuples()
    total = sum(outside.values())
    squares = sum((share / total) ** 2 for share in outside.values())
    assert (row.basis, row.origins, row.unknown_shares, row.top_origin) == ("sourcing", len(outside), 0, "China")
    # The table leaves some of the market out: it may be in one hand, in many, or the members'.
    left = 1 - sum(shares.values()) / 100
    assert 0.02 < left < 0.1 and row.cdi1_high == pytest.approx(squares, abs=1e-6)
    assert row.cdi1_low == pytest.approx(squares * (total / (total + 100 * left)) ** 2, abs=1e-6)
    assert pd.isna(row.cdi2) and (row.cdi2_low, row.cdi2_high) == pytest.approx(
        (total / 100, total / 100 + left), abs=1e-6
    )
    assert row.cdi3 is None and row.dependent is None, "no source has trade values"


@pytest.mark.shared
def test_chips_that_china_needs(full: Graph) -> None:
    frame = full.ask("dependency-indicators", chain="integrated-circuit").set_index("input_iri")
    euv = frame.loc["https://w3id.org/icsc/id/item/eto/N20"]
    assert (euv.top_origin, euv.cdi1_low, euv.cdi2) == ("Netherlands", 1, 1) and pd.isna(euv.dependent)
    # A share that nobody states leaves bounds, which hold what the shares alone would give.
    open_ones = frame[frame.unknown_shares > 0]
    assert len(open_ones) > 5 and open_ones.cdi2.isna().all()
    assert (open_ones.cdi1_low <= open_ones.cdi1_high).all() and (frame.cdi1_high <= 1 + 1e-9).all()
    known = frame[frame.cdi2.notna()]
    assert len(known) > 20 and (known.cdi1_low == known.cdi1_high).all() and (known.cdi2_low == known.cdi2_high).all()
    assert (frame.cdi2_low <= frame.cdi2_high).all()
    # 0.77 of the market is listed; who has the rest is not said.
    (design,) = frame[frame.input == "DAO chip design"].itertuples()
    assert design.cdi1_low < 0.4 < design.cdi1_high and pd.isna(design.cdi2) and design.unknown_shares == 0
    low = frame[frame.dependent.notna()]
    assert len(low) and not low.dependent.any()
    assert ((low.cdi1_high <= 0.4) | (low.cdi2_high <= 0.5)).all()


@pytest.mark.shared
def test_shares_of_one_input_as_the_function_has_them(full: Graph) -> None:
    """Etch and clean tools, over the shares in the source's own table."""
    path = SHARED / "data" / "eto_chip_explorer" / "provision.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["provided_name"] == "Etch and clean tools"]
    codes = {row["provider_name"]: row["share_provided"] for row in rows if len(row["provider_name"]) == 3}
    outside = [float(text) for code, text in codes.items() if text and code != "CHN"]
    blank = [code for code, text in codes.items() if not text and code != "CHN"]
    frame = full.ask("dependency-indicators", input="item/eto/N55")
    assert len(codes) > 3 and len(frame) == 1
    row = frame.iloc[0]
    assert row.unknown_shares == len(blank)
    if not blank:
        total = sum(outside)
        assert row.cdi1_low == pytest.approx(herfindahl([share / total for share in outside]).lower, abs=1e-6)
