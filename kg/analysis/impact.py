"""What the loss of providers does to all others who share markets and supply relations with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from kg.analysis.needs import Needs
from kg.analysis.nested import shares_apart
from kg.analysis.network import Network, Pairs
from kg.analysis.offers import Offers
from kg.analysis.propagation import Web, spread, tiers
from kg.analysis.relations import Relations, parts_of, relations_of, takes

__all__ = ["Impact", "impact", "lost_offers"]

Ints: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

TOLERANCE = 1e-6


@dataclass(frozen=True)
class Impact:
    """Losses of providers and of markets, each 0-1.

    Attributes:
        market_low: part of each input's market that is lost, mask-like over terms; NaN where nobody is known to offer
            it. Low: an input of which nobody says that it is essential is one among all inputs of what takes it.
        market_high: the same if all such inputs are essential.
        provider_low: part of each provider's production that is lost, over terms; NaN for what is no provider.
        provider_high: likewise.
        tier: after how many markets or supply relations each term is hit; 0 lost, -1 not hit.
        worst: code of the input whose want costs each provider most; -1: none.
        counted: the offers that make up the markets, shape (offers,).
        shares: shares of the offers, of regions without those of their parts, in the low and the high case.
        offer_high: part of each offer that is lost in the high case, shape (offers,).
        offer_tier: as `tier`, of each offer.
    """

    market_low: Array
    market_high: Array
    provider_low: Array
    provider_high: Array
    tier: Ints
    worst: Ints
    counted: Mask
    shares: tuple[Array, Array]
    offer_high: Array
    offer_tier: Ints


def lost_offers(network: Network, offers: Offers, gone: Mask, lost: Mask) -> Mask:
    """All offers that go with some: a region's offer goes when all are lost who are known to make it there.

    Args:
        network: a release's network.
        offers: its offers.
        gone: organizations and regions that are removed, over terms.
        lost: offers that are removed with a region, shape (offers,).

    Returns:
        Mask over offers.

    Raises:
        Nothing.

    Source:
        This project: a region's share is made by the organizations there.
    """
    out = lost | gone[offers.provider]
    at = network.links["locatedIn"]
    one = np.flatnonzero(~offers.regional)
    here, there = Pairs(one, offers.provider[one]).joined(at)
    size = network.terms.size
    key = at.o[there] * size + offers.item[one[here]]
    region = np.flatnonzero(offers.regional & ~out)
    wanted = offers.provider[region] * size + offers.item[region]
    makers, lost_makers = np.sort(key), np.sort(key[out[one[here]]])
    known, missing = (
        np.searchsorted(keys, wanted, side="right") - np.searchsorted(keys, wanted, side="left")
        for keys in (makers, lost_makers)
    )
    out = out.copy()
    out[region[(known > 0) & (known == missing)]] = True
    return out


def _counted(network: Network, offers: Offers, regions_first: bool) -> Mask:
    """Regions and the organizations in them state the same market twice: of each item one of the two counts."""
    regional, own = network.mask(offers.item[offers.regional]), network.mask(offers.item[~offers.regional])
    by_region = regional & (regions_first | ~own)
    counted: Mask = offers.regional == by_region[offers.item]
    return counted


@dataclass(frozen=True)
class _Layout:
    """Numbers of the web's nodes: offers first, then markets, organizations' own needs, demands, rests of markets.

    A demand is what one customer takes of one item by stated supply relations; the rest of a market is what its
    providers leave of it.
    """

    items: Ints
    market: Ints
    own: Ints
    demands: Ints
    demand: Ints
    rests: int
    nodes: int


def _layout(network: Network, offers: Offers, relations: Relations, gone: Mask) -> _Layout:
    size = network.terms.size
    items = np.unique(offers.item)
    acting = np.unique(np.concatenate([network.links["operatesAt"].s, relations.customer, np.flatnonzero(gone)]))
    demands, demand = np.unique(relations.customer * (size + 1) + relations.item + 1, return_inverse=True)
    market, own = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
    start = offers.item.size
    market[items] = start + np.arange(items.size)
    own[acting] = start + items.size + np.arange(acting.size)
    start += items.size + acting.size
    rests = start + demands.size
    return _Layout(items, market, own, start + np.arange(demands.size), demand, rests, rests + items.size)


def _web(
    network: Network, offers: Offers, shares: Array, relations: Relations, counted: Mask, lay: _Layout, strict: bool
) -> Web:
    needs = Needs()
    chosen = np.flatnonzero(counted)
    place = np.searchsorted(lay.items, offers.item[chosen])
    part, rest = parts_of(shares[chosen], place, lay.items.size)
    needs.grouped(lay.market[lay.items], place, chosen, part)
    # What making takes, and what the links take at which an organization operates.
    rows = np.arange(offers.made.size)
    here, there = Pairs(rows, offers.made).joined(network.links["hasInput"])
    _inputs(needs, rows[here], lay.market[network.links["hasInput"].o[there]], strict)
    at, link = network.links["operatesAt"], network.links["requiresInput"]
    here, there = at.joined(link)
    pairs = np.unique(np.stack([lay.own[at.s[here]], lay.market[link.o[there]]], axis=1), axis=0)
    _inputs(needs, pairs[:, 0], pairs[:, 1], strict)
    own = np.flatnonzero(lay.own[offers.provider] >= 0)
    needs.each(own, lay.own[offers.provider[own]])
    if lay.demands.size:
        parts, _ = parts_of(relations.part, lay.demand, lay.demands.size)
        needs.grouped(lay.demands, lay.demand, _supplying(network, offers, relations, lay), parts)
        customer = np.zeros(lay.demands.size, np.int64)
        customer[lay.demand] = lay.own[relations.customer]
        _inputs(needs, customer, lay.demands, strict)
    output, market = np.ones(lay.nodes), np.arange(lay.nodes)
    output[chosen], output[lay.rests :] = part, rest
    market[chosen], market[lay.rests :] = lay.nodes + place, lay.nodes + np.arange(lay.items.size)
    return needs.web(lay.nodes, output, market)


def _inputs(needs: Needs, owner: Ints, node: Ints, strict: bool) -> None:
    """Inputs of owners: each essential, or all of an owner's together one need in which they weigh the same."""
    offered = node >= 0
    if strict:
        needs.each(owner[offered], node[offered])
        return
    # An input that nobody is known to offer counts among the inputs, but cannot be lost.
    owners, group, number = np.unique(owner, return_inverse=True, return_counts=True)
    needs.grouped(owners, group[offered], node[offered], 1.0 / number[group][offered])


