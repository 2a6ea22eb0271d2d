"""OWLAPI's profile checker and HermiT, asked about files in one Java process that stays: starting one takes seconds."""

from __future__ import annotations

import atexit
import functools
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

__all__ = ["JAVA_OPTIONS", "is_consistent", "profile"]

#: A run of seconds: what the second compiler of the runtime would gain takes longer than the run.
JAVA_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
SECONDS = 300


def profile(name: str, path: Path) -> tuple[bool, str]:
    """Whether a file is in the profile, and what violates it."""
    return _ask(name, path)


def is_consistent(path: Path) -> bool:
    """Whether a file has a model."""
    return _ask("consistent", path)[0]


@functools.cache
def _process() -> subprocess.Popen[str]:
    owlready2 = pytest.importorskip("owlready2")
    java = shutil.which("java")
    if java is None:
        pytest.skip("no Java runtime")
    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    process = subprocess.Popen(
        [java, *JAVA_OPTIONS, "-cp", str(jar), str(Path(__file__).with_name("Judge.java"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    atexit.register(_end, process)
    return process


def _end(process: subprocess.Popen[str]) -> None:
    process.communicate()


def _ask(question: str, path: Path) -> tuple[bool, str]:
    process = _process()
    assert process.stdin is not None and process.stdout is not None
    late = threading.Timer(SECONDS, process.kill)
    late.start()
    said = []
    try:
        process.stdin.write(f"{question} {path}\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("= "):
                break
            said.append(line)
        else:
            line = "= the end"
    finally:
        late.cancel()
    assert line in ("= yes\n", "= no\n"), f"{question} {path}: {line}{''.join(said)}"
    return line == "= yes\n", "".join(said)
