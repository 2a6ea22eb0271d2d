"""What changed between two releases, with both sources beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg.cli import cli
from kg.diff import COLUMNS, compare
from kg.errors import LimitError, ParameterError, QueryError, UsageError
from kg.graph import Graph
from kg.library import find_questions
from kg.release import build
from tests.conftest import SHARED


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A release without the paper's statements."""
    releases = tmp_path_factory.mktemp("without")
    build(["chain_industry", "regions"], releases=releases)
    return kg.open(releases=releases)


@pytest.fixture(scope="module")
def snapshots(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Graph]:
    """Two releases from two versions of one source."""
    releases = tmp_path_factory.mktemp("snapshots")
    sources = ["eto_chip_explorer", "regions", "chain_industry"]
    old = SHARED / "data" / "eto_chip_explorer" / "older_2025-01-30"
    ids = [
        build(sources, SHARED / "data", releases=releases, snapshots={"eto_chip_explorer": old}).id,
        build(sources, SHARED / "data", releases=releases).id,
    ]
    return kg.open(ids[0], releases=releases), kg.open(ids[1], releases=releases)


def test_a_release_does_not_differ_from_itself(embedded: Graph) -> None:
    found = compare(embedded, embedded, {"chain": "modern-textile", "region": "绍兴"})
    assert found.frame.empty and {"gaps", "necks", "partners"} <= set(found.asked)


def test_a_source_less(embedded: Graph, without: Graph) -> None:
    frame = compare(embedded, without, {"region": "CN"}, ["gaps"]).frame
    assert list(frame.columns) == list(COLUMNS)
    (source,) = frame[frame.part == "sources"].itertuples()
    assert source.change == "disappeared" and source.before > 0 and source.after is None
    gaps = frame[frame.part == "gaps"]
    chips = gaps[gaps.subject.str.contains("high-end chips of intelligent computing")].iloc[0]
    assert (chips.change, chips.column, chips.before, chips.after) == ("disappeared", "status", "absent", None)
    assert chips.cause == "zhejiang is only in the first release"
    assert chips.before_version and chips.after_version is None
    assert chips.statements_gone > 0 and chips.statements_new == 0 and "- " in chips.statements
    turned = compare(without, embedded, {"region": "CN"}, ["gaps"]).frame
    assert set(turned[turned.part == "gaps"].change) == {"appeared"} and len(turned) == len(frame)


def test_what_is_met_is_no_gap(embedded: Graph) -> None:
    how = embedded.question("gaps").compare
    assert how is not None and "met" not in how.only["status"] and "unknown" not in how.only["status"]


def test_errors_are_clear(embedded: Graph) -> None:
    with pytest.raises(UsageError, match="is not compared"):
        compare(embedded, embedded, questions=["structure"])
    with pytest.raises(ParameterError, match="no compared question has a parameter --colour"):
        compare(embedded, embedded, {"colour": "red"})
    with pytest.raises(LimitError):
        compare(embedded, embedded, timeout=0.01)


def test_an_unknown_release_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["diff", "yesterday", "today", "--releases", str(tmp_path)])
    assert result.exit_code != 0 and "there is no release 'yesterday'" in str(result.exception)


@pytest.mark.parametrize(
    ("compare_line", "message"),
    [
        ("{key: [colour]}", "'colour', which is not among the columns"),
        ("{key: [x], each: [chain]}", "'chain', which is not among the parameters"),
        ("{values: [x]}", "compare needs a key"),
    ],
)
def test_the_header_is_checked(tmp_path: Path, compare_line: str, message: str) -> None:
    text = f"#+ summary: s\n#+ columns: {{x: a thing}}\n#+ compare: {compare_line}\nSELECT ?x {{ ?x a ?y }}\n"
    (tmp_path / "q.rq").write_text(text, encoding="utf-8")
    with pytest.raises(QueryError, match=message):
        find_questions(tmp_path)


