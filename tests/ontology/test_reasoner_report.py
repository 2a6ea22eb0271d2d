"""The report on reasoners says what they say today."""

from __future__ import annotations

import pytest

from tests.ontology.reasoner_report import REPORT, report


@pytest.mark.java
def test_the_report_is_up_to_date() -> None:
    pytest.importorskip("owlready2")
    assert REPORT.read_text(encoding="utf-8") == report(), "run python -m tests.ontology.reasoner_report"


def test_the_report_holds_every_case() -> None:
    text = REPORT.read_text(encoding="utf-8")
    assert text.count("\n| core, ") == 5 and text.count("\n| HermiT") == 2 and "\n| owlrl" in text
