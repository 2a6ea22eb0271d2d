"""What is said of a source itself: who publishes it, under which licence, when it was fetched."""

from __future__ import annotations

from collections.abc import Mapping

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, PROV, RDF, RDFS, SKOS, VOID, XSD

from kg.loading.manifest import Loader
from kg.terms import GRAPH, ICSC, graph_of_source

__all__ = ["META", "source_quads"]

META = GRAPH + "meta"


def source_quads(loader: Loader, digests: Mapping[str, str], quads: int) -> list[str]:
    """N-Quads lines that describe one source, sorted; the same input gives the same lines.

    Args:
        digests: SHA-256 of each file, by name.
        quads: statements written.
    """
    subject = URIRef(graph_of_source(loader.id))
    triples: list[tuple[URIRef, URIRef, URIRef | Literal]] = [
        (subject, RDF.type, DCAT.Dataset),
        (subject, RDF.type, VOID.Dataset),
        (subject, RDF.type, PROV.Entity),
        (subject, DCTERMS.identifier, Literal(loader.id)),
        (subject, DCTERMS.title, Literal(loader.title, lang="en")),
        (subject, RDFS.label, Literal(loader.title, lang="en")),
        (subject, VOID.triples, Literal(quads)),
        (subject, DCTERMS.license, _resource(loader.licence)),
    ]
    if loader.title_zh:
        triples.append((subject, DCTERMS.title, Literal(loader.title_zh, lang="zh-Hans")))
        triples.append((subject, RDFS.label, Literal(loader.title_zh, lang="zh-Hans")))
    if loader.description:
        triples.append((subject, DCTERMS.description, Literal(loader.description, lang="en")))
    if loader.publisher:
        triples.append((subject, DCTERMS.publisher, Literal(loader.publisher)))
    if loader.homepage:
        triples.append((subject, DCAT.landingPage, _resource(loader.homepage)))
    if loader.version:
        triples.append((subject, URIRef(str(DCAT) + "version"), Literal(loader.version)))
    if loader.note:
        triples.append((subject, SKOS.scopeNote, Literal(loader.note, lang="en")))
    if loader.retrieved:
        triples.append((subject, DCTERMS.issued, Literal(loader.retrieved.isoformat(), datatype=XSD.date)))
    if loader.confidence is not None:
        confidence = Literal(f"{loader.confidence:.4f}".rstrip("0").rstrip("."), datatype=XSD.decimal)
        triples.append((subject, URIRef(ICSC + "confidence"), confidence))
    for name, digest in digests.items():
        file = URIRef(f"urn:sha256:{digest}")
        triples += [
            (subject, PROV.wasDerivedFrom, file),
            (file, RDF.type, PROV.Entity),
            (file, RDFS.label, Literal(name)),
        ]
    return sorted({f"{s.n3()} {p.n3()} {o.n3()} <{META}> .\n" for s, p, o in triples})


def _resource(text: str) -> URIRef | Literal:
    iri = text.startswith(("http://", "https://")) and not any(c in text for c in ' <>"{}|^`\\')
    return URIRef(text) if iri else Literal(text)
