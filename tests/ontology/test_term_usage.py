"""Terms that nobody asks for become fewer, and the report of them is current."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def usage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_term_usage", ROOT / "docs" / "make_term_usage.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_terms_that_no_question_uses_only_become_fewer(usage: ModuleType) -> None:
    limit = usage.ceiling((ROOT / "docs" / "term_usage.md").read_text(encoding="utf-8"))
    assert limit is not None
    unasked = [found.term for found in usage.measure() if not found.questions]
    assert len(unasked) <= limit


def test_the_report_is_current(usage: ModuleType) -> None:
    text = (ROOT / "docs" / "term_usage.md").read_text(encoding="utf-8")
    assert text == usage.report(usage.measure(), usage.ceiling(text)), "run python docs/make_term_usage.py"


def test_use_is_found_where_it_is_and_nowhere_else(usage: ModuleType, tmp_path: Path) -> None:
    for room in ("ontology", "queries"):
        shutil.copytree(ROOT / room, tmp_path / room)
    (tmp_path / "loaders").mkdir()
    core = tmp_path / "ontology" / "core.ttl"
    with core.open("a", encoding="utf-8") as file:
        file.write("\nicsc:Planted a owl:Class .\n")

    def planted() -> tuple[str, ...]:
        found = {each.term: each for each in usage.measure(tmp_path)}["Planted"]
        assert not (found.loaders or found.rules or found.shapes)
        return tuple(found.questions)

    assert planted() == ()
    question = tmp_path / "queries" / "planted.rq"
    question.write_text("#+ summary: icsc:Planted\n# icsc:Planted\nASK { ?x a icsc:PlantedNot }\n", encoding="utf-8")
    assert planted() == ()
    question.write_text("ASK { ?x a icsc:Planted }\n", encoding="utf-8")
    assert planted() == ("planted",)
