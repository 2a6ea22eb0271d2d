"""What a person sees: answers, and one clear line for what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.graph import Graph
from tests.command import kg

Kg = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(embedded: Graph) -> Kg:
    assert embedded.release is not None
    releases = ["--releases", str(embedded.release.path.parent)]
    return lambda *arguments: kg(*arguments, *releases)


def process(embedded: Graph, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    assert embedded.release is not None
    command = [sys.executable, "-m", "kg", *arguments, "--releases", str(embedded.release.path.parent)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_ask_lists_the_questions(embedded: Graph) -> None:
    done = process(embedded, "ask")
    assert done.returncode == 0 and {"gaps", "necks", "partners"} <= set(done.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "gaps", "--chain", "modern-textile", "--region", "绍兴", "--lang", "zh"),
        ("ask", "gapz"),
        ("sparql", "SELECT * WHERE { ?s ?p }"),
        ("sparql", "SELECT ?a WHERE { VALUES ?a { 1 } }", "--format", "csv"),
    ],
)
def test_a_process_of_its_own_says_the_same(embedded: Graph, run: Kg, arguments: tuple[str, ...]) -> None:
    """The other tests of the command run it in their own process."""
    there, here = process(embedded, *arguments), run(*arguments)
    assert (there.returncode, there.stdout, there.stderr) == (here.returncode, here.stdout, here.stderr)
    assert there.stdout + there.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("ask",),
        ("ask", "gaps", "--help"),
        ("ask", "coverage", "--chain", "现代纺织", "--region", "浙江"),
        ("ask", "coverage", "--chain", "modern-textile", "--region", "Zhejiang", "--lang", "zh"),
    ],
)
def test_nothing_is_imported_that_is_not_needed(embedded: Graph, arguments: tuple[str, ...]) -> None:
    """Each of these takes longer to import than the question to answer."""
    assert embedded.release is not None
    heavy = {"pandas", "numpy", "pyarrow", "openpyxl", "duckdb", "rdflib", "rapidfuzz", "kg.selection"}
    code = (
        "import sys; from kg.cli import cli; cli(sys.argv[1:], standalone_mode=False); "
        f"print('imported:', sorted({heavy} & set(sys.modules)))"
    )
    environment = {**os.environ, "KG_RELEASES": str(embedded.release.path.parent)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "imported: []"


def test_answer_in_a_pipe_is_plain_text(run: Kg) -> None:
    done = run("ask", "gaps", "--chain", "现代纺织产业链", "--region", "绍兴市", "--lang", "zh")
    assert done.returncode == 0
    assert "功能性纤维" in done.stdout and "\x1b" not in done.stdout


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "ttl"])
def test_text_formats(run: Kg, format_: str) -> None:
    done = run("ask", "gaps", "--chain", "modern-textile", "--region", "Shaoxing", "--format", format_)
    assert done.returncode == 0 and "functional fibre" in done.stdout


def test_truth_values_are_written_as_in_rdf(run: Kg) -> None:
    done = run("ask", "measures", "--chain", "modern-textile", "--format", "csv")
    assert ",true," in done.stdout and "True" not in done.stdout
    done = run("sparql", "SELECT ?a ?b WHERE { VALUES (?a ?b) { (true 1) (UNDEF 2) (false 3) } }", "--format", "tsv")
    assert done.stdout.splitlines() == ["a\tb", "true\t1", "\t2", "false\t3"]


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "csv", "geojson"])
def test_files(run: Kg, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"answer.{suffix}"
    done = run("ask", "gaps", "--chain", "modern-textile", "--region", "Shaoxing", "--out", str(out))
    assert done.returncode == 0 and out.stat().st_size > 100, done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ask", "gapz"), "gaps"),
        (("ask", "gaps", "--chan", "x"), "--chain"),
        (("ask", "gaps", "--chain", "现代纺职"), "Nearest"),
        (("ask", "gaps", "--chain", "zzqq"), "such as: "),
        (("ask", "gaps", "--as-of", "soon"), "date"),
        (("ask", "gaps", "--chain"), "needs a value"),
        (("sparql", "SELECT * WHERE { ?s ?p }"), "does not parse"),
        (("sparql", "SELECT * WHERE { ?s a icsc:Chain }"), "a prefix is not declared"),
        (("sparql", "-f", "/no/such.rq"), "cannot be read"),
        (("ask", "gaps", "--format", "xlsx", "--chain", "smart-home", "--region", "浙江"), "--out"),
        (
            ("ask", "gaps", "--chain", "smart-home", "--region", "浙江", "--out", "/nowhere/gaps.xls"),
            ".xls is no format",
        ),
        (("whatif", "--without", "JP", "--out", "/nowhere/answer.txt"), ".txt is no format"),
        (("sparql", "SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }"), "cannot be answered"),
        (("build", "--source", "nowhere"), "There are"),
        (("build", "--data", "/no/such/folder"), "no such folder"),
        (("ask", "gaps", "--release", "yesterday"), "release"),
    ],
)
def test_what_is_wrong_is_one_message(run: Kg, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("kg: ") and words in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.count("\n") <= 2


def test_an_answer_without_rows_says_why(run: Kg) -> None:
    asked = ("ask", "gaps", "--chain", "modern-textile", "--region", "Shaoxing", "--status", "single-source")
    done = run(*asked, "--lang", "en")
    assert done.returncode == 0 and len(done.stdout.splitlines()) == 1
    assert done.stderr.startswith("No rows") and "--status" in done.stderr and len(done.stderr.splitlines()) == 1
    assert run(*asked, "--lang", "zh").stderr.startswith("没有结果")
    assert run(*asked, "--format", "csv").stderr == ""


def test_time_out_is_exit_3(run: Kg) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    done = run("sparql", query, "--timeout", "0.5")
    assert done.returncode == 3 and "stopped" in done.stderr


def test_show_prints_a_query_that_runs(run: Kg) -> None:
    shown = run("ask", "gaps", "--chain", "modern-textile", "--region", "Shaoxing", "--show")
    assert shown.returncode == 0
    assert run("sparql", shown.stdout).returncode == 0


def test_check_is_clean(run: Kg) -> None:
    done = run("check")
    assert done.returncode == 0, done.stdout
