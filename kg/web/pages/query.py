"""The question library as forms, and an analyst's own SPARQL with its result as table, chart, graph or map."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

import pandas as pd
import pyoxigraph as ox
from markupsafe import Markup, escape

from kg.errors import KgError, UsageError
from kg.graph import Graph
from kg.library import Question, value_meant
from kg.ranking import WAYS
from kg.terms import ICSC, RDFS
from kg.web.pages.charts import MOST_BARS, Option, bars, edges
from kg.web.pages.common import LANG, ROWS, Given, answer_of, cell, export_of, per_release, rows_of, text_of
from kg.web.pages.explore import MOST, labels_of
from kg.web.pages.fields import shown_of
from kg.web.pages.maps import points
from kg.web.pages.places import SHAPES, has_shapes, places_of
from kg.web.pages.ranked import hangs_on
from kg.web.pages.words import page_words
from kg.web.worker import PREFIXES

__all__ = ["VIEWS", "ask", "completions", "query"]

Names = Mapping[str, str]
#: What stands before the name of a method.
_METHOD: Final = ("method", "方法")
#: Rows of a drawing whose things are called by their labels.
_NAMED: Final = 500
#: Ways of looking at a result.
VIEWS: Final = ("table", "chart", "graph", "map")
_NUMBERS: Final = frozenset(
    f"http://www.w3.org/2001/XMLSchema#{name}" for name in ("integer", "decimal", "double", "float", "int", "long")
)


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
    decided = ""
    if question is not None and "run" in given:
        asked = {p.name: given[p.name] for p in question.parameters if p.name in given and p.name != LANG}
        if question.ranking is not None and "rank" in given:
            asked["rank"] = given["rank"]
        frame = answer_of(graph, question.name, lang, **asked)
        total = len(frame)
        columns = [str(column) for column in frame.columns if not str(column).endswith("_iri")]
        rows = rows_of(frame.head(ROWS))
        decided = hangs_on(question, frame, asked, lang)
    return {
        "deciding": decided,
        "groups": groups,
        "question": question,
        "rows": rows,
        "columns": columns,
        "total": total,
        "ran": "run" in given,
        "fields": _fields(graph, question, lang, given),
        "heading": question.texts(lang).summary if question is not None else "",
        "described": _described(question, questions, lang) if question is not None else "",
        "ways": WAYS,
        "sparql": graph.bound(question.name, **asked) if question is not None else "",
        "export": export_of(name, asked, lang),
    }


def _fields(graph: Graph, question: Question | None, lang: str, given: Given) -> Mapping[str, str]:
    """What the form of a question shows: of things their names, of fixed values the one that was meant."""
    if question is None:
        return {}
    fields = dict(shown_of(graph, lang, given, {p.name: (p.kind,) for p in question.parameters}))
    for parameter in question.parameters:
        if parameter.values and parameter.name in given:
            with contextlib.suppress(KgError):
                fields[parameter.name] = value_meant(question, parameter, given[parameter.name])
    return defaultdict(str, fields)


def _described(question: Question, questions: Mapping[str, Question], lang: str) -> Markup:
    """A question's description, in which other questions are called as they are on the page, and lead there."""
    own = {*question.columns, *(parameter.name for parameter in question.parameters), question.name}
    # A value may have the name of a question as well.
    own |= {value for parameter in question.parameters for value in parameter.values}
    parts: list[Markup] = []
    before = ""
    for at, part in enumerate(question.texts(lang).description.split("`")):
        # A method may have the name of a question.
        other = None if at % 2 == 0 or part in own or before.rstrip().endswith(_METHOD) else questions.get(part)
        if other is not None:
            address = "?" + urlencode({"question": part, LANG: lang})
            named = Markup('“<a href="{}">{}</a>” (<code>{}</code>)')
            parts.append(named.format(address, other.texts(lang).summary, part))
        else:
            parts.append(Markup("<code>{}</code>").format(part) if at % 2 else escape(part))
        before = part
    return Markup().join(parts)


def query(graph: Graph, lang: str, given: Given) -> dict[str, Any]:
    """An analyst's own SPARQL."""
    text = given.get("query", "")
    view = given.get("view", "table")
    view = view if view in VIEWS else "table"
    columns: list[str] = []
    rows: list[list[tuple[str, str]]] = []
    truth: bool | None = None
    total = 0
    option: Option | None = None
    if text:
        answer = graph.store.query(text)
        truth = answer.truth
        if answer.triples is not None:
            columns = ["subject", "predicate", "object"]
            found: list[Sequence[Any]] = [
                (quad.subject, quad.predicate, quad.object)
                for quad in ox.parse(answer.triples, format=ox.RdfFormat.N_TRIPLES)
            ]
        else:
            columns = list(answer.columns)
            found = list(answer.rows)
        total = len(found)
        rows = [[cell(value) for value in row] for row in found[:ROWS]]
        if view != "table":
            option = _drawing(graph, lang, view, columns, found)
    questions = sorted(graph.questions().values(), key=lambda item: (item.group, item.name))
    return {
        "text": text,
        "view": view,
        "views": VIEWS,
        "columns": columns,
        "rows": rows,
        "total": total,
        "truth": truth,
        "drawing": option,
        # A chart has its first rows only.
        "drawn": MOST_BARS if view == "chart" and option else total,
        "questions": questions,
    }


