"""The fishbone of a chain as SVG: the spine is the core path, ribs are links, marks on them are inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

__all__ = ["Bone", "Mark", "fishbone"]

#: Colour and sign of each status: never told by colour alone.
SIGNS: Final = {
    "met": ("#2c7a4b", "✓"),
    "single-source": ("#946200", "1"),
    "insufficient": ("#b35309", "±"),
    "absent": ("#b3261e", "✕"),
    "unknown": ("#5f6368", "?"),
}
_STEP: Final = 30
_ROW: Final = 26
_PER_ROW: Final = 12


@dataclass(frozen=True)
class Mark:
    """A needed input on a rib."""

    iri: str
    label: str
    status: str


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


def fishbone(bones: Sequence[Bone], url: Callable[[str], str], words: dict[str, str], chosen: str = "") -> Markup:
    """The drawing, in which every mark is a link that the keyboard reaches.

    Args:
        bones: links in the order of the chain.
        url: where a click on an input leads.
        words: words for the statuses.
        chosen: IRI of the input that is marked.
    """
    width = 60 + max(1, len(bones)) * (_STEP * _PER_ROW + 40)
    upper = [bone for index, bone in enumerate(bones) if index % 2 == 0]
    lower = [bone for index, bone in enumerate(bones) if index % 2 == 1]
    up, down = (_height(upper), _height(lower))
    spine = up + 40
    columns = max(len(upper), len(lower), 1)
    width = 80 + columns * (_STEP * _PER_ROW + 60)
    height = spine + down + 50
    parts = [
        f'<svg viewBox="0 0 {width} {height}" role="group" aria-label="fishbone" class="fishbone">',
        f'<line x1="20" y1="{spine}" x2="{width - 30}" y2="{spine}" class="spine"/>',
        f'<path d="M{width - 30} {spine - 14} l28 14 l-28 14 z" class="head"/>',
    ]
    for side, row in ((-1, upper), (1, lower)):
        for column, bone in enumerate(row):
            x = 40 + column * (_STEP * _PER_ROW + 60)
            parts.append(_rib(bone, x, spine, side, url, words, chosen))
    parts.append("</svg>")
    return Markup("".join(parts))


def _height(bones: Sequence[Bone]) -> int:
    most = max((len(bone.marks) for bone in bones), default=0)
    return 70 + -(-most // _PER_ROW) * _ROW


def _rib(
    bone: Bone, x: int, spine: int, side: int, url: Callable[[str], str], words: dict[str, str], chosen: str
) -> str:
    rows = -(-len(bone.marks) // _PER_ROW)
    end = spine + side * (40 + rows * _ROW)
    text = end - 10 if side < 0 else end + 20
    parts = [
        f'<line x1="{x + 60}" y1="{spine}" x2="{x}" y2="{end}" class="{"core" if bone.on_spine else "rib"}"/>',
        f'<text x="{x}" y="{text}" class="link">{escape(bone.label)} <tspan class="stage">{escape(bone.stage)}</tspan>'
        "</text>",
    ]
    for index, mark in enumerate(bone.marks):
        row, place = divmod(index, _PER_ROW)
        cx = x + 44 + place * _STEP - (row + 1) * 6
        cy = spine + side * (26 + row * _ROW)
        colour, sign = SIGNS.get(mark.status, SIGNS["unknown"])
        name = f"{mark.label}: {words.get(mark.status, mark.status)}"
        current = ' aria-current="true"' if mark.iri == chosen else ""
        parts.append(
            f'<a href="{escape(url(mark.iri))}" aria-label="{escape(name)}"{current}><title>{escape(name)}</title>'
            f'<circle cx="{cx}" cy="{cy}" r="10" fill="{colour}"/>'
            f'<text x="{cx}" y="{cy + 4}" class="sign">{sign}</text></a>'
        )
    return "".join(parts)
