"""What if some firms, a region or a country were gone: who is hit, which gaps open, who could step in.

A release is read, never changed; the answer is a scenario of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
import pyoxigraph as ox
from numpy.typing import NDArray

from kg.analysis.impact import Impact, impact, lost_offers
from kg.analysis.network import Network, read_network
from kg.analysis.offers import RINGS, Offers, chain_inputs, located, offers_of, rings
from kg.analysis.surveyed import surveyed_inputs
from kg.errors import ParameterError, UsageError
from kg.library import to_frame
from kg.parameters import CLASSES, resolve, resolve_any
from kg.store import Result, Store
from kg.terms import XSD

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["PARTS", "WhatIf", "whatif"]

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

#: Parts of an answer, in the order in which they are shown.
PARTS = ("summary", "removed", "hit", "inputs", "replacements")
#: What can be removed: kind of parameter -> what its names are looked up as.
_REMOVABLE = ("region", "organization")


@dataclass(frozen=True)
class WhatIf:
    """What the loss of some providers does. An unknown number is empty, never 0.

    Attributes:
        without: IRIs of what was removed, in ascending order.
        chain: IRI of the chain that is looked at; None: all.
        region: IRI of the region of interest; None: the world.
        summary: measure, value: counts, and the lost part of all providers' production, 0-1 (each counts the same,
            since volumes are not known), as a lower and a higher case.
        removed: provider, offers (how many it had).
        hit: provider, tier (markets or supply relations between it and the shock), loss_low and loss_high (part of
            its production, 0-1), worst (input whose want costs it most). In the low case an input of which nobody
            says that it is essential is one among all inputs of what takes it; in the high case it is essential.
        inputs: input, need (direct: a link requires it; indirect: what a link requires takes it; empty: neither),
            providers, lost, remaining (everywhere), inside, inside_remaining (in the region of interest), share_low
            and share_high (bounds of the market share that is lost, 0-1; empty where nothing is known), opens
            (everywhere, region or empty: where the last provider goes), status (met, single-source, absent or
            unknown), coverage (scope of the surveys that looked).
        replacements: input, candidate, kind (organization or region), capability (makes it, makes a kind of it, can make it), ring, share (0-1).
    """

    without: tuple[str, ...]
    chain: str | None
    region: str | None
    summary: pd.DataFrame
    removed: pd.DataFrame
    hit: pd.DataFrame
    inputs: pd.DataFrame
    replacements: pd.DataFrame


def whatif(
    graph: Graph,
    without: Sequence[str],
    chain: str | None = None,
    region: str | None = None,
    lang: str = "en",
    candidates: int = 5,
) -> WhatIf:
    """Removes organizations, regions or countries and looks at what follows.

    Args:
        graph: a release, or an endpoint.
        without: what is removed: labels in Chinese or English, codes or IRIs, kinds mixed.
        chain: show only what this chain needs and who serves it.
        region: show only who is hit here, and which gaps open here.
        lang: `zh` or `en`: language of labels.
        candidates: replacements an input at most, 1 or more.

    Returns:
        The scenario.

    Raises:
        UsageError: nothing is to be removed.
        ParameterError: a value names nothing; nearest candidates are listed.
        AmbiguousParameterError: a value names more than one thing.
    """
    if not without:
        raise UsageError("nothing is removed", where="--without", hint="Name a firm, a region or a country.")
    store = graph.store
    # Looked up before the network is read: a typing error is seen at once.
    removed = sorted({_removable(store, value) for value in without})
    of_chain = None if chain is None else resolve(store, "chain", "chain", chain)[1:-1]
    here = None if region is None else resolve(store, "region", "region", region)[1:-1]
    scene = _Scene(read_network(graph), removed, of_chain, here)
    make = _Tables(scene, store, lang)
    return WhatIf(
        tuple(removed),
        of_chain,
        here,
        make.summary(),
        make.removed(),
        make.hit(),
        make.inputs(),
        make.replacements(candidates),
    )


def _removable(store: Store, value: str) -> str:
    """IRI of an organization or a region."""
    term = resolve_any(store, "without", _REMOVABLE, value)
    classes = " ".join(f"<{CLASSES[kind]}>" for kind in _REMOVABLE)
    if not store.query(f"ASK {{ VALUES ?class {{ {classes} }} {term} a ?class }}").truth:
        raise ParameterError(f"{term} is neither an organization nor a region", where="--without")
    return term[1:-1]


class _Scene:
    """A network with some of it removed, and what of it is looked at."""

    def __init__(self, network: Network, removed: Sequence[str], chain: str | None, region: str | None) -> None:
        self.network = network
        self.offers = offers_of(network)
        codes = [network.code(iri) for iri in removed]
        regions = network.mask(network.links["partOfRegion"].s) | network.mask(network.links["partOfRegion"].o)
        for kind in ("Country", "EconomicZone", "Province", "Prefecture", "County"):
            regions |= network.kinds[kind]
        areas = [code for code in codes if code >= 0 and regions[code]]
        gone = network.mask([code for code in codes if code >= 0 and not regions[code]])
        lost = gone[self.offers.provider]
        self.removed_areas = network.mask(areas)
        for code in areas:
            who, what = located(network, self.offers, code)
            gone |= who
            lost = lost | what
        acting = self.offers.provider, network.links["operatesAt"].s, network.links["locatedIn"].s
        also = network.links["hasSupplier"].o, network.links["hasCustomer"].o, network.links["hasCapability"].s
        self.actors = network.mask(np.concatenate([*acting, *also]))
        self.removed_all = gone
        self.gone = gone & self.actors
        self.lost = lost_offers(network, self.offers, self.gone, lost)
        self.impact: Impact = impact(network, self.offers, self.gone, self.lost, bool(areas))
        self.direct = self.wanted = None
        self.served = np.ones(network.terms.size, bool)
        if chain is not None:
            self.direct, self.wanted = chain_inputs(network, network.code(chain))
            at, of = network.links["operatesAt"], network.links["linkOf"]
            links = network.mask(of.s[of.o == network.code(chain)])
            self.served = network.mask(self.offers.provider[self.wanted[self.offers.item]]) | network.mask(
                at.s[links[at.o]]
            )
        self.region = None if region is None else network.code(region)
        if self.region is None:
            self.there = np.ones(network.terms.size, bool)
            self.inside = np.ones(self.offers.item.size, bool)
        else:
            self.there, self.inside = located(network, self.offers, self.region)


class _Tables:
    """The scene as tables with labels."""

    def __init__(self, scene: _Scene, store: Store, lang: str) -> None:
        self.scene, self.store, self.lang = scene, store, lang
        self._inputs = self._affected()

    def _frame(self, **columns: Sequence[object] | NDArray[np.generic]) -> pd.DataFrame:
        values = [list(_terms(column)) for column in columns.values()]
        return to_frame(Result(tuple(columns), tuple(zip(*values, strict=True))), self.store, self.lang)

    def _named(self, codes: Ints) -> list[object]:
        terms = self.scene.network.terms
        return [None if code < 0 else ox.NamedNode(str(terms[code])) for code in codes.tolist()]

    def removed(self) -> pd.DataFrame:
        """Who is gone."""
        scene = self.scene
        number = np.bincount(scene.offers.provider[scene.lost], minlength=scene.network.terms.size)
        codes = np.flatnonzero(scene.gone)
        codes = codes[np.lexsort((codes, -number[codes]))]
        return self._frame(provider=self._named(codes), offers=number[codes])

    def _hit(self) -> Ints:
        scene, effect = self.scene, self.scene.impact
        codes = np.flatnonzero((effect.tier >= 1) & scene.there & scene.served & ~scene.gone)
        return codes[np.lexsort((codes, -effect.provider_low[codes], -effect.provider_high[codes], effect.tier[codes]))]

    def hit(self) -> pd.DataFrame:
        """Who is hit, tier by tier, hardest first."""
        codes, effect = self._hit(), self.scene.impact
        return self._frame(
            provider=self._named(codes),
            tier=effect.tier[codes],
            loss_low=effect.provider_low[codes],
            loss_high=effect.provider_high[codes],
            worst=self._named(effect.worst[codes]),
        )

    def _affected(self) -> pd.DataFrame:
        scene, size = self.scene, self.scene.network.terms.size
        offers, counted = scene.offers, scene.impact.counted

        def number(mask: Mask) -> Ints:
            return np.bincount(offers.item[mask], minlength=size)

        # Of a market that is stated twice the kind of provider counts that the shock is about; the last provider is
        # gone only when neither kind is left.
        lost = number(scene.lost & counted)
        scope = np.ones(size, bool) if scene.wanted is None else scene.wanted
        items = np.flatnonzero((lost > 0) & scope)
        all_, left_anywhere = number(counted), number(~scene.lost)
        remaining = np.where(all_ > lost, all_ - lost, left_anywhere)
        inside, inside_left = number(scene.inside & counted), number(scene.inside & ~scene.lost & counted)
        inside_left = np.where(inside_left > 0, inside_left, number(scene.inside & ~scene.lost))
        low, high = _lost_shares(offers, counted, scene.lost, items, left_anywhere)
        opens = np.where(
            remaining[items] == 0,
            "everywhere",
            np.where((inside[items] > 0) & (inside_left[items] == 0), "region", ""),
        )
        looked, scopes = surveyed_inputs(scene.network, scene.region, scene.removed_all)
        left = inside_left[items]
        status = np.where(
            left == 0,
            np.where(looked[items], "absent", "unknown"),
            np.where((left == 1) & looked[items], "single-source", "met"),
        )
        needs = scene.network.links
        direct = scene.network.mask(needs["requiresInput"].o) if scene.direct is None else scene.direct
        taken = scene.network.mask(needs["hasInput"].o) if scene.wanted is None else scene.wanted
        need = np.where(direct[items], "direct", np.where(taken[items], "indirect", ""))
        rank = np.select([opens == "everywhere", opens == "region"], [0, 1], 2)
        order = np.lexsort((items, -low, rank, need != "direct"))
        return pd.DataFrame(
            {
                "code": items,
                "need": need,
                "providers": all_[items],
                "lost": lost[items],
                "remaining": remaining[items],
                "inside": inside[items],
                "inside_remaining": left,
                "share_low": low,
                "share_high": high,
                "opens": opens,
                "status": status,
                "coverage": [scopes.get(code, "") for code in items.tolist()],
            }
        ).iloc[order]

    def inputs(self) -> pd.DataFrame:
        """Inputs that lose providers; those that lose the last one first."""
        rows = self._inputs
        return self._frame(
            input=self._named(rows["code"].to_numpy()),
            **{str(name): rows[name].tolist() for name in rows.columns if name != "code"},
        )

    def replacements(self, most: int) -> pd.DataFrame:
        """Who could step in: remaining providers and those who are said to be able to, nearest first."""
        scene, offers, network = self.scene, self.scene.offers, self.scene.network
        asked = network.mask(self._inputs["code"].to_numpy())
        ring = np.full(offers.item.size, -1) if scene.region is None else rings(network, offers, scene.region)
        rows = np.flatnonzero(asked[offers.item] & ~scene.lost)
        can = network.links["hasCapability"]
        able = np.flatnonzero(asked[can.o] & ~scene.gone[can.s])
        # Where an organization is that has no offer of its own: as if it offered what it can make.
        told = Offers(
            can.s[able],
            can.o[able],
            can.o[able],
            np.full(able.size, np.nan),
            np.full(able.size, np.nan),
            np.zeros(able.size, bool),
            can.s[able],
        )
        item = np.concatenate([offers.item[rows], told.item])
        who = np.concatenate([offers.provider[rows], told.provider])
        capability = np.concatenate([np.where(offers.item == offers.made, 0, 2)[rows], np.ones(able.size, np.int64)])
        near = np.concatenate(
            [ring[rows], np.full(able.size, -1) if scene.region is None else rings(network, told, scene.region)]
        )
        share = np.concatenate([offers.share[rows], told.share])
        rank = {code: index for index, code in enumerate(self._inputs["code"].tolist())}
        place = np.array([rank[code] for code in item.tolist()], np.int64)
        order = np.lexsort((who, -np.nan_to_num(share, nan=-1.0), capability, np.where(near < 0, 9, near), place))
        first = np.searchsorted(place[order], place[order], side="left")
        kept = order[np.arange(order.size) - first < most]
        words = np.array(["makes it", "can make it", "makes a kind of it"], object)
        return self._frame(
            input=self._named(item[kept]),
            candidate=self._named(who[kept]),
            kind=np.where(self._regions()[who[kept]], "region", "organization").tolist(),
            capability=words[capability[kept]],
            ring=[None if level < 0 else RINGS[level] for level in near[kept].tolist()],
            share=share[kept],
        )

    def _regions(self) -> Mask:
        offers = self.scene.offers
        return self.scene.network.mask(offers.provider[offers.regional])

    def summary(self) -> pd.DataFrame:
        """Counts, and the part of all providers' production that is lost."""
        scene, effect, rows = self.scene, self.scene.impact, self._inputs
        hit = self._hit()
        scope = scene.there & scene.served & np.isfinite(effect.provider_high)
        values: list[tuple[str, float | int]] = [
            ("removed", int(scene.gone.sum())),
            ("removed offers", int(scene.lost.sum())),
            ("hit", int(hit.size)),
            *((f"hit in tier {tier}", int((effect.tier[hit] == tier).sum())) for tier in np.unique(effect.tier[hit])),
            ("inputs that lose providers", len(rows)),
            ("inputs that lose the last provider", int((rows["opens"] != "").sum())),
            ("  of these absent", int(((rows["opens"] != "") & (rows["status"] == "absent")).sum())),
            ("  of these unknown", int(((rows["opens"] != "") & (rows["status"] == "unknown")).sum())),
        ]
        if scope.any():
            values += [
                ("lost production, low", float(effect.provider_low[scope].mean())),
                ("lost production, high", float(effect.provider_high[scope].mean())),
            ]
        return pd.DataFrame(values, columns=["measure", "value"]).astype({"value": "Float64"})


