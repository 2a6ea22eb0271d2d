"""What all tests share: the folder of real data, a release of the embedded sources, tiny loaders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

import kg
from kg.graph import Graph
from kg.release import build
from kg.releases import Release, current_release

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("KG_SHARED") or ROOT.parent / "shared")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shared" in item.keywords and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="the folder of real data is not beside the repository"))
        if "java" in item.keywords and shutil.which("java") is None:
            item.add_marker(pytest.mark.skip(reason="no Java runtime"))
        if "browser" in item.keywords and not (shutil.which("chromium") or shutil.which("chromium-browser")):
            item.add_marker(pytest.mark.skip(reason="no Chromium; install chromium"))


def _once(factory: pytest.TempPathFactory, worker_id: str, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of a release that all test processes share: the first that needs it builds it, the others wait."""
    folder = (factory.getbasetemp() if worker_id == "master" else factory.getbasetemp().parent) / name
    with FileLock(f"{folder}.lock"):
        if not (folder / "current").exists():
            make(folder)
    return folder


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Graph:
    """A release of the sources that carry their data."""
    sources = ["chain_industry", "regions", "zhejiang"]
    folder = _once(tmp_path_factory, worker_id, "embedded", lambda folder: build(sources, releases=folder))
    return kg.open(releases=folder)


@pytest.fixture(scope="session")
def again(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Release:
    """A second release of the same sources as `embedded`, built in a folder of its own."""
    sources = ["chain_industry", "regions", "zhejiang"]
    return current_release(_once(tmp_path_factory, worker_id, "again", lambda folder: build(sources, releases=folder)))


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Release:
    """A release of the paper and of the regions alone; a test that changes its folder takes a copy."""
    sources = ["regions", "zhejiang"]
    return current_release(_once(tmp_path_factory, worker_id, "paper", lambda folder: build(sources, releases=folder)))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Graph:
    """A release of all sources, with the real data."""
    data = SHARED / "data"
    folder = _once(tmp_path_factory, worker_id, "full", lambda folder: build(None, data=data, releases=folder))
    return kg.open(releases=folder)


@pytest.fixture
def make_loader(tmp_path: Path) -> Callable[..., Path]:
    """Writes a loader folder with one file and one mapping; gives the folder of loaders."""

    def make(csv: str | bytes, sql: str, rq: str, name: str = "toy", file: str = "rows.csv") -> Path:
        folder = tmp_path / "loaders" / name
        (folder / "data").mkdir(parents=True)
        data = csv if isinstance(csv, bytes) else csv.encode()
        (folder / "data" / file).write_bytes(data)
        (folder / "source.toml").write_text(
            f'title = "Toy"\nlicence = "CC0"\n[[files]]\nname = "{file}"\nbundled = true\n', encoding="utf-8"
        )
        (folder / "rows.sql").write_text(sql, encoding="utf-8")
        (folder / "rows.rq").write_text(rq, encoding="utf-8")
        return folder.parent

    return make
