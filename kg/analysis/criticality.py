"""Where a chain breaks: inputs without a feasible producer, single suppliers, reach, dominators, cut vertices.

Inputs and producers are integers. A recipe is one way of making one input: it gives its output and takes inputs, all
of them (AND); an input is made by any of its recipes (OR).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import rustworkx as rx
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from kg.errors import ShareError

__all__ = [
    "Feasibility",
    "Recipes",
    "articulation_points",
    "betweenness",
    "breakpoints",
    "bridges",
    "chokepoints",
    "coverage",
    "dominators",
    "downstream_reach",
    "feasibility",
    "min_cut",
    "nearest_ring",
]

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

#: Above this many nodes rustworkx works with several threads, and sums in an order that it does not fix.
_ONE_THREAD = 2**31


def _ints(values: ArrayLike) -> Ints:
    return np.asarray(values, dtype=np.int64).ravel()


@dataclass(frozen=True)
class Recipes:
    """Ways of making inputs, as integer arrays.

    Attributes:
        inputs: number of inputs; they are 0..inputs-1.
        output: input that each recipe makes, shape (recipes,).
        taking: recipe of each need, shape (needs,).
        taken: input that it takes (essential ones only), shape (needs,).
    """

    inputs: int
    output: Ints
    taking: Ints
    taken: Ints

    def __post_init__(self) -> None:
        for values, size in ((self.output, self.inputs), (self.taken, self.inputs), (self.taking, self.output.size)):
            if values.size and (values.min() < 0 or values.max() >= size):
                raise ShareError("a recipe names an input or a recipe that does not exist")
        if self.taking.size != self.taken.size:
            raise ShareError("needs have unequal numbers of recipes and inputs")


@dataclass(frozen=True)
class Feasibility:
    """Which inputs can be made; the two differ where nobody has looked.

    Attributes:
        certain: feasible by what is known, shape (inputs,).
        possible: feasible, or nothing known speaks against it.
    """

    certain: Mask
    possible: Mask


def feasibility(
    recipes: Recipes, active: ArrayLike | None = None, unsurveyed: ArrayLike | None = None, start_up: bool = False
) -> Feasibility:
    """Which inputs are feasible, with alternatives (OR) and joint needs (AND).

    An input is feasible if some active recipe makes it of which every essential input is feasible. Of the solutions
    the greatest is taken: inputs that need each other in a loop go on being made. With `start_up` the least is taken:
    what a region could begin from nothing.

    Args:
        recipes: who makes what from what.
        active: recipes that are there, bool, shape (recipes,); None: all.
        unsurveyed: inputs for which nobody has looked for producers, bool, shape (inputs,); None: none. They are
            possible, not certain, unless a recipe makes them.
        start_up: the least solution.

    Returns:
        Two masks over inputs.

    Raises:
        ShareError: a mask does not have the right length.

    Source:
        AND/OR graphs: Nilsson (1980), Principles of Artificial Intelligence, ch. 3; breakpoints after Gao (2022),
        section 3; toy 1 in the tests.
    """
    on = np.ones(recipes.output.size, bool) if active is None else np.asarray(active, bool).ravel()
    open_ = np.zeros(recipes.inputs, bool) if unsurveyed is None else np.asarray(unsurveyed, bool).ravel()
    if on.size != recipes.output.size or open_.size != recipes.inputs:
        raise ShareError(f"masks of {on.size} recipes and {open_.size} inputs do not fit")
    nobody = np.zeros(recipes.inputs, bool)
    return Feasibility(_solve(recipes, on, nobody, start_up), _solve(recipes, on, open_, start_up))


def _solve(recipes: Recipes, on: Mask, given: Mask, start_up: bool) -> Mask:
    feasible = given.copy() if start_up else np.ones(recipes.inputs, bool)
    needs = np.bincount(recipes.taking, minlength=recipes.output.size)
    # Monotone, so it ends after as many rounds as there are inputs at most.
    while True:
        met = np.bincount(recipes.taking[feasible[recipes.taken]], minlength=recipes.output.size)
        made = np.zeros(recipes.inputs, bool)
        made[recipes.output[on & (met == needs)]] = True
        after = made | given
        if np.array_equal(after, feasible):
            return feasible
        feasible = after


def breakpoints(
    required: ArrayLike, recipes: Recipes, active: ArrayLike | None = None, unsurveyed: ArrayLike | None = None
) -> tuple[Mask, Mask]:
    """Required inputs without a feasible producer.

    required and not feasible.

    Args:
        required: inputs that the chain needs, bool, shape (inputs,).
        recipes: as for `feasibility`.
        active: as for `feasibility`.
        unsurveyed: as for `feasibility`.

    Returns:
        (breakpoints for certain, required inputs of which it is not known), two masks of shape (inputs,).

    Raises:
        ShareError: as for `feasibility`.

    Source:
        Gao (2022), section 3 (breakpoints); toy 1 in the tests.
    """
    need = np.asarray(required, bool).ravel()
    found = feasibility(recipes, active, unsurveyed)
    return need & ~found.possible, need & found.possible & ~found.certain


def coverage(required: ArrayLike, met: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Part of a chain's required inputs that a region has.

    sum of w_i met_i / sum of w_i over required i; met may be graded, min(1, capacity / demand).

    Args:
        required: bool, shape (inputs,).
        met: 0-1 each, shape (inputs,); NaN: unknown.
        weights: w, 0 or more, shape (inputs,); None: all equal.

    Returns:
        0-1; NaN where nothing is required, or a required input with a weight is unknown.

    Raises:
        ShareError: `met` is outside 0-1, or a weight is negative.

    Source:
        This project's definition (coverage of chain c in region r).
    """
    need = np.asarray(required, bool).ravel()
    w = np.ones(need.size) if weights is None else np.asarray(weights, np.float64).ravel()
    degree = np.asarray(met, np.float64).ravel()
    if (degree < 0).any() or (degree > 1).any() or (w < 0).any():
        raise ShareError("a degree of coverage lies outside 0-1, or a weight is negative")
    counted = need & (w != 0)
    total = float(w[counted].sum())
    return float((w[counted] * degree[counted]).sum() / total) if total > 0 else float("nan")


