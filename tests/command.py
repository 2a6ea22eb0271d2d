"""The command `kg` in this process: what its user sees, without the second that a process of its own takes to start."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

from kg.cli import main

__all__ = ["kg"]


def kg(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs it as `python -m kg` does, with its output not on a terminal."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    code: object = 0
    with mock.patch.object(sys, "argv", ["kg", *arguments]), redirect_stdout(streams[0]), redirect_stderr(streams[1]):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    assert isinstance(code, int)
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]  # BytesIO
    return subprocess.CompletedProcess(["kg", *arguments], code, out, err)
