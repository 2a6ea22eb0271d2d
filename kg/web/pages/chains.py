"""The overview of all chains, and one chain as a fishbone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from kg.graph import Graph
from kg.spelling import cleaned
from kg.terms import ICSC, RDFS
from kg.web.pages.common import (
    ROWS,
    STATUSES,
    Given,
    Row,
    answer_of,
    chains_of,
    export_of,
    longest_chain,
    main_region,
    part_of,
    per_release,
    regions_of,
    rows_of,
    text_of,
)
from kg.web.pages.fields import named as called
from kg.web.pages.fields import shown
from kg.web.pages.fishbone import SIGNS, Bone, Mark, fishbone, numbered
from kg.web.pages.surveyed import Looks, counted, found_none, group_of, looks_of, said
from kg.web.pages.words import page_words

__all__ = ["chain", "overview"]

#: Rings, the nearest first, with the classes of regions that they are.
_RINGS: Final = {
    "city": ("County", "Prefecture"),
    "province": ("Province",),
    "zone": ("EconomicZone",),
    "country": ("Country",),
}
_URGENCY: Final = ("absent", "insufficient", "single-source", "met", "unknown")
#: Breakpoints that the page shows, the most certain first.
_BREAKS: Final = 25
#: Statuses of what breaks by itself.
_MISSING: Final = ("absent", "insufficient")
#: What limits the statements that count.
_LIMITS: Final = ("as-of", "min-confidence")


def overview(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Every chain with its coverage in one region, and how many of its inputs are necks."""
    region = given.get("region") or main_region(graph)
    rows = rows_of(answer_of(graph, "coverage", lang, region=region))
    necks = _necks(graph)
    for row in rows:
        row["necks"] = necks.get(row["chain_iri"])
    known = {row["chain_iri"] for row in rows}
    # A chain of which nothing is known there is listed all the same.
    others = [item for item in chains_of(graph, lang) if item["iri"] not in known]
    named = rows[0]["region"] if rows else called(graph, lang, ("region",), region)
    return {
        "heading": page_words(lang)["overview_of"].format(region=named),
        "region": shown(graph, lang, ("region",), region),
        "places": regions_of(graph, lang),
        "rows": rows,
        "others": others,
        "statuses": STATUSES,
        "surveys": group_of(graph, lang, {"region": region}) if rows else [],
    }


