"""What is wrong is said by the names of the page's fields and in its language, with what may have been meant."""

from __future__ import annotations

import html
import re
from urllib.parse import urlencode

import pytest

from kg.errors import AmbiguousParameterError, KgError, LimitError, OverloadError, QueryError, TimeLimitError
from kg.graph import Graph
from kg.store import MemoryStore
from kg.terms import ID, RDFS
from kg.web.limits import QueryFailedError
from kg.web.pages.complaints import complaint_of
from tests.web.conftest import Served


def alert(text: str) -> str:
    found = re.search(r'<div class="problem" role="alert">(.*?)</div>', text, re.DOTALL)
    assert found
    return found[1]


#: Address, the field as the page calls it, and what is wrong.
WRONG = [
    ("/chain?chain=nonsense&region=绍兴", "产业链", "没有名为“nonsense”的产业链"),
    ("/?region=Atlantis", "区域", "没有名为“Atlantis”的区域"),
    ("/chain?min-confidence=x", "最低置信度", "“x”不是数字"),
    ("/chain?min-confidence=3", "最低置信度", "“3”超出取值范围：0-1"),
    ("/chain?as-of=x", "截至日期", "“x”不是日期"),
    ("/chain?chain=chain/none", "产业链", "没有名为“chain/none”的产业链"),
    ("/chain?chain=urn:none", "产业链", "本版本中没有 <urn:none>"),
    ("/necks?chain=modern-textile&weight-reach=7", "权重：下游影响", "超出取值范围"),
    ("/whatif?without=Atlantis", "假如没有", "没有名为“Atlantis”的区域或组织"),
    ("/ask?question=x", "问题库", "没有名为“x”的问题"),
    ("/ask?question=gaps&status=x&run=1", "状态", "“x”不是可选值"),
    ("/explore?iri=urn:none", "事物", "本版本中没有"),
    ("/data?since=x", "版本", "没有名为“x”的其他版本"),
    ("/query?query=SELEC", "SPARQL", "查询语句无法解析"),
    (
        "/ask?question=partners&run=1&weight-capability=0&weight-confidence=0",
        "权重：能力、权重：邻近、权重：置信",
        "权重之和为 0",
    ),
]


@pytest.mark.parametrize(("path", "field", "words"), WRONG)
def test_a_chinese_page_says_it_in_chinese(served: Served, path: str, field: str, words: str) -> None:
    answer = served.client.get(f"{path}&lang=zh")
    said = html.unescape(alert(answer.text))
    assert answer.status_code == 400 and words in said and "--" not in said and 'lang="en"' not in said
    assert f"<strong>{field}</strong>：" in said


@pytest.mark.parametrize(
    "error",
    [
        QueryFailedError.timed_out(2).as_error(),
        QueryFailedError.died().as_error(),
        QueryFailedError.busy().as_error(),
        QueryFailedError("rows", "the answer has more than 5,000 rows; use LIMIT").as_error(),
        QueryFailedError("service", "SERVICE is not allowed here: this endpoint calls no other server").as_error(),
        TimeLimitError("the query took longer than 2 s and was stopped", hint="Bind a parameter, make it"),
        OverloadError("the server is closing", hint="Try again in a moment."),
        QueryError("the query does not parse: x", where="query", hint="Declare every prefix, such as PREFIX a: <urn:>"),
    ],
)
def test_limits_are_said_in_chinese(embedded: Graph, error: KgError) -> None:
    said = complaint_of(error, embedded, "zh", {})
    assert not said.untranslated and re.search(r"[\u4e00-\u9fff]", said.text)
    assert not said.hint or re.search(r"[\u4e00-\u9fff]", said.hint)


def test_what_nobody_translated_is_marked_as_english(embedded: Graph) -> None:
    said = complaint_of(LimitError("something new", where="--region"), embedded, "zh", {})
    assert said.untranslated and (said.field, said.text) == ("区域", "something new")


def test_an_english_page_names_its_own_fields(served: Served) -> None:
    said = html.unescape(alert(served.client.get("/chain?chain=nonsense&lang=en").text))
    assert "<strong>Chain</strong>: " in said and "no chain is called 'nonsense'" in said and "--" not in said
    path = "/ask?question=partners&run=1&weight-capability=0&weight-confidence=0&lang=en"
    assert "Weights: Proximity counts only with Region." in alert(served.client.get(path).text)


def test_what_may_have_been_meant_can_be_chosen(served: Served) -> None:
    said = html.unescape(alert(served.client.get("/chain?chain=textil&region=绍兴&lang=zh").text))
    links = re.findall(r'<a href="(\?[^"]+)">([^<]+)</a>', said)
    assert "现代纺织产业链" in [label for _, label in links]
    assert all("chain=https" in to and "region=%E7%BB%8D%E5%85%B4" in to for to, _ in links)
    assert served.client.get("/chain" + links[0][0]).status_code == 200
    # Of several values only the wrong one is replaced.
    said = html.unescape(alert(served.client.get("/whatif?without=富通集团;Atlantix&lang=zh").text))
    assert "without=%E5%AF%8C%E9%80%9A%E9%9B%86%E5%9B%A2%3B+https" in said


def test_the_rest_of_what_was_asked_stays(served: Served) -> None:
    text = served.client.get("/chain?chain=modern-textile&region=Atlantis&lang=en").text
    assert "<h1>modern textile industrial chain, Zhejiang</h1>" in text and 'value="Atlantis"' in text
    assert "What is shown below leaves it out" in text
    text = served.client.get("/ask?question=gaps&region=Atlantis&chain=modern-textile&run=1&lang=en").text
    assert 'name="question" value="gaps"' in text and 'value="Atlantis"' in text and "<tbody>" not in text
    assert ">SELEC</textarea>" in served.client.get("/query?query=SELEC&lang=en").text


def test_what_took_too_long_is_not_called_a_wrong_request(served: Served) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    answer = served.client.get("/query", params={"query": slow, "lang": "zh"})
    assert answer.status_code == 504 and "查询超过 2 秒" in alert(answer.text)


def test_things_of_one_name_are_told_apart() -> None:
    resist = [f"{ID}item/eto/N31", f"{ID}item/cn/%E5%85%89%E5%88%BB%E8%83%B6"]
    lines = "".join(f'<{iri}> <{RDFS}label> "光刻胶"@zh-Hans <urn:g> .\n' for iri in resist)
    error = AmbiguousParameterError("'光刻胶' names 2 things", "--input", "Give one of: a, b", choices=resist)
    said = complaint_of(error, Graph(MemoryStore(lines.encode()), None), "zh", {"input": "光刻胶", "region": "x"})
    assert (said.text, said.hint, said.untranslated) == ("“光刻胶”可指 2 项，请指明其一", "可选其一：", False)
    assert [label for label, _ in said.choices] == ["光刻胶 (item/eto/N31)", "光刻胶 (item/cn/光刻胶)"]
    assert said.choices[0][1] == "?" + urlencode({"input": resist[0], "region": "x"})
