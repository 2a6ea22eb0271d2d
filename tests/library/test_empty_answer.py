"""An answer without rows says which of the parameters leave it empty."""

from __future__ import annotations

from typing import Any

import pytest

from kg.empty_answer import advice
from kg.graph import Graph
from kg.library import Answer


def said(graph: Graph, name: str, lang: str = "en", seconds: float = 60.0, **asked: Any) -> str:
    assert graph.answer(name, **asked).frame.empty
    return advice(graph, graph.question(name), asked, lang, seconds)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that is busy takes longer than a person waits."""
    monkeypatch.setattr("kg.empty_answer._EACH", 60.0)


def test_one_parameter_is_the_reason(embedded: Graph) -> None:
    asked = {"chain": "modern-textile", "region": "Shaoxing", "status": "single-source", "min_confidence": "0.5"}
    every = embedded.ask("gaps", **{**asked, "status": None})
    counts = ", ".join(f"{value} {n}" for value, n in every["status"].value_counts(sort=True).items())
    assert said(embedded, "gaps", **asked).startswith(f"No rows: without --status there are {len(every)} ({counts})")
    chinese = said(embedded, "gaps", "zh", **asked)
    assert chinese.startswith(f"没有结果。去掉 --status 有 {len(every)} 行（") and "缺失" in chinese


def test_how_sure_the_surest_is(embedded: Graph) -> None:
    asked = {"chain": "modern-textile", "region": "Shaoxing", "status": "insufficient", "min_confidence": "0.99"}
    assert "without --min-confidence there is 1 (confidence up to 0.9)" in said(embedded, "gaps", **asked)


def test_no_parameter_alone_is_the_reason(embedded: Graph) -> None:
    text = said(embedded, "stated-gaps", region="region/650000", chain="chain/ethylene")
    assert text == "No rows, nor without --region or --chain."


def test_what_is_not_found_out_in_time_is_said(embedded: Graph) -> None:
    asked = {"chain": "modern-textile", "region": "Shaoxing", "status": "single-source"}
    text = said(embedded, "gaps", seconds=0.0, **asked)
    assert text == "No rows. What there is without --status or --chain or --region takes too long to find out."
    assert "耗时过长" in said(embedded, "gaps", "zh", seconds=0.0, **asked)


def test_a_thing_of_which_nothing_is_said(embedded: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the question is about everything there is: what is stated of the thing says more."""
    assert said(embedded, "stated-gaps", region="Xinjiang").startswith("No rows: without --region there are ")
    monkeypatch.setattr("kg.empty_answer._ROWS", 1)
    text = said(embedded, "stated-gaps", region="Xinjiang")
    assert (
        "that this release states of Xinjiang" in text and "'DESCRIBE <https://w3id.org/icsc/id/region/650000>'" in text
    )
    assert "Xinjiang 的内容" in said(embedded, "stated-gaps", "zh", region="Xinjiang")


def test_without_parameters_there_is_nothing_to_leave_out(embedded: Graph) -> None:
    question = embedded.question("gaps")
    assert advice(embedded, question, {"lang": "zh", "rank": None}, "en") == (
        "No rows: this release states nothing of the kind."
    )


def test_a_part_of_a_release_is_left_out_as_a_whole(embedded: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each other part would have to be made first."""
    asked: list[dict[str, Any]] = []

    def answer(self: Graph, name: str, **params: Any) -> Answer:
        asked.append(params)
        return Answer(name, {"region": []}, False)

    monkeypatch.setattr(Graph, "answer", answer)
    given = {"source": ["a", "b"], "as_of": "2020-01-01", "chain": "ethylene"}
    text = advice(embedded, embedded.question("coverage"), given, "en")
    assert text == "No rows, nor without --source --as-of or --chain."
    assert [sorted(set(params) & set(given)) for params in asked] == [["chain"], ["as_of", "source"]]
