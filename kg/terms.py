"""Namespaces of the project's own and of the standard vocabularies it uses."""

from __future__ import annotations

from typing import Final

__all__ = ["BASE", "GRAPH", "ICSC", "ID", "OWL", "RDF", "RDFS", "SKOS", "XSD", "graph_of_source"]

#: Everything that the project names lies below this one setting.
BASE: Final = "https://w3id.org/icsc/"
ICSC: Final = BASE + "ns#"
ID: Final = BASE + "id/"
GRAPH: Final = BASE + "graph/"
OWL: Final = "http://www.w3.org/2002/07/owl#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"


def graph_of_source(loader_id: str) -> str:
    """IRI of the named graph that holds a source's statements."""
    return f"{GRAPH}source/{loader_id}"
