"""Linkage, dependence, rings and breakpoints on their pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pandas as pd
import pytest

from kg.graph import Graph
from kg.web.pages import charts, common, linkage
from kg.web.pages.words import page_words
from tests.web.conftest import Served

REGION = "https://w3id.org/icsc/id/region/"
SOURCE = {"source": "Linkage", "source_iri": "https://w3id.org/icsc/graph/derived/linkage"}
POWERS = pd.DataFrame(
    [
        {"region": "Zhejiang", "ability": 0.4, "given": 0.3, "taken": 0.1, "inside": 0.0001, "forward_power": 1.25},
        {"region": "Hainan", "ability": 0.1, "given": 0.1, "taken": 0.0, "inside": 0.0, "forward_power": None},
    ]
).assign(region_iri=[REGION + "330000", REGION + "460000"], backward_power=[0.5, 0.75], **SOURCE)


def industries(number: int) -> pd.DataFrame:
    """Linkages between made-up industries, the strongest first."""
    rows = [
        {
            **SOURCE,
            "from": "Zhejiang",
            "from_iri": REGION + "330000",
            "to": "Hainan",
            "to_iri": REGION + "460000",
            "from_industry": f"industry {at}",
            "from_industry_iri": f"https://w3id.org/icsc/id/industry/{at}",
            "to_industry": "clothing",
            "to_industry_iri": "https://w3id.org/icsc/id/industry/clothing",
            "direction": ("forward", "backward", None)[at % 3],
            "two_way": at == 0,
            "intensity": 0.02 / (at + 1),
            "held": 0.62,
        }
        for at in range(number)
    ]
    return pd.DataFrame(rows)


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets questions have other answers than the release, which has no industries of firms."""
    asked = common.answer_of

    def answer(**frames: pd.DataFrame) -> None:
        def answer_of(graph: Graph, name: str, lang: str, **parameters: str) -> pd.DataFrame:
            found = frames.get(name.replace("-", "_"))
            return asked(graph, name, lang, **parameters) if found is None else found

        monkeypatch.setattr(common, "answer_of", answer_of)

    return answer


def page(served: Served, path: str) -> str:
    answer = served.client.get(quote(path, safe="/?=&;:"))
    assert answer.status_code == 200, answer.text[:400]
    return answer.text


def part(text: str, anchor: str) -> str:
    """The page from a heading to the next one of its level."""
    return text[text.index(f'<h2 id="{anchor}"') :].split("<h2", 2)[1]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Between industries", "not measured trade", "62 % of all linkage", "two-way", "25 of 30 rows")),
        ("zh", ("行业之间", "并非实测贸易", "全部联动的 62%", "双向", "共 30 行，显示前 25 行")),
    ],
)
def test_industries_strongest_first_with_the_whole_answer_a_click_away(
    served: Served, answers: Callable[..., None], lang: str, words: tuple[str, ...]
) -> None:
    answers(linkage_industries=industries(30))
    found = part(page(served, f"/linkage?chain=network-communication&lang={lang}"), "industries")
    assert all(word in found for word in words)
    assert found.count("<tr>") == 26 and found.index("industry 0<") < found.index("industry 24<")
    assert 'href="/id/industry/0"' in found and "2.00 %" in found
    # A direction that is not known is said to be so.
    assert {"en": "<small>unknown</small>", "zh": "<small>未知</small>"}[lang] in found
    exports = re.findall(r'href="(/api/questions/linkage-industries\?[^"]+)"', found)
    assert len(exports) == 4 and served.client.get(exports[2].replace("&amp;", "&")).status_code == 200
    whole = re.search(r'href="(/ask\?question=linkage-industries[^"]+)"', found)
    assert whole is not None and served.client.get(whole[1].replace("&amp;", "&")).status_code == 200


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Forward and backward power", "It is no size", "Of it to itself")),
        ("zh", ("前向与后向联动力", "它不是规模", "其中供给自身")),
    ],
)
def test_powers_are_drawn_and_listed(
    served: Served, answers: Callable[..., None], lang: str, words: tuple[str, ...]
) -> None:
    answers(linkage_power=POWERS)
    found = part(page(served, f"/linkage?chain=network-communication&lang={lang}"), "power")
    assert all(word in found for word in words) and "data-option=" in found and "#dependence" in found
    assert 'href="/id/region/330000"' in found and "1.25" in found
    # What is small is not nothing, and what is not known has no number.
    assert "&lt; 0.1 %" in found and '<td class="n"></td><td class="n">0.75</td>' in found


