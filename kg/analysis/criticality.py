"""Which nodes of a requirement network matter most: reach, dominators, cut vertices, betweenness, narrowest cut."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import rustworkx as rx
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

from kg.errors import ShareError

__all__ = [
    "articulation_points",
    "betweenness",
    "bridges",
    "dominators",
    "downstream_reach",
    "min_cut",
]

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

#: Above this many nodes rustworkx works with several threads, and sums in an order that it does not fix.
_ONE_THREAD = 2**31


def _ints(values: ArrayLike) -> Ints:
    return np.asarray(values, dtype=np.int64).ravel()


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
    found: set[Any] = rx.bridges(_graph(nodes, a, b))
    pairs = sorted((min(x, y), max(x, y)) for x, y in found)
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
