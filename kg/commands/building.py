"""`kg build` and `kg check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.commands.shared import HELP, progress, releases_option
from kg.errors import UsageError
from kg.tables import print_table

if TYPE_CHECKING:
    from kg.findings import Report

__all__ = ["build", "check"]


@click.command(context_settings=HELP)
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@click.option("--data", type=click.Path(path_type=Path), help="Folder with one folder of files a source.")
@click.option("--snapshot", "snapshots", multiple=True, metavar="ID=DIR", help="Where one source's files lie instead.")
@click.option("--loaders", multiple=True, type=click.Path(path_type=Path), help="Folder with loaders of your own.")
@releases_option
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
    with progress() as tell:
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


@click.command(context_settings=HELP)
@click.option("--release", help="A release's id or folder [the current one, if there is one].")
@releases_option
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
