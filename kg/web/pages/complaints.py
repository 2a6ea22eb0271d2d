"""An error as a page tells it: by the names of the page's fields, in its language, with what may have been meant."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from kg.candidates import short
from kg.errors import KgError
from kg.graph import Graph
from kg.web.pages.complaints_zh import chinese
from kg.web.pages.words import page_words
from kg.web.resources import labels_of
from kg.wording import wording_of

__all__ = ["Complaint", "complaint_of", "fields_of", "said_of"]

_OPTION: Final = re.compile(r"--([a-z][\w-]*)")
#: Fields of pages that are called otherwise than what fills them.
_OTHERWISE: Final = {"question": "ask", "since": "release", "iri": "thing"}
#: Fields that hold several values.
_SEVERAL: Final = {"without": re.compile("[;；]")}


@dataclass(frozen=True)
class Complaint:
    """What is wrong with what was asked.

    Attributes:
        field: what the page calls the field; empty where it is none.
        text: what is wrong.
        hint: what to do about it; empty where nothing is known.
        choices: what may have been meant: its label, and the address of the page with it, if there is one.
        untranslated: the text is English on a page that is not.
    """

    field: str
    text: str
    hint: str
    choices: Sequence[tuple[str, str]]
    untranslated: bool


def fields_of(error: KgError) -> list[str]:
    """Parameters of the page that an error speaks of."""
    where = error.where or ""
    return _OPTION.findall(where) or ([where] if re.fullmatch(r"[a-z][a-z-]*", where) else [])


def said_of(name: str, lang: str) -> str:
    """What a page calls a field."""
    words = page_words(lang)
    if name.startswith("weight-") and name.removeprefix("weight-") in words:
        return words["weights"] + words["colon"] + words[name.removeprefix("weight-")]
    if name in _OTHERWISE:
        return words[_OTHERWISE[name]]
    return words.get(name.replace("-", "_")) or wording_of(lang).parameter(name)


def complaint_of(error: KgError, graph: Graph, lang: str, given: Mapping[str, str]) -> Complaint:
    """An error for the reader of a page.

    Args:
        given: what the page was asked; a choice replaces what was wrong in it.
    """
    fields = fields_of(error)
    labels = _apart(labels_of(graph.store, list(error.choices), lang)) if error.choices else {}
    name = fields[0] if fields else ""
    choices = [(labels[iri], _with(given, name, error.what, iri) if name in given else "") for iri in error.choices]
    text, hint = _named(error.what, lang), _named(error.hint or "", lang)
    told, advised = (chinese(text), chinese(hint)) if lang == "zh" else (text, hint)
    if choices and lang != "zh":
        # A page offers to choose; it asks for no IRI.
        advised = hint[: hint.index(": ") + 1].replace("Give one of", "It may be")
    # A file's or server's name is no field, and helps who runs the server.
    place = "" if fields else error.where or ""
    return Complaint(
        page_words(lang)["comma"].join(said_of(field, lang) for field in fields) or place,
        told if told is not None else text,
        advised if advised is not None else hint,
        choices,
        told is None,
    )


def _apart(labels: Mapping[str, str]) -> dict[str, str]:
    """Labels, with the short form of the IRI behind those that several things have."""
    several = {label for label, number in Counter(labels.values()).items() if number > 1}
    return {iri: f"{label} ({short(iri)})" if label in several else label for iri, label in labels.items()}


def _named(text: str, lang: str) -> str:
    return _OPTION.sub(lambda option: said_of(option[1], lang), text)


def _with(given: Mapping[str, str], name: str, what: str, iri: str) -> str:
    """The page's own address with one value, or a part of it, replaced."""
    value = given[name]
    if name in _SEVERAL:
        parts = [part.strip() for part in _SEVERAL[name].split(value)]
        value = "; ".join(iri if part and repr(part) in what else part for part in parts)
    else:
        value = iri
    return "?" + urlencode({**given, name: value})
