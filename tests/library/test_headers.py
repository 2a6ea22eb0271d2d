"""Headers of questions: what is wrong with one is said in a line, with the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.assets import asset_dir
from kg.errors import ParameterError, QueryError
from kg.library import bound_text, find_questions, read_question
from kg.store import MemoryStore

BODY = "SELECT ?s WHERE { ?s ?p ?o FILTER(!BOUND(?_kind_string) || ?o = ?_kind_string) }\n"
GOOD = """#+ summary: Anything
#+ parameters:
#+   kind: {type: string, summary: "This, that or none", values: [this, that]}
#+ columns:
#+   s: a thing
"""
RANGED = "#+ summary: Anything\n#+ parameters:\n#+   kind: {type: decimal, %s}\n"
COMPARE = GOOD + "#+ compare: "


def test_a_header_is_read(tmp_path: Path) -> None:
    path = tmp_path / "any.rq"
    path.write_text(GOOD + "#+ compare: {key: [s], each: [kind]}\n" + BODY, encoding="utf-8")
    question = read_question(path)
    assert (question.name, question.summary, question.columns) == ("any", "Anything", {"s": "a thing"})
    assert [(p.name, p.kind, p.summary, p.values) for p in question.parameters] == [
        ("kind", "string", "This, that or none", ("this", "that"))
    ]
    assert question.compare is not None and (question.compare.key, question.compare.each) == (("s",), ("kind",))


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("#+ summary: [\n", "not valid YAML"),
        ("#+ just a text\n", "needs a summary"),
        ("", "needs a summary"),
        ("#+ summary: Anything\n", "'kind' is used but not declared"),
        (
            GOOD.replace("#+ columns", "#+   other: {summary: Not there}\n#+ columns"),
            "'other' is declared but not used",
        ),
        (GOOD.replace('"This, that or none"', "This, that or none"), "'that or none', which says nothing"),
        (GOOD + "#+ holds: [made]\n", "holds names variables"),
        (GOOD + "#+ holds: {made: 'SELECT *'}\n", "holds names variables"),
        (GOOD + "#+ holds: {made: 'ASK {}'}\n", "the text has no BOUND"),
        (RANGED % "minimum: low", "'low' as minimum, which is no number"),
        (RANGED % "minimum: 2, maximum: 1", "a minimum above its maximum"),
        (RANGED % "maximum: 1, default: 2", "a default outside its range, 1 or less"),
        (GOOD.replace("type: string", "type: string, maximum: 1"), "'kind' has a range, but is no number"),
        (COMPARE + "{values: [s]}\n", "compare needs a key"),
        (COMPARE + "{key: [s], by: [s]}\n", "compare needs a key, and has only"),
        (COMPARE + "{key: [t]}\n", "'t', which is not among the columns"),
        (COMPARE + "{key: [s], each: [chain]}\n", "'chain', which is not among the parameters"),
    ],
)
def test_what_is_wrong_is_said(header: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "any.rq"
    path.write_text(header + BODY, encoding="utf-8")
    with pytest.raises(QueryError, match=words) as caught:
        read_question(path)
    assert caught.value.where == str(path)
    assert len(str(caught.value).splitlines()) == (2 if caught.value.hint else 1)


@pytest.mark.parametrize(
    ("ends", "inside", "outside", "said"),
    [
        ("minimum: 0, maximum: 1", "0 0.5 1", "-0.1 1.000001 3", "0-1"),
        ("minimum: 0", "0 7", "-1", "0 or more"),
        ("maximum: -2", "-2 -9", "-1.9", "-2 or less"),
        ("minimum: -1, maximum: 1", "-1 0 1", "2", "-1 to 1"),
    ],
)
def test_a_number_has_a_range(tmp_path: Path, ends: str, inside: str, outside: str, said: str) -> None:
    path = tmp_path / "any.rq"
    path.write_text(RANGED % ends + BODY.replace("_string", "_decimal"), encoding="utf-8")
    question, store = read_question(path), MemoryStore("")
    for text in inside.split():
        assert f'"{text}"^^' in bound_text(question, store, {"kind": text})
    for text in outside.split():
        with pytest.raises(ParameterError) as caught:
            bound_text(question, store, {"kind": text})
        assert str(caught.value) == f"--kind: '{text}' is outside its range, {said}" and caught.value.exit_code == 2
    with pytest.raises(ParameterError, match="is not a number"):
        bound_text(question, store, {"kind": "much"})


@pytest.mark.parametrize("text", ["1e18", "-1e25", "1e-19"])
def test_a_number_that_engines_cannot_hold_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.rq"
    path.write_text(RANGED % "" + BODY.replace("_string", "_decimal"), encoding="utf-8")
    with pytest.raises(ParameterError, match="more than 18 digits"):
        bound_text(read_question(path), MemoryStore(""), {"kind": text})
    assert bound_text(read_question(path), MemoryStore(""), {"kind": "123456789012345678.123456789012345678"})


def test_numbers_of_the_library_say_their_range() -> None:
    numbers = [p for q in find_questions(asset_dir("queries")).values() for p in q.parameters if p.kind == "decimal"]
    assert len(numbers) > 20
    for parameter in numbers:
        assert parameter.range in {"0-1", "0 or more"}, parameter
        assert ("0-1" in parameter.summary) == (parameter.range == "0-1"), parameter


def test_two_questions_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "any.rq").write_text(GOOD + BODY, encoding="utf-8")
    with pytest.raises(QueryError, match="a second question is called 'any'") as caught:
        find_questions(tmp_path)
    assert str(tmp_path / "a") in (caught.value.hint or "")
