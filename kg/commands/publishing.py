"""`kg serve` and `kg export`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from kg.commands.shared import HELP, limits, opened, release_option, releases_option, selecting
from kg.errors import UsageError

__all__ = ["export", "serve"]

_dir = click.argument("directory", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))


@click.command(context_settings=HELP)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0: any free one.")
@click.option("--release", help="A release's id or folder [the current one, and each that follows it].")
@releases_option
@limits
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
        with selecting(graph):
            part = graph.select(list(source) or None, as_of, min_confidence).release
        release = str(part.path) if part is not None else release
    run_server(host, port, release, releases, workers, timeout, click.echo)


@click.group(context_settings=HELP)
def export() -> None:
    """Write files for other tools: owl, turtle, void, docs."""


@export.command("owl", context_settings=HELP)
@_dir
@click.option("--as-of", "as_of", metavar="DATE", help="Only what holds at this date (YYYY-MM-DD).")
@click.option("--ontology-only", is_flag=True, help="Leave the facts out; no release is needed.")
@release_option
@releases_option
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
        dumps = sorted((opened(release, releases).path / "dumps").glob("source-*.nq"))
    written = write_owl(dumps, directory, day)
    _written(written.files)
    if dumps:
        click.echo(f"{written.statements:,} facts; {written.not_valid:,} resources do not hold at the date")
    if written.left_out:
        click.echo(f"{written.left_out:,} facts left out: their datatype stops description-logic reasoners")


@export.command("turtle", context_settings=HELP)
@_dir
@release_option
@releases_option
def export_turtle(directory: Path, release: str | None, releases: Path | None) -> None:
    """Every graph of a release as a Turtle file."""
    from kg.snapshot import write_turtle

    _written(write_turtle(sorted((opened(release, releases).path / "dumps").glob("*.nq")), directory))


@export.command("void", context_settings=HELP)
@_dir
@release_option
@releases_option
def export_void(directory: Path, release: str | None, releases: Path | None) -> None:
    """Description of a release for data catalogues: void.ttl and dcat.ttl."""
    from kg.catalogue import count, write_catalogue
    from kg.store.embedded import EmbeddedStore

    found = opened(release, releases)
    directory.mkdir(parents=True, exist_ok=True)
    _written(write_catalogue(found.path, found.manifest, count(EmbeddedStore(found.store).query), directory))


@export.command("docs", context_settings=HELP)
@_dir
def export_docs(directory: Path) -> None:
    """The ontology's terms as web pages in English and Chinese, and a diagram of its main classes."""
    from kg.term_pages import write_pages

    _written(write_pages(directory))


def _written(paths: Iterable[Path]) -> None:
    for path in paths:
        click.echo(f"{path} ({path.stat().st_size:,} bytes)")
