"""The command `kg`: parse, call, print."""

from __future__ import annotations

import contextlib
import locale
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import KgError, UsageError
from kg.tables import print_table

if TYPE_CHECKING:
    import pandas as pd

    from kg.findings import Report
    from kg.graph import Graph
    from kg.library import Question
    from kg.releases import Release

__all__ = ["cli", "main"]

_FORMATS = ("table", "csv", "tsv", "json", "xlsx", "parquet", "geojson", "ttl")
_SCENARIO_FORMATS = ("table", "csv", "json", "ttl", "nq")
_HELP = {"help_option_names": ["-h", "--help"]}


def main() -> None:
    """Runs the command and turns errors into one clear line and an exit code."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Abort:
        _fail("stopped", 130)
    except KeyboardInterrupt:
        _fail("stopped", 130)
    except click.ClickException as error:
        _fail(error.format_message().replace("\n", " "), 2)
    except KgError as error:
        _fail(str(error), error.exit_code)
    except BrokenPipeError:
        # The reader has what it wanted (`kg ask | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if isinstance(error, RuntimeError) and str(error) == "Query interrupted":
            # How the column engine reports Ctrl-C while it runs a statement.
            _fail("stopped", 130)
        if os.environ.get("KG_DEBUG"):
            raise
        _fail(f"a fault in kg itself ({type(error).__name__}: {error}); set KG_DEBUG=1 and report what it prints", 2)


def _fail(text: str, code: int) -> None:
    sys.stderr.write(f"kg: {text}\n")
    sys.exit(code)


@click.group(context_settings=_HELP)
@click.version_option(package_name="industrial-chain-kg")
def cli() -> None:
    """Industrial chains as a graph: where are the gaps, the necks, the partners?"""


_releases = click.option(
    "--releases", type=click.Path(path_type=Path), help="Folder of releases [$KG_RELEASES, else ./releases]."
)


def _limits(command: Callable[..., None]) -> Callable[..., None]:
    """Options that leave a part of a release."""
    for option in (
        click.option("--min-confidence", metavar="0-1", help="Only statements that are at least so sure."),
        click.option("--as-of", "as_of", metavar="DATE", help="Only what holds at this date (YYYY-MM-DD)."),
        click.option("--source", "source", multiple=True, metavar="ID", help="Only this source; may be repeated."),
    ):
        command = option(command)
    return command


@cli.command(context_settings=_HELP)
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder with one folder of files a source.")
@click.option("--snapshot", "snapshots", multiple=True, metavar="ID=DIR", help="Where one source's files lie instead.")
@click.option("--loaders", multiple=True, type=click.Path(path_type=Path), help="Folder with loaders of your own.")
@_releases
@click.option("--no-analysis", is_flag=True, help="Leave analyses and checks of the content out.")
def build(
    sources: tuple[str, ...],
    data: Path | None,
    snapshots: tuple[str, ...],
    loaders: tuple[Path, ...],
    releases: Path | None,
    no_analysis: bool,
) -> None:
    """Build a release from the sources."""
    from kg.release import build as build_release

    if data is not None and not data.is_dir():
        raise UsageError("no such folder", where=f"--data {data}")
    own: dict[str, Path] = {}
    for text in snapshots:
        name, equals, folder = text.partition("=")
        if not equals or not Path(folder).is_dir():
            raise UsageError("is not a source's id, = and a folder", where=f"--snapshot {text}")
        own[name] = Path(folder)
    with _progress() as tell:
        release = build_release(list(sources) or None, data, loaders, releases, not no_analysis, tell, own)
    rows = [
        [name, entry["rows"]["read"], entry["rows"]["loaded"], entry["rows"]["rejected"], entry["triples"]]
        for name, entry in release.manifest["sources"].items()
    ]
    rows.append(["(inferred)", None, None, None, release.manifest["inferred"]["triples"]])
    rows += [[f"(derived: {name})", None, None, None, e["triples"]] for name, e in release.manifest["derived"].items()]
    print_table(["source", "rows read", "loaded", "rejected", "triples"], rows)
    for name, entry in release.manifest["sources"].items():
        for mapping, details in entry["mappings"].items():
            for reason, number in details["reasons"].items():
                click.echo(f"{name}/{mapping}: {number:,} rejected: {reason}")
    if any(row[3] for row in rows):
        click.echo(f"Rejected rows, one by one: {release.path / 'rejects'}")
    for left_out in release.manifest["inferred"].get("left_out", []):
        name = left_out.rsplit("#", 1)[-1]
        click.echo(f"{name} follows for too many pairs and is left as stated; a query reaches the rest along a path")
    if counts := release.manifest.get("validation"):
        click.echo(
            f"Checks: {', '.join(f'{number:,} {level}' for level, number in counts.items())} (kg check lists them)"
        )
    click.echo(f"Release {release.id} in {release.path}")


@contextlib.contextmanager
def _progress(first: str = "building …") -> Iterator[Any]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.status import Status

    with Status(first, console=Console(stderr=True)) as status:
        yield lambda step, what: status.update(f"{step}: {what}")


@cli.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False)
@click.argument("name", required=False)
@click.option("-h", "--help", "help_", is_flag=True, help="Show this, and of a question its own parameters.")
@click.option("--format", "format_", type=click.Choice(_FORMATS), default="table", help="Form of the answer.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--limit", type=click.IntRange(min=1), help="Rows at most.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds at most.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of labels [from the locale].")
@click.option("--release", help="A release's id or folder [the current one].")
@_releases
@_limits
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint instead.")
@click.option("--show", is_flag=True, help="Print the query with parameters bound.")
@click.option("--explain", is_flag=True, help="Print what the question does.")
@click.pass_context
def ask(
    context: click.Context,
    name: str | None,
    format_: str,
    out: Path | None,
    limit: int | None,
    timeout: float,
    lang: str | None,
    release: str | None,
    releases: Path | None,
    source: tuple[str, ...],
    as_of: str | None,
    min_confidence: str | None,
    endpoint: str | None,
    show: bool,
    explain: bool,
    help_: bool,
) -> None:
    """Ask a question of the library; without a name, list the questions.

    A question's own parameters are given as options: kg ask gaps --chain modern-textile --region 浙江

    --source, --as-of and --min-confidence work with every question. Where it has no such parameter itself, rules and
    methods run again on what is left of the release, once: seconds.
    """
    from kg.assets import asset_dir
    from kg.library import find_questions

    language = lang or _language()
    if help_ and name is None:
        click.echo(context.get_help())
        return
    if name is None:
        _list_questions(find_questions(asset_dir("queries")), language)
        return
    parameters = _pairs(context.args)
    from kg.graph import Graph as AnyGraph
    from kg.graph import open_graph

    if name not in (library := find_questions(asset_dir("queries"))):
        # Says so before a release is opened: a typing error needs no release to be seen.
        AnyGraph.question(_Bare(library), name)  # type: ignore[arg-type]  # it needs only `questions`
    if explain or help_:
        _explain(library[name], language)
        if help_:
            click.echo("Every question takes, too:" if language == "en" else "每个问题还可使用：")
            click.echo("  " + " ".join(f"--{limit}" for limit in ("source", "as-of", "min-confidence")), nl=False)
            click.echo(
                " --format --out --limit --timeout --lang --release --releases --endpoint --show (kg ask --help)"
            )
        return
    graph = open_graph(endpoint or release, releases)
    limits = {"source": list(source) or None, "as_of": as_of, "min_confidence": min_confidence}
    asked: dict[str, Any] = {**parameters, **{key: value for key, value in limits.items() if value is not None}}
    with _selecting(graph):
        if show:
            click.echo(graph.bound(name, **asked))
            return
        answer = graph.answer(name, lang=language, limit=limit, timeout=timeout, **asked)
    _deliver(answer.frame, format_, out, graph)
    if answer.truncated:
        click.echo(f"kg: only the first {limit} rows are shown", err=True)


@contextlib.contextmanager
def _selecting(graph: Graph) -> Iterator[None]:
    """Says so while a part of the release is made, which takes seconds."""
    with _progress("asking …") as tell:
        graph.tell = tell or _Once()
        yield


class _Once:
    """Says one line where there is no terminal to show progress on."""

    def __init__(self) -> None:
        self._said = False

    def __call__(self, step: str, what: str) -> None:
        if not self._said:
            click.echo("kg: making this part of the release, once …", err=True)
        self._said = True


class _Bare:
    def __init__(self, library: dict[str, Question]) -> None:
        self._library = library

    def questions(self) -> dict[str, Question]:
        return self._library


@cli.command(context_settings=_HELP)
@click.argument("query", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path, dir_okay=False), help="Read the query from a file.")
@click.option("--format", "format_", type=click.Choice(_FORMATS), default="table", help="Form of the answer.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds at most.")
@click.option("--release", help="A release's id or folder [the current one].")
@_releases
@_limits
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint instead.")
def sparql(
    query: str | None,
    file: Path | None,
    format_: str,
    out: Path | None,
    timeout: float,
    release: str | None,
    releases: Path | None,
    source: tuple[str, ...],
    as_of: str | None,
    min_confidence: str | None,
    endpoint: str | None,
) -> None:
    """Ask any SPARQL 1.1 query."""
    if (query is None) == (file is None):
        raise UsageError("give a query, or a file with -f")
    if file is not None:
        try:
            query = file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise UsageError("is not UTF-8 text", where=str(file)) from error
        except OSError as error:
            raise UsageError(f"cannot be read: {error.strerror}", where=str(file)) from error
    from kg.graph import open_graph

    graph = open_graph(endpoint or release, releases)
    with _selecting(graph):
        graph = graph.select(list(source) or None, as_of, min_confidence)
    answer = graph.sparql(query or "", timeout)
    if isinstance(answer, bool):
        click.echo("true" if answer else "false")
        return
    import rdflib

    if isinstance(answer, rdflib.Graph):
        text = answer.serialize(format="turtle")
        _write(text.encode(), out)
        return
    _deliver(answer, format_, out, graph)


@cli.command(context_settings=_HELP)
@click.option("--without", multiple=True, metavar="NAME", help="Firm, region or country that is gone; may be repeated.")
@click.option("--chain", help="Show only what this chain needs.")
@click.option("--region", help="Show who is hit, and which gaps open, in this region.")
@click.option(
    "--format", "format_", type=click.Choice(["table", "csv", "json", "ttl", "nq"]), default="table", help="Form."
)
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Rows a table (on screen only)."
)
@click.option("--candidates", type=click.IntRange(min=1), default=5, show_default=True, help="Replacements an input.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of labels [from the locale].")
@click.option("--release", help="A release's id or folder [the current one].")
@_releases
@click.option("--endpoint", metavar="URL", help="Ask a SPARQL endpoint instead.")
def whatif(
    without: tuple[str, ...],
    chain: str | None,
    region: str | None,
    format_: str,
    out: Path | None,
    limit: int,
    candidates: int,
    lang: str | None,
    release: str | None,
    releases: Path | None,
    endpoint: str | None,
) -> None:
    """Show what follows if firms, a region or a country were gone. The release is not changed."""
    if not without:
        raise UsageError("nothing is removed", where="--without", hint="Name a firm, a region or a country.")
    from kg.graph import open_graph
    from kg.scenario import render_scenario
    from kg.whatif import PARTS
    from kg.whatif import whatif as run_whatif

    if format_ == "table" and out is not None:
        suffix = out.suffix.lstrip(".").lower()
        format_ = suffix if suffix in _SCENARIO_FORMATS else "csv"
    graph = open_graph(endpoint or release, releases)
    found = run_whatif(graph, without, chain, region, lang or _language(), candidates)
    if format_ != "table":
        _write(render_scenario(found, format_, graph.release), out)
        return
    for part in PARTS:
        frame = getattr(found, part)
        shown = [name for name in frame.columns if not name.endswith("_iri")]
        click.echo(f"{part} ({len(frame):,})" if part != "summary" else part)
        rows = len(frame) if part == "summary" else limit
        if len(frame):
            print_table([str(name) for name in shown], frame[shown].head(rows).astype("object").values.tolist())
        if len(frame) > rows:
            click.echo(f"… and {len(frame) - rows:,} more (--limit, or --out FILE)")
        click.echo()


@cli.command(context_settings=_HELP)
@click.option("--release", help="A release's id or folder [the current one, if there is one].")
@_releases
@click.option("--json", "as_json", is_flag=True, help="Print the whole report as JSON.")
def check(release: str | None, releases: Path | None, as_json: bool) -> None:
    """Check ontology, queries, loaders and a release; exit code 1 where there is an error."""
    from kg.releases import current_release, find_release, releases_dir
    from kg.validation import check as run_checks

    folder = releases_dir(releases)
    if release is not None:
        found = find_release(release, folder)
        report = run_checks(found.path, found.id)
    elif (folder / "current").exists():
        found = current_release(folder)
        report = run_checks(found.path, found.id)
    else:
        report = run_checks()
    if as_json:
        import json

        click.echo(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        _print_report(report)
    if report.findings("error"):
        sys.exit(1)


def _print_report(report: Report) -> None:
    for outcome in report.outcomes:
        click.echo(f"{outcome.severity}: {outcome.check}: {outcome.count:,} found. {outcome.summary}")
        for example in outcome.examples:
            where = f" ({example.where})" if example.node and example.where else example.where
            click.echo(f"    {example.node}{where}" + (f": {example.detail}" if example.detail else ""))
        if outcome.count > len(outcome.examples):
            click.echo(f"    … and {outcome.count - len(outcome.examples):,} more")
    of = f"release {report.release}" if report.release else "assets only: there is no release yet"
    counts = ", ".join(f"{report.findings(level):,} {level}" for level in ("error", "warning", "info"))
    click.echo(f"{report.checks} checks ({of}): {counts}")


@cli.command(context_settings={**_HELP, "ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("before")
@click.argument("after")
@click.option("--question", "questions", multiple=True, metavar="NAME", help="Only this question; may be repeated.")
@click.option("--format", "format_", type=click.Choice(("table", "csv", "json")), default="table", help="Form.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=300.0, show_default=True, help="Seconds for all.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of labels [from the locale].")
@_releases
@click.pass_context
def diff(
    context: click.Context,
    before: str,
    after: str,
    questions: tuple[str, ...],
    format_: str,
    out: Path | None,
    timeout: float,
    lang: str | None,
    releases: Path | None,
) -> None:
    """What changed between two releases (ids or folders): gaps, necks, partners, sources.

    Parameters of the compared questions are given as options: kg diff A B --chain modern-textile --region 浙江
    """
    from kg.diff import compare
    from kg.graph import open_graph

    values = {name.replace("_", "-"): value for name, value in _pairs(context.args).items()}
    sides = open_graph(before, releases), open_graph(after, releases)
    for name, side in zip((before, after), sides, strict=True):
        if side.release is None:
            raise UsageError("is not a release", where=name, hint="Give the id of a release, or its folder.")
    with _progress("comparing …") as tell:
        found = compare(
            *sides, values, questions, lang or _language(), timeout, tell and (lambda what: tell("compare", what))
        )
    frame = found.frame
    if format_ == "table" and out is None:
        for (part, change), number in Counter(zip(frame["part"], frame["change"], strict=True)).items():
            click.echo(f"{part}: {number:,} {change}")
        if frame.empty:
            click.echo("Nothing differs in: sources, " + ", ".join(found.asked))
            return
        shown = frame[[name for name in frame.columns if not name.endswith("_iri")]]
        print_table([str(name) for name in shown], shown.astype("object").values.tolist())
        return
    _deliver(frame, format_ if format_ != "table" else "csv", out, sides[1])


@cli.command(context_settings=_HELP)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0: any free one.")
@click.option("--release", help="A release's id or folder [the current one, and each that follows it].")
@_releases
@_limits
@click.option("--workers", type=click.IntRange(min=1), default=4, show_default=True, help="Queries at the same time.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds a query.")
def serve(
    host: str,
    port: int,
    release: str | None,
    releases: Path | None,
    source: tuple[str, ...],
    as_of: str | None,
    min_confidence: str | None,
    workers: int,
    timeout: float,
) -> None:
    """Serve endpoint, linked data, pages and the API of questions."""
    from kg.web.server import serve as run_server

    if source or as_of is not None or min_confidence is not None:
        from kg.graph import open_graph

        graph = open_graph(release, releases)
        with _selecting(graph):
            part = graph.select(list(source) or None, as_of, min_confidence).release
        release = str(part.path) if part is not None else release
    run_server(host, port, release, releases, workers, timeout, click.echo)


@cli.group(context_settings=_HELP)
def export() -> None:
    """Write files for other tools: owl, turtle, void, docs."""


_dir = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
_release = click.option("--release", help="A release's id or folder [the current one].")


@export.command("owl", context_settings=_HELP)
@_dir
@click.option("--as-of", "as_of", metavar="DATE", help="Only what holds at this date (YYYY-MM-DD).")
@click.option("--ontology-only", is_flag=True, help="Leave the facts out; no release is needed.")
@_release
@_releases
def export_owl(
    directory: Path, as_of: str | None, ontology_only: bool, release: str | None, releases: Path | None
) -> None:
    """Ontology (RL and DL editions) and facts, as Turtle, RDF/XML and N-Triples."""
    import datetime as dt

    from kg.snapshot import write_owl

    try:
        day = dt.date.fromisoformat(as_of) if as_of else None
    except ValueError as error:
        raise UsageError(f"{as_of!r} is not a date", where="--as-of", hint="Write it as 2024-12-31.") from error
    dumps: list[Path] = []
    if not ontology_only:
        dumps = sorted((_opened(release, releases).path / "dumps").glob("source-*.nq"))
    written = write_owl(dumps, directory, day)
    _written(written.files)
    if dumps:
        click.echo(f"{written.statements:,} facts; {written.not_valid:,} resources do not hold at the date")
    if written.left_out:
        click.echo(f"{written.left_out:,} facts left out: their datatype stops description-logic reasoners")


@export.command("turtle", context_settings=_HELP)
@_dir
@_release
@_releases
def export_turtle(directory: Path, release: str | None, releases: Path | None) -> None:
    """Every graph of a release as a Turtle file."""
    from kg.snapshot import write_turtle

    _written(write_turtle(sorted((_opened(release, releases).path / "dumps").glob("*.nq")), directory))


@export.command("void", context_settings=_HELP)
@_dir
@_release
@_releases
def export_void(directory: Path, release: str | None, releases: Path | None) -> None:
    """Description of a release for data catalogues: void.ttl and dcat.ttl."""
    from kg.catalogue import write_catalogue
    from kg.store.embedded import EmbeddedStore

    found = _opened(release, releases)
    directory.mkdir(parents=True, exist_ok=True)
    _written(write_catalogue(found.path, found.manifest, EmbeddedStore(found.store), directory))


@export.command("docs", context_settings=_HELP)
@_dir
def export_docs(directory: Path) -> None:
    """The ontology's terms as web pages in English and Chinese, and a diagram of its main classes."""
    from kg.term_pages import write_pages

    _written(write_pages(directory))


