"""Tables for people: fitted to a terminal, tab-separated lines in a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

import click

__all__ = ["cell", "is_for_people", "print_table"]

# Columns up to this width are never broken; wider ones share what is left.
_SHORT: Final = 22
_GAP: Final = 3


def cell(value: object) -> str:
    """A value as one line of text; what is unknown is empty."""
    if value is None or str(value) in {"<NA>", "nan", "NaT"}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    return " ".join(str(value).split())


def _plain(value: object) -> str:
    """A value for a program: numbers as they are, without separators or rounding."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) and cell(value) else cell(value)


def is_for_people() -> bool:
    """Whether tables go to a terminal (or KG_TABLE is set), not to a program."""
    return sys.stdout.isatty() or bool(os.environ.get("KG_TABLE"))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Prints a table.

    On a terminal (or with KG_TABLE set), columns without any value are left out, a value that all rows share
    stands once above the table, and columns that do not fit are named below it.

    Args:
        columns: names.
        rows: a value for each column.
    """
    if not is_for_people():
        click.echo("\t".join(columns))
        for row in rows:
            click.echo("\t".join(_plain(value) for value in row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else int(os.environ.get("COLUMNS", "140")))
    texts = [[cell(value) for value in row] for row in rows]
    filled = [i for i in range(len(columns)) if not rows or any(row[i] for row in texts)]
    shared = [i for i in filled if len(texts) > 2 and len({row[i] for row in texts}) == 1]
    wanted = [i for i in filled if i not in shared] or filled
    shown, left_out = _fit(columns, texts, wanted, console.width)

    for i in shared:
        console.print(f"{columns[i]}: {texts[0][i]}", markup=False, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for i in shown:
        numbers = any(isinstance(row[i], int | float) and not isinstance(row[i], bool) for row in rows)
        short = _widest(columns, texts, i) <= _SHORT
        table.add_column(
            columns[i].replace("_", " "),
            justify="right" if numbers else "left",
            no_wrap=short,
            min_width=_least(columns, texts, i),
            overflow="fold",
        )
    for row in texts:
        table.add_row(*(row[i] for i in shown))
    console.print(table, markup=False, highlight=False)
    if left_out:
        names = ", ".join(columns[i] for i in left_out)
        console.print(f"No room for: {names}. A wider window or --format csv shows all.", highlight=False)


def _widest(columns: Sequence[str], texts: list[list[str]], index: int) -> int:
    from rich.cells import cell_len

    return max([_longest_word(columns[index].replace("_", " ")), *(cell_len(row[index]) for row in texts)])


def _longest_word(text: str) -> int:
    from rich.cells import cell_len  # only a terminal needs it

    return max((cell_len(word) for word in text.split()), default=0)


def _least(columns: Sequence[str], texts: list[list[str]], index: int) -> int:
    """The least width in which a column can be read: short values whole, others without a broken word."""
    widest = _widest(columns, texts, index)
    if widest <= _SHORT:
        return widest
    words = [columns[index].replace("_", " "), *(row[index] for row in texts)]
    # Chinese has no spaces to break at, so a long word is not a reason for a wide column.
    return min(_SHORT, max(14, *(_longest_word(text) for text in words)))


def _fit(columns: Sequence[str], texts: list[list[str]], wanted: list[int], width: int) -> tuple[list[int], list[int]]:
    """The columns that fit in the width, from the left, and those that do not."""
    shown: list[int] = []
    used = 0
    for i in wanted:
        used += _least(columns, texts, i) + _GAP
        if shown and used > width:
            break
        shown.append(i)
    return shown, [i for i in wanted if i not in shown]
