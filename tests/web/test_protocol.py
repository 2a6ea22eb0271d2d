"""The SPARQL 1.1 Protocol: the cases of the W3C's test suite, re-expressed, and what lies beside them.

The W3C's cases load graphs of their own; here the graphs of the release stand for them.
"""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.web.conftest import Served

G1, G2, G3 = (f"https://w3id.org/icsc/graph/{name}" for name in ("meta", "ontology", "source/regions"))
IN1, IN2, IN3 = (f"<{iri}>" for iri in (G3, "https://w3id.org/icsc/ns#Gap", "https://w3id.org/icsc/id/region/CN"))
FORM = {"content-type": "application/x-www-form-urlencoded"}
QUERY = {"content-type": "application/sparql-query"}
UPDATE = {"content-type": "application/sparql-update"}
BOTH = f"ASK {{ {IN1} a ?type . {IN2} a ?kind }}"
GRAPHS = f"ASK {{ GRAPH ?g1 {{ {IN1} a ?t1 }} GRAPH ?g2 {{ {IN2} a ?t2 }} }}"
FULL = f"ASK {{ {IN3} a ?t GRAPH ?g1 {{ {IN1} a ?t1 }} GRAPH ?g2 {{ {IN2} a ?t2 }} }}"
DEFAULT = [("default-graph-uri", G1), ("default-graph-uri", G2)]
NAMED = [("named-graph-uri", G1), ("named-graph-uri", G2)]
INSERT = "INSERT DATA { <urn:a> <urn:b> <urn:c> }"

#: W3C name -> method, parameters, headers, body, status, and for a query the truth that is expected.
W3C: dict[str, tuple[str, Any, dict[str, str], Any, int, bool | None]] = {
    "query_post_form": ("POST", [("default-graph-uri", G1)], FORM, "query=ASK%20%7B%7D", 200, True),
    "query_dataset_default_graphs_get": ("GET", [("query", BOTH), *DEFAULT], {}, None, 200, True),
    "query_dataset_default_graphs_post": ("POST", DEFAULT, QUERY, BOTH, 200, True),
    "query_dataset_named_graphs_post": ("POST", NAMED, QUERY, GRAPHS, 200, True),
    "query_dataset_named_graphs_get": ("GET", [("query", GRAPHS), *NAMED], {}, None, 200, True),
    "query_dataset_full": ("POST", [("default-graph-uri", G3), *NAMED], QUERY, FULL, 200, True),
    # The request's dataset goes before the query's own: G3 alone does not hold what is asked for.
    "query_multiple_dataset": ("POST", DEFAULT, QUERY, BOTH.replace("ASK", f"ASK FROM <{G3}>"), 200, True),
    "query_get": ("GET", [("query", "ASK {}")], {}, None, 200, True),
    "query_content_type_select": ("GET", [("query", "SELECT (1 AS ?v) {}")], {}, None, 200, None),
    "query_content_type_ask": ("GET", [("query", "ASK {}")], {}, None, 200, True),
    "query_content_type_describe": ("GET", [("query", f"DESCRIBE {IN2}")], {}, None, 200, None),
    "query_content_type_construct": ("GET", [("query", "CONSTRUCT {<urn:a> <urn:b> 1} {}")], {}, None, 200, None),
    "update_dataset_default_graph": ("POST", [("using-graph-uri", G1)], UPDATE, INSERT, 403, None),
    "update_dataset_default_graphs": ("POST", [("using-graph-uri", G1)] * 2, UPDATE, INSERT, 403, None),
    "update_dataset_named_graphs": ("POST", [("using-named-graph-uri", G1)], UPDATE, INSERT, 403, None),
    "update_dataset_full": (
        "POST",
        [("using-graph-uri", G1), ("using-named-graph-uri", G2)],
        UPDATE,
        INSERT,
        403,
        None,
    ),
    "update_post_form": ("POST", [], FORM, "update=CLEAR%20ALL", 403, None),
    "update_post_direct": ("POST", [], UPDATE, "CLEAR ALL", 403, None),
    "update_base_uri": ("POST", [], UPDATE, "BASE <http://e/> " + INSERT, 403, None),
    "query_post_direct": ("POST", [], QUERY, "ASK {}", 200, True),
    "bad_query_method": ("PUT", [("query", "ASK {}")], {}, None, 405, None),
    "bad_multiple_queries": ("GET", [("query", "ASK {}"), ("query", "SELECT * {}")], {}, None, 400, None),
    "bad_query_wrong_media_type": ("POST", [], {"content-type": "text/plain"}, "ASK {}", 415, None),
    "bad_query_missing_form_type": ("POST", [], {}, "query=ASK%20%7B%7D", 415, None),
    "bad_query_missing_direct_type": ("POST", [], {}, "ASK {}", 415, None),
    "bad_query_non_utf8": (
        "POST",
        [],
        {"content-type": "application/sparql-query; charset=UTF-16"},
        "ASK {}".encode("utf-16"),
        415,
        None,
    ),
    "bad_query_syntax": ("GET", [("query", "ASK {")], {}, None, 400, None),
    "bad_update_get": ("GET", [("update", "CLEAR ALL")], {}, None, 403, None),
    "bad_multiple_updates": ("POST", [], FORM, "update=CLEAR%20NAMED&update=CLEAR%20DEFAULT", 403, None),
    "bad_update_wrong_media_type": ("POST", [], {"content-type": "text/plain"}, "CLEAR NAMED", 415, None),
    "bad_update_missing_form_type": ("POST", [], {}, "update=CLEAR%20NAMED", 415, None),
    "bad_update_non_utf8": (
        "POST",
        [],
        {"content-type": "application/sparql-update; charset=UTF-16"},
        "CLEAR NAMED".encode("utf-16"),
        415,
        None,
    ),
    "bad_update_syntax": ("POST", [], UPDATE, "CLEAR XYZ", 403, None),
    "bad_update_dataset_conflict": ("POST", [("using-graph-uri", G1)], FORM, "update=CLEAR%20ALL", 403, None),
}


