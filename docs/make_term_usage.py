"""Writes docs/term_usage.md: which terms of the ontology questions, rules, loaders and shapes use.

python docs/make_term_usage.py          write the report; the ceiling can only fall
python docs/make_term_usage.py --raise  let the ceiling rise too, after terms were added on purpose
"""

from __future__ import annotations

import csv
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef

__all__ = ["Usage", "ceiling", "measure", "report"]

ROOT = Path(__file__).parents[1]
REPORT = Path(__file__).with_name("term_usage.md")
NS = "https://w3id.org/icsc/ns#"
MODULES = ("core", "vocabularies", "definitions", "rules")
KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "property",
    OWL.DatatypeProperty: "property",
    OWL.NamedIndividual: "concept",
}
_NAME = re.compile(r"(?<![\w-])icsc:([A-Za-z]\w*)")
_ASKS = re.compile(r"#\+\s+\w+: \"ASK ")
_IN_RULES = {OWL.inverseOf, OWL.propertyChainAxiom, RDFS.subPropertyOf}


@dataclass(frozen=True)
class Usage:
    """Where a term is used.

    Attributes:
        kind: class, property or concept (a named individual).
        questions: names of the `.rq` files of the library.
        loaders: ids of loaders that write it.
        rules: stands in an axiom that makes statements.
        shapes: stands in a shape.
    """

    term: str
    kind: str
    questions: tuple[str, ...]
    loaders: tuple[str, ...]
    rules: bool
    shapes: bool


def measure(root: Path = ROOT) -> list[Usage]:
    """Every declared term, by name, and where it is used."""
    graph = Graph()
    for module in MODULES:
        graph.parse(root / "ontology" / f"{module}.ttl", format="turtle")
    kinds: dict[str, str] = {}
    for rdf_type, kind in KINDS.items():
        for node in graph.subjects(RDF.type, rdf_type):
            if str(node).startswith(NS):
                kinds.setdefault(str(node)[len(NS) :], kind)
    asked = _by_questions(root, graph)
    written = _by_loaders(root, set(kinds))
    in_rules = _in_rules(graph)
    in_shapes = set(_NAME.findall((root / "ontology" / "shapes.ttl").read_text(encoding="utf-8")))
    return [
        Usage(
            term,
            kinds[term],
            tuple(sorted(asked.get(term, ()))),
            tuple(sorted(written.get(term, ()))),
            term in in_rules,
            term in in_shapes,
        )
        for term in sorted(kinds)
    ]


def _by_questions(root: Path, graph: Graph) -> dict[str, set[str]]:
    """Term -> questions: those that name it, and for a concept those that name its list.

    A question that asks for `a icsc:StageKind`, or for the value of a property with that range, answers
    with its concepts without naming any.
    """
    found: dict[str, set[str]] = {}
    for path in sorted((root / "queries").rglob("*.rq")):
        lines = path.read_text(encoding="utf-8").splitlines()
        # A header's ASK is part of the question.
        said = (line for line in lines if not line.lstrip().startswith("#") or _ASKS.match(line))
        text = "\n".join(said).replace(f"<{NS}", "icsc:")
        for term in _NAME.findall(text):
            found.setdefault(term, set()).add(path.stem)
    lists: dict[str, set[str]] = {}
    for term, questions in found.items():
        node = URIRef(NS + term)
        for kind in [node, *graph.objects(node, RDFS.range)]:
            lists.setdefault(str(kind), set()).update(questions)
    for node in set(graph.subjects(RDF.type, OWL.NamedIndividual)):
        for kind in graph.objects(node, RDF.type):
            if questions := lists.get(str(kind)):
                found.setdefault(str(node).removeprefix(NS), set()).update(questions)
    return found


def _by_loaders(root: Path, terms: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for folder in sorted(path for path in (root / "loaders").iterdir() if path.is_dir()):
        mappings = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.rq"))]
        named = {term for text in mappings for term in _NAME.findall(text)}
        # Classes, properties and concepts that stand in a table or a SELECT, behind `ns#{column}`.
        for path in sorted(folder.glob("*.sql")):
            named |= set(re.findall(r"'(?:ns#)?(\w+)'", path.read_text(encoding="utf-8")))
        if any("ns#" in text for text in mappings):
            for path in sorted((folder / "data").glob("*.csv")):
                with path.open(encoding="utf-8", newline="") as file:
                    named |= {cell for row in csv.reader(file) for cell in row}
        for term in named & terms:
            found.setdefault(term, set()).add(folder.name)
    return found


def _in_rules(graph: Graph) -> set[str]:
    found: set[str] = set()
    for subject, predicate, value in graph:
        if isinstance(subject, BNode) and predicate != RDF.type:
            nodes = [value]
        elif predicate in _IN_RULES or (predicate == RDF.type and value == OWL.TransitiveProperty):
            nodes = [subject, value]
        else:
            nodes = [subject] if isinstance(value, BNode) else []
        found |= {str(node)[len(NS) :] for node in nodes if str(node).startswith(NS)}
    return found


def ceiling(text: str) -> int | None:
    """The number that a report may not exceed; None where it names none."""
    match = re.search(r"^Ceiling: (\d+)$", text, re.MULTILINE)
    return int(match.group(1)) if match else None


def report(usages: list[Usage], limit: int) -> str:
    """The report as Markdown."""
    unasked = [usage for usage in usages if not usage.questions]
    idle = [usage for usage in unasked if not (usage.loaders or usage.rules or usage.shapes)]

    def listing(chosen: list[Usage]) -> list[str]:
        lines = []
        for kind, title in (("class", "Classes"), ("property", "Properties"), ("concept", "Concepts")):
            names = ", ".join(f"`{usage.term}`" for usage in chosen if usage.kind == kind)
            lines += [f"{title}: {names or 'none'}.", ""]
        return lines

    lines = [
        "# Use of the ontology's terms",
        "",
        "Written by `python docs/make_term_usage.py`; do not edit. A question uses a term that its text names,",
        "and a concept also if it names its list, as a class or as the range of a property. The ceiling can only fall.",
        "",
        f"Terms: {len(usages)}",
        f"Terms that no question uses: {len(unasked)}",
        f"Ceiling: {limit}",
        f"Of these, terms that no rule, loader or shape uses either: {len(idle)}",
        "",
        "## Used by nothing",
        "",
        *listing(idle),
        "## Used by rules, loaders or shapes, but by no question",
        "",
        *listing([usage for usage in unasked if usage not in idle]),
        "## All terms",
        "",
        "| term | kind | questions | loaders | rules | shapes |",
        "|---|---|---|---|---|---|",
    ]
    for usage in usages:
        names = ", ".join(usage.questions[:4]) + (f" + {len(usage.questions) - 4}" if len(usage.questions) > 4 else "")
        lines.append(
            f"| `{usage.term}` | {usage.kind} | {names} | {', '.join(usage.loaders)} "
            f"| {'x' if usage.rules else ''} | {'x' if usage.shapes else ''} |"
        )
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Writes the report; 1 when the number has risen."""
    usages = measure()
    number = sum(not usage.questions for usage in usages)
    old = ceiling(REPORT.read_text(encoding="utf-8")) if REPORT.is_file() else None
    if old is not None and number > old and "--raise" not in arguments:
        print(f"{number} terms are used by no question, {old} are allowed: ask for the new terms, or give --raise")
        return 1
    REPORT.write_text(report(usages, number), encoding="utf-8")
    print(f"{number} of {len(usages)} terms are used by no question")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
