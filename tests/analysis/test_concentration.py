"""Concentration and dependence, on hand-sized cases and where shares are unknown."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.concentration import (
    Bounds,
    concentration_ratio,
    effective_number,
    herfindahl,
    lost_share,
    normalised_herfindahl,
)
from kg.analysis.dependence import (
    foreign_dependence,
    foreign_dependency_indicators,
    governance_weighted_herfindahl,
    is_critical,
    is_dependent,
    material_circularity,
    neck_score,
    supply_risk,
)
from kg.errors import ShareError

NAN = float("nan")

#: Computed from the formulas: shares, HHI, CR1, CR4, effective number.
CASES = [
    ((0.6, 0.3, 0.1), 0.46, 0.6, 1.0, 2.173913),
    ((0.25, 0.25, 0.25, 0.25), 0.25, 0.25, 1.0, 4),
    ((1,), 1, 1, 1, 1),
    ((0.5, 0.2, 0.2, 0.1), 0.34, 0.5, 1.0, 2.941176),
]


@pytest.mark.parametrize(("shares", "index", "first", "four", "number"), CASES)
def test_known_shares(shares: tuple[float, ...], index: float, first: float, four: float, number: float) -> None:
    assert herfindahl(shares).exact
    assert herfindahl(shares).lower == pytest.approx(index, abs=1e-12)
    assert concentration_ratio(shares, 1).upper == pytest.approx(first)
    assert concentration_ratio(shares, 4).lower == pytest.approx(four)
    assert effective_number(shares).lower == pytest.approx(number, abs=5e-7)


def test_unknown_shares_give_bounds() -> None:
    index = herfindahl((0.6, NAN, NAN))
    assert (index.lower, index.upper) == pytest.approx((0.36 + 2 * 0.04, 0.36 + 0.16))
    # Of a market that is not fully listed the rest is dust or one firm, never nothing.
    assert herfindahl((0.6,)) == Bounds(pytest.approx(0.36), pytest.approx(0.52))
    assert not index.exact
    ratio = concentration_ratio((0.3, NAN, NAN), 1)
    assert (ratio.lower, ratio.upper) == pytest.approx((0.35, 0.7))
    assert math.isnan(herfindahl(()).lower) and math.isnan(concentration_ratio((), 1).upper)


def test_normalised() -> None:
    assert normalised_herfindahl((0.25,) * 4).upper == pytest.approx(0)
    assert normalised_herfindahl((0.6, 0.3, 0.1)).lower == pytest.approx((0.46 - 1 / 3) / (2 / 3))
    assert normalised_herfindahl((1.0,)) == Bounds(1.0, 1.0)


@pytest.mark.parametrize("shares", [(-0.1, 0.5), (0.9, 0.9), (60, 40), (math.inf,)])
def test_shares_that_cannot_be(shares: tuple[float, ...]) -> None:
    with pytest.raises(ShareError):
        herfindahl(shares)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12), st.data())
def test_bounds_hold_the_truth(raw: list[float], data: st.DataObject) -> None:
    truth = np.array(raw) / sum(raw)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=len(raw), max_size=len(raw))))
    seen = np.where(hidden, np.nan, truth)
    for measure in (herfindahl, effective_number, lambda s: concentration_ratio(s, 2)):
        exact, bounds = measure(truth), measure(seen)
        assert bounds.lower - 1e-9 <= exact.lower and exact.upper <= bounds.upper + 1e-9
    lost = np.arange(len(raw)) % 2 == 0
    bounds = lost_share(seen, lost)
    assert bounds.lower - 1e-9 <= truth[lost].sum() <= bounds.upper + 1e-9


def test_lost_share() -> None:
    assert lost_share((0.7, 0.3), (True, False)) == Bounds(pytest.approx(0.7), pytest.approx(0.7))
    assert lost_share((0.7, NAN, NAN), (False, True, False)) == Bounds(0.0, pytest.approx(0.3))
    assert lost_share((NAN, NAN), (True, True)) == Bounds(1.0, 1.0)
    # Others exist whom nobody has named.
    assert lost_share((0.4,), (True,)) == Bounds(pytest.approx(0.4), 1.0)


def test_supply_risk_of_a_raw_material() -> None:
    assert supply_risk(4.0, 3.0, 1.0, 0.1, 0.95) == pytest.approx(2.9925, abs=1e-12)
    assert supply_risk(4.0, 3.0, 0.0, 0.1, 0.95) == pytest.approx(2.565, abs=1e-12)
    assert math.isnan(supply_risk(4.0, NAN, 1.0, 0.1, 0.95))
    with pytest.raises(ShareError):
        supply_risk(4.0, 3.0, 100, 0.1, 0.95)
    assert is_critical(2.9925, 2.8) is True
    assert is_critical(0.9, NAN) is False and is_critical(1.5, NAN) is None


def test_governance() -> None:
    assert governance_weighted_herfindahl((0.5, 0.5), (4, 8)) == pytest.approx(3.0)
    assert math.isnan(governance_weighted_herfindahl((0.5, 0.5), (4, NAN)))


def test_dependency_indicators() -> None:
    first, second, third = foreign_dependency_indicators((0.8, 0.2), 60, 100, 40)
    assert (first.lower, second, third) == pytest.approx((0.68, 0.6, 1.5))
    assert is_dependent(first, second, third) is True
    assert is_dependent(first, second, 0.9) is False
    assert is_dependent(Bounds(0.3, 0.5), second, third) is None
    assert is_dependent(Bounds(0.3, 0.5), 0.4, NAN) is False
    assert math.isnan(foreign_dependency_indicators((0.8, NAN), NAN, 100, 0)[2])
    assert foreign_dependence(0.2) == pytest.approx(0.8) and math.isnan(foreign_dependence(NAN))


def test_neck_score() -> None:
    assert neck_score((0.5, 0.8, 0.5, 1.0)) == pytest.approx(0.2)
    assert math.isnan(float(neck_score((0.5, NAN, 0.5, 1.0))))
    assert neck_score((0.5, NAN, 0.5, 1.0), (1, 0, 1, 1)) == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("parts", "waste", "linear", "index"),
    [
        ((1, 0, 0, 0, 0, 1, 1, 1), 1, 1, 0.1),
        ((1, 0.25, 0, 0.5, 0, 0.8, 0.8, 1), 0.58125, 0.671924, 0.395268),
        ((1, 1, 0, 1, 0, 1, 1, 1), 0, 0, 1),
        ((1, 0, 0, 0, 0, 1, 1, 2), 1, 1, 0.55),
    ],
)
def test_circularity(parts: tuple[float, ...], waste: float, linear: float, index: float) -> None:
    assert material_circularity(*parts) == pytest.approx((waste, linear, index), abs=5e-7)
    assert math.isnan(material_circularity(1, 0.25, 0, NAN, 0, 0.8, 0.8, 1)[2])


def test_unnamed_providers_leave_the_normalised_index_open() -> None:
    """0.3, 0.3 and 0.4 is one way in which the rest can be held; so are two halves of it."""
    found = normalised_herfindahl((0.3, 0.3))
    assert found == Bounds(0.0, pytest.approx(0.34))
    for whole in ((0.3, 0.3, 0.4), (0.3, 0.3, 0.2, 0.2), (0.3, 0.3, *(0.004,) * 100)):
        assert found.lower <= normalised_herfindahl(whole).lower <= found.upper
    assert normalised_herfindahl((0.3,)) == Bounds(0.0, pytest.approx(0.58)), "one named is not one provider"
    assert normalised_herfindahl((0.32, 0.32, 0.33)) == Bounds(0.0, 0.0), "rounded"


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6).filter(lambda shares: sum(shares) <= 1.05))
def test_indexes_are_bounds_within_their_scale(shares: list[float]) -> None:
    for found in (herfindahl(shares), normalised_herfindahl(shares)):
        assert 0 <= found.lower <= found.upper <= 1


def test_rounded_shares_above_one() -> None:
    assert herfindahl((1.0, 0.05)) == Bounds(1.0, 1.0)
