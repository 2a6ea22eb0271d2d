"""The ontology's modules, read once: as graph, as rules, and as what the mapping needs of them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef

from kg.axioms import Program, read_program
from kg.errors import OntologyError
from kg.loading.results import Schema
from kg.terms import XSD

__all__ = ["RULE_MODULES", "Ontology", "read_ontology"]

#: Modules in OWL 2 RL, which the rules are compiled from; the others are for other tools.
RULE_MODULES = ("core.ttl", "vocabularies.ttl", "rules.ttl")


@dataclass(frozen=True)
class Ontology:
    """The modules of the ontology.

    Attributes:
        graph: the RL modules merged.
        program: their rules and checks.
        schema: ranges and staged predicates, for the mapping.
        statements: what the modules state of individuals, in N-Quads form.
    """

    graph: Graph
    program: Program
    schema: Schema
    statements: tuple[tuple[str, str, str], ...]


def read_ontology(folder: Path) -> Ontology:
    """Reads the RL modules; once, as long as they stay as they are. What it gives is to be read, not changed.

    Raises:
        OntologyError: a module is missing, cannot be read or is not valid Turtle, or holds an unhandled axiom.
    """
    paths = (folder / name for name in RULE_MODULES)
    try:
        modules = tuple(path.read_bytes() if path.is_file() else None for path in paths)
    except OSError as error:
        raise OntologyError(f"a module cannot be read: {error.strerror}", where=str(error.filename)) from error
    return _read(folder, modules)


@functools.lru_cache(maxsize=2)
def _read(folder: Path, modules: tuple[bytes | None, ...]) -> Ontology:
    graph = Graph()
    for name, module in zip(RULE_MODULES, modules, strict=True):
        path = folder / name
        if module is None:
            if name == "core.ttl":
                raise OntologyError("the core module is missing", where=str(path))
            continue
        try:
            graph.parse(data=module, format="turtle", publicID=path.absolute().as_uri())
        except Exception as error:  # rdflib's parsers raise many kinds
            raise OntologyError(f"not valid Turtle: {error}", where=str(path)) from error
    program = read_program(graph)
    ranges = {
        str(p): str(datatype)
        for p, datatype in graph.subject_objects(RDFS.range)
        if isinstance(p, URIRef) and str(datatype).startswith(XSD)
    }
    individuals = {s for s in graph.subjects(RDF.type, OWL.NamedIndividual) if isinstance(s, URIRef)}
    properties = program.read_properties()
    statements = sorted(
        (s.n3(), f"<{p}>", o.n3())
        for s in individuals
        for p, o in graph.predicate_objects(s)
        if str(p) in properties and o != OWL.NamedIndividual and not isinstance(o, BNode)
    )
    return Ontology(graph, program, Schema(ranges, properties), tuple(statements))
