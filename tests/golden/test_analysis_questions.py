"""The questions on derived graphs agree with the facts, and with the headline questions."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib

from kg.assets import asset_dir
from kg.graph import Graph
from kg.library import Question, bound_text, find_questions
from kg.methods import find_methods
from kg.store import MemoryStore

QUESTIONS = (
    "coverage",
    "dependence-of-region",
    "fishbone",
    "inputs-by-ring",
    "linkage",
    "linkage-power",
    "specialisation",
    "structure",
)
METHODS = Path(__file__).parents[2] / "kg" / "analysis" / "derived"
PREFIX = "PREFIX icsc: <https://w3id.org/icsc/ns#> PREFIX prov: <http://www.w3.org/ns/prov#> "


def table(graph: Graph, query: str) -> pd.DataFrame:
    found = graph.sparql(PREFIX + query)
    assert isinstance(found, pd.DataFrame)
    return found


def agree_with_gaps(graph: Graph, chain: str, region: str) -> pd.Series:
    """The counts of `coverage` are those of the rows of `gaps`, input by input."""
    gaps = graph.ask("gaps", chain=chain, region=region)
    region_iri = graph.ask("coverage", chain=chain, region=region).region_iri[0]
    own = gaps[gaps.region_iri == region_iri]
    status = own.groupby("input_iri").status.agg(lambda values: sorted(set(values)))
    assert all(len(values) == 1 for values in status)
    counts = status.str[0].value_counts()
    row = graph.ask("coverage", chain=chain, region=region).iloc[0]
    assert row.single_source == counts.get("single-source", 0)
    assert row.met == counts.get("met", 0) + row.single_source
    assert row.insufficient == counts.get("insufficient", 0)
    return row


def test_coverage_of_stated_gaps(embedded: Graph) -> None:
    row = agree_with_gaps(embedded, "modern-textile", "绍兴")
    assert (row.absent, row.insufficient, row.met) == (1, 1, 0)
    assert row.inputs == row.absent + row.insufficient + row.unknown
    assert row.coverage_low == 0 and 0 < row.coverage_high < 1
    assert row.source_iri == "https://w3id.org/icsc/graph/derived/coverage"


@pytest.mark.parametrize("question", QUESTIONS)
def test_unbound_is_answered(embedded: Graph, question: str) -> None:
    frame = embedded.ask(question)
    assert len(frame) and next(iter(frame.columns)) in {"chain", "region", "from"}


def test_structure_of_the_futong_chain(embedded: Graph) -> None:
    """Raw material and standards, then preform, fibre, cable, device, switch: figure of the paper."""
    frame = embedded.ask("structure", chain="futong-optical")
    row = frame.iloc[0]
    assert (row.length, row.tiers, row.links, row.link_width_max) == (5, 6, 7, 2)
    assert row.core_enterprise == "Futong Group"
    assert frame.stage_links.sum() == 7
    assert embedded.ask("structure", chain="futong-optical", lang="zh").core_enterprise[0] != row.core_enterprise


def test_fishbone_of_the_futong_chain(embedded: Graph) -> None:
    bone = embedded.ask("fishbone", chain="futong-optical")
    spine = bone[bone.on_spine].drop_duplicates("link_iri")
    assert sorted(spine.tier) == [1, 2, 3, 4, 5, 6]
    ribs = bone[~bone.on_spine.astype(bool)].drop_duplicates("link_iri")
    assert len(ribs) == 1 and ribs.joins_iri.iloc[0] == "https://w3id.org/icsc/id/link/futong-preform"


def test_fishbone_has_the_status_of_coverage(embedded: Graph) -> None:
    bone = embedded.ask("fishbone", chain="modern-textile", region="绍兴")
    stated = bone[bone.status.isin(["absent", "insufficient"])]
    assert set(stated.input) == {"functional fibre", "high-grade fabric"}
    assert bone.status.notna().sum() == bone.input.notna().sum()
    nowhere = embedded.ask("fishbone", chain="modern-textile", region="海南")
    assert len(nowhere) and nowhere.status.isna().all(), "where nothing was computed, nothing is claimed"


def test_every_derived_graph_says_how_it_came_about(embedded: Graph) -> None:
    found = table(
        embedded,
        "SELECT ?graph (COUNT(DISTINCT ?hash) AS ?hashes) (COUNT(DISTINCT ?used) AS ?sources) (MIN(?v) AS ?version) "
        "WHERE { ?graph prov:wasGeneratedBy ?run ; prov:wasDerivedFrom ?hash ; "
        "<http://www.w3.org/ns/dcat#version> ?v ; <http://purl.org/dc/terms/issued> ?date . ?run prov:used ?used . "
        'FILTER(STRSTARTS(STR(?hash), "urn:sha256:")) } GROUP BY ?graph',
    )
    names = {iri.rsplit("/", 1)[-1] for iri in found.graph}
    assert names == {method.name for method in find_methods(METHODS)}
    assert (found.hashes == 1).all() and (found.sources >= 1).all()
    lost = table(
        embedded,
        "SELECT ?result WHERE { ?result a icsc:ChainCoverage . MINUS { ?result prov:wasGeneratedBy ?run . "
        "?run prov:used ?source } }",
    )
    assert lost.empty


def test_no_listings_no_coordination(embedded: Graph) -> None:
    frame = embedded.ask("coordination")
    assert frame.empty and {"coordination", "trend", "known_until", "source"} <= set(frame.columns)


ID = "https://w3id.org/icsc/id/"


@pytest.fixture(scope="module")
def rings() -> bytes:
    """A city, its sister, their province, country and the world; what each has of five inputs."""
    ns, graph = "https://w3id.org/icsc/ns#", "<https://w3id.org/icsc/graph/derived/coverage>"
    inside = ["city", "province", "country", "WORLD"]
    lines = [
        f"<{ID}region/{part}> <{ns}partOfRegion> <{ID}region/{whole}> <urn:g> ."
        for i, part in enumerate(inside)
        for whole in inside[i + 1 :]
    ]
    lines += [f"<{ID}region/sister> <{ns}partOfRegion> <{ID}region/{whole}> <urn:g> ." for whole in inside[1:]]
    kinds = {"city": "Region", "sister": "Region", "province": "Province", "country": "Country", "WORLD": "Region"}
    lines += [f"<{ID}region/{name}> a <{ns}{kind}> <urn:g> ." for name, kind in kinds.items()]
    lines += [f"<{ID}region/{name}> a <{ns}Region> <urn:g> ." for name in ("province", "country")]
    said = {
        "city": {"meets": "1", "misses": "2", "meetsInPart": "4", "doesNotKnowOf": "35"},
        "province": {"meets": "12", "misses": "3", "doesNotKnowOf": "45"},
        "country": {"meets": "123", "misses": "4", "doesNotKnowOf": "5"},
        "WORLD": {"meets": "123", "meetsFromOneSource": "4", "doesNotKnowOf": "5"},
    }
    for region, statuses in said.items():
        cover = f"<{ID}result/coverage/chain/x/region/{region}>"
        lines += [
            f"{cover} <{ns}analysedSubject> <{ID}chain/x> {graph} .",
            f"{cover} <{ns}inRegion> <{ID}region/{region}> {graph} .",
            f'{cover} <{ns}coverageLow> "0.2"^^<http://www.w3.org/2001/XMLSchema#decimal> {graph} .',
        ]
        lines += [
            f"{cover} <{ns}{status}> <{ID}item/{item}> {graph} ."
            for status, items in statuses.items()
            for item in items
        ]
    rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    return "\n".join(line.replace("> a <", f"> {rdf_type} <") for line in lines).encode()


@functools.cache
def library() -> Mapping[str, Question]:
    return find_questions(asset_dir("queries"))


def answers(dump: bytes, name: str, *columns: str, engines: int = 2, **parameters: str) -> list[tuple[object, ...]]:
    """Rows in their order, from the embedded engine; with two engines, those of rdflib are the same.

    rdflib takes a second to parse a long query: one case of a kind is enough for it.
    """
    question = library()[name]
    text = bound_text(
        question, MemoryStore(dump), {key: ID + value if "/" in value else value for key, value in parameters.items()}
    )
    store = ox.Store()
    store.load(dump, format=ox.RdfFormat.N_QUADS)

    def short(value: object) -> object:
        if value is None:
            return None
        form = str(getattr(value, "value", value)).removeprefix(ID)
        if form in {"True", "False"}:
            return form == "True"
        if form in {"true", "false"}:
            return form == "true"
        try:
            return round(float(form), 6)
        except ValueError:
            return form

    rows = [tuple(short(row[c]) for c in columns) for row in store.query(text, use_default_graph_as_union=True)]  # type: ignore[union-attr,index,str-unpack]  # SELECT
    if engines == 1:
        return rows
    plain = rdflib.Dataset(default_union=True)
    plain.parse(data=dump.decode(), format="nquads")
    other = [tuple(short(row[c]) for c in columns) for row in plain.query(text)]  # type: ignore[union-attr,index,call-overload]  # SELECT
    assert rows == other
    return rows


def test_dependence_of_a_region_by_hand(rings: bytes) -> None:
    """Met, looked for in vain but met in the province, unknown but met in the country, too little, known to nobody."""
    columns = ("ring", "place", "inputs", "found", "gaps", "unknown", "within_low", "within_high")
    assert answers(rings, "dependence-of-region", *columns, chain="chain/x", region="region/city") == [
        ("region", "region/city", 5, 1, 0, 0, 0.2, 0.4),
        ("province", "region/province", 5, 1, 1, 0, 0.4, 0.6),
        ("country", "region/country", 5, 1, 0, 1, 0.6, 0.8),
        ("world", "region/WORLD", 5, 1, 1, 0, 0.8, 1),
        ("none", None, 5, 1, 0, 1, None, None),
    ]


def test_where_nobody_looked_nothing_is_a_gap(rings: bytes) -> None:
    """Of the sister city nothing was computed: all is unknown there, and its province says what it cannot have."""
    columns = ("ring", "found", "gaps", "unknown", "within_low", "within_high")
    assert answers(rings, "dependence-of-region", *columns, chain="chain/x", region="region/sister") == [
        ("region", 0, 0, 0, 0, 0.6),
        ("province", 2, 0, 2, 0.4, 0.6),
        ("country", 1, 0, 1, 0.6, 0.8),
        ("world", 1, 0, 1, 0.8, 1),
        ("none", 1, 0, 1, None, None),
    ]
    named = answers(rings, "inputs-by-ring", "input", "status", "nearest_ring", region="region/sister")
    assert [row[1] for row in named] == ["unknown"] * 5


def test_inputs_by_ring_by_hand(rings: bytes) -> None:
    named = answers(rings, "inputs-by-ring", "input", "status", "nearest_ring", region="region/city", chain="chain/x")
    assert named == [
        ("item/1", "met", "region"),
        ("item/2", "absent", "province"),
        ("item/3", "unknown", "country"),
        ("item/4", "insufficient", "world"),
        ("item/5", "unknown", None),
    ]
    everywhere = answers(rings, "inputs-by-ring", "region", "input", "status", "nearest_ring")
    assert len(everywhere) == 4 * 5, "unbound: the regions of which something was computed"


def test_dependence_of_shaoxing_in_textile(embedded: Graph) -> None:
    frame = embedded.ask("dependence-of-region", chain="modern-textile", region="绍兴")
    assert frame.found.sum() == frame.inputs[0] and (frame.found >= frame.gaps + frame.unknown).all()
    assert frame.gaps.sum() == 2 and list(frame.ring) == ["region", "province", "zone", "country", "world", "none"]
    cover = embedded.ask("coverage", chain="modern-textile", region="绍兴").iloc[0]
    assert frame.unknown.sum() == cover.unknown and frame.within_low[0] == cover.coverage_low
    assert frame.within_high[0] <= cover.coverage_high + 1e-6
    named = embedded.ask("inputs-by-ring", chain="modern-textile", region="绍兴")
    assert len(named) == cover.inputs and not named.duplicated("input_iri").any()


def test_a_chain_within_one_region_has_no_power(embedded: Graph) -> None:
    frame = embedded.ask("linkage-power", chain="futong-optical")
    assert len(frame) == 1 and frame.inside_share[0] == 1
    assert frame.forward_power.isna().all() and frame.backward_power.isna().all()


def test_no_industry_no_linkage_of_industries(embedded: Graph) -> None:
    assert embedded.ask("linkage-industries").empty


@pytest.mark.shared
@pytest.mark.parametrize(
    ("chain", "region"),
    [("modern-textile", "浙江"), ("integrated-circuit", "CN"), ("biomedicine", "西藏"), ("integrated-circuit", "NL")],
)
def test_coverage_agrees_with_gaps(full: Graph, chain: str, region: str) -> None:
    row = agree_with_gaps(full, chain, region)
    assert row.inputs == row.met + row.insufficient + row.absent + row.unknown
    assert 0 <= row.coverage_low <= row.coverage_high <= 1
    assert row.coverage_low == pytest.approx(row.met / row.inputs, abs=1e-6)


@pytest.mark.shared
def test_linkage_of_textile(full: Graph) -> None:
    frame = full.ask("linkage", chain="modern-textile")
    assert frame.intensity.sum() == pytest.approx(1, abs=0.001)
    assert {"forward", "horizontal"} <= set(frame.direction.dropna())
    assert ((frame.from_iri == frame.to_iri) == (frame.region_direction == "intra-regional")).all()
    out = frame[frame["from"] == "Zhejiang"].intensity.sum() + frame[frame.to == "Zhejiang"].intensity.sum()
    within = frame[(frame["from"] == "Zhejiang") & (frame.to == "Zhejiang")].intensity.sum()
    ability = table(
        full,
        "SELECT ?a WHERE { <https://w3id.org/icsc/id/result/regional-chain/chain/modern-textile/region/330000> "
        "icsc:linkageAbility ?a }",
    )
    assert float(ability.a[0]) == pytest.approx(out - within, abs=1e-4)


@pytest.mark.shared
@pytest.mark.parametrize("chain", ["modern-textile", "integrated-circuit", "biomedicine"])
def test_powers_are_those_of_the_matrix(full: Graph, chain: str) -> None:
    """Computed again, with dense inverses, from the rows of `linkage`."""
    edges, nodes = full.ask("linkage", chain=chain), full.ask("linkage-power", chain=chain).set_index("region_iri")
    z = edges.pivot_table(index="from_iri", columns="to_iri", values="intensity", aggfunc="sum")
    z = z.reindex(index=nodes.index, columns=nodes.index).astype(float).fillna(0.0)
    assert list(z.sum(axis=1)) == pytest.approx(list(nodes.given), abs=1e-4)
    assert list(z.sum(axis=0)) == pytest.approx(list(nodes.taken), abs=1e-4)
    assert list(nodes.given + nodes.taken - nodes.inside) == pytest.approx(list(nodes.ability), abs=1e-5)
    total = nodes[["given", "taken"]].astype(float).max(axis=1).to_numpy()
    pulls = np.linalg.inv(np.eye(len(z)) - z.to_numpy() / total).sum(axis=0)
    pushes = np.linalg.inv(np.eye(len(z)) - z.to_numpy() / total[:, None]).sum(axis=1)
    assert list(nodes.backward_power) == pytest.approx(list(pulls / pulls.mean()), rel=0.01)
    assert list(nodes.forward_power) == pytest.approx(list(pushes / pushes.mean()), rel=0.01)
    assert nodes.backward_power.mean() == pytest.approx(1, abs=1e-5)


@pytest.mark.shared
def test_linkage_of_industries_is_a_part_of_that_of_regions(full: Graph) -> None:
    frame = full.ask("linkage-industries", chain="modern-textile")
    assert len(frame) > 300 and frame.held.nunique() == 1 and frame.intensity.min() >= 0.0005
    assert frame.intensity.sum() == pytest.approx(frame.held[0], abs=1e-6) and 0.5 < frame.held[0] <= 1
    assert (frame.from_weight >= frame.intensity - 1e-6).all() and (frame.to_weight >= frame.intensity - 1e-6).all()
    regions = full.ask("linkage", chain="modern-textile").groupby(["from_iri", "to_iri"]).intensity.sum()
    held = frame.groupby(["from_iri", "to_iri"]).intensity.sum()
    assert (held <= regions.reindex(held.index) + 1e-4).all()
    some = full.ask("linkage-industries", chain="modern-textile", **{"from": "浙江", "to": "浙江"})
    assert set(some.region_direction) == {"intra-regional"} and some.held[0] == frame.held[0]


@pytest.mark.shared
@pytest.mark.parametrize("region", ["浙江", "region/CN", "region/NL", "region/330600", "region/110000"])
def test_dependence_agrees_with_coverage(full: Graph, region: str) -> None:
    frame = full.ask("dependence-of-region", chain="integrated-circuit", region=region)
    cover = full.ask("coverage", chain="integrated-circuit", region=region)
    assert frame.found.sum() == frame.inputs[0] and (frame.inputs == frame.inputs[0]).all()
    rings = frame[frame.ring != "none"]
    assert rings.within_low.is_monotonic_increasing and rings.within_high.is_monotonic_increasing
    assert (rings.within_low <= rings.within_high).all()
    own = cover.iloc[0] if len(cover) else None
    assert frame.gaps.sum() == (own.absent + own.insufficient if own is not None else 0)
    assert frame.found[0] == (own.met if own is not None else 0)
    named = full.ask("inputs-by-ring", chain="integrated-circuit", region=region)
    counts = named.nearest_ring.fillna("none").value_counts()
    assert counts.to_dict() == {row.ring: row.found for row in frame.itertuples() if row.found}


@pytest.mark.shared
def test_specialisation_is_the_quotient_of_counts(full: Graph) -> None:
    """Counted again in SPARQL: Zhejiang's part of textile firms against its part of all firms."""
    frame = full.ask("specialisation", region="浙江", chain="modern-textile")
    assert len(frame) == 1 and frame.location_quotient[0] > 1.5
    counts = table(
        full,
        "SELECT ?place (COUNT(DISTINCT ?f) AS ?n) (COUNT(DISTINCT ?t) AS ?m) WHERE { { ?f icsc:participatesIn ?any } "
        "UNION { ?f icsc:classifiedAs ?class } ?f icsc:locatedIn ?place . ?place a icsc:Province . OPTIONAL { ?f "
        "icsc:participatesIn <https://w3id.org/icsc/id/chain/modern-textile> . BIND(?f AS ?t) } } GROUP BY ?place",
    ).set_index("place")
    home = counts.loc["https://w3id.org/icsc/id/region/330000"]
    assert frame.enterprises[0] == home.m
    firms = table(
        full,
        "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?f icsc:locatedIn ?p . ?p a icsc:Province }",
    )
    assert firms.n[0] >= len(counts)
    assert frame.location_quotient[0] == pytest.approx((home.m / home.n) / (counts.m.sum() / counts.n.sum()), rel=1e-5)


