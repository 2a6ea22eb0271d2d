"""Dynamic equilibrium: how far parts of a system agree, balance, recover and close their loops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph

__all__ = [
    "Ascendency",
    "Coordination",
    "ascendency",
    "balance",
    "closed_loops",
    "coordination",
    "finn_cycling_index",
    "resilience",
    "scaled",
    "trend",
]

Array = NDArray[np.float64]
Form = Literal["wang", "standard", "fan"]


@dataclass(frozen=True)
class Coordination:
    """How far subsystems couple and how far they are developed together, all 0-1.

    Attributes:
        coupling: C, 1 = all equal.
        development: T, weighted mean.
        coordination: D = sqrt(C T).
    """

    coupling: Array
    development: Array
    coordination: Array


@dataclass(frozen=True)
class Ascendency:
    """Size and order of a flow network.

    Attributes:
        throughput: all flows with those over the boundary, in the unit of the flows.
        information: average mutual information, bits.
        diversity: entropy of the flows, bits.
        ascendency: throughput x information.
        capacity: throughput x diversity.
        overhead: capacity - ascendency.
        robustness: -a ln a with a = ascendency / capacity, 0-1/e.
    """

    throughput: float
    information: float
    diversity: float
    ascendency: float
    capacity: float
    overhead: float
    robustness: float


def scaled(values: ArrayLike, low: float, high: float, smaller_is_better: bool = False) -> Array:
    """An indicator between fixed bounds, so that years and regions stay comparable.

    Formula: (v - low) / (high - low), or 1 minus it, kept within 0-1
    Source: Wang, S. et al. (2021), Journal of Natural Resources 36(3), 793-810, on fixed bounds.
    Reference: by definition.

    Args:
        values: in the indicator's own unit; NaN: not known.
        low, high: bounds in that unit, chosen before the data are seen.
        smaller_is_better: turns the scale round.

    Returns:
        0-1, NaN where not known.

    Raises:
        ValueError: the upper bound is not above the lower.
    """
    if not high > low:
        raise ValueError(f"the upper bound {high:g} must be above the lower {low:g}")
    part = np.clip((np.asarray(values, dtype=np.float64) - low) / (high - low), 0.0, 1.0)
    return 1.0 - part if smaller_is_better else part


def coordination(levels: ArrayLike, weights: ArrayLike | None = None, form: Form = "wang") -> Coordination:
    """Coupling coordination degree of subsystems.

    Formula: wang C = sqrt((1 - sum_{i>j} |U_i - U_j| / (n (n - 1) / 2)) (prod U_i / U_max)^(1 / (n - 1)));
        standard C = n (prod U_i)^(1 / n) / sum U_i; fan C = 1 - 2 sd(U) (over n); T = sum w_i U_i; D = sqrt(C T)
    Source: Wang, S. et al. (2021), Journal of Natural Resources 36(3), 793-810; Fan, D. et al. (2022).
    Reference: six rows of four subsystems, first row C 0.4722274, D 0.4776480 (standard 0.8051958, 0.6237105).

    Args:
        levels: cases x subsystems, or one case, each 0-1 (`scaled`); NaN: not known.
        weights: one a subsystem, sum 1; None: equal.
        form: which coupling degree. The misprinted forms (lost coefficient, pairwise sum, no root) are left out.

    Returns:
        one number a case, 0-1; NaN where a level is not known.

    Raises:
        ValueError: fewer than two subsystems, a level outside 0-1, or weights that do not fit or sum to 1.
    """
    u = np.atleast_2d(np.asarray(levels, dtype=np.float64))
    n = u.shape[1]
    if n < 2:
        raise ValueError("two subsystems at least are needed")
    if ((u < 0) | (u > 1)).any():
        raise ValueError("a level is outside 0-1; scale the indicators first")
    w = np.full(n, 1 / n) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (n,) or abs(float(w.sum()) - 1) > 1e-6:
        raise ValueError(f"{n} weights that sum to 1 are needed")
    development = u @ w
    coupling = _coupling(u, form)
    return Coordination(coupling, development, np.sqrt(np.maximum(coupling * development, 0.0)))


def trend(times: ArrayLike, values: ArrayLike) -> float:
    """How much a quantity grows in a unit of time, by the straight line that fits it best.

    Formula: sum (t_i - mean t) (v_i - mean v) / sum (t_i - mean t)^2
    Source: method of least squares, Legendre (1805), Nouvelles méthodes pour la détermination des orbites des comètes.
    Reference: 0.1, 0.2, 0.4 in three years: 0.15 a year.

    Args:
        times: in one unit, not all the same.
        values: at these times; NaN: not known.

    Returns:
        units of the values per unit of time; NaN where a value is not known or there are fewer than two.

    Raises:
        ValueError: the shapes do not fit, or all times are the same.
    """
    t, v = np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)
    if t.shape != v.shape or t.ndim != 1:
        raise ValueError("every time needs one value")
    if t.size < 2 or np.isnan(v).any():
        return float("nan")
    away = t - t.mean()
    if not away.any():
        raise ValueError("times are needed that are not all the same")
    return float((away * (v - v.mean())).sum() / (away**2).sum())


def balance(supply: ArrayLike, demand: ArrayLike) -> Array:
    """Balance of supply and demand at a link.

    Formula: (S - D) / (S + D)
    Source: METHODS of this project, after Gao (2022), section 4, on dynamic equilibrium.
    Reference: S = 3, D = 1: 0.5; S = D: 0.

    Args:
        supply, demand: same shape, one unit and one period, 0 or more; NaN: not known.

    Returns:
        -1 (nothing is supplied) to 1 (nothing is asked for); NaN where one is not known, or both are 0.

    Raises:
        ValueError: a negative value.
    """
    s, d = np.asarray(supply, dtype=np.float64), np.asarray(demand, dtype=np.float64)
    if (s < 0).any() or (d < 0).any():
        raise ValueError("supply and demand cannot be negative")
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((s - d) / (s + d), dtype=np.float64)


def resilience(times: ArrayLike, performance: ArrayLike) -> float:
    """Resilience of a system over a window: what is left of its performance.

    Formula: R = 1 - lost area / (100 T), the area by the trapezoid rule
    Source: Bruneau, M. et al. (2003), Earthquake Spectra 19(4), 733-752, the resilience triangle.
    Reference: down to 60 %, back in 10 days of a window of 20: 0.9.

    Args:
        times: rising, in one unit.
        performance: at these times, in percent of the normal; NaN: not known.

    Returns:
        0-1 (more than 1 where performance rises above normal); NaN where a value is not known.

    Raises:
        ValueError: fewer than two times, or times that do not rise.
    """
    t, p = np.asarray(times, dtype=np.float64), np.asarray(performance, dtype=np.float64)
    if t.shape != p.shape or t.size < 2:
        raise ValueError("two times at least are needed, each with its performance")
    if (np.diff(t) < 0).any() or t[-1] <= t[0]:
        raise ValueError("times must rise")
    return float(1 - np.trapezoid(100 - p, t) / (100 * (t[-1] - t[0])))


def closed_loops(sources: ArrayLike, targets: ArrayLike, size: int) -> list[tuple[int, ...]]:
    """Links that feed back into one another.

    Formula: strongly connected components with more than one node, or with an edge to itself
    Source: Tarjan, R. (1972), SIAM Journal on Computing 1(2), 146-160.
    Reference: 0 > 1 > 2 > 0, 2 > 3: one loop, of 0, 1 and 2.

    Args:
        sources, targets: ends of the edges, as indexes below `size`; order and `feedsBackTo` together.
        size: number of nodes.

    Returns:
        the loops, each with its nodes in rising order, in the order of their first node.
    """
    a, b = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    graph = sparse.csr_array((np.ones(a.size), (a, b)), shape=(size, size))
    _, labels = csgraph.connected_components(graph, directed=True, connection="strong")
    selfish = set(a[a == b].tolist())
    groups: dict[int, list[int]] = {}
    for node, label in enumerate(labels.tolist()):
        groups.setdefault(label, []).append(node)
    return sorted(tuple(group) for group in groups.values() if len(group) > 1 or group[0] in selfish)


def finn_cycling_index(flows: ArrayLike, inputs: ArrayLike) -> float:
    """Part of all throughflow that comes back to where it has been: how closed a loop is.

    Formula: FCI = sum_i T_i (n_ii - 1) / n_ii / sum_i T_i, N = (I - F diag(T)^-1)^-1, T = column sums + inputs
    Source: Finn, J. T. (1976), Journal of Theoretical Biology 56, 363-380.
    Reference: oyster reef (Dame and Patten 1981): 0.1101686.

    Args:
        flows: nodes x nodes, row feeds column, in one unit and period.
        inputs: what each node gets from outside, same unit.

    Returns:
        0 (nothing is recycled) to 1; NaN where a flow is not known or nothing flows.

    Raises:
        ValueError: the shapes do not fit.
    """
    f, z = _flows(flows, inputs)
    through = f.sum(axis=0) + z
    if np.isnan(through).any() or through.sum() <= 0:
        return float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = np.where(through > 0, f / through, 0.0)
    # Each node's throughflow by where it came from; the diagonal tells how often it passes again.
    again = np.diag(np.linalg.inv(np.eye(f.shape[0]) - parts))
    return float((through * (again - 1) / again).sum() / through.sum())


def ascendency(flows: ArrayLike, inputs: ArrayLike, losses: ArrayLike) -> Ascendency:
    """Order and slack of a flow network, with its flows over the boundary.

    Formula: AMI = sum f_ij / F log2(f_ij F / (f_i. f_.j)); H = -sum f_ij / F log2(f_ij / F); A = F AMI; C = F H
    Source: Ulanowicz, R. E. (1986), Growth and Development; Fath, B. D. et al. (2019) on robustness.
    Reference: oyster reef: 166.3473 of 377.4452, robustness 0.3611021.

    Args:
        flows: nodes x nodes, row feeds column, in one unit and period.
        inputs: what each node gets from outside.
        losses: what each node gives to the outside.

    Returns:
        see `Ascendency`; NaN throughout where a flow is not known or nothing flows.

    Raises:
        ValueError: the shapes do not fit.
    """
    f, z = _flows(flows, inputs)
    _, y = _flows(flows, losses)
    n = f.shape[0]
    whole = np.zeros((n + 2, n + 2))
    whole[:n, :n], whole[n, :n], whole[:n, n + 1] = f, z, y
    total = float(whole.sum())
    if not total > 0:
        return Ascendency(*[float("nan")] * 7)
    outer = np.outer(whole.sum(axis=1), whole.sum(axis=0))
    used = whole > 0
    part = whole[used] / total
    information = float((part * np.log2(whole[used] * total / outer[used])).sum())
    diversity = float(-(part * np.log2(part)).sum())
    order = information / diversity if diversity > 0 else float("nan")
    robustness = -order * float(np.log(order)) if order > 0 else 0.0
    size, limit = total * information, total * diversity
    return Ascendency(total, information, diversity, size, limit, limit - size, robustness)


def _coupling(u: Array, form: Form) -> Array:
    n = u.shape[1]
    if form == "standard":
        with np.errstate(divide="ignore", invalid="ignore"):
            standard = n * np.prod(u, axis=1) ** (1 / n) / u.sum(axis=1)
        # All at zero are all equal, but nothing is there to couple.
        return np.where(u.sum(axis=1) == 0, 0.0, standard)
    if form == "fan":
        return np.asarray(1 - 2 * u.std(axis=1), dtype=np.float64)
    if form != "wang":
        raise ValueError(f"there is no form {form!r} of the coupling degree; use wang, standard or fan")
    i, j = np.triu_indices(n, 1)
    spread = np.abs(u[:, i] - u[:, j]).mean(axis=1)
    largest = u.max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        level = np.prod(u / largest[:, None], axis=1) ** (1 / (n - 1))
    return np.where(largest == 0, 0.0, np.sqrt((1 - spread) * level))


def _flows(flows: ArrayLike, boundary: ArrayLike) -> tuple[Array, Array]:
    f, z = np.asarray(flows, dtype=np.float64), np.asarray(boundary, dtype=np.float64)
    if f.ndim != 2 or f.shape[0] != f.shape[1] or z.shape != (f.shape[0],):
        raise ValueError("a square table of flows and a value a node at the boundary are needed")
    return f, z
