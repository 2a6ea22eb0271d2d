"""Either the full build succeeds, or nothing changes."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import filelock
import pytest

import kg
from kg.errors import BusyError, LoaderError, ReleaseError, SourceFileError, StorageError
from kg.graph import Graph
from kg.release import build
from kg.releases import Release, current_release

SOURCES = ["regions", "zhejiang"]
ASK = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/icsc/ns#Gap> }"


def copied(release: Release, folder: Path) -> Path:
    """A folder of releases of the test's own, with what a build of the same sources has left there."""
    shutil.copytree(release.path.parent, folder, symlinks=True)
    return folder


def test_two_builds_give_the_same_dumps(embedded: Graph, again: Release) -> None:
    assert embedded.release is not None and embedded.release.path != again.path
    assert embedded.release.manifest["dumps"] == again.manifest["dumps"]


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


def test_failed_build_leaves_the_last_release(paper: Release, tmp_path: Path, make_loader: Callable[..., Path]) -> None:
    first = current_release(copied(paper, tmp_path / "r"))
    bad = make_loader(
        "a\n1\n", "SELECT b FROM read_csv('rows.csv')", '#+ iri: {o: "x/{b}"}\nCONSTRUCT { ?o a <urn:x> . }'
    )
    with pytest.raises(LoaderError):
        build([*SOURCES, "toy"], loaders=[bad], releases=tmp_path / "r")
    assert current_release(tmp_path / "r").id == first.id
    build(SOURCES, releases=tmp_path / "r")
    assert not list((tmp_path / "r").glob("*.partial"))


#: What a build has written when a moment has come, in this order; seconds would be another moment on each machine.
MOMENTS = ("*.partial/dumps", "*.partial/dumps/derived-*.nq", "*.partial/store/CURRENT")
MOMENTS += ("*.partial/validation.json",)


def signalled(releases: Path, moment: str, sign: signal.Signals) -> tuple[int, str]:
    """Starts a build and sends it a signal as soon as a file is there; its exit code, and what it said."""
    command = [sys.executable, "-m", "kg", "build", "--releases", str(releases)]
    command += [part for source in SOURCES for part in ("--source", source)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell has started in the background ignores Ctrl-C, and so would all that it starts.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while process.poll() is None and not any(releases.glob(moment)):
        time.sleep(0.002)
    if process.poll() is None:
        process.send_signal(sign)
    _, told = process.communicate(timeout=120)
    return process.returncode, told


def test_kill_at_any_moment(paper: Release, tmp_path: Path) -> None:
    releases = copied(paper, tmp_path / "r")
    before = kg.open(releases=releases).sparql(ASK)
    codes = []
    for moment in MOMENTS:
        codes.append(signalled(releases, moment, signal.SIGKILL)[0])
        found = kg.open(releases=releases).sparql(ASK)
        assert found.equals(before)  # type: ignore[union-attr]  # a table
    # The last moment may be too short to be seen.
    assert codes[:-1] == [-signal.SIGKILL] * (len(MOMENTS) - 1)
    assert build(SOURCES, releases=releases).manifest["dumps"] == paper.manifest["dumps"]
    assert not list(releases.glob("*.partial"))


def test_stopped_by_the_user_at_any_moment(paper: Release, tmp_path: Path) -> None:
    releases = copied(paper, tmp_path / "r")
    for moment in MOMENTS[:-1]:
        code, told = signalled(releases, moment, signal.SIGINT)
        # A second look at the signal, as Python ends, makes it a death by signal: 130 to a shell all the same.
        assert told.strip() == "kg: stopped" and code in (130, -signal.SIGINT), moment
        assert not list(releases.glob("*.partial"))
    assert current_release(releases).id == paper.id
    assert current_release(releases).manifest["dumps"] == paper.manifest["dumps"]
    assert kg.open(releases=releases).sparql(ASK) is not None


def kg_build(releases: Path, prefix: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    command = [*prefix, sys.executable, "-m", "kg", "build", "--releases", str(releases)]
    command += [part for source in SOURCES for part in ("--source", source)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)


def assert_refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    """One clear message on standard error, and the exit code for input that is wrong."""
    assert done.returncode == 2
    assert done.stderr.startswith("kg: ") and "Traceback" not in done.stderr
    assert words in done.stderr and len(done.stderr.splitlines()) <= 2


@pytest.mark.parametrize("kilobytes", [16, 100, 400])
def test_file_that_may_not_grow(paper: Release, tmp_path: Path, kilobytes: int) -> None:
    releases = copied(paper, tmp_path / "r")
    for cached in (releases / ".kg-cache").iterdir():
        shutil.rmtree(cached)
    limit = (kilobytes * 1024, kilobytes * 1024)
    done = kg_build(releases, [], preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert_refused(done, "Free space")
    assert current_release(releases).id == paper.id and not list(releases.glob("*.partial"))


@pytest.mark.parametrize("megabytes", [1, 2, 3, 5])
def test_full_disk(tmp_path: Path, megabytes: int) -> None:
    """A file system of a few megabytes, in a mount of the test's own, fills up at several steps of a build."""
    script = f'mount -t tmpfs -o size={megabytes}m none "$0" || exit 77; "$@"; code=$?; ls -A "$0/r"; exit $code'
    prefix = ["unshare", "--map-root-user", "--mount", "sh", "-c", script, str(tmp_path)]
    done = kg_build(tmp_path / "r", prefix)
    if done.returncode in {77, 127} or done.stderr.startswith("unshare"):
        pytest.skip("a mount of the test's own is not allowed here")
    assert_refused(done, "disk is full")
    assert ".partial" not in done.stdout and "current" not in done.stdout