@pytest.mark.shared
@pytest.mark.parametrize("question", ["coordination", *QUESTIONS, "linkage-industries"])
def test_bound_questions_answer(full: Graph, question: str) -> None:
    parameters = {"chain": "integrated-circuit"}
    if question not in {"linkage", "linkage-industries", "structure"}:
        parameters["region"] = "浙江"
    assert len(full.ask(question, **parameters))


@pytest.mark.shared
def test_counted_providers_give_the_answer_that_reading_gives(full: Graph) -> None:
    """Where providers were counted when the release was made, `gaps` says what it would say by counting itself."""
    counted = table(full, "SELECT (COUNT(*) AS ?n) { ?count a icsc:ProviderCount ; icsc:countedIn ?region }")
    assert counted.n[0] > 100
    chains = table(full, "SELECT DISTINCT ?chain { ?link icsc:linkOf ?chain ; icsc:requiresInput ?input }").chain
    met = 0
    for chain in sorted(chains):
        for region in ("region/CN", "region/330000"):
            text = full.bound("gaps", chain=chain, region=region)
            itself = text.replace("icsc:countedIn", "icsc:countedNowhere")
            assert itself != text
            mine, other = full.sparql(text), full.sparql(itself)
            assert isinstance(mine, pd.DataFrame) and isinstance(other, pd.DataFrame)
            pd.testing.assert_frame_equal(mine, other)
            met += (mine.status == "met").sum()
    assert met > 100
