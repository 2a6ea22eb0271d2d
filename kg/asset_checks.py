"""What can be wrong with the files that analysts and ontology engineers own: ontology, queries, loaders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, URIRef
from rdflib.plugins.sparql import prepareQuery

from kg.assets import asset_dir
from kg.errors import KgError, QueryError
from kg.findings import EXAMPLES, Example, Outcome, Profile
from kg.library import read_question
from kg.loading.manifest import find_loaders
from kg.loading.template import read_template
from kg.ontology import read_ontology
from kg.terms import ICSC

__all__ = ["asset_outcomes"]

_KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.NamedIndividual)


def asset_outcomes(profile: Profile) -> Iterator[Outcome]:
    """One outcome for each room of assets."""
    rooms = {
        "ontology": ("The ontology parses, compiles to rules, and its terms are named and declared", _ontology()),
        "queries": ("Every query parses on both engines and agrees with its header", _queries()),
        "loaders": ("Every loader is complete and uses declared terms", _loaders()),
    }
    for room, (summary, findings) in rooms.items():
        severity = profile.severity("assets", room)
        if severity != "off":
            found = list(findings)
            yield Outcome(f"asset:{room}", severity, summary, len(found), tuple(found[: 4 * EXAMPLES]))


def _ontology() -> Iterator[Example]:
    folder = asset_dir("ontology")
    try:
        graph = read_ontology(folder).graph
    except KgError as error:
        yield _fault(error, folder)
        return
    terms = {s for kind in _KINDS for s in graph.subjects(RDF.type, kind) if str(s).startswith(ICSC)}
    for term in sorted(terms, key=str):
        languages = [getattr(label, "language", None) for label in graph.objects(term, RDFS.label)]
        for language in ("en", "zh-Hans"):
            if languages.count(language) != 1:
                yield _at(folder, str(term), f"has {languages.count(language)} labels in {language}, not 1")
    used = {node for triple in graph for node in triple if isinstance(node, URIRef) and str(node).startswith(ICSC)}
    for term in sorted(used - terms, key=str):
        yield _at(folder, str(term), "is used but not declared")


def _queries() -> Iterator[Example]:
    for path in sorted(asset_dir("queries").rglob("*.rq")):
        try:
            question = read_question(path)
        except QueryError as error:
            yield _fault(error, path)
            continue
        for text in (question.text, *question.holds.values()):
            try:
                ox.Store().query(text)
            except SyntaxError as error:
                yield Example("", f"{path}:{error.lineno or 1}", f"pyoxigraph does not parse it: {error.msg}")
            try:
                prepareQuery(text)
            except Exception as error:  # rdflib's parser raises many kinds
                yield Example("", str(path), f"rdflib does not parse it: {error}")


def _loaders() -> Iterator[Example]:
    folder = asset_dir("loaders")
    try:
        loaders = find_loaders([folder])
        ontology = read_ontology(asset_dir("ontology")).graph
    except KgError as error:
        yield _fault(error, folder)
        return
    declared = {str(term) for kind in _KINDS for term in ontology.subjects(RDF.type, kind)}
    for loader in loaders.values():
        for stem in loader.mappings:
            path = loader.folder / f"{stem}.rq"
            try:
                template = read_template(path)
            except KgError as error:
                yield _fault(error, path)
                continue
            nodes = {node for p in template.patterns for node in (p.predicate, p.object)}
            for node in sorted(map(str, nodes)):
                if node.startswith(ICSC) and node not in declared:
                    yield _at(path, node, "is not declared in the ontology")


def _fault(error: KgError, path: Path) -> Example:
    return Example("", error.where or str(path), error.what)


def _at(path: Path, term: str, what: str) -> Example:
    """The finding, at the first line of the file (or of the folder's Turtle files) that names the term."""
    name = re.compile(rf"\bicsc:{re.escape(term.removeprefix(ICSC))}\b|{re.escape(term)}\b")
    for file in sorted(path.glob("*.ttl")) if path.is_dir() else [path]:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if name.search(line):
                return Example(term, f"{file}:{number}", what)
    return Example(term, str(path), what)
