"""The command `kg`: its commands in one group, and errors as one clear line."""

from __future__ import annotations

import os
import sys

import click

from kg.commands.asking import ask, sparql
from kg.commands.building import build, check
from kg.commands.comparing import diff, whatif
from kg.commands.publishing import export, serve
from kg.commands.shared import HELP
from kg.errors import KgError

__all__ = ["cli", "main"]


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


@click.group(context_settings=HELP)
@click.version_option(package_name="industrial-chain-kg")
def cli() -> None:
    """Industrial chains as a graph: where are the gaps, the necks, the partners?"""


for command in (build, ask, sparql, whatif, check, diff, serve, export):
    cli.add_command(command)
