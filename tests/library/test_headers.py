"""Headers of questions: what is wrong with one is said in a line, with the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import QueryError
from kg.library import find_questions, read_question

BODY = "SELECT ?s WHERE { ?s ?p ?o FILTER(!BOUND(?_kind_string) || ?o = ?_kind_string) }\n"
GOOD = """#+ summary: Anything
#+ parameters:
#+   kind: {type: string, summary: "This, that or none", values: [this, that]}
#+ columns:
#+   s: a thing
"""
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


def test_two_questions_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "any.rq").write_text(GOOD + BODY, encoding="utf-8")
    with pytest.raises(QueryError, match="a second question is called 'any'") as caught:
        find_questions(tmp_path)
    assert str(tmp_path / "a") in (caught.value.hint or "")
