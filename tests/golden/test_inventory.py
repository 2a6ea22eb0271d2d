"""Questions that list what is stated: providers, needs, tiers, parts, regions, instruments, lists and results."""

from __future__ import annotations

import pytest

from kg.graph import Graph
from tests.golden.test_analysis_questions import ID, answers, table

NS = ID.replace("/id/", "/ns#")
SOURCE = f"<{ID.replace('/id/', '/graph/')}source/toy>"
NUMBER = "^^<http://www.w3.org/2001/XMLSchema#decimal>"


def facts(*triples: tuple[str, str, str]) -> bytes:
    """Statements of one source; a class begins with a capital letter, a number is a decimal."""

    def term(text: str) -> str:
        if text.startswith('"'):
            return text
        if text.replace(".", "").isdigit():
            return f'"{text}"{NUMBER}'
        return f"<{NS if '/' not in text else ID}{text}>"

    lines = []
    for s, p, o in triples:
        predicate = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>" if p == "a" else f"<{NS}{p}>"
        lines.append(f"{term(s)} {predicate} {term(o)} {SOURCE} .\n")
    return "".join(lines).encode()


def test_providers_of_an_input_and_of_kinds_of_it() -> None:
    provisions = [("prov/1", "org/a", "item/x", "0.7"), ("prov/2", "region/NL", "item/y", "0.2")]
    dump = facts(
        *((node, "a", "Provision") for node, *_ in provisions),
        *(("item/x", "offeredIn", node) for node, *_ in provisions),
        *((node, "hasProvider", who) for node, who, *_ in provisions),
        *((item, "itemProvidedIn", node) for node, _, item, _ in provisions),
        *((node, "share", share) for node, *_, share in provisions),
        ("prov/1", "capabilityKind", "kindResearch"),
        ("prov/1", "quantity", "12"),
        ("org/a", "producesIn", "region/1"),
        ("org/a", "locatedIn", "region/CN"),
        # Not a provision: a capability that somebody called so.
        ("item/x", "offeredIn", "prov/3"),
        ("prov/3", "hasProvider", "org/b"),
    )
    columns = ("provider", "item", "share", "quantity", "capability", "site", "confidence")
    first = ("org/a", "item/x", 0.7, 12, "research", "region/1", None)
    second = ("region/NL", "item/y", 0.2, None, None, None, None)
    assert answers(dump, "providers", *columns, input="item/x") == [first, second]
    assert answers(dump, "providers", *columns, input="item/x", region="region/CN") == [first]
    assert answers(dump, "providers", *columns, input="item/x", region="region/NL") == [second]


def test_providers_as_stated(embedded: Graph) -> None:
    frame = embedded.ask("providers")
    stated = "?i icsc:offeredIn ?p . GRAPH ?g { ?p icsc:hasProvider ?o } ?m icsc:itemProvidedIn ?p"
    expected = table(embedded, f"SELECT DISTINCT ?i ?o ?m ?g {{ ?p a icsc:Provision . {stated} }}")
    assert len(frame) == len(expected) > 3 and frame.source_iri.str.contains("/source/").all()


def test_needed_by_links_and_items() -> None:
    dump = facts(
        ("item/x", "requiredBy", "link/1"),
        ("link/1", "requiresInput", "item/x"),
        ("link/1", "linkOf", "chain/c"),
        ("link/1", "linkRequirement", "req/1"),
        ("req/1", "requiredItem", "item/x"),
        ("req/1", "costShare", "0.3"),
        ("req/2", "a", "InputRequirement"),
        ("req/2", "requiredItem", "item/x"),
        ("item/y", "itemRequirement", "req/2"),
        ("req/2", "substitutability", "0.1"),
        ("org/a", "exposedTo", "item/x"),
        ("org/b", "exposedTo", "item/x"),
    )
    columns = ("kind", "needs", "chain", "cost_share", "substitutability", "exposed")
    link, item = ("link", "link/1", "chain/c", 0.3, None, 2), ("item", "item/y", None, None, 0.1, 2)
    assert answers(dump, "needed-by", *columns, input="item/x") == [link, item]
    assert answers(dump, "needed-by", *columns, input="item/x", kind="item") == [item]


def test_needed_by_has_every_need_that_is_stated_or_follows(embedded: Graph) -> None:
    frame = embedded.ask("needed-by", kind="link")
    expected = table(embedded, "SELECT DISTINCT ?i ?l { ?l icsc:requiresInput ?i }")
    pairs = set(zip(frame.input_iri, frame.needs_iri, strict=True))
    assert pairs == set(zip(expected.i, expected.l, strict=True)) and len(pairs) > 300


