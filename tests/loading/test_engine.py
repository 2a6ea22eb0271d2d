"""Rows become N-Quads, and none is lost."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import LoaderError, SourceFileError
from kg.loading.engine import map_source
from kg.loading.manifest import read_loader
from kg.loading.results import Schema, SourceResult
from kg.terms import ICSC, ID, XSD

SCHEMA = Schema({ICSC + "validFrom": XSD + "dateTime"}, frozenset())
SQL = """SELECT
    code,
    name,
    TRY_CAST(share AS DOUBLE) AS share,
    make_date(TRY_CAST(year AS INTEGER), 1, 1) AS valid_from
FROM read_csv('rows.csv', header = true, all_varchar = true)"""
RQ = """#+ required: [code]
#+ iri: {org: "org/toy/{code}"}
#+ lang: {name: zh-Hans}
#+ pattern: {code: "[0-9]{3}"}
PREFIX icsc: <https://w3id.org/icsc/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT { ?org a icsc:Enterprise ; rdfs:label ?name ; icsc:share ?share ; icsc:validFrom ?valid_from . }"""
HEAD = "code,name,share,year\n"


def run(loaders: Path, out: Path) -> tuple[SourceResult, list[ox.Quad], list[dict[str, str]]]:
    out.mkdir(exist_ok=True)
    loader = read_loader(loaders / "toy")
    paths = loader.locate(None)
    assert paths is not None
    result = map_source(loader, paths, out, SCHEMA)
    quads = list(ox.parse((out / "quads.nq").read_bytes(), format=ox.RdfFormat.N_QUADS))
    with (out / "rejects.csv").open(encoding="utf-8") as file:
        return result, quads, list(csv.DictReader(file))