def test_every_case_of_the_w3c_is_here() -> None:
    assert len(W3C) == 34
    assert sum(name.startswith("bad_") for name in W3C) == 14
    assert sum(case[4] == 200 for case in W3C.values()) == 13


@pytest.mark.parametrize("name", W3C)
def test_w3c(served: Served, name: str) -> None:
    method, parameters, headers, body, status, truth = W3C[name]
    answer = served.client.request(method, "/sparql", params=parameters, headers=headers, content=body)
    assert answer.status_code == status, answer.text
    if truth is not None:
        assert answer.json()["boolean"] is truth
    elif status != 200:
        assert answer.text.strip() and "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("query", "accept", "status", "kind"),
    [
        ("ASK {}", "*/*", 200, "application/sparql-results+json"),
        ("ASK {}", "application/sparql-results+xml", 200, "application/sparql-results+xml"),
        ("SELECT (1 AS ?v) {}", "text/csv", 200, "text/csv; charset=utf-8"),
        ("SELECT (1 AS ?v) {}", "text/tab-separated-values", 200, "text/tab-separated-values; charset=utf-8"),
        ("SELECT (1 AS ?v) {}", "application/sparql-results+xml;q=0.5, text/csv", 200, "text/csv; charset=utf-8"),
        ("SELECT (1 AS ?v) {}", "text/*, text/csv;q=0", 200, "text/tab-separated-values; charset=utf-8"),
        ("SELECT (1 AS ?v) {}", "image/png", 406, None),
        ("SELECT (1 AS ?v) {}", "text/turtle", 406, None),
        ("CONSTRUCT {<urn:a> <urn:b> 1} {}", "*/*", 200, "text/turtle; charset=utf-8"),
        ("CONSTRUCT {<urn:a> <urn:b> 1} {}", "application/n-triples", 200, "application/n-triples"),
        ("CONSTRUCT {<urn:a> <urn:b> 1} {}", "application/rdf+xml", 200, "application/rdf+xml"),
        ("CONSTRUCT {<urn:a> <urn:b> 1} {}", "application/ld+json", 200, "application/ld+json"),
        ("CONSTRUCT {<urn:a> <urn:b> 1} {}", "text/csv", 406, None),
    ],
)
def test_content_negotiation(served: Served, query: str, accept: str, status: int, kind: str | None) -> None:
    answer = served.client.get("/sparql", params={"query": query}, headers={"accept": accept})
    assert answer.status_code == status
    if kind is not None:
        assert answer.headers["content-type"] == kind
        assert "accept" in answer.headers["vary"].lower()