def _drawing(
    graph: Graph, lang: str, view: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Option | None:
    """A result as a drawing; None where it has not what that needs."""
    label = page_words(lang)["result"]
    iris = {
        text for row in rows[:_NAMED] for term in row if isinstance(term, ox.NamedNode) and _plain(text := term.value)
    }
    names = {iri: found["label"] for iri, found in labels_of(graph, lang, sorted(iris)).items()}
    if view == "chart":
        return _chart(columns, rows, label, names)
    if view == "graph":
        return _graph(columns, rows, label, names)
    return _map(graph, lang, columns, rows, label, names)


def _chart(columns: Sequence[str], rows: Sequence[Sequence[Any]], label: str, names: Names) -> Option | None:
    """The first column that is no number names the bars, every column of numbers is a series."""
    numbers = [at for at in range(len(columns)) if any(_number(row[at]) is not None for row in rows)]
    texts = [at for at in range(len(columns)) if at not in numbers]
    if not numbers or not texts:
        return None
    drawn = [
        {"name": _name(cell(row[texts[0]])[0], names), **{columns[at]: _number(row[at]) for at in numbers}}
        for row in rows
    ]
    return bars(drawn, "name", [columns[at] for at in numbers], label)


def _graph(columns: Sequence[str], rows: Sequence[Sequence[Any]], label: str, names: Names) -> Option | None:
    """Triples, or the first two columns of things, are edges; a column of text between them names the edge."""
    things = [at for at in range(len(columns)) if any(isinstance(row[at], ox.NamedNode | ox.BlankNode) for row in rows)]
    if len(things) < 2:
        return None
    first, last = things[0], things[2] if len(things) > 2 and columns[things[1]] in {"p", "predicate"} else things[1]
    middle = things[1] if last != things[1] else None
    nodes: dict[str, dict[str, Any]] = {}
    links = []
    for row in rows:
        ends = [row[first], row[last]]
        if any(end is None for end in ends):
            continue
        keys = [cell(end)[0] for end in ends]
        for key, end in zip(keys, ends, strict=True):
            if key not in nodes and len(nodes) < MOST:
                nodes[key] = {"name": _name(key, names), "iri": key if isinstance(end, ox.NamedNode) else ""}
        named = _name(cell(row[middle])[0], names) if middle is not None else ""
        links.append({"source": keys[0], "target": keys[1], "name": named})
    return edges(nodes, links, label) if links else None


def _map(
    graph: Graph, lang: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], label: str, names: Names
) -> Option | None:
    """Columns `lat…` and `lon…`, or things of which the graph knows the place."""
    frame = pd.DataFrame([[cell(value)[0] for value in row] for row in rows], columns=list(columns), dtype="object")
    latitude = next((column for column in columns if column.lower().startswith("lat")), None)
    longitude = next((column for column in columns if column.lower().startswith(("lon", "lng"))), None)
    value = next((c for at, c in enumerate(columns) if any(_number(row[at]) is not None for row in rows)), "")
    if latitude and longitude:
        x, y = (pd.to_numeric(frame[column], errors="coerce") for column in (longitude, latitude))
        frame = frame.assign(longitude=x, latitude=y).dropna(subset=["longitude", "latitude"])
        value = "" if value in {latitude, longitude} else value
    else:
        for column in columns:
            places = places_of(graph, {text for text in frame[column].unique() if _plain(text)})
            if places:
                frame = frame[frame[column].isin(list(places))]
                frame = frame.assign(
                    longitude=[places[iri]["longitude"] for iri in frame[column]],
                    latitude=[places[iri]["latitude"] for iri in frame[column]],
                )
                break
        else:
            return None
    if frame.empty:
        return None
    named = next((c for c in columns if c not in {latitude, longitude, value}), columns[0])
    frame = frame.assign(**{f"{named}_iri": [text if _plain(text) else "" for text in frame[named]]})
    if value:
        frame = frame.assign(**{value: pd.to_numeric(frame[value], errors="coerce")})
    shown = rows_of(frame.assign(**{named: [_name(text, names) for text in frame[named]]}))
    return points(shown, named, value, label, f"{SHAPES}?lang={lang}" if has_shapes(graph) else "")


def _plain(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(character in text for character in '<>"{}|^`\\ ')


def _number(term: Any) -> float | None:
    if isinstance(term, ox.Literal) and term.datatype.value in _NUMBERS:
        try:
            return float(term.value)
        except ValueError:
            return None
    return None


def _name(text: str, names: Names) -> str:
    return names.get(text) or _local(text)


def _local(text: str) -> str:
    return text.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1] if text.startswith(("http://", "https://")) else text


@per_release
def completions(graph: Graph, lang: str) -> list[dict[str, str]]:
    """What the editor offers: prefixes, and the project's terms by name and by label in both languages."""
    found = [
        {"label": f"PREFIX {name}: <{iri}>", "detail": "", "type": "keyword"} for name, iri in sorted(PREFIXES.items())
    ]
    rows = graph.store.query(
        f"SELECT DISTINCT ?term ?label ?kind WHERE {{ ?term a ?kind ; <{RDFS}label> ?label "
        f'FILTER(STRSTARTS(STR(?term), "{ICSC}")) }} ORDER BY ?term ?label'
    ).rows
    terms: dict[str, tuple[set[str], set[str]]] = {}
    for term, label, kind in rows:
        labels, kinds = terms.setdefault(text_of(term).removeprefix(ICSC), (set(), set()))
        labels.add(text_of(label))
        kinds.add(_local(text_of(kind)))
    for name, (labels, kinds) in sorted(terms.items()):
        sort = "class" if "Class" in kinds else "property" if any("Property" in kind for kind in kinds) else "constant"
        found.append({"label": f"icsc:{name}", "detail": " · ".join(sorted(labels)), "type": sort})
    return found
