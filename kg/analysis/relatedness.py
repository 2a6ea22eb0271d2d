"""How specialised regions are, and how near what they make is to what they could make."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "complexity",
    "density",
    "ellison_glaeser",
    "location_quotient",
    "proximity",
    "revealed_advantage",
]

Array = NDArray[np.float64]


def location_quotient(values: ArrayLike, region_totals: ArrayLike | None = None) -> Array:
    """Location quotient of every region and industry; of exports it is the revealed comparative advantage.

    Formula: LQ_ri = (v_ri / v_r.) / (v_.i / v_..)
    Source: Balassa, B. (1965), The Manchester School 33(2), 99-123.
    Reference: 5 x 5 table with LQ 5.0, 3.5, 2.75 (published example input); product space 5 x 5.

    Args:
        values: regions x industries, in one unit (firms, jobs, output), 0 or more; NaN: not known.
        region_totals: everything in each region, in the same unit, where the industries overlap or are not all
            listed; None: the industries are all there is.

    Returns:
        regions x industries; 1 = as in the whole, more = specialised. NaN where a region or an industry has
        nothing at all, and everywhere as soon as one value is not known, since the total is not known then.

    Raises:
        ValueError: not a table, a negative value, or totals that do not fit.
    """
    table = _table(values)
    rows = table.sum(axis=1) if region_totals is None else np.asarray(region_totals, dtype=np.float64)
    if rows.shape != (table.shape[0],):
        raise ValueError(f"{table.shape[0]} totals are needed, one a region")
    total, rows, columns = rows.sum(), rows[:, None], table.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((table / rows) / (columns / total), dtype=np.float64)


def revealed_advantage(values: ArrayLike, threshold: float = 1.0) -> Array:
    """Where a region has a revealed comparative advantage.

    Formula: M_ri = 1 if LQ_ri >= threshold, else 0
    Source: Hidalgo, C. A. et al. (2007), Science 317, 482-487.
    Reference: product space 5 x 5, 13 of 25.

    Args:
        values: regions x products, as for `location_quotient`.
        threshold: from which quotient on, without unit.

    Returns:
        regions x products of 0 and 1; NaN where the quotient is not known, but 0 where a region or a product
        has nothing at all.
    """
    table = _table(values)
    quotient = location_quotient(table)
    nothing = (table.sum(axis=1, keepdims=True) == 0) | (table.sum(axis=0, keepdims=True) == 0)
    found = np.where(np.isnan(quotient), np.nan, (quotient >= threshold).astype(np.float64))
    return np.where(nothing, 0.0, found)


def proximity(advantage: ArrayLike) -> Array:
    """How often regions that make one product also make another.

    Formula: phi_pq = min(P(p | q), P(q | p)) = sum_r M_rp M_rq / max(k_p, k_q)
    Source: Hidalgo, C. A. et al. (2007), Science 317, 482-487.
    Reference: product space 5 x 5, phi(p1, p2) = 0.666667.

    Args:
        advantage: regions x products of 0 and 1 (`revealed_advantage`).

    Returns:
        products x products, 0-1, symmetric; NaN for a product that no region makes, or that is not known.
    """
    made = _table(advantage)
    both = made.T @ made
    count = made.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(both / np.maximum.outer(count, count), dtype=np.float64)


def density(advantage: ArrayLike, near: ArrayLike, diagonal: bool = True) -> Array:
    """How much of what is near a product a region already makes: whether it could move into it.

    Formula: omega_rp = sum_q M_rq phi_qp / sum_q phi_qp
    Source: Hidalgo, C. A. et al. (2007), Science 317, 482-487.
    Reference: product space 5 x 5, omega(A, p1) = 0.833333 with the diagonal, 0.666667 without.

    Args:
        advantage: regions x products of 0 and 1.
        near: products x products (`proximity`).
        diagonal: whether a product counts as near itself.

    Returns:
        regions x products, 0-1; NaN where nothing is near.

    Raises:
        ValueError: the shapes do not fit.
    """
    made, phi = _table(advantage), _table(near).copy()
    if phi.shape != (made.shape[1], made.shape[1]):
        raise ValueError(f"proximity must be {made.shape[1]} x {made.shape[1]}, not {phi.shape[0]} x {phi.shape[1]}")
    if not diagonal:
        np.fill_diagonal(phi, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((made @ phi) / phi.sum(axis=0), dtype=np.float64)


def complexity(advantage: ArrayLike) -> tuple[Array, Array]:
    """Economic complexity of regions (ECI) and of products (PCI).

    Formula: second eigenvector of D^-1 M U^-1 M^T (regions) and U^-1 M^T D^-1 M (products), as z-scores
    Source: Hidalgo, C. A. and Hausmann, R. (2009), PNAS 106(26), 10570-10575.
    Reference: product space 5 x 5, |ECI| = 1.315587, 0.877058, 0.

    Args:
        advantage: regions x products of 0 and 1.

    Returns:
        ECI of the regions and PCI of the products, mean 0 and variance 1 (over n). The sign is the one with which
        ECI rises with diversity; where it does not correlate, the first region that is not 0 is positive. NaN for a
        region without products and a product without regions.

    Raises:
        ValueError: a value is not known, or fewer than two regions or products are left.
    """
    made = _table(advantage)
    if np.isnan(made).any():
        raise ValueError("complexity needs to know of every region and product; leave out what is not known")
    rows, columns = made.sum(axis=1) > 0, made.sum(axis=0) > 0
    core = made[np.ix_(rows, columns)]
    if min(core.shape, default=0) < 2:
        raise ValueError("complexity needs two regions and two products at least")
    diversity, ubiquity = core.sum(axis=1), core.sum(axis=0)
    # Similar to a symmetric matrix, whose eigenvectors are real and found in a stable way.
    half = core / np.sqrt(np.outer(diversity, ubiquity))
    left, _, right = np.linalg.svd(half, full_matrices=False)
    regions = _zscore(left[:, 1] / np.sqrt(diversity))
    products = _zscore(right[1, :] / np.sqrt(ubiquity))
    trend = float(np.dot(regions, diversity - diversity.mean()))
    first = regions[np.flatnonzero(np.abs(regions) > 1e-9)[:1]]
    if trend < -1e-9 or (abs(trend) <= 1e-9 and first.size and first[0] < 0):
        regions, products = -regions, -products
    return _spread(regions, rows), _spread(products, columns)


def ellison_glaeser(plant_sizes: ArrayLike, plant_regions: ArrayLike, region_shares: ArrayLike) -> float:
    """How much an industry agglomerates beyond what a few big plants explain.

    Formula: gamma = (G - (1 - sum x^2) H) / ((1 - sum x^2) (1 - H)), G = sum (s_r - x_r)^2, H = sum z^2
    Source: Ellison, G. and Glaeser, E. L. (1997), Journal of Political Economy 105(5), 889-927.
    Reference: ten plants of 0.1 in 7 : 2 : 1, gamma = 0.2333; four plants, gamma = -0.2903.

    Args:
        plant_sizes: size of each plant, in one unit.
        plant_regions: index of each plant's region.
        region_shares: share of each region in all activity, sum 1.

    Returns:
        gamma, without unit: 0 = as if plants chose at random, more = agglomerated. NaN where a size or a share is
        not known, with one plant only, or with one region only.

    Raises:
        ValueError: sizes and regions differ in number, a region has no share, or the shares do not sum to 1.
    """
    sizes = np.asarray(plant_sizes, dtype=np.float64)
    regions = np.asarray(plant_regions, dtype=np.int64)
    shares = np.asarray(region_shares, dtype=np.float64)
    if sizes.shape != regions.shape or sizes.ndim != 1:
        raise ValueError("as many sizes as regions of plants are needed")
    if regions.size and (regions.min() < 0 or regions.max() >= shares.size):
        raise ValueError("a plant's region has no share")
    if np.isnan(sizes).any() or np.isnan(shares).any() or sizes.sum() <= 0:
        return float("nan")
    if abs(shares.sum() - 1) > 1e-6:
        raise ValueError(f"the regions' shares sum to {shares.sum():g}, not to 1")
    z = sizes / sizes.sum()
    s = np.bincount(regions, weights=z, minlength=shares.size)
    herfindahl, spread = float((z**2).sum()), 1 - float((shares**2).sum())
    scale = spread * (1 - herfindahl)
    if scale <= 1e-12:
        return float("nan")
    return (float(((s - shares) ** 2).sum()) - spread * herfindahl) / scale


def _table(values: Any) -> Array:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"a table with two dimensions is needed, not {table.ndim}")
    if (table < 0).any():
        raise ValueError("a value is negative")
    return table


def _zscore(vector: Array) -> Array:
    spread = float(vector.std())
    return np.zeros_like(vector) if spread < 1e-12 else np.asarray((vector - vector.mean()) / spread)


def _spread(vector: Array, known: NDArray[np.bool_]) -> Array:
    whole = np.full(known.size, np.nan)
    whole[known] = vector
    return whole
