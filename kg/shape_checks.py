"""The ontology's SHACL shapes on the dumps of a release, by the `shacl` library."""

from __future__ import annotations

import functools
import re
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

import shacl
from rdflib import RDF, RDFS, SH, Graph, URIRef

from kg.errors import OntologyError
from kg.findings import EXAMPLES, Example, Outcome, Profile
from kg.quality import stated_in
from kg.store.base import Store

__all__ = ["predicates_read", "shape_outcomes", "validate_dumps"]

_PREFIXED: Final = re.compile(r"\b(\w+):(\w+)")
_LOCAL: Final = re.compile(r"[^#/]+$")
_STEP: Final = re.compile(r"<([^>]+)>")


def shape_outcomes(dumps: Sequence[Path], shapes: Path, store: Store, profile: Profile) -> Iterator[Outcome]:
    """Validates a release; one outcome for each kind of finding, and one of no finding for each silent shape.

    Args:
        dumps: its N-Quads files.
        shapes: the shapes in Turtle.
        store: tells which source states a node.
    """
    graph = _read(shapes)
    says = {language: _comments(graph, language) for language in ("en", "zh-Hans")}
    found: dict[tuple[str, str], list[shacl.Result]] = {}
    for result in validate_dumps(dumps, shapes):
        shape = _plain(result.root_shape or result.source_shape or "")
        # A path of several steps goes by its first.
        step = _STEP.match((result.path or "").lstrip("(^"))
        path = _LOCAL.findall(step[1] if step else _plain(result.path or "")) or ["node"]
        component = result.component.removesuffix("ConstraintComponent")
        name = f"{_LOCAL.findall(shape)[0]}/{path[0]}/{component}"
        found.setdefault((name, shape), []).append(result)
    for (name, shape), results in sorted(found.items()):
        severity = profile.of_shape(name, results[0].severity)
        if severity == "off":
            continue
        results.sort(key=lambda result: (result.focus_node, result.value_plain or ""))
        examples = tuple(
            Example(node := _plain(result.focus_node), stated_in(store, node), _detail(result))
            for result in results[:EXAMPLES]
        )
        summaries = says["en"].get(shape, ""), says["zh-Hans"].get(shape, "")
        yield Outcome(f"shape:{name}", severity, summaries[0], len(results), examples, summaries[1])
    for shape in sorted(map(str, graph.subjects(RDF.type, SH.NodeShape))):
        if shape not in {key[1] for key in found}:
            yield Outcome(f"shape:{_LOCAL.findall(shape)[0]}", "error", says["en"].get(shape, ""), 0, ())


def _comments(graph: Graph, language: str) -> dict[str, str]:
    found = graph.subject_objects(RDFS.comment)
    return {str(shape): str(text) for shape, text in found if getattr(text, "language", None) == language}


def validate_dumps(dumps: Sequence[Path], shapes: Path) -> list[shacl.Result]:
    """Results of the shapes over the union of some N-Quads files, of which only what the shapes read is loaded."""
    read = {predicate.encode() for predicate in predicates_read(_read(shapes))}
    with tempfile.NamedTemporaryFile(suffix=".nt", prefix="kg-shapes-") as file:
        for path in dumps:
            _filter(path, read, file)
        file.flush()
        return list(shacl.Shapes.from_file(str(shapes)).validate_file(file.name).results)


def predicates_read(shapes: Graph) -> set[str]:
    """Predicates that some shape reads, in N-Triples form: all named in it, types and subclasses besides."""
    prefixes = {str(p): str(n) for d in shapes.objects(None, SH.declare) for p, n in _declared(shapes, d)}
    nodes = {str(node) for triple in shapes for node in triple if isinstance(node, URIRef)}
    for text in shapes.objects(None, SH.select):
        nodes |= {prefixes[prefix] + name for prefix, name in _PREFIXED.findall(str(text)) if prefix in prefixes}
    return {f"<{node}>" for node in (*nodes, RDF.type, RDFS.subClassOf)}


def _declared(shapes: Graph, node: object) -> Iterator[tuple[object, object]]:
    for prefix in shapes.objects(node, SH.prefix):  # type: ignore[arg-type]  # a node of this graph
        for namespace in shapes.objects(node, SH.namespace):  # type: ignore[arg-type]  # the same
            yield prefix, namespace


def _filter(dump: Path, read: set[bytes], out: IO[bytes]) -> None:
    """Copies the statements with a predicate that is read, without their graph."""
    with dump.open("rb") as file:
        for line in file:
            if line.split(b" ", 2)[1] in read:
                out.write(line.rsplit(b" ", 2)[0] + b" .\n")


def _read(shapes: Path) -> Graph:
    try:
        return _parsed(shapes, shapes.read_bytes())
    except Exception as error:  # rdflib's parsers raise many kinds
        raise OntologyError(f"not valid Turtle: {error}", where=str(shapes)) from error


@functools.lru_cache(maxsize=2)
def _parsed(path: Path, text: bytes) -> Graph:
    return Graph().parse(data=text, format="turtle", publicID=path.absolute().as_uri())


def _plain(term: str) -> str:
    return term.strip("<>")


def _detail(result: shacl.Result) -> str:
    parts = [result.message or "", f"value {result.value_plain}" if result.value_plain else ""]
    return " ".join(" ".join(part for part in parts if part).split())
