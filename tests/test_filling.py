"""Filling a store from files."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.store.filling import load_store

LINES = [f"<urn:s{number}> <urn:p> <urn:o{number % 7}> <urn:g> .\n" for number in range(400)]


@pytest.mark.parametrize("settle", [True, False])
def test_every_statement_of_every_file_is_in_the_store_once(tmp_path: Path, settle: bool) -> None:
    parts = [LINES[:1], [], LINES[1:250], LINES[200:], []]
    paths = []
    for number, part in enumerate(parts):
        paths.append(tmp_path / f"{number}.nq")
        paths[-1].write_text("".join(part), encoding="utf-8")
    filled = load_store(tmp_path / "store", paths)
    if settle:
        filled.optimize()
    del filled
    store = ox.Store.read_only(str(tmp_path / "store"))
    assert sorted(f"{quad} .\n" for quad in store) == sorted(LINES)


def test_no_file_gives_an_empty_store(tmp_path: Path) -> None:
    load_store(tmp_path / "store", [])
    assert not len(ox.Store.read_only(str(tmp_path / "store")))


def test_a_file_that_is_not_there_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"absent\.nq"):
        load_store(tmp_path / "store", [tmp_path / "absent.nq"])
