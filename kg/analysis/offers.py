"""Who offers what, and where: the supply side of a network, one row an offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg.analysis.network import Network, Pairs

__all__ = ["Offers", "chain_inputs", "located", "members", "offers_of", "rings"]

Ints: TypeAlias = NDArray[np.int64]
Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

#: Nearest first; what lies in none of them is somewhere in the world.
RINGS = ("city", "province", "zone", "country", "world")


@dataclass(frozen=True)
class Offers:
    """Provider and item, each pair once.

    Attributes:
        provider: code of an organization, or of a region that provides as a whole, shape (offers,).
        item: code of the input that is offered.
        made: code of what is made: the input, or a kind of it.
        share: share of the item's market, 0-1; NaN: unknown.
        revenue: part of the provider's revenue, 0-1; NaN: unknown.
        regional: the provider is a region.
        provision: code of the statement.
    """

    provider: Ints
    item: Ints
    made: Ints
    share: Array
    revenue: Array
    regional: Mask
    provision: Ints


def offers_of(network: Network) -> Offers:
    """The offers that a network's provisions state.

    A provision offers its item, and each input of which that is a kind; a share is one of the item's own market only.

    Args:
        network: a release's network.

    Returns:
        Offers by provider and item; where provisions state a pair twice, one that states the item itself.

    Raises:
        Nothing.

    Source:
        The ontology's term `offers`.
    """
    provider, made = network.links["hasProvider"], network.links["providesItem"]
    own, other = provider.s, network.links["offers"]
    here, there = Pairs(own, own).joined(made)
    who, what, by = provider.o[here], made.o[there], own[here]
    wide, item = Pairs(by, by).joined(other)
    rows = {
        "provider": np.concatenate([who, who[wide]]),
        "item": np.concatenate([what, other.o[item]]),
        "made": np.concatenate([what, what[wide]]),
        "by": np.concatenate([by, by[wide]]),
    }
    exact = rows["item"] == rows["made"]
    share = np.where(exact, network.values["share"][rows["by"]], np.nan)
    order = np.lexsort((rows["by"], share, ~exact, rows["item"], rows["provider"]))
    first = np.ones(order.size, bool)
    sorted_provider, sorted_item = rows["provider"][order], rows["item"][order]
    first[1:] = (sorted_provider[1:] != sorted_provider[:-1]) | (sorted_item[1:] != sorted_item[:-1])
    kept = order[first]
    regions = network.mask(network.links["partOfRegion"].s)
    for kind in ("Country", "EconomicZone", "Province", "Prefecture", "County"):
        regions |= network.kinds[kind]
    return Offers(
        rows["provider"][kept],
        rows["item"][kept],
        rows["made"][kept],
        share[kept],
        network.values["revenueShare"][rows["by"][kept]],
        regions[rows["provider"][kept]],
        rows["by"][kept],
    )


def members(network: Network, region: int) -> Mask:
    """A region and all that is part of it; of a country without its separate customs territories.

    Args:
        network: a release's network.
        region: code.

    Returns:
        Mask over terms.

    Raises:
        Nothing.

    Source:
        The ontology's terms `partOfRegion` and `SeparateCustomsTerritory`.
    """
    part = network.links["partOfRegion"]
    inside = network.mask(part.s[part.o == region])
    inside[region] = True
    if network.kinds["Country"][region]:
        apart = network.kinds["SeparateCustomsTerritory"].copy()
        apart[region] = False
        inside &= ~(apart | network.mask(part.s[apart[part.o]]))
    return inside


def located(network: Network, offers: Offers, region: int) -> tuple[Mask, Mask]:
    """Who and what is in a region.

    An organization is where it is located; an offer where its provider is, or where its statement says.

    Args:
        network: a release's network.
        offers: its offers.
        region: code.

    Returns:
        (mask over terms: organizations and regions, mask over offers).

    Raises:
        Nothing.

    Source:
        The ontology's term `withinRegion`.
    """
    inside = members(network, region)
    at, part = network.links["locatedIn"], network.links["partOfRegion"]
    there = network.mask(at.s[inside[at.o]])
    if network.kinds["Country"][region]:
        # Located in the country by rule, but in a territory that counts apart, and in no place outside it.
        apart = network.kinds["SeparateCustomsTerritory"].copy()
        apart[region] = False
        wide = network.mask(part.o[apart[part.s]])
        outside = network.mask(at.s[inside[at.o] & ~wide[at.o]])
        there &= outside | ~network.mask(at.s[apart[at.o]])
    stated = network.links["inRegion"]
    by_statement = network.mask(stated.s[inside[stated.o]])
    who = inside | there
    return who, who[offers.provider] | by_statement[offers.provision]


def rings(network: Network, offers: Offers, region: int) -> Ints:
    """The nearest ring around a region in which each offer is.

    City, province, economic zone, country of the region; else the world. Of a separate customs territory the rest of
    its country is the world.

    Args:
        network: a release's network.
        offers: its offers.
        region: code of the region that looks.

    Returns:
        Position in `RINGS`, shape (offers,); -1: place unknown.

    Raises:
        Nothing.

    Source:
        Gao (2022), section 3: from the city outwards.
    """
    part = network.links["partOfRegion"]
    around = np.append(part.o[part.s == region], region)
    if network.kinds["SeparateCustomsTerritory"][around].any():
        around = around[~network.kinds["Country"][around] | (around == region)]
    at, stated = network.links["locatedIn"], network.links["inRegion"]
    placed = network.mask(at.s)[offers.provider] | network.mask(stated.s)[offers.provision] | offers.regional
    ring = np.where(placed, len(RINGS) - 1, -1)
    kinds = (("Country",), ("EconomicZone",), ("Province",), ("Prefecture", "County"))
    for level, names in zip((3, 2, 1, 0), kinds, strict=True):
        for wider in np.unique(around[np.any([network.kinds[name][around] for name in names], axis=0)]):
            ring[located(network, offers, int(wider))[1]] = level
    return ring


def chain_inputs(network: Network, chain: int) -> tuple[Mask, Mask]:
    """What a chain needs.

    Args:
        network: a release's network.
        chain: code.

    Returns:
        (mask over terms of the inputs that its links require, mask of these and all that they take in turn).

    Raises:
        Nothing.

    Source:
        The ontology's terms `requiresInput` and `hasInput`.
    """
    of, needs, takes = (network.links[name] for name in ("linkOf", "requiresInput", "hasInput"))
    direct = network.mask(needs.o[network.mask(of.s[of.o == chain])[needs.s]])
    wanted = direct.copy()
    while True:
        more = network.mask(takes.o[wanted[takes.s]]) & ~wanted
        if not more.any():
            return direct, wanted
        wanted |= more
