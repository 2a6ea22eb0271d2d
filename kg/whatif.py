"""What if some firms, a region or a country were gone: who is hit, which gaps open, who could step in.

A release is read, never changed; the answer is a scenario of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from kg.analysis.network import read_network
from kg.errors import ParameterError, UsageError
from kg.parameters import CLASSES, resolve, resolve_any
from kg.store import Store
from kg.whatif_tables import Scene, Tables

if TYPE_CHECKING:
    from kg.graph import Graph

__all__ = ["PARTS", "WhatIf", "whatif"]

#: Parts of an answer, in the order in which they are shown.
PARTS: Final = ("summary", "removed", "hit", "inputs", "replacements")
#: Kinds of things that can be removed.
_REMOVABLE: Final = ("region", "organization")


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
            its production, 0-1), worst (input whose want costs it most), supplier (who stands last on the shortest
            way of the loss: a stated supplier, or a provider of what it takes), path (this way in words: in turn who
            is gone or hit, and what that supplies). In the low case an input of which nobody
            says that it is essential is one among all inputs of what takes it; in the high case it is essential.
        inputs: input, need (direct: a link requires it; indirect: what a link requires takes it; empty: neither),
            providers, lost, remaining (everywhere), inside, inside_remaining (in the region of interest), share_low
            and share_high (bounds of the market share that is lost, 0-1; empty where nothing is known), opens
            (everywhere, region or empty: where the last provider goes), status (met, single-source, absent or
            unknown), coverage (scope of the surveys that looked).
        replacements: input, candidate, kind (organization or region), capability (makes it, makes a kind of it, can
            make it), ring (from the region of interest), share (0-1).
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
        without: what is removed: labels in Chinese or English, codes or IRIs, kinds mixed. With a region go all
            firms that have a place there, wholly: an upper bound where they have places elsewhere, too.
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
    scene = Scene(read_network(graph), removed, of_chain, here)
    make = Tables(scene, store, lang)
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
