"""`kg check`: everything that can be wrong with the ontology, the queries, the loaders, a release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, SKOS, URIRef
from rdflib.plugins.sparql import prepareQuery

from kg.assets import asset_dir
from kg.errors import KgError, QueryError
from kg.library import read_question
from kg.loading.manifest import find_loaders
from kg.loading.template import read_template
from kg.ontology import read_ontology
from kg.release import current_release
from kg.store.embedded import EmbeddedStore
from kg.terms import ICSC

__all__ = ["Finding", "check"]


@dataclass(frozen=True)
class Finding:
    """One fault.

    Attributes:
        where: file, or file and line, or release.
        what: the fault in one line.
    """

    where: str
    what: str


def check(releases: Path | None = None) -> list[Finding]:
    """Checks the assets, and the current release when there is one.

    Args:
        releases: folder of releases; None: the assets only.
    """
    findings = [*_ontology(), *_queries(), *_loaders()]
    if releases is not None and (releases / "current").exists():
        findings += _release(releases)
    return findings


def _ontology() -> Iterator[Finding]:
    folder = asset_dir("ontology")
    try:
        ontology = read_ontology(folder)
    except KgError as error:
        yield Finding(error.where or str(folder), error.what)
        return
    graph = ontology.graph
    kinds = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
    terms = {s for kind in kinds for s in graph.subjects(RDF.type, kind) if str(s).startswith(ICSC)}
    for term in sorted(terms, key=str):
        languages = [getattr(label, "language", None) for label in graph.objects(term, RDFS.label)]
        for language in ("en", "zh-Hans"):
            if languages.count(language) != 1:
                yield Finding(str(folder), f"{term} has {languages.count(language)} labels in {language}, not 1")
    used = {node for triple in graph for node in triple if isinstance(node, URIRef) and str(node).startswith(ICSC)}
    for term in sorted(used - terms, key=str):
        yield Finding(str(folder), f"{term} is used but not declared")


def _queries() -> Iterator[Finding]:
    for path in sorted(asset_dir("queries").rglob("*.rq")):
        try:
            question = read_question(path)
        except QueryError as error:
            yield Finding(error.where or str(path), error.what)
            continue
        try:
            ox.Store().query(question.text)
        except SyntaxError as error:
            yield Finding(str(path), f"pyoxigraph does not parse it: {error.msg}")
        try:
            prepareQuery(question.text)
        except Exception as error:  # rdflib's parser raises many kinds
            yield Finding(str(path), f"rdflib does not parse it: {error}")


def _loaders() -> Iterator[Finding]:
    folder = asset_dir("loaders")
    try:
        loaders = find_loaders([folder])
        declared = {
            str(term)
            for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)
            for term in read_ontology(asset_dir("ontology")).graph.subjects(RDF.type, kind)
        }
    except KgError as error:
        yield Finding(error.where or str(folder), error.what)
        return
    for loader in loaders.values():
        for stem in loader.mappings:
            path = loader.folder / f"{stem}.rq"
            try:
                template = read_template(path)
            except KgError as error:
                yield Finding(error.where or str(path), error.what)
                continue
            nodes = {node for p in template.patterns for node in (p.predicate, p.object)}
            for node in sorted(map(str, nodes)):
                if node.startswith(ICSC) and node not in declared:
                    yield Finding(str(path), f"{node} is not declared in the ontology")


_DANGLING = f"""
SELECT DISTINCT ?g ?p ?o WHERE {{
  VALUES ?p {{ <{ICSC}locatedIn> <{ICSC}linkOf> <{ICSC}directlyPartOfRegion> <{ICSC}hasProvider>
              <{ICSC}inRegion> <{ICSC}gapAt> <{ICSC}inChain> <{ICSC}surveyedRegion> }}
  GRAPH ?g {{ ?s ?p ?o }}
  MINUS {{ ?o a ?type . ?o <{RDFS.label}>|<{SKOS.altLabel}> ?label }}
}} ORDER BY ?g ?p ?o LIMIT 50"""


def _release(releases: Path) -> Iterator[Finding]:
    release = current_release(releases)
    store = EmbeddedStore(release.store)
    for row in store.query(_DANGLING).rows:
        graph, predicate, node = (getattr(term, "value", "") for term in row)
        yield Finding(f"release {release.id}", f"{node} has no label (named by {predicate} in {graph})")
