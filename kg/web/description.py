"""What the server says of itself: the SPARQL service description, VoID and DCAT of a release."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from kg.releases import Release
from kg.terms import BASE, ICSC, ID, RDF, RDFS, XSD, graph_of_source
from kg.web.worker import GRAPHS

__all__ = ["release_description", "service_description"]

_DCAT = "http://www.w3.org/ns/dcat#"
_DCT = "http://purl.org/dc/terms/"
_FORMATS = "http://www.w3.org/ns/formats/"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_SPDX = "http://spdx.org/rdf/terms#"
_VOID = "http://rdfs.org/ns/void#"
_NQUADS = "https://www.iana.org/assignments/media-types/application/n-quads"
_PREFIXES = {"dcat": _DCAT, "dct": _DCT, "icsc": ICSC, "rdfs": RDFS, "sd": _SD, "spdx": _SPDX, "void": _VOID}

_Node = ox.NamedNode | ox.BlankNode
_Value = ox.NamedNode | ox.BlankNode | ox.Literal


def service_description(url: str, format: str) -> bytes:
    """The endpoint's service description.

    Args:
        url: the endpoint.
        format: `ttl`, `nt`, `rdf` or `jsonld`.
    """
    service, dataset, default = ox.NamedNode(url), ox.BlankNode("dataset"), ox.BlankNode("default")
    triples = [
        _t(service, RDF + "type", ox.NamedNode(_SD + "Service")),
        _t(service, _SD + "endpoint", service),
        _t(service, _SD + "supportedLanguage", ox.NamedNode(_SD + "SPARQL11Query")),
        _t(service, _SD + "feature", ox.NamedNode(_SD + "UnionDefaultGraph")),
        _t(service, _SD + "defaultDataset", dataset),
        _t(dataset, RDF + "type", ox.NamedNode(_SD + "Dataset")),
        _t(dataset, _SD + "defaultGraph", default),
        _t(default, RDF + "type", ox.NamedNode(_SD + "Graph")),
    ]
    names = ["SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"]
    names += ["Turtle", "N-Triples", "RDF_XML", "JSON-LD"]
    triples += [_t(service, _SD + "resultFormat", ox.NamedNode(_FORMATS + name)) for name in names]
    return _write(triples, format)


def release_description(release: Release, host: str, format: str) -> bytes:
    """VoID and DCAT of a release: its sources, its endpoint, its downloads.

    Args:
        host: address of the server, without a slash at its end.
        format: `ttl`, `nt`, `rdf` or `jsonld`.
    """
    return _write(list(_release(release, host)), format)


def _release(release: Release, host: str) -> Iterator[ox.Triple]:
    data = ox.NamedNode(f"{host}/.well-known/void#release")
    manifest = release.manifest
    for kind in (_VOID + "Dataset", _DCAT + "Dataset"):
        yield _t(data, RDF + "type", ox.NamedNode(kind))
    for text, language in (("Industrial chain knowledge graph", "en"), ("产业链知识图谱", "zh-Hans")):
        yield _t(data, _DCT + "title", ox.Literal(text, language=language))
    yield _t(data, _DCT + "identifier", ox.Literal(release.id))
    yield _t(data, _DCT + "issued", ox.Literal(manifest["built"], datatype=ox.NamedNode(XSD + "dateTime")))
    yield _t(data, _VOID + "sparqlEndpoint", ox.NamedNode(f"{host}/sparql"))
    yield _t(data, _VOID + "uriSpace", ox.Literal(ID))
    yield _t(data, _VOID + "vocabulary", ox.NamedNode(ICSC))
    yield _t(data, _DCAT + "landingPage", ox.NamedNode(f"{host}/"))
    for name, source in manifest["sources"].items():
        subset = ox.NamedNode(graph_of_source(name))
        yield _t(data, _VOID + "subset", subset)
        yield _t(subset, RDF + "type", ox.NamedNode(_VOID + "Dataset"))
        yield _t(subset, _VOID + "triples", ox.Literal(int(source["triples"])))
        for key, language in (("title", "en"), ("title_zh", "zh-Hans")):
            if source.get(key):
                yield _t(subset, _DCT + "title", ox.Literal(source[key], language=language))
        if source.get("licence"):
            licence = str(source["licence"])
            web = licence.startswith(("http://", "https://")) and " " not in licence
            yield _t(subset, _DCT + "license", ox.NamedNode(licence) if web else ox.Literal(licence))
        if source.get("publisher"):
            yield _t(subset, _DCT + "publisher", ox.Literal(source["publisher"]))
        if source.get("retrieved"):
            day = ox.Literal(source["retrieved"], datatype=ox.NamedNode(XSD + "date"))
            yield _t(subset, _DCT + "issued", day)
    yield from _downloads(release, host, data)


def _downloads(release: Release, host: str, data: ox.NamedNode) -> Iterator[ox.Triple]:
    for number, (name, digest) in enumerate(sorted(release.manifest["dumps"].items())):
        path = release.path / "dumps" / name
        if not path.is_file():
            continue
        file = ox.NamedNode(f"{host}/dumps/{name}")
        distribution, checksum = ox.BlankNode(f"dump{number}"), ox.BlankNode(f"sum{number}")
        yield _t(data, _VOID + "dataDump", file)
        yield _t(data, _DCAT + "distribution", distribution)
        yield _t(distribution, RDF + "type", ox.NamedNode(_DCAT + "Distribution"))
        yield _t(distribution, _DCAT + "downloadURL", file)
        yield _t(distribution, _DCAT + "mediaType", ox.NamedNode(_NQUADS))
        yield _t(distribution, _DCAT + "byteSize", ox.Literal(path.stat().st_size))
        yield _t(distribution, _SPDX + "checksum", checksum)
        yield _t(checksum, _SPDX + "algorithm", ox.NamedNode(_SPDX + "checksumAlgorithm_sha256"))
        yield _t(checksum, _SPDX + "checksumValue", ox.Literal(digest, datatype=ox.NamedNode(XSD + "hexBinary")))


def _t(subject: _Node, predicate: str, value: _Value) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def _write(triples: list[ox.Triple], format: str) -> bytes:
    triples.sort(key=lambda triple: (str(triple.subject), str(triple.predicate), str(triple.object)))
    prefixes = {**_PREFIXES, "graph": BASE + "graph/"}
    return ox.serialize(triples, format=GRAPHS[format], prefixes=prefixes) or b""
