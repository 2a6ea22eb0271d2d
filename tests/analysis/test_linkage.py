"""Input-output linkage, on the two sectors of Miller and Blair and a pure chain of four."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy import sparse

from kg.analysis import linkage
from tests.conftest import SHARED

Z = np.array([[150.0, 500.0], [200.0, 100.0]])
X = np.array([1000.0, 2000.0])
CHAIN = np.diag([10.0, 20.0, 40.0], 1)
CHAIN_X = np.array([10.0, 20.0, 40.0, 80.0])


def close(values: object) -> object:
    return pytest.approx(np.array(values), rel=5e-10, abs=1e-12)


def test_two_sectors_of_miller_and_blair() -> None:
    a, b = linkage.technical_coefficients(Z, X), linkage.allocation_coefficients(Z, X)
    assert a == close([[0.15, 0.25], [0.2, 0.05]])
    assert b == close([[0.15, 0.5], [0.1, 0.05]])
    leontief, ghosh = linkage.leontief_inverse(a), linkage.ghosh_inverse(b)
    assert leontief == close([[1.254125413, 0.3300330033], [0.2640264026, 1.122112211]])
    assert ghosh == close([[1.254125413, 0.6600660066], [0.1320132013, 1.122112211]])
    assert linkage.column_sums(a) == close([1.518151815, 1.452145215])
    assert linkage.upstreamness(b) == close([1.914191419, 1.254125413])
    measures = linkage.dispersion(leontief, ghosh)
    assert measures.power == close([1.022222222, 0.9777777778])
    assert measures.sensitivity == close([1.066666667, 0.9333333333])
    assert measures.sensitivity_ghosh == close([1.208333333, 0.7916666667])
    assert measures.variation == close([0.9223131929, 0.7713892158])
    assert linkage.extraction_loss(leontief, X) == close([1210.526316, 2588.235294])
    assert linkage.extraction_loss(leontief, X, own=False) == close([210.5263158, 588.2352941])
    steps = linkage.average_propagation_length(leontief)
    assert steps == close([[1.597016845, 1.376237624], [1.376237624, 1.835697083]])


def test_pure_chain() -> None:
    a, b = linkage.technical_coefficients(CHAIN, CHAIN_X), linkage.allocation_coefficients(CHAIN, CHAIN_X)
    leontief, ghosh = linkage.leontief_inverse(a), linkage.ghosh_inverse(b)
    assert leontief[0] == close([1, 0.5, 0.25, 0.125])
    assert linkage.upstreamness(b) == close([4, 3, 2, 1])
    assert linkage.column_sums(a) == close([1, 1.5, 1.75, 1.875])
    steps = linkage.average_propagation_length(leontief)
    assert steps[0, 1:] == close([1, 2, 3])
    assert np.isnan(steps[3, :3]).all() and np.isnan(np.diag(steps)).all(), "no path is no number"
    assert linkage.extraction_loss(leontief, CHAIN_X) == close([10, 30, 70, 150])
    measures = linkage.dispersion(leontief, ghosh)
    assert measures.power == close([0.6530612245, 0.9795918367, 1.142857143, 1.224489796])
    assert measures.sensitivity_ghosh == close([1.6, 1.2, 0.8, 0.4])
    assert measures.variation == close([2, 1.276569477, 0.9759000729, 0.8255189165])


def test_sparse_gives_what_dense_gives() -> None:
    b = linkage.allocation_coefficients(sparse.csr_array(CHAIN), CHAIN_X)
    assert sparse.issparse(b)
    assert linkage.row_sums(b) == close([4, 3, 2, 1])


def test_many_sectors_without_an_inverse() -> None:
    n = 100_000
    matrix = sparse.csr_array(sparse.diags_array([np.full(n - 1, 0.5)], offsets=[1]))
    sums = linkage.row_sums(matrix)
    assert sums[0] == pytest.approx(2) and sums[-1] == 1
    with pytest.raises(ValueError, match="row_sums"):
        linkage.leontief_inverse(np.zeros((linkage.MAX_DENSE + 1, linkage.MAX_DENSE + 1)))


def test_unknown_and_impossible() -> None:
    a = linkage.technical_coefficients(Z, [1000.0, np.nan])
    assert np.isnan(a[:, 1]).all() and not np.isnan(a[:, 0]).any()
    assert np.isnan(linkage.technical_coefficients(Z, [0.0, 1.0])[:, 0]).all()
    with pytest.raises(ValueError, match="not known"):
        linkage.leontief_inverse(a)
    with pytest.raises(ValueError, match="converge"):
        linkage.row_sums(a)
    with pytest.raises(ValueError, match="spectral radius"):
        linkage.leontief_inverse([[0.5, 0.6], [0.6, 0.5]])
    with pytest.raises(ValueError, match="converge"):
        linkage.row_sums([[0.5, 0.6], [0.6, 0.5]], rounds=5000)
    with pytest.raises(ValueError, match="2 values"):
        linkage.technical_coefficients(Z, [1.0])


@pytest.mark.shared
@pytest.mark.parametrize("name", ["io_miller_blair_2sector", "io_pure_chain4"])
def test_every_number_of_the_fixtures(name: str) -> None:
    with (SHARED / "methods" / f"{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    nodes = [row["row"] for row in rows if row["quantity"] == "x"]
    x = np.array([float(row["value"]) for row in rows if row["quantity"] == "x"])
    z = np.array([float(row["value"]) for row in rows if row["quantity"] == "Z"]).reshape(x.size, x.size)
    a, b = linkage.technical_coefficients(z, x), linkage.allocation_coefficients(z, x)
    leontief, ghosh = linkage.leontief_inverse(a), linkage.ghosh_inverse(b)
    measures = linkage.dispersion(leontief, ghosh)
    found = {
        "A": a,
        "B": b,
        "L": leontief,
        "G": ghosh,
        "APL": linkage.average_propagation_length(leontief),
        "BL_total": linkage.column_sums(a),
        "FL_total_Ghosh": linkage.row_sums(b),
        "BL_direct": a.sum(axis=0),
        "FL_direct": b.sum(axis=1),
        "power_of_dispersion": measures.power,
        "sensitivity_of_dispersion_Leontief_rows": measures.sensitivity,
        "FL_norm_Ghosh": measures.sensitivity_ghosh,
        "CV_col": measures.variation,
        "HEM_total_loss": linkage.extraction_loss(leontief, x),
        "HEM_total_loss_excl_own": linkage.extraction_loss(leontief, x, own=False),
        "upstreamness": linkage.upstreamness(b),
        "downstreamness": linkage.column_sums(a),
    }
    checked = 0
    for row in rows:
        if row["quantity"] in found:
            values = found[row["quantity"]]
            index = nodes.index(row["row"])
            value = values[index, nodes.index(row["col"])] if row["col"] else values[index]
            assert value == pytest.approx(float(row["value"]), rel=5e-10, abs=1e-12), row
            checked += 1
    assert checked >= 42
