"""The page of a chain: what its figures have to do with each other, and what stays of it in print."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import pytest

from kg.graph import Graph
from kg.web.pages import chains
from kg.web.pages.common import Part, Row
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
