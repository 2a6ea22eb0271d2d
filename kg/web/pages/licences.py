"""Licences by name: an address is called as people call it, and a name in a text leads to its address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

__all__ = ["licence_parts"]

_CC: Final = "https://creativecommons.org/"
#: What the parts of a Creative Commons licence ask for.
_ASKS: Final = {
    "by": ("attribution", "署名"),
    "nc": ("non-commercial", "非商业性使用"),
    "nd": ("no derivatives", "禁止演绎"),
    "sa": ("share alike", "相同方式共享"),
}
_ZERO: Final = ("no rights reserved", "放弃权利")
#: Other licences, by the names that they have in the list of SPDX.
_OTHERS: Final = {
    "Apache-2.0": "https://www.apache.org/licenses/LICENSE-2.0",
    "BSD-3-Clause": "https://opensource.org/licenses/BSD-3-Clause",
    "MIT": "https://opensource.org/licenses/MIT",
    "ODbL-1.0": "https://opendatacommons.org/licenses/odbl/1-0",
}
_ADDRESS: Final = re.compile(
    r"https?://creativecommons\.org/(?:licenses/(?P<asks>by(?:-(?:nc|nd|sa))*)|publicdomain/(?P<zero>zero))/"
    r"(?P<version>[\d.]+)/?(?:legalcode|deed\.\w+)?"
)
_NAME: Final = re.compile(
    r"\b(?:CC[ -](?P<asks>BY(?:-(?:NC|ND|SA))*)[ -](?P<version>\d\.\d)|CC0(?:[ -](?P<zero>1\.0))?|(?P<other>"
    + "|".join(map(re.escape, _OTHERS))
    + r"))(?![\w.-]*\w)"
)


def licence_parts(text: str, lang: str) -> Sequence[tuple[str, str, bool]]:
    """A licence as a source states it, in parts: text, the address that it leads to, whether it is the source's prose.

    Args:
        text: an address, a name, or prose in which names stand.
    """
    bare = text.strip()
    if found := _ADDRESS.fullmatch(bare):
        return [(_called(found["asks"], found["version"], lang), bare, False)]
    if name := next(
        (n for n, to in _OTHERS.items() if bare.removesuffix("/").lower() == to.removesuffix("/").lower()), ""
    ):
        return [(name, bare, False)]
    if re.match(r"https?://\S+$", bare):
        return [(bare, bare, False)]
    parts: list[tuple[str, str, bool]] = []
    at = 0
    for named in _NAME.finditer(bare):
        parts += [(bare[at : named.start()], "", True)] if named.start() > at else []
        parts.append((named[0], _leads(named), False))
        at = named.end()
    return [*parts, (bare[at:], "", True)] if at < len(bare) else parts


def _called(asks: str | None, version: str, lang: str) -> str:
    """The name of a Creative Commons licence, with what it asks for."""
    index = 1 if lang == "zh" else 0
    means = [_ASKS[part][index] for part in asks.split("-")] if asks else [_ZERO[index]]
    name = f"CC {asks.upper()} {version}" if asks else f"CC0 {version}"
    return f"{name}（{'、'.join(means)}）" if lang == "zh" else f"{name} ({', '.join(means)})"


def _leads(named: re.Match[str]) -> str:
    if named["other"]:
        return _OTHERS[named["other"]]
    if named["asks"]:
        return f"{_CC}licenses/{named['asks'].lower()}/{named['version']}/"
    return f"{_CC}publicdomain/zero/1.0/"
