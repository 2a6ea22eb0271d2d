"""What each page shows: questions of the library, asked with what the URL gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd

from kg.errors import UsageError
from kg.graph import Graph
from kg.library import Question
from kg.web.pages.fishbone import Bone, Mark, fishbone
from kg.web.pages.words import page_words

__all__ = [
    "ask",
    "chain",
    "explore",
    "linkage",
    "necks",
    "overview",
    "partners",
    "query",
    "region_map",
    "scenario",
    "sources",
]

Given = Mapping[str, str]
#: Rows that a page shows; exports have all.
ROWS: Final = 200
_STATUSES: Final = ("met", "single-source", "insufficient", "absent", "unknown")
_WEIGHTS: Final = ("weight-concentration", "weight-dependence", "weight-reach")
#: The page's language, which is a parameter of some questions too.
_LANG: Final = "lang"
_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"
_NS: Final = "https://w3id.org/icsc/ns#"


def overview(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Every chain with its coverage in one region."""
    region = given.get("region") or _region(graph)
    rows = _rows(_ask(graph, "coverage", lang, region=region))
    known = {row["chain_iri"] for row in rows}
    # A chain of which nothing is known there is listed all the same.
    others = [item for item in _chains(graph, lang) if item["iri"] not in known]
    return {
        "region": region,
        "places": _regions(graph, lang),
        "rows": rows,
        "others": others,
        "statuses": _STATUSES,
    }


