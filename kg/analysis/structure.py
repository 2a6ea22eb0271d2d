"""The shape of a chain: how long, how wide, in which tiers, with which spine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

__all__ = ["Fishbone", "Shape", "fishbone", "shape"]


@dataclass(frozen=True)
class Shape:
    """Length, width and tiers.

    Attributes:
        tiers: tier of each node, from 1 at the start of the chain; nodes of one loop share it.
        length: steps on the longest path.
        widths: weight of each tier, from the first on; NaN where a weight is not known.
        width_max: largest of them.
        width_mean: their mean.
    """

    tiers: tuple[int, ...]
    length: int
    widths: tuple[float, ...]
    width_max: float
    width_mean: float


@dataclass(frozen=True)
class Fishbone:
    """A chain as a fishbone.

    Attributes:
        spine: nodes on the core path, from the start to the end.
        ribs: node beside the spine -> node of the spine that it joins or leaves; None where it does neither.
    """

    spine: tuple[int, ...]
    ribs: Mapping[int, int | None]


def shape(sources: ArrayLike, targets: ArrayLike, weights: ArrayLike) -> Shape:
    """Length and width of a chain.

    Formula: tier = 1 + longest path from a node without predecessor, after condensing loops; length = largest
        tier - 1; width of a tier = sum of its nodes' weights
    Source: Gao (2022), section 5: vertical relations make the length, horizontal ones the width; generations of
        a directed acyclic graph (Kahn 1962).
    Reference: ore, ore > steel > bearing > robot; rubber > seal > robot; encoder > robot: length 3, widths 4, 2, 1, 1.

    Args:
        sources, targets: ends of the edges, an earlier node and a later one, as indexes.
        weights: one a node: 1 to count links, or its number of firms; NaN: not known.

    Returns:
        see `Shape`; length in steps, widths in the unit of the weights. Without nodes everything is 0 or NaN.

    Raises:
        ValueError: an edge names a node that has no weight, or the ends differ in number.
    """
    a, b, w = _edges(sources, targets, weights)
    tiers = _tiers(a, b, w.size)
    widths = tuple(float(w[tiers == tier].sum()) for tier in range(1, int(tiers.max(initial=0)) + 1))
    if not widths:
        return Shape((), 0, (), float("nan"), float("nan"))
    return Shape(
        tuple(int(tier) for tier in tiers), len(widths) - 1, widths, float(np.max(widths)), float(np.mean(widths))
    )


def fishbone(sources: ArrayLike, targets: ArrayLike, weights: ArrayLike) -> Fishbone:
    """Spine and ribs of a chain.

    Formula: spine = longest path after condensing loops, among equals the one with the largest sum of weights,
        then the smallest indexes; a loop stands on it with its heaviest node; a rib joins the first node of the
        spine that it leads to, else it leaves the last one that leads to it
    Source: Gao (2022), section 3.1: a supply chain as a fishbone on the plane.
    Reference: the tree of `shape`: spine ore1, steel, bearing, robot; ore2 joins steel, seal joins robot.

    Args:
        sources, targets, weights: as for `shape`; a weight that is not known counts as 0 in the choice.

    Returns:
        see `Fishbone`.

    Raises:
        ValueError: as for `shape`.
    """
    a, b, w = _edges(sources, targets, weights)
    size = w.size
    if not size:
        return Fishbone((), {})
    labels = _components(a, b, size)
    worth = np.nan_to_num(w, nan=0.0)
    after = _neighbours(a, b, size)
    # Of a loop one node stands on the spine, the heaviest; what any of its nodes leads to may follow.
    heaviest: dict[int, int] = {}
    for node in sorted(range(size), key=lambda node: (-float(worth[node]), node)):
        heaviest.setdefault(int(labels[node]), node)
    tier_of = dict(zip(labels.tolist(), _tiers(a, b, size).tolist(), strict=True))
    follow = _neighbours(labels[a], labels[b], len(heaviest))
    best: dict[int, tuple[int, float, tuple[int, ...]]] = {}
    for loop in sorted(heaviest, key=lambda loop: -tier_of[loop]):
        tails = [best[next_] for next_ in follow[loop] if next_ != loop]
        # Longest first, then heaviest, then smallest indexes.
        tail = min(tails, key=lambda item: (-item[0], -item[1], item[2]), default=(0, 0.0, ()))
        node = heaviest[loop]
        best[loop] = (tail[0] + 1, tail[1] + float(worth[node]), (node, *tail[2]))
    spine = min(best.values(), key=lambda item: (-item[0], -item[1], item[2]))[2]
    before = _neighbours(b, a, size)
    ribs: dict[int, int | None] = {}
    place = {node: index for index, node in enumerate(spine)}
    for node in range(size):
        if node not in place:
            joined = min((place[x] for x in _reach(node, after) if x in place), default=None)
            left = max((place[x] for x in _reach(node, before) if x in place), default=None)
            index = joined if joined is not None else left
            ribs[node] = None if index is None else spine[index]
    return Fishbone(spine, ribs)


def _edges(
    sources: ArrayLike, targets: ArrayLike, weights: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    a, b = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    w = np.asarray(weights, dtype=np.float64)
    if a.shape != b.shape:
        raise ValueError("as many sources as targets are needed")
    if a.size and (min(a.min(), b.min()) < 0 or max(a.max(), b.max()) >= w.size):
        raise ValueError("an edge names a node that has no weight")
    return a, b, w


def _components(a: NDArray[np.int64], b: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    graph = sparse.csr_array((np.ones(a.size), (a, b)), shape=(size, size))
    return np.asarray(csgraph.connected_components(graph, directed=True, connection="strong")[1], dtype=np.int64)


def _tiers(a: NDArray[np.int64], b: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    labels = _components(a, b, size)
    count = int(labels.max(initial=-1)) + 1
    edges = {(int(labels[x]), int(labels[y])) for x, y in zip(a.tolist(), b.tolist(), strict=True)}
    waits = [0] * count
    after: list[list[int]] = [[] for _ in range(count)]
    for x, y in sorted(edges):
        if x != y:
            after[x].append(y)
            waits[y] += 1
    tier = [1] * count
    ready = [node for node in range(count) if not waits[node]]
    while ready:
        node = ready.pop()
        for next_ in after[node]:
            tier[next_] = max(tier[next_], tier[node] + 1)
            waits[next_] -= 1
            if not waits[next_]:
                ready.append(next_)
    return np.asarray([tier[label] for label in labels.tolist()], dtype=np.int64)


def _neighbours(a: NDArray[np.int64], b: NDArray[np.int64], size: int) -> list[list[int]]:
    found: list[set[int]] = [set() for _ in range(size)]
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        found[x].add(y)
    return [sorted(items) for items in found]


def _reach(start: int, next_: Sequence[Sequence[int]]) -> set[int]:
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        for node in next_[waiting.pop()]:
            if node not in seen:
                seen.add(node)
                waiting.append(node)
    return seen
