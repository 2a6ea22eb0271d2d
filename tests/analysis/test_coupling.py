"""Dynamic equilibrium, on published values."""

from __future__ import annotations

import csv
from typing import Any

import numpy as np
import pytest

from kg.analysis import coupling
from tests.conftest import SHARED

LEVELS = [[0.8179733, 0.3246648, 0.6590316, 0.1308531], [0.9456379, 0.4391423, 0.7304117, 0.4792905]]
NODES = ["Filter Feeders", "Microbiota", "Meiofauna", "Deposit Feeders", "Predators", "Deposited Detritus"]
FLOWS = np.array(
    [
        [0, 0, 0, 0, 0.5135, 15.791],
        [0, 0, 1.206, 1.206, 0, 0],
        [0, 0, 0, 0.6609, 0, 4.2403],
        [0, 0, 0, 0, 0.1721, 1.9076],
        [0, 0, 0, 0, 0, 0.3262],
        [0, 8.1721, 7.2745, 0.6431, 0, 0],
    ]
)
INPUTS = np.array([41.47, 0, 0, 0, 0, 0])
LOSSES = np.array([25.165, 5.76, 3.5794, 0.4303, 0.3594, 6.1759])


@pytest.mark.parametrize(
    ("form", "c", "d"),
    [
        ("wang", [0.4722274, 0.6319211], [0.477648, 0.6402164]),
        ("standard", [0.8051958, 0.9519923], [0.6237105, 0.7858001]),
        ("fan", [0.4593785, 0.5907777], [0.4711049, 0.6190239]),
    ],
)
def test_coupling_coordination(form: Any, c: list[float], d: list[float]) -> None:
    found = coupling.coordination(LEVELS, [0.25] * 4, form)
    assert found.coupling == pytest.approx(c, abs=1e-6)
    assert found.coordination == pytest.approx(d, abs=1e-6)


@pytest.mark.parametrize(
    ("levels", "c"),
    [
        ([0.6, 0.6], 1.0),
        ([0.8, 0.4], 0.942809),
        ([0.9, 0.1], 0.6),
        ([1, 1], 1.0),
        ([0.01, 0.01], 1.0),
        ([0.5, 0.5, 0.5], 1.0),
        ([0.9, 0.5, 0.1], 0.7113787),
    ],
)
def test_the_correct_form_and_none_of_the_misprinted(levels: list[float], c: float) -> None:
    assert coupling.coordination(levels, form="standard").coupling[0] == pytest.approx(c, abs=5e-7)


def test_coordination_bounds_and_unknown() -> None:
    assert np.isnan(coupling.coordination([0.5, np.nan]).coordination[0])
    assert coupling.coordination([0.0, 0.0]).coordination[0] == 0
    with pytest.raises(ValueError, match="outside 0-1"):
        coupling.coordination([0.5, 2])
    with pytest.raises(ValueError, match="weights"):
        coupling.coordination([0.5, 0.5], [1, 1])
    with pytest.raises(ValueError, match="no form"):
        coupling.coordination([0.5, 0.5], form="sum")  # type: ignore[arg-type]  # that is the test
    scale = coupling.scaled([0, 5, 20, np.nan], 0, 10)
    assert scale[:3] == pytest.approx([0, 0.5, 1]) and np.isnan(scale[3])
    assert coupling.scaled([2], 0, 10, smaller_is_better=True) == pytest.approx([0.8])


def test_trend() -> None:
    assert coupling.trend([2001, 2002, 2003], [0.1, 0.2, 0.4]) == pytest.approx(0.15)
    assert coupling.trend(range(3), [0.5, 0.5, 0.5]) == 0
    assert np.isnan(coupling.trend([1, 2], [0.1, np.nan])) and np.isnan(coupling.trend([1], [0.1]))
    with pytest.raises(ValueError, match="not all the same"):
        coupling.trend([1, 1], [0, 1])
    with pytest.raises(ValueError, match="one value"):
        coupling.trend([1, 2], [0, 1, 2])


def test_balance() -> None:
    found = coupling.balance([3, 1, 0, np.nan, 0], [1, 1, 2, 1, 0])
    assert found[:3] == pytest.approx([0.5, 0, -1]) and np.isnan(found[3:]).all()


def test_resilience_triangle() -> None:
    assert coupling.resilience([0, 10, 20], [60, 100, 100]) == pytest.approx(0.9)
    assert np.isnan(coupling.resilience([0, 1], [100, np.nan]))
    with pytest.raises(ValueError, match="rise"):
        coupling.resilience([1, 0], [100, 100])


def test_closed_loops() -> None:
    assert coupling.closed_loops([0, 1, 2, 2], [1, 2, 0, 3], 4) == [(0, 1, 2)]
    assert coupling.closed_loops([0, 1], [1, 2], 3) == []
    assert coupling.closed_loops([1], [1], 2) == [(1,)]


def test_oyster_reef() -> None:
    assert coupling.finn_cycling_index(FLOWS, INPUTS) == pytest.approx(0.1101686, abs=5e-8)
    found = coupling.ascendency(FLOWS, INPUTS, LOSSES)
    assert found.throughput == pytest.approx(125.0533, abs=5e-5)
    assert found.information == pytest.approx(1.330211, abs=5e-7)
    assert found.diversity == pytest.approx(3.018275, abs=5e-7)
    assert found.ascendency == pytest.approx(166.3473, abs=5e-5)
    assert found.capacity == pytest.approx(377.4452, abs=5e-5)
    assert found.overhead == pytest.approx(211.0979, abs=5e-5)
    assert found.robustness == pytest.approx(0.3611021, abs=5e-8)
    assert np.isnan(coupling.finn_cycling_index([[np.nan]], [1]))
    assert coupling.finn_cycling_index([[0, 1], [0, 0]], [1, 0]) == 0


@pytest.mark.shared
def test_every_case_of_the_fixtures() -> None:
    with (SHARED / "methods" / "ccd_coupling_vignette.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    levels = [[float(row[f"U{i}"]) for i in range(1, 5)] for row in rows]
    assert len(rows) == 6
    for form, name in (("wang", "wang"), ("standard", "std"), ("fan", "fan")):
        found = coupling.coordination(levels, form=form)  # type: ignore[arg-type]  # one of the three
        assert found.coupling == pytest.approx([float(row[f"C_{name}"]) for row in rows], abs=1e-6)
        assert found.coordination == pytest.approx([float(row[f"D_{name}"]) for row in rows], abs=1e-6)
    with (SHARED / "methods" / "ena_oyster_cycling.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["kind"] == "flow":
            assert FLOWS[NODES.index(row["from"]), NODES.index(row["to"])] == float(row["value"])
        elif row["kind"] == "loss":
            assert LOSSES[NODES.index(row["from"])] == float(row["value"])