def chain(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """A chain as a fishbone, and one input of it in full."""
    chains = _chains(graph, lang)
    region = given.get("region") or _region(graph)
    named = given.get("chain") or _longest(graph)
    bone = _ask(graph, "fishbone", lang, chain=named, region=region) if named else pd.DataFrame()
    chosen = given.get("input", "")
    limits = {name: given[name] for name in ("as-of", "min-confidence") if name in given}
    gaps: list[dict[str, Any]] = []
    candidates: list[dict[str, Any]] = []
    if named:
        found = _ask(graph, "gaps", lang, chain=named, region=region, **limits)
        gaps = _rows(found[found["input_iri"] == chosen] if chosen else found)
    if chosen:
        candidates = _rows(_ask(graph, "partners", lang, input=chosen, region=region).head(ROWS))

    def url(iri: str) -> str:
        return "?" + urlencode({**given, "chain": named, "region": region, "input": iri}) + "#input"

    drawing = fishbone(_bones(bone), url, dict(page_words(lang)), chosen) if len(bone) else None
    if len(bone):
        # A code or a label was given: the form shows what it stands for.
        named = str(bone["chain_iri"].iloc[0])
    label = next((item["label"] for item in chains if item["iri"] == named), named)
    return {
        "chains": chains,
        "chain": named,
        "chain_label": label,
        "region": region,
        "places": _regions(graph, lang),
        "drawing": drawing,
        "gaps": gaps,
        "chosen": chosen,
        "candidates": candidates,
        "statuses": _STATUSES,
    }


def necks(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """What has a chain by the neck, with the weights as given."""
    chains = _chains(graph, lang)
    question = graph.questions()["necks"]
    defaults = {p.name: p.default or "1" for p in question.parameters if p.name in _WEIGHTS}
    weights = {name: given.get(name, default) for name, default in defaults.items()}
    named = given.get("chain", "")
    rows: list[dict[str, Any]] = []
    if named:
        frame = _ask(graph, "necks", lang, chain=named, **weights)
        named = str(frame["chain_iri"].iloc[0]) if len(frame) else named
        rows = _rows(frame.head(ROWS))
        needed = max((row["reach"] or 0 for row in rows), default=0) or 1
        for row in rows:
            home = row["domestic_share"]
            row["factors"] = [
                ("concentration", row["hhi"]),
                ("dependence", None if home is None else 1 - home),
                ("reach", (row["reach"] or 0) / needed),
            ]
    return {"chains": chains, "chain": named, "weights": weights, "rows": rows}


def partners(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Who could provide an input, or close a stated gap."""
    asked = {name: given[name] for name in ("input", "gap", "region") if name in given}
    rows = _rows(_ask(graph, "partners", lang, **asked).head(ROWS)) if {"input", "gap"} & set(asked) else []
    gaps = graph.store.query(
        f"SELECT DISTINCT ?gap ?label WHERE {{ ?gap a <{_NS}Gap> ; <{_LABEL}> ?label "
        f'FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} ORDER BY ?label LIMIT 200'
    )
    known = [{"iri": _text(row[0]), "label": _text(row[1])} for row in gaps.rows]
    return {
        "rows": rows,
        "gaps": known,
        "places": _regions(graph, lang),
        "asked": bool(asked),
        "export": _export("partners", asked, lang),
    }


def linkage(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Regions against regions: how much of what one needs another has."""
    named = given.get("chain", "")
    frame = _ask(graph, "linkage", lang, chain=named) if named else pd.DataFrame()
    rows = _rows(frame)
    named = str(frame["chain_iri"].iloc[0]) if len(frame) and "chain_iri" in frame else named
    return {
        "chains": _chains(graph, lang),
        "chain": named,
        "rows": rows[:ROWS],
        "columns": [name for name in frame.columns if not name.endswith("_iri")],
        "export": _export("linkage", {"chain": named}, lang),
    }


def scenario(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """What follows if firms, regions or countries were gone."""
    without = [name.strip() for name in given.get("without", "").replace("；", ";").split(";") if name.strip()]
    parts: list[tuple[str, list[str], list[dict[str, Any]]]] = []
    if without:
        from kg.whatif import PARTS, whatif

        found = whatif(graph, tuple(without), given.get("chain"), given.get("region"), lang)
        for part in PARTS:
            frame = getattr(found, part)
            columns = [str(name) for name in frame.columns if not str(name).endswith("_iri")]
            parts.append((part, columns, _rows(frame.head(ROWS))))
    return {"chains": _chains(graph, lang), "places": _regions(graph, lang), "parts": parts}


def region_map(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Provinces at their places, with the coverage of a chain as size."""
    chains = _chains(graph, lang)
    named = given.get("chain") or _longest(graph)
    rows = graph.store.query(
        f"SELECT DISTINCT ?p ?lat ?long WHERE {{ ?p a <{_NS}Province> ; <{_NS}latitude> ?lat ; "
        f"<{_NS}longitude> ?long }}"
    ).rows
    frame = _ask(graph, "coverage", lang, chain=named) if named else pd.DataFrame()
    covered = {row["region_iri"]: row for row in _rows(frame)}
    points = []
    for row in rows:
        found = covered.get(_text(row[0]))
        if found is None:
            continue
        x, y = (float(_text(row[2])) - 72) * 12, (55 - float(_text(row[1]))) * 15
        points.append(_Row({**found, "x": round(x, 1), "y": round(y, 1)}))
    named = str(frame["chain_iri"].iloc[0]) if len(frame) else named
    points.sort(key=lambda point: -(point["coverage_low"] or 0))
    return {"chains": chains, "chain": named, "points": points}


def explore(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Things by name, in both languages."""
    text = given.get("q", "")
    found: list[dict[str, Any]] = []
    if text:
        literal = _quoted(text.lower())
        answer = graph.store.query(
            f"SELECT DISTINCT ?s ?label WHERE {{ ?s <{_LABEL}> ?label "
            f"FILTER(CONTAINS(LCASE(STR(?label)), {literal})) }} LIMIT {ROWS}"
        )
        found = [{"iri": _text(row[0]), "label": _text(row[1])} for row in answer.rows]
        found.sort(key=lambda item: (len(item["label"]), item["label"]))
    return {"found": found, "q": text, "full": len(found) >= ROWS}


def ask(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Any question of the library, with its parameters as a form."""
    questions = graph.questions()
    name = given.get("question", "")
    question: Question | None = questions.get(name)
    if name and question is None:
        raise UsageError(f"there is no question {name!r}", where="question")
    groups: dict[str, list[Question]] = {}
    for item in sorted(questions.values(), key=lambda item: (item.group, item.name)):
        groups.setdefault(item.group, []).append(item)
    rows: list[dict[str, Any]] = []
    columns: list[str] = []
    asked: dict[str, str] = {}
    total = 0
    if question is not None and "run" in given:
        asked = {p.name: given[p.name] for p in question.parameters if p.name in given and p.name != _LANG}
        frame = _ask(graph, question.name, lang, **asked)
        total = len(frame)
        columns = [str(column) for column in frame.columns if not str(column).endswith("_iri")]
        rows = _rows(frame.head(ROWS))
    return {
        "groups": groups,
        "question": question,
        "rows": rows,
        "columns": columns,
        "total": total,
        "ran": "run" in given,
        "sparql": graph.bound(question.name, **asked) if question is not None else "",
        "export": _export(name, asked, lang),
    }


def query(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """An analyst's own SPARQL."""
    text = given.get("query", "")
    columns: list[str] = []
    rows: list[list[tuple[str, str]]] = []
    truth: bool | None = None
    total = 0
    if text:
        answer = graph.store.query(text)
        truth = answer.truth
        columns = list(answer.columns)
        total = len(answer.rows)
        rows = [[_cell(value) for value in row] for row in answer.rows[:ROWS]]
    questions = sorted(graph.questions().values(), key=lambda item: (item.group, item.name))
    return {"text": text, "columns": columns, "rows": rows, "total": total, "truth": truth, "questions": questions}


def sources(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """Where the release comes from, and what was found wrong with it."""
    return {"questions": graph.questions()}


class _Row(dict[str, Any]):
    """A row of an answer; a column that it lacks, as no row has a value for it, is unknown."""

    def __missing__(self, column: str) -> None:
        return None


def _ask(graph: Graph, name: str, lang: str, **parameters: str) -> pd.DataFrame:
    frame = graph.ask(name, lang=lang, **parameters)
    assert isinstance(frame, pd.DataFrame)
    return frame


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is unknown is None."""
    plain = frame.astype("object").where(frame.notna(), None)
    return [_Row(zip(map(str, plain.columns), row, strict=True)) for row in plain.itertuples(index=False, name=None)]


def _bones(frame: pd.DataFrame) -> list[Bone]:
    bones: dict[str, tuple[dict[str, Any], list[Mark]]] = {}
    for row in _rows(frame):
        _, marks = bones.setdefault(row["link_iri"], (row, []))
        if row["input_iri"] is not None:
            marks.append(Mark(row["input_iri"], row["input"], row["status"] or "unknown"))
    return [
        Bone(row["link"], row["stage"] or "", int(row["tier"] or 0), bool(row["on_spine"]), tuple(marks))
        for row, marks in bones.values()
    ]


def _chains(graph: Graph, lang: str) -> list[dict[str, str]]:
    found = graph.store.query(
        f"SELECT DISTINCT ?chain ?label WHERE {{ ?chain a <{_NS}Chain> ; <{_LABEL}> ?label "
        f'FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} ORDER BY ?label'
    )
    return [{"iri": _text(row[0]), "label": _text(row[1])} for row in found.rows]


def _longest(graph: Graph) -> str:
    """The chain that needs most inputs: where a reader begins."""
    found = graph.store.query(
        f"SELECT ?chain (COUNT(DISTINCT ?input) AS ?n) WHERE {{ ?link <{_NS}linkOf> ?chain ; "
        f"<{_NS}requiresInput> ?input }} GROUP BY ?chain ORDER BY DESC(?n) ?chain LIMIT 1"
    )
    return _text(found.rows[0][0]) if found.rows else ""


def _regions(graph: Graph, lang: str) -> list[str]:
    """Names to choose from: provinces, economic zones, prefectures, countries."""
    found = graph.store.query(
        f"SELECT DISTINCT ?label WHERE {{ VALUES ?kind {{ <{_NS}Province> <{_NS}EconomicZone> <{_NS}Prefecture> }} "
        f'?region a ?kind ; <{_LABEL}> ?label FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} ORDER BY ?label'
    )
    return [_text(row[0]) for row in found.rows]


def _region(graph: Graph) -> str:
    """The province for which a release knows most gaps: where a reader begins."""
    found = graph.store.query(
        f"SELECT ?region (COUNT(DISTINCT ?gap) AS ?n) WHERE {{ ?gap a <{_NS}Gap> ; <{_NS}inRegion> ?place . "
        f"?place <{_NS}partOfRegion>? ?region . ?region a <{_NS}Province> }} "
        "GROUP BY ?region ORDER BY DESC(?n) ?region LIMIT 1"
    )
    return _text(found.rows[0][0]) if found.rows else "CN"


def _export(name: str, asked: Mapping[str, str], lang: str) -> Sequence[tuple[str, str]]:
    return [
        (kind, f"/api/questions/{name}?" + urlencode({**asked, "lang": lang, "format": kind}))
        for kind in ("csv", "xlsx", "json", "parquet")
    ]


def _text(term: Any) -> str:
    return str(getattr(term, "value", "") if term is not None else "")


def _cell(term: Any) -> tuple[str, str]:
    text = _text(term) if hasattr(term, "value") else "" if term is None else str(term)
    return text, text if text.startswith(("http://", "https://")) else ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return f'"{escaped}"'
