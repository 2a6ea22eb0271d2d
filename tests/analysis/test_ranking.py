"""Ranking by several criteria: the toy that is worked out by hand and by another implementation."""

from __future__ import annotations

import numpy as np
import pytest

from kg.analysis.ranking import topsis
from kg.errors import ShareError

#: Capability, technology, distance in km.
ROWS = [(0.9, 0.6, 50), (0.7, 0.8, 150), (0.4, 0.9, 250)]
WEIGHTS = (0.5, 0.3, 0.2)


def test_three_candidates() -> None:
    found = topsis(ROWS, WEIGHTS, costs=[2])
    np.testing.assert_allclose(found, [0.78700027, 0.57587081, 0.21299973], atol=5e-9)
    np.testing.assert_allclose(topsis(ROWS[::-1], [w * 7 for w in WEIGHTS], costs=[2]), found[::-1], atol=1e-12)


def test_unknown_takes_no_part() -> None:
    found = topsis([*ROWS, (1.0, np.nan, 10)], WEIGHTS, costs=[2])
    np.testing.assert_allclose(found[:3], topsis(ROWS, WEIGHTS, costs=[2]))
    assert np.isnan(found[3]) and np.isnan(topsis([(np.nan, 1.0)], (1, 1))).all()


def test_equals_are_equal() -> None:
    assert topsis([(1, 0), (1, 0)], (1, 1)).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("weights", [(1,), (1, -1, 1), (0, 0, 0)])
def test_weights_that_cannot_be(weights: tuple[float, ...]) -> None:
    with pytest.raises(ShareError, match="criteria need as many weights"):
        topsis(ROWS, weights)
