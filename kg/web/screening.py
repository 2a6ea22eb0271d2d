"""What is seen in a query's text before the engine runs it: calls to other servers, updates, its own dataset.

The engine would follow `SERVICE` to any address that the server can reach, and cannot be told not to.
Its parser needs no space between words (`1SERVICE<http://…>` is a call), so the word is looked for
everywhere outside texts, IRIs, comments, variables and the local parts of prefixed names. A prefix
that begins with "service" is refused as well: better that than a call let through.
"""

from __future__ import annotations

import re

__all__ = ["calls_out", "has_dataset_clause", "is_update", "is_volatile"]

_TEXT = r"""'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*\""""
_IRI = r"""<[^<>"{}|^`\\\x00-\x20]*>"""
_NAMES = r"""[?$]\w+|:(?:[\w.:%-]|\\.)+|\\."""
# Both readings of where a comment ends, so that nothing hides behind a bare carriage return.
_SKIPS = tuple(re.compile(f"(?:{_TEXT})|(?:{_IRI})|#[^{ends}]*|(?:{_NAMES})", re.DOTALL) for ends in (r"\n", r"\n\r"))
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE = re.compile("service", re.IGNORECASE)
_FROM = re.compile(r"(?<![\w-])from(?![\w:-]*:)", re.IGNORECASE)
_PROLOGUE = re.compile(r"(?:base ?|prefix (?:[\w.-]*:)? ?)*(\w+)", re.IGNORECASE)
_UPDATES = frozenset({"insert", "delete", "load", "clear", "create", "drop", "add", "move", "copy", "with"})
_VOLATILE = re.compile(r"\b(?:rand|now|uuid|struuid|bnode)\s*\(", re.IGNORECASE)


def _bare(text: str) -> str:
    # The colon of a prefixed name stays, so that its prefix is not taken for a word.
    return _SKIPS[0].sub(lambda found: ": " if found.group().startswith(":") else " ", text)


def calls_out(text: str) -> bool:
    """Whether the query may call another server."""
    readings = [text]
    if "\\" in text:
        # Code points as escapes: some engines decode them before parsing, some after.
        decoded = _ESCAPE.sub(lambda m: chr(min(int(m.group(1) or m.group(2), 16), 0x10FFFF)), text)
        readings.append(decoded)
    return any(
        _SERVICE.search(reading) and any(_SERVICE.search(skip.sub(" ", reading)) for skip in _SKIPS)
        for reading in readings
    )


def has_dataset_clause(text: str) -> bool:
    """Whether the query names its own dataset with FROM."""
    return bool(_FROM.search(text)) and bool(_FROM.search(_bare(text)))


def is_update(text: str) -> bool:
    """Whether a text that is no query looks like a SPARQL update."""
    first = _PROLOGUE.match(" ".join(_bare(text).split()))
    return bool(first and first.group(1).lower() in _UPDATES)


def is_volatile(text: str) -> bool:
    """Whether the query may answer differently each time on the same data."""
    return bool(_VOLATILE.search(text))
