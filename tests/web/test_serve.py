"""The running server: health, a new release without a dropped request, and the command itself."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from kg.graph import Graph
from kg.web.limits import Limits
from tests.web.conftest import Served, running

LABEL = "SELECT ?title { <https://w3id.org/icsc/id/region/CN> a ?title } ORDER BY ?title"


def test_health(served: Served) -> None:
    assert served.client.get("/health").json() == {"status": "ok", "release": served.live.release.id}


def test_start_page_or_pages(served: Served) -> None:
    answer = served.client.get("/", headers={"accept": "text/html"})
    assert answer.status_code == 200 and "<html" in answer.text


def _copy(embedded: Graph, releases: Path, name: str) -> None:
    """A second release with the same data under another id."""
    import json

    assert embedded.release is not None
    shutil.copytree(embedded.release.path, releases / name)
    manifest = json.loads((releases / name / "manifest.json").read_text(encoding="utf-8"))
    (releases / name / "manifest.json").write_text(json.dumps({**manifest, "id": name}), encoding="utf-8")


def _point(releases: Path, name: str) -> None:
    (releases / ".new").symlink_to(name)
    os.replace(releases / ".new", releases / "current")


def test_a_new_release_is_served_without_a_dropped_request(embedded: Graph, tmp_path: Path) -> None:
    for name in ("first", "second"):
        _copy(embedded, tmp_path, name)
    _point(tmp_path, "first")
    with running(tmp_path, Limits(seconds=10)) as server:
        old = server.live._generation
        seen: list[tuple[int, str]] = []
        stop = threading.Event()

        def keep_asking() -> None:
            with httpx.Client(base_url=server.url, timeout=30) as client:
                while not stop.is_set():
                    answer = client.get("/sparql", params={"query": LABEL})
                    seen.append((answer.status_code, answer.headers["etag"].split("-")[0].strip('"')))
                    about = client.get("/doc/id/region/CN", headers={"accept": "text/turtle"})
                    seen.append((about.status_code, ""))

        threads = [threading.Thread(target=keep_asking) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        _point(tmp_path, "second")
        limit = time.monotonic() + 20
        while server.client.get("/health").json()["release"] != "second":
            assert time.monotonic() < limit
            time.sleep(0.05)
        time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join()
        assert {status for status, _ in seen} == {200}
        assert {release for _, release in seen} == {"first", "second", ""}
        assert server.live.graph.release is not None and server.live.graph.release.id == "second"
        while old.pool._workers or old.store._all:
            assert time.monotonic() < limit, "the old processes were not ended"
            time.sleep(0.05)

        # A pointer to something broken changes nothing.
        (tmp_path / "third").mkdir()
        _point(tmp_path, "third")
        time.sleep(1.5)
        assert server.client.get("/health").json() == {"status": "ok", "release": "second"}


def _start(releases: Path, *options: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", "--releases", str(releases), *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _children(process: int) -> set[int]:
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = status.read_text(encoding="utf-8")
        except OSError:
            continue
        if int(text.rsplit(")", 1)[1].split()[1]) == process:
            found.add(int(status.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_the_end_leaves_no_process(embedded: Graph, sign: signal.Signals) -> None:
    assert embedded.release is not None
    process = _start(embedded.release.path.parent, "--port", "0", "--timeout", "3")
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert embedded.release.id in line
        url = line.split(" at ")[1].split(" ")[0].rstrip("/")
        limit = time.monotonic() + 20
        while True:
            try:
                assert httpx.get(f"{url}/health").status_code == 200
                break
            except httpx.ConnectError:
                assert time.monotonic() < limit
        # One of them is at work when the end comes.
        runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = ?i && ?c = 1) }"
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{url}/sparql", params={"query": runaway}, timeout=0.2)
        # On a busy machine they take their time.
        while len(children := _children(process.pid)) < 6:
            assert time.monotonic() < limit
            time.sleep(0.05)
        process.send_signal(sign)
        out, err = process.communicate(timeout=20)
        assert (out, err) == ("", "")
        assert process.returncode == (0 if sign == signal.SIGINT else -signal.SIGKILL)
        limit = time.monotonic() + 10
        while any(Path(f"/proc/{child}").exists() and _alive(child) for child in children):
            assert time.monotonic() < limit, "a process was left behind"
            time.sleep(0.05)
    finally:
        process.kill()
        process.communicate()


def _alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_port_that_is_taken(embedded: Graph) -> None:
    assert embedded.release is not None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        process = _start(embedded.release.path.parent, "--port", port)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 2 and out == ""
    assert f"port {port} is taken" in err and "Traceback" not in err


def test_no_release(tmp_path: Path) -> None:
    process = _start(tmp_path, "--port", "0")
    _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "there is no release yet" in err and "kg build" in err and "Traceback" not in err
