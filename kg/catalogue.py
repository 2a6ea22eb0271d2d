"""What a release says of itself to other catalogues: VoID and DCAT, one file each.

The files hold nothing that differs between two builds of the same inputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, RDFS, VOID, XSD

from kg.store.base import Result, Term
from kg.terms import BASE, GRAPH, ICSC, ID, graph_of_source

__all__ = ["FILES", "Counts", "catalogue", "count", "names_of_graphs", "write_catalogue"]

#: The two files.
FILES: Final = ("void.ttl", "dcat.ttl")

_SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
_MEDIA: Final = "https://www.iana.org/assignments/media-types/"
_DATASET: Final = URIRef(BASE + "dataset")
_CATALOGUE: Final = URIRef(BASE + "catalogue")
_TITLES: Final = (("Industrial chain knowledge graph", "en"), ("产业链知识图谱", "zh-Hans"))
_NAMES: Final = {
    "inferred": ("Statements that the ontology's rules infer", "本体规则推出的语句"),
    "meta": ("Provenance of the sources", "来源信息"),
    "ontology": ("Industrial Chain and Supply Chain Ontology", "产业链与供应链本体"),
}
_Node = URIRef | Literal


@dataclass(frozen=True)
class Counts:
    """How much a release holds.

    Attributes:
        graphs: graph -> statements.
        classes: class -> individuals.
        properties: property -> statements.
    """

    graphs: Mapping[str, int]
    classes: Mapping[str, int]
    properties: Mapping[str, int]


def names_of_graphs() -> list[str]:
    """N-Quads that say what the graphs are called that no source has filled."""
    lines = []
    for name, titles in _NAMES.items():
        for title, language in zip(titles, ("en", "zh-Hans"), strict=True):
            label = Literal(title, lang=language)
            lines.append(f"<{GRAPH}{name}> {RDFS.label.n3()} {label.n3()} <{GRAPH}meta> .\n")
    return lines


def count(query: Callable[[str], Result]) -> Counts:
    """Counts what a store holds; reads all of it.

    Args:
        query: answers a query from it.
    """
    return Counts(*({_plain(row[0]): int(_plain(row[1])) for row in query(text).rows} for text in _COUNTS))


def write_catalogue(folder: Path, manifest: Mapping[str, Any], counts: Counts, out: Path) -> list[Path]:
    """Writes `void.ttl` and `dcat.ttl`.

    Args:
        folder: the release's folder, whose dumps are described.
        manifest: its manifest.
        counts: what its store holds.
        out: folder to write to.
    """
    paths = []
    for name, graph in zip(FILES, catalogue(folder, manifest, counts), strict=True):
        path = out / name
        path.write_text(graph.serialize(format="turtle"), encoding="utf-8", newline="\n")
        paths.append(path)
    return paths


def catalogue(folder: Path, manifest: Mapping[str, Any], counts: Counts) -> tuple[Graph, Graph]:
    """VoID and DCAT of a release, as graphs without blank nodes.

    Files are named relative to the folder of the release.
    """
    void, dcat = _graph(), _graph()
    _void(void, counts)
    for name, source in sorted(manifest["sources"].items()):
        node = URIRef(graph_of_source(name))
        void.add((_DATASET, VOID.subset, node))
        void.add((node, RDF.type, VOID.Dataset))
        void.add((node, VOID.triples, Literal(counts.graphs.get(str(node), 0))))
        void.add((node, VOID.dataDump, URIRef(f"dumps/source-{name}.nq")))
        dcat.add((_CATALOGUE, DCAT.dataset, node))
        dcat.add((node, RDF.type, DCAT.Dataset))
        for graph in (void, dcat):
            _describe(graph, node, name, source)
        _distribution(dcat, folder, node, f"source-{name}.nq", manifest)
    for name, titles in _NAMES.items():
        node = URIRef(GRAPH + name)
        void.add((_DATASET, VOID.subset, node))
        void.add((node, RDF.type, VOID.Dataset))
        void.add((node, VOID.triples, Literal(counts.graphs.get(str(node), 0))))
        void.add((node, VOID.dataDump, URIRef(f"dumps/{name}.nq")))
        _titles(void, node, titles)
        _distribution(dcat, folder, _DATASET, f"{name}.nq", manifest)
    _dcat(dcat, manifest)
    return void, dcat


_COUNTS: Final = (
    "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?class } GROUP BY ?class",
    "SELECT ?p (COUNT(*) AS ?n) WHERE { ?s ?p ?o } GROUP BY ?p",
)


def _void(graph: Graph, counts: Counts) -> None:
    graph.add((_DATASET, RDF.type, VOID.Dataset))
    for title, language in _TITLES:
        graph.add((_DATASET, DCTERMS.title, Literal(title, lang=language)))
    graph.add((_DATASET, FOAF.homepage, URIRef(BASE)))
    graph.add((_DATASET, VOID.uriSpace, Literal(ID)))
    graph.add((_DATASET, VOID.triples, Literal(sum(counts.graphs.values()))))
    for vocabulary in (ICSC, str(DCTERMS), str(PROV), str(RDFS), "http://www.w3.org/2004/02/skos/core#"):
        graph.add((_DATASET, VOID.vocabulary, URIRef(vocabulary)))
    for syntax in ("N-Quads", "Turtle", "N-Triples", "RDF_XML"):
        graph.add((_DATASET, VOID.feature, URIRef(f"http://www.w3.org/ns/formats/{syntax}")))
    for kind, counted, of, number in (
        ("class", counts.classes, VOID["class"], VOID.entities),
        ("property", counts.properties, VOID.property, VOID.triples),
    ):
        for name, size in counted.items():
            if not name.startswith(ICSC):
                continue
            part = URIRef(f"{BASE}dataset/{kind}/{name.removeprefix(ICSC)}")
            graph.add((_DATASET, VOID[f"{kind}Partition"], part))
            graph.add((part, of, URIRef(name)))
            graph.add((part, number, Literal(size)))


def _dcat(graph: Graph, manifest: Mapping[str, Any]) -> None:
    graph.add((_CATALOGUE, RDF.type, DCAT.Catalog))
    graph.add((_CATALOGUE, DCAT.dataset, _DATASET))
    graph.add((_DATASET, RDF.type, DCAT.Dataset))
    # The build's time would differ between builds of the same inputs; the hash of the inputs does not.
    graph.add((_DATASET, DCTERMS.identifier, Literal(str(manifest["id"]).rsplit("-", 1)[-1])))
    for title, language in _TITLES:
        for node in (_CATALOGUE, _DATASET):
            graph.add((node, DCTERMS.title, Literal(title, lang=language)))
    days = [source["retrieved"] for source in manifest["sources"].values() if source.get("retrieved")]
    if days:
        graph.add((_DATASET, DCTERMS.modified, Literal(max(days), datatype=XSD.date)))
    for name in sorted(manifest["sources"]):
        graph.add((_DATASET, PROV.wasDerivedFrom, URIRef(graph_of_source(name))))


def _describe(graph: Graph, node: URIRef, name: str, source: Mapping[str, Any]) -> None:
    graph.add((node, DCTERMS.identifier, Literal(name)))
    _titles(graph, node, (source["title"], source.get("title_zh")))
    licence = str(source["licence"])
    if _is_web(licence):
        graph.add((node, DCTERMS.license, URIRef(licence)))
    else:
        # Not a licence that has an address: its words are a statement of rights.
        rights = URIRef(f"{node}#rights")
        graph.add((node, DCTERMS.rights, rights))
        graph.add((rights, RDF.type, DCTERMS.RightsStatement))
        graph.add((rights, RDFS.label, Literal(licence, lang="en")))
    if source.get("publisher"):
        publisher = URIRef(f"{node}#publisher")
        graph.add((node, DCTERMS.publisher, publisher))
        graph.add((publisher, RDF.type, FOAF.Agent))
        graph.add((publisher, FOAF.name, Literal(source["publisher"])))
    if _is_web(str(source.get("homepage") or "")):
        graph.add((node, DCAT.landingPage, URIRef(source["homepage"])))
    if source.get("retrieved"):
        graph.add((node, DCTERMS.issued, Literal(source["retrieved"], datatype=XSD.date)))
    if source.get("version"):
        graph.add((node, URIRef(str(DCAT) + "version"), Literal(source["version"])))


def _distribution(graph: Graph, folder: Path, node: URIRef, dump: str, manifest: Mapping[str, Any]) -> None:
    path = folder / "dumps" / dump
    if not path.is_file():
        return
    file, checksum, part = URIRef(f"dumps/{dump}"), URIRef(f"dumps/{dump}#sha256"), URIRef(f"#{dump}")
    graph.add((node, DCAT.distribution, part))
    graph.add((part, RDF.type, DCAT.Distribution))
    graph.add((part, DCAT.downloadURL, file))
    graph.add((part, DCAT.mediaType, URIRef(_MEDIA + "application/n-quads")))
    graph.add((part, DCAT.byteSize, Literal(path.stat().st_size, datatype=XSD.nonNegativeInteger)))
    graph.add((part, _SPDX.checksum, checksum))
    graph.add((checksum, RDF.type, _SPDX.Checksum))
    graph.add((checksum, _SPDX.algorithm, _SPDX.checksumAlgorithm_sha256))
    graph.add((checksum, _SPDX.checksumValue, Literal(manifest["dumps"][dump], datatype=XSD.hexBinary)))


def _titles(graph: Graph, node: URIRef, titles: tuple[str, str | None]) -> None:
    for title, language in zip(titles, ("en", "zh-Hans"), strict=True):
        if title:
            graph.add((node, DCTERMS.title, Literal(title, lang=language)))


def _graph() -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (
        ("dcat", DCAT),
        ("dct", DCTERMS),
        ("foaf", FOAF),
        ("icsc", ICSC),
        ("prov", PROV),
        ("rdfs", RDFS),
        ("spdx", _SPDX),
        ("void", VOID),
        ("xsd", XSD),
    ):
        graph.bind(prefix, str(namespace))
    return graph


def _is_web(text: str) -> bool:
    return text.startswith(("http://", "https://")) and not any(c in text for c in ' <>"{}|^`\\')


def _plain(term: Term | None) -> str:
    return str(getattr(term, "value", ""))
