"""Collects who needs what, met by whom, into the web over which losses spread."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kg.analysis.propagation import Web

__all__ = ["Needs"]

Ints: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.float64]


class Needs:
    """Collects the needs of nodes; the list of one need's parts is weights over nodes."""

    def __init__(self) -> None:
        self.owner: list[Ints] = []
        self.node: list[Ints] = []
        self.need: list[Ints] = []
        self.weight: list[Array] = []
        self.size = 0

    def each(self, owner: Ints, node: Ints) -> None:
        """Every pair is a need of its own: without it nothing."""
        self.grouped(owner, np.arange(owner.size), node, np.ones(owner.size))

    def grouped(self, owner: Ints, need: Ints, node: Ints, weight: Array) -> None:
        """One need per owner in `owner`, met by several nodes."""
        self.owner.append(owner)
        self.node.append(node)
        self.need.append(need + self.size)
        self.weight.append(weight)
        self.size += owner.size

    def web(self, nodes: int, output: Array, market: Ints) -> Web:
        """The needs as a web; needs are numbered by owner, as a web wants them."""
        owner = np.concatenate(self.owner)
        order = np.argsort(owner, kind="stable")
        number = np.empty(order.size, np.int64)
        number[order] = np.arange(order.size)
        weights = sparse.csr_matrix(
            (np.concatenate(self.weight), (np.concatenate(self.node), number[np.concatenate(self.need)])),
            shape=(nodes, owner.size),
        )
        weights.sort_indices()
        return Web(weights, owner[order], output, market)
