"""A server on a free port, over the release of the sources that carry their data."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import uvicorn

from kg.graph import Graph
from kg.web.app import create_app
from kg.web.limits import Limits
from kg.web.live import Live
from kg.web.server import _listen

SECONDS = 2.0
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    live: Live
    client: httpx.Client


@contextmanager
def running(releases: Path, limits: Limits, workers: int = 2) -> Iterator[Served]:
    live = Live(releases, None, workers, limits)
    with _listen("127.0.0.1", 0) as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(live), log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                time.sleep(0.01)
            with httpx.Client(base_url=url, timeout=60.0) as client:
                yield Served(url, live, client)
        finally:
            server.should_exit = True
            thread.join()
            live.close_now()


@pytest.fixture(scope="session")
def served(embedded: Graph) -> Iterator[Served]:
    assert embedded.release is not None
    limits = Limits(seconds=SECONDS, rows=5_000, memory=256 << 20, queue=8)
    with running(embedded.release.path.parent, limits) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()
