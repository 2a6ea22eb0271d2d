"""What columns, parameters and values are called in Chinese: complete, and nowhere said of what is not there."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kg.cli import cli
from kg.diff import COLUMNS
from kg.errors import ParameterError, QueryError
from kg.graph import Graph
from kg.library import find_questions
from kg.spreadsheet import About, spreadsheet
from kg.whatif import PARTS, whatif
from kg.wording import Wording, wording_of
from tests.golden.test_golden import CASES

ROOT = Path(__file__).parents[2]
QUESTIONS = find_questions(ROOT / "queries")
CHINESE = wording_of("zh")
#: A text that a question writes itself, in English.
CODE = re.compile(r"[a-z][a-zA-Z -]+")
#: Questions that answer about everything there is if nothing is given.
GIVEN = {"chain": "modern-textile", "region": "绍兴", "entity": "org/zj/futong"}
LONG = {"breakpoints", "gaps", "inputs-by-ring", "provenance", "rings", "survey-next"}


def test_every_group_parameter_and_column_has_a_name_and_nothing_else_has() -> None:
    questions = QUESTIONS.values()
    assert set(CHINESE.groups) == {question.group for question in questions}
    assert set(CHINESE.parameters) == {parameter.name for question in questions for parameter in question.parameters}
    assert set(CHINESE.columns) == {column for question in questions for column in question.columns} | {"closeness"}
    assert set(CHINESE.tables) - set(QUESTIONS) == {"scenario", "difference"}
    for name in set(CHINESE.tables) & set(QUESTIONS):
        assert set(CHINESE.tables[name]) <= set(QUESTIONS[name].columns)
    assert set(CHINESE.values_of) - {"column"} <= {column for question in questions for column in question.columns}
    assert set(CHINESE.tables["difference"]) == {name for name in COLUMNS if not name.endswith("_iri")}
    for names in (CHINESE.groups, CHINESE.parameters, CHINESE.columns, *CHINESE.tables.values()):
        assert all(re.search(r"[\u4e00-\u9fff]|CDI", name) for name in names.values())


def test_columns_of_one_question_have_names_of_their_own() -> None:
    for question in QUESTIONS.values():
        names = [CHINESE.table(question.name).column(column) for column in question.columns]
        assert len(set(names)) == len(names), question.name


def test_every_value_is_one_that_something_writes() -> None:
    """A text in quotation marks in a query or in what tells of scenarios and differences, or a code of the ontology."""
    written = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries").rglob("*.rq"))}
    written |= {name: (ROOT / "kg" / name).read_text(encoding="utf-8") for name in ("whatif_tables.py", "diff.py")}
    written["vocabularies.ttl"] = (ROOT / "ontology" / "vocabularies.ttl").read_text(encoding="utf-8")
    texts = {text for body in written.values() for text in re.findall(r'"([^"\n]*)"', body)}
    texts |= set(re.findall(r"^icsc:(scope\w+) a", written["vocabularies.ttl"], re.MULTILINE))
    # Parts of `kg diff` are called like questions; the number of a tier is filled in.
    texts |= set(QUESTIONS) | {"hit in tier", "sources", "ontology", "program"}
    said = [*CHINESE.values, *(value for column in CHINESE.values_of.values() for value in column)]
    columns = {column for question in QUESTIONS.values() for column in question.columns}
    assert [value for value in said if value not in texts | columns | {"triples"}] == []


def test_parameters_take_the_values_that_their_question_writes() -> None:
    for question in QUESTIONS.values():
        body = "\n".join(line for line in question.text.splitlines() if not line.startswith("#+"))
        for parameter in question.parameters:
            assert all(f'"{value}"' in body for value in parameter.values) or parameter.name in {
                "level",
                "approach",
                "ring",
            }
            named = [CHINESE.value(value, parameter.name) for value in parameter.values]
            assert len(set(named)) == len(named), (question.name, parameter.name)


@pytest.mark.parametrize(
    ("question", "given", "column", "value"),
    [
        ("gaps", {"chain": "modern-textile", "region": "绍兴", "status": "缺失"}, "status", "absent"),
        ("supplier-tiers", {"firm": "org/zj/futong", "direction": "供应商"}, "direction", "suppliers"),
        ("gaps-by-region", {"chain": "modern-textile", "level": "市级"}, "level", "city"),
        ("measures", {"measure": "补链"}, "measure", "chain supplement"),
    ],
)
def test_a_value_can_be_given_as_it_is_said(
    embedded: Graph, question: str, given: dict[str, str], column: str, value: str
) -> None:
    frame = embedded.ask(question, **given)
    assert len(frame) and set(frame[column]) <= {value, value.removeprefix("chain ")}


def test_a_value_that_is_none_is_one_clear_line(embedded: Graph) -> None:
    for value in ("Core", "核心企业"):
        with pytest.raises(ParameterError, match="none of its values") as caught:
            embedded.ask("technologies", kind=value)
        assert "core, needed, facility" in str(caught.value.hint)


def test_words_that_mean_something_else_elsewhere() -> None:
    assert CHINESE.value("province", "level") == "省级" and CHINESE.value("province", "ring") == "本省"
    assert CHINESE.value("every-firm", "code") == "every-firm" and CHINESE.value("every-firm") == "全部企业"
    assert CHINESE.value("region", "kind") == "区域" and CHINESE.value("region", "nearest_ring") == "本区域"
    assert CHINESE.table("regions").column("part") == "下辖区域" and CHINESE.table("roles").column("part") == "担任角色"
    assert CHINESE.value("before", "side") == "上游" and CHINESE.value("from", "side") == "转变前"
    assert CHINESE.value("hit in tier 2") == "受影响：层级 2" and CHINESE.value("top 10") == "top 10"


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_no_answer_holds_a_value_without_a_name(embedded: Graph, name: str) -> None:
    parameters = next((case.parameters for case in CASES if case.question == name), {})
    given = {} if parameters or name not in LONG else GIVEN
    known = {parameter.name for parameter in QUESTIONS[name].parameters}
    frame = embedded.ask(name, lang="zh", **parameters, **{key: given[key] for key in known & set(given)})
    left = {
        (column, value)
        for column in frame.columns
        if not column.endswith("_iri") and f"{column}_iri" not in frame.columns and column not in CHINESE.values_of
        for value in frame[column].dropna()
        if isinstance(value, str) and CODE.fullmatch(value) and CHINESE.value(value) == value
    }
    assert left == set()


def test_tables_of_a_scenario_have_names(embedded: Graph) -> None:
    found = whatif(embedded, ("富通集团",), None, None, "zh")
    names = CHINESE.tables["scenario"]
    columns = {str(name) for part in PARTS for name in getattr(found, part).columns if not name.endswith("_iri")}
    assert columns | set(PARTS) <= set(names) | set(CHINESE.columns)
    assert not CHINESE.table("scenario").spoken(found.summary)["项目"].str.fullmatch(r"[a-z ,\d]+").any()


def test_labels_stay_and_values_are_said() -> None:
    frame = pd.DataFrame(
        {
            "input": ["zone", "钢"],
            "input_iri": ["urn:a", "urn:b"],
            "status": ["absent", None],
            "neck": pd.array([True, None], dtype="boolean"),
            "coverage": ["listed-firms, complete, 2021-10-22", "listed-firms, and others"],
            "score": pd.array([0.5, None], dtype="Float64"),
        }
    )
    said = CHINESE.spoken(frame)
    assert list(said.columns) == ["投入", "投入 IRI", "状态", "是否卡脖子", "调查依据", "得分"]
    assert said.iloc[0].tolist() == ["zone", "urn:a", "缺失", "是", "上市公司，完整，2021-10-22", 0.5]
    assert said.iloc[1, 4] == "listed-firms, and others" and said.iloc[1, [2, 3, 5]].isna().all()
    assert wording_of("en").spoken(frame).equals(frame)


@given(st.one_of(st.text(), st.integers(), st.floats(), st.none()))
def test_what_has_no_name_stays(value: object) -> None:
    said = CHINESE.value(value)
    assert said is value or isinstance(value, str)
    assert wording_of("en").value(value) is value


def test_a_list_that_cannot_be_read_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("kg.wording.asset_dir", lambda room: tmp_path)
    for text, words in (
        ("[groups", "cannot be read"),
        ("[groups]\na = 'b'", "needs the tables"),
        (None, "No such file"),
    ):
        if text is not None:
            (tmp_path / "words.toml").write_text(text, encoding="utf-8")
        else:
            (tmp_path / "words.toml").unlink()
        with pytest.raises(QueryError, match=words):
            wording_of.__wrapped__("zh")


def test_a_terminal_speaks_chinese_and_a_pipe_keeps_the_names(embedded: Graph) -> None:
    assert embedded.release is not None
    command = ["ask", "gaps", "--chain", "modern-textile", "--region", "绍兴", "--lang", "zh"]
    command += ["--releases", str(embedded.release.path.parent)]
    said = CliRunner().invoke(cli, command, env={"KG_TABLE": "1", "COLUMNS": "200"}).stdout
    assert "投入" in said and "缺失" in said and "absent" not in said and "nearest" not in said
    plain = CliRunner().invoke(cli, command, env={"KG_TABLE": None}).stdout
    assert plain.startswith("chain\tlink\tinput") and "\tabsent\t" in plain


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_spreadsheet_says_what_it_is(embedded: Graph, lang: str) -> None:
    question = embedded.question("gaps")
    asked = {"chain": "modern-textile", "region": "绍兴"}
    frame = embedded.ask("gaps", lang=lang, **asked)
    frame.loc[0, "reason"] = "=1+1"
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(frame, About(question, asked, "a-release", lang))))
    first, second = book.worksheets
    wording = wording_of(lang)
    assert [cell.value for cell in first[1]] == [wording.column(name) for name in frame.columns]
    assert first.max_row == len(frame) + 1 and first.freeze_panes == "A2"
    column = list(frame.columns).index("reason") + 1
    assert first.cell(2, column).value == "=1+1" and first.cell(2, column).data_type == "s"
    widths = [first.column_dimensions[cell.column_letter].width for cell in first[1]]
    assert min(widths) >= 8 and max(widths) <= 48
    cells = {tuple(cell.value for cell in row[:2]) for row in second.iter_rows()}
    summary = question.chinese.summary if lang == "zh" else question.summary
    assert {(wording.parameter(name), value) for name, value in asked.items()} <= cells
    assert {("回答什么" if lang == "zh" else "What it answers", summary)} <= cells
    assert {(wording.column(name), name) for name in frame.columns} <= cells
    meanings = {row[1].value: row[2].value for row in second.iter_rows()}
    assert meanings["reason"] == question.texts(lang).columns["reason"]


def test_a_query_of_ones_own_is_a_spreadsheet_too() -> None:
    book = openpyxl.load_workbook(io.BytesIO(spreadsheet(pd.DataFrame({"a": []}))))
    assert book.sheetnames == ["answer"] and book.worksheets[0]["A1"].value == "a"


def test_an_empty_wording_changes_nothing() -> None:
    assert Wording().table("scenario").column("input_iri") == "input_iri"
