"""The linkage network of regional industries, and the six directions in which a linkage can run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from kg.analysis.linkage import allocation_coefficients, column_sums, row_sums, technical_coefficients

__all__ = ["LinkageNetwork", "LinkagePower", "linkage_network", "linkage_power", "split_flows"]

Array = NDArray[np.float64]


@dataclass(frozen=True)
class LinkageNetwork:
    """Nodes and edges of the linkage network; one edge for each ordered pair with a flow.

    Attributes:
        node_weight: linkage ability of each regional industry: all that flows out of it and into it.
        source, target: nodes of each edge.
        weight: linkage strength of each edge, in the unit of the flows.
        forward, backward, horizontal: it runs to a later, an earlier, the same stage.
        two_way: a flow runs back from the later to the earlier as well.
        intra_regional, extra_regional: within one region, between two.
    """

    node_weight: Array
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    weight: Array
    forward: NDArray[np.bool_]
    backward: NDArray[np.bool_]
    horizontal: NDArray[np.bool_]
    two_way: NDArray[np.bool_]
    intra_regional: NDArray[np.bool_]
    extra_regional: NDArray[np.bool_]


@dataclass(frozen=True)
class LinkagePower:
    """How each node of the linkage network pulls and pushes the others; one value a node, in the order of the flows.

    Attributes:
        given, taken, inside: what flows out of it, into it, and both out of it and into it.
        total: the larger of given and taken.
        backward: power of dispersion; 1 = average, more = a unit taken pulls more than the average, from all others.
        forward: the same on the supply side; more = a unit given pushes more than the average.
    """

    given: Array
    taken: Array
    inside: Array
    total: Array
    backward: Array
    forward: Array


def linkage_network(flows: Any, regions: ArrayLike, stages: ArrayLike) -> LinkageNetwork:
    """The linkage network: node and edge weights, and the direction of every edge.

    Formula: weight_ij = z_ij > 0; node weight_i = sum_j z_ij + sum_j z_ji - z_ii; forward if stage_i < stage_j,
        backward if >, horizontal if equal; two-way if z_ij and z_ji > 0 at two stages; intra-regional if region_i =
        region_j, else extra-regional
    Source: Gao (2022), section 3.2 (node = regional industry, point weight = linkage ability, edge = linkage strength).
    Reference: three nodes in two regions, by hand.

    Args:
        flows: nodes x nodes, row gives to column, one unit and period, dense or sparse; NaN: not known, no edge is
            made of it.
        regions: region of each node, as an index.
        stages: place of each node's link in the order of the chain, rising downstream; NaN: not known, no direction
            by stage.

    Returns:
        see `LinkageNetwork`; edges in the order of the rows. A node weight is NaN where one of its flows is not known.

    Raises:
        ValueError: the shapes do not fit, or a flow is negative.
    """
    z = _flow_table(flows)
    place, stage = np.asarray(regions, dtype=np.int64), np.asarray(stages, dtype=np.float64)
    if place.shape != (z.shape[0],) or stage.shape != place.shape:
        raise ValueError("a square table of flows, and a region and a stage a node are needed")
    entries = z.tocoo()
    known = entries.data > 0
    source, target = (axis[known].astype(np.int64) for axis in entries.coords)
    before, after = stage[source], stage[target]
    back = np.isin(target * z.shape[0] + source, source * z.shape[0] + target)
    same = place[source] == place[target]
    return LinkageNetwork(
        node_weight=np.asarray(z.sum(axis=1) + z.sum(axis=0) - z.diagonal(), dtype=np.float64),
        source=source,
        target=target,
        weight=entries.data[known],
        forward=before < after,
        backward=before > after,
        horizontal=before == after,
        two_way=back & ((before < after) | (before > after)),
        intra_regional=same,
        extra_regional=~same,
    )


def linkage_power(flows: Any) -> LinkagePower:
    """Backward and forward power of each node of a network of which only the flows within it are known.

    Formula: given = Z 1, taken = Z^T 1, x = max(given, taken); A = Z diag(x)^-1, B = diag(x)^-1 Z; backward_j = n b_j /
        sum b, b = column sums of (I - A)^-1; forward_i = n f_i / sum f, f = row sums of (I - B)^-1
    Source: Rasmussen, P. N. (1956) and Ghosh, A. (1958), as in `linkage.dispersion`. x is the smallest total that both
        sides of a node allow: what it gives beyond what it takes is added there, what it takes beyond is used there.
    Reference: Z = (1 2; 0 1): x = (3, 3), backward 2/3, 4/3, forward 4/3, 2/3.

    Args:
        flows: nodes x nodes, row gives to column, one unit and period, dense or sparse.

    Returns:
        see `LinkagePower`. The powers are NaN at a node without a flow, which no average counts, and at every node
        where a part of the network neither adds nor uses anything: what runs round in it has no end.

    Raises:
        ValueError: the table is not square, a flow is negative or not known.
    """
    z = _flow_table(flows)
    if np.isnan(z.data).any():
        raise ValueError("a flow is not known")
    given, taken = (np.asarray(z.sum(axis=axis), dtype=np.float64) for axis in (1, 0))
    total = np.maximum(given, taken)
    backward, forward = np.full(total.size, np.nan), np.full(total.size, np.nan)
    (at,) = np.nonzero(total > 0)
    inner, x = z[at][:, at], total[at]
    try:
        pulls = column_sums(technical_coefficients(inner, x))
        pushes = row_sums(allocation_coefficients(inner, x))
    except ValueError:
        pass  # The series has no end: what the powers are is not known.
    else:
        backward[at], forward[at] = at.size * pulls / pulls.sum(), at.size * pushes / pushes.sum()
    return LinkagePower(given, taken, np.asarray(z.diagonal(), dtype=np.float64), total, backward, forward)


def split_flows(giving: ArrayLike, taking: ArrayLike, volume: float = 1.0) -> Array:
    """What each place is expected to give to each other where only totals are known.

    Formula: z_rs = volume g_r t_s / (sum g sum t)
    Source: Leontief, W. and Strout, A. (1963), the gravity model of interregional flows, without a distance term;
        the least biased split (maximum entropy) for known margins.
    Reference: giving (3, 1), taking (1, 1), volume 1: (0.375 0.375; 0.125 0.125).

    Args:
        giving: capacity or number of providers in each place, 0 or more.
        taking: the same of those who take.
        volume: what flows altogether.

    Returns:
        places x places, in the unit of the volume; NaN throughout where a total is 0 or not known.

    Raises:
        ValueError: a negative value.
    """
    g, t = np.asarray(giving, dtype=np.float64), np.asarray(taking, dtype=np.float64)
    if (g < 0).any() or (t < 0).any():
        raise ValueError("giving and taking cannot be negative")
    total = g.sum() * t.sum()
    if not total > 0:
        return np.full((g.size, t.size), np.nan)
    return np.asarray(volume * np.outer(g, t) / total, dtype=np.float64)


def _flow_table(flows: Any) -> Any:
    table = sparse.csr_array(flows, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError("a square table of flows, and a region and a stage a node are needed")
    table.sum_duplicates()
    if (table.data < 0).any():
        raise ValueError("a flow is negative; turn it round instead")
    return table