def nearest_ring(recipes: Recipes, ring: ArrayLike, rings: int = 5) -> Ints:
    """The nearest ring in which each input becomes feasible: where one must look.

    The least k for which the input is feasible with all recipes of rings 0..k.

    Args:
        recipes: as for `feasibility`.
        ring: ring of each recipe's maker (0 city, 1 province, 2 economic zone, 3 country, 4 world), shape (recipes,);
            -1: place unknown, counted in the widest ring only.
        rings: number of rings.

    Returns:
        Ring of each input, shape (inputs,); -1 where it is feasible in none.

    Raises:
        ShareError: a ring is not among the rings.

    Source:
        Gao (2022), section 3 (search for partners from the city outwards); toy 1 in the tests.
    """
    places = _ints(ring)
    if places.size != recipes.output.size or (places.size and (places.max() >= rings or places.min() < -1)):
        raise ShareError(f"rings must be 0 to {rings - 1}, or -1 where the place is unknown, one a recipe")
    places = np.where(places < 0, rings - 1, places)
    found = np.full(recipes.inputs, -1, np.int64)
    for k in range(rings):
        now = feasibility(recipes, places <= k).certain
        found[(found < 0) & now] = k
    return found


def chokepoints(required: ArrayLike, recipes: Recipes, maker: ArrayLike, active: ArrayLike | None = None) -> Ints:
    """The one maker on which each required input hangs.

    An essential input is a chokepoint if its active recipes belong to a single maker: a cut vertex need not be one,
    and a chokepoint need lie on no shared path.

    Args:
        required: inputs that are essential to the chain, bool, shape (inputs,).
        recipes: as for `feasibility`.
        maker: maker of each recipe, integers, shape (recipes,).
        active: as for `feasibility`.

    Returns:
        The single maker of each required input, shape (inputs,); -1 where there are none or several, or it is not
        required.

    Raises:
        Nothing.

    Source:
        Toy 2 in the tests; single-supplier parts: Kraljic (1983), Purchasing Must Become Supply Management, Harvard
        Business Review 61(5).
    """
    need = np.asarray(required, bool).ravel()
    on = np.ones(recipes.output.size, bool) if active is None else np.asarray(active, bool).ravel()
    makers = _ints(maker)
    low = np.full(recipes.inputs, np.iinfo(np.int64).max)
    high = np.full(recipes.inputs, -1, np.int64)
    np.minimum.at(low, recipes.output[on], makers[on])
    np.maximum.at(high, recipes.output[on], makers[on])
    return np.where(need & (low == high), high, -1)