def test_the_drawing_of_powers_leaves_out_what_is_not_known() -> None:
    rows = [{"name": "a", "x": 1.2, "y": 0.8, "n": 2}, {"name": "b", "x": None, "y": 1.0, "n": 1}]
    drawn = charts.scatter(rows, "name", ("x", "y"), "n", "powers", {"x": "forward"})
    (series,) = drawn["series"]
    assert [point["value"] for point in series["data"]] == [[1.2, 0.8]] and series["data"][0]["symbolSize"] == 30
    assert (drawn["xAxis"]["name"], drawn["yAxis"]["name"]) == ("forward", "y")


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ("Dependence of a region", "Shaoxing depends on others for at least", "the region itself", "economic zone"),
        ),
        ("zh", ("区域的对外依赖", "绍兴市至少有", "本区域", "经济区")),
    ],
)
def test_dependence_of_the_region_of_the_form(served: Served, lang: str, words: tuple[str, ...]) -> None:
    text = page(served, f"/linkage?chain=modern-textile&region=绍兴&lang={lang}")
    found = part(text, "dependence")
    assert all(word in found for word in words)
    assert 'href="/id/item/zj/functional-fibre"' in found and 'href="/id/region/330600"' in found
    assert "/api/questions/dependence-of-region?" in found and "/api/questions/inputs-by-ring?" in found
    # The form shows what the region is called, by whatever name it was asked for.
    name = {"en": "Shaoxing", "zh": "绍兴市"}[lang]
    assert f'name="region" list="regions" value="{name}"' in text
    by_iri = page(served, f"/linkage?chain=modern-textile&region={REGION}330600&lang={lang}")
    assert f'name="region" list="regions" value="{name}"' in by_iri


def test_without_a_region_the_reader_begins_where_most_is_known(served: Served) -> None:
    found = part(page(served, "/linkage?chain=network-communication&lang=en"), "dependence")
    assert "Zhejiang" in found and "<table>" in found


@pytest.mark.parametrize(("lang", "words"), [("en", "Nothing in this release matches"), ("zh", "本版本中没有匹配")])
def test_every_part_of_linkage_says_when_it_is_empty(served: Served, lang: str, words: str) -> None:
    text = page(served, f"/linkage?chain=ethylene&region=浙江&lang={lang}")
    assert all(words in part(text, anchor) for anchor in ("regions-linked", "industries", "power", "dependence"))
    assert "data-option=" not in text and "<script" not in text


def test_linkage_within_one_region_has_no_drawing_of_others(served: Served) -> None:
    found = part(page(served, "/linkage?chain=network-communication&lang=en"), "regions-linked")
    assert "within the region" in found and "data-option=" not in found


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "path",
    [
        "/linkage?chain=nonsense",
        "/linkage?chain=modern-textile&region=nonsense",
        "/linkage?chain=modern-textile&from=nonsense",
        "/linkage?chain=modern-textile&to=nonsense",
        "/linkage?chain=modern-textile&region=urn:nonsense",
        "/chain?chain=modern-textile&region=nonsense",
    ],
)
def test_a_name_that_is_wrong_is_said_and_kept(served: Served, path: str, lang: str) -> None:
    answer = served.client.get(f"{path}&lang={lang}")
    assert answer.status_code == 400 and 'role="alert"' in answer.text and "Traceback" not in answer.text
    assert "nonsense" in answer.text[: answer.text.index("<form")]
    if "region=" in path:
        assert re.search(r'name="region" list="regions" value="(urn:)?nonsense"', answer.text)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Breakpoints", "unknown is not a break", "25 of 35 rows", "as a source states: Industrial chains of")),
        ("zh", ("断点", "“未知”并非断点", "共 35 行，显示前 25 行", "来源的陈述：浙江产业链")),
    ],
)
def test_what_breaks_and_because_of_what(served: Served, lang: str, words: tuple[str, ...]) -> None:
    text = page(served, f"/chain?chain=intelligent-equipment&region=浙江&lang={lang}")
    found = part(text, "breakpoints")
    assert all(word in found for word in words) and found.count("<tr>") == 26
    whole = re.search(r'href="(/ask\?question=breakpoints[^"]+)"', found)
    assert whole is not None and "35" in served.client.get(whole[1].replace("&amp;", "&")).text
    assert "/api/questions/breakpoints?" in found and 'href="/id/' in found and "#input" in found
    rings = part(text, "rings")
    place = {"en": "Yangtze River Delta", "zh": "长江三角洲"}[lang]
    assert place in rings and rings.count("<tr>") == 5 and "/api/questions/rings?" in rings


