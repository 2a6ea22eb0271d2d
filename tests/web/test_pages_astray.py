"""Addresses that lead nowhere: a page for people, JSON for programs."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import Served

#: What a browser sends.
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("language", "title", "onward"),
    [("zh-CN,zh;q=0.9", "没有这个页面", "可前往"), ("en-GB", "There is no such page", "Where to go on")],
)
def test_a_reader_gets_a_page_with_links_onward(served: Served, language: str, title: str, onward: str) -> None:
    answer = served.client.get("/nosuch/<b>", headers={**BROWSER, "Accept-Language": language})
    assert answer.status_code == 404 and answer.headers["content-type"].startswith("text/html")
    assert f"<h1>{title}</h1>" in answer.text and onward in answer.text and "<b>" not in answer.text
    links = re.findall(r'<li><a href="([^"]+)"', answer.text)
    assert len(links) > 8 and all(served.client.get(link.replace("&amp;", "&")).status_code == 200 for link in links)


@pytest.mark.parametrize("path", ["/nosuch", "/assets/pages/nosuch.js"])
@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_a_program_gets_json(served: Served, path: str, accept: str) -> None:
    answer = served.client.get(path, headers={"Accept": accept})
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
    assert path in answer.json()["detail"]


def test_a_page_or_question_of_a_like_name_is_offered(served: Served) -> None:
    for path, link, label in (
        ("/chains.html", "/chain?lang=zh", ">产业链</a>"),
        ("/measures", "/ask?question=measures&amp;lang=zh", "护链、补链、造链、融链"),
        ("/whatifs", "/whatif?lang=zh", ">情景推演</a>"),
    ):
        text = served.client.get(path + "?lang=zh", headers=BROWSER).text
        near = text[text.index("您是否要找") : text.index("可前往")]
        assert f'href="{link}"' in near and label in near


@pytest.mark.parametrize("path", ["/dumps/nosuch.nq", "/api/questions/gap"])
def test_what_is_missing_below_a_known_address_is_a_page_as_well(served: Served, path: str) -> None:
    answer = served.client.get(path, headers=BROWSER)
    assert answer.status_code == 404 and "<h1>There is no such page</h1>" in answer.text
    answer = served.client.get(path)
    assert answer.headers["content-type"] == "application/problem+json" and "There are: " in answer.json()["hint"]


def test_a_wrong_method_stays_what_it_was(served: Served) -> None:
    assert served.client.post("/chain", headers=BROWSER).status_code == 405


def test_documents_of_the_graph_lead_on_to_the_pages(served: Served) -> None:
    for path in ("/doc/id/chain/modern-textile", "/doc/id/chain/nosuch", "/ns"):
        text = served.client.get(path + "?lang=zh", headers=BROWSER).text
        assert '<a href="/explore?lang=zh">检索</a>' in text and '<a href="/ask?lang=zh">问题库</a>' in text