@pytest.mark.shared
def test_two_versions_of_one_source(snapshots: tuple[Graph, Graph]) -> None:
    before, after = snapshots
    values = {"chain": "integrated-circuit"}
    frame = compare(before, after, values).frame
    (source,) = frame[frame.part == "sources"].itertuples()
    assert (source.before_version, source.after_version) == ("4ad9219 (2025-01-30)", "46e0106 (2026-08-14)")
    assert source.before_hash != source.after_hash and "provision.csv" in source.cause
    # N73: 35 % and 2.8 % of another market. Both sources stand beside it.
    other = frame[(frame.part == "necks") & frame.subject_iri.str.endswith("item/eto/N73")]
    share = other[other.column == "domestic_share"].iloc[0]
    assert (share.change, share.before, share.after) == ("changed", 0.35, pytest.approx(0.028))
    assert "4ad9219" in share.cause and "46e0106" in share.cause
    assert share.note.startswith("before: Shares of the CSET report") and "after: Shares of tools" in share.note
    assert "- rel/eto/P2-N73 share 0.35 [eto_chip_explorer]" in share.statements
    assert "+ rel/eto/P2-N73 share 0.028 [eto_chip_explorer]" in share.statements
    assert set(frame.change) == {"appeared", "disappeared", "changed"}
    # A provider that only the newer version knows, and a gap that only it has looked for.
    assert {"gaps", "necks", "partners"} <= set(frame[frame.change == "appeared"].part)
    assert frame[frame.part == "gaps"].before_version.notna().all()


@pytest.mark.shared
def test_the_command(snapshots: tuple[Graph, Graph]) -> None:
    sides = [str(side.release.path) for side in snapshots if side.release]
    asked = ["diff", *sides, "--question", "gaps", "--chain", "integrated-circuit", "--region", "CN"]
    result = CliRunner().invoke(cli, [*asked, "--format", "json"], standalone_mode=False)
    records = json.loads(result.stdout)
    assert {record["part"] for record in records} == {"sources", "gaps"}
    table = CliRunner().invoke(cli, asked, standalone_mode=False).stdout
    assert "sources: 1 changed" in table
    rows = CliRunner().invoke(cli, [*asked, "--format", "csv"], standalone_mode=False).stdout
    assert rows.count("\n") >= len(records) and rows.startswith("part,change,subject")


