"""How the loss of firms spreads along supply relations: systemic risk index, inoperability, time to survive."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import linalg

from kg.analysis.propagation import Web, spread
from kg.errors import ShareError

__all__ = [
    "Losses",
    "SupplyNetwork",
    "SystemicRisk",
    "inoperability",
    "interdependence",
    "shock",
    "systemic_risk",
    "time_to_survive",
]

Array: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

#: A shock is at rest when no firm's loss grows by more in a round; the value of the index's authors.
TOLERANCE = 1e-2
#: Entries of the matrix of shocks x groups of inputs that are worked on at once.
_BLOCK = 2**27


@dataclass(frozen=True)
class SupplyNetwork:
    """Who supplies whom.

    Attributes:
        firms: number of firms; they are 0..firms-1.
        supplier: of each relation, shape (relations,).
        customer: of each relation.
        weight: volume in one unit and period, above 0; a relation that is listed twice is summed.
        sector: of each firm, integers from 0, shape (firms,): firms of one sector can replace each other, and a
            customer's essential inputs from one sector are one need.
        essential: whether the customer can make nothing without this input, bool, shape (relations,).
    """

    firms: int
    supplier: Ints
    customer: Ints
    weight: Array
    sector: Ints
    essential: NDArray[np.bool_]

    def __post_init__(self) -> None:
        size = self.supplier.size
        if not size == self.customer.size == self.weight.size == self.essential.size:
            raise ShareError("the columns of supply relations have unequal lengths")
        if self.sector.size != self.firms or (self.firms and self.sector.min() < 0):
            raise ShareError(f"{self.sector.size} sectors for {self.firms} firms", hint="Number sectors from 0.")
        if size and not (np.all(np.isfinite(self.weight)) and self.weight.min() > 0):
            raise ShareError(
                "a supply relation has no volume, or none above 0",
                hint="Leave such a relation out, or give every relation the weight 1.",
            )
        for ends in (self.supplier, self.customer):
            if size and (ends.min() < 0 or ends.max() >= self.firms):
                raise ShareError("a supply relation names a firm that does not exist")


@dataclass(frozen=True)
class Losses:
    """What shocks cost every firm.

    Attributes:
        down: part of each firm's production that is lost for want of inputs, 0-1, sparse (shocks, firms).
        up: part lost for want of customers, likewise.
        total: the larger of the two.
    """

    down: Any
    up: Any
    total: Any


@dataclass(frozen=True)
class SystemicRisk:
    """Economic Systemic Risk Index of firms, each 0-1, shape (firms asked for,).

    Attributes:
        total: part of the network's output that is lost with the firm.
        down: the part lost for want of inputs alone.
        up: the part lost for want of customers alone.
    """

    total: Array
    down: Array
    up: Array


@dataclass(frozen=True)
class _Prepared:
    down: Web
    up: Web
    output: Array


def shock(network: SupplyNetwork, initial: Any, replaceable: bool = True, tolerance: float = TOLERANCE) -> Losses:
    """What the loss of production at some firms costs all firms in the end.

    Downstream: h_i = min over essential sectors k of (1 - sum_{j in k} s_j W_ji / W_ki (1 - h_j)) and
    1 - sum_{j not essential} s_j W_ji / W_.i (1 - h_j); upstream: h_i = 1 - sum_l W_il / W_i. (1 - h_l); neither
    above 1 - the initial loss, round by round. s_j = min(1, W_j. / sum over j's sector of W_l. h_l) says how hard j is
    to replace by what is left of its sector.

    Args:
        network: who supplies whom.
        initial: part of each firm's production that is lost at first, 0-1, sparse or dense (shocks, firms).
        replaceable: firms of a sector take each other's place (s_j as above); else s_j = 1.
        tolerance: the cascade ends when no firm's loss grows by more than this in a round. It is part of the
            definition, not only of the precision: where firms sell to each other alone, without final demand, losses
            go round for long, and in the limit all is lost.

    Returns:
        Losses, 0-1. They depend neither on the order of relations nor on what else is asked for.

    Raises:
        ShareError: `initial` is not 0-1 or not as wide as there are firms.

    Source:
        Diem, Borsos, Reisch, Kertesz & Thurner (2022), Quantifying firm-level economic systemic risk from nation-wide
        supply networks, Scientific Reports 12:7719.
    """
    rows = sparse.csr_matrix(initial, dtype=np.float64)
    if rows.shape[1] != network.firms or (rows.nnz and (rows.data.min() < 0 or not rows.data.max() <= 1)):
        raise ShareError("initial losses must be 0-1, one column a firm")
    return _losses(_prepare(network, replaceable), rows, tolerance)


def _losses(ready: _Prepared, initial: Any, tolerance: float) -> Losses:
    down, up = spread(ready.down, initial, tolerance), spread(ready.up, initial, tolerance)
    return Losses(down, up, down.maximum(up).tocsr())


def systemic_risk(
    network: SupplyNetwork,
    firms: ArrayLike | None = None,
    replaceable: bool = True,
    tolerance: float = TOLERANCE,
    workers: int = 1,
) -> SystemicRisk:
    """Economic Systemic Risk Index: the part of the network's output that is lost if one firm fails.

    ESRI_i = sum_j W_j. / W_.. (1 - min(h_down_j, h_up_j)), with the losses of `shock` when i loses everything.

    Args:
        network: who supplies whom.
        firms: firms asked for, shape (k,); None: all.
        replaceable: as for `shock`.
        tolerance: as for `shock`.
        workers: threads; the numbers do not depend on it.

    Returns:
        Indices, 0-1; NaN if nobody supplies anybody.

    Raises:
        ShareError: a firm does not exist.

    Source:
        Diem et al. (2022), Scientific Reports 12:7719; the 66 values of its figure 1 are in the tests.
    """
    asked = np.arange(network.firms) if firms is None else np.asarray(firms, np.int64).ravel()
    if asked.size and (asked.min() < 0 or asked.max() >= network.firms):
        raise ShareError("a firm that is asked for does not exist")
    ready = _prepare(network, replaceable)
    size = int(max(1, min(512, _BLOCK // max(1, ready.down.weights.shape[1]))))
    volume = ready.output.sum()

    def block(start: int) -> tuple[Array, Array, Array]:
        some = asked[start : start + size]
        initial = sparse.csr_matrix(
            (np.ones(some.size), (np.arange(some.size), some)), shape=(some.size, network.firms)
        )
        losses = _losses(ready, initial, tolerance)
        return tuple(part @ ready.output / volume for part in (losses.total, losses.down, losses.up))

    if volume == 0 or asked.size == 0:
        nothing = np.full(asked.size, np.nan)
        return SystemicRisk(nothing, nothing.copy(), nothing.copy())
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        done = list(pool.map(block, range(0, asked.size, size)))
    return SystemicRisk(*(np.concatenate(part) for part in zip(*done, strict=True)))


def _prepare(network: SupplyNetwork, replaceable: bool) -> _Prepared:
    """The two webs of a network, from relations in an order of their own."""
    n = network.firms
    order = np.lexsort((network.weight, network.essential, network.customer, network.supplier))
    supplier, customer = network.supplier[order], network.customer[order]
    weight, essential = network.weight[order], network.essential[order]
    output: Array = np.bincount(supplier, weights=weight, minlength=n).astype(np.float64)
    taken = np.bincount(customer, weights=weight, minlength=n)
    # A need: the customer's essential inputs of one sector, or (key 0) all of its other inputs together.
    key = customer * (int(network.sector.max(initial=0)) + 2) + np.where(essential, network.sector[supplier] + 1, 0)
    needs, group = np.unique(key, return_inverse=True)
    owner = np.zeros(needs.size, np.int64)
    owner[group] = customer
    of_need = np.bincount(group, weights=weight, minlength=needs.size)
    part = weight / np.where(essential, of_need[group], taken[customer])
    down = sparse.csr_matrix((part, (supplier, group)), shape=(n, needs.size))
    up = sparse.csr_matrix((weight / output[supplier], (customer, supplier)), shape=(n, n))
    down.sort_indices()
    up.sort_indices()
    return _Prepared(
        Web(down, owner, output if replaceable else None, network.sector),
        Web(up, np.arange(n, dtype=np.int64), None, network.sector),
        output,
    )


def interdependence(flows: ArrayLike, output: ArrayLike) -> Array:
    """Matrix of interdependence of an economy in which demand is what fails.

    A* = x^-1 A x, A = Z x^-1, so A*_ij = Z_ij / x_i.

    Args:
        flows: Z, from sector i to sector j, one unit of money, shape (n, n).
        output: x, total output of each sector, same unit, above 0, shape (n,).

    Returns:
        A*, no unit, shape (n, n).

    Raises:
        ShareError: an output is not above 0.

    Source:
        Santos & Haimes (2004), Modeling the demand reduction input-output inoperability due to terrorism of
        interconnected infrastructures, Risk Analysis 24(6).
    """
    x = np.asarray(output, np.float64).ravel()
    if not (x > 0).all():
        raise ShareError("the output of a sector is not above 0", hint="Leave sectors without output out.")
    return np.asarray(flows, np.float64) / x[:, None]


def inoperability(matrix: Any, perturbation: ArrayLike) -> Array:
    """Part of each sector's normal production that is lost after a fall in final demand.

    q = (I - A*)^-1 c*.

    Args:
        matrix: A*, of `interdependence`, dense or sparse (n, n).
        perturbation: c*, fall in final demand as part of the sector's normal output, 0-1, shape (n,).

    Returns:
        q, 0-1, shape (n,).

    Raises:
        ShareError: the system has no solution between 0 and 1.

    Source:
        Haimes & Jiang (2001), Leontief-based model of risk in complex interconnected infrastructures, Journal of
        Infrastructure Systems 7(1); toy 5 in the tests.
    """
    a = sparse.csc_matrix(matrix, dtype=np.float64)
    c = np.asarray(perturbation, np.float64).ravel()
    if a.shape != (c.size, c.size):
        raise ShareError(f"a matrix of {a.shape} does not fit a perturbation of {c.size} sectors")
    q = np.atleast_1d(linalg.splu(sparse.identity(c.size, format="csc") - a).solve(c))
    if not ((q >= -1e-9).all() and (q <= 1 + 1e-9).all()):
        raise ShareError(
            "the inoperability of a sector leaves 0-1", hint="Do flows and output have one unit, and is c* 0-1?"
        )
    out: Array = np.clip(q, 0.0, 1.0)
    return out


def time_to_survive(
    use: ArrayLike,
    stock: ArrayLike,
    time_to_recover: ArrayLike,
    backup: ArrayLike = 0.0,
    margin: ArrayLike = 1.0,
) -> Iterator[Array]:
    """How long stock lasts when a supply stops, and what is lost until it comes back.

    TTS = stock / (use - backup);  lost = max(0, TTR - TTS) (use - backup);  cost = lost margin.

    Args:
        use: units a day, 0 or more.
        stock: units.
        time_to_recover: TTR, days.
        backup: units a day from elsewhere.
        margin: money a unit.

    Returns:
        (TTS in days, infinite where the backup is enough; units lost; cost in the unit of the margin), each broadcast
        over the arguments; NaN where an argument is.

    Raises:
        ShareError: an argument is negative.

    Source:
        Simchi-Levi et al. (2015), Identifying Risks and Mitigating Disruptions in the Automotive Supply Chain,
        Interfaces 45(5); toy 4 in the tests.
    """
    arguments = (use, stock, time_to_recover, backup, margin)
    u, s, t, b, m = np.broadcast_arrays(*(np.asarray(value, np.float64) for value in arguments))
    if any((values < 0).any() for values in (u, s, t, b, m)):
        raise ShareError("use, stock, times, backup and margin must be 0 or more")
    lack = np.maximum(u - b, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        survive = np.where(lack == 0, np.inf, s / lack)
    lost = np.where(lack == 0, 0.0, np.maximum(t - survive, 0.0) * lack)
    return iter((survive, lost, lost * m))
