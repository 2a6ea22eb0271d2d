"""What the server sees in a query's text: tried on the engine itself, which would otherwise make the call."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.web.screening import calls_out, has_dataset_clause, is_update, is_volatile

_CALL = "<http://127.0.0.1:9/>{}"
_PREFIXES = "PREFIX ex: <http://e/> PREFIX : <http://127.0.0.1:9/> "


@pytest.mark.parametrize(
    "pattern",
    [
        f"SERVICE {_CALL}",
        f"service silent {_CALL}",
        f"serviceSILENT{_CALL}",
        f"?s ?p 1SERVICE{_CALL}",
        f"?s ?p trueSERVICE{_CALL}",
        "SERVICE:x{}",
        "?s ?p ?o.SERVICE:x{}",
        f"#\rSERVICE{_CALL}",
        f"?s ?p ex:a\\#b SERVICE{_CALL}",
        f"?s ?p ex:\\'b SERVICE{_CALL} #'",
        f'?s ?p "\\"" SERVICE{_CALL} #"',
        f"?s ?p '''a'b''' SERVICE{_CALL} #'''",
        f"FILTER(?a<?b)SERVICE{_CALL}#>",
    ],
)
def test_every_call_that_the_engine_understands_is_seen(pattern: str) -> None:
    query = f"{_PREFIXES}SELECT * {{{pattern}\n}}"
    # It is valid for the engine: what is tested is not a mere error of syntax.
    ox.Store().query(query.replace("SERVICE", "SERVICE SILENT", 1) if "silent" not in query.lower() else query)
    assert calls_out(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?service <urn:service> 'SERVICE <http://e/> {}' }",
        "PREFIX dcat: <http://www.w3.org/ns/dcat#> SELECT * { ?s a dcat:DataService ; dcat:service ?o } # SERVICE",
        'SELECT * { ?s ?p """a "SERVICE" b""" }',
        "SELECT * { ?s ?p ?o }",
    ],
)
def test_the_word_alone_is_no_call(query: str) -> None:
    ox.Store().query(query)
    assert not calls_out(query)


def test_escapes_hide_nothing() -> None:
    assert calls_out("SELECT * { \\u0053ERVICE <http://e/> {} }")
    assert calls_out("SELECT * { ?s ?p 'a\\u0027' SERVICE <http://e/> {} }")


def test_dataset_clause() -> None:
    assert has_dataset_clause("SELECT * FROM <urn:g> {}")
    assert has_dataset_clause("CONSTRUCT {} from named <urn:g> WHERE {}")
    assert not has_dataset_clause(
        "PREFIX from: <urn:x> SELECT ?from { ?from from:from ' FROM <urn:g>' } # FROM <urn:g>"
    )
    assert not has_dataset_clause("PREFIX v: <urn:x> SELECT * { ?s v:validFrom ?o }")


@pytest.mark.parametrize(
    ("text", "update"),
    [
        ("INSERT DATA { }", True),
        ("PREFIX ex: <http://e/>\nPREFIX : <urn:>\nBASE <http://e/> WITH <urn:g> DELETE {} WHERE {}", True),
        ("# SELECT\nclear all", True),
        ("SELECT", False),
        ("PREFIX insert: <urn:x> SELECT", False),
        ("", False),
    ],
)
def test_update(text: str, update: bool) -> None:
    assert is_update(text) is update


def test_volatile() -> None:
    assert is_volatile("SELECT (rand () AS ?x) {}") and not is_volatile("SELECT ?now {}")
