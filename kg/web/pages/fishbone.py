"""The fishbone of a chain as SVG: the spine is the core path, ribs are links, marks on them are inputs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

__all__ = ["SIGNS", "Bone", "Mark", "fishbone", "numbered"]

#: Colour and sign of each status: never told by colour alone.
SIGNS: Final = {
    "met": ("#2c7a4b", "✓"),
    "single-source": ("#946200", "1"),
    "insufficient": ("#b35309", "±"),
    "absent": ("#b3261e", "✕"),
    "unknown": ("#5f6368", "?"),
}
_STEP: Final = 30
_ROW: Final = 34
_PER_ROW: Final = 12
#: Units across; a longer spine goes on below, so that signs and names stay as large.
_WIDTH: Final = 1340


@dataclass(frozen=True)
class Mark:
    """A needed input on a rib.

    Attributes:
        why: on what the status rests; empty where nothing more is to be said.
    """

    iri: str
    label: str
    status: str
    why: str = ""


@dataclass(frozen=True)
class Bone:
    """A link of the chain with the inputs that it needs.

    Attributes:
        tier: place along the spine, from 1.
        on_spine: whether the link lies on the core path.
    """

    label: str
    stage: str
    tier: int
    on_spine: bool
    marks: tuple[Mark, ...]


def numbered(bones: Sequence[Bone]) -> list[tuple[Bone, list[tuple[int, Mark]]]]:
    """The marks of each bone with the numbers that they have in the drawing, from 1."""
    count = itertools.count(1)
    return [(bone, [(next(count), mark) for mark in bone.marks]) for bone in bones]


def fishbone(bones: Sequence[Bone], url: Callable[[str], str], words: Mapping[str, str], chosen: str = "") -> Markup:
    """The drawing, in which every mark is a link that the keyboard reaches.

    Args:
        bones: links in the order of the chain.
        url: where a click on an input leads.
        words: words for the statuses, and for the drawing itself.
        chosen: IRI of the input that is marked.
    """
    parts: list[str] = []
    top = 0
    pieces = _pieces(numbered(bones))
    width = max(sum(map(_breadth, piece)) for piece in pieces) + 80
    for index, piece in enumerate(pieces):
        spine = top + max(_height(column[:1]) for column in piece) + 40
        last = index == len(pieces) - 1
        end = width - 30 if last else width
        parts.append(f'<line x1="{0 if index else 20}" y1="{spine}" x2="{end}" y2="{spine}" class="spine"/>')
        if last:
            parts.append(f'<path d="M{end} {spine - 14} l28 14 l-28 14 z" class="head"/>')
        x = 40
        for column in piece:
            for side, (bone, marks) in zip((-1, 1), column, strict=False):
                parts.append(_rib(bone, marks, x, spine, side, url, words, chosen))
            x += _breadth(column)
        top = spine + max(_height(column[1:]) for column in piece) + 30
    label = escape(words.get("fishbone", "fishbone"))
    start = f'<svg viewBox="0 0 {width} {top}" role="group" aria-label="{label}" class="fishbone">'
    return Markup("".join([start, *parts, "</svg>"]))


_Column = list[tuple[Bone, list[tuple[int, Mark]]]]


def _pieces(bones: _Column) -> list[list[_Column]]:
    """The spine cut into pieces of columns, each a rib above and one below, that are as wide as the drawing."""
    pieces: list[list[_Column]] = [[]]
    used = 0
    for start in range(0, len(bones), 2):
        column = bones[start : start + 2]
        if pieces[-1] and used + _breadth(column) > _WIDTH - 80:
            pieces.append([])
            used = 0
        pieces[-1].append(column)
        used += _breadth(column)
    return pieces if pieces[-1] else [[[]]]


def _breadth(column: _Column) -> int:
    """Units that the names and the marks of a column take."""
    # Names are larger in print.
    names = [_length(bone.label, 20) + _length(bone.stage, 14) + 6 for bone, _ in column]
    marks = [44 + min(len(marks), _PER_ROW) * _STEP for _, marks in column]
    return int(max([*names, *marks, 160])) + 40


def _length(text: str, size: float) -> float:
    """About how long a text is; a Chinese sign is as wide as it is high."""
    return sum(size if ord(sign) > 0x2E7F else 0.6 * size for sign in text)


def _height(side: _Column) -> int:
    most = max((len(marks) for _, marks in side), default=0)
    return 70 + -(-most // _PER_ROW) * _ROW


def _rib(
    bone: Bone,
    marks: Sequence[tuple[int, Mark]],
    x: int,
    spine: int,
    side: int,
    url: Callable[[str], str],
    words: Mapping[str, str],
    chosen: str,
) -> str:
    rows = -(-len(marks) // _PER_ROW)
    end = spine + side * (40 + rows * _ROW)
    text = end - 10 if side < 0 else end + 20
    parts = [
        f'<line x1="{x + 60}" y1="{spine}" x2="{x}" y2="{end}" class="{"core" if bone.on_spine else "rib"}"/>',
        f'<text x="{x}" y="{text}" class="link">{escape(bone.label)} <tspan class="stage">{escape(bone.stage)}</tspan>'
        "</text>",
    ]
    for index, (number, mark) in enumerate(marks):
        row, place = divmod(index, _PER_ROW)
        cx = x + 44 + place * _STEP - (row + 1) * 6
        cy = spine + side * (26 + row * _ROW)
        colour, sign = SIGNS.get(mark.status, SIGNS["unknown"])
        name = f"{mark.label}: {words.get(mark.status, mark.status)}" + (f" – {mark.why}" if mark.why else "")
        current = ' aria-current="true"' if mark.iri == chosen else ""
        parts.append(
            f'<a href="{escape(url(mark.iri))}" aria-label="{escape(name)}"{current}><title>{escape(name)}</title>'
            f'<circle cx="{cx}" cy="{cy}" r="10" fill="{colour}"/>'
            f'<text x="{cx}" y="{cy + 4}" class="sign">{sign}</text>'
            f'<text x="{cx}" y="{cy + 19}" class="number">{number}</text></a>'
        )
    return "".join(parts)
