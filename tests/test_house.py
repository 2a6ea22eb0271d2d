"""The repository keeps to its own rules."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

import kg

ROOT = Path(__file__).parents[1]


def test_public_names() -> None:
    assert kg.__all__ == ["Answer", "Graph", "KgError", "Release", "build", "open"]
    assert all(getattr(kg, name) for name in kg.__all__)


def test_wheel_holds_one_package_with_its_assets(tmp_path: Path) -> None:
    wheel = next(iter(WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])))
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"kg"}
    for asset in ("ontology/core.ttl", "loaders/zhejiang/source.toml", "queries/headline/gaps.rq"):
        assert f"kg/_assets/{asset}" in names


def test_no_shared_test_is_skipped_while_the_data_is_there(request: pytest.FixtureRequest) -> None:
    from tests.conftest import SHARED

    shared = [item for item in request.session.items if "shared" in item.keywords]
    skipped = [item.name for item in shared if item.get_closest_marker("skip")]
    assert (not skipped) if SHARED.is_dir() else (len(skipped) == len(shared))


def test_lock_pins_with_hashes_and_names_no_place() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?://|--find-links|--index-url|file:", text)
    pins = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", text, re.MULTILINE)
    assert len(pins) > 40 and text.count("--hash=sha256:") >= len(pins)
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    pyproject = pyproject[pyproject.index("dependencies = [") : pyproject.index("[project.scripts]")]
    wanted = re.findall(r'^    "([A-Za-z0-9_.-]+)[^"]*",\s+# \S', pyproject, re.MULTILINE)
    assert {name.lower().replace("_", "-") for name in wanted} <= {pin.lower().replace("_", "-") for pin in pins}


def test_every_dependency_has_its_reason() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = pyproject[pyproject.index("dependencies = [") : pyproject.index("[project.scripts]")]
    lines = [line for line in block.splitlines() if line.startswith('    "')]
    assert lines and all("# " in line for line in lines)


def test_the_engine_knows_no_source_by_name() -> None:
    sources = [path.name for path in (ROOT / "loaders").iterdir()]
    for path in (ROOT / "kg").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not [name for name in sources if re.search(rf"[\"']{name}[\"']", text)], path


def test_no_path_of_one_machine() -> None:
    done = subprocess.run(
        ["git", "grep", "-nE", "/(root|home|opt)/[a-z]"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
