"""The linkage network of regional industries, and the six directions in which a linkage can run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["LinkageNetwork", "linkage_network", "split_flows"]

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


def linkage_network(flows: ArrayLike, regions: ArrayLike, stages: ArrayLike) -> LinkageNetwork:
    """The linkage network: node and edge weights, and the direction of every edge.

    Formula: weight_ij = z_ij > 0; node weight_i = sum_j z_ij + sum_j z_ji - z_ii; forward if stage_i < stage_j,
        backward if >, horizontal if equal; two-way if z_ij and z_ji > 0 at two stages; intra-regional if region_i =
        region_j, else extra-regional
    Source: Gao (2022), section 3.2 (node = regional industry, point weight = linkage ability, edge = linkage strength).
    Reference: three nodes in two regions, by hand.

    Args:
        flows: nodes x nodes, row gives to column, one unit and period; NaN: not known, no edge is made of it.
        regions: region of each node, as an index.
        stages: place of each node's link in the order of the chain, rising downstream; NaN: not known, no direction
            by stage.

    Returns:
        see `LinkageNetwork`; edges in the order of the rows. A node weight is NaN where one of its flows is not known.

    Raises:
        ValueError: the shapes do not fit, or a flow is negative.
    """
    z = np.asarray(flows, dtype=np.float64)
    place, stage = np.asarray(regions, dtype=np.int64), np.asarray(stages, dtype=np.float64)
    if z.ndim != 2 or z.shape[0] != z.shape[1] or place.shape != (z.shape[0],) or stage.shape != place.shape:
        raise ValueError("a square table of flows, and a region and a stage a node are needed")
    if (z < 0).any():
        raise ValueError("a flow is negative; turn it round instead")
    source, target = np.nonzero(np.nan_to_num(z, nan=0.0) > 0)
    before, after = stage[source], stage[target]
    back = np.nan_to_num(z, nan=0.0)[target, source] > 0
    same = place[source] == place[target]
    return LinkageNetwork(
        node_weight=z.sum(axis=1) + z.sum(axis=0) - np.diag(z),
        source=source.astype(np.int64),
        target=target.astype(np.int64),
        weight=z[source, target],
        forward=before < after,
        backward=before > after,
        horizontal=before == after,
        two_way=back & ((before < after) | (before > after)),
        intra_regional=same,
        extra_regional=~same,
    )


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
