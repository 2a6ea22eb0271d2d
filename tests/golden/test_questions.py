"""Questions beyond the headline ones: gaps, measures, partners of a firm, facts."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from kg.assets import asset_dir
from kg.graph import Graph
from kg.library import find_questions

GROUPS = ("gaps", "measures", "partners", "facts")


def rows(frame: pd.DataFrame, *columns: str) -> set[tuple[object, ...]]:
    return set(frame[list(columns)].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    "name", sorted(n for n, q in find_questions(asset_dir("queries")).items() if q.group in GROUPS)
)
def test_unbound_it_has_its_columns(embedded: Graph, name: str) -> None:
    question = embedded.question(name)
    assert question.chinese.summary and question.columns
    frame = embedded.ask(name, limit=5)
    assert [c for c in frame.columns if not c.endswith("_iri")] == list(question.columns)


def test_gaps_by_region(embedded: Graph) -> None:
    frame = embedded.ask("gaps-by-region", chain="modern-textile", region="绍兴")
    (row,) = frame.itertuples()
    assert (row.level, row.gaps, row.absent, row.insufficient) == ("city", 2, 1, 1)
    assert row.unknown > 0 and row.gap_share == pytest.approx(2 / (row.inputs - row.unknown))
    assert set(embedded.ask("gaps-by-region", level="city").level) == {"city"}


def test_interrupted_flow_of_futong(embedded: Graph) -> None:
    frame = embedded.ask("interrupted", chain="futong-optical")
    assert [name.split(" at ")[0] for name in frame.cause] == ["insufficient capacity", "slow recovery of receivables"]
    row = next(frame.itertuples())
    assert row.supplier.startswith("Hangzhou Yuantong") and row.customer == "Futong Group"
    assert row.status == "insufficient" and "receivables" in row.reason and row.measure and row.instrument
    assert "应收账款" in embedded.ask("interrupted", lang="zh").reason[0]
    assert embedded.ask("interrupted", chain="modern-textile").empty
    assert embedded.ask("interrupted", min_confidence=0.95).empty


def test_survey_next_names_only_what_nobody_looked_for(embedded: Graph) -> None:
    frame = embedded.ask("survey-next", chain="modern-textile", region="绍兴")
    assert len(frame) > 20 and frame.links.is_monotonic_decreasing
    assert not {"functional fibre", "high-grade fabric"} & set(frame.input)


def test_surveys(embedded: Graph) -> None:
    (row,) = embedded.ask("surveys", chain="modern-textile", region="绍兴").itertuples()
    assert (row.scope, row.completeness, row.surveyed) == ("named firms", "complete", 2)
    assert row.survey_share == pytest.approx(2 / row.inputs) and row.date == "2021-12-01"


def test_the_four_work_lists(embedded: Graph) -> None:
    frame = embedded.ask("measures")
    stated = frame[frame.stated]
    assert rows(stated, "input", "measure") >= {
        ("high-end CNC machine tool", "creation"),
        ("robot encoder", "supplement"),
        ("functional fibre", "supplement"),
        ("raw material for optical cable", "protection"),
    }
    creation = stated[stated.measure == "creation"].iloc[0]
    assert creation.centre == "Taizhou"
    assert set(creation.support.split("; ")) == {"Hangzhou", "Jiaxing", "Shaoxing"}
    protection = stated[stated.measure == "protection"].iloc[0]
    assert "receivable" in protection.instruments
    chips = stated[stated.input.str.contains("high-end chips")].iloc[0]
    assert len(chips.candidates.split("; ")) == 7
    # Nothing is proposed where no source proposes anything.
    fibre = stated[stated.input == "functional fibre"].iloc[0]
    assert fibre.candidates is None and fibre.instruments is None and fibre.centre is None
    assert set(embedded.ask("measures", measure="creation").measure) == {"creation"}
    assert embedded.ask("measures", measure="fusion").empty
    assert "台州市" in set(embedded.ask("measures", measure="creation", lang="zh").centre)


def test_futongs_partners(embedded: Graph) -> None:
    (row,) = embedded.ask("partners-of-firm", firm="富通集团", direction="needs").itertuples()
    assert row.partner.startswith("Hangzhou Yuantong") and row.province == "Zhejiang" and row.kind == "manufacturing"
    assert row.rival_of is None


def test_facts_of_a_firm(embedded: Graph) -> None:
    frame = embedded.ask("firm", firm="富通集团")
    assert {("operates at", "optical fibre preform"), ("located in", "Hangzhou")} <= rows(frame, "fact", "what")
    (supplier,) = frame[frame.fact == "is supplied by"].what
    assert supplier.startswith("Hangzhou Yuantong")
    stated = embedded.ask("firm", firm="富通集团", min_confidence=0.5, fact="operates at")
    assert set(stated.source_iri) == {"https://w3id.org/icsc/graph/source/zhejiang"}


def test_supplies(embedded: Graph) -> None:
    (row,) = embedded.ask("supplies", chain="futong-optical").itertuples()
    assert row.customer == "Futong Group" and row.quantity is None and row.confidence == 0.9
    assert (
        len(embedded.ask("supplies", firm="富通集团")) == 1 and embedded.ask("supplies", chain="modern-textile").empty
    )


def test_provenance_names_section_version_and_confidence(embedded: Graph) -> None:
    frame = embedded.ask("provenance", entity="https://w3id.org/icsc/id/gap/zj/cnc-high-end")
    stated = frame[(frame.source_iri == "https://w3id.org/icsc/graph/source/zhejiang") & (frame.role == "subject")]
    assert set(stated.section) == {"3.3"} and set(stated.confidence) == {0.8} and stated.version.notna().all()
    inferred = frame[frame.source_iri == "https://w3id.org/icsc/graph/inferred"]
    assert len(inferred) and inferred.evidence.isna().all() and inferred.section.isna().all()


def test_no_loop_is_stated(embedded: Graph) -> None:
    assert embedded.ask("closed-loops", kind="link").empty


@pytest.mark.shared
def test_single_sources_have_one_provider(full: Graph) -> None:
    frame = full.ask("single-source", chain="intelligent-equipment", region="浙江")
    assert len(frame) > 5 and (frame.groupby("input_iri").provider_iri.nunique() == 1).all()


@pytest.mark.shared
def test_indicators_over_time(full: Graph) -> None:
    frame = full.ask("equilibrium", subject="https://w3id.org/icsc/id/item/eu-crm/gallium")
    risk = frame[frame.indicator == "supply risk"]
    assert list(risk.period) == ["2011", "2014", "2017", "2020", "2023"] and list(risk.value) == [
        2.5,
        1.8,
        1.4,
        1.3,
        3.9,
    ]


@pytest.mark.shared
def test_partners_of_a_listed_firm(full: Graph) -> None:
    firm = "https://w3id.org/icsc/id/org/cn/002010"
    frame = full.ask("partners-of-firm", firm=firm)
    assert set(frame.direction) == {"needs", "offers"} and firm not in set(frame.partner_iri)
    assert set(full.ask("partners-of-firm", firm=firm, direction="offers").direction) == {"offers"}


#: Those that own the limit, and what keeps their answers short.
LIMITED = {
    name: {
        "gaps": {"chain": "integrated-circuit", "region": "region/CN"},
        "necks": {"chain": "integrated-circuit"},
        "partners": {"input": "轴承", "region": "浙江"},
        "providers": {"input": "轴承"},
        "provenance": {"entity": "chain/modern-textile"},
        "single-source": {"chain": "integrated-circuit"},
        "firm": {"firm": "浙江龙盛"},
        "partners-of-firm": {"firm": "浙江龙盛"},
        "dependency-indicators": {"chain": "integrated-circuit"},
    }.get(name, {})
    for name, question in find_questions(asset_dir("queries")).items()
    if any(parameter.name == "min-confidence" for parameter in question.parameters)
}


@pytest.mark.shared
@pytest.mark.parametrize("name", LIMITED)
def test_a_confidence_of_nothing_leaves_every_row(full: Graph, name: str) -> None:
    every, same = full.ask(name, **LIMITED[name]), full.ask(name, min_confidence=0, **LIMITED[name])
    # `gaps` with a limit says of the region's own ring only.
    kept = [
        c
        for c in every.columns
        if name != "gaps" or c.removesuffix("_iri") not in {"reason", "nearest_ring", "measure"}
    ]
    pd.testing.assert_frame_equal(every[kept], same[kept])
    assert len(every) > 0


#: An OPTIONAL that may leave the graph of a statement unbound.
_MAY_BE_UNBOUND = re.compile(r"OPTIONAL \{ GRAPH (\?\w+) \{[^{}]*\} (?:FILTER\([^{}]*\) )?\}")


def _group_after(text: str, start: int) -> str:
    depth = 0
    for end in range(start, len(text)):
        depth += (text[end] == "{") - (text[end] == "}")
        if depth < 0:
            return text[start:end]
    return text[start:]


@pytest.mark.parametrize("name", sorted(find_questions(asset_dir("queries"))))
def test_confidence_is_looked_up_of_what_has_a_value(name: str) -> None:
    """Of what may be unbound the engine reads every confidence there is: seconds, where a table gives each row one."""
    text = find_questions(asset_dir("queries"))[name].text
    for found in _MAY_BE_UNBOUND.finditer(text):
        assert f"OPTIONAL {{ {found[1]} icsc:confidence" not in _group_after(text, found.end()), found[0]
