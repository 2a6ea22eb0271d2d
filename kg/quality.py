"""Quality of a store's content: queries of `queries/checks/`, and the ontology's own contradictions."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from kg.axioms import Atom, Check, Program
from kg.errors import QueryError
from kg.findings import EXAMPLES, Example, Outcome, Profile, read_profile
from kg.inferred import INFERRED
from kg.library import CHECKS, Question, read_question
from kg.store.base import Row, Store, Term
from kg.terms import GRAPH, RDF

__all__ = ["axiom_outcomes", "find_checks", "query_outcomes", "stated_in"]

_SOURCE: Final = GRAPH + "source/"


def find_checks(queries: Path) -> tuple[dict[str, Question], Profile]:
    """The quality queries, by name, and the profile beside them.

    Raises:
        QueryError: one is malformed, has no column `node`, or does not agree with the profile.
    """
    folder = queries / CHECKS
    checks = {path.stem: read_question(path) for path in sorted(folder.glob("*.rq"))}
    for check in checks.values():
        if next(iter(check.columns), None) != "node":
            raise QueryError("a check's first column is `node`", where=str(check.path))
    return checks, read_profile(folder / "profile.toml", checks)


def query_outcomes(store: Store, checks: Mapping[str, Question], profile: Profile) -> Iterator[Outcome]:
    """Runs the quality queries; one outcome a check, also where it is silent."""
    for name, check in checks.items():
        severity = profile.severity("queries", name)
        if severity == "off":
            continue
        result = store.query(check.text)
        examples = []
        # Sorted here: the engine looks terms up again for every comparison.
        for row in _first(result.rows):
            node = _text(row[0])
            details = zip(result.columns[1:], row[1:], strict=True)
            detail = ", ".join(f"{column} {_text(value)}" for column, value in details if value is not None)
            examples.append(Example(node, stated_in(store, node), detail))
        texts = check.summary, check.chinese.summary
        yield Outcome(f"query:{name}", severity, texts[0], len(result.rows), tuple(examples), texts[1])


def axiom_outcomes(store: Store, program: Program, profile: Profile) -> Iterator[Outcome]:
    """Looks for what contradicts the ontology: every check of its program as a query."""
    severity = profile.severity("axioms", "contradiction")
    if severity == "off":
        return
    sizes = {
        _text(row[0]): int(_text(row[1]))
        for row in store.query("SELECT ?class (COUNT(*) AS ?n) WHERE { ?s a ?class } GROUP BY ?class").rows
    }
    for check in program.checks:
        classes = [atom.predicate for atom in check.body if len(atom.terms) == 1]
        if not all(sizes.get(name) for name in classes):
            yield Outcome(f"axiom:{check.axiom}", severity, check.axiom, 0, ())
            continue
        # The engine joins in the order written: the smaller class first.
        body = sorted(check.body, key=lambda atom: sizes.get(atom.predicate, 0) if len(atom.terms) == 1 else -1)
        text = _select(body, check)
        result = store.query(text)
        examples = [
            Example(node := _text(row[0]), stated_in(store, node), ", ".join(map(_text, row[1:])))
            for row in _first(result.rows)
        ]
        yield Outcome(f"axiom:{check.axiom}", severity, check.axiom, len(result.rows), tuple(examples))


def stated_in(store: Store, node: str) -> str:
    """Ids of the sources whose graphs state something of a node, or the graphs where no source does."""
    if not node.startswith(("http://", "https://", "urn:")):
        return ""
    found = store.query(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ <{node}> ?p ?o }} }} ORDER BY ?g").rows
    if not found:
        found = store.query(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s ?p <{node}> }} }} ORDER BY ?g").rows
    if not found:
        found = store.query(f"SELECT DISTINCT ?g WHERE {{ GRAPH ?g {{ ?s <{node}> ?o }} }} ORDER BY ?g").rows
    graphs = [_text(row[0]) for row in found]
    stated = [graph for graph in graphs if graph != INFERRED] or graphs
    return ", ".join(graph.removeprefix(_SOURCE).removeprefix(GRAPH) for graph in stated)


def _select(body: Sequence[Atom], check: Check) -> str:
    variables = list(dict.fromkeys(term for atom in check.body for term in atom.terms if term.startswith("?")))
    patterns = " . ".join(
        f"{atom.terms[0]} <{RDF}type> <{atom.predicate}>"
        if len(atom.terms) == 1
        else f"{atom.terms[0]} <{atom.predicate}> {atom.terms[1]}"
        for atom in body
    )
    # Two values that must differ would be reported twice, once in each order.
    filters = "".join(f" FILTER(STR({a}) < STR({b}))" for a, b in check.distinct)
    return f"SELECT DISTINCT {' '.join(variables)} WHERE {{ {patterns}{filters} }}"


def _first(rows: Sequence[Row]) -> list[Row]:
    return heapq.nsmallest(EXAMPLES, rows, key=lambda row: tuple(map(_text, row)))


def _text(term: Term | None) -> str:
    if isinstance(term, ox.NamedNode | ox.Literal | ox.BlankNode):
        return " ".join(term.value.split())
    return "" if term is None else str(term)