def _supplying(network: Network, offers: Offers, relations: Relations, lay: _Layout) -> Ints:
    """Node that stands for each relation's supplier: its offer of the item, else the organization itself."""
    size = network.terms.size
    keys = offers.provider * size + offers.item
    wanted = relations.supplier * size + relations.item
    at = np.minimum(np.searchsorted(keys, wanted), max(0, keys.size - 1))
    found = (keys[at] == wanted) if keys.size else np.zeros(wanted.size, bool)
    return np.where(found & (relations.item >= 0), at, lay.own[relations.supplier])


def impact(network: Network, offers: Offers, gone: Mask, lost: Mask, regions_first: bool) -> Impact:
    """Spreads the loss of offers over markets, those who take from them, and their customers.

    A market loses the shares of its lost offers, an unknown share being an even part of what the known ones leave; an
    offer loses what the worst of its inputs' markets loses, times how hard the lost offers are to replace (as in
    `cascade.shock`); an organization loses the revenue-weighted mean of its offers, or more if a supply relation or an
    input of its links fails.

    Args:
        network: a release's network.
        offers: its offers.
        gone: organizations and regions that are removed, mask over terms.
        lost: offers that are removed, of `lost_offers`, shape (offers,).
        regions_first: where a market is stated by region and by organization, count the regions.

    Returns:
        Losses, tiers and the worst input of everyone.

    Raises:
        Nothing.

    Source:
        Diem et al. (2022), Scientific Reports 12:7719, with inputs' markets in the place of unknown supply relations.
    """
    counted = _counted(network, offers, regions_first)
    relations = relations_of(network)
    lay = _layout(network, offers, relations, gone)
    initial = np.zeros(lay.nodes)
    initial[np.flatnonzero(lost)] = 1.0
    initial[lay.own[gone & (lay.own >= 0)]] = 1.0
    start = sparse.csr_matrix(initial)
    shares = shares_apart(network, offers, counted, lost)
    webs = [_web(network, offers, shares[strict], relations, counted, lay, strict) for strict in (False, True)]
    low, high = (spread(web, start, TOLERANCE).toarray()[0] for web in webs)
    steps = np.zeros(lay.nodes, bool)
    steps[lay.market[lay.items]] = True
    steps[lay.demands] = True
    step = tiers(webs[1], high, initial > 0, steps)
    tier = np.full(network.terms.size, -1, np.int64)
    for codes, numbers in (
        (offers.provider, np.arange(offers.item.size)),
        (np.flatnonzero(lay.own >= 0), lay.own[lay.own >= 0]),
    ):
        hit = step[numbers] >= 0
        order = np.argsort(-step[numbers[hit]], kind="stable")
        # Written last, so the nearest tier stays.
        found = tier.copy()
        found[codes[hit][order]] = step[numbers[hit]][order]
        tier = np.where((tier < 0) | ((found >= 0) & (found < tier)), found, tier)
    return Impact(
        _of_markets(network, lay, low),
        _of_markets(network, lay, high),
        _of_providers(network, offers, gone, lay, low),
        _of_providers(network, offers, gone, lay, high),
        np.where(gone, 0, tier),
        _worst(network, offers, lay, relations, high),
        counted,
        shares,
        high[: offers.item.size],
        step[: offers.item.size],
    )


def _of_markets(network: Network, lay: _Layout, loss: Array) -> Array:
    out = np.full(network.terms.size, np.nan)
    out[lay.items] = loss[lay.market[lay.items]]
    return out


def _of_providers(network: Network, offers: Offers, gone: Mask, lay: _Layout, loss: Array) -> Array:
    own = np.flatnonzero(offers.item == offers.made)
    part, _ = parts_of(offers.revenue[own], offers.provider[own], network.terms.size)
    out = np.bincount(offers.provider[own], weights=part * loss[own], minlength=network.terms.size)
    acting = lay.own >= 0
    out[acting] = np.maximum(out[acting], loss[lay.own[acting]])
    known = network.mask(offers.provider) | acting
    return np.where(gone, 1.0, np.where(known, np.minimum(out, 1.0), np.nan))


def _worst(network: Network, offers: Offers, lay: _Layout, relations: Relations, loss: Array) -> Ints:
    """The input whose market, or whose supplier, costs each provider most; of equals the first IRI."""
    bare = relations.item >= 0
    taker, taken = takes(network, offers)
    who = np.concatenate([taker, relations.customer[bare]])
    what = np.concatenate([taken, relations.item[bare]])
    node = lay.market[what]
    cost = np.where(node >= 0, loss[node], 0.0)
    cost[who.size - int(bare.sum()) :] = np.maximum(
        cost[who.size - int(bare.sum()) :], loss[lay.demands[lay.demand[bare]]]
    )
    order = np.lexsort((-what, cost, who))
    out = np.full(network.terms.size, -1, np.int64)
    hit = order[cost[order] > 0]
    out[who[hit]] = what[hit]
    return out