def test_a_link_needs_what_the_things_that_it_makes_need() -> None:
    dump = facts(("item/x", "requiredBy", "link/1")) + facts(
        ("link/1", "requiresInput", "item/x"), ("link/1", "linkOf", "chain/c")
    ).replace(b"/source/toy", b"/inferred")
    found = answers(dump, "needed-by", "needs", "source", input="item/x")
    assert found == [("link/1", ID.replace("/id/", "/graph/") + "inferred")]


def test_supplier_tiers() -> None:
    dump = facts(
        ("rel/1", "hasSupplier", "org/b"),
        ("rel/1", "hasCustomer", "org/a"),
        ("org/b", "supplierIn", "rel/1"),
        ("org/a", "customerIn", "rel/1"),
        ("org/b", "suppliesTo", "org/a"),
        ("org/b", "upstreamOf", "org/a"),
        ("org/b", "a", "CoreSupplier"),
        ("org/c", "tier2SupplierOf", "org/a"),
        ("org/c", "upstreamOf", "org/a"),
        ("org/c", "a", "SecondTierSupplier"),
        ("org/d", "tier3SupplierOf", "org/a"),
        ("org/e", "upstreamOf", "org/a"),
    )
    columns = ("direction", "tier", "partner", "part")
    assert answers(dump, "supplier-tiers", *columns, firm="org/a") == [
        ("suppliers", 1, "org/b", "core supplier"),
        ("suppliers", 2, "org/c", "second tier"),
        ("suppliers", 3, "org/d", None),
        ("suppliers", None, "org/e", None),
    ]
    customers = answers(dump, "supplier-tiers", *columns, firm="org/d", direction="customers")
    assert customers == [("customers", 3, "org/a", None)]


def test_a_supplier_that_only_follows_is_there_too() -> None:
    dump = facts(("org/a", "suppliedBy", "org/b")) + facts(
        ("org/b", "suppliesTo", "org/a"), ("org/b", "upstreamOf", "org/a")
    ).replace(b"/source/toy", b"/inferred")
    assert answers(dump, "supplier-tiers", "tier", "partner", firm="org/a") == [(1, "org/b")]


def test_tiers_of_futong(embedded: Graph) -> None:
    (row,) = embedded.ask("supplier-tiers", firm="org/zj/futong").itertuples()
    assert (row.direction, row.tier, row.part) == ("suppliers", 1, "core supplier")
    assert row.partner.startswith("Hangzhou Yuantong")


def test_regions_within_a_region() -> None:
    dump = facts(
        ("region/1", "directlyPartOfRegion", "region/CN"),
        ("region/1", "a", "AdministrativeRegion"),
        ("region/1", "a", "Province"),
        ("region/1", "gbt2260", '"330000"'),
        ("region/1", "latitude", "29"),
        ("region/1", "longitude", "120"),
        ("region/1", "latitude", "30"),
        ("region/1", "longitude", "121"),
        ("region/2", "directlyPartOfRegion", "region/CN"),
        ("region/2", "a", "AdministrativeRegion"),
        ("region/2", "a", "SeparateCustomsTerritory"),
        ("region/2", "iso3166", '"CN-HK"'),
        ("region/2", "boundary", '"{}"'),
        ("region/3", "directlyPartOfRegion", "region/1"),
    )
    columns = ("part", "level", "code", "customs", "latitude", "longitude", "boundary")
    assert answers(dump, "regions", *columns, region="region/CN") == [
        ("region/1", "province", 330000.0, False, 29, 120, False),
        ("region/2", "other", "CN-HK", True, None, None, True),
    ]


def test_stated_gaps_are_those_of_the_paper(embedded: Graph) -> None:
    frame = embedded.ask("stated-gaps")
    assert frame.gap_iri.nunique() == table(embedded, "SELECT ?g { ?g a icsc:Gap }").g.nunique() == 8
    chips = frame[frame.gap_iri.str.endswith("computing-high-end-chip")]
    assert chips.candidates.tolist() == [4] and chips.kind.tolist() == ["missing input"]
    futong = frame[frame.gap_iri.str.endswith("futong-raw-material")]
    assert set(futong.kind) == {"flow interruption", "insufficiency"} and set(futong.causes) == {2}
    assert frame.source.notna().all() and set(frame.section) == {"3.3", "1.1.2"}
    shaoxing = embedded.ask("stated-gaps", chain="modern-textile", region="绍兴")
    assert set(shaoxing.status) == {"absent", "insufficient"} and len(shaoxing) == 2
    # Those of its cities are those of a province, and of what holds it.
    within = table(embedded, f"SELECT DISTINCT ?g {{ ?g a icsc:Gap ; icsc:withinRegion <{ID}region/330000> }}").g
    assert set(embedded.ask("stated-gaps", region="浙江").gap_iri) >= set(within) and len(within) == 6


