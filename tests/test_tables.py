"""Tables for people say everything once, and break no word."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from kg.tables import cell, print_table


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_TABLE", "1")
    monkeypatch.setenv("COLUMNS", "80")


def printed(capsys: pytest.CaptureFixture[str], columns: list[str], rows: list[list[object]]) -> str:
    print_table(columns, rows)
    return capsys.readouterr().out


def test_what_all_rows_share_stands_once(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[list[object]] = [["textile", name, None] for name in ("fibre", "fabric", "dye")]
    text = printed(capsys, ["chain", "input", "measure"], rows)
    assert text.count("textile") == 1 and text.startswith("chain: textile")
    assert "measure" not in text and "fabric" in text


def test_two_rows_that_agree_are_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, ["chain"], [["textile"], ["textile"]]).count("textile") == 2


def test_columns_without_room_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    columns = [f"column {i}" for i in range(12)]
    text = printed(capsys, columns, [[f"value-{i}-{row}" for i in range(12)] for row in range(3)])
    assert "value-0-0" in text and "No room for:" in text and "column 11" in text.replace("\n", " ")


def test_words_are_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    reason = "Shaoxing's chemical fibre is mainly conventional and low-grade; it makes almost no functional fibre"
    text = printed(capsys, ["input", "reason", "region"], [[f"fibre {i}", f"{reason} {i}", "绍兴"] for i in range(3)])
    words = set(text.split())
    assert set(reason.split()) <= words


def test_markup_in_data_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert "[bold]x[/bold]" in printed(capsys, ["a"], [["[bold]x[/bold]"]])


def test_a_pipe_gets_every_column(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KG_TABLE")
    # For programs: no separators, nothing rounded.
    assert printed(capsys, ["a", "b", "c"], [[1000, None, 0.123456789]]) == "a\tb\tc\n1000\t\t0.123456789\n"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=40), st.none() | st.floats(), st.booleans()), min_size=1, max_size=5))
def test_any_row_is_printed_within_the_width(
    capsys: pytest.CaptureFixture[str], rows: list[tuple[object, ...]]
) -> None:
    text = printed(capsys, ["text", "number", "flag"], [list(row) for row in rows])
    if all(character.isprintable() or character in "\r\n\t" for row in rows for character in str(row[0])):
        assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert cell(rows[0][2]) in {"yes", "no"}
