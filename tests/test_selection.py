"""Limits of source, date and confidence: the same answers as of a release that never had the rest."""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import kg
from kg.assets import asset_dir
from kg.cli import cli
from kg.errors import ParameterError, UsageError
from kg.graph import Graph
from kg.library import find_questions
from kg.release import build
from kg.releases import Release
from kg.selection import Selection, select

QUESTIONS = sorted(find_questions(asset_dir("queries")))
HEAD = "key,firm,item,region,from,to,sure,scope"
KEPT = [
    "1,a,functional-fibre,330600,2018-01-01,,0.9,",
    "2,b,functional-fibre,330100,2019-05-01,2024-01-01,0.8,",
    "3,c,high-grade-fabric,330200,,,,",
]
#: Too late, over, not sure enough.
OUT = [
    "4,d,functional-fibre,330600,2023-01-01,,0.9,",
    "5,e,high-grade-fabric,330600,2010-01-01,2019-12-31,0.9,",
    "6,f,high-grade-fabric,330100,2018-01-01,,0.3,",
]
SQL = """SELECT key, firm, item, region, TRY_CAST("from" AS DATE) AS start, TRY_CAST("to" AS DATE) AS stop,
  TRY_CAST(sure AS DECIMAL(4, 3)) AS sure FROM read_csv('rows.csv', header = true, all_varchar = true)"""
RQ = """#+ required: [key, firm, item]
#+ iri:
#+   provision: "rel/toy/{key}"
#+   who: "org/toy/{firm}"
#+   what: "item/zj/{item}"
#+   place: "region/{region}"
PREFIX icsc: <https://w3id.org/icsc/ns#>

CONSTRUCT {
  ?provision a icsc:Provision ;
    icsc:hasProvider ?who ;
    icsc:providesItem ?what ;
    icsc:inRegion ?place ;
    icsc:validFrom ?start ;
    icsc:validTo ?stop ;
    icsc:confidence ?sure .
}"""
LIMITS = {"as_of": "2020-06-30", "min_confidence": 0.6}
SOURCES = ["chain_industry", "regions", "toy", "zhejiang"]


