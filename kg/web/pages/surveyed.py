"""What "absent" rests on: who was looked for where, by whom and when, in words that stand beside it.

Nobody is absent as such: a survey of listed firms, say, has found none. Its scope, date and source are the graph's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph as ox

from kg.graph import Graph
from kg.spelling import cleaned
from kg.terms import ICSC, RDFS, SKOS
from kg.web.pages.common import Given, answer_of, per_release, rows_of, text_of, texts_of
from kg.web.pages.words import page_words
from kg.web.resources import labels_of

__all__ = ["Looks", "Survey", "counted", "found_none", "group_of", "looks_of", "notes_of", "said"]

#: A completeness under which a survey proves that there is none.
_COMPLETE: Final = ICSC + "complete"


@dataclass(frozen=True)
class Survey:
    """A look for the providers of an input in a region; scope and completeness in the reader's language.

    Attributes:
        date: time of which it speaks, `YYYY-MM-DD`; empty where it is not known.
        source: label of the source that made it.
        sure: its confidence, 0-1.
    """

    scope: str
    completeness: str
    date: str
    source: str
    sure: float = 1.0


Looks = Mapping[str, Sequence[Survey]]


def looks_of(graph: Graph, lang: str, chain: str, region: str) -> Looks:
    """Input -> the complete surveys that have looked for its providers in a region.

    Args:
        chain, region: IRIs.
    """
    needs = f"SELECT DISTINCT ?link ?input WHERE {{ ?link <{ICSC}linkOf> <{chain}> ; <{ICSC}requiresInput> ?input }}"
    # As the questions have it: of an input, of a link, or of a chain as far as the source itself knows the input.
    found = graph.store.query(
        "SELECT DISTINCT ?input ?scope ?kind ?date ?source ?sure WHERE { "
        f"{{ {{ {needs} }} GRAPH ?source {{ ?survey <{ICSC}surveys> ?input }} }} UNION "
        f"{{ {{ {needs} }} GRAPH ?source {{ ?survey <{ICSC}surveys> ?link }} }} UNION "
        f"{{ {{ {needs} }} {{ SELECT ?survey ?source WHERE {{ GRAPH ?source {{ ?survey <{ICSC}surveys> <{chain}> }} }} "
        f"}} FILTER EXISTS {{ GRAPH ?source {{ ?input a <{ICSC}Product> }} }} }} "
        f"?survey <{ICSC}surveyedRegion> <{region}> ; <{ICSC}surveyScope> ?scope ; <{ICSC}completeness> ?kind . "
        f"OPTIONAL {{ ?survey <{ICSC}surveyDate> ?date }} OPTIONAL {{ ?survey <{ICSC}confidence> ?own }} "
        f"OPTIONAL {{ ?source <{ICSC}confidence> ?of_source }} BIND(COALESCE(?own, ?of_source, 1) AS ?sure) "
        f"FILTER(?kind = <{_COMPLETE}>) }} ORDER BY ?input ?source ?scope ?date"
    ).rows
    named = {term.value for row in found for term in (row[1], row[2], row[4]) if isinstance(term, ox.NamedNode)}
    labels = labels_of(graph.store, named, lang)
    looks: dict[str, list[Survey]] = defaultdict(list)
    for row in found:
        item, scope, kind, date, source, sure = map(text_of, row)
        looks[item].append(Survey(labels[scope], labels[kind], date[:10], labels[source], float(sure)))
    return looks


def counted(looks: Looks, given: Given) -> Looks:
    """Those surveys that count with a date and a confidence as the questions have checked them."""
    until = dt.datetime.fromisoformat(cleaned(given["as-of"])).date().isoformat() if "as-of" in given else "9999"
    least = float(cleaned(given.get("min-confidence", "0")))
    kept = {item: [s for s in surveys if s.date <= until and s.sure >= least] for item, surveys in looks.items()}
    return {item: surveys for item, surveys in kept.items() if surveys}


def found_none(surveys: Sequence[Survey], region: str, lang: str) -> str:
    """Why an input is absent in a region: who was asked, when, and by whom; empty where no survey is known.

    Args:
        region: what it is called.
    """
    words = page_words(lang)
    if not surveys:
        return ""
    return words["found_none"].format(region=region, surveys=words["comma"].join(_told(s, words) for s in surveys))


def _told(survey: Survey, words: Mapping[str, str]) -> str:
    """A survey in words: of whom, how completely, when, by whom."""
    how = words["besides"].join(filter(None, (survey.date, words["of_source"].format(source=survey.source))))
    return words["survey_of"].format(scope=survey.scope, completeness=survey.completeness, how=how)


def said(graph: Graph, lang: str, row: Mapping[str, Any], looks: Looks) -> tuple[str, str]:
    """Why an input has its status in a region, and what this rests on.

    Args:
        row: one of the question `gaps`.
        looks: what `looks_of` found for the row's region.
    """
    words = page_words(lang)
    if row["gap_iri"]:
        return row["reason"] or "", words["stated_by"].format(source=row["source"]) if row["source"] else ""
    if row["status"] == "absent" and (why := found_none(looks.get(row["input_iri"], ()), row["region"], lang)):
        return why, ""
    names = _names(graph, lang)
    how = words["between"].join(names.get(part, part) for part in (row["coverage"] or "").split(", ") if part)
    if how and row["source"]:
        how += words["besides"] + words["of_source"].format(source=row["source"])
    return row["reason"] or "", how


def group_of(graph: Graph, lang: str, asked: Mapping[str, str], kept: Container[str] = ()) -> list[dict[str, Any]]:
    """The surveys that the figures of a page rest on, those of one kind together, the widest first.

    Args:
        asked: chain, region or both, as the question `surveys` has them.
        kept: IRIs of regions, if only some are on the page.

    Returns:
        Rows with scope, completeness, date, source, source_iri, chains and places (how many), and of a single chain
        in a single region surveyed and inputs (how many).
    """
    names = _names(graph, lang)
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows_of(answer_of(graph, "surveys", lang, **asked)):
        if not kept or row["region_iri"] in kept:
            key = tuple(row[name] for name in ("scope", "completeness", "date", "source_iri"))
            found.setdefault(key, []).append(row)
    groups = [
        {
            **{name: rows[0][name] for name in ("scope", "date", "source", "source_iri")},
            "completeness": names.get(rows[0]["completeness"], rows[0]["completeness"]),
            "chains": len({row["chain_iri"] for row in rows}),
            "places": len({row["region_iri"] for row in rows}),
            "surveyed": sum(row["surveyed"] for row in rows),
            "inputs": rows[0]["inputs"],
        }
        for rows in found.values()
    ]
    return sorted(groups, key=lambda group: -group["surveyed"])


def notes_of(graph: Graph, lang: str, chain: str) -> dict[str, str]:
    """Region -> the surveys of a chain there, in a line, the widest first."""
    words, names = page_words(lang), _names(graph, lang)
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows_of(answer_of(graph, "surveys", lang, chain=chain)):
        degree = names.get(row["completeness"], row["completeness"])
        told = _told(Survey(row["scope"], degree, row["date"] or "", row["source"]), words)
        if told not in found[row["region_iri"]]:
            found[row["region_iri"]].append(told)
    return {region: words["comma"].join(told) for region, told in found.items()}


@per_release
def _names(graph: Graph, lang: str) -> Mapping[str, str]:
    """Scopes and degrees of completeness by the names that questions write, in the reader's language."""
    found = texts_of(
        graph,
        f"SELECT ?name ?label WHERE {{ VALUES ?class {{ <{ICSC}SurveyScope> <{ICSC}Completeness> }} ?x a ?class ; "
        f'<{SKOS}notation> ?name ; <{RDFS}label> ?label FILTER(LANGMATCHES(LANG(?label), "{lang}")) }} '
        "ORDER BY ?name DESC(?label)",
    )
    return dict(found)
