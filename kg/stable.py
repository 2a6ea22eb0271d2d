"""Names blank nodes by what they say, so that the same ontology is always written in the same bytes."""

from __future__ import annotations

import hashlib

from rdflib import BNode, Graph
from rdflib.term import Node

from kg.errors import OntologyError

__all__ = ["named_stably", "sorted_lines"]


def named_stably(graph: Graph) -> Graph:
    """The same graph with blank nodes named by their content and place.

    Blank nodes must form trees, as OWL's class expressions, lists and annotations do: each is the object of
    one statement at most.

    Raises:
        OntologyError: a blank node is used twice, or closes a loop.
    """
    parents: dict[BNode, list[tuple[Node, Node]]] = {}
    nodes = {node for triple in graph for node in triple if isinstance(node, BNode)}
    for s, p, o in graph:
        if isinstance(o, BNode):
            parents.setdefault(o, []).append((s, p))
    for node, users in parents.items():
        if len(users) > 1:
            raise OntologyError("a blank node is used twice; give it a name", where=str(node))
    content: dict[BNode, str] = {}

    def digest(node: BNode, above: frozenset[BNode]) -> str:
        if node in above:
            raise OntologyError("blank nodes close a loop", where=str(node))
        if node not in content:
            lines = sorted(
                f"{p.n3()} {digest(o, above | {node}) if isinstance(o, BNode) else o.n3()}"
                for p, o in graph.predicate_objects(node)
            )
            content[node] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return content[node]

    names: dict[BNode, BNode] = {}
    taken: dict[str, int] = {}

    def place(node: BNode) -> str:
        """Content and, from the root down, where the node hangs."""
        above = ""
        for user, predicate in parents.get(node, []):
            above = f"{name(user) if isinstance(user, BNode) else user.n3()} {predicate.n3()} "
        return above + digest(node, frozenset())

    def name(node: BNode) -> BNode:
        if node not in names:
            text = hashlib.sha256(place(node).encode()).hexdigest()[:20]
            # Twins, equal in content and place, may take each other's number: the bytes stay the same.
            number = taken[text] = taken.get(text, 0) + 1
            names[node] = BNode(f"b{text}" + (f"x{number}" if number > 1 else ""))
        return names[node]

    for node in nodes:
        name(node)
    renamed = Graph(bind_namespaces="none")
    for prefix, namespace in graph.namespaces():
        renamed.bind(prefix, namespace)
    for s, p, o in graph:
        renamed.add((names.get(s, s), p, names.get(o, o)))  # type: ignore[call-overload]  # blank nodes or others
    return renamed


def sorted_lines(graph: Graph) -> str:
    """N-Triples in order."""
    return "".join(sorted(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in graph))