def _opened(release: str | None, releases: Path | None) -> Release:
    from kg.releases import current_release, find_release, releases_dir

    folder = releases_dir(releases)
    return find_release(release, folder) if release else current_release(folder)


def _written(paths: Iterable[Path]) -> None:
    for path in paths:
        click.echo(f"{path} ({path.stat().st_size:,} bytes)")


def _pairs(arguments: list[str]) -> dict[str, str]:
    """Options that click does not know: `--name value` or `--name=value`."""
    values: dict[str, str] = {}
    rest = list(arguments)
    while rest:
        option = rest.pop(0)
        if not option.startswith("--"):
            raise UsageError(f"{option!r} is not an option", hint="Parameters are given as --name value.")
        name, equals, value = option[2:].partition("=")
        if not equals:
            if not rest or rest[0].startswith("--"):
                raise UsageError("needs a value", where=option)
            value = rest.pop(0)
        if name in values:
            raise UsageError("is given twice", where=f"--{name}")
        values[name.replace("-", "_")] = value
    return values


def _language() -> str:
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if (name or (locale.getlocale()[0] or "")).lower().startswith("zh") else "en"


def _list_questions(questions: dict[str, Question], language: str) -> None:
    rows: list[list[object]] = [
        [question.group, name, question.summary_zh if language == "zh" and question.summary_zh else question.summary]
        for name, question in sorted(questions.items(), key=lambda item: (item[1].group, item[0]))
    ]
    print_table(["group", "question", "what it answers"], rows)


