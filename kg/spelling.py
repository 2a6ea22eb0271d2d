"""Forms in which a name may be typed: other widths, other Chinese characters, quotation marks, other case."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from opencc import OpenCC

__all__ = ["cleaned", "folded", "in_other_characters"]

_QUOTES: Final = ('""', "''", "“”", "‘’", "「」", "『』", "《》", "〈〉", "<>")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
#: Chinese is written without spaces.
_BETWEEN_HAN: Final = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")


def cleaned(text: str) -> str:
    """A text in the usual width, without the quotation marks around it and spaces that say nothing."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    while len(plain) > 2 and plain[0] + plain[-1] in _QUOTES:
        plain = plain[1:-1].strip()
    return _BETWEEN_HAN.sub("", plain)


def in_other_characters(text: str) -> list[str]:
    """The same text in simplified and in traditional Chinese characters, where that is another text."""
    if not _HAN.search(text):
        return []
    forms = [_converter(way).convert(text) for way in ("t2s", "s2t")]
    return [form for form in dict.fromkeys(forms) if form != text]


def folded(texts: Sequence[str]) -> list[str]:
    """Texts in the form in which they are compared: usual width, small letters, simplified characters."""
    plain = [" ".join(unicodedata.normalize("NFKC", text).casefold().split()) for text in texts]
    if not any(_HAN.search(text) for text in plain):
        return plain
    # All at once, a line each: a hundred thousand names take 40 ms.
    return str(_converter("t2s").convert("\n".join(plain))).split("\n")


@functools.cache
def _converter(way: str) -> OpenCC:
    import opencc  # its dictionaries take 0.1 s to read, and few names need them

    return opencc.OpenCC(way)