def chain(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """A chain as a fishbone, and one input of it in full."""
    chains = chains_of(graph, lang)
    region = given.get("region") or main_region(graph)
    named = given.get("chain") or longest_chain(graph)
    bone = answer_of(graph, "fishbone", lang, chain=named, region=region) if named else pd.DataFrame()
    chosen = given.get("input", "")
    # A field for dates shows none in full-width characters.
    limits = {name: cleaned(given[name]) for name in _LIMITS if name in given}
    rows: list[dict[str, Any]] = []
    candidates: list[dict[str, Any]] = []
    to_ask: list[dict[str, Any]] = []
    if named:
        rows = rows_of(answer_of(graph, "gaps", lang, chain=named, region=region, **limits))
    if chosen:
        candidates = rows_of(answer_of(graph, "partners", lang, input=chosen, region=region).head(ROWS))
        if any(row["status"] == "unknown" for row in rows if row["input_iri"] == chosen):
            to_ask = rows_of(answer_of(graph, "may-provide", lang, input=chosen, region=region).head(ROWS))

    def url(iri: str) -> str:
        return "?" + urlencode({**given, "chain": named, "region": region, "input": iri}) + "#input"

    drawing = None
    place = ""
    bones: list[Bone] = []
    looks: Looks = {}
    if len(bone):
        # A code or a label was given: the form shows what it stands for.
        named = str(bone["chain_iri"].iloc[0])
        place = str(bone["region_iri"].iloc[0]) if "region_iri" in bone else ""
        looks = looks_of(graph, lang, named, place) if place else {}
    for row in rows:
        own = counted(looks, limits) if row["region_iri"] == place else {}
        row["why"], row["rests"] = said(graph, lang, row, own)
    if len(bone):
        # Date and confidence change the gaps; the fishbone's own statuses were computed with the release.
        bones = _bones(bone, _statuses(rows) if limits else {}, _absences(rows, place))
        drawing = fishbone(bones, url, page_words(lang), chosen)
    label = next((item["label"] for item in chains if item["iri"] == named), named)
    where = called(graph, lang, ("region",), place or region) if named else ""
    asked = {"chain": named, "region": region, **limits}
    broken = (
        _breaks(graph, lang, {"chain": named, "region": place or region}, rows, looks, bool(limits)) if named else {}
    )
    return {
        "chains": chains,
        "chain": named,
        "heading": page_words(lang)["chain_in"].format(chain=label, region=where) if where else label,
        "region": region,
        # A link gives the region's IRI: the form shows what it is called.
        "region_shown": shown(graph, lang, ("region",), region),
        "places": regions_of(graph, lang),
        "rings": _rings(graph, lang, place) if place else [],
        "drawing": drawing,
        "key": numbered(bones),
        "signs": {status: sign for status, (_, sign) in SIGNS.items()},
        "gaps": [row for row in rows if row["input_iri"] == chosen] if chosen else rows,
        "chosen": chosen,
        "candidates": candidates,
        "to_ask": to_ask,
        "statuses": STATUSES,
        "limited": bool(limits),
        "limits": defaultdict(str, limits),
        "surveys": group_of(graph, lang, {"chain": named, "region": place}) if place else [],
        "any_absent": any(row["status"] == "absent" for row in rows),
        "export": export_of("gaps", asked, lang),
        "figures": _figures(graph, lang, named, place, rows, broken["states"]) if place and not chosen else {},
        **broken,
        "export_candidates": export_of("partners", {"input": chosen, "region": region}, lang),
    }


def _breaks(
    graph: Graph, lang: str, asked: Mapping[str, str], gaps: list[dict[str, Any]], looks: Looks, limited: bool
) -> dict[str, Any]:
    """At which ring the chain's needs close, and what breaks in the region, by itself or by what it takes."""
    closing = part_of(graph, "rings", lang, asked, ROWS)
    # Where nothing was computed for the region, nothing can break: one question less.
    breaks = part_of(graph, "breakpoints", lang, asked, _BREAKS) if closing.rows else None
    # An input that two links require has two rows, and breaks once.
    states = {row["input_iri"]: row["state"] for row in breaks.rows} if breaks is not None else {}
    # What a part of the region lacks, the region may have.
    missing = [row for row in gaps if row["region_iri"] == asked["region"] and row["status"] in _MISSING]
    if breaks is not None:
        because = _because(breaks.shown, missing, looks, limited, lang)
        breaks = replace(
            breaks, shown=[Row({**row, "why": why}) for row, why in zip(breaks.shown, because, strict=True)]
        )
    return {"closing": closing, "breaks": breaks, "states": Counter(states.values())}


def _because(
    rows: Sequence[Mapping[str, Any]], missing: Sequence[Mapping[str, Any]], looks: Looks, limited: bool, lang: str
) -> list[list[tuple[str, str]]]:
    """Of each row of what breaks the reasons, and on what each rests.

    Args:
        missing: rows of `gaps` of what the region itself lacks.
        looks: surveys of the region, whatever date and confidence were asked for: breaks are computed with the release.
        limited: whether date or confidence limit the rows of `missing`.
    """
    words = page_words(lang)
    own = {row["input_iri"]: (row["why"], row["rests"]) for row in missing}
    called = {row["input"]: ": ".join(filter(None, own[row["input_iri"]])) for row in missing}
    region = next((row["region"] for row in rows), "") or ""
    found: list[list[tuple[str, str]]] = []
    for row in rows:
        why = [own[row["input_iri"]]] if row["input_iri"] in own else []
        if row["takes"]:
            # Of several that rest on the same it is said once.
            resting: dict[str, list[str]] = defaultdict(list)
            for name in row["takes"].split("; "):
                if name in called:
                    resting[called[name]].append(name)
            rests = [words["of_taken"].format(name=words["comma"].join(names), why=by) for by, names in resting.items()]
            why.append((words["takes"].format(names=row["takes"]), "; ".join(rests)))
        elif row["state"] == "breakpoint" and not why:
            none = found_none(looks.get(row["input_iri"], ()), region, lang)
            why.append((words["itself"], none) if limited else (words["through"], ""))
        elif not why:
            why.append((words["waits" if row["state"] == "held up" else "unlooked"], ""))
        found.append(why)
    return found


def _figures(
    graph: Graph, lang: str, chain: str, region: str, gaps: list[dict[str, Any]], states: Mapping[str, int]
) -> dict[str, int]:
    """The figures of the page that a reader would hold against each other; none where coverage was not computed."""
    own = rows_of(answer_of(graph, "coverage", lang, chain=chain, region=region))
    if not own:
        return {}
    names = ("inputs", "met", "single_source", "insufficient", "absent", "unknown")
    figures = {name: int(own[0][name]) for name in names}
    missing = figures["absent"] + figures["insufficient"]
    broken = states.get("breakpoint", 0)
    return {**figures, "rows": len(gaps), "broken": broken, "missing": missing, "through": broken - missing}


def _statuses(rows: list[dict[str, Any]]) -> Mapping[str, str]:
    """Input -> status; the most urgent where sources speak of parts of the region."""
    found: dict[str, str] = {}
    for row in rows:
        status = found.get(row["input_iri"], row["status"])
        found[row["input_iri"]] = min(status, row["status"], key=_URGENCY.index)
    return found


def _absences(rows: list[dict[str, Any]], region: str) -> Mapping[str, str]:
    """Input -> why it is absent in the region, and on what this rests."""
    absent = [row for row in rows if row["status"] == "absent" and row["region_iri"] == region]
    return {row["input_iri"]: " – ".join(filter(None, (row["why"], row["rests"]))) for row in absent}


def _bones(frame: pd.DataFrame, statuses: Mapping[str, str], absences: Mapping[str, str]) -> list[Bone]:
    bones: dict[str, tuple[dict[str, Any], list[Mark]]] = {}
    for row in rows_of(frame):
        _, marks = bones.setdefault(row["link_iri"], (row, []))
        if row["input_iri"] is not None:
            status = statuses.get(row["input_iri"]) or row["status"] or "unknown"
            why = absences.get(row["input_iri"], "") if status == "absent" else ""
            marks.append(Mark(row["input_iri"], row["input"], status, why))
    return [
        Bone(row["link"], row["stage"] or "", int(row["tier"] or 0), bool(row["on_spine"]), tuple(marks))
        for row, marks in bones.values()
    ]


@per_release
def _necks(graph: Graph) -> dict[str, int]:
    """Chain -> inputs that are in the top tier, or that a source calls critical; only chains of which any is known."""
    needs = f"?link <{ICSC}linkOf> ?chain ; <{ICSC}requiresInput> ?input . "
    named = graph.store.query(f"SELECT ?chain ?input WHERE {{ {needs} ?input a <{ICSC}NeckTechnology> }}")
    pairs = {(text_of(chain), text_of(item)) for chain, item in named.rows}
    # Only of chains that have any: asked of all at once, the question takes seconds.
    some = graph.store.query(
        f"SELECT DISTINCT ?chain WHERE {{ {{ SELECT DISTINCT ?input WHERE {{ {{ ?one a <{ICSC}InputConcentration> ; "
        f"<{ICSC}analysedSubject> ?input }} UNION {{ ?one <{ICSC}dependenceOn> ?input }} }} }} {needs} }}"
    )
    for (chain,) in some.rows:
        found = graph.ask("necks", chain=text_of(chain))
        high = found[(found.tier == "top") | found.stated.notna()]
        pairs |= set(zip(high.chain_iri, high.input_iri, strict=True))
    return {text_of(chain): 0 for (chain,) in some.rows} | Counter(chain for chain, _ in pairs)


@per_release
def _rings(graph: Graph, lang: str, region: str) -> list[tuple[str, str, str]]:
    """The region and those around it: ring, IRI, label."""
    kinds = " ".join(f"(<{ICSC}{kind}> {index})" for index, kinds in enumerate(_RINGS.values()) for kind in kinds)
    found = graph.store.query(
        f"SELECT DISTINCT ?rank ?place ?label WHERE {{ {{ BIND(<{region}> AS ?place) }} UNION "
        f"{{ <{region}> <{ICSC}partOfRegion> ?place }} ?place a ?kind ; <{RDFS}label> ?label "
        f'FILTER(LANGMATCHES(LANG(?label), "{lang}")) VALUES (?kind ?rank) {{ {kinds} }} }} '
        "ORDER BY ?rank ?place ?label"
    )
    names = list(_RINGS)
    rings: dict[str, tuple[str, str, str]] = {}
    for rank, place, label in found.rows:
        rings.setdefault(text_of(place), (names[int(text_of(rank))], text_of(place), text_of(label)))
    return list(rings.values())