def _csr(nodes: int, tail: ArrayLike, head: ArrayLike) -> Any:
    a, b = _ints(tail), _ints(head)
    return sparse.csr_matrix((np.ones(a.size, np.int32), (a, b)), shape=(nodes, nodes))


def downstream_reach(
    nodes: int, tail: ArrayLike, head: ArrayLike, sources: ArrayLike, weights: ArrayLike | None = None
) -> NDArray[np.float64]:
    """How much lies downstream of a few nodes.

    reach(s) = sum of w_v over all v other than s that paths from s reach.

    Args:
        nodes: number of nodes; they are 0..nodes-1.
        tail: where each edge starts (the input), shape (edges,).
        head: where it ends (what needs it), shape (edges,).
        sources: nodes asked for, shape (k,); each costs one breadth-first search, so ask for few.
        weights: w, such as output, shape (nodes,); NaN: unknown; None: 1 each, so that reach counts nodes.

    Returns:
        Shape (k,), in the unit of the weights; NaN where a reached node's weight is unknown.

    Raises:
        Nothing.

    Source:
        Breadth-first search: Cormen et al., Introduction to Algorithms, ch. 22.
    """
    graph = _csr(nodes, tail, head)
    w = np.ones(nodes) if weights is None else np.asarray(weights, np.float64).ravel()
    found = np.zeros(_ints(sources).size)
    for index, source in enumerate(_ints(sources)):
        order = csgraph.breadth_first_order(graph, int(source), directed=True, return_predecessors=False)
        found[index] = w[np.sort(order[order != source])].sum()
    return found


def dominators(nodes: int, tail: ArrayLike, head: ArrayLike, product: int) -> Ints:
    """The next node through which everything from a node to the final product must pass.

    Immediate dominators of the graph with its edges turned round, from the product.

    Args:
        nodes: number of nodes.
        tail: where each edge starts (the input), shape (edges,).
        head: where it ends (what needs it), shape (edges,).
        product: the final product.

    Returns:
        Immediate dominator of each node, shape (nodes,); -1 for the product itself and for nodes that do not lead to
        it.

    Raises:
        Nothing.

    Source:
        Lengauer & Tarjan (1979), ACM TOPLAS 1(1), for the notion; computed by rustworkx (Cooper, Harvey & Kennedy
        2001).
    """
    found = rx.immediate_dominators(_digraph(nodes, head, tail), product)
    out = np.full(nodes, -1, np.int64)
    for node, above in found.items():
        if node != product:
            out[node] = above
    return out


def articulation_points(nodes: int, a: ArrayLike, b: ArrayLike) -> Ints:
    """Nodes without which a part of the network falls off (cut vertices), directions left aside.

    v such that the graph without v has more components.

    Args:
        nodes: number of nodes.
        a: one end of each edge, shape (edges,).
        b: the other end.

    Returns:
        Nodes in ascending order.

    Raises:
        Nothing.

    Source:
        Hopcroft & Tarjan (1973), Communications of the ACM 16(6); computed by rustworkx.
    """
    return np.array(sorted(rx.articulation_points(_graph(nodes, a, b))), np.int64)


def bridges(nodes: int, a: ArrayLike, b: ArrayLike) -> Ints:
    """Edges without which a part of the network falls off, directions left aside.

    e such that the graph without e has more components.

    Args:
        nodes: number of nodes.
        a: one end of each edge, shape (edges,).
        b: the other end.

    Returns:
        Pairs (smaller, larger node) in ascending order, shape (bridges, 2).

    Raises:
        Nothing.

    Source:
        Tarjan (1974), Information Processing Letters 2(6); computed by rustworkx.
    """
    pairs = sorted((min(x, y), max(x, y)) for x, y in rx.bridges(_graph(nodes, a, b)))
    return np.array(pairs, np.int64).reshape(-1, 2)


