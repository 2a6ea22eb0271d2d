"""What follows when firms, regions or countries are gone: summed up in sentences, then in tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from kg.graph import Graph
from kg.terms import ICSC
from kg.web.pages.charts import Option, bars
from kg.web.pages.common import ROWS, Given, chains_of, iri_of, regions_of, rows_of
from kg.web.pages.fields import named, shown, shown_of
from kg.web.pages.words import page_words
from kg.web.resources import labels_of

if TYPE_CHECKING:
    from kg.whatif import WhatIf

__all__ = ["scenario"]

#: Kinds of things that can be gone.
_REMOVABLE: Final = ("region", "organization")
#: Inputs and firms that the sentences name.
_WORST: Final = 5


@dataclass(frozen=True)
class Told:
    """A scenario in sentences.

    Attributes:
        lines: in the order in which they are read.
        worst: what the inputs are that are named.
        inputs: label, IRI and number of lost providers of each, the worst first.
        firms: label, IRI and lost part of the production of each, the worst first.
    """

    lines: Sequence[str]
    worst: str
    inputs: Sequence[tuple[str, str, str]]
    firms: Sequence[tuple[str, str, str]]


def scenario(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """What follows if firms, regions or countries were gone."""
    without = [name.strip() for name in given.get("without", "").replace("；", ";").split(";") if name.strip()]
    parts: list[tuple[str, list[str], list[dict[str, Any]], int]] = []
    drawing = None
    told: Told | None = None
    words = page_words(lang)
    if without:
        from kg.whatif import PARTS, whatif

        found = whatif(graph, tuple(without), given.get("chain"), given.get("region"), lang)
        for part in PARTS:
            frame = getattr(found, part)
            columns = [str(name) for name in frame.columns if not str(name).endswith("_iri")]
            parts.append((part, columns, rows_of(frame.head(ROWS)), len(frame)))
        drawing = _tiers(found.hit, words["tiers"])
        told = _told(graph, lang, found)
    names = words["comma"].join(named(graph, lang, _REMOVABLE, name) for name in without)
    chain = iri_of(graph, "chain", given["chain"]) if given.get("chain") else ""
    return {
        "heading": words["without_whom"].format(names=names) if parts else "",
        "without": "; ".join(shown(graph, lang, _REMOVABLE, name) for name in without),
        "fields": shown_of(graph, lang, given, {"region": ("region",)}),
        "chains": chains_of(graph, lang),
        "chain": chain,
        "places": regions_of(graph, lang),
        "parts": parts,
        "told": told,
        "drawing": drawing,
    }


def _told(graph: Graph, lang: str, found: WhatIf) -> Told:
    """What a scenario comes to: who goes, what is lost, of how much nothing is known and why, what is worst."""
    words = page_words(lang)
    counts = dict(zip(found.summary["measure"].str.strip(), found.summary["value"], strict=True))
    inputs, hit = rows_of(found.inputs), rows_of(found.hit)
    gaps = [row for row in inputs if row["opens"] and row["status"] == "absent"]
    unknown = [row for row in inputs if row["opens"] and row["status"] == "unknown"]
    unneeded = sum(not row["need"] for row in unknown)
    lines = [
        words["told_gone"].format(gone=_grouped(counts["removed"]), offers=_grouped(counts["removed offers"])),
        words["told_lost"].format(
            lost=_grouped(len(inputs)),
            last=_grouped(len(gaps) + len(unknown)),
            place=words["last_there" if found.region else "last_anywhere"],
        ),
    ]
    if gaps:
        scopes = words["comma"].join(_scopes(graph, lang, gaps))
        lines.append(words["told_gaps"].format(gaps=_grouped(len(gaps)), scopes=scopes))
    elif unknown:
        lines.append(words["no_gaps"])
    if unknown:
        lines.append(words["told_unknown"].format(unknown=_grouped(len(unknown))))
    if unneeded:
        lines.append(words["told_unneeded"].format(unneeded=_grouped(unneeded)))
    low, high = counts.get("lost production, low"), counts.get("lost production, high")
    if hit and low is not None and high is not None:
        lines.append(words["told_hit"].format(hit=_grouped(len(hit)), low=f"{100 * low:.0f}", high=f"{100 * high:.0f}"))
    # Which of the unknown are worst is said only where no gap is known.
    worst = sorted(
        gaps or [row for row in unknown if row["need"]], key=lambda row: (row["need"] != "direct", -row["lost"])
    )
    hardest = sorted(hit, key=lambda row: -(row["loss_high"] or 0))
    return Told(
        tuple(lines),
        words["worst_gaps" if gaps else "worst_unknown"],
        [(row["input"], row["input_iri"], _grouped(row["lost"])) for row in worst[:_WORST]],
        [(row["provider"], row["provider_iri"], _part(row["loss_low"], row["loss_high"])) for row in hardest[:_WORST]],
    )


def _scopes(graph: Graph, lang: str, gaps: Sequence[Mapping[str, Any]]) -> list[str]:
    """The scopes of the surveys that have looked for these inputs, by name."""
    names = {name for row in gaps for name in (row["coverage"] or "").split(", ") if name}
    labels = labels_of(graph.store, [ICSC + name for name in names if " " not in name], lang)
    return sorted(labels.values())


def _grouped(value: float) -> str:
    return f"{int(value):,}"


def _part(low: float | None, high: float | None) -> str:
    """A part between two bounds, in percent; empty where it is not known."""
    if low is None or high is None:
        return ""
    ends = [f"{100 * low:.0f}", f"{100 * high:.0f}"]
    return "–".join(dict.fromkeys(ends)) + " %"


def _tiers(hit: pd.DataFrame, label: str) -> Option | None:
    """How many are hit at each tier from the removed."""
    if "tier" not in hit or hit.empty:
        return None
    counts = hit["tier"].dropna().astype(int).value_counts().sort_index()
    rows = [{"tier": str(tier), "hit": int(count)} for tier, count in counts.items()]
    return bars(rows, "tier", ["hit"], label) if rows else None
