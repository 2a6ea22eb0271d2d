"""Weights and the order of partners: by a plain form, and in the address."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from kg.graph import Graph
from kg.ranking import Ranking
from kg.terms import ID
from kg.web.pages import partners, supply
from kg.web.pages.ranked import deciding
from tests.web.conftest import Served

ASKED = "/partners?gap=gap/zj/computing-core-component&region=浙江"


def field(text: str, name: str) -> str:
    found = re.search(rf'<input type="number" name="{name}"[^>]* value="([^"]*)"', text)
    assert found
    return found[1]


def candidates(text: str) -> list[str]:
    body = text[text.index("<tbody>") : text.index("</tbody>")]
    return re.findall(r'<tr><td[^>]*><a href="[^"]*">([^<]*)</a>', body)


def test_the_form_has_the_weights_of_the_question(served: Served, embedded: Graph) -> None:
    text = served.client.get(ASKED + "&lang=en").text
    defaults = {p.name: p.default for p in embedded.question("partners").parameters if p.name.startswith("weight-")}
    assert defaults and {name: field(text, name) for name in defaults} == defaults
    # Of a gap that was given by its short name the form shows which one it is.
    assert 'gap/zj/computing-core-component" selected' in text


def test_weights_change_the_scores_and_stay_in_the_address(served: Served, embedded: Graph) -> None:
    weights = {"weight-capability": "0", "weight-proximity": "1", "weight-confidence": "3"}
    path = ASKED + "".join(f"&{name}={value}" for name, value in weights.items())
    text = html.unescape(served.client.get(path + "&lang=en").text)
    assert {name: field(text, name) for name in weights} == weights
    own = {name.replace("-", "_"): value for name, value in weights.items()}
    frame = embedded.ask("partners", gap="gap/zj/computing-core-component", region="浙江", **own)
    assert candidates(text) == frame.candidate.tolist()
    assert all(f'class="n">{score:.4g}<' in text for score in frame.score.dropna().unique())
    export = re.search(r'href="(/api/questions/partners\?[^"]*format=csv[^"]*)"', text)
    assert (
        export
        and {name: [value] for name, value in weights.items()}.items() <= parse_qs(urlsplit(export[1]).query).items()
    )
    assert served.client.get(export[1]).status_code == 200


def test_the_order_can_be_topsis(served: Served, embedded: Graph) -> None:
    text = html.unescape(served.client.get(ASKED + "&rank=topsis&lang=zh").text)
    assert '<option value="topsis" selected>' in text and ">贴近度</th>" in text and "均为最优者为 1" in text
    frame = embedded.ask("partners", gap="gap/zj/computing-core-component", region="浙江", rank="topsis", lang="zh")
    assert candidates(text) == frame.candidate.tolist() and frame.closeness.notna().any()
    assert "rank=topsis" in text[text.index("导出") :]
    assert ">贴近度</th>" not in served.client.get(ASKED + "&rank=&lang=zh").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("rank=x", "没有名为“x”的排序方式"), ("weight-proximity=-1", "超出取值范围：0 及以上")],
)
def test_what_is_wrong_with_weights_or_order_is_said(served: Served, wrong: str, said: str) -> None:
    answer = served.client.get(f"{ASKED}&{wrong}&lang=zh")
    # What is right of it is still answered.
    assert answer.status_code == 400 and said in html.unescape(answer.text) and "之江实验室" in answer.text
    assert "<strong>排序</strong>" in answer.text or "<strong>权重：邻近</strong>" in answer.text


def test_a_question_that_can_be_ranked_can_be_so_on_its_page(served: Served) -> None:
    path = "/ask?question=partners&run=1&gap=gap/zj/computing-core-component&region=浙江"
    text = served.client.get(path + "&rank=topsis&lang=en").text
    assert ">closeness</th>" in text and '<option value="topsis" selected>' in text
    assert 'name="rank"' not in served.client.get("/ask?question=gaps&lang=en").text


def test_a_chain_says_values_in_words_and_leads_to_the_weights(served: Served) -> None:
    iri = "https://w3id.org/icsc/id/item/zj/computing-core-component"
    text = served.client.get(f"/chain?chain=intelligent-computing&region=浙江&input={iri}&lang=zh").text
    found = text[text.index("谁可以补链") : text.index('id="rings"')]
    assert 'href="/partners?input=' in found
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", found)
    assert not {"research", "manufacturing", "province", "country", "can make it", "makes it"} & set(cells)


@pytest.mark.browser
def test_the_form_works_without_scripts(served: Served, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.url + ASKED + "&lang=en")
    page.locator("input[name=weight-capability]").fill("0.1")
    page.locator("select[name=rank]").select_option("topsis")
    page.locator("form button").click()
    assert "weight-capability=0.1" in page.url and "rank=topsis" in page.url
    assert page.locator("th", has_text="closeness").count() == 1
    context.close()


def test_an_order_by_one_criterion_says_so(served: Served) -> None:
    asked = ASKED + "&rank=topsis"
    for path in (asked, asked.replace("/partners?", "/ask?question=partners&run=1&")):
        # Seen from the province all are as near; seen from a city, some are nearer.
        assert "closeness says nothing" in served.client.get(f"{path}&lang=en").text
        near = path.replace("浙江", "杭州")
        text = html.unescape(served.client.get(f"{near}&lang=en").text)
        assert "Only one criterion tells these candidates apart here: proximity score." in text
        assert "此处只有一项准则能区分候选者：邻近分。" in html.unescape(served.client.get(f"{near}&lang=zh").text)
        # Not where the order is the question's own.
        assert 'id="deciding"' not in served.client.get(near.replace("rank=topsis", "rank=")).text


def test_what_decides_an_order() -> None:
    ranking = Ranking({"a": "weight-a", "b": "weight-b", "c": 1.0}, (), ("of",))
    frame = pd.DataFrame({"of": ["x", "x", "y"], "a": [1.0, 1.0, 0.5], "b": [0.2, 0.4, 0.4], "c": [None, 1.0, 1.0]})
    # Those of one input are compared, not those of two.
    assert deciding(frame, ranking, {"weight-a": 1.0, "weight-b": 1.0}) == ["b"]
    assert deciding(frame, ranking, {"weight-a": 1.0, "weight-b": 0.0}) == []


def test_who_has_no_finer_place_than_a_country_is_not_on_the_map(
    served: Served, embedded: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = embedded.ask("partners", gap="gap/zj/computing-core-component", region="浙江", lang="zh")
    places = [("330000", "浙江省"), ("CN", "中国"), ("CN", "中国"), ("JP", "日本"), ("", None)]
    rows = frame.iloc[[0] * len(places)].assign(
        candidate=[f"企业 {at}" for at in range(len(places))],
        region=[label for _, label in places],
        region_iri=[f"{ID}region/{key}" if key else None for key, _ in places],
    )
    monkeypatch.setattr(partners, "answer_of", lambda *_, **__: rows)
    text = html.unescape(served.client.get(ASKED + "&lang=zh").text)
    drawn = re.search(r'data-option="(\{.*?\})"><', text)
    assert drawn and [point["name"] for point in json.loads(drawn[1])["series"][0]["data"]] == ["企业 0"]
    listed = text[text.index('id="unplaced"') : text.index("</div>", text.index('id="unplaced"'))]
    said = [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li>(.*?)</li>", listed)]
    assert said == ["中国：2 企业 1、企业 2", "日本：1 企业 3", "所在地未知：1 企业 4"]


def test_a_drawing_of_the_first_says_so_and_leads_to_the_rest(
    served: Served, embedded: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = embedded.ask("necks", chain="intelligent-computing")
    many = frame.iloc[[0] * 18].assign(input=[f"input {at}" for at in range(18)], holders="KR 0.6; JP 0.4")
    few = many.head(3)
    monkeypatch.setattr(supply, "answer_of", lambda *_, **__: many)
    text = html.unescape(served.client.get("/necks?chain=intelligent-computing&lang=en").text)
    assert "Drawn are the first 15 of the 18 inputs whose holders' shares are known, of 18 inputs in all" in text
    assert '<a href="#all">' in text and 'id="all"' in text and 'href="/ask?question=necks&chain=' in text
    assert (
        "图中为份额已知的 18 项投入中的前 15 项" in served.client.get("/necks?chain=intelligent-computing&lang=zh").text
    )
    monkeypatch.setattr(supply, "answer_of", lambda *_, **__: few)
    assert 'id="drawn"' not in served.client.get("/necks?chain=intelligent-computing&lang=en").text
    query = "SELECT ?label (COUNT(*) AS ?n) { ?x <http://www.w3.org/2000/01/rdf-schema#label> ?label } GROUP BY ?label"
    for limit, said in (("40", True), ("30", False)):
        asked = {"query": f"{query} LIMIT {limit}", "view": "chart", "lang": "en"}
        assert ("Drawn are the first 30 of 40 rows" in served.client.get("/query", params=asked).text) == said
