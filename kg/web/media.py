"""Content negotiation: which format an Accept header asks for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

__all__ = ["GRAPH_TYPES", "ROW_TYPES", "choose", "choose_language", "content_type", "wants_page"]

#: Media type -> format, best first. The first type of a format is the one that is sent.
ROW_TYPES: Final = {
    "application/sparql-results+json": "json",
    "application/sparql-results+xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/json": "json",
    "application/xml": "xml",
    "text/xml": "xml",
}
GRAPH_TYPES: Final = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
    "application/x-turtle": "ttl",
    "application/json": "jsonld",
    "application/xml": "rdf",
    "text/xml": "rdf",
}


def content_type(types: Mapping[str, str], format: str) -> str:
    """What is sent in `Content-Type` for a format."""
    name = next(media for media, known in types.items() if known == format)
    return f"{name}; charset=utf-8" if name.startswith("text/") else name


def choose(accept: str, types: Mapping[str, str]) -> str | None:
    """The format that is wanted most.

    Args:
        accept: the header; empty: anything.
        types: media type -> format, best first.

    Returns:
        None where none of them is accepted.
    """
    return _choose(accept, tuple(types.items()))


@lru_cache(maxsize=512)
def _choose(accept: str, types: tuple[tuple[str, str], ...]) -> str | None:
    wanted = _ranges(accept) or [("*/*", 1.0)]
    best: tuple[float, int] | None = None
    chosen = None
    for order, (media, format) in enumerate(types):
        quality = _quality(media, wanted)
        if quality > 0 and (best is None or (quality, -order) > best):
            best, chosen = (quality, -order), format
    return chosen


def _quality(media: str, wanted: list[tuple[str, float]]) -> float:
    """The quality of the most specific range that holds the media type."""
    main = media.split("/", 1)[0]
    for form in (media, f"{main}/*", "*/*"):
        for name, quality in wanted:
            if name == form:
                return quality
    return 0.0


def _ranges(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        found.append((name, quality))
    return found


def wants_page(accept: str) -> bool:
    """Whether a page is wanted rather than JSON; who takes anything is a program."""
    pages = {"application/json": "json", "text/html": "html", "application/xhtml+xml": "html"}
    return choose(accept, pages) == "html"


def choose_language(header: str, wanted: str | None = None) -> str:
    """`zh` or `en`: as asked for, else as an Accept-Language header prefers."""
    if wanted:
        return "zh" if wanted.lower().startswith("zh") else "en"
    best = {"zh": 0.0, "en": 0.0}
    for name, quality in _ranges(header):
        language = name.split("-", 1)[0]
        if language in best:
            best[language] = max(best[language], quality)
    return "zh" if best["zh"] > best["en"] else "en"
