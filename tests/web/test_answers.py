"""What the endpoint remembers, and what it does not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.web.answers import Answers, Given, Request
from tests.web.conftest import Served


def request(text: str, rows: str = "json") -> Request:
    return Request(text, None, None, rows, "ttl")


def test_an_answer_is_found_by_all_that_it_depends_on() -> None:
    answers = Answers()
    answers.keep(request("ASK {}"), Given("truth", "json", b"true"))
    found = answers.get(request("ASK {}"))
    assert found is not None and found.body == b"true"
    assert answers.get(request("ASK {}", "xml")) is None
    assert answers.get(Request("ASK {}", ("urn:g",), None, "json", "ttl")) is None


def test_large_answers_are_not_kept() -> None:
    answers = Answers()
    answers.keep(request("a"), Given("rows", "json", bytes(1 << 20)))
    assert answers.get(request("a")) is None and answers.size == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 900)), max_size=80))
def test_the_room_is_bounded_and_the_oldest_go_first(asked: list[tuple[int, int]]) -> None:
    answers = Answers(most=6_000)
    last = None
    for name, size in asked:
        answers.keep(request(str(name)), Given("rows", "json", bytes(size)))
        assert answers.size <= 6_000
        last = name
    if last is not None:
        assert answers.get(request(str(last))) is not None


def test_the_same_query_is_answered_the_same_and_a_changing_one_anew(served: Served) -> None:
    lasting = {"query": "SELECT ?c { ?c a <https://w3id.org/icsc/ns#LandmarkIndustrialChain> } ORDER BY ?c"}
    first, second = (served.client.get("/sparql", params=lasting) for _ in range(2))
    assert first.text == second.text and dict(first.headers) == dict(second.headers) | {"date": first.headers["date"]}
    xml = served.client.get("/sparql", params=lasting, headers={"accept": "application/sparql-results+xml"})
    assert xml.text.startswith("<?xml") and xml.headers["content-type"].startswith("application/sparql-results+xml")
    changing = {"query": "SELECT (STRUUID() AS ?u) {}"}
    one, other = (served.client.get("/sparql", params=changing).text for _ in range(2))
    assert one != other
    wrong = {"query": "SELECT {"}
    assert [served.client.get("/sparql", params=wrong).status_code for _ in range(2)] == [400, 400]