def test_terms_come_out_right(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    loaders = make_loader(HEAD + '001,"浙江 ""甲""\n公司\\",0.00000088,2020\n', SQL, RQ)
    _, quads, _ = run(loaders, tmp_path / "out")
    objects = {quad.predicate.value.rsplit("#", 1)[-1]: quad.object for quad in quads}
    assert {quad.subject.value for quad in quads} == {ID + "org/toy/001"}
    assert objects["label"] == ox.Literal('浙江 "甲"\n公司\\', language="zh-hans") or (
        objects["label"].value == '浙江 "甲"\n公司\\'
    )
    assert objects["share"] == ox.Literal("0.00000088", datatype=ox.NamedNode(XSD + "decimal"))
    assert objects["validFrom"] == ox.Literal("2020-01-01T00:00:00Z", datatype=ox.NamedNode(XSD + "dateTime"))


def test_null_leaves_its_triple_out(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    _, quads, _ = run(make_loader(HEAD + "001,,,\n", SQL, RQ), tmp_path / "out")
    assert len(quads) == 1


def test_rejected_rows_are_named(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    result, _, rejects = run(make_loader(HEAD + "001,a,,\n,b,,\n12,c,,\n", SQL, RQ), tmp_path / "out")
    assert (result.read, result.loaded, result.rejected) == (3, 1, 2)
    assert [(row["file"], row["row"], row["column"], row["value"]) for row in rejects] == [
        ("rows.csv", "2", "code", ""),
        ("rows.csv", "3", "code", "12"),
    ]
    assert "malformed" in rejects[1]["reason"]


def test_rows_that_a_filter_drops_are_reported(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    loaders = make_loader(HEAD + "001,a,,\n002,b,,\n003,c,,\n", SQL + " WHERE name <> 'b'", RQ)
    result, _, rejects = run(loaders, tmp_path / "out")
    assert (result.read, result.loaded, result.rejected) == (3, 2, 1)
    assert [(row["row"], row["reason"]) for row in rejects] == [("2", "left out by rows.sql")]


def test_missing_column_names_those_that_are_there(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    loaders = make_loader("code,name\n001,a\n", SQL, RQ)
    with pytest.raises(LoaderError, match=r'column "share" is not in rows\.csv') as caught:
        run(loaders, tmp_path / "out")
    assert "code, name" in str(caught.value)


def test_wrong_encoding_names_the_file(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    loaders = make_loader((HEAD + "001,浙江公司有限,,\n").encode("gb18030"), SQL, RQ)
    with pytest.raises(SourceFileError, match=r"rows\.csv"):
        run(loaders, tmp_path / "out")


def test_truncated_json_names_the_file(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    sql = "SELECT code FROM read_json('rows.json', columns = {'code': 'VARCHAR'})"
    rq = '#+ required: [code]\n#+ iri: {o: "org/{code}"}\nCONSTRUCT { ?o a <urn:x> . }'
    loaders = make_loader('[{"code": "1"}, {"code": "2', sql, rq, file="rows.json")
    with pytest.raises(SourceFileError, match=r"rows\.json"):
        run(loaders, tmp_path / "out")


def test_blank_nodes_are_refused(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    rq = '#+ iri: {o: "org/{code}"}\nCONSTRUCT { ?o <urn:p> [ a <urn:x> ] . }'
    with pytest.raises(LoaderError, match="blank nodes"):
        run(make_loader(HEAD + "001,a,,\n", SQL, rq), tmp_path / "out")


def test_two_runs_give_the_same_bytes(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    rows = "".join(f"{n:03d},公司{n % 7},{n / 1000},2020\n" for n in range(500))
    sql = (
        SQL
        + " AS a JOIN (SELECT DISTINCT name AS other FROM read_csv('rows.csv', header = true)) AS b ON a.name = b.other"
    )
    loaders = make_loader(HEAD + rows, sql, RQ)
    run(loaders, tmp_path / "one")
    run(loaders, tmp_path / "two")
    assert (tmp_path / "one" / "quads.nq").read_bytes() == (tmp_path / "two" / "quads.nq").read_bytes()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1),
        min_size=1,
        max_size=8,
    )
)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any") / "toy"
    (folder / "data").mkdir(parents=True)
    with (folder / "data" / "rows.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(["n", "name"])
        writer.writerows(enumerate(names))
    (folder / "source.toml").write_text('title = "T"\nlicence = "CC0"\n[[files]]\nname = "rows.csv"\nbundled = true\n')
    (folder / "rows.sql").write_text(
        "SELECT n, name FROM read_csv('rows.csv', columns = {'n': 'VARCHAR', 'name': 'VARCHAR'}, header = true, "
        "delim = ',', quote = '\"', escape = '\"', auto_detect = false)"
    )
    (folder / "rows.rq").write_text(
        '#+ iri: {o: "org/{n}", k: "item/{name}"}\nCONSTRUCT { ?o <urn:name> ?name ; <urn:key> ?k . }'
    )
    _, quads, _ = run(folder.parent, folder.parent / "out")
    found = {
        quad.subject.value.rsplit("/", 1)[-1]: quad.object.value for quad in quads if quad.predicate.value == "urn:name"
    }
    assert found == {str(n): name for n, name in enumerate(names)}
    assert len({quad.object.value for quad in quads if quad.predicate.value == "urn:key"}) == len(set(names))


def test_a_file_of_another_encoding(make_loader: Callable[..., Path], tmp_path: Path) -> None:
    loaders = make_loader((HEAD + "001,浙江甲€,,\n").encode("gb18030"), SQL, RQ)
    manifest = loaders / "toy" / "source.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8") + 'encoding = "gb18030"\n', encoding="utf-8")
    result, quads, _ = run(loaders, tmp_path / "out")
    assert (result.read, result.loaded) == (1, 1)
    assert {quad.object.value for quad in quads if quad.predicate.value.endswith("label")} == {"浙江甲€"}
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("gb18030", "ascii"), encoding="utf-8")
    with pytest.raises(SourceFileError, match="is not ascii text"):
        run(loaders, tmp_path / "wrong")
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("ascii", "klingon"), encoding="utf-8")
    with pytest.raises(LoaderError, match="unknown encoding"):
        run(loaders, tmp_path / "unknown")
