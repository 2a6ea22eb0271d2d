"""Length, width, tiers and fishbone, on the hand tree; the linkage network on three nodes."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from kg.analysis import linkage
from kg.analysis.directions import linkage_network, linkage_power, split_flows
from kg.analysis.structure import fishbone, shape

NODES = ["ore1", "ore2", "rubber", "encoder", "steel", "seal", "bearing", "robot"]
EDGES = [
    ("ore1", "steel"),
    ("ore2", "steel"),
    ("steel", "bearing"),
    ("bearing", "robot"),
    ("rubber", "seal"),
    ("seal", "robot"),
    ("encoder", "robot"),
]
A = [NODES.index(a) for a, _ in EDGES]
B = [NODES.index(b) for _, b in EDGES]


def test_shape_of_the_tree() -> None:
    found = shape(A, B, np.ones(8))
    assert found.length == 3 and found.widths == (4, 2, 1, 1)
    assert (found.width_max, found.width_mean) == (4, 2)
    assert found.tiers == (1, 1, 1, 1, 2, 2, 3, 4)


def test_a_loop_is_one_tier() -> None:
    found = shape([0, 1, 2, 1], [1, 2, 1, 3], np.ones(4))
    assert found.tiers == (1, 2, 2, 3) and found.length == 2


def test_unknown_firms_are_not_none() -> None:
    found = shape([0], [1], [5, np.nan])
    assert found.widths[0] == 5 and math.isnan(found.widths[1]) and math.isnan(found.width_max)
    assert shape([], [], []).length == 0 and math.isnan(shape([], [], []).width_max)
    with pytest.raises(ValueError, match="no weight"):
        shape([0], [5], [1])


def test_fishbone_of_the_tree() -> None:
    found = fishbone(A, B, np.ones(8))
    assert [NODES[i] for i in found.spine] == ["ore1", "steel", "bearing", "robot"]
    ribs = {NODES[k]: None if v is None else NODES[v] for k, v in found.ribs.items()}
    assert ribs == {"ore2": "steel", "seal": "robot", "rubber": "robot", "encoder": "robot"}


def test_the_heavier_of_equal_paths_is_the_spine() -> None:
    heavy = np.ones(8)
    heavy[1] = 9
    assert NODES[fishbone(A, B, heavy).spine[0]] == "ore2"
    lone = fishbone([0, 0], [1, 2], [1, 2, 1, 1])
    assert lone.spine == (0, 1) and lone.ribs == {2: 0, 3: None}
    assert len(fishbone([0, 1, 2, 1], [1, 2, 1, 3], np.ones(4)).spine) == 3


def test_a_loop_that_is_left_elsewhere_than_entered_does_not_cut_the_spine() -> None:
    """0 > 1 <> 2 > 3 > 4: the loop is entered at 1 and left at 2."""
    a, b = [0, 1, 2, 2, 3], [1, 2, 1, 3, 4]
    found = fishbone(a, b, np.ones(5))
    assert found.spine == (0, 1, 3, 4) and found.ribs == {2: 1}
    assert len(found.spine) == shape(a, b, np.ones(5)).length + 1
    assert fishbone(a, b, [1, 1, 2, 1, 1]).spine == (0, 2, 3, 4), "the heaviest of a loop"


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=20))
def test_the_spine_is_as_long_as_the_chain(edges: list[tuple[int, int]]) -> None:
    a, b = [x for x, _ in edges], [y for _, y in edges]
    assert len(fishbone(a, b, np.ones(8)).spine) == shape(a, b, np.ones(8)).length + 1


def test_linkage_network_directions() -> None:
    flows = np.array([[0, 5, 0], [2, 0, 1], [0, 0, 4.0]])
    net = linkage_network(flows, [0, 0, 1], [1, 2, 2])
    assert list(zip(net.source.tolist(), net.target.tolist(), net.weight.tolist(), strict=True)) == [
        (0, 1, 5),
        (1, 0, 2),
        (1, 2, 1),
        (2, 2, 4),
    ]
    assert net.forward.tolist() == [True, False, False, False]
    assert net.backward.tolist() == [False, True, False, False]
    assert net.horizontal.tolist() == [False, False, True, True]
    assert net.two_way.tolist() == [True, True, False, False]
    assert net.intra_regional.tolist() == [True, True, False, True]
    assert net.extra_regional.tolist() == [False, False, True, False]
    assert net.node_weight.tolist() == [7, 8, 5]
    unknown = linkage_network(np.array([[0, np.nan], [1, 0]]), [0, 1], [1, np.nan])
    assert unknown.source.tolist() == [1] and np.isnan(unknown.node_weight).all()
    assert not (unknown.forward | unknown.backward | unknown.horizontal).any()


def test_linkage_network_of_sparse_flows_is_that_of_dense() -> None:
    flows = np.array([[0, 5, 0], [2, 0, 1], [0, 0, 4.0]])
    one, two = (linkage_network(z, [0, 0, 1], [1, 2, 2]) for z in (flows, sparse.coo_array(flows)))
    for name in ("node_weight", "source", "target", "weight", "forward", "two_way", "intra_regional"):
        assert getattr(one, name).tolist() == getattr(two, name).tolist(), name
    with pytest.raises(ValueError, match="negative"):
        linkage_network(-flows, [0, 0, 1], [1, 2, 2])
    with pytest.raises(ValueError, match="square"):
        linkage_network(flows[:2], [0, 0], [1, 2])


def test_linkage_power_by_hand() -> None:
    """Totals 3 and 3: L = G = (3/2 3/2; 0 3/2). A node without a flow counts in no average."""
    found = linkage_power(np.array([[1, 2, 0], [0, 1, 0], [0, 0, 0]]))
    assert found.given.tolist() == [3, 1, 0] and found.taken.tolist() == [1, 3, 0]
    assert found.inside.tolist() == [1, 1, 0] and found.total.tolist() == [3, 3, 0]
    assert found.backward[:2] == pytest.approx([2 / 3, 4 / 3]) and found.forward[:2] == pytest.approx([4 / 3, 2 / 3])
    assert np.isnan([found.backward[2], found.forward[2]]).all()


def test_linkage_power_is_the_dispersion_of_both_inverses() -> None:
    rng = np.random.default_rng(1)
    z = rng.random((6, 6)) * (rng.random((6, 6)) < 0.6)
    found = linkage_power(sparse.csr_array(z))
    a, b = (scale(z, found.total) for scale in (linkage.technical_coefficients, linkage.allocation_coefficients))
    measures = linkage.dispersion(linkage.leontief_inverse(a), linkage.ghosh_inverse(b))
    assert found.backward == pytest.approx(measures.power) and found.forward == pytest.approx(
        measures.sensitivity_ghosh
    )


def test_linkage_power_is_not_known_where_flows_have_no_end() -> None:
    """Two nodes that give one another all they take, and a third that only gives to a fourth."""
    ring = np.zeros((4, 4))
    ring[0, 1] = ring[1, 0] = ring[2, 3] = 1.0
    found = linkage_power(ring)
    assert np.isnan(found.backward).all() and np.isnan(found.forward).all() and found.given.tolist() == [1, 1, 1, 0]
    with pytest.raises(ValueError, match="not known"):
        linkage_power([[np.nan, 1.0], [0.0, 0.0]])


def test_split_flows_keeps_the_margins() -> None:
    found = split_flows([3, 1], [1, 1])
    assert found.tolist() == [[0.375, 0.375], [0.125, 0.125]]
    assert np.isnan(split_flows([0, 0], [1, 1])).all()
