"""Who takes what: by what is made, by links, by stated supply relations; and wholes of which some parts are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg.analysis.network import Network, Pairs
from kg.analysis.offers import Offers

__all__ = ["Relations", "parts_of", "relations_of", "takes"]

Ints: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True)
class Relations:
    """Supply relations, one row each.

    Attributes:
        supplier: code, shape (relations,).
        customer: code.
        item: code of what is supplied; -1 where a supplier is stated without it.
        part: part of the customer's demand, 0-1; NaN: unknown.
    """

    supplier: Ints
    customer: Ints
    item: Ints
    part: Array


def relations_of(network: Network) -> Relations:
    """The supply relations that a network states; suppliesTo without a relation of its own has no item.

    Args:
        network: a release's network.

    Returns:
        Relations, of several items of one the first.

    Raises:
        Nothing.

    Source:
        The ontology's terms `SupplyRelation` and `suppliesTo`.
    """
    size = network.terms.size
    ends = {}
    for name in ("hasSupplier", "hasCustomer", "suppliesItem"):
        ends[name] = np.full(size, -1, np.int64)
        # Backwards, so that of several items the first one stays.
        ends[name][network.links[name].s[::-1]] = network.links[name].o[::-1]
    relation = np.flatnonzero((ends["hasSupplier"] >= 0) & (ends["hasCustomer"] >= 0))
    supplier, customer = ends["hasSupplier"][relation], ends["hasCustomer"][relation]
    direct = network.links["suppliesTo"]
    bare = ~np.isin(direct.s * size + direct.o, supplier * size + customer)
    nothing = np.full(int(bare.sum()), -1)
    return Relations(
        np.concatenate([supplier, direct.s[bare]]),
        np.concatenate([customer, direct.o[bare]]),
        np.concatenate([ends["suppliesItem"][relation], nothing]),
        np.concatenate([network.values["shareOfCustomerDemand"][relation], np.full(nothing.size, np.nan)]),
    )


def takes(network: Network, offers: Offers) -> tuple[Ints, Ints]:
    """What providers take for what they make, and organizations at the links where they operate.

    Args:
        network: a release's network.
        offers: its offers.

    Returns:
        Codes of who takes, and of what, row by row; a pair may come twice.

    Raises:
        Nothing.

    Source:
        The ontology's terms `hasInput` and `requiresInput`.
    """
    inputs, at, link = (network.links[name] for name in ("hasInput", "operatesAt", "requiresInput"))
    here, there = Pairs(offers.provider, offers.made).joined(inputs)
    also, needed = at.joined(link)
    return np.concatenate([offers.provider[here], at.s[also]]), np.concatenate([inputs.o[there], link.o[needed]])


def parts_of(values: Array, group: Ints, groups: int) -> tuple[Array, Array]:
    """Parts of a whole: known ones as they are, unknown ones an even split of the rest; and what is left of 1.

    Args:
        values: parts, 0-1; NaN: unknown, shape (parts,).
        group: number of the whole that each belongs to, from 0.
        groups: how many wholes there are.

    Returns:
        The parts, and of each whole what no part takes, shape (groups,).

    Raises:
        Nothing.

    Source:
        This project: the even split that `kg whatif` assumes of what nobody states.
    """
    missing = np.isnan(values)
    known = np.bincount(group, weights=np.where(missing, 0.0, values), minlength=groups)
    unknown = np.bincount(group[missing], minlength=groups)
    rest = np.maximum(0.0, 1.0 - known)
    parts = np.where(missing, (rest / np.maximum(unknown, 1))[group], values)
    total = np.bincount(group, weights=parts, minlength=groups)
    parts = parts / np.maximum(total, 1.0)[group]
    return parts, np.maximum(0.0, 1.0 - np.bincount(group, weights=parts, minlength=groups))
