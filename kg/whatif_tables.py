"""The scene of a what-if, and the tables that tell of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
import pyoxigraph as ox
from numpy.typing import NDArray

from kg.analysis.impact import Impact, impact, lost_offers
from kg.analysis.network import Network
from kg.analysis.offers import RINGS, Offers, chain_inputs, located, offers_of, rings
from kg.analysis.paths import last_suppliers, way_back
from kg.analysis.surveyed import surveyed_inputs
from kg.labels import to_frame
from kg.store import Result, Store
from kg.terms import XSD

__all__ = ["Scene", "Tables"]

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


class Scene:
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


class Tables:
    """The scene as tables with labels."""

    def __init__(self, scene: Scene, store: Store, lang: str) -> None:
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

    def _ways(self, codes: Ints) -> tuple[Ints, list[str]]:
        """Of each who is hit the last supplier on the way of the loss, and the way in words, what is gone first."""
        scene, effect = self.scene, self.scene.impact
        last = last_suppliers(scene.network, scene.offers, effect)
        ways = [way_back(code, last) for code in codes.tolist()]
        on_them = np.array(sorted({code for way in ways for code in way}), np.int64)
        labels = dict(zip(on_them.tolist(), self._frame(thing=self._named(on_them))["thing"], strict=True))
        texts = [" → ".join(str(labels[code]) for code in way) for way in ways]
        return np.array([last.get(code, (-1, -1))[0] for code in codes.tolist()], np.int64), texts

    def hit(self) -> pd.DataFrame:
        """Who is hit, tier by tier, hardest first."""
        codes, effect = self._hit(), self.scene.impact
        suppliers, ways = self._ways(codes)
        return self._frame(
            provider=self._named(codes),
            tier=effect.tier[codes],
            loss_low=effect.provider_low[codes],
            loss_high=effect.provider_high[codes],
            worst=self._named(effect.worst[codes]),
            supplier=self._named(suppliers),
            path=ways,
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
        stated, left_anywhere = number(counted), number(~scene.lost)
        remaining = np.where(stated > lost, stated - lost, left_anywhere)
        inside, inside_left = number(scene.inside & counted), number(scene.inside & ~scene.lost & counted)
        inside_left = np.where(inside_left > 0, inside_left, number(scene.inside & ~scene.lost))
        low, high = _lost_shares(offers, scene.impact, scene.lost, items, left_anywhere)
        opens = np.where(
            remaining[items] == 0,
            "everywhere",
            np.where((inside[items] > 0) & (inside_left[items] == 0), "region", ""),
        )
        stays = scene.inside & ~scene.lost & (offers.item == offers.made)
        made = scene.network.mask(offers.item[stays])
        looked, scopes = surveyed_inputs(scene.network, scene.region, scene.removed_all, made)
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
                "providers": stated[items],
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
    offers: Offers, effect: Impact, lost: Mask, items: Ints, left: Ints
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds of the market share that each input loses (as `concentration.lost_share`, all markets at once)."""
    rows = np.flatnonzero(effect.counted)
    item, gone = offers.item[rows], lost[rows]
    least, most = (shares[rows] for shares in effect.shares)
    missing = np.isnan(least)

    def total(mask: Mask, weights: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        found = np.bincount(item[mask], weights=None if weights is None else weights[mask], minlength=left.size)
        return found[items].astype(np.float64)

    base, highest = total(gone & ~missing, least), total(gone & ~missing, most)
    rest = np.maximum(0.0, 1.0 - total(~missing, least))
    unknown_gone, unknown_left, all_gone = total(gone & missing), total(~gone & missing), left[items] == 0
    unlisted = (total(missing) == 0) & (rest > 0.05)
    low = np.where(all_gone & ~unlisted, 1.0, base + np.where((unknown_gone > 0) & (unknown_left == 0), rest, 0.0))
    high = np.where(all_gone, 1.0, highest + np.where(unknown_gone > 0, rest, 0.0))
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
