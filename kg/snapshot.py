"""Files for reasoning tools: the ontology in its RL and DL editions, and the facts that hold at a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph as ox
from rdflib import DCTERMS, OWL, RDF, SKOS, Graph, Literal, URIRef

from kg.assets import asset_dir
from kg.errors import OntologyError, StorageError
from kg.ontology import RULE_MODULES
from kg.stable import named_stably, sorted_lines
from kg.terms import BASE, ICSC, XSD

__all__ = ["EDITIONS", "Snapshot", "edition", "write_owl", "write_turtle"]

#: Edition -> the modules merged into it.
EDITIONS: Final = {
    "rl": RULE_MODULES,
    "dl": (*RULE_MODULES, "definitions.ttl", "alignment.ttl"),
}
#: Datatypes of the OWL 2 datatype map that our statements use; description-logic reasoners stop at others.
_DATATYPES: Final = frozenset(
    f"<{XSD}{name}>".encode() for name in ("boolean", "dateTime", "decimal", "integer", "string")
)
_FROM: Final = f"<{ICSC}validFrom>".encode()
#: Dates what it says, not its subject.
_EVENT: Final = f"<{ICSC}listedOn>".encode()
_TO: Final = f"<{ICSC}validTo>".encode()


@dataclass(frozen=True)
class Snapshot:
    """What was written.

    Attributes:
        files: paths, in order.
        statements: facts in the data files.
        not_valid: resources left out because they do not hold at the date.
        left_out: facts left out because of their datatype.
    """

    files: tuple[Path, ...]
    statements: int
    not_valid: int
    left_out: int


def edition(name: str) -> Graph:
    """The ontology's modules of one edition, merged under one header that imports nothing.

    Raises:
        OntologyError: a module is missing or not valid Turtle.
    """
    graph = Graph()
    for module in EDITIONS[name]:
        path = asset_dir("ontology") / module
        try:
            graph.parse(path, format="turtle")
        except OSError as error:
            raise OntologyError(f"the module cannot be read: {error.strerror}", where=str(path)) from error
    headers = list(graph.subjects(RDF.type, OWL.Ontology))
    versions = sorted(str(v).rsplit("/", 1)[-1] for h in headers for v in graph.objects(h, OWL.versionIRI))
    for header in headers:
        graph.remove((header, None, None))
    node = URIRef(BASE + name)
    graph.add((node, RDF.type, OWL.Ontology))
    graph.add((node, OWL.versionIRI, URIRef(f"{BASE}{name}/{versions[-1]}")))
    graph.add((node, DCTERMS.license, URIRef("https://creativecommons.org/licenses/by/4.0/")))
    graph.add((node, DCTERMS.title, Literal(f"Industrial chain ontology, OWL 2 {name.upper()} edition", lang="en")))
    graph.add((node, DCTERMS.title, Literal(f"产业链本体（OWL 2 {name.upper()} 版）", lang="zh-Hans")))
    graph.add((node, SKOS.scopeNote, Literal("Merged from: " + ", ".join(EDITIONS[name]), lang="en")))
    return graph


def write_owl(dumps: Sequence[Path], out: Path, as_of: dt.date | None = None) -> Snapshot:
    """Writes both editions and the facts, each as Turtle, RDF/XML and N-Triples.

    Args:
        dumps: N-Quads files of the sources; none: the ontology only.
        out: folder to write to.
        as_of: leave out what begins after this date or has ended by it, and later listings; None: keep everything.

    Raises:
        StorageError: the folder cannot be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        files = [path for name in EDITIONS for path in _write_edition(name, out)]
        if not dumps:
            return Snapshot(tuple(files), 0, 0, 0)
        outside = _not_valid(dumps, as_of) if as_of else frozenset[bytes]()
        data, counts = out / "data.nt", [0, 0]
        with data.open("wb") as file:
            file.writelines(_facts(dumps, outside, counts, as_of))
        for path, format_ in ((out / "data.ttl", ox.RdfFormat.TURTLE), (out / "data.rdf", ox.RdfFormat.RDF_XML)):
            _convert(data, ox.RdfFormat.N_TRIPLES, path, format_)
            files.append(path)
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", where=str(error.filename or out)) from error
    return Snapshot((*files, data), counts[0], len(outside), counts[1])


def _write_edition(name: str, out: Path) -> list[Path]:
    graph = named_stably(edition(name))
    turtle, xml, lines = (out / f"ontology-{name}.{suffix}" for suffix in ("ttl", "rdf", "nt"))
    turtle.write_text(graph.serialize(format="turtle"), encoding="utf-8", newline="\n")
    lines.write_text(sorted_lines(graph), encoding="utf-8", newline="\n")
    _convert(lines, ox.RdfFormat.N_TRIPLES, xml, ox.RdfFormat.RDF_XML)
    return [turtle, xml, lines]


def write_turtle(dumps: Iterable[Path], out: Path) -> list[Path]:
    """Writes a Turtle file beside each N-Quads dump's name, a graph a file, streaming."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        paths = []
        for dump in dumps:
            path = out / f"{dump.stem}.ttl"
            _convert(dump, ox.RdfFormat.N_QUADS, path, ox.RdfFormat.TURTLE)
            paths.append(path)
    except OSError as error:
        raise StorageError(f"cannot be written: {error.strerror}", where=str(error.filename or out)) from error
    return paths


def _not_valid(dumps: Iterable[Path], as_of: dt.date) -> frozenset[bytes]:
    """Subjects that begin after a date, or that have ended by it."""
    day = as_of.isoformat().encode()
    found = set()
    for subject, predicate, rest in _lines(dumps):
        if predicate in (_FROM, _TO):
            value = rest[1:11]
            if (predicate == _FROM and value > day) or (predicate == _TO and value <= day):
                found.add(subject)
    return frozenset(found)


def _facts(
    dumps: Iterable[Path], outside: frozenset[bytes], counts: list[int], as_of: dt.date | None
) -> Iterator[bytes]:
    day = as_of.isoformat().encode() if as_of else None
    for subject, predicate, rest in _lines(dumps):
        value = rest.rsplit(b" ", 2)[0]
        if subject in outside or value in outside:
            continue
        if day is not None and predicate == _EVENT and rest[1:11] > day:
            continue
        if value.startswith(b'"') and value.endswith(b">") and value.rsplit(b"^^", 1)[-1] not in _DATATYPES:
            counts[1] += 1
            continue
        counts[0] += 1
        yield b" ".join((subject, predicate, value, b".\n"))


def _lines(dumps: Iterable[Path]) -> Iterator[tuple[bytes, bytes, bytes]]:
    for dump in dumps:
        with dump.open("rb") as file:
            for line in file:
                subject, predicate, rest = line.split(b" ", 2)
                yield subject, predicate, rest


def _convert(source: Path, source_format: ox.RdfFormat, target: Path, target_format: ox.RdfFormat) -> None:
    prefixes = {"icsc": ICSC, "owl": str(OWL), "skos": str(SKOS), "dct": str(DCTERMS), "xsd": XSD}
    quads = ox.parse(path=str(source), format=source_format, lenient=True)
    triples = (ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
    ox.serialize(triples, output=str(target), format=target_format, prefixes=prefixes)