def betweenness(
    nodes: int, tail: ArrayLike, head: ArrayLike, directed: bool = True, normalised: bool = True
) -> NDArray[np.float64]:
    """How many shortest paths run through each node.

    b(v) = sum over s, t of sigma_st(v) / sigma_st, divided by the number of pairs if normalised.

    Args:
        nodes: number of nodes; the time grows with nodes times edges.
        tail: where each edge starts, shape (edges,).
        head: where it ends.
        directed: whether paths follow the direction of edges.
        normalised: divide by (n - 1)(n - 2), or half of it if undirected.

    Returns:
        Shape (nodes,), 0-1 if normalised, else in paths.

    Raises:
        Nothing.

    Source:
        Freeman (1977), Sociometry 40(1); Brandes (2001), Journal of Mathematical Sociology 25(2); computed by
        rustworkx with one thread, so that sums do not depend on how work is shared.
    """
    if directed:
        found = rx.digraph_betweenness_centrality(
            _digraph(nodes, tail, head), normalized=normalised, parallel_threshold=_ONE_THREAD
        )
    else:
        found = rx.graph_betweenness_centrality(
            _graph(nodes, tail, head), normalized=normalised, parallel_threshold=_ONE_THREAD
        )
    return np.array([found[node] for node in range(nodes)], np.float64)


def min_cut(
    nodes: int, tail: ArrayLike, head: ArrayLike, capacity: ArrayLike, source: int, sink: int
) -> tuple[int, Mask, Ints]:
    """The narrowest place between a source and a sink.

    Maximum flow = least total capacity of edges that part the two.

    Args:
        nodes: number of nodes.
        tail: where each edge starts, shape (edges,).
        head: where it ends.
        capacity: of each edge, whole numbers in one unit, 0 to 2^31 - 1, shape (edges,).
        source: node.
        sink: node, another one.

    Returns:
        (value in the unit of capacity, mask of the nodes on the source's side, indices of the edges that are cut).

    Raises:
        ShareError: a capacity is not a whole number in range.

    Source:
        Ford & Fulkerson (1956), Canadian Journal of Mathematics 8; computed by scipy (Dinic 1970); reference value of
        Cormen et al., Introduction to Algorithms, fig. 26.1.
    """
    a, b = _ints(tail), _ints(head)
    room = np.asarray(capacity, np.float64).ravel()
    if room.size and not (np.all(np.isfinite(room)) and np.all(room == np.floor(room)) and room.min() >= 0):
        raise ShareError("capacities must be whole numbers, 0 or more", hint="Choose a smaller unit and round.")
    if room.sum() >= 2**31:
        raise ShareError("capacities sum to more than 2^31 - 1", hint="Choose a larger unit.")
    graph = sparse.csr_matrix((room.astype(np.int32), (a, b)), shape=(nodes, nodes))
    done = csgraph.maximum_flow(graph, source, sink)
    left = (graph - done.flow).tocsr()
    left.data[left.data < 0] = 0
    left.eliminate_zeros()
    side = np.zeros(nodes, bool)
    side[csgraph.breadth_first_order(left, source, directed=True, return_predecessors=False)] = True
    return int(done.flow_value), side, np.flatnonzero(side[a] & ~side[b] & (room > 0))


def _digraph(nodes: int, tail: ArrayLike, head: ArrayLike) -> rx.PyDiGraph[None, None]:
    graph: rx.PyDiGraph[None, None] = rx.PyDiGraph(multigraph=False)
    graph.add_nodes_from([None] * nodes)
    graph.add_edges_from_no_data(sorted(zip(_ints(tail).tolist(), _ints(head).tolist(), strict=True)))
    return graph


def _graph(nodes: int, a: ArrayLike, b: ArrayLike) -> rx.PyGraph[None, None]:
    graph: rx.PyGraph[None, None] = rx.PyGraph(multigraph=False)
    graph.add_nodes_from([None] * nodes)
    graph.add_edges_from_no_data(sorted(zip(_ints(a).tolist(), _ints(b).tolist(), strict=True)))
    return graph