def test_graph_formats_hold_the_same_triple(served: Served) -> None:
    from rdflib import Graph, Literal, URIRef

    for format in ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"):
        query = {"query": "CONSTRUCT {<urn:a> <urn:x#b> '值'@zh} {}"}
        answer = served.client.get("/sparql", params=query, headers={"accept": format})
        graph = Graph().parse(data=answer.text, format=format.replace("application/rdf+xml", "xml"))
        assert list(graph) == [(URIRef("urn:a"), URIRef("urn:x#b"), Literal("值", lang="zh"))]


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"format": "csv"}, 400, "missing"),
        ({"query": "ASK {}", "default-graph-uri": "not an iri"}, 400, "absolute IRI"),
        ({"query": "ASK {}", "using-graph-uri": G1}, 400, "updates"),
        ({"query": "ASK {}", "format": "docx"}, 400, "there are"),
        ({"query": INSERT}, 403, "read-only"),
        ({"query": "PREFIX a: <urn:a> LOAD <http://127.0.0.1/x>"}, 403, "read-only"),
        ({"query": "SELECT * { SERVICE <http://127.0.0.1/x> { ?s ?p ?o } }"}, 403, "SERVICE"),
        ({"query": "SELECT * { ?s ?p 1SERVICE SILENT<http://127.0.0.1/x>{} }"}, 403, "SERVICE"),
        ({"query": "SELECT ?x { FILTER(nosuch:f(?x)) }"}, 400, "parse"),
    ],
)
def test_bad_requests(served: Served, parameters: dict[str, str], status: int, words: str) -> None:
    answer = served.client.get("/sparql", params=parameters)
    assert (answer.status_code, words in answer.text) == (status, True), answer.text
    assert answer.headers["access-control-allow-origin"] == "*"


def test_text_that_is_not_utf8(served: Served) -> None:
    for kind, body in (("application/sparql-query", b"ASK { ?s ?p '\xff' }"), (FORM["content-type"], b"query=%FF")):
        answer = served.client.post("/sparql", content=body, headers={"content-type": kind})
        assert answer.status_code == 400
    assert served.client.get("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%27%FF%27%20%7D").status_code == 400


def test_a_query_that_is_too_long(served: Served) -> None:
    answer = served.client.post("/sparql", content=b"#" * (5 << 20), headers=QUERY)
    assert answer.status_code == 413


def test_service_description(served: Served) -> None:
    from rdflib import Graph, Namespace, URIRef
    from rdflib.namespace import RDF

    sd = Namespace("http://www.w3.org/ns/sparql-service-description#")
    for format in ("text/turtle", "application/ld+json", "application/rdf+xml"):
        answer = served.client.get("/sparql", headers={"accept": format})
        graph = Graph().parse(data=answer.text, format=format.replace("application/rdf+xml", "xml"))
        endpoint = URIRef(f"{served.url}/sparql")
        assert graph.value(endpoint, RDF.type) == sd.Service
        assert (endpoint, sd.feature, sd.UnionDefaultGraph) in graph


def test_default_graph_is_the_union_unless_the_query_names_one(served: Served) -> None:
    def count(query: str) -> int:
        body = served.client.get("/sparql", params={"query": query}).json()
        return int(body["results"]["bindings"][0]["n"]["value"])

    union = count("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    meta = count(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{G1}> {{ ?s ?p ?o }} }}")
    assert union > meta > 0
    assert count(f"SELECT (COUNT(*) AS ?n) FROM <{G1}> {{ ?s ?p ?o }}") == meta
    assert count(f"SELECT (COUNT(*) AS ?n) FROM NAMED <{G1}> {{ ?s ?p ?o }}") == 0
    assert count(f'SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o BIND(" FROM <{G1}>" AS ?from) }}') == union


def test_etag(served: Served) -> None:
    def get(query: str, **headers: str) -> httpx.Response:
        return served.client.get("/sparql", params={"query": query}, headers=headers)

    first = get("ASK {}")
    tag = first.headers["etag"]
    assert served.live.release.id in tag
    again = get("ASK {}", **{"if-none-match": f'W/{tag}, "other"'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert get("ASK { }", **{"if-none-match": tag}).status_code == 200
    other = get("ASK {}", **{"if-none-match": tag, "accept": "application/sparql-results+xml"})
    assert other.status_code == 200 and other.headers["etag"] != tag
    assert "etag" not in get("SELECT (NOW() AS ?n) {}").headers


def test_cors(served: Served) -> None:
    preflight = served.client.options(
        "/sparql", headers={"origin": "http://e", "access-control-request-method": "POST"}
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert {"GET", "POST"} <= set(preflight.headers["access-control-allow-methods"].split(", "))
    assert "content-type" in preflight.headers["access-control-allow-headers"]
    assert served.client.get("/sparql?query=ASK%7B%7D").headers["access-control-allow-origin"] == "*"


def test_head(served: Served) -> None:
    answer = served.client.head("/sparql", params={"query": "ASK {}"})
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(
        json.dumps({"head": {}, "boolean": True}, separators=(",", ":"))
    )
