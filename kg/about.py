"""What an answer is the answer to, as files and pages say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.library import Question

__all__ = ["About"]


@dataclass(frozen=True)
class About:
    """What an answer is the answer to.

    Attributes:
        question: the question; None for a query of somebody's own.
        asked: parameter -> value, as given.
        release: id of the release.
        lang: `zh` or `en`; in Chinese columns and fixed values have Chinese names.
    """

    question: Question | None = None
    asked: Mapping[str, object] = field(default_factory=dict)
    release: str | None = None
    lang: str = "en"
