"""Weights and the order of partners: by a plain form, and in the address."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from kg.graph import Graph
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