def test_an_input_that_two_links_need_breaks_once(served: Served, embedded: Graph) -> None:
    asked = {"chain": "modern-textile", "region": "绍兴"}
    frame = embedded.ask("breakpoints", **asked)
    rings = embedded.ask("rings", **asked)
    found = part(page(served, "/chain?chain=modern-textile&region=绍兴&lang=en"), "breakpoints")
    told = {word: int(count) for word, count in re.findall(r'class="s s-\w+">([\w ]+)</span> (\d+)', found)}
    assert told["breakpoint"] == rings["breakpoints"].iloc[0]
    assert sum(told.values()) == frame["input_iri"].nunique() < len(frame)


def test_an_answer_with_what_it_takes(served: Served, answers: Callable[..., None]) -> None:
    row = {"link": "clothing", "link_iri": REGION + "1", "input": "yarn", "input_iri": REGION + "2", **SOURCE}
    states = [("breakpoint", "cotton; dye"), ("held up", None), ("unknown", None)]
    answers(breakpoints=pd.DataFrame([{**row, "state": state, "takes": takes} for state, takes in states]))
    for lang, words in (
        ("en", ("takes cotton; dye, which breaks here", "for it here, or not well enough", "nowhere that is known")),
        ("zh", ("其上游投入断裂：cotton; dye", "尚无人调查，或调查不足以判定", "已知范围内无处可闭合")),
    ):
        found = part(page(served, f"/chain?chain=modern-textile&region=绍兴&lang={lang}"), "breakpoints")
        assert all(word in found for word in words)


def test_a_chain_without_breakpoints_and_one_without_an_analysis(served: Served) -> None:
    whole = page(served, "/chain?chain=futong-optical&region=浙江&lang=en")
    assert "can be had within the region" in part(whole, "breakpoints") and "<table>" in part(whole, "rings")
    for lang, words in (("en", "Nothing in this release matches"), ("zh", "本版本中没有匹配")):
        none = page(served, f"/chain?chain=ethylene&region=浙江&lang={lang}")
        assert words in part(none, "rings") and 'id="breakpoints"' not in none


def test_rings_stay_below_a_chosen_input_and_do_not_follow_the_date(served: Served) -> None:
    iri = "https://w3id.org/icsc/id/item/zj/functional-fibre"
    path = f"/chain?chain=modern-textile&region=绍兴&input={iri}&min-confidence=0.5&lang=en"
    text = page(served, path)
    assert text.index('<h2 id="input"') < text.index('<h2 id="rings"')
    assert "date and confidence do not change it" in part(text, "rings")
    plain = page(served, "/chain?chain=modern-textile&region=绍兴&lang=en")
    assert plain.index('<h2 id="rings"') < plain.index('<h2 id="input"') and "do not change it" not in plain


def test_the_network_says_how_many_linkages_it_leaves_out() -> None:
    rows = [
        {"from": f"A{at}", "from_iri": f"urn:a{at}", "to": "B", "to_iri": "urn:b", "intensity": 1 / (at + 1)}
        for at in range(82)
    ]
    same = {"from": "B", "from_iri": "urn:b", "to": "B", "to_iri": "urn:b", "intensity": 1.0}
    for lang, words in (("en", "The 80 strongest of 82 linkages"), ("zh", "省际联动 82 条中最强的 80 条")):
        drawn = linkage._drawings([*rows, same], page_words(lang))
        assert words in drawn["network_label"] and len(drawn["network"]["series"][0]["links"]) == 80
