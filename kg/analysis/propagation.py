"""Spreads losses over a web of needs, many shocks at once, touching only what is hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

__all__ = ["Web", "spread", "tiers"]

Array: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

#: Entries of one matrix in work; above it the shocks are halved.
_ENTRIES = 2**25
#: Part of the tolerance below which a change is kept back until it has added up to more.
_KEPT_BACK = 1e-2


@dataclass(frozen=True)
class Web:
    """Who has which needs, met by whom.

    Attributes:
        weights: part that each node has in each need, 0-1, sparse (nodes, needs).
        owner: node of each need, ascending, shape (needs,); a node loses as much as its worst need.
        output: size of each node within its market, shape (nodes,); None: nobody can be replaced.
        market: of each node, integers from 0, shape (nodes,).
    """

    weights: Any
    owner: Ints
    output: Array | None
    market: Ints


def spread(web: Web, initial: Any, tolerance: float) -> Any:
    """The losses to which initial losses grow.

    loss_i = max(initial_i, max over needs g of i of sum_j weights_jg s_j loss_j), s_j = min(1, output_j / output left
    in j's market); iterated from the initial losses, all nodes at once, until no node's loss grows by more than the
    tolerance in a round.

    Args:
        web: who has which needs.
        initial: losses at first, 0-1, sparse (shocks, nodes).
        tolerance: growth at which a shock is at rest; what a hundredth of it changes is passed on once it adds up.

    Returns:
        Losses, 0-1, sparse (shocks, nodes); each row is independent of the others.

    Raises:
        Nothing.

    Source:
        Diem et al. (2022), Scientific Reports 12:7719, equations 5 to 9; frontier propagation of differences is this
        project's.
    """
    start = sparse.csr_matrix(initial, dtype=np.float64)
    start.eliminate_zeros()
    start.sort_indices()
    nothing = sparse.csr_matrix(start.shape)
    met = sparse.csr_matrix((start.shape[0], web.owner.size))
    state = _State(np.arange(start.shape[0]), start, start, nothing, met)
    done = _run(web, state, tolerance, _market_sizes(web))
    order = np.argsort(np.concatenate([rows for rows, _ in done]), kind="stable")
    return sparse.vstack([losses for _, losses in done], format="csr")[order]


@dataclass(frozen=True)
class _State:
    """Shocks in work: their numbers, initial losses, losses, what was passed on of them, what every need lacks."""

    number: Ints
    pinned: Any
    loss: Any
    passed: Any
    unmet: Any

    def rows(self, kept: Ints) -> _State:
        """Some of the shocks."""
        return _State(self.number[kept], self.pinned[kept], self.loss[kept], self.passed[kept], self.unmet[kept])


def _market_sizes(web: Web) -> Array | None:
    if web.output is None:
        return None
    return np.bincount(web.market, weights=web.output).astype(np.float64)


def _run(web: Web, state: _State, tolerance: float, sizes: Array | None) -> list[tuple[Ints, Any]]:
    """Rounds until every shock has come to rest; numbers and losses of shocks, in the order in which they rest."""
    done: list[tuple[Ints, Any]] = []
    while state.number.size:
        change = _pass_on(web, state.loss, sizes) - state.passed
        change.data[change.data <= tolerance * _KEPT_BACK] = 0.0
        change.eliminate_zeros()
        passed, unmet = state.passed + change, state.unmet + change @ web.weights
        loss = _worst_need(web, unmet).maximum(state.pinned).tocsr()
        loss.sort_indices()
        moved = (loss - state.loss).max(axis=1).toarray().ravel() > tolerance
        state = _State(state.number, state.pinned, loss, passed, unmet)
        if not moved.all():
            done.append((state.number[~moved], loss[~moved]))
            state = state.rows(np.flatnonzero(moved))
        rows = state.number.size
        if state.unmet.nnz > _ENTRIES and rows > 1:
            for half in (np.arange(rows // 2), np.arange(rows // 2, rows)):
                done += _run(web, state.rows(half), tolerance, sizes)
            return done
    return done


def _pass_on(web: Web, loss: Any, sizes: Array | None) -> Any:
    """Losses as customers feel them: less where the market has others."""
    if web.output is None or sizes is None or loss.nnz == 0:
        return loss
    rows = np.repeat(np.arange(loss.shape[0]), np.diff(loss.indptr))
    own = web.output[loss.indices]
    cell = rows * sizes.size + web.market[loss.indices]
    cells, where = np.unique(cell, return_inverse=True)
    left = sizes[cells % sizes.size] - np.bincount(where, weights=own * loss.data)
    # What rounding leaves of an empty market is no market.
    left = np.where(left <= 1e-12 * sizes[cells % sizes.size], 0.0, left)[where]
    felt = np.where(own >= left, 1.0, own / np.where(left > 0, left, 1.0))
    return sparse.csr_matrix((felt * loss.data, loss.indices, loss.indptr), shape=loss.shape)


def _worst_need(web: Web, unmet: Any) -> Any:
    """What the worst need of every node lacks."""
    unmet.sort_indices()
    nodes = web.weights.shape[0]
    rows = np.repeat(np.arange(unmet.shape[0]), np.diff(unmet.indptr))
    who = web.owner[unmet.indices]
    if who.size == 0:
        return sparse.csr_matrix((unmet.shape[0], nodes))
    new = np.ones(who.size, bool)
    new[1:] = (who[1:] != who[:-1]) | (rows[1:] != rows[:-1])
    first = np.flatnonzero(new)
    worst = np.minimum(np.maximum.reduceat(unmet.data, first), 1.0)
    indptr = np.zeros(unmet.shape[0] + 1, np.int64)
    np.cumsum(np.bincount(rows[first], minlength=unmet.shape[0]), out=indptr[1:])
    return sparse.csr_matrix((worst, who[first], indptr), shape=(unmet.shape[0], nodes))


def tiers(web: Web, loss: Array, initial: NDArray[np.bool_], counted: NDArray[np.bool_]) -> Ints:
    """After how many steps from a shock each node is hit.

    Breadth-first over needs, through nodes that lose anything; only steps into counted nodes count.

    Args:
        web: who has which needs.
        loss: of each node in the end, 0-1, shape (nodes,).
        initial: nodes that are lost at first, bool, shape (nodes,).
        counted: nodes that make a step, bool, shape (nodes,): all for tiers of firms; where firms meet in markets,
            the markets.

    Returns:
        Tier, shape (nodes,): 0 for the lost ones; -1 for nodes that are not hit.

    Raises:
        Nothing.

    Source:
        Breadth-first search: Cormen et al., Introduction to Algorithms, ch. 22.
    """
    tier = np.full(loss.size, -1, np.int64)
    front = np.flatnonzero(initial)
    step = 0
    while front.size:
        later: list[Ints] = []
        while front.size:
            tier[front] = step
            reached = np.unique(web.owner[np.unique(web.weights[front].indices)])
            reached = reached[(tier[reached] < 0) & (loss[reached] > 0)]
            later.append(reached[counted[reached]])
            front = reached[~counted[reached]]
        front = np.unique(np.concatenate(later))
        front = front[tier[front] < 0]
        step += 1
    return tier
