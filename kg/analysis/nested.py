"""Shares of regions apart from those of their parts, where a source states both."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg.analysis.network import Network
from kg.analysis.offers import Offers, members

__all__ = ["shares_apart"]

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]


def shares_apart(network: Network, offers: Offers, counted: Mask, lost: Mask) -> tuple[Array, Array]:
    """The shares of offers, each part of a market once.

    A region's share holds those of its parts: what is left of it without the parts is its own. A part of which no share
    is known has between nothing and all of what is left.

    Args:
        network: a release's network.
        offers: its offers.
        counted: offers that make up the markets, shape (offers,).
        lost: offers that are lost, shape (offers,).

    Returns:
        Shares when the lost parts have least, and when they have most, each shape (offers,); NaN: not known.

    Raises:
        Nothing.

    Source:
        This project: a zone and its member state the same market twice.
    """
    low, high = offers.share.copy(), offers.share.copy()
    rows = np.flatnonzero(counted & offers.regional)
    regions, number = np.unique(offers.provider[rows], return_counts=True)
    inside = {int(region): members(network, int(region)) for region in regions} if number.sum() > 1 else {}
    size = {region: int(mask.sum()) for region, mask in inside.items()}
    order = np.argsort(offers.item[rows], kind="stable")
    for group in np.split(rows[order], np.flatnonzero(np.diff(offers.item[rows][order])) + 1):
        if group.size < 2:
            continue
        held: dict[int, list[int]] = {}
        for row in group.tolist():
            own = int(offers.provider[row])
            wider = [x for x in group.tolist() if x != row and inside[int(offers.provider[x])][own]]
            if wider:
                held.setdefault(min(wider, key=lambda x: (size[int(offers.provider[x])], x)), []).append(row)
        for whole, parts in held.items():
            stated = offers.share[whole]
            if np.isnan(stated):
                continue
            blank = [row for row in parts if np.isnan(offers.share[row])]
            own_share = max(0.0, float(stated) - float(np.nansum(offers.share[parts])))
            low[whole] = high[whole] = own_share
            low[blank] = high[blank] = 0.0
            gone = [row for row in blank if lost[row]]
            if gone and not lost[whole]:
                high[whole], high[gone[0]] = 0.0, own_share
    return low, high
