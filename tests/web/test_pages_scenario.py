"""What-if says in sentences what it comes to, before its tables."""

from __future__ import annotations

import html
import re

import pandas as pd
import pytest

from kg.graph import Graph
from kg.terms import ID
from kg.web.pages import scenario
from kg.whatif import WhatIf, whatif
from tests.web.conftest import Served


def told(served: Served, path: str) -> str:
    text = html.unescape(served.client.get(path).text)
    assert text.index('id="told"') < text.index("<h2>")
    return text[text.index('<div id="told">') : text.index("</div>", text.index('<div id="told">'))]


def test_a_province_is_summed_up_first(served: Served, embedded: Graph) -> None:
    found = whatif(embedded, ["浙江"])
    count = dict(zip(found.summary["measure"].str.strip(), found.summary["value"], strict=True))
    english, chinese = (told(served, f"/whatif?without=浙江&lang={lang}") for lang in ("en", "zh"))
    assert f"Known providers that go: {int(count['removed'])}, with {int(count['removed offers'])} offers" in english
    assert f"Inputs that lose a provider: {len(found.inputs)}; of these" in english
    unknown = int(count["of these unknown"])
    assert unknown > 0 and f"Inputs of which nothing is known then: {unknown}." in english
    assert f"此后情况未知的投入 {unknown} 项：没有完整的调查" in chinese and "它们为未知，而非断点" in chinese
    assert not re.search(r"[a-z]{3,}", re.sub(r"<[^>]*>", "", chinese.split("受影响最重者")[0]))


def scene(status: list[str], need: list[str]) -> WhatIf:
    """A loss after which each input is left with nobody."""
    number = range(len(status))
    inputs = pd.DataFrame(
        {
            "input": [f"input {at}" for at in number],
            "input_iri": [f"{ID}item/{at}" for at in number],
            "need": need,
            "lost": [at + 1 for at in number],
            "opens": ["everywhere"] * len(status),
            "status": status,
            "coverage": ["scopeListedFirms"] * len(status),
        }
    )
    summary = pd.DataFrame(
        {
            "measure": ["removed", "removed offers", "lost production, low", "lost production, high"],
            "value": [1753.0, 5816.0, 0.18, 0.427],
        }
    )
    hit = pd.DataFrame(
        {"provider": ["A", "B"], "provider_iri": ["urn:a", "urn:b"], "loss_low": [0.1, 0.2], "loss_high": [0.3, 1.0]}
    )
    return WhatIf(("x",), None, None, summary, pd.DataFrame(), hit, inputs, pd.DataFrame())


def test_gaps_are_told_from_what_is_unknown_and_the_worst_are_named(embedded: Graph) -> None:
    said = scenario._told(
        embedded, "en", scene(["absent", "absent", "unknown", "unknown"], ["direct", "", "direct", ""])
    )
    assert said.lines == (
        "Known providers that go: 1,753, with 5,816 offers.",
        "Inputs that lose a provider: 4; of these 4 lose the last one known anywhere.",
        "Gaps that open: 2, within what was surveyed (listed firms): surveys have looked and name nobody else.",
        "Inputs of which nothing is known then: 2. No complete survey has looked for others who provide them, or"
        " somebody provides something wider that may include them. They are unknown, not gaps.",
        "Of these unknown ones, 1 are needed by no chain that was looked at.",
        "Others that are hit: 2. Of all providers' production 18 to 43 % is lost, each counting the same.",
    )
    # What a chain needs itself goes first, however few provide it; of firms who loses most.
    assert [label for label, _, _ in said.inputs] == ["input 0", "input 1"]
    assert said.firms[0] == ("B", "urn:b", "20–100 %")


@pytest.mark.parametrize(("lang", "words"), [("en", "known to open: none"), ("zh", "已知新增的断点：无")])
def test_without_a_known_gap_the_needed_of_which_nothing_is_known_are_named(
    embedded: Graph, lang: str, words: str
) -> None:
    said = scenario._told(embedded, lang, scene(["unknown", "unknown", "unknown"], ["direct", "", "direct"]))
    assert any(words in line for line in said.lines)
    assert [label for label, _, _ in said.inputs] == ["input 2", "input 0"]
