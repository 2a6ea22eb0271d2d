"""`kg whatif` and `kg diff`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from kg.commands.shared import (
    HELP,
    deliver,
    format_of,
    language_of_user,
    pairs,
    print_frame,
    progress,
    releases_option,
    write,
)
from kg.errors import UsageError
from kg.tables import is_for_people
from kg.wording import wording_of

__all__ = ["diff", "whatif"]

_SCENARIO_FORMATS = ("table", "csv", "json", "ttl", "nq")


@click.command(context_settings=HELP)
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
@releases_option
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
        format_ = format_of(out, _SCENARIO_FORMATS)
    graph = open_graph(endpoint or release, releases)
    language = lang or language_of_user()
    found = run_whatif(graph, without, chain, region, language, candidates)
    if format_ != "table":
        write(render_scenario(found, format_, graph.release), out)
        return
    for part in PARTS:
        frame = getattr(found, part)
        title = wording_of(language if is_for_people() else "en").table("scenario").column(part)
        click.echo(f"{title} ({len(frame):,})" if part != "summary" else title)
        rows = len(frame) if part == "summary" else limit
        if len(frame):
            print_frame(frame.head(rows), language, "scenario")
        if len(frame) > rows:
            click.echo(f"… and {len(frame) - rows:,} more (--limit, or --out FILE)")
        click.echo()


@click.command(context_settings={**HELP, "ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("before")
@click.argument("after")
@click.option("--question", "questions", multiple=True, metavar="NAME", help="Only this question; may be repeated.")
@click.option("--format", "format_", type=click.Choice(("table", "csv", "json")), default="table", help="Form.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file.")
@click.option("--timeout", type=click.FloatRange(min=0.1), default=300.0, show_default=True, help="Seconds for all.")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of labels [from the locale].")
@releases_option
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

    values = {name.replace("_", "-"): value for name, value in pairs(context.args).items()}
    sides = open_graph(before, releases), open_graph(after, releases)
    for name, side in zip((before, after), sides, strict=True):
        if side.release is None:
            raise UsageError("is not a release", where=name, hint="Give the id of a release, or its folder.")
    language = lang or language_of_user()
    with progress("comparing …") as tell:
        found = compare(
            *sides,
            values,
            questions,
            language,
            timeout,
            tell and (lambda what: tell("compare", what)),
        )
    frame = found.frame
    wording = wording_of(language if is_for_people() else "en")
    if format_ == "table" and out is None:
        for (part, change), number in Counter(zip(frame["part"], frame["change"], strict=True)).items():
            click.echo(f"{wording.value(part)}: {number:,} {wording.value(change)}")
        if frame.empty:
            click.echo("Nothing differs in: sources, " + ", ".join(found.asked))
            return
        print_frame(frame, language, "difference")
        return
    deliver(frame, format_ if format_ != "table" else "csv", out, sides[1])
