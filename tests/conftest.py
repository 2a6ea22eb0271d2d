"""What all tests share: the folder of real data, a release of the embedded sources, tiny loaders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.graph import Graph
from kg.release import build

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


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A release of the sources that carry their data."""
    releases = tmp_path_factory.mktemp("embedded")
    build(["chain_industry", "regions", "zhejiang"], releases=releases)
    return kg.open(releases=releases)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """A release of all sources, with the real data."""
    releases = tmp_path_factory.mktemp("full")
    build(None, data=SHARED / "data", releases=releases)
    return kg.open(releases=releases)


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
