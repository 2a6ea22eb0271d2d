"""Over whom a loss reaches those who are hit: the last supplier on the way, and the way back to what is gone."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg.analysis.impact import Impact
from kg.analysis.network import Network
from kg.analysis.offers import Offers
from kg.analysis.relations import parts_of, relations_of, takes

__all__ = ["last_suppliers", "way_back"]

Ints: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.float64]


def last_suppliers(network: Network, offers: Offers, effect: Impact) -> dict[int, tuple[int, int]]:
    """Who stands last on the shortest way of the loss to each who is hit.

    These are providers of what it takes, or its stated suppliers, who are one tier nearer to what is gone; of several
    the one with whom most of the input is lost, in the high case. Firms meet in markets: a provider of an input need
    not be one from whom the firm is known to buy.

    Args:
        network: a release's network.
        offers: its offers.
        effect: what the loss does, of `impact`.

    Returns:
        Who is hit -> supplier, and the item for which it is one (-1: not said), codes.

    Raises:
        Nothing.

    Source:
        This project; tiers as in `propagation.tiers`, losses as in `impact.impact`.
    """
    foremost = [_by_market(network, offers, effect), _by_relation(network, effect)]
    who, weight, supplier, item = (np.concatenate(columns) for columns in zip(*foremost, strict=True))
    # Of equals the first IRI.
    order = np.lexsort((supplier, -weight, who))
    first = order[np.unique(who[order], return_index=True)[1]]
    return {
        int(one): (int(by), int(what)) for one, by, what in zip(who[first], supplier[first], item[first], strict=True)
    }


_Ways: TypeAlias = tuple[Ints, Array, Ints, Ints]


def _by_market(network: Network, offers: Offers, effect: Impact) -> _Ways:
    """Who takes something, the part of it that is lost with its foremost provider a tier nearer, this provider, it."""
    rows = np.flatnonzero(effect.counted)
    part, _ = parts_of(effect.shares[1][rows], offers.item[rows], network.terms.size)
    weight = part * effect.offer_high[rows]
    hit = (weight > 0) & (effect.offer_tier[rows] >= 0)
    rows, weight = rows[hit], weight[hit]
    tiers = int(effect.tier.max(initial=0)) + 2
    # The foremost provider of each item at each tier.
    key = offers.item[rows] * tiers + effect.offer_tier[rows]
    order = np.lexsort((offers.provider[rows], -weight, key))
    keys, first = np.unique(key[order], return_index=True)
    best = order[first]
    who, what = takes(network, offers)
    wanted = what * tiers + effect.tier[who] - 1
    at = np.minimum(np.searchsorted(keys, wanted), max(0, keys.size - 1))
    found = (effect.tier[who] >= 1) & (keys[at] == wanted) if keys.size else np.zeros(who.size, bool)
    chosen = best[at[found]]
    return who[found], weight[chosen], offers.provider[rows[chosen]], what[found]


def _by_relation(network: Network, effect: Impact) -> _Ways:
    """Likewise, of stated supply relations."""
    relations = relations_of(network)
    loss = np.nan_to_num(effect.provider_high[relations.supplier])
    # Of one customer's one item the parts make up a whole.
    whole, number = np.unique(relations.customer * (network.terms.size + 1) + relations.item + 1, return_inverse=True)
    part, _ = parts_of(relations.part, number, whole.size)
    tier = effect.tier[relations.customer]
    found = (loss * part > 0) & (tier >= 1) & (effect.tier[relations.supplier] == tier - 1)
    return relations.customer[found], (loss * part)[found], relations.supplier[found], relations.item[found]


def way_back(victim: int, last: dict[int, tuple[int, int]]) -> list[int]:
    """The way of a loss, from what is gone to what the victim takes.

    Args:
        victim: code.
        last: of `last_suppliers`; every step leads a tier nearer, so that the way ends.

    Returns:
        Codes in turn of a supplier and of the item for which it is one (left out where it is not said); empty where
        no way is known.

    Raises:
        Nothing.

    Source:
        This project.
    """
    way: list[int] = []
    at = victim
    while at in last:
        at, item = last[at]
        way += [at] if item < 0 else [item, at]
    return way[::-1]
