"""Cascades: the figure of the paper that defines the index, and what is worked out by hand."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from numpy.typing import NDArray

from kg.analysis.cascade import (
    SupplyNetwork,
    inoperability,
    interdependence,
    shock,
    systemic_risk,
    time_to_survive,
)
from kg.errors import ShareError
from tests.conftest import SHARED

#: Diem et al. (2022), Scientific Reports 12:7719, figure 1: supplier, customer; every volume is 1.
LINKS = [(2, 1), (2, 3), (7, 4), (9, 5), (3, 7), (6, 7), (10, 7), (9, 10), (7, 11), (8, 11)]
SECTORS = [1, 2, 1, 3, 4, 2, 4, 1, 2, 3, 5]
#: In 60ths: index and downstream part of firms 1 to 11; upstream is the same in all cases.
UP = [6, 12, 12, 21, 6, 6, 42, 6, 12, 12, 27]
EXPECTED = {
    ("none", False): ([6, 22, 16, 21, 6, 10, 42, 6, 22, 16, 27], [0, 22, 10, 0, 0, 10, 12, 6, 22, 10, 0]),
    ("none", True): (
        [6, 18, 16, 21, 6, 7, 42, 6, 18 + 2 / 3, 16, 27],
        [0, 18, 10, 0, 0, 7, 12, 6, 18 + 2 / 3, 10, 0],
    ),
    ("all", False): ([6, 30, 24, 21, 6, 18, 42, 6, 30, 24, 27], [0, 30, 18, 0, 0, 18, 12, 6, 30, 18, 0]),
    ("all", True): ([6, 22, 24, 21, 6, 9, 42, 6, 24, 24, 27], [0, 22, 18, 0, 0, 9, 12, 6, 24, 18, 0]),
    ("sector 2", False): ([6, 22, 16, 21, 6, 18, 42, 6, 22, 16, 27], [0, 22, 10, 0, 0, 18, 12, 6, 22, 10, 0]),
    ("sector 2", True): (
        [6, 18, 16, 21, 6, 9, 42, 6, 18 + 2 / 3, 16, 27],
        [0, 18, 10, 0, 0, 9, 12, 6, 18 + 2 / 3, 10, 0],
    ),
}


def network(
    links: list[tuple[int, int]], sectors: list[int], essential: NDArray[np.bool_], weights: list[float] | None = None
) -> SupplyNetwork:
    ends = np.array(links) - 1
    weight = np.ones(len(links)) if weights is None else np.array(weights, float)
    return SupplyNetwork(len(sectors), ends[:, 0], ends[:, 1], weight, np.array(sectors), essential)


def figure(rule: str) -> SupplyNetwork:
    suppliers = np.array([SECTORS[supplier - 1] for supplier, _ in LINKS])
    essential = {"none": suppliers < 0, "all": suppliers > 0, "sector 2": suppliers == 2}[rule]
    return network(LINKS, SECTORS, essential)


@pytest.mark.parametrize(("rule", "replaceable"), list(EXPECTED))
def test_figure_of_the_paper(rule: str, replaceable: bool) -> None:
    total, down = EXPECTED[rule, replaceable]
    found = systemic_risk(figure(rule), replaceable=replaceable, tolerance=1e-14)
    assert found.total * 60 == pytest.approx(total, abs=1e-9)
    assert found.down * 60 == pytest.approx(down, abs=1e-9)
    assert found.up * 60 == pytest.approx(UP, abs=1e-9)


@pytest.mark.shared
def test_all_66_reference_values() -> None:
    rules = {"linear_all_nonessential": "none", "all_essential": "all"}
    with (SHARED / "methods" / "esri_diem_fig1_expected.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 66
    for row in rows:
        rule = rules.get(row["essential_rule"], "sector 2")
        index = int(row["firm"]) - 1
        found = systemic_risk(figure(rule), [index], row["replaceability"] == "market", tolerance=1e-14)
        values = [found.total[0], found.down[0], found.up[0]]
        assert values == pytest.approx([float(row[key]) for key in ("ESRI", "ESRI_down", "ESRI_up")], abs=5e-13), row


@pytest.mark.parametrize(
    ("links", "sectors", "essential", "weights", "expected"),
    [
        ([(1, 3), (2, 3), (3, 4)], [1, 1, 2, 3], [1, 1, 1], [1, 1, 2], [0.5, 0.5, 1, 1]),
        ([(1, 4), (2, 4), (3, 4), (4, 5)], [1, 1, 1, 2, 3], [1, 1, 1, 1], [1, 1, 1, 3], [0.25, 0.25, 0.25, 1, 1]),
        ([(1, 2), (2, 3)], [1, 2, 3], [1, 1], [1, 1], [1, 1, 1]),
        ([(1, 2), (4, 2), (2, 3)], [1, 2, 3, 4], [0, 1, 1], [1, 3, 4], [0.25, 1, 1, 0.875]),
    ],
)
def test_by_hand(
    links: list[tuple[int, int]], sectors: list[int], essential: list[int], weights: list[float], expected: list[float]
) -> None:
    found = systemic_risk(network(links, sectors, np.array(essential, bool), weights), tolerance=1e-14)
    assert found.total == pytest.approx(expected, abs=1e-12)


def some_network(firms: int = 120, relations: int = 400) -> SupplyNetwork:
    random = np.random.default_rng(7)
    supplier, customer = random.integers(0, firms, (2, relations))
    kept = supplier != customer
    return SupplyNetwork(
        firms,
        supplier[kept],
        customer[kept],
        random.lognormal(size=relations)[kept],
        random.integers(0, 30, firms),
        random.random(relations)[kept] < 0.3,
    )


def test_order_threads_and_company_do_not_matter() -> None:
    one = some_network()
    order = np.random.default_rng(8).permutation(one.supplier.size)
    other = SupplyNetwork(
        one.firms, one.supplier[order], one.customer[order], one.weight[order], one.sector, one.essential[order]
    )
    whole = systemic_risk(one)
    assert np.array_equal(whole.total, systemic_risk(other, workers=2).total)
    alone = [systemic_risk(one, [firm]).total[0] for firm in range(0, 120, 12)]
    assert np.array_equal(whole.total[::12], alone)


def test_tolerance_only_understates() -> None:
    rough, finer = (systemic_risk(some_network(), tolerance=value).total for value in (1e-2, 1e-3))
    assert (rough <= finer + 1e-12).all() and (rough < finer).any()


def test_without_final_demand_all_is_lost_in_the_limit() -> None:
    """Two firms that sell to each other and to nobody else: half of the sales of each go to the third."""
    ring = network([(1, 2), (2, 1), (1, 3), (3, 1)], [1, 2, 3], np.zeros(4, bool))
    assert systemic_risk(ring, [1], tolerance=1e-12).up[0] == pytest.approx(1.0, abs=1e-9)
    assert systemic_risk(ring, [1], tolerance=0.3).up[0] < 0.9


def test_partial_shock() -> None:
    chain = network([(1, 2), (2, 3)], [1, 2, 3], np.ones(2, bool))
    losses = shock(chain, [[0.4, 0, 0]], tolerance=1e-14).down.toarray()[0]
    assert losses == pytest.approx([0.4, 0.4, 0.4])
    with pytest.raises(ShareError):
        shock(chain, [[1.4, 0, 0]])


def test_what_is_no_network() -> None:
    with pytest.raises(ShareError, match="volume"):
        network([(1, 2)], [1, 1], np.ones(1, bool), [np.nan])
    with pytest.raises(ShareError):
        network([(1, 3)], [1, 1], np.ones(1, bool))
    empty = SupplyNetwork(2, *(np.empty(0, np.int64),) * 2, np.empty(0), np.array([1, 1]), np.empty(0, bool))
    assert np.isnan(systemic_risk(empty).total).all()


def test_inoperability() -> None:
    """Miller & Blair, chapter 2: Z and x; by hand (I - A*)^-1 c*."""
    matrix = interdependence([[150, 500], [200, 100]], [1000, 2000])
    assert matrix == pytest.approx(np.array([[0.15, 0.5], [0.1, 0.05]]))
    assert inoperability(matrix, [0.1, 0]) == pytest.approx([0.1254125413, 0.01320132013], abs=5e-11)
    with pytest.raises(ShareError):
        inoperability([[1.5]], [0.1])


def test_time_to_survive() -> None:
    days, lost, cost = time_to_survive(5, 100, 30, [0, 2, 6], 100)
    assert days == pytest.approx([20, 100 / 3, np.inf])
    assert lost == pytest.approx([50, 0, 0]) and cost == pytest.approx([5000, 0, 0])
    unknown = time_to_survive(5, np.nan, 30)
    assert all(np.isnan(values).all() for values in unknown)
    with pytest.raises(ShareError):
        time_to_survive(-1, 100, 30)