def _lost_shares(
    offers: Offers, counted: Mask, lost: Mask, items: Ints, left: Ints
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of the market share that each input loses (as `concentration.lost_share`, all markets at once)."""
    rows = np.flatnonzero(counted)
    item, share, gone = offers.item[rows], offers.share[rows], lost[rows]
    missing = np.isnan(share)

    def total(mask: Mask, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        return np.bincount(item[mask], weights=None if weights is None else weights[mask], minlength=left.size)[items]

    base = total(gone & ~missing, share)
    rest = np.maximum(0.0, 1.0 - total(~missing, share))
    unknown_gone, unknown_left, all_gone = total(gone & missing), total(~gone & missing), left[items] == 0
    unlisted = (total(missing) == 0) & (rest > 0.05)
    low = np.where(all_gone & ~unlisted, 1.0, base + np.where((unknown_gone > 0) & (unknown_left == 0), rest, 0.0))
    high = np.where(all_gone, 1.0, base + np.where(unknown_gone > 0, rest, 0.0))
    nothing = (total(~missing) == 0) & ~all_gone
    return np.where(nothing, np.nan, np.minimum(low, 1.0)), np.where(nothing, np.nan, np.minimum(high, 1.0))


def _terms(column: Sequence[object] | NDArray[np.generic]) -> Sequence[object]:
    values = column.tolist() if isinstance(column, np.ndarray) else column
    return [_term(value) for value in values]


def _term(value: object) -> object:
    if value is None or value == "" or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, int):
        return ox.Literal(str(value), datatype=ox.NamedNode(XSD + "integer"))
    if isinstance(value, float):
        return ox.Literal(f"{value:.6f}", datatype=ox.NamedNode(XSD + "decimal"))
    return ox.Literal(value) if isinstance(value, str) else value