@pytest.fixture(scope="module", autouse=True)
def every_part_is_kept() -> Iterator[None]:
    """Tests that ask for the same part share it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kg.selection._KEPT", 30)
        yield


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Graph, Graph]:
    """A release with everything, and one that was built without what does not count."""
    graphs = []
    for name, lines in (("all", KEPT + OUT), ("rest", KEPT)):
        folder = tmp_path_factory.mktemp(name)
        toy = folder / "loaders" / "toy"
        (toy / "data").mkdir(parents=True)
        (toy / "data" / "rows.csv").write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
        manifest = 'title = "Toy"\nlicence = "CC0"\n[[files]]\nname = "rows.csv"\nbundled = true\n'
        (toy / "source.toml").write_text(manifest, encoding="utf-8")
        (toy / "rows.sql").write_text(SQL, encoding="utf-8")
        (toy / "rows.rq").write_text(RQ, encoding="utf-8")
        build(SOURCES, loaders=[toy.parent], releases=folder / "releases")
        graphs.append(kg.open(releases=folder / "releases"))
    return graphs[0], graphs[1]


def dumps_of(graph: Graph) -> dict[str, Path]:
    assert graph.release is not None
    folder = graph.release.path / "dumps"
    return {path.name: path for path in folder.glob("*.nq") if path.name != "meta.nq"}


def test_nothing_limited_gives_the_release_again(embedded: Graph) -> None:
    assert embedded.release is not None and embedded.select() is embedded
    part = select(embedded.release, Selection())
    again = Graph(embedded.store, part)
    here, there = dumps_of(embedded), dumps_of(again)
    assert here.keys() == there.keys() and all(filecmp.cmp(here[name], there[name], shallow=False) for name in here)
    texts = [(release.path / "dumps" / "meta.nq").read_text(encoding="utf-8") for release in (embedded.release, part)]
    lines = [sorted(text.splitlines()) for text in texts]
    assert lines[0] == lines[1]


def test_a_limit_that_takes_nothing_away_makes_nothing_anew(embedded: Graph) -> None:
    part = embedded.select(min_confidence=0)
    assert part.release is not None and embedded.release is not None and part.release.id != embedded.release.id
    assert part.release.manifest["selection"]["min_confidence"] == 0
    here, there = dumps_of(embedded), dumps_of(part)
    assert here.keys() == there.keys() and all(here[name].samefile(there[name]) for name in here)
    assert part.ask("gaps", chain="modern-textile").equals(embedded.ask("gaps", chain="modern-textile"))


def test_a_source_alone_is_as_if_only_it_had_been_built(embedded: Graph, paper: Release) -> None:
    here, there = dumps_of(embedded.select(source="zhejiang")), dumps_of(kg.open(paper.path))
    assert here.keys() == there.keys() and all(filecmp.cmp(here[name], there[name], shallow=False) for name in here)


def test_what_follows_is_as_if_the_rest_had_never_been_stated(pair: tuple[Graph, Graph]) -> None:
    everything, rest = pair
    here, there = dumps_of(everything.select(**LIMITS)), dumps_of(rest.select(**LIMITS))
    different = {name for name in here if not filecmp.cmp(here[name], there[name], shallow=False)}
    # What is left out is not gone without a trace: where it is, a survey proves no absence.
    assert "left-out.nq" in different and here["left-out.nq"].stat().st_size > 0
    different -= {"left-out.nq"}
    assert here.keys() == there.keys() and not different
    # The rest counts as a whole but for the survey that was made later.
    assert dumps_of(everything)["inferred.nq"].stat().st_size > here["inferred.nq"].stat().st_size


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_takes_every_limit(pair: tuple[Graph, Graph], name: str) -> None:
    everything, rest = pair
    part = everything.select(**LIMITS)
    # Unbound, the one takes seconds, and the other lists the files, which differ.
    given = {"measures": {"region": "region/CN"}, "provenance": {"entity": "rel/toy/1"}}.get(name, {})
    assert part.ask(name, **given).equals(rest.select(**LIMITS).ask(name, **given))
    if name != "measures":
        own = everything.ask(name, source=["toy", "zhejiang"], **given, **LIMITS)
        columns = [column for column in own.columns if not column.endswith("_iri")]
        assert columns == list(everything.question(name).columns)
        assert "Classification" not in str(own.get("source", ""))


def test_limits_change_answers(pair: tuple[Graph, Graph]) -> None:
    everything, _ = pair
    offers = (
        "PREFIX icsc: <https://w3id.org/icsc/ns#> SELECT (COUNT(DISTINCT ?p) AS ?n) "
        "{ ?p icsc:hasProvider ?who FILTER(CONTAINS(STR(?who), '/org/toy/')) }"
    )

    def number(**limits: object) -> int:
        frame = everything.select(**limits).sparql(offers)
        return int(frame["n"][0])  # type: ignore[index]  # a SELECT gives a table

    assert number() == 6
    assert number(as_of="2020-06-30") == 4
    assert number(as_of="2026-01-01") == 4
    assert number(min_confidence=0.6) == 5
    assert number(source="toy") == 6 and number(source="zhejiang,regions") == 0
    assert number(**LIMITS) == 3


@pytest.mark.parametrize(
    ("limits", "error", "words"),
    [
        ({"source": "toyy"}, UsageError, "toyy"),
        ({"as_of": "tomorrow"}, ParameterError, "--as-of"),
        ({"min_confidence": "2"}, ParameterError, "--min-confidence"),
        ({"min_confidence": "much"}, ParameterError, "--min-confidence"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    pair: tuple[Graph, Graph], limits: dict[str, str], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        pair[0].ask("chains", **limits)


def test_no_source_is_sure_enough(embedded: Graph) -> None:
    with pytest.raises(UsageError, match="as sure as"):
        embedded.select(min_confidence=1)


def test_a_graph_without_a_release_says_that_it_cannot(embedded: Graph) -> None:
    with pytest.raises(UsageError, match="a release on this machine"):
        Graph(embedded.store).ask("chains", source="zhejiang")


def test_on_the_command_line(pair: tuple[Graph, Graph]) -> None:
    everything, _ = pair
    assert everything.release is not None
    releases = ["--releases", str(everything.release.path.parent)]
    run = CliRunner()
    limits = ["--source", "toy", "--source", "zhejiang", "--as-of", "2020-06-30", "--min-confidence", "0.6"]
    done = run.invoke(cli, ["ask", "coverage", *limits, *releases])
    assert done.exit_code == 0 and "chain" in done.stdout, done.output
    done = run.invoke(cli, ["sparql", "ASK { ?s ?p ?o }", "--min-confidence", "0.6", *releases])
    assert done.exit_code == 0 and "true" in done.stdout
    done = run.invoke(cli, ["ask", "surveys", "--source", "zhejiang", *releases])
    assert done.exit_code == 0 and "Gao" in done.stdout


def test_help_of_a_question_names_its_parameters(make_loader: Callable[..., Path]) -> None:
    run = CliRunner()
    done = run.invoke(cli, ["ask", "partners", "--help", "--lang", "en"])
    assert done.exit_code == 0 and "--gap" in done.stdout and "--as-of" in done.stdout
    done = run.invoke(cli, ["ask", "--help"])
    assert done.exit_code == 0 and "--min-confidence" in done.stdout and "Usage" in done.stdout


# The last: it lets older parts go, which the others share.
def test_the_release_stays_as_it_is_and_parts_are_kept(
    pair: tuple[Graph, Graph], monkeypatch: pytest.MonkeyPatch
) -> None:
    everything, _ = pair
    monkeypatch.setattr("kg.selection._KEPT", 3)
    told: list[str] = []
    everything.tell = lambda step, what: told.append(step)
    first = everything.select(as_of="2019-01-01", source=["toy"])
    assert {"select", "reason", "analyse", "store"} <= set(told)
    told.clear()
    again = everything.select(as_of="2019-01-01", source="toy")
    everything.tell = None
    assert told == [] and first.release is not None and again.release is not None
    assert first.release.path == again.release.path
    assert first.release.manifest["selection"]["of"] == everything.release.id  # type: ignore[union-attr]
    for day in range(1, 4):
        everything.select(as_of=f"2019-02-0{day}", source="toy")
    assert len(list(first.release.path.parent.glob("2*"))) == 3
    assert not first.release.path.exists()
    assert everything.ask("chains").equals(kg.open(everything.release.path).ask("chains"))  # type: ignore[union-attr]