PREFIXES = """@prefix icsc: <https://w3id.org/icsc/ns#> . @prefix : <https://w3id.org/icsc/id/region/> .
@prefix o: <https://w3id.org/icsc/id/org/> . @prefix i: <https://w3id.org/icsc/id/item/> .
@prefix c: <https://w3id.org/icsc/id/chain/> . @prefix l: <https://w3id.org/icsc/id/link/> .
@prefix p: <https://w3id.org/icsc/id/rel/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
PLACES = """:CN a icsc:Country ; rdfs:label "China"@en . :US a icsc:Country ; rdfs:label "United States"@en .
:33 a icsc:Province ; rdfs:label "Zhejiang"@en ; icsc:partOfRegion :CN .
"""
CHAIN = """c:x a icsc:IndustrialChain ; rdfs:label "X chain"@en .
l:1 a icsc:ChainLink ; icsc:linkOf c:x ; icsc:requiresInput i:a , i:b .
i:a a icsc:Product ; rdfs:label "item a"@en . i:b a icsc:Product ; rdfs:label "item b"@en .
"""
SUPPLY = "p:a a icsc:Provision ; icsc:providesItem i:a ; icsc:hasProvider o:f .\n" + "".join(
    f"p:s{item} a icsc:Survey ; icsc:surveys i:{item} ; icsc:surveyedRegion :CN ; icsc:completeness icsc:complete ; "
    "icsc:surveyScope icsc:scopeListedFirms .\n"
    for item in "ab"
)
FIRM = 'o:f a icsc:Enterprise ; rdfs:label "Firm"@en ; icsc:locatedIn :33 .\n'
SOURCES = {"places": PLACES, "needs": CHAIN, "supply": SUPPLY, "firms": FIRM}


def toy(folder: Path, **sources: str) -> Graph:
    """A release of sources in Turtle; those that are not named are as in `SOURCES`."""
    for name, text in (SOURCES | sources).items():
        (folder / name / "data").mkdir(parents=True)
        (folder / name / "data" / "x.ttl").write_text(PREFIXES + text, encoding="utf-8")
        about = f'title = "{name}"\nlicence = "CC0"\n[[files]]\nname = "x.ttl"\nbundled = true\n'
        (folder / name / "source.toml").write_text(about, encoding="utf-8")
        (folder / name / "x.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }\n", encoding="utf-8")
    build(sorted(SOURCES | sources), loaders=[folder], releases=folder / "releases", analysis=False)
    return kg.open(releases=folder / "releases")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return toy(tmp_path_factory.mktemp("first"))


def test_a_firm_that_moved_explains_its_gap_and_its_ring(first: Graph, tmp_path: Path) -> None:
    frame = compare(first, toy(tmp_path, firms=FIRM.replace(":33", ":US"))).frame
    assert frame[frame.part == "sources"].subject.tolist() == ["firms"]
    moved = "- org/f locatedIn 33 [firms]; + org/f locatedIn US [firms]"
    for part, column, before, after in (
        ("gaps", "status", "single-source", "absent"),
        ("partners", "ring", "country", "world"),
    ):
        (row,) = frame[frame.part == part].itertuples()
        assert (row.change, row.column, row.before, row.after) == ("changed", column, before, after)
        assert (row.statements_gone, row.statements_new, row.statements) == (1, 1, moved), "not what both say"
        assert row.cause == "firms is another version: other files"


def test_a_place_that_belongs_elsewhere_explains_a_gap(first: Graph, tmp_path: Path) -> None:
    places = PLACES.replace("icsc:partOfRegion :CN", "icsc:partOfRegion :US")
    frame = compare(first, toy(tmp_path, places=places), questions=["gaps"]).frame
    (row,) = frame[frame.part == "gaps"].itertuples()
    assert row.statements == "- region/33 partOfRegion CN [places]; + region/33 partOfRegion US [places]"


def test_a_need_that_went_explains_a_gap_that_went(first: Graph, tmp_path: Path) -> None:
    frame = compare(first, toy(tmp_path, needs=CHAIN.replace(" , i:b", "")), questions=["gaps"]).frame
    (row,) = frame[frame.part == "gaps"].itertuples()
    assert (row.change, row.cause) == ("disappeared", "needs is another version: other files")
    assert row.statements == "- link/1 requiresInput b [needs]"


def test_the_same_file_mapped_differently(first: Graph, tmp_path: Path) -> None:
    mapped = toy(tmp_path)
    rq = tmp_path / "firms" / "x.rq"
    rq.write_text(rq.read_text().replace("?o }\n", "?o FILTER(!STRENDS(STR(?p), 'locatedIn')) }\n"), encoding="utf-8")
    build(sorted(SOURCES), loaders=[tmp_path], releases=tmp_path / "again", analysis=False)
    frame = compare(mapped, kg.open(releases=tmp_path / "again"), questions=["gaps"]).frame
    assert set(frame[frame.part != "program"].cause) == {
        "the same files, mapped differently",
        "firms is mapped differently",
    }


def test_what_only_one_release_has_appeared(first: Graph, tmp_path: Path) -> None:
    more = """c:y a icsc:IndustrialChain ; rdfs:label "Y chain"@en .
    l:9 a icsc:ChainLink ; icsc:linkOf c:y ; icsc:requiresInput i:a . """
    second = toy(tmp_path, needs=CHAIN.replace("X chain", "Chain of X"), more=more)
    for values in ({"chain": "Y chain"}, {"chain": "chain/y"}):
        frame = compare(first, second, values, ["gaps"]).frame
        (row,) = frame[frame.part == "gaps"].itertuples()
        assert (row.change, row.after) == ("appeared", "single-source") and "more is only in" in row.cause
    turned = compare(second, first, {"chain": "Y chain"}, ["gaps"]).frame
    assert turned[turned.part == "gaps"].change.tolist() == ["disappeared"]
    # Renamed is not new.
    renamed = compare(first, second, {"chain": "Chain of X"}, ["gaps"]).frame
    assert renamed[renamed.part == "gaps"].empty
    with pytest.raises(ParameterError, match="no chain is called 'Z chain'"):
        compare(first, second, {"chain": "Z chain"})
