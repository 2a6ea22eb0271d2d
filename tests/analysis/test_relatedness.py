"""Specialisation and relatedness, on the numbers of published examples."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from kg.analysis import relatedness
from tests.conftest import SHARED

SPACE = np.array(
    [[50, 30, 0, 0, 0], [40, 40, 30, 0, 0], [10, 20, 40, 30, 0], [0, 10, 30, 40, 30], [0, 0, 0, 30, 70]], dtype=float
)
EXAMPLE = np.array(
    [[100, 0, 0, 0, 0], [0, 15, 5, 70, 10], [0, 20, 10, 20, 50], [0, 25, 30, 5, 40], [0, 40, 55, 5, 0]], dtype=float
)


def test_location_quotient_of_the_published_example() -> None:
    expected = [[5, 0, 0, 0, 0], [0, 0.75, 0.25, 3.5, 0.5], [0, 1, 0.5, 1, 2.5], [0, 1.25, 1.5, 0.25, 2]]
    found = relatedness.location_quotient(EXAMPLE)
    assert found[:4] == pytest.approx(np.array(expected))
    assert found[4] == pytest.approx([0, 2, 2.75, 0.25, 0])


def test_product_space() -> None:
    quotient = relatedness.location_quotient(SPACE)
    assert quotient[0, :2] == pytest.approx([3.125, 1.875])
    assert quotient[3, 1] == pytest.approx(0.454545, abs=5e-7)
    made = relatedness.revealed_advantage(SPACE)
    assert made.sum() == 13 and made[2, 1] == 1 and made[3, 1] == 0
    phi = relatedness.proximity(made)
    assert phi[0] == pytest.approx([1, 0.666667, 0.333333, 0, 0], abs=5e-7)
    assert phi[3] == pytest.approx([0, 0.333333, 0.666667, 1, 0.666667], abs=5e-7)
    with_own = relatedness.density(made, phi)
    without = relatedness.density(made, phi, diagonal=False)
    assert with_own[0] == pytest.approx([0.833333, 0.625, 0.333333, 0.125, 0], abs=5e-7)
    assert without[0] == pytest.approx([0.666667, 0.4, 0.5, 0.2, 0], abs=5e-7)
    assert with_own[2] == pytest.approx([0.5, 0.75, 0.777778, 0.75, 0.5], abs=5e-7)
    assert phi[0, 0] == 1, "the argument stays as it was"


def test_complexity_up_to_its_sign() -> None:
    regions, products = relatedness.complexity(relatedness.revealed_advantage(SPACE))
    assert regions == pytest.approx([1.315587, 0.877058, 0, -0.877058, -1.315587], abs=5e-7)
    assert products.std() == pytest.approx(1) and products.mean() == pytest.approx(0)
    assert products[0] > products[4], "both signs agree: what the first regions make comes first"


def test_complexity_rises_with_diversity_where_it_can() -> None:
    made = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 1, 0]], dtype=float)
    regions, _ = relatedness.complexity(made)
    assert regions[0] == max(regions)
    with pytest.raises(ValueError, match="two regions"):
        relatedness.complexity([[1, 1]])


def test_ellison_glaeser() -> None:
    many = relatedness.ellison_glaeser([0.1] * 10, [0] * 7 + [1] * 2 + [2], [1 / 3] * 3)
    few = relatedness.ellison_glaeser([0.4, 0.3, 0.2, 0.1], [0, 0, 1, 2], [0.5, 0.3, 0.2])
    assert many == pytest.approx(0.23333333333333328)
    assert np.isnan(relatedness.ellison_glaeser([1.0], [0], [0.5, 0.5])), "one plant says nothing"
    assert few == pytest.approx(-0.29032258064516137)


def test_unknown_is_never_zero() -> None:
    holes = SPACE.copy()
    holes[0, 0] = np.nan
    assert np.isnan(relatedness.location_quotient(holes)).all()
    assert np.isnan(relatedness.revealed_advantage(holes)).all()
    empty = SPACE.copy()
    empty[:, 4] = 0
    assert np.isnan(relatedness.location_quotient(empty)[:, 4]).all()
    assert (relatedness.revealed_advantage(empty)[:, 4] == 0).all()
    assert np.isnan(relatedness.ellison_glaeser([1, np.nan], [0, 1], [0.5, 0.5]))
    with pytest.raises(ValueError, match="negative"):
        relatedness.location_quotient([[-1, 1]])


@pytest.mark.shared
def test_every_number_of_the_fixtures() -> None:
    folder = SHARED / "methods"
    with (folder / "product_space_5x5.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = np.array([float(row["value"]) for row in rows]).reshape(5, 5)
    made = relatedness.revealed_advantage(values)
    phi = relatedness.proximity(made)
    for column, found in (
        ("RCA_LQ", relatedness.location_quotient(values)),
        ("M_RCAge1", made),
        ("density_diag_included(py-ecomplexity)", relatedness.density(made, phi)),
        ("density_diag_excluded(EconGeo/100)", relatedness.density(made, phi, diagonal=False)),
    ):
        assert found.ravel() == pytest.approx([float(row[column]) for row in rows], abs=5e-7), column
    with (folder / "product_space_5x5_proximity.csv").open(encoding="utf-8") as file:
        assert phi.ravel() == pytest.approx([float(row["phi"]) for row in csv.DictReader(file)], abs=5e-7)
    with (folder / "lq_econgeo_matrix.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    values = np.array([float(row["value"]) for row in rows]).reshape(5, 5)
    assert relatedness.location_quotient(values).ravel() == pytest.approx([float(row["LQ"]) for row in rows])
