"""`kg check` over files and a release: what, where, how serious, and the exit code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg import asset_checks
from kg.asset_checks import asset_outcomes
from kg.cli import cli
from kg.findings import Example
from kg.quality import find_checks
from kg.release import build
from tests.command import kg

ROOT = Path(__file__).parents[2]


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of assets that may be broken; of the questions some, as rdflib takes its time to parse them."""
    for room in ("ontology", "queries/checks"):
        shutil.copytree(ROOT / room, tmp_path / room)
    (tmp_path / "queries" / "gaps").mkdir()
    shutil.copy(ROOT / "queries" / "gaps" / "surveys.rq", tmp_path / "queries" / "gaps")
    shutil.copytree(ROOT / "loaders" / "regions", tmp_path / "loaders" / "regions")
    monkeypatch.setattr(asset_checks, "asset_dir", lambda room: tmp_path / room)
    return tmp_path


def found(room: str) -> list[Example]:
    _, profile = find_checks(ROOT / "queries")
    (outcome,) = [o for o in asset_outcomes(profile) if o.check == f"asset:{room}"]
    assert outcome.count == len(outcome.examples)
    return list(outcome.examples)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_sound_assets_are_silent(rooms: Path) -> None:
    _, profile = find_checks(ROOT / "queries")
    outcomes = {outcome.check: list(outcome.examples) for outcome in asset_outcomes(profile)}
    assert outcomes == {f"asset:{room}": [] for room in ("ontology", "queries", "loaders")}


@pytest.mark.parametrize(
    ("room", "file", "old", "new", "where", "what"),
    [
        ("ontology", "core.ttl", '"cause"@en , "原因"@zh-Hans', '"cause"@en', r"core.ttl:", "0 labels in zh-Hans"),
        ("ontology", "core.ttl", "rdfs:subClassOf icsc:Flow", "rdfs:subClassOf icsc:Flw", "core.ttl:", "not declared"),
        ("ontology", "rules.ttl", "rdfs:subClassOf", "rdfs:subClasOf :", "rules.ttl", "not valid Turtle"),
        ("queries", "gaps/surveys.rq", "WHERE {", "WHERE {{", "surveys.rq", "does not parse"),
        ("queries", "gaps/surveys.rq", "PREFIX icsc:", "PREFIX ics:", "surveys.rq", "does not parse"),
        ("queries", "gaps/surveys.rq", "#+   region:", "#+   place:", "surveys.rq", "declared"),
        ("loaders", "regions/source.toml", "title = ", "titel = ", "source.toml", "title"),
    ],
)
def test_a_planted_fault_has_its_file(
    rooms: Path, room: str, file: str, old: str, new: str, where: str, what: str
) -> None:
    edit(rooms / room / file, old, new)
    findings = found(room)
    assert findings and all(where in finding.where for finding in findings[:1])
    assert any(what in finding.detail for finding in findings)


def test_a_loader_with_an_undeclared_term_has_its_line(rooms: Path) -> None:
    path = next(iter(sorted((rooms / "loaders" / "regions").glob("*.rq"))))
    edit(path, "icsc:latitude", "icsc:lattitude")
    (finding,) = found("loaders")
    line = int(finding.where.rsplit(":", 1)[1])
    assert "icsc:lattitude" in path.read_text(encoding="utf-8").splitlines()[line - 1]


def test_exit_1_where_a_release_has_an_error(
    tmp_path: Path, make_loader: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ROOT / "queries" / "chain"  # rdflib takes its time to parse them all
    monkeypatch.setattr(asset_checks, "asset_dir", lambda room: few if room == "queries" else ROOT / room)
    loaders = make_loader(
        "a\n1\n",
        "SELECT a FROM read_csv('rows.csv')",
        '#+ iri: {o: "org/toy/{a}"}\nPREFIX icsc: <https://w3id.org/icsc/ns#>\n'
        "CONSTRUCT { ?o a icsc:Enterprise ; icsc:worksFor ?o . }",
    )
    build(["toy"], loaders=[loaders], releases=tmp_path / "r")
    done = CliRunner().invoke(cli, ["check", "--releases", str(tmp_path / "r")])
    assert done.exit_code == 1 and done.stderr == ""
    assert "error: query:term-undeclared: 1 found" in done.stdout
    assert "https://w3id.org/icsc/ns#worksFor (toy): used property" in done.stdout


def test_without_a_release_the_assets_are_checked(rooms: Path) -> None:
    done = CliRunner().invoke(cli, ["check", "--releases", str(rooms / "r")])
    assert done.exit_code == 0 and "assets only" in done.stdout
    as_json = CliRunner().invoke(cli, ["check", "--json", "--releases", str(rooms / "r")])
    assert as_json.exit_code == 0 and json.loads(as_json.stdout)["findings"]["error"] == 0
    edit(rooms / "queries" / "gaps" / "surveys.rq", "WHERE {", "WHERE {{")
    as_json = CliRunner().invoke(cli, ["check", "--json", "--releases", str(rooms / "r")])
    assert as_json.exit_code == 1 and json.loads(as_json.stdout)["findings"]["error"] == 2, "one of each engine"


def test_an_unknown_release_is_one_line(tmp_path: Path) -> None:
    done = kg("check", "--release", "yesterday", "--releases", str(tmp_path))
    assert done.returncode == 2 and done.stderr.startswith("kg: ") and "Traceback" not in done.stderr


def test_no_analysis_leaves_the_report_out(tmp_path: Path) -> None:
    release = build(["regions"], releases=tmp_path, analysis=False)
    assert not (release.path / "validation.json").exists() and release.manifest["validation"] == {}
