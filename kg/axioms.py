"""OWL 2 RL axioms read from an ontology and turned into rules: it knows OWL, not our terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, product

from rdflib import OWL, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import OntologyError

__all__ = ["Atom", "Check", "Program", "Rule", "read_program"]

TYPE = str(RDF.type)


@dataclass(frozen=True)
class Atom:
    """`predicate(terms)`: a class with one term, or a property with two.

    A term that starts with `?` is a variable, any other is a constant in N-Quads form.
    """

    predicate: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """head <- body."""

    head: Atom
    body: tuple[Atom, ...]
    axiom: str


@dataclass(frozen=True)
class Check:
    """A body that must match nothing; `distinct` lists pairs of variables that must differ to match."""

    body: tuple[Atom, ...]
    distinct: tuple[tuple[str, str], ...]
    axiom: str


@dataclass
class Program:
    """Everything that an ontology asks a rule engine to do."""

    rules: list[Rule] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def predicates(self) -> set[tuple[str, int]]:
        """Every predicate with its arity."""
        atoms = [atom for rule in self.rules for atom in (rule.head, *rule.body)]
        atoms += [atom for check in self.checks for atom in check.body]
        return {(atom.predicate, len(atom.terms)) for atom in atoms}

    def read_properties(self) -> frozenset[str]:
        """Properties whose statements some rule or check reads; rdf:type is always among them."""
        atoms = [atom for rule in self.rules for atom in rule.body]
        atoms += [atom for check in self.checks for atom in check.body]
        return frozenset({atom.predicate for atom in atoms if len(atom.terms) == 2} | {TYPE})


_IGNORED = {
    OWL.Class,
    OWL.ObjectProperty,
    OWL.DatatypeProperty,
    OWL.AnnotationProperty,
    OWL.NamedIndividual,
    OWL.Ontology,
    OWL.Restriction,
    OWL.AllDifferent,
    RDF.List,
}
_UNHANDLED_TYPES = {
    OWL.InverseFunctionalProperty: "inverse functional property",
    OWL.ReflexiveProperty: "reflexive property",
    OWL.AllDisjointProperties: "disjoint properties",
    OWL.NegativePropertyAssertion: "negative assertion",
}
_UNHANDLED = {
    OWL.hasKey: "hasKey",
    OWL.disjointUnionOf: "disjoint union",
    OWL.complementOf: "complement",
    OWL.propertyDisjointWith: "disjoint properties",
    OWL.oneOf: "oneOf",
}


def read_program(ontology: Graph) -> Program:
    """Reads all axioms of an ontology.

    Raises:
        OntologyError: an axiom is of a kind that the rules do not cover.
    """
    return _Reader(ontology).read()


class _Reader:
    def __init__(self, ontology: Graph) -> None:
        self.g = ontology
        self.program = Program()
        self.fresh = count()

    def read(self) -> Program:
        for kind, what in _UNHANDLED_TYPES.items():
            for node in self.g.subjects(RDF.type, kind):
                raise _unhandled(what, node)
        for predicate, what in _UNHANDLED.items():
            for node in self.g.subjects(predicate, None):
                raise _unhandled(what, node)
        self._properties()
        self._classes()
        self._disjointness()
        self.program.rules.sort(key=lambda rule: (rule.head.predicate, rule.axiom, str(rule.body)))
        return self.program

    def _rule(self, head: Atom, *body: Atom, axiom: str) -> None:
        if head not in body:
            self.program.rules.append(Rule(head, tuple(body), axiom))

    def _properties(self) -> None:
        data = set(self.g.subjects(RDF.type, OWL.DatatypeProperty))
        for p, q in self.g.subject_objects(RDFS.subPropertyOf):
            self._rule(_p(q, "?x", "?y"), _p(p, "?x", "?y"), axiom=f"{_n(p)} subPropertyOf {_n(q)}")
        for p, q in self.g.subject_objects(OWL.equivalentProperty):
            for a, b in ((p, q), (q, p)):
                self._rule(_p(b, "?x", "?y"), _p(a, "?x", "?y"), axiom=f"{_n(a)} equivalentProperty {_n(b)}")
        for p, q in self.g.subject_objects(OWL.inverseOf):
            for a, b in ((p, q), (q, p)):
                self._rule(_p(b, "?y", "?x"), _p(a, "?x", "?y"), axiom=f"{_n(a)} inverseOf {_n(b)}")
        for p in self.g.subjects(RDF.type, OWL.SymmetricProperty):
            self._rule(_p(p, "?y", "?x"), _p(p, "?x", "?y"), axiom=f"{_n(p)} symmetric")
        for p in self.g.subjects(RDF.type, OWL.TransitiveProperty):
            self._rule(_p(p, "?x", "?z"), _p(p, "?x", "?y"), _p(p, "?y", "?z"), axiom=f"{_n(p)} transitive")
        for q, chain in self.g.subject_objects(OWL.propertyChainAxiom):
            members = list(Collection(self.g, chain))
            body = [_p(p, f"?v{i}", f"?v{i + 1}") for i, p in enumerate(members)]
            self._rule(_p(q, "?v0", f"?v{len(members)}"), *body, axiom=f"{_n(q)} chain")
        for p, c in self.g.subject_objects(RDFS.domain):
            for head, extra in self._heads(c, "?x"):
                self._rule(head, _p(p, "?x", "?y"), *extra, axiom=f"{_n(p)} domain {_n(c)}")
        for p, c in self.g.subject_objects(RDFS.range):
            if p in data or (isinstance(c, URIRef) and str(c).startswith("http://www.w3.org/2001/XMLSchema#")):
                continue
            for head, extra in self._heads(c, "?y"):
                self._rule(head, _p(p, "?x", "?y"), *extra, axiom=f"{_n(p)} range {_n(c)}")
        for p in self.g.subjects(RDF.type, OWL.FunctionalProperty):
            self.program.checks.append(
                Check((_p(p, "?x", "?y"), _p(p, "?x", "?z")), (("?y", "?z"),), f"{_n(p)} is functional")
            )
        # Before asymmetry, which a reflexive statement breaks as well.
        for p in self.g.subjects(RDF.type, OWL.IrreflexiveProperty):
            self.program.checks.append(Check((_p(p, "?x", "?x"),), (), f"{_n(p)} is irreflexive"))
        for p in self.g.subjects(RDF.type, OWL.AsymmetricProperty):
            self.program.checks.append(Check((_p(p, "?x", "?y"), _p(p, "?y", "?x")), (), f"{_n(p)} is asymmetric"))

    def _classes(self) -> None:
        pairs = list(self.g.subject_objects(RDFS.subClassOf))
        for a, b in self.g.subject_objects(OWL.equivalentClass):
            pairs += [(a, b), (b, a)]
        for sub, sup in pairs:
            axiom = f"{_n(sub)} subClassOf {_n(sup)}"
            for body in self._bodies(sub, "?x"):
                for head, extra in self._heads(sup, "?x"):
                    self._rule(head, *body, *extra, axiom=axiom)

    def _disjointness(self) -> None:
        pairs = set(self.g.subject_objects(OWL.disjointWith))
        for node in self.g.subjects(RDF.type, OWL.AllDisjointClasses):
            listed = self.g.value(node, OWL.members)
            members = list(Collection(self.g, listed)) if listed is not None else []
            pairs |= {(a, b) for i, a in enumerate(members) for b in members[i + 1 :]}
        for a, b in sorted(pairs, key=str):
            for left, right in product(self._bodies(a, "?x"), self._bodies(b, "?x")):
                self.program.checks.append(Check((*left, *right), (), f"{_n(a)} and {_n(b)} are disjoint"))

    def _bodies(self, expression: Node, variable: str) -> Iterator[tuple[Atom, ...]]:
        """The conjunctions that make `variable` a member of a class expression."""
        if isinstance(expression, URIRef):
            yield () if expression == OWL.Thing else (Atom(str(expression), (variable,)),)
            return
        members = self.g.value(expression, OWL.intersectionOf)
        if members is not None:
            parts = [list(self._bodies(item, variable)) for item in Collection(self.g, members)]
            for combination in product(*parts):
                yield tuple(atom for part in combination for atom in part)
            return
        members = self.g.value(expression, OWL.unionOf)
        if members is not None:
            for item in Collection(self.g, members):
                yield from self._bodies(item, variable)
            return
        p = self.g.value(expression, OWL.onProperty)
        some = self.g.value(expression, OWL.someValuesFrom)
        if p is not None and some is not None:
            other = f"?f{next(self.fresh)}"
            for body in self._bodies(some, other):
                yield (_p(p, variable, other), *body)
            return
        value = self.g.value(expression, OWL.hasValue)
        if p is not None and value is not None:
            yield (_p(p, variable, _constant(value)),)
            return
        raise _unhandled("class expression on the left", expression)

    def _heads(self, expression: Node, variable: str) -> Iterator[tuple[Atom, tuple[Atom, ...]]]:
        """The facts that follow from `variable` being a member, each with further conditions."""
        if isinstance(expression, URIRef):
            if expression != OWL.Thing:
                yield Atom(str(expression), (variable,)), ()
            return
        members = self.g.value(expression, OWL.intersectionOf)
        if members is not None:
            for item in Collection(self.g, members):
                yield from self._heads(item, variable)
            return
        p = self.g.value(expression, OWL.onProperty)
        value = self.g.value(expression, OWL.hasValue)
        if p is not None and value is not None:
            yield _p(p, variable, _constant(value)), ()
            return
        only = self.g.value(expression, OWL.allValuesFrom)
        if p is not None and only is not None:
            other = f"?f{next(self.fresh)}"
            for head, extra in self._heads(only, other):
                yield head, (_p(p, variable, other), *extra)
            return
        raise _unhandled("class expression on the right", expression)


def _p(node: Node, *terms: str) -> Atom:
    if isinstance(node, BNode):
        raise _unhandled("inverse property expression", node)
    return Atom(str(node), terms)


def _constant(node: Node) -> str:
    if isinstance(node, URIRef | Literal):
        return node.n3()
    raise _unhandled("value", node)


def _n(node: Node) -> str:
    return str(node).rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _unhandled(what: str, node: Node) -> OntologyError:
    return OntologyError(
        f"an axiom that the rules do not cover ({what}) at {_n(node)}",
        where="ontology/",
        hint="Move it to definitions.ttl, which only description-logic reasoners read.",
    )
