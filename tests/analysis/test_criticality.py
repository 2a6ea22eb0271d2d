"""Feasibility and criticality, on hand-made toys and textbook graphs."""

from __future__ import annotations

import numpy as np
import pytest
import rustworkx as rx

from kg.analysis.criticality import (
    articulation_points,
    betweenness,
    bridges,
    dominators,
    downstream_reach,
    min_cut,
)
from kg.analysis.feasibility import Recipes, breakpoints, chokepoints, coverage, feasibility, nearest_ring
from kg.errors import ShareError

P, X, Y = range(3)


def toy() -> Recipes:
    """P needs X and Y; x1 or x2 makes X; y2 makes Y, in the neighbour region."""
    return Recipes(3, np.array([P, X, X, Y]), np.array([0, 0]), np.array([X, Y]))


HERE = np.array([True, True, False, False])
NEAR = np.array([True, True, False, True])


def test_breakpoint_is_an_input_without_feasible_producer() -> None:
    required = np.array([False, True, True])
    found, unsure = breakpoints(required, toy(), HERE)
    assert found.tolist() == [False, False, True] and not unsure.any()
    assert coverage(required, feasibility(toy(), HERE).certain) == 0.5
    assert not feasibility(toy(), HERE).certain[P] and feasibility(toy(), NEAR).certain[P]
    assert not breakpoints(required, toy(), NEAR)[0].any()


def test_where_to_look() -> None:
    assert nearest_ring(toy(), [0, 0, 4, 1]).tolist() == [1, 0, 1]
    # Without y2 nobody in any ring makes Y, and so P.
    without = Recipes(3, np.array([P, X, X]), np.array([0, 0]), np.array([X, Y]))
    assert nearest_ring(without, [0, 0, 4]).tolist() == [-1, 0, -1]
    assert nearest_ring(toy(), [0, 0, 4, -1]).tolist() == [4, 0, 4]
    with pytest.raises(ShareError):
        nearest_ring(toy(), [0, 0, 5, 1])


def test_nobody_has_looked_is_not_absent() -> None:
    unsurveyed = np.array([False, False, True])
    found = feasibility(toy(), HERE, unsurveyed)
    assert found.certain.tolist() == [False, True, False] and found.possible.all()
    gaps, unsure = breakpoints(np.array([False, True, True]), toy(), HERE, unsurveyed)
    assert not gaps.any() and unsure.tolist() == [False, False, True]


def test_loops_run_on_but_do_not_start() -> None:
    loop = Recipes(2, np.array([0, 1]), np.array([0, 1]), np.array([1, 0]))
    assert feasibility(loop).certain.all()
    assert not feasibility(loop, start_up=True).certain.any()


def test_coverage_of_unknown_is_unknown() -> None:
    assert np.isnan(coverage([True, True], [1.0, np.nan]))
    assert coverage([True, True], [1.0, np.nan], [1, 0]) == 1.0
    assert coverage([True, True, False], [0.5, 1.0, 0.0], [3, 1, 9]) == pytest.approx(0.625)
    assert np.isnan(coverage([False], [1.0]))


NODES = ["ore1", "ore2", "steel", "bearing", "rubber", "seal", "encoder", "robot"]
EDGES = ["ore1 steel", "ore2 steel", "steel bearing", "bearing robot", "rubber seal", "seal robot", "encoder robot"]
TAIL = [NODES.index(edge.split()[0]) for edge in EDGES]
HEAD = [NODES.index(edge.split()[1]) for edge in EDGES]


def names(nodes: np.ndarray) -> set[str]:
    return {NODES[node] for node in nodes}


def test_tree_of_chokepoints() -> None:
    assert names(articulation_points(8, TAIL, HEAD)) == {"steel", "bearing", "seal", "robot"}
    assert len(bridges(8, TAIL, HEAD)) == 7
    above = dominators(8, TAIL, HEAD, NODES.index("robot"))
    expected = {
        "bearing": "robot", "steel": "bearing", "ore1": "steel", "ore2": "steel", "seal": "robot", "rubber": "seal",
        "encoder": "robot",
    }  # fmt: skip
    assert {NODES[i]: NODES[d] for i, d in enumerate(above) if d >= 0} == expected


def test_single_supplier_is_a_chokepoint_off_every_shared_path() -> None:
    """The encoder is no cut vertex, yet nothing works without its one maker."""
    assert NODES.index("encoder") not in articulation_points(8, TAIL, HEAD)
    recipes = Recipes(8, np.array([0, 0, 1, 2, 3, 4, 5, 6]), np.empty(0, np.int64), np.empty(0, np.int64))
    maker = np.array([10, 11, 12, 13, 14, 15, 16, 17])
    required = np.ones(8, bool)
    found = chokepoints(required, recipes, maker)
    assert found[NODES.index("encoder")] == 17 and found[NODES.index("ore1")] == -1
    assert found[NODES.index("robot")] == -1


def test_reach() -> None:
    sources = [NODES.index(name) for name in ("ore1", "encoder", "robot")]
    assert downstream_reach(8, TAIL, HEAD, sources).tolist() == [3, 1, 0]
    weights = np.arange(8.0)
    weights[NODES.index("bearing")] = np.nan
    reach = downstream_reach(8, TAIL, HEAD, sources, weights)
    assert np.isnan(reach[0]) and reach[1] == NODES.index("robot")


def test_many_equal_edges_are_one() -> None:
    assert downstream_reach(2, [0] * 256, [1] * 256, [0]).tolist() == [1]


def test_karate_club() -> None:
    """Zachary (1977): three graph libraries agree on these."""
    graph = rx.generators.karate_club_graph()
    a, b = (list(end) for end in zip(*graph.edge_list(), strict=True))
    score = betweenness(34, a, b, directed=False)
    assert score[[0, 33, 32]] == pytest.approx([0.437635, 0.304075, 0.145247], abs=5e-7)
    assert articulation_points(34, a, b).tolist() == [0]
    assert bridges(34, a, b).tolist() == [[0, 11]]
    shuffled = np.random.default_rng(1).permutation(len(a))
    assert np.array_equal(score, betweenness(34, np.array(a)[shuffled], np.array(b)[shuffled], directed=False))


def test_directed_betweenness() -> None:
    assert betweenness(3, [0, 1], [1, 2]).tolist() == [0, 0.5, 0]


def test_narrowest_cut() -> None:
    """Cormen et al., Introduction to Algorithms, figure 26.1."""
    nodes = ["s", "v1", "v2", "v3", "v4", "t"]
    edges = [("s", "v1", 16), ("s", "v2", 13), ("v1", "v3", 12), ("v2", "v1", 4), ("v2", "v4", 14)]
    edges += [("v3", "v2", 9), ("v3", "t", 20), ("v4", "v3", 7), ("v4", "t", 4)]
    tail, head = ([nodes.index(edge[end]) for edge in edges] for end in (0, 1))
    value, side, cut = min_cut(6, tail, head, [edge[2] for edge in edges], 0, 5)
    assert value == 23
    assert [nodes[i] for i in np.flatnonzero(side)] == ["s", "v1", "v2", "v4"]
    assert {f"{edges[i][0]}>{edges[i][1]}" for i in cut} == {"v1>v3", "v4>v3", "v4>t"}
    with pytest.raises(ShareError):
        min_cut(2, [0], [1], [0.5], 0, 1)