def test_gap_that_nobody_at_home_can_close() -> None:
    dump = facts(
        ("gap/1", "a", "WeakChainGap"),
        ("gap/1", "inChain", "chain/c"),
        ("gap/1", "inRegion", "region/1"),
        ("gap/1", "status", "statusAbsent"),
        ("statusAbsent", "a", "GapStatus"),
        ("item/x", "lackedIn", "gap/1"),
        ("item/x", "a", "DomesticallyUncovered"),
    )
    (row,) = answers(dump, "stated-gaps", "gap", "kind", "domestic", "causes", "candidates")
    assert row == ("gap/1", NS + "WeakChainGap", False, None, None)


def test_technologies_core_needed_and_of_facilities(embedded: Graph) -> None:
    frame = embedded.ask("technologies", chain="futong-optical")
    assert set(frame.kind) == {"core", "facility"} and (frame.kind == "core").sum() == 3
    assert frame[frame.kind == "facility"].technology.tolist() == ["blockchain"]
    dump = facts(
        ("item/t", "a", "Technology"),
        ("item/t", "requiredBy", "link/1"),
        ("link/1", "requiresInput", "item/t"),
        ("link/1", "linkOf", "chain/c"),
        ("item/t", "providedBy", "org/a"),
        ("item/t", "providedBy", "region/NL"),
        ("org/a", "a", "Organization"),
        ("org/b", "a", "Organization"),
        ("org/b", "hasCapability", "item/t"),
        ("item/t", "subjectOfDependence", "dep/1"),
        ("dep/1", "dependenceLevel", "levelCritical"),
    )
    (row,) = answers(dump, "technologies", "technology", "kind", "used_by", "holders_known", "dependence")
    assert row == ("item/t", "needed", "link/1", 2, NS + "levelCritical")


def test_mechanisms_by_kind(embedded: Graph) -> None:
    frame = embedded.ask("mechanisms")
    guarantee = frame[frame.wider == "guarantee mechanism"]
    assert len(guarantee) == 4 and guarantee.instrument.notna().all()
    fields = frame[frame.kind == "coordination mechanism"].purpose.dropna()
    assert {"taxation", "land policy", "capital policy", "environmental protection"} == set(fields)
    assert len(frame[frame.kind == "operation system"].purpose) == 4
    nothing = answers(facts(("org/a", "a", "Enterprise")), "mechanisms", "instrument", "source")
    # A kind of which no source names an instrument is seen all the same.
    assert nothing == [(None, None)] * 11
    plan = embedded.ask("mechanisms", chain="modern-textile")
    assert plan.kind[plan.instrument.notna()].tolist() == ["action plan"] and plan.kind.nunique() == 11
    assert {"governance mechanism", "governance instrument"} <= set(frame.kind[frame.instrument.notna()])


def test_roles_in_a_chain(embedded: Graph) -> None:
    frame = embedded.ask("roles", chain="futong-optical")
    assert frame.part.tolist() == ["core enterprise", "core supplier", "role", "role"]
    assert set(frame.role.dropna()) == {"manufacturer", "supplier"}
    dump = facts(
        ("cluster/1", "a", "Cluster"), ("cluster/1", "clusterOf", "chain/c"), ("cluster/1", "hasMember", "org/a")
    )
    found = answers(dump, "roles", "chain", "organization", "part", "role")
    assert found == [("chain/c", "org/a", "member of a cluster", "cluster/1")]


def test_parts_of_chains(embedded: Graph) -> None:
    frame = embedded.ask("chain-parts", chain="new-energy-vehicle")
    assert set(frame.aspect) == {"comprises"} and len(frame) == 3 and frame.docking.all()
    assert frame.evidence.notna().all()
    dump = facts(("chain/a", "subChainOf", "chain/b"), ("chain/a", "supplierStructure", "structureMultiLevel"))
    found = answers(dump, "chain-parts", "aspect", "what", "docking", chain="chain/a")
    assert found == [("serves", "chain/b", None), ("supplier structure", NS + "structureMultiLevel", None)]


def test_industries_that_deliver() -> None:
    dump = facts(
        ("industry/b", "upstreamIndustry", "industry/a"),
        ("industry/a", "a", "Industry"),
        ("org/1", "classifiedAs", "industry/a"),
        ("org/2", "classifiedAs", "industry/a"),
        ("org/3", "classifiedAs", "industry/b"),
    )
    expected = [("industry/a", "industry/b", 2)]
    assert answers(dump, "industry-flows", "from_industry", "to_industry", "firms") == expected
    for industry in ("industry/a", "industry/b"):
        assert len(answers(dump, "industry-flows", "firms", industry=industry)) == 1
    assert answers(dump, "industry-flows", "firms", industry="org/3") == []


