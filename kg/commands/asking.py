"""`kg ask` and `kg sparql`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.commands.shared import (
    FORMATS,
    HELP,
    deliver,
    language_of_user,
    limits,
    pairs,
    releases_option,
    selecting,
    write,
)
from kg.errors import UsageError
from kg.ranking import WAYS
from kg.tables import print_table

if TYPE_CHECKING:
    from kg.library import Question

__all__ = ["ask", "sparql"]


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True}, add_help_option=False)
@click.argument("name", required=False)
@click.option("-h", "--help", "help_", is_flag=True, help="Show this, and of a question its own parameters.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", help="Form of the answer.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--limit", type=click.IntRange(min=1), help="Rows at most.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds at most.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of labels [from the locale].")
@click.option("--release", help="A release's id or folder [the current one].")
@releases_option
@limits
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
    from kg.library import find_question, find_questions

    language = lang or language_of_user()
    if help_ and name is None:
        click.echo(context.get_help())
        return
    if name is None:
        _list_questions(find_questions(asset_dir("queries")), language)
        return
    parameters = pairs(context.args)
    # Says so before a release is opened: a typing error needs no release to be seen.
    question = find_question(asset_dir("queries"), name)
    if explain or help_:
        _explain(question, language)
        if help_:
            click.echo("Every question takes, too:" if language == "en" else "每个问题还可使用：")
            click.echo("  " + " ".join(f"--{limit}" for limit in ("source", "as-of", "min-confidence")), nl=False)
            click.echo(
                " --format --out --limit --timeout --lang --release --releases --endpoint --show (kg ask --help)"
            )
        return
    from kg.about import About
    from kg.graph import open_graph

    graph = open_graph(endpoint or release, releases)
    limits = {"source": list(source) or None, "as_of": as_of, "min_confidence": min_confidence}
    asked: dict[str, Any] = {**parameters, **{key: value for key, value in limits.items() if value is not None}}
    with selecting(graph):
        if show:
            click.echo(graph.bound(name, **asked))
            return
        answer = graph.answer(name, lang=language, limit=limit, timeout=timeout, **asked)
    if format_ == "table" and out is None and not any(answer.columns.values()):
        from kg.empty_answer import advice

        click.echo(advice(graph, question, asked, language), err=True)
    about = About(question, asked, graph.release.id if graph.release else None, language)
    deliver(answer, format_, out, graph, about)
    if answer.truncated:
        click.echo(
            f"kg: only the first {limit} rows are shown" if limit != 1 else "kg: only the first row is shown", err=True
        )


@click.command(context_settings=HELP)
@click.argument("query", required=False)
@click.option("-f", "--file", type=click.Path(path_type=Path, dir_okay=False), help="Read the query from a file.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", help="Form of the answer.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=30.0, show_default=True, help="Seconds at most.")
@click.option("--release", help="A release's id or folder [the current one].")
@releases_option
@limits
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
    with selecting(graph):
        graph = graph.select(list(source) or None, as_of, min_confidence)
    answer = graph.sparql(query or "", timeout)
    if isinstance(answer, bool):
        click.echo("true" if answer else "false")
        return
    import rdflib

    if isinstance(answer, rdflib.Graph):
        text = answer.serialize(format="turtle")
        write(text.encode(), out)
        return
    deliver(answer, format_, out, graph)


def _list_questions(questions: dict[str, Question], language: str) -> None:
    from kg.wording import wording_of

    wording = wording_of(language)
    rows: list[list[object]] = [
        [
            wording.group(question.group),
            name,
            question.texts(language).summary,
        ]
        for name, question in sorted(questions.items(), key=lambda item: (item[1].group, item[0]))
    ]
    head = ["分组", "问题", "回答什么"] if language == "zh" else ["group", "question", "what it answers"]
    print_table(head, rows)


def _explain(question: Question, language: str) -> None:
    from kg.wording import wording_of

    wording, texts = wording_of(language).table(question.name), question.texts(language)
    click.echo(f"{question.name}: {texts.summary}")
    if texts.description:
        click.echo(texts.description.rstrip())
    for parameter in question.parameters:
        default = f" [{parameter.default}]" if parameter.default else ""
        called = _called(wording.parameter(parameter.name), parameter.name)
        click.echo(f"  --{parameter.name} ({parameter.kind}): {called}{texts.parameters[parameter.name]}{default}")
    if question.ranking is not None:
        text = (
            "ranks the rows anew, with a column closeness" if language != "zh" else "重新排序，另附贴近度列 closeness"
        )
        click.echo(f"  --rank ({' | '.join(WAYS)}): {text}")
    for column, text in texts.columns.items():
        click.echo(f"  {column}: {_called(wording.column(column), column)}{text}")


def _called(name: str, own: str) -> str:
    """What something is called in the user's language, before what is said of it; nothing where that is its name."""
    return "" if name == own else f"{name} — "
