"""No value can change the shape of a query."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib.plugins.sparql import prepareQuery

from kg.binding import bind, parameters_of

QUERY = """PREFIX : <urn:x#> # a comment with ?_name_string
SELECT ?s ?_name_string (COUNT(?o) AS ?n) WHERE {
  ?s :p ?_name_string ; :q ?o . FILTER(!BOUND(?_name_string) || STR(?o) != "?_name_string")
} GROUP BY ?s ?_name_string ORDER BY ?_name_string ?s"""


def test_parameters_are_found_outside_texts_and_comments() -> None:
    assert parameters_of(QUERY) == {"name": "string"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_binds_safely(value: str) -> None:
    text = bind(QUERY, {"?_name_string": str(ox.Literal(value))})
    store = ox.Store()
    p, q = ox.NamedNode("urn:x#p"), ox.NamedNode("urn:x#q")
    store.add(ox.Quad(ox.NamedNode("urn:s"), p, ox.Literal(value)))
    store.add(ox.Quad(ox.NamedNode("urn:s"), q, ox.Literal("o")))
    rows = list(store.query(text))  # type: ignore[arg-type]  # a SELECT
    assert [(row["s"].value, row["_name_string"].value) for row in rows] == [("urn:s", value)]


@pytest.mark.parametrize("values", [{}, {"?_name_string": '"x"'}])
def test_both_engines_parse_bound_and_unbound(values: dict[str, str]) -> None:
    text = bind(QUERY, values)
    ox.Store().query(text)
    prepareQuery(text)


def test_clause_goes_when_nothing_is_left() -> None:
    assert "GROUP" not in bind("SELECT (COUNT(*) AS ?n) { ?s ?p ?_o_iri } GROUP BY ?_o_iri", {"?_o_iri": "<urn:o>"})
