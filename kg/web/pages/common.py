"""What the pages have in common: questions asked as rows, and lists to choose from."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

import pandas as pd

from kg.graph import Graph
from kg.library import Question
from kg.parameters import resolve
from kg.terms import ICSC, RDFS

__all__ = [
    "LANG",
    "ROWS",
    "STATUSES",
    "Given",
    "Part",
    "Row",
    "answer_of",
    "cell",
    "chains_of",
    "export_of",
    "iri_of",
    "longest_chain",
    "main_region",
    "part_of",
    "per_release",
    "quoted",
    "regions_of",
    "rows_of",
    "text_of",
    "texts_of",
    "weights_of",
    "whole_of",
]

Given = Mapping[str, str]
#: Rows that a page shows; exports have all.
ROWS: Final = 200
STATUSES: Final = ("met", "single-source", "insufficient", "absent", "unknown")
#: The page's language, which is a parameter of some questions too.
LANG: Final = "lang"

_T = TypeVar("_T")


class Row(dict[str, Any]):
    """A row of an answer; a column that it lacks, as no row has a value for it, is unknown."""

    def __missing__(self, column: str) -> None:
        return None


@dataclass(frozen=True)
class Part:
    """The answer to one question, as a part of a page.

    Attributes:
        rows: the whole answer.
        shown: the first rows of it.
        sources: IRI -> label of the graphs that hold it.
        export: formats and addresses of the whole answer.
        whole: address of the question's own page.
    """

    rows: Sequence[Mapping[str, Any]]
    shown: Sequence[Mapping[str, Any]]
    sources: Mapping[str, str]
    export: Sequence[tuple[str, str]]
    whole: str


def per_release(look: Callable[..., _T]) -> Callable[..., _T]:
    """Keeps what a look into the graph found, for as long as the same release is served.

    What it gives is shared by all requests: it must not be changed.
    """
    found: dict[tuple[Any, ...], _T] = {}

    @functools.wraps(look)
    def kept(graph: Graph, *given: Any) -> _T:
        if graph.release is None:
            return look(graph, *given)
        key = (graph.release.id, *given)
        if key not in found:
            for old in [old for old in found if old[0] != key[0]]:
                found.pop(old, None)
            found[key] = look(graph, *given)
        return found[key]

    return kept


def answer_of(graph: Graph, name: str, lang: str, **parameters: str) -> pd.DataFrame:
    """The answer to a question of the library, as a table."""
    frame = graph.ask(name, lang=lang, **parameters)
    assert isinstance(frame, pd.DataFrame)
    return frame


def part_of(graph: Graph, name: str, lang: str, asked: Mapping[str, str], most: int) -> Part:
    """A question asked for a part of a page that shows at most so many rows."""
    rows = rows_of(answer_of(graph, name, lang, **asked))
    sources = {row["source_iri"]: row["source"] for row in rows if row["source_iri"]}
    return Part(rows, rows[:most], sources, export_of(name, asked, lang), whole_of(name, asked, lang))


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is unknown is None."""
    plain = frame.astype("object").where(frame.notna(), None)
    return [Row(zip(map(str, plain.columns), row, strict=True)) for row in plain.itertuples(index=False, name=None)]


def texts_of(graph: Graph, query: str) -> list[list[str]]:
    """The rows of a query as texts; an empty one for what is not bound."""
    return [[text_of(term) for term in row] for row in graph.store.query(query).rows]


@per_release
def chains_of(graph: Graph, lang: str) -> list[dict[str, str]]:
    """Every chain, by label."""
    found = texts_of(
        graph,
        f"SELECT DISTINCT ?chain ?label WHERE {{ ?chain a <{ICSC}Chain> ; <{RDFS}label> ?label "
        f'FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} ORDER BY ?label',
    )
    return [{"iri": iri, "label": label} for iri, label in found]


@per_release
def longest_chain(graph: Graph) -> str:
    """The chain that needs most inputs: where a reader begins."""
    found = graph.store.query(
        f"SELECT ?chain (COUNT(DISTINCT ?input) AS ?n) WHERE {{ ?link <{ICSC}linkOf> ?chain ; "
        f"<{ICSC}requiresInput> ?input }} GROUP BY ?chain ORDER BY DESC(?n) ?chain LIMIT 1"
    )
    return text_of(found.rows[0][0]) if found.rows else ""


@per_release
def regions_of(graph: Graph, lang: str) -> list[str]:
    """Names to choose from: provinces, economic zones, prefectures, countries."""
    found = graph.store.query(
        f"SELECT DISTINCT ?label WHERE {{ VALUES ?kind {{ <{ICSC}Province> <{ICSC}EconomicZone> <{ICSC}Prefecture> }} "
        f'?region a ?kind ; <{RDFS}label> ?label FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} ORDER BY ?label'
    )
    return [text_of(row[0]) for row in found.rows]


@per_release
def main_region(graph: Graph) -> str:
    """The province for which a release knows most gaps: where a reader begins."""
    found = graph.store.query(
        f"SELECT ?region (COUNT(DISTINCT ?gap) AS ?n) WHERE {{ ?gap a <{ICSC}Gap> ; <{ICSC}inRegion> ?place . "
        f"?place <{ICSC}partOfRegion>? ?region . ?region a <{ICSC}Province> }} "
        "GROUP BY ?region ORDER BY DESC(?n) ?region LIMIT 1"
    )
    return text_of(found.rows[0][0]) if found.rows else "CN"


def iri_of(graph: Graph, kind: str, text: str) -> str:
    """What a label, a code or an IRI stands for.

    Args:
        kind: a key of `kg.parameters.CLASSES`; the parameter is called like it.

    Raises:
        ParameterError: it names nothing, or more than one thing.
    """
    return resolve(graph.store, kind, kind, text)[1:-1]


def export_of(name: str, asked: Mapping[str, str], lang: str) -> Sequence[tuple[str, str]]:
    """Formats and addresses of a question's whole answer."""
    return [
        (kind, f"/api/questions/{name}?" + urlencode({**asked, "lang": lang, "format": kind}))
        for kind in ("csv", "xlsx", "json", "parquet")
    ]


def whole_of(name: str, asked: Mapping[str, str], lang: str) -> str:
    """Address of a question's own page with its answer."""
    return "/ask?" + urlencode({"question": name, **asked, "run": "1", LANG: lang})


def weights_of(question: Question, weights: Sequence[str], given: Given) -> dict[str, str]:
    """Weights of a question as given, else as it has them."""
    defaults = {p.name: p.default or "1" for p in question.parameters if p.name in weights}
    return {weight: given.get(weight, default) for weight, default in defaults.items()}


def text_of(term: Any) -> str:
    """A term's text; empty for none."""
    return str(getattr(term, "value", "") if term is not None else "")


def cell(term: Any) -> tuple[str, str]:
    """Text of a cell, and the IRI where it is one."""
    text = text_of(term) if hasattr(term, "value") else "" if term is None else str(term)
    return text, text if text.startswith(("http://", "https://")) else ""


def quoted(text: str) -> str:
    """A text as a literal of SPARQL."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    return f'"{escaped}"'