def test_links_before_and_after(embedded: Graph) -> None:
    frame = embedded.ask("link-neighbours", link="futong-preform")
    assert len(frame) and set(frame.side) <= {"before", "after"}
    stages = embedded.ask("stages", chain="futong-optical")
    following = stages[stages.link_iri.str.endswith("futong-preform")].next_iri.dropna()
    assert set(following) == set(frame[(frame.side == "after") & frame.adjoining].neighbour_iri)


def test_stated_linkages() -> None:
    dump = facts(
        ("rel/1", "linkageSource", "org/a"),
        ("rel/1", "linkageTarget", "org/b"),
        ("rel/1", "fromLink", "link/1"),
        ("rel/1", "toLink", "link/2"),
        ("rel/1", "toStage", "stageInProduction"),
        ("link/2", "linkOf", "chain/c"),
        ("rel/2", "linkageSource", "org/c"),
        ("rel/2", "linkageTarget", "org/d"),
    )
    columns = ("from", "to", "from_link", "to_link", "from_stage", "to_stage")
    first = ("org/a", "org/b", "link/1", "link/2", None, NS + "stageInProduction")
    second = ("org/c", "org/d", None, None, None, None)
    assert answers(dump, "stated-linkages", *columns) == [first, second]
    assert answers(dump, "stated-linkages", *columns, chain="chain/c") == [first]
    assert answers(dump, "stated-linkages", *columns, organization="org/d") == [second]


def test_directions_add_up_to_all_linkage(embedded: Graph) -> None:
    frame = embedded.ask("linkage-directions").set_index(["chain_iri", "kind"])
    assert len(frame)
    for chain in set(frame.index.get_level_values(0)):
        parts = frame.loc[chain].intensity
        inside = parts.get("intra-regional linkage", 0.0) + parts.get("extra-regional linkage", 0.0)
        assert inside == pytest.approx(1.0, abs=0.01)


@pytest.mark.shared
def test_directions_of_a_large_chain(full: Graph) -> None:
    frame = full.ask("linkage-directions", chain="modern-textile").set_index("kind")
    assert frame.intensity["intra-regional linkage"] + frame.intensity["extra-regional linkage"] == pytest.approx(
        1, abs=1e-3
    )
    own = full.ask("linkage-directions", chain="modern-textile", region="浙江").set_index("kind")
    matrix = full.ask("linkage", chain="modern-textile", **{"from": "浙江"})
    outside = matrix[matrix.region_direction == "extra-regional"].intensity.sum()
    assert own.intensity["extra-regional linkage"] == pytest.approx(outside)


def test_lists_of_codes(embedded: Graph) -> None:
    grades = embedded.ask("code-lists", list="quality grade")
    assert grades.code.tolist() == ["1", "2", "3"] and "few makers" in grades.definition[2]
    assert embedded.ask("code-lists", list="质量等级", lang="zh").concept.tolist() == ["低端", "常规", "高端"]
    everything = embedded.ask("code-lists")
    assert everything.list.nunique() == 12 and not everything.duplicated(["list_iri", "code"]).any()


def test_indicators_with_their_observations(embedded: Graph) -> None:
    frame = embedded.ask("indicators")
    count = table(embedded, "SELECT (COUNT(DISTINCT ?i) AS ?n) { ?i a icsc:Indicator }").n[0]
    assert frame.indicator_iri.nunique() == len(frame) == count
    dump = facts(
        ("indicator/i", "a", "Indicator"),
        ("indicator/i", "indicatorDimension", "dimensionEconomic"),
        ("obs/1", "indicator", "indicator/i"),
        ("obs/1", "observedSubject", "item/x"),
        ("obs/2", "indicator", "indicator/i"),
        ("obs/2", "observedSubject", "item/x"),
    )
    found = answers(dump, "indicators", "indicator", "dimension", "observations", "subjects")
    assert found == [("indicator/i", NS + "dimensionEconomic", 2, 1)]
    alone = facts(("indicator/i", "a", "Indicator"), ("obs/1", "indicator", "indicator/i"))
    assert answers(alone, "indicators", "observations", "subjects") == [(1, None)]


def test_results_by_method(embedded: Graph) -> None:
    frame = embedded.ask("results").set_index("kind")
    assert frame.results["coverage of a chain"] == len(embedded.ask("coverage"))
    assert frame.method.notna().all() and frame.citation.str.len().gt(5).all()
    assert frame.source_iri.str.contains("/graph/derived/").all()
