"""Where somebody provides something wider, or a limit takes a provider away, no survey of names proves absence."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.graph import Graph
from kg.whatif import whatif
from tests.golden.test_analysis_questions import ID, answers
from tests.golden.test_gaps import PLACES, make, provision, sources, survey

KINDS = {"disperse": "dye", "reactive": "dye", "vat": "dye", "acid": "wash", "red": "paint", "green": "paint"}
KINDS |= {"lathe": "machine", "island": "tool"}


def kinds() -> dict[str, str]:
    text = 'c:x a :IndustrialChain ; rdfs:label "X"@en . l:1 a :ChainLink ; :linkOf c:x ; rdfs:label "1"@en .\n'
    for item, wider in KINDS.items():
        text += f'i:{item} a :Product ; rdfs:label "{item}"@en ; :kindOf i:{wider} . l:1 :requiresInput i:{item} .\n'
    text += "".join(f'i:{wider} a :Product ; rdfs:label "{wider}"@en .\n' for wider in sorted(set(KINDS.values())))
    for firm, place in {"f1": "3301", "f2": "33", "f3": "44", "f4": "T"}.items():
        text += f'o:{firm} a :Enterprise ; rdfs:label "{firm}"@en ; :locatedIn r:{place} .\n'
    text += provision("dye", "f1") + provision("reactive", "f2")
    # One firm makes both; of its wider name nobody else is known.
    text += provision("wash", "f2") + provision("acid", "f2")
    text += provision("red", "f1") + provision("machine", "f3") + provision("tool", "f4")
    return {
        "places": PLACES + 'r:T a :Province, :SeparateCustomsTerritory ; rdfs:label "T"@en ; :partOfRegion r:CN .\n',
        "first": text + looks("all", "c:x", "r:33 , r:CN") + looks("vat", "i:vat", "r:33"),
    }


def looks(name: str, thing: str, places: str) -> str:
    return (
        f"s:{name} a :Survey ; :surveys {thing} ; :surveyedRegion {places} ; :completeness :complete ; "
        ":surveyScope :scopeListedFirms .\n"
    )


@pytest.fixture(scope="module")
def wider(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return make(tmp_path_factory.mktemp("wider"), kinds())


@pytest.fixture(scope="module")
def dump(wider: Graph) -> bytes:
    assert wider.release is not None
    return b"".join(path.read_bytes() for path in sorted(wider.release.path.glob("dumps/*.nq")))


def statuses(dump: bytes, region: str, **parameters: str) -> dict[object, object]:
    rows = answers(dump, "gaps", "input", "status", chain="chain/x", region=f"region/{region}", **parameters)
    return {str(item).removeprefix("item/"): status for item, status in rows}


def counts(dump: bytes, region: str) -> dict[str, object]:
    columns = ("met", "single_source", "insufficient", "absent", "unknown")
    (row,) = answers(dump, "coverage", *columns, chain="chain/x", region=f"region/{region}")
    return dict(zip(columns, row, strict=True))


def test_a_wider_name_leaves_open_what_a_survey_of_names_has_not_found(dump: bytes) -> None:
    assert statuses(dump, "33") == {
        "disperse": "unknown",
        # One maker; another may be.
        "reactive": "met",
        # The input itself was looked for.
        "vat": "absent",
        "acid": "single-source",
        "red": "single-source",
        # Another kind of the same is no wider thing.
        "green": "absent",
        # Its wider thing is made elsewhere only.
        "lathe": "absent",
        "island": "absent",
    }
    # In the country somebody makes machines; what a separate customs territory makes is not the country's.
    assert {item: status for item, status in statuses(dump, "CN").items() if item in ("lathe", "island", "vat")} == {
        "lathe": "unknown",
        "island": "absent",
        "vat": "unknown",
    }


def test_counts_breakpoints_and_measures_follow(dump: bytes) -> None:
    assert counts(dump, "33") == {"met": 3, "single_source": 2, "insufficient": 0, "absent": 4, "unknown": 1}
    states = dict(answers(dump, "breakpoints", "input", "state", chain="chain/x", region="region/33"))
    assert states["item/disperse"] == "unknown" and states["item/vat"] == states["item/green"] == "breakpoint"
    assert "item/reactive" not in states
    measures = dict(answers(dump, "measures", "input", "measure", chain="chain/x", region="region/33"))
    assert measures == {"item/acid": "protection", "item/red": "protection"}


def test_whom_to_ask(dump: bytes) -> None:
    """Only of what is unknown, only in the region, and not in its separate customs territory."""
    columns = ("input", "wider", "provider", "source")
    source = "https://w3id.org/icsc/graph/source/first"
    asked = [("item/disperse", "item/dye", "org/f1", source)]
    assert answers(dump, "may-provide", *columns, chain="chain/x", region="region/33") == asked
    found = answers(dump, "may-provide", *columns, region="region/CN")
    assert [row[:3] for row in found] == [
        ("item/disperse", "item/dye", "org/f1"),
        ("item/lathe", "item/machine", "org/f3"),
        ("item/vat", "item/dye", "org/f1"),
    ]


@pytest.mark.parametrize(
    ("lang", "absent", "single"),
    [("en", "looked for; somebody provides something wider", "one provider is known; others provide something wider"),
     ("zh", "已调查；有供给者供给更宽泛的投入", "已知一个供给者；另有供给者供给更宽泛的投入")],
)  # fmt: skip
def test_the_reason_says_so(wider: Graph, lang: str, absent: str, single: str) -> None:
    frame = wider.ask("gaps", chain="chain/x", region="region/33", lang=lang)
    reasons = dict(zip(frame.input_iri.str.removeprefix(ID + "item/"), frame.reason, strict=True))
    assert reasons["disperse"].startswith(absent) and reasons["reactive"].startswith(single)


def test_losing_the_only_maker_opens_no_gap_where_another_may_be(wider: Graph) -> None:
    lost = whatif(wider, ["f2"], region=ID + "region/33").inputs
    found = dict(zip(lost.input, lost.status, strict=True))
    assert found["reactive"] == "unknown" and found["acid"] == "absent"


def test_who_provides_something_broader_may_be_lost_too(wider: Graph) -> None:
    """Nobody is left who may make it then: it was looked for by name, and only by that name somebody was found."""
    lost = whatif(wider, ["f1", "f2"], region=ID + "region/33").inputs
    assert dict(zip(lost.input, lost.status, strict=True))["reactive"] == "absent"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return make(tmp_path_factory.mktemp("whole"), sources())


def test_a_part_does_not_prove_absence_against_what_it_leaves_out(whole: Graph) -> None:
    """Questions without limits of their own say of a part what `gaps`, with its own, says of the whole."""
    for limits in ({"min_confidence": 0.5}, {"as_of": "2026-01-01"}, {"as_of": "2010-01-01"}):
        asked = whole.ask("gaps", chain="chain/x", region="region/33", **limits)
        wanted = asked.groupby("status").input.count()
        part = whole.select(**limits)
        row = part.ask("coverage", chain="chain/x", region="region/33").iloc[0]
        for status, column in (("absent", "absent"), ("single-source", "single_source"), ("unknown", "unknown")):
            assert row[column] == wanted.get(status, 0), (limits, status)
        assert row.met == wanted.get("met", 0) + wanted.get("single-source", 0)
        states = part.ask("breakpoints", chain="chain/x", region="region/33")
        broken = set(states[states.state == "breakpoint"].input)
        assert broken == set(asked[asked.status.isin(["absent", "insufficient"])].input), limits
        measures = part.ask("measures", chain="chain/x", region="region/33")
        assert set(measures.input) <= broken | set(asked[asked.status == "single-source"].input)


def test_lists_go_by_the_confidence_of_a_statement_or_else_of_its_source(whole: Graph) -> None:
    cases = (
        ("firm", {"firm": "org/f1", "fact": "makes"}, "what", {"unsure", "twice", "other", "later", "ended"}),
        ("single-source", {"region": "region/33"}, "input", {"unsure", "other", "later", "ended"}),
        ("providers", {"input": "item/unsure"}, "input", {"unsure"}),
    )
    for name, given, column, every in cases:
        for least, left in ((0.3, every), (0.5, every - {"unsure"}), (0.7, set())):
            assert set(whole.ask(name, min_confidence=least, **given)[column]) == left, (name, least)


def test_a_part_of_one_source_holds_it_to_all_that_this_source_says(whole: Graph) -> None:
    limits = {"source": ["first", "places"], "min_confidence": 0.5}
    row = whole.select(**limits).ask("coverage", chain="chain/x", region="region/33").iloc[0]
    found = whole.select(source=limits["source"]).ask("gaps", chain="chain/x", region="region/33", min_confidence=0.5)
    assert row.unknown == (found.status == "unknown").sum() > 0 and row.absent == (found.status == "absent").sum()


def test_what_has_no_name_in_the_language_is_named_in_another() -> None:
    """Lists of names inside a cell: none is left out of one because of its language."""
    ns, graph = "https://w3id.org/icsc/ns#", "<https://w3id.org/icsc/graph/derived/breakpoints>"
    kind, label = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2000/01/rdf-schema#label"
    facts = [
        ("link/1", "linkOf", "chain/x"),
        ("link/1", "requiresInput", "item/a"),
        ("link/1", "requiresInput", "item/b"),
    ]
    facts += [("item/a", "hasInput", f"item/{other}") for other in "bcd"]
    for region in ("33", "WORLD"):
        facts += [
            (f"result/{region}", "inRegion", f"region/{region}"),
            (f"result/{region}", "analysedSubject", "chain/x"),
        ]
        facts += [(f"result/{region}", "reachesTo", f"region/{region}")]
        facts += [(f"result/{region}", "breaksAt", f"item/{broken}") for broken in "abcd"]
    facts += [
        ("gap/1", "inChain", "chain/x"),
        ("gap/1", "inRegion", "region/33"),
        ("gap/1", "withinRegion", "region/33"),
    ]
    facts += [("gap/1", "lacks", "item/a"), ("gap/1", "status", "absent"), ("do/1", "addresses", "gap/1")]
    facts += [("do/1", "proposesPartner", "org/f"), ("do/1", "supportRegion", "region/44")]
    lines = [f"<{ID}{s}> <{ns}{p}> <{ID}{o}>" for s, p, o in facts]
    lines += [f"<{ID}gap/1> <{kind}> <{ns}MissingInputGap>", f"<{ID}chain/x> <{kind}> <{ns}Chain>"]
    lines += [f'<{ID}absent> <http://www.w3.org/2004/02/skos/core#notation> "absent"']
    lines += [f'<{ID}item/b> <{label}> "钢"@zh-Hans', f'<{ID}item/c> <{label}> "tin"@en']
    lines += [f'<{ID}item/c> <{label}> "锡"@zh-Hans', f'<{ID}org/f> <{label}> "厂"@zh-Hans']
    dump = "".join(f"{line} {graph} .\n" for line in lines).encode()
    for lang, name in (("en", "tin"), ("zh", "锡")):
        takes = dict(answers(dump, "breakpoints", "input", "takes", region="region/33", lang=lang))["item/a"]
        assert {text.removeprefix(ID) for text in str(takes).split("; ")} == {"钢", name, "item/d"}
        measures = answers(dump, "measures", "candidates", "support", region="region/33", lang=lang)
        assert measures == [("厂", "region/44")]


def whole_and_part(whole: Graph, wanted: dict[str, str], **limits: object) -> Graph:
    """Holds both ways to ask `gaps` with limits to the same statuses; gives the part."""
    part = whole.select(**limits)
    for found in (
        whole.ask("gaps", chain="chain/x", region="region/33", **limits),
        part.ask("gaps", chain="chain/x", region="region/33"),
    ):
        assert dict(zip(found.input, found.status, strict=True)) == wanted, limits
    return part


def test_a_part_does_not_prove_absence_against_something_wider_that_it_leaves_out(tmp_path: Path) -> None:
    wanted = {"unsure": "unknown", "late": "unknown", "asked": "absent", "both": "single-source"}
    text = 'c:x a :IndustrialChain ; rdfs:label "X"@en . l:1 a :ChainLink ; :linkOf c:x ; rdfs:label "1"@en .\n'
    for item in wanted:
        text += f'i:{item} a :Product ; rdfs:label "{item}"@en ; :kindOf i:w{item} . l:1 :requiresInput i:{item} .\n'
        text += f'i:w{item} a :Product ; rdfs:label "w{item}"@en .\n'
    text += "o:f1 a :Enterprise ; :locatedIn r:3301 .\n" + provision("both", "f1")
    for item in wanted:
        text += provision(f"w{item}", "f1", '; :validFrom "2020-01-01T00:00:00Z"^^xsd:dateTime ; :confidence 0.3')
    text += survey("all", "c:x", date="2009-01-01") + survey("asked", date="2009-01-01")
    whole = make(tmp_path, {"places": PLACES, "first": text})
    for limits in ({"min_confidence": 0.5}, {"as_of": "2010-01-01"}):
        part = whole_and_part(whole, wanted, **limits)
        row = part.ask("coverage", chain="chain/x", region="region/33").iloc[0]
        assert (row.unknown, row.absent, row.single_source) == (2, 1, 1), limits


def test_a_survey_of_the_input_itself_settles_nothing_where_it_does_not_count(tmp_path: Path) -> None:
    """The whole with limits says what the part says: who is asked by name in time is not asked for the input."""
    text = 'c:x a :IndustrialChain ; rdfs:label "X"@en . l:1 a :ChainLink ; :linkOf c:x ; rdfs:label "1"@en .\n'
    for item in ("later", "unsure", "early"):
        text += f'i:{item} a :Product ; rdfs:label "{item}"@en ; :kindOf i:w{item} . l:1 :requiresInput i:{item} .\n'
        text += f'i:w{item} a :Product ; rdfs:label "w{item}"@en .\n' + provision(f"w{item}", "f1")
    text += "o:f1 a :Enterprise ; :locatedIn r:3301 .\n" + survey("all", "c:x", date="2009-01-01")
    text += survey("later") + survey("unsure", more="; :confidence 0.3", date="2009-01-01")
    text += survey("early", date="2009-01-01")
    whole = make(tmp_path, {"places": PLACES, "first": text})
    for limits, open_ones in (
        ({}, set()),
        ({"as_of": "2015-01-01"}, {"later"}),
        ({"min_confidence": 0.5}, {"unsure"}),
    ):
        wanted = {item: "unknown" if item in open_ones else "absent" for item in ("later", "unsure", "early")}
        whole_and_part(whole, wanted, **limits)


def test_who_has_ended_or_not_begun_provides_nothing_at_a_date(tmp_path: Path) -> None:
    text = 'c:x a :IndustrialChain ; rdfs:label "X"@en . l:1 a :ChainLink ; :linkOf c:x ; rdfs:label "1"@en .\n'
    for item, firm in (("old", "f1"), ("new", "f2"), ("both", "f3")):
        text += f'i:{item} a :Product ; rdfs:label "{item}"@en . l:1 :requiresInput i:{item} .\n'
        text += provision(item, firm)
    text += 'o:f1 a :Enterprise ; :locatedIn r:33 ; :validTo "2010-01-01T00:00:00Z"^^xsd:dateTime .\n'
    text += 'o:f2 a :Enterprise ; :locatedIn r:33 ; :validFrom "2020-01-01T00:00:00Z"^^xsd:dateTime .\n'
    text += "o:f3 a :Enterprise ; :locatedIn r:33 .\n" + survey("all", "c:x", date="2009-01-01")
    whole = make(tmp_path, {"places": PLACES, "first": text})
    for limits, wanted in (
        ({}, {"old": "single-source", "new": "single-source", "both": "single-source"}),
        ({"as_of": "2015-01-01"}, {"old": "unknown", "new": "unknown", "both": "single-source"}),
    ):
        whole_and_part(whole, wanted, **limits)


def test_a_surer_statement_of_an_unsure_source_counts(tmp_path: Path) -> None:
    """Its source goes from the part, it stays, with the name and the place of who provides."""
    text = 'c:x a :IndustrialChain ; rdfs:label "X"@en . l:1 a :ChainLink ; :linkOf c:x ; rdfs:label "1"@en .\n'
    for item in ("sure", "hardly", "over"):
        text += f'i:{item} a :Product ; rdfs:label "{item}"@en . l:1 :requiresInput i:{item} .\n'
    told = "o:f1 a :Enterprise ; rdfs:label 'F'@en ; :locatedIn r:3301 .\n" + provision("hardly", "f1")
    told += "i:sure a :Product . i:hardly a :Product .\n" + provision("sure", "f1", "; :confidence 0.9")
    told += 'o:f2 a :Enterprise ; :locatedIn r:33 ; :validTo "2010-01-01T00:00:00Z"^^xsd:dateTime .\n'
    told += provision("over", "f2", "; :confidence 0.9")
    whole = make(tmp_path, {"places": PLACES, "second": text, "first": told})
    part = whole_and_part(whole, {"sure": "met", "hardly": "unknown", "over": "met"}, min_confidence=0.7)
    assert list(part.ask("providers", input="item/sure").provider) == ["F"]
    # A surer statement of who is not there any more says nothing of the date.
    whole_and_part(
        whole, {"sure": "met", "hardly": "unknown", "over": "unknown"}, min_confidence=0.7, as_of="2015-01-01"
    )
    with pytest.raises(UsageError, match=r"as sure as 0\.99"):
        whole.select(source="second", min_confidence=0.99)
