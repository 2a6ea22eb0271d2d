"""The page of a chain: what its figures have to do with each other, and what stays of it in print."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import quote

import pandas as pd
import pytest

from kg.graph import Graph
from kg.terms import ID
from kg.web.pages import chains, maps
from kg.web.pages.common import Part, Row
from kg.web.pages.fishbone import Bone, Mark, fishbone, numbered
from tests.web.conftest import Served

PLACES = [
    ("modern-textile", "绍兴"),
    ("intelligent-equipment", "浙江"),
    ("network-communication", "浙江"),
    ("futong-optical", "杭州"),
]


def numbers(served: Served, path: str) -> dict[str, int]:
    """The figures that the page says in Chinese, by name."""
    text = html.unescape(served.client.get(path + "&lang=zh").text)
    said = re.search(r'<p id="figures">(.*?)</p>', text, re.DOTALL)
    assert said
    pattern = (
        r"共需 (?P<inputs>\d+) 项.*有 (?P<rows>\d+) 行.*满足 (?P<met>\d+)（含单一来源 (?P<single>\d+)）、"
        r"不足 (?P<few>\d+)、缺失 (?P<absent>\d+)、未知 (?P<unknown>\d+).*"
        r"断点 (?P<broken>\d+) 项，.*不足的 (?P<missing>\d+) 项.*断裂的 (?P<through>\d+) 项"
    )
    found = re.search(pattern, said[1])
    assert found, said[1]
    return {name: int(number) for name, number in found.groupdict().items()}


@pytest.mark.parametrize(("chain", "region"), PLACES)
def test_the_figures_of_a_chain_go_together(served: Served, embedded: Graph, chain: str, region: str) -> None:
    said = numbers(served, f"/chain?chain={chain}&region={region}")
    gaps = embedded.ask("gaps", chain=chain, region=region)
    breaks = embedded.ask("breakpoints", chain=chain, region=region, state="breakpoint")
    assert said["rows"] == len(gaps) and said["inputs"] == gaps.input_iri.nunique()
    assert said["met"] + said["few"] + said["absent"] + said["unknown"] == said["inputs"] >= said["single"]
    broken = set(breaks.input_iri) if len(breaks) else set()
    assert said["broken"] == len(broken) == said["missing"] + said["through"]
    assert said["missing"] == said["absent"] + said["few"]
    missing = set(gaps[gaps.status.isin(["absent", "insufficient"])].input_iri)
    assert said["through"] == len(broken - missing)


def test_without_coverage_nothing_is_reconciled(served: Served) -> None:
    text = served.client.get("/chain?chain=intelligent-computing&region=西藏&lang=zh").text
    assert 'id="figures"' not in text
    chosen = "https://w3id.org/icsc/id/item/zj/functional-fibre"
    assert 'id="figures"' not in served.client.get(f"/chain?chain=modern-textile&region=浙江&input={chosen}").text


def test_what_is_met_does_not_break_by_itself(served: Served, embedded: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where what it takes has no name in the page's language, the question names nothing that it takes."""
    gaps = embedded.ask("gaps", chain="network-communication", region="浙江")
    met = gaps[gaps.status == "met"].iloc[0]
    row = Row(link=met.link, input=met.input, input_iri=met.input_iri, state="breakpoint")
    asked = chains.part_of

    def part_of(graph: Graph, name: str, lang: str, given: Mapping[str, str], most: int) -> Part:
        return Part([row], [row], {}, [], "") if name == "breakpoints" else asked(graph, name, lang, given, most)

    monkeypatch.setattr(chains, "part_of", part_of)
    text = served.client.get("/chain?chain=network-communication&region=浙江&lang=en").text
    assert "takes something that breaks here" in text and "looked for here and not found" not in text
    assert "and 1 that are met here but take an input that breaks" in text


