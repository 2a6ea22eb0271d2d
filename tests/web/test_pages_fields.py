"""Forms and headings call things by their names in the reader's language, and take these names back."""

from __future__ import annotations

import html
import re

import pytest

from kg.graph import Graph
from kg.parameters import resolve
from kg.store import MemoryStore
from kg.terms import ICSC, ID, RDF, RDFS
from kg.web.pages.fields import named, shown
from tests.web.conftest import Served

RESIST = f"{ID}item/eto/N31"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """Two inputs of one Chinese name, with English names of their own."""
    lines = []
    for key, english in (("item/eto/N31", "Photoresists"), ("item/cn/%E5%85%89%E5%88%BB%E8%83%B6", "photoresist")):
        lines.append(f"<{ID}{key}> <{RDF}type> <{ICSC}Input> .")
        lines += [f"<{ID}{key}> <{RDFS}label> {name} ." for name in ('"光刻胶"@zh-Hans', f'"{english}"@en')]
    return Graph(MemoryStore("\n".join(lines).encode()), None)


@pytest.mark.parametrize("text", ["item/eto/N31", RESIST, "Photoresists", "光刻胶 (item/eto/N31)"])
def test_a_code_is_shown_by_its_name(graph: Graph, text: str) -> None:
    assert shown(graph, "en", ("input",), text) == "Photoresists"
    # The Chinese name alone would not say which of the two.
    assert shown(graph, "zh", ("input",), text) == "光刻胶 (item/eto/N31)"
    assert named(graph, "zh", ("input",), text) == "光刻胶"


@pytest.mark.parametrize("text", ["光刻胶 (item/eto/N31)", "光刻胶（item/eto/N31）", "光刻胶(item/eto/N31)"])
def test_what_is_shown_is_accepted(graph: Graph, text: str) -> None:
    assert resolve(graph.store, "input", "input", text) == f"<{RESIST}>"


def test_what_names_nothing_or_several_stays(graph: Graph) -> None:
    for text in ("光刻胶", "nonsense", "nonsense (item/none)", ""):
        assert shown(graph, "zh", ("input",), text) == text == named(graph, "zh", ("input",), text)
    assert shown(graph, "zh", ("date",), "item/eto/N31") == "item/eto/N31"


def value(text: str, field: str) -> str:
    found = re.search(rf'<input name="{field}"[^>]* value="([^"]*)"', text)
    assert found, field
    return html.unescape(found[1])


CORE = ("core components of intelligent computing (design and manufacturing)", "智能计算核心部件（设计与制造）")
PARTNERS = "/partners?input=item/zj/computing-core-component&region=330000"


@pytest.mark.parametrize(
    ("path", "field", "english", "chinese"),
    [
        (PARTNERS, "input", *CORE),
        (PARTNERS, "region", "Zhejiang", "浙江省"),
        ("/?region=330000", "region", "Zhejiang", "浙江省"),
        ("/chain?chain=modern-textile&region=330600", "region", "Shaoxing", "绍兴市"),
        ("/linkage?chain=modern-textile&region=330600&from=330000", "from", "Zhejiang", "浙江省"),
        ("/whatif?without=org/zj/futong; NL", "without", "Futong Group; Netherlands", "富通集团; 荷兰"),
        ("/ask?question=gaps&chain=modern-textile", "chain", "modern textile industrial chain", "现代纺织产业链"),
    ],
)
def test_a_form_shows_names(served: Served, path: str, field: str, english: str, chinese: str) -> None:
    for lang, name in (("en", english), ("zh", chinese)):
        text = served.client.get(f"{path}&lang={lang}").text
        assert value(text, field) == name
        again = re.sub(rf"{field}=[^&]+", f"{field}={name}", path)
        assert served.client.get(f"{again}&lang={lang}").status_code == 200


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        (PARTNERS, f"Partners for {CORE[0]} in Zhejiang", f"浙江省“{CORE[1]}”的补链伙伴"),
        (PARTNERS.partition("&")[0], "Partners for core components", f"“{CORE[1]}”的补链伙伴"),
        ("/chain?chain=modern-textile&region=330600", "modern textile industrial chain, S", "现代纺织产业链（绍兴市）"),
        ("/necks?chain=modern-textile", "What has the modern textile", "现代纺织产业链：卡脖子"),
        ("/linkage?chain=modern-textile", "Linkage along the modern textile", "现代纺织产业链的产业联动"),
        ("/map?chain=modern-textile", "Coverage, lower bound: modern textile", "现代纺织产业链：覆盖率下界"),
        ("/whatif?without=NL", "Without Netherlands", "假如没有荷兰"),
    ],
)
def test_a_heading_says_what_was_asked(served: Served, path: str, english: str, chinese: str) -> None:
    for lang, words in (("en", english), ("zh", chinese)):
        text = html.unescape(served.client.get(f"{path}&lang={lang}").text)
        assert f"<h1>{words}" in text and f"<title>{words}" in text


@pytest.mark.parametrize("status", ["ａｂｓｅｎｔ", "absent", "缺失"])
def test_a_value_is_chosen_however_it_was_typed(served: Served, status: str) -> None:
    path = f"/ask?question=gaps&run=1&chain=modern-textile&region=绍兴&status={status}&as-of=２０２４－０１－０１"
    text = served.client.get(f"{path}&lang=zh").text
    assert '<option value="absent" selected>' in text and "<tbody>" in text


def test_a_date_is_shown_as_a_field_for_dates_needs_it(served: Served) -> None:
    path = "/chain?chain=modern-textile&region=绍兴&lang=zh&as-of=２０２４－０１－０１&min-confidence=０．５"
    answer = served.client.get(path)
    assert answer.status_code == 200 and 'name="as-of" value="2024-01-01"' in answer.text
    assert re.search(r'name="min-confidence"[^>]* value="0.5"', answer.text)
