"""Concentration of a market, from shares of which some may be unknown.

A share that is not known is NaN. It is never taken for 0: what depends on it is given as bounds, or is NaN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kg.errors import ShareError

__all__ = [
    "ROUNDING",
    "Bounds",
    "concentration_ratio",
    "effective_number",
    "herfindahl",
    "known_shares",
    "lost_share",
    "normalised_herfindahl",
]

Array: TypeAlias = NDArray[np.float64]

#: Published shares are rounded: their sum may exceed 1 by as much.
ROUNDING = 0.05


@dataclass(frozen=True)
class Bounds:
    """Between which two numbers a value lies; the two are equal where everything is known.

    Attributes:
        lower: the least that the known numbers allow; NaN where nothing can be said.
        upper: the most.
    """

    lower: float
    upper: float

    @property
    def exact(self) -> bool:
        """Whether the value is known to the last bit but rounding."""
        return bool(np.isclose(self.lower, self.upper, rtol=0.0, atol=1e-12))


_NOTHING = Bounds(float("nan"), float("nan"))


def known_shares(shares: ArrayLike) -> tuple[Array, int, float]:
    """Known shares in descending order, how many are unknown, and what the known ones leave of 1."""
    values = np.asarray(shares, dtype=np.float64).ravel()
    known = np.sort(values[~np.isnan(values)])[::-1]
    if known.size and (not np.all(np.isfinite(known)) or known[-1] < 0.0 or known[0] > 1.0):
        raise ShareError("a share lies outside 0-1", hint="Give shares as parts of 1, not in per cent.")
    total = float(known.sum())
    if total > 1.0 + ROUNDING:
        raise ShareError(f"the shares of one market sum to {total:.4g}", hint="Shares of one market sum to 1 at most.")
    return known, int(np.isnan(values).sum()), max(0.0, 1.0 - total)


def herfindahl(shares: ArrayLike) -> Bounds:
    """Herfindahl-Hirschman index of a market, with bounds where shares are unknown.

    HHI = sum s_i^2. What the known shares leave, R, is lowest when it is spread evenly over the k providers whose
    share is unknown (R^2 / k; over countless small ones, 0, if none is named), highest when one holds all (R^2).

    Args:
        shares: shares of one market, each in 0-1, shape (n,); NaN = present, share unknown.

    Returns:
        Bounds, 0-1 (1: one provider; times 10,000 the scale of competition authorities); NaN without providers.

    Raises:
        ShareError: a share is outside 0-1, or the known shares sum to more than 1.05.

    Source:
        Hirschman (1964), The Paternity of an Index, American Economic Review 54(5); bounds: elementary convexity.
    """
    known, unknown, rest = known_shares(shares)
    if known.size + unknown == 0:
        return _NOTHING
    base = float(np.square(known).sum())
    # Rounded shares can sum to more than 1.
    return Bounds(min(1.0, base + (rest * rest / unknown if unknown else 0.0)), min(1.0, base + rest * rest))


def normalised_herfindahl(shares: ArrayLike) -> Bounds:
    """Herfindahl index freed of the number of providers.

    HHI* = (HHI - 1/n) / (1 - 1/n), n = providers, known and unknown. Shares that sum to clearly less than 1, none
    of them unknown, tell of providers that nobody has named: n is not known, and HHI* lies in 0 to the highest HHI.

    Args:
        shares: as for `herfindahl`.

    Returns:
        Bounds, 0 (equal shares) to 1 (one provider); (1, 1) for a single provider that has all.

    Raises:
        ShareError: as for `herfindahl`.

    Source:
        Hall & Tideman (1967), Measures of Concentration, Journal of the American Statistical Association 62(317).
    """
    n = int(np.asarray(shares).size)
    if n == 0:
        return _NOTHING
    index, (_, unknown, rest) = herfindahl(shares), known_shares(shares)
    if not unknown and rest > ROUNDING:
        return Bounds(0.0, index.upper)
    if n == 1:
        return Bounds(1.0, 1.0)
    # Rounded equal shares can have an index below 1/n.
    return Bounds(*(min(1.0, max(0.0, (value - 1 / n) / (1 - 1 / n))) for value in (index.lower, index.upper)))


def concentration_ratio(shares: ArrayLike, k: int) -> Bounds:
    """Share of the k largest providers.

    CR_k = sum of the k largest s_i. Lowest when the unknown providers share the rest evenly, highest when one of
    them holds all of it.

    Args:
        shares: as for `herfindahl`.
        k: number of providers, 1 or more.

    Returns:
        Bounds, 0-1; NaN without providers.

    Raises:
        ShareError: as for `herfindahl`, or k is below 1.

    Source:
        Hall & Tideman (1967), Journal of the American Statistical Association 62(317).
    """
    if k < 1:
        raise ShareError(f"{k} largest providers cannot be taken", hint="Give 1 or more.")
    known, unknown, rest = known_shares(shares)
    if known.size + unknown == 0:
        return _NOTHING
    even = np.append(known, np.full(unknown, rest / unknown) if unknown else [])
    one = np.append(known, rest)
    return Bounds(*(min(1.0, float(np.sort(values)[::-1][:k].sum())) for values in (even, one)))


def effective_number(shares: ArrayLike) -> Bounds:
    """How many providers of equal size would give the same concentration.

    N_eff = 1 / HHI.

    Args:
        shares: as for `herfindahl`.

    Returns:
        Bounds, in providers, 1 or more; infinite above where nothing of the market is known but that others exist.

    Raises:
        ShareError: as for `herfindahl`.

    Source:
        Adelman (1969), Comment on the H Concentration Measure as a Numbers-Equivalent, Review of Economics and
        Statistics 51(1).
    """
    index = herfindahl(shares)
    return Bounds(1 / index.upper if index.upper > 0 else np.inf, 1 / index.lower if index.lower > 0 else np.inf)


def lost_share(shares: ArrayLike, lost: ArrayLike) -> Bounds:
    """Part of a market that goes with some of its providers.

    sum of s_i over the lost ones; what the known shares leave, R, may lie wholly with the unknown lost ones or wholly
    with the others.

    Args:
        shares: as for `herfindahl`.
        lost: which providers are lost, bool, shape (n,).

    Returns:
        Bounds, 0-1; from the lost known shares to 1 where every provider that is named is lost.

    Raises:
        ShareError: as for `herfindahl`.

    Source:
        Elementary interval arithmetic; rule "unknown is never 0" of this project.
    """
    values = np.asarray(shares, dtype=np.float64).ravel()
    gone = np.asarray(lost, dtype=bool).ravel()
    _, unknown, rest = known_shares(values)
    if values.size == 0:
        return _NOTHING
    if not gone.any():
        return Bounds(0.0, 0.0)
    base = float(np.nansum(values[gone]))
    if gone.all():
        # Shares that sum to clearly less than 1 tell of providers that nobody has named.
        return Bounds(base if rest > ROUNDING and not unknown else 1.0, 1.0)
    missing = np.isnan(values)
    lower = base + (rest if unknown and not (missing & ~gone).any() else 0.0)
    upper = base + (rest if (missing & gone).any() else 0.0)
    return Bounds(min(1.0, lower), min(1.0, upper))
