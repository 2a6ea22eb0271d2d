"""Pages speak one language: headings, values and names of countries."""

from __future__ import annotations

import html
import json
import re

from kg.graph import Graph
from kg.web.linked_data import _coded
from kg.web.pages.data import _named
from kg.web.pages.query import _described
from kg.web.pages.supply import _bounds, _shares
from tests.web.conftest import Served


def headings(text: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*>([^<]*)</th>', text)


def test_tables_of_a_chinese_page_have_chinese_headings(served: Served) -> None:
    for path in (
        "/ask?question=rings&chain=modern-textile&region=绍兴&run=1",
        "/partners?gap=gap/zj/computing-core-component&region=浙江",
    ):
        found = headings(served.client.get(f"{path}&lang=zh").text)
        assert found and all(re.search(r"[\u4e00-\u9fff]", name) for name in found), (path, found)
        assert "region" in headings(served.client.get(f"{path}&lang=en").text)


def test_values_of_a_chinese_page_are_said(served: Served) -> None:
    path = "/ask?question=gaps&chain=modern-textile&region=绍兴&run=1"
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", served.client.get(f"{path}&lang=zh").text)
    assert "缺失" in cells and "absent" not in cells
    assert "absent" in re.findall(r"<td[^>]*>([^<]*)</td>", served.client.get(f"{path}&lang=en").text)


def test_groups_and_parameters_of_questions(served: Served) -> None:
    text = served.client.get("/ask?question=gaps&lang=zh").text
    assert "<h3>断点</h3>" in text and ">产业链<input" in text and "<details><summary>各列的含义" in text
    assert (
        "链上环节所要求的投入" in text
        and "<dt>最近圈层</dt>" in text
        and "counts as needed" not in text.split("<pre>")[0]
    )
    assert "<small>产业链或供应链</small>" in text
    text = served.client.get("/ask?lang=en").text
    assert "<h3>gaps</h3>" in text and "<h1>Questions</h1>" in text
    assert "<dd>why this status</dd>" in served.client.get("/ask?question=gaps&lang=en").text


def test_partners_asks_for_a_gap_before_it_says_that_nothing_matches(served: Served) -> None:
    text = served.client.get("/partners?region=浙江&lang=en").text
    assert "Choose a gap, or name an input" in text and "Nothing in this release" not in text
    assert "Nothing in this release" in served.client.get("/partners?input=PTMEG&region=浙江&lang=en").text


def test_what_is_wrong_with_the_data_is_said_in_the_language_of_the_page(served: Served) -> None:
    release = served.live.release
    outcomes = json.loads((release.path / "validation.json").read_text(encoding="utf-8"))["outcomes"]
    chinese, english = (html.unescape(served.client.get(f"/data?lang={lang}").text) for lang in ("zh", "en"))
    said = [outcome for outcome in outcomes if outcome["summary_zh"]]
    assert {"shape", "query"} == {outcome["check"].split(":")[0] for outcome in said}
    for outcome in said:
        assert outcome["summary_zh"] in chinese and outcome["summary"] not in chinese
        assert outcome["summary"] in english and outcome["summary_zh"] not in english


def test_holders_by_name_with_what_is_not_known() -> None:
    assert _shares("KR 0.6; JP ?; XX 0.05", {"KR": "韩国", "JP": "日本"}) == [
        ("韩国", 0.6),
        ("日本", None),
        ("XX", 0.05),
    ]
    assert _shares(None, {}) == []


def test_bounds_are_told_apart() -> None:
    assert _bounds(0.7259, 0.7311) == "0.726–0.731"
    assert _bounds(0.2, 0.9) == "0.20–0.90" and _bounds(0.73001, 0.73002) == "0.7300–0.7300"
    assert _bounds(None, 1.0) == ""


def test_code_in_a_description_is_escaped() -> None:
    assert str(_coded("a `b<c>` <d>")) == "a <code>b&lt;c&gt;</code> &lt;d&gt;"


def test_questions_are_called_by_what_they_ask(served: Served, embedded: Graph) -> None:
    questions = embedded.questions()
    for path in ("/ask", "/query"):
        text = html.unescape(served.client.get(f"{path}?lang=zh").text)
        for name, question in questions.items():
            assert re.search(f">{re.escape(question.chinese.summary)}</a> <small><code>{name}</code>", text)
    text = html.unescape(served.client.get("/ask?question=measures&lang=zh").text)
    summary = questions["measures"].chinese.summary
    assert f"<title>{summary} – 问题库" in text and f"<h1>{summary} <small>" in text
    # Another question in the description is no bare name.
    other = questions["partners"].chinese.summary
    assert f'“<a href="?question=partners&lang=zh">{other}</a>” (<code>partners</code>)' in text


def test_what_is_no_question_in_a_description_stays_code(embedded: Graph) -> None:
    questions = embedded.questions()
    for name, question in questions.items():
        for lang in ("zh", "en"):
            said = str(_described(question, questions, lang))
            # Neither its own columns, nor the values that it takes, nor the method that computed it.
            assert f"question={name}&" not in html.unescape(said)
            values = {value for parameter in question.parameters for value in parameter.values}
            assert not any(f"question={value}&" in html.unescape(said) for value in values), name
            assert not re.search(r"(method|方法) ?“", said), (name, said)
    assert "<code>coverage</code>" in str(_described(questions["gaps"], questions, "zh"))


def test_a_difference_calls_its_questions_by_what_they_ask(embedded: Graph) -> None:
    rows = _named(embedded, "zh", [{"part": "gaps"}, {"part": "source"}])
    assert [row["part"] for row in rows] == [f"{embedded.question('gaps').chinese.summary} (gaps)", "source"]
