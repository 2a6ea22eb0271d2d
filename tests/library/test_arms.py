"""What parameters make idle in a query is left out of it, and nothing else."""

from __future__ import annotations

import itertools
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.assets import asset_dir
from kg.binding import bind
from kg.library import bound_text, find_questions, read_question
from kg.store import MemoryStore

ONE, TWO = '"1"', '"2"'


def arms(text: str, **given: str) -> str:
    """The query that is left, without spaces."""
    return "".join(bind(text, {f"?{name}": term for name, term in given.items()}).split())


@pytest.mark.parametrize(
    ("condition", "goes"),
    [
        ("!BOUND(?_a_string)", True),
        ("BOUND(?_a_string)", False),
        ("!BOUND(?_b_string)", False),
        ("!BOUND(?_a_string) && !BOUND(?_b_string)", True),
        ("!BOUND(?_b_string) && !BOUND(?_a_string)", True),
        ("!BOUND(?_a_string) || !BOUND(?_b_string)", False),
        ("!(BOUND(?_a_string) || BOUND(?_b_string))", True),
        ("!( # why\n BOUND ( ?_a_string ) )", True),
        ("!BOUND(?_a_string) || !BOUND(?_b_string) && !BOUND(?_a_string)", True),
        # What is not known before, or no such condition at all.
        ("?x > 1 && !BOUND(?_a_string)", False),
        ("!BOUND(?_a_string) && ?x", False),
    ],
)
def test_an_arm_goes_where_its_condition_is_false(condition: str, goes: bool) -> None:
    text = f"SELECT ?x {{ {{ FILTER({condition}) ?x ?one ?_a_string }} UNION {{ ?x ?two ?_b_string }} }}"
    assert ("?one" not in arms(text, _a_string=ONE)) == goes
    assert "?two" in arms(text, _a_string=ONE)


def test_what_is_left_is_a_union_still() -> None:
    """Each choice of arms to leave out, of three and of nested ones."""
    names = ("a", "b", "c")
    text = "SELECT ?x { " + " UNION ".join(
        f"{{ FILTER(!BOUND(?_{name}_string)) BIND('{name}' AS ?x) }}" for name in names
    )
    text = f"{text} {{ SELECT ?y {{ {{ FILTER(!BOUND(?_a_string)) BIND(1 AS ?y) }} UNION {{ BIND(2 AS ?y) }} }} }} }}"
    for count in range(4):
        for given_names in itertools.combinations(names, count):
            found = bind(text, {f"?_{name}_string": ONE for name in given_names})
            rows = list(ox.Store().query(found))  # type: ignore[arg-type]  # a SELECT
            values = [row["x"].value for row in rows]
            # Without any arm the text stays: the engine says that there is nothing.
            assert sorted(set(values)) == sorted(set(names) - set(given_names)), given_names
            assert len(values) == (3 - count) * (1 if "a" in given_names else 2)
            assert found.count("UNION") == (max(3 - count - 1, 0) if count < 3 else 2) + ("a" not in given_names)


@given(st.lists(st.sampled_from("ab"), max_size=2, unique=True), st.integers(0, 5))
def test_the_answer_is_the_same(names: list[str], number: int) -> None:
    """As if the engine itself had been told: conditions over parameters that stand for nothing else."""
    conditions = [
        "!BOUND(?_a_string)",
        "BOUND(?_a_string) || BOUND(?_b_string)",
        "!(BOUND(?_a_string) && BOUND(?_b_string))",
    ]
    first, second = conditions[number % 3], conditions[(number + 1) % 3]
    text = f"SELECT ?x {{ {{ FILTER({first}) BIND(1 AS ?x) }} UNION {{ FILTER({second}) BIND(2 AS ?x) }} }}"
    values = {f"?_{name}_string": ONE for name in names}
    plain = text
    for variable in values:
        plain = plain.replace(f"BOUND({variable})", "true")
    results = [[row["x"].value for row in ox.Store().query(query)] for query in (bind(text, values), plain)]  # type: ignore[union-attr]  # SELECTs
    assert results[0] == results[1]


def test_what_a_store_is_asked_before(tmp_path: Path) -> None:
    header = '#+ summary: Any\n#+ holds:\n#+   made: "ASK { ?any <urn:made> ?thing }"\n'
    body = "SELECT ?x { { FILTER(BOUND(?made)) ?x <urn:made> ?y } UNION { FILTER(!BOUND(?made)) ?x <urn:is> ?y } }\n"
    path = tmp_path / "any.rq"
    path.write_text(header + body, encoding="utf-8")
    question = read_question(path)
    is_, made = (f"<urn:{name}> <urn:{name}> <urn:o> <urn:g> .\n".encode() for name in ("is", "made"))
    for lines, kept in ((is_, "urn:is"), (is_ + made, "urn:made")):
        store = MemoryStore(lines)
        text = bound_text(question, store, {})
        assert [str(row[0]) for row in store.query(text).rows] == [f"<{kept}>"]
    assert "UNION" not in text


def test_partners_has_one_arm_where_a_chain_or_gap_is_given() -> None:
    text = find_questions(asset_dir("queries"))["partners"].text
    written = {"?written": "true"}
    chain = bind(text, {**written, "?_chain_iri": "<urn:c>"})
    assert "icsc:candidateFor" in chain and "?statement icsc:offers" not in chain
    assert "?statement icsc:offers" in bind(text, written) and "?statement icsc:offers" in bind(
        text, {"?_chain_iri": "<urn:c>"}
    )
