"""What is absent is so within a survey: its scope, date and source stand beside the reason, in both languages."""

from __future__ import annotations

import html
import json
import re

import pytest

from kg.graph import Graph
from kg.web.pages import chains
from kg.web.pages.common import Row
from kg.web.pages.surveyed import Survey, counted, found_none, looks_of, said
from tests.web.conftest import Served

CHAIN = "https://w3id.org/icsc/id/chain/intelligent-equipment"
ZHEJIANG = "https://w3id.org/icsc/id/region/330000"
LISTED = Survey("listed firms", "complete", "2021-10-22", "Toy", 0.6)
SAID = {
    "en": "no provider in Zhejiang is named by a complete survey of named firms (2021-12-01; source: Industrial chains",
    "zh": "浙江省：对文献所述企业的完整调查（2021-12-01；来源：浙江产业链（Gao，2022））未列出供给者",
}


def page(served: Served, path: str) -> str:
    return html.unescape(served.client.get(path).text)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch, embedded: Graph) -> str:
    """Without what a source states of gaps: what is absent is so by a survey; gives such an input."""
    asked = chains.answer_of

    def answer_of(graph: Graph, name: str, lang: str, **parameters: str) -> object:
        frame = asked(graph, name, lang, **parameters)
        return frame.assign(gap=None, gap_iri=None) if name == "gaps" else frame

    monkeypatch.setattr(chains, "answer_of", answer_of)
    looks = looks_of(embedded, "en", CHAIN, ZHEJIANG)
    gaps = embedded.ask("gaps", chain=CHAIN, region="浙江", status="absent")
    return next(iri for iri in gaps.input_iri if iri in looks)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_scope_date_and_source_stand_in_the_reason(served: Served, computed: str, lang: str) -> None:
    text = page(served, f"/chain?chain={CHAIN}&region=浙江&lang={lang}")
    titles = re.findall(r"<title>([^<]*)</title><circle", text)
    assert any(SAID[lang] in title for title in titles), titles
    for start in ('id="breakpoints"', '<h2 id="input"'):
        part = text[text.index(start) :]
        assert SAID[lang] in part[: part.index("</table>")], start
    chosen = page(served, f"/chain?chain={CHAIN}&region=浙江&lang={lang}&input={computed}")
    assert SAID[lang] in chosen[chosen.index('<h2 id="input"') :]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            ("no more than that these surveys", "complete survey of named firms, 2021-12-01", "looked for 2 of the"),
        ),
        ("zh", ("“缺失”仅指以下调查", "对文献所述企业的完整调查，2021-12-01", "项投入中调查了 2 项")),
    ],
)
def test_the_legend_lists_the_surveys(served: Served, lang: str, words: tuple[str, ...]) -> None:
    text = page(served, f"/chain?chain={CHAIN}&region=浙江&lang={lang}")
    legend = text[text.index('id="surveys"') : text.index("<svg")]
    assert all(word in legend for word in words) and 'href="/graph/source/zhejiang"' in legend
    for path in ("/?region=浙江", f"/map?chain={CHAIN}", f"/linkage?chain={CHAIN}&region=浙江"):
        found = page(served, f"{path}&lang={lang}")
        assert all(word in found for word in words[:2]), path
        # Before the figures that rest on them.
        figures = {"en": "Of these missing in the region", "zh": "其中本区域确认缺失"}[lang]
        assert found.index('id="surveys"') < found.index(figures if figures in found else "<td"), path
    assert 'id="surveys"' not in page(served, f"/map?chain={CHAIN}&indicator=enterprises&lang={lang}")


def test_what_a_source_states_is_said_to_be_stated(served: Served) -> None:
    text = page(served, f"/chain?chain={CHAIN}&region=浙江&lang=zh")
    assert "来源的陈述：浙江产业链（Gao，2022）" in text
    none = page(served, "/chain?chain=modern-textile&region=西藏&lang=zh")
    assert 'id="surveys"' not in none


def test_a_region_of_the_map_says_on_what_it_rests(served: Served) -> None:
    text = page(served, f"/map?chain={CHAIN}&lang=en")
    option = re.search(r'data-option="(\{.*?\})"><', text)
    notes = [point.get("note", "") for point in json.loads(option[1])["series"][0]["data"]] if option else []
    assert any("a complete survey of named firms (2021-12-01; source: " in note for note in notes)


def test_what_is_taken_says_why_it_breaks() -> None:
    missing = [
        Row(input=name, input_iri=f"urn:{name}", status="absent", region="浙江", why="调查未列出", rests="")
        for name in ("乙二醇", "染料")
    ]
    rows = [Row(input="涤纶", input_iri="urn:涤纶", region="浙江", state="breakpoint", takes="乙二醇; 染料; 水")]
    ((text, rests),) = chains._because(rows, missing, {}, False, "zh")[0]
    # Of the two that rest on the same it is said once; of the third nothing is known here.
    assert text == "其上游投入断裂：乙二醇; 染料; 水" and rests == "乙二醇、染料——调查未列出"
    both = chains._because(rows, [*missing, {**missing[0], "input": "涤纶", "input_iri": "urn:涤纶"}], {}, False, "zh")
    assert [line for line, _ in both[0]] == ["调查未列出", "其上游投入断裂：乙二醇; 染料; 水"]


def test_date_and_confidence_decide_which_surveys_count(embedded: Graph) -> None:
    looks = {"urn:x": [LISTED], "urn:y": [Survey("countries", "complete", "", "Other")]}
    assert set(counted(looks, {})) == {"urn:x", "urn:y"}
    assert set(counted(looks, {"as-of": "２０２０－０１－０１"})) == {"urn:y"}
    assert set(counted(looks, {"min-confidence": "0.7"})) == {"urn:y"}
    both = found_none([LISTED, LISTED], "Zhejiang", "en")
    assert both.count("a complete survey of listed firms (2021-10-22; source: Toy)") == 2
    assert found_none([], "Zhejiang", "en") == ""
    row = Row(status="met", reason="providers are known", coverage="listed-firms, complete", source="Toy")
    assert said(embedded, "en", row, {}) == ("providers are known", "listed firms, complete; source: Toy")