def _explain(question: Question, language: str) -> None:
    summary = question.summary_zh if language == "zh" and question.summary_zh else question.summary
    click.echo(f"{question.name}: {summary}")
    if question.description:
        click.echo(question.description.rstrip())
    for parameter in question.parameters:
        default = f" [{parameter.default}]" if parameter.default else ""
        click.echo(f"  --{parameter.name} ({parameter.kind}): {parameter.summary}{default}")
    for column, text in question.columns.items():
        click.echo(f"  {column}: {text}")


def _deliver(frame: pd.DataFrame, format_: str, out: Path | None, graph: Any) -> None:
    from kg.export import BINARY, render

    if format_ == "table" and out is not None:
        suffix = out.suffix.lstrip(".").lower()
        format_ = suffix if suffix in _FORMATS else "csv"
    if format_ == "table":
        shown = [name for name in frame.columns if not (name.endswith("_iri") and name[:-4] in frame.columns)]
        if frame.empty:
            click.echo(
                "No rows: nothing in this release matches. Which sources it has: kg sparql "
                "'SELECT ?source ?title { ?source a <http://www.w3.org/ns/dcat#Dataset> ; "
                "<http://purl.org/dc/terms/title> ?title }'",
                err=True,
            )
        print_table([str(name) for name in shown], frame[shown].astype("object").values.tolist())
        return
    if format_ in BINARY and out is None:
        raise UsageError(f"{format_} is not text", hint=f"Name a file: --out answer.{format_}")
    _write(render(frame, format_, graph.store), out)


def _write(data: bytes, out: Path | None) -> None:
    from kg.export import save

    if out is not None:
        save(data, out)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
