"""Ranking of alternatives by several criteria, where a weighted sum lets one make up for another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kg.errors import ShareError

__all__ = ["topsis"]


def topsis(values: ArrayLike, weights: ArrayLike, costs: Sequence[int] = ()) -> NDArray[np.float64]:
    """Closeness of each alternative to the best that any of them reaches in each criterion.

    Columns are divided by their Euclidean length and weighted; d+ and d- are the distances to the row of best and to
    that of worst values; closeness = d- / (d+ + d-).

    Args:
        values: alternatives x criteria, each criterion in its own unit; NaN: not known.
        weights: one a criterion, 0 or more; only their proportions count.
        costs: columns in which less is better.

    Returns:
        0-1, 1 best, shape (alternatives,). NaN for an alternative of which a criterion is not known: it takes no part
        in the comparison. 0.5 for all where they do not differ.

    Raises:
        ShareError: weights do not fit the criteria, are negative, or all 0.

    Source:
        Hwang & Yoon (1981), Multiple Attribute Decision Making, ch. 3; vector normalisation.
    """
    table = np.atleast_2d(np.asarray(values, dtype=np.float64))
    parts = np.asarray(weights, dtype=np.float64).ravel()
    if parts.size != table.shape[1] or (parts < 0).any() or not parts.sum() > 0:
        raise ShareError(f"{table.shape[1]} criteria need as many weights of 0 or more, one of them above 0")
    found = np.full(table.shape[0], np.nan)
    known = ~np.isnan(table).any(axis=1)
    if not known.any():
        return found
    compared = table[known]
    length = np.sqrt((compared**2).sum(axis=0))
    weighted = compared / np.where(length > 0, length, 1.0) * (parts / parts.sum())
    sign = np.ones(parts.size)
    sign[list(costs)] = -1.0
    signed = weighted * sign
    to_best = np.sqrt(((signed - signed.max(axis=0)) ** 2).sum(axis=1))
    to_worst = np.sqrt(((signed - signed.min(axis=0)) ** 2).sum(axis=1))
    both = to_best + to_worst
    found[known] = np.where(both > 0, to_worst / np.where(both > 0, both, 1.0), 0.5)
    return found