def test_an_unknown_input_names_whom_to_ask(served: Served, embedded: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    gaps = embedded.ask("gaps", chain="modern-textile", region="浙江")
    unknown = gaps[gaps.status == "unknown"].input_iri.iloc[0]

    def path(iri: str, lang: str) -> str:
        return f"/chain?chain=modern-textile&region=浙江&input={quote(iri, safe='')}&lang={lang}"

    assert "Whom to ask" not in served.client.get(path(unknown, "en")).text
    row = {"provider": "龙盛", "wider": "染料", "source": "toy", "revenue_share": 0.623}
    rows = pd.DataFrame([{**row, **{f"{name}_iri": f"{ID}{name}" for name in ("provider", "wider", "source")}}])
    asked = chains.answer_of

    def answer_of(graph: Graph, name: str, lang: str, **parameters: str) -> pd.DataFrame:
        return rows if name == "may-provide" else asked(graph, name, lang, **parameters)

    monkeypatch.setattr(chains, "answer_of", answer_of)
    for lang, heading in (("en", "Whom to ask"), ("zh", "可询问的企业")):
        text = served.client.get(path(unknown, lang)).text
        assert heading in text and "龙盛</a>" in text and "染料</a>" in text and "0.62" in text
    known = sorted(set(gaps.input_iri) - set(gaps[gaps.status == "unknown"].input_iri))
    assert all("Whom to ask" not in served.client.get(path(iri, "en")).text for iri in known[:1])


def bones(number: int, marks: int) -> list[Bone]:
    """Links with as many inputs each."""
    return [
        Bone(
            f"环节 {at}",
            "产中",
            at + 1,
            True,
            tuple(Mark(f"urn:{at}-{i}", f"投入 {at}-{i}", "absent") for i in range(marks)),
        )
        for at in range(number)
    ]


def test_every_mark_has_a_number_and_the_key_says_what_it_is() -> None:
    many = bones(3, 14)
    key = [number for _, marks in numbered(many) for number, _ in marks]
    drawn = [int(number) for number in re.findall(r'class="number">(\d+)<', fishbone(many, str, {}))]
    assert sorted(drawn) == key == list(range(1, 43))


def test_a_long_spine_goes_on_below() -> None:
    def size(drawing: str) -> tuple[int, int]:
        found = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawing)
        assert found
        return int(found[1]), int(found[2])

    few, many = fishbone(bones(4, 12), str, {}), fishbone(bones(25, 12), str, {})
    assert few.count('class="spine"') == 1 and many.count('class="spine"') > 3
    # Signs and names stay as large; the head of the fish is at the end.
    assert size(many)[0] <= 1340 and size(many)[1] > 3 * size(few)[1] and many.count('class="head"') == 1
    assert many.count("<a ") == 25 * 12
    assert max(int(y) for y in re.findall(r'cy="(\d+)"', many)) < size(many)[1]
    assert max(int(x) for x in re.findall(r'cx="(\d+)"', many)) < size(many)[0]


def test_print_has_the_region_and_a_key(served: Served) -> None:
    text = served.client.get("/chain?chain=modern-textile&region=绍兴&as-of=2024-01-01&lang=zh").text
    assert '<p class="print">区域：绍兴 · 截至日期：2024-01-01</p>' in text
    key = text[text.index('<dl class="key">') : text.index("</dl>")]
    assert re.search(r"\d+&nbsp;\[✕\]&nbsp;功能性纤维", key) and "<dt>" in key
    assert '<b aria-hidden="true">✕</b> 缺失' in text


@pytest.mark.browser
def test_what_paper_shows(served: Served, browser: object) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    page = browser.new_page(viewport={"width": 700, "height": 1000})
    page.goto(served.url + "/chain?chain=modern-textile&region=绍兴&lang=zh")
    assert not page.locator(".key").is_visible() and not page.locator("svg .number").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".key").is_visible() and page.locator("p.print").is_visible()
    assert page.locator("svg .number").first.is_visible() and not page.locator("form").is_visible()
    # White on nothing would be nothing.
    assert page.locator(".s").first.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
    assert page.locator("svg.fishbone").evaluate("e => e.getBoundingClientRect().right") <= 700
    page.close()


def test_the_less_is_known_the_greyer_a_region_is() -> None:
    rows = [
        {"region": name, "region_iri": f"urn:{name}", "absent": absent, "share": share}
        for name, absent, share in (("A", 0, 1.0), ("B", 0, 0.0), ("C", 40, 0.5), ("D", 40, None))
    ]
    told = {
        row["title"]: row
        for row in maps.shaded(rows, "absent", "m", "/x", "share", "surveyed {share} %")["series"][0]["data"]
    }
    # What is wholly known is coloured by the scale, and so is that of which nobody says how much is known.
    assert (
        "itemStyle" not in told["A"]
        and "visualMap" not in told["A"]
        and set(told["D"]) & {"note", "itemStyle"} == set()
    )
    assert told["B"]["itemStyle"]["areaColor"] == maps.GREY and told["B"]["visualMap"] is False
    assert told["C"]["itemStyle"]["areaColor"] not in {maps.GREY, "#06305a"} and told["C"]["note"] == "surveyed 50 %"
    placed = maps.points(
        [{**row, "longitude": 1.0, "latitude": 1.0} for row in rows], "region", "absent", "m", sure="share"
    )
    assert placed["series"][0]["data"][1]["itemStyle"]["color"] == maps.GREY


def test_the_map_says_that_grey_is_little_known(served: Served) -> None:
    for indicator, greyed in (
        ("absent", True),
        ("coverage_low", True),
        ("surveyed_share", False),
        ("enterprises", False),
    ):
        text = served.client.get(f"/map?chain=intelligent-equipment&indicator={indicator}&lang=zh").text
        assert ("颜色越灰" in text) is greyed
