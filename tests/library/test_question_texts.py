"""What questions say of themselves in Chinese: complete, in step with the English, and shown to people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli import cli
from kg.errors import QueryError
from kg.library import find_questions, read_question
from kg.question_texts import chinese_texts

ROOT = Path(__file__).parents[2]
QUESTIONS = find_questions(ROOT / "queries")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
#: Three English words in a row: what somebody forgot to translate.
ENGLISH = re.compile(r"\b[a-z]{3,} [a-z]{2,} [a-z]{3,}\b")
NAMES = re.compile(r"`[^`]+`")
NUMBERS = re.compile(r"\d+(?:\.\d+)?")
MINIMAL = "#+ summary: Anything\n#+ columns:\n#+   s: a thing\nSELECT ?s WHERE { ?s ?p ?o }\n"


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_text_is_there_in_chinese_and_no_other(name: str) -> None:
    question = QUESTIONS[name]
    said = question.chinese
    assert CHINESE.search(said.summary)
    assert bool(said.description) == bool(question.description)
    assert set(said.parameters) == {parameter.name for parameter in question.parameters}
    assert set(said.columns) == set(question.columns)
    for text in (said.description, *said.parameters.values(), *said.columns.values()):
        assert not text or CHINESE.search(text)
        # What is typed as it stands is in quotation marks or backticks.
        assert not ENGLISH.search(re.sub(r'`[^`]*`|"[^"]*"|“[^”]*”|（[^）]*）', "", text)), text


@pytest.mark.parametrize("name", QUESTIONS)
def test_chinese_texts_are_in_step_with_the_english(name: str) -> None:
    """The same names, numbers and alternatives in both: one that is changed alone shows."""
    question = QUESTIONS[name]
    english, chinese = question.texts("en"), question.texts("zh")
    pairs = [("description", english.description, chinese.description)]
    pairs += [(column, text, chinese.columns[column]) for column, text in english.columns.items()]
    pairs += [(parameter, text, chinese.parameters[parameter]) for parameter, text in english.parameters.items()]
    for what, own, said in pairs:
        own, said = " ".join(own.split()), " ".join(said.split())
        assert set(NAMES.findall(said)) == set(NAMES.findall(own)), what
        assert sorted(set(NUMBERS.findall(said))) == sorted(set(NUMBERS.findall(own))), what
        assert said.count(" | ") == own.count(" | "), what


def test_no_file_speaks_of_a_question_that_is_not_there() -> None:
    for folder in {question.path.parent for question in QUESTIONS.values()}:
        names = {question.name for question in QUESTIONS.values() if question.path.parent == folder}
        assert set(chinese_texts(folder)) == names


def test_a_question_without_translation_speaks_english(tmp_path: Path) -> None:
    (tmp_path / "own.rq").write_text(MINIMAL, encoding="utf-8")
    texts = read_question(tmp_path / "own.rq").texts("zh")
    assert (texts.summary, texts.columns) == ("Anything", {"s": "a thing"})
    (tmp_path / "zh.toml").write_text('[own]\ndescription = "说明"\n', encoding="utf-8")
    texts = read_question(tmp_path / "own.rq").texts("zh")
    assert (texts.summary, texts.description, texts.columns) == ("Anything", "说明", {"s": "a thing"})
    assert read_question(tmp_path / "own.rq").texts("en").description == ""


@pytest.mark.parametrize("body", ["[own", 'own = "text"\n', "[own]\ncolumns = 3\n", b"\xff\xfe"])
def test_a_wrong_file_is_named(body: str | bytes, tmp_path: Path) -> None:
    (tmp_path / "own.rq").write_text(MINIMAL, encoding="utf-8")
    (tmp_path / "zh.toml").write_bytes(body if isinstance(body, bytes) else body.encode())
    with pytest.raises(QueryError, match=r"zh\.toml"):
        read_question(tmp_path / "own.rq")


@pytest.mark.parametrize("name", ["partners", "necks", "dependency-indicators"])
def test_a_question_is_explained_in_the_language_asked_for(name: str) -> None:
    chinese = CliRunner().invoke(cli, ["ask", name, "--explain", "--lang", "zh"])
    english = CliRunner().invoke(cli, ["ask", name, "--explain", "--lang", "en"])
    assert chinese.exit_code == english.exit_code == 0
    assert not ENGLISH.search(chinese.output)
    assert not CHINESE.search(english.output)
    for text in QUESTIONS[name].columns.values():
        assert text in english.output
