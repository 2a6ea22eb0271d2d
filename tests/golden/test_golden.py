"""What the paper answers, the question library answers: golden rows, their evidence, on every kind of store."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from kg.graph import Graph
from kg.library import bound_text, find_questions
from kg.store import MemoryStore

ROOT = Path(__file__).parents[2]
ANSWERS = Path(__file__).with_name("answers.csv")
IDS = [f"G{number:02}" for number in range(1, 58)]
QUESTIONS = find_questions(ROOT / "queries")
NUMERIC = {"decimal", "double", "float", "integer", "int", "long"}


@dataclass(frozen=True)
class Case:
    """One golden answer.

    Attributes:
        where: column -> value: only these rows of the answer are compared.
        rows: language -> rows, each a tuple of the texts in `columns`.
    """

    id: str
    question: str
    parameters: Mapping[str, str]
    where: Mapping[str, str]
    columns: tuple[str, ...]
    rows: Mapping[str, frozenset[tuple[str, ...]]]


def read_cases() -> list[Case]:
    def split(text: str) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(cell.strip() for cell in row.split("|")) for row in text.split(";"))

    with ANSWERS.open(encoding="utf-8", newline="") as file:
        return [
            Case(
                id=row["id"],
                question=row["question"],
                parameters=json.loads(row["parameters"] or "{}"),
                where=json.loads(row["where"] or "{}"),
                columns=tuple(name.strip() for name in row["columns"].split(";")),
                rows={"en": split(row["en"]), "zh": split(row["zh"])},
            )
            for row in csv.DictReader(file)
        ]


CASES = read_cases()
ANSWERED = sorted({case.question for case in CASES})


def select(frame: pd.DataFrame, case: Case) -> pd.DataFrame:
    for column, value in case.where.items():
        frame = frame[frame[column] == value]
    return frame


def texts(frame: pd.DataFrame, columns: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    def text(value: object) -> str:
        return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]  # one cell

    return frozenset(tuple(map(text, row)) for row in frame[list(columns)].itertuples(index=False, name=None))


def test_there_are_57_cases() -> None:
    assert len(IDS) == 57
    assert sorted({case.id for case in CASES}) == IDS


@pytest.mark.parametrize("identifier", IDS)
def test_answer_is_the_papers(embedded: Graph, identifier: str) -> None:
    cases = [case for case in CASES if case.id == identifier]
    assert cases
    for case in cases:
        assert identifier in QUESTIONS[case.question].tags, case.question
        for lang, expected in case.rows.items():
            frame = select(embedded.ask(case.question, lang=lang, **case.parameters), case)
            assert texts(frame, case.columns) == expected, (case.question, lang)
            assert len(frame) and frame.source.notna().all()


@pytest.mark.parametrize("identifier", IDS)
def test_answer_names_the_passage(embedded: Graph, identifier: str) -> None:
    """What rests on the paper says on which passage, in both languages."""
    for case in (case for case in CASES if case.id == identifier):
        for lang in ("en", "zh"):
            frame = select(embedded.ask(case.question, lang=lang, **case.parameters), case)
            own = frame[frame.source_iri.str.endswith("/source/zhejiang")]
            assert len(own), case.question
            if "section" in frame:
                assert own.section.str.fullmatch(r"\d(\.\d){0,2}").all(), case.question
                assert own.evidence.str.contains("第.*节" if lang == "zh" else "Section ").all(), case.question
            else:
                stated = [name for name in ("gap_iri", "evidence_iri", "input_iri") if name in own]
                nodes = " ".join(f"<{iri}>" for iri in sorted(set(own[stated[0]])))
                found = embedded.sparql(
                    "SELECT DISTINCT ?node WHERE { "
                    f"VALUES ?node {{ {nodes} }} "
                    "?node <https://w3id.org/icsc/ns#hasEvidence>?/<https://w3id.org/icsc/ns#section> ?section }"
                )
                assert isinstance(found, pd.DataFrame)
                assert set(found.node) == set(own[stated[0]]), case.question


def test_tags_and_answers_agree() -> None:
    tagged = {tag for question in QUESTIONS.values() for tag in question.tags if re.fullmatch(r"G\d\d", tag)}
    assert tagged == set(IDS)
    for name, question in QUESTIONS.items():
        golden = {case.id for case in CASES if case.question == name}
        assert not golden or golden == {tag for tag in question.tags if re.fullmatch(r"G\d\d", tag)}, name


def test_every_question_has_an_answer_that_is_known() -> None:
    """A golden row here, or a test of its own that asks it by name."""
    tests = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests").rglob("*.py")) if path != Path(__file__)
    )
    unknown = [name for name in QUESTIONS if name not in ANSWERED and not re.search(rf"[\"']{name}[\"']", tests)]
    assert unknown == []


# ---- The same rows on every store

Key = tuple[str, ...]


def key(value: object) -> str:
    """A term as a text that does not depend on the engine: numbers by value, others by form and language."""
    if value is None:
        return ""
    if isinstance(value, ox.Literal):
        kind, form, language = value.datatype.value, value.value, value.language or ""
    elif isinstance(value, rdflib.Literal):
        kind, form, language = str(value.datatype or ""), str(value), value.language or ""
    else:
        return str(getattr(value, "value", value))
    if kind.rpartition("#")[2] in NUMERIC:
        return f"{float(form):.9g}"
    if kind.endswith("dateTime"):
        form = form.replace("+00:00", "Z")
    return f"{form}@{language.lower()}"


def in_store(store: ox.Store, text: str) -> list[Key]:
    result = store.query(text, use_default_graph_as_union=True)
    return sorted(tuple(key(value) for value in row) for row in result)  # type: ignore[union-attr,str-unpack]  # SELECT


def rows_of(rows: tuple[tuple[object, ...], ...]) -> list[Key]:
    return sorted(tuple(key(value) for value in row) for row in rows)


@pytest.fixture(scope="module")
def dumps(embedded: Graph) -> bytes:
    assert embedded.release is not None
    return b"".join(path.read_bytes() for path in sorted((embedded.release.path / "dumps").glob("*.nq")))


@pytest.fixture(scope="module")
def memory(dumps: bytes) -> MemoryStore:
    return MemoryStore(dumps)


@pytest.fixture(scope="module")
def plain(dumps: bytes) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=dumps.decode(), format="nquads")
    return dataset


#: Values for the questions that have no golden answer.
GIVEN = {
    "chain": "modern-textile",
    "entity": "gap/zj/cnc-high-end",
    "firm": "org/zj/futong",
    "material": "item/zj/high-end-chip",
    "region": "region/330600",
    "subject": "item/zj/high-end-chip",
}


def bound(graph: Graph, name: str) -> str:
    """The question with the parameters of its first golden answer, or with those of `GIVEN` that it has."""
    given = {p.name: GIVEN[p.name] for p in QUESTIONS[name].parameters if p.name in GIVEN}
    parameters = next((case.parameters for case in CASES if case.question == name), given)
    return bound_text(QUESTIONS[name], graph.store, parameters)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_same_rows_in_memory(embedded: Graph, memory: MemoryStore, name: str) -> None:
    text = bound(embedded, name)
    assert rows_of(embedded.store.query(text).rows) == rows_of(memory.query(text).rows)


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_same_rows_in_rdflib(embedded: Graph, plain: rdflib.Dataset, name: str) -> None:
    text = bound(embedded, name)
    found = plain.query(text)
    rows = sorted(tuple(key(value) for value in row) for row in found)  # type: ignore[union-attr]  # SELECT
    expected = rows_of(embedded.store.query(text).rows)
    assert rows == expected
    assert len(expected) or name not in ANSWERED


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_both_engines_parse_it_unbound(name: str) -> None:
    prepareQuery(QUESTIONS[name].text)
    ox.Store().query(QUESTIONS[name].text)


@pytest.mark.shared
@pytest.mark.parametrize("name", [name for name in ANSWERED if QUESTIONS[name].group != "headline"])
def test_unbound_answers_with_all_sources(full: Graph, name: str) -> None:
    assert full.store.query(full.bound(name)).rows
