"""What commands share: options, progress, the ways in which an answer reaches a person."""

from __future__ import annotations

import contextlib
import locale
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.errors import UsageError
from kg.tables import is_for_people, print_table

if TYPE_CHECKING:
    import pandas as pd

    from kg.about import About
    from kg.graph import Graph
    from kg.library import Answer
    from kg.releases import Release

__all__ = [
    "FORMATS",
    "HELP",
    "deliver",
    "format_of",
    "language_of_user",
    "limits",
    "opened",
    "pairs",
    "print_columns",
    "print_frame",
    "progress",
    "release_option",
    "releases_option",
    "selecting",
    "write",
]

FORMATS = ("table", "csv", "tsv", "json", "xlsx", "parquet", "geojson", "ttl")
HELP = {"help_option_names": ["-h", "--help"]}

releases_option = click.option(
    "--releases", type=click.Path(path_type=Path), help="Folder of releases [$KG_RELEASES, else ./releases]."
)
release_option = click.option("--release", help="A release's id or folder [the current one].")


def limits(command: Callable[..., None]) -> Callable[..., None]:
    """Options that leave a part of a release."""
    for option in (
        click.option("--min-confidence", metavar="0-1", help="Only statements that are at least so sure."),
        click.option("--as-of", "as_of", metavar="DATE", help="Only what holds at this date (YYYY-MM-DD)."),
        click.option("--source", "source", multiple=True, metavar="ID", help="Only this source; may be repeated."),
    ):
        command = option(command)
    return command


@contextlib.contextmanager
def progress(first: str = "building …") -> Iterator[Any]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.status import Status

    with Status(first, console=Console(stderr=True)) as status:
        yield lambda step, what: status.update(f"{step}: {what}")


@contextlib.contextmanager
def selecting(graph: Graph) -> Iterator[None]:
    """Says so while a part of the release is made, which takes seconds."""
    with progress("asking …") as tell:
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


def opened(release: str | None, releases: Path | None) -> Release:
    from kg.releases import current_release, find_release, releases_dir

    folder = releases_dir(releases)
    return find_release(release, folder) if release else current_release(folder)


def pairs(arguments: list[str]) -> dict[str, str]:
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


def language_of_user() -> str:
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if (name or (locale.getlocale()[0] or "")).lower().startswith("zh") else "en"


def format_of(out: Path, formats: Sequence[str]) -> str:
    """The format that a file's name asks for; CSV where it has no ending.

    Raises:
        UsageError: its ending is none of them: a spreadsheet program opens no CSV by the name of `.xls`.
    """
    suffix = out.suffix.lstrip(".").lower()
    if suffix and suffix not in formats:
        known = ", ".join(f".{name}" for name in formats if name != "table")
        raise UsageError(
            f"{out.name}: .{suffix} is no format", where="--out", hint=f"There are {known}; or name --format."
        )
    return suffix or "csv"


def deliver(
    answer: Answer | pd.DataFrame, format_: str, out: Path | None, graph: Any, about: About | None = None
) -> None:
    """Prints an answer or writes it to a file."""
    from kg.labels import as_columns
    from kg.library import Answer

    if format_ == "table" and out is not None:
        format_ = format_of(out, FORMATS)
    if format_ == "table":
        columns = answer.columns if isinstance(answer, Answer) else as_columns(answer)
        if about is None and not any(columns.values()):
            click.echo(
                "No rows: nothing in this release matches. Which sources it has: kg sparql "
                "'SELECT ?source ?title { ?source a <http://www.w3.org/ns/dcat#Dataset> ; "
                "<http://purl.org/dc/terms/title> ?title }'",
                err=True,
            )
        asked = about.question.name if about is not None and about.question is not None else ""
        print_columns(columns, about.lang if about is not None else "en", asked)
        return
    from kg.export import BINARY, render

    if format_ in BINARY and out is None:
        raise UsageError(f"{format_} is not text", hint=f"Name a file: --out answer.{format_}")
    frame = answer.frame if isinstance(answer, Answer) else answer
    write(render(frame, format_, graph.store, about), out)


def print_frame(frame: pd.DataFrame, lang: str, table: str = "") -> None:
    """Like `print_columns`, of a table."""
    from kg.labels import as_columns

    print_columns(as_columns(frame), lang, table)


def print_columns(columns: Mapping[str, Sequence[object]], lang: str, table: str = "") -> None:
    """Prints an answer; on a terminal in the words of a language, in a pipe by the columns' own names.

    Args:
        table: the question whose answer it is, or another of the tables of `words.toml`.
    """
    from kg.wording import wording_of

    wording = wording_of(lang if is_for_people() else "en").table(table)
    kept = [name for name in columns if not (name.endswith("_iri") and name[:-4] in columns)]
    said = [wording.said(name, columns) for name in kept]
    print_table([wording.column(name) for name in kept], list(zip(*said, strict=True)))


def write(data: bytes, out: Path | None) -> None:
    from kg.export import save

    if out is not None:
        save(data, out)
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
