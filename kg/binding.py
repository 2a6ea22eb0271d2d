"""Binds the parameters of a query's text, token by token, so that no value can change its shape.

A parameter is a variable `?_name_type` (the grlc convention). Unbound it is an ordinary variable, so
the text is valid SPARQL as it stands. Bound, it is replaced by the RDF term everywhere, with what the
grammar asks for: `BOUND(?_x)` becomes `true`; in the outermost SELECT list, or where nothing else is
selected, it becomes `(term AS ?_x)`; in other sub-selects, GROUP BY and ORDER BY it is left out. An arm
of a UNION that begins with a FILTER which is false then is left out, too.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Mapping, Sequence

from kg.arms import Union, idle, unions_of

__all__ = ["PARAMETER", "bind", "parameters_of"]

_TOKEN = re.compile(
    r"""(?P<text>'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")"""
    r"""|(?P<iri><[^<>"{}|^`\\\x00-\x20]*>)"""
    r"""|(?P<comment>\#[^\n]*)"""
    r"""|(?P<variable>[?$]\w+)"""
    r"""|(?P<word>[A-Za-z_][\w.-]*:?[\w.-]*)"""
    r"""|(?P<space>\s+)"""
    r"""|(?P<other>.)""",
    re.DOTALL | re.VERBOSE,
)

#: `?_chain_iri` -> name `chain`, type `iri`.
PARAMETER = re.compile(r"\?_(\w+?)_(iri|integer|decimal|number|string|dateTime|date|boolean)$")


def parameters_of(text: str) -> dict[str, str]:
    """Parameters of a query: name -> type, in the order of the text."""
    found: dict[str, str] = {}
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "variable" and (parameter := PARAMETER.match(match.group())):
            found.setdefault(parameter.group(1), parameter.group(2))
    return found


def bind(text: str, values: Mapping[str, str]) -> str:
    """Puts terms in the place of parameters.

    Args:
        text: the query.
        values: variable, with its `?`, -> term in N-Triples form.
    """
    out: list[str] = []
    clause = ""
    depth = 0
    selects = 0
    alone = True
    tokens = _tokens(text)
    if dropped := idle(_unions(text), values):
        tokens = tuple(token for at, token in enumerate(tokens) if at not in dropped)
    index = 0
    while index < len(tokens):
        kind, token = tokens[index]
        word = token.upper() if kind == "word" else ""
        if word == "SELECT":
            clause, depth = "select", 0
            selects += 1
            alone = selects == 1 or not _selects_more(tokens, index, values)
        elif word in {"GROUP", "ORDER"}:
            index = _list_clause(tokens, index, values, out)
            clause = ""
            continue
        elif word in {"WHERE", "FROM"} or token == "{":
            clause = ""
        elif word == "BOUND":
            after = _bound(tokens, index, values)
            if after is not None:
                out.append("true")
                index = after
                continue
        if token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
        if kind == "variable" and token in values:
            bare = clause == "select" and depth == 0
            if not bare:
                out.append(values[token])
            elif alone:
                out.append(f"({values[token]} AS {token})")
        else:
            out.append(token)
        index += 1
    return "".join(out)


@functools.lru_cache(maxsize=128)
def _tokens(text: str) -> tuple[tuple[str, str], ...]:
    """Kinds and texts; kept, as a question is asked again with other values."""
    return tuple((match.lastgroup or "other", match.group()) for match in _TOKEN.finditer(text))


@functools.lru_cache(maxsize=128)
def _unions(text: str) -> tuple[Union, ...]:
    return unions_of(_tokens(text))


def _selects_more(tokens: Sequence[tuple[str, str]], index: int, values: Mapping[str, str]) -> bool:
    """Whether the SELECT list that starts here has anything but bound parameters."""
    for kind, token in tokens[index + 1 :]:
        if token == "{" or (kind == "word" and token.upper() in {"WHERE", "FROM"}):
            return False
        if token in {"(", "*"} or (kind == "variable" and token not in values):
            return True
    return False


def _bound(tokens: Sequence[tuple[str, str]], index: int, values: Mapping[str, str]) -> int | None:
    """Where `BOUND(?_x)` of a bound parameter ends; None for any other."""
    later = (i for i in range(index + 1, len(tokens)) if tokens[i][0] not in {"space", "comment"})
    rest = list(itertools.islice(later, 3))
    if len(rest) == 3 and tokens[rest[0]][1] == "(" and tokens[rest[1]][1] in values and tokens[rest[2]][1] == ")":
        return rest[2] + 1
    return None


def _list_clause(tokens: Sequence[tuple[str, str]], index: int, values: Mapping[str, str], out: list[str]) -> int:
    """Copies GROUP BY or ORDER BY without the bound parameters; all of it goes when nothing is left."""
    kept: list[str] = []
    content = False
    depth = 0
    start = index
    while index < len(tokens):
        kind, token = tokens[index]
        if index > start and depth == 0:
            ends = kind == "word" and token.upper() in {"HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"}
            if ends or token in "{}":
                break
        depth += {"(": 1, ")": -1}.get(token, 0)
        if kind == "variable" and token in values and depth == 0:
            pass
        elif kind == "variable" and token in values:
            kept.append(values[token])
        else:
            kept.append(token)
            is_keyword = kind == "word" and token.upper() in {"GROUP", "ORDER", "BY"}
            content = content or (kind not in {"space", "comment"} and not is_keyword)
        index += 1
    if content:
        out.extend(kept)
    else:
        out.append(" ")
    return index
