"""Either the full build succeeds, or nothing changes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

import kg
from kg.errors import BusyError, LoaderError, ReleaseError, SourceFileError, StorageError
from kg.release import build, current_release

SOURCES = ["regions", "zhejiang"]
ASK = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/icsc/ns#Gap> }"


def test_two_builds_give_the_same_dumps(tmp_path: Path) -> None:
    one = build(SOURCES, releases=tmp_path / "a")
    two = build(SOURCES, releases=tmp_path / "b")
    assert one.manifest["dumps"] == two.manifest["dumps"]


def test_second_build_waits_for_nobody(tmp_path: Path) -> None:
    with filelock.FileLock(tmp_path / ".lock"), pytest.raises(BusyError, match="another build"):
        build(SOURCES, releases=tmp_path)


def test_no_release_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="kg build"):
        current_release(tmp_path)


def test_unknown_source_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(LoaderError, match="zhejiang"):
        build(["nowhere"], releases=tmp_path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceFileError, match="eto_chip_explorer"):
        build(["eto_chip_explorer"], data=tmp_path, releases=tmp_path / "r")


def test_unwritable_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        build(SOURCES, releases=tmp_path / "file" / "releases")


def test_failed_build_leaves_the_last_release(tmp_path: Path, make_loader: Callable[..., Path]) -> None:
    first = build(SOURCES, releases=tmp_path / "r")
    bad = make_loader(
        "a\n1\n", "SELECT b FROM read_csv('rows.csv')", '#+ iri: {o: "x/{b}"}\nCONSTRUCT { ?o a <urn:x> . }'
    )
    with pytest.raises(LoaderError):
        build([*SOURCES, "toy"], loaders=[bad], releases=tmp_path / "r")
    assert current_release(tmp_path / "r").id == first.id
    build(SOURCES, releases=tmp_path / "r")
    assert not list((tmp_path / "r").glob("*.partial"))


def test_kill_at_any_moment(tmp_path: Path) -> None:
    releases = tmp_path / "r"
    first = build(SOURCES, releases=releases)
    before = kg.open(releases=releases).sparql(ASK)
    command = [sys.executable, "-m", "kg", "build", "--releases", str(releases)]
    command += [part for source in SOURCES for part in ("--source", source)]
    kills = 0
    for step in range(12):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
        time.sleep(0.15 + 0.15 * step)
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            kills += 1
        process.wait()
        found = kg.open(releases=releases).sparql(ASK)
        assert found.equals(before)  # type: ignore[union-attr]  # a table
    assert kills >= 3
    assert build(SOURCES, releases=releases).manifest["dumps"] == first.manifest["dumps"]
    assert not list(releases.glob("*.partial"))
