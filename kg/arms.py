"""Which arms of a UNION a query's parameters make idle.

An arm that begins with a FILTER says when it is of use. Where its condition is false once parameters are given, the arm
can match nothing: left out, the engine need not plan it, which takes longer than the answer of many a question.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Union", "idle", "unions_of"]

Token: TypeAlias = tuple[str, str]
_SKIPPED = ("space", "comment")


@dataclass(frozen=True)
class Union:
    """One UNION.

    Attributes:
        arms: (first token, last token, tokens of the condition that it begins with, empty where it has none) each.
        words: position of the word UNION in front of each arm but the first.
    """

    arms: tuple[tuple[int, int, tuple[str, ...]], ...]
    words: tuple[int, ...]


def unions_of(tokens: Sequence[Token]) -> tuple[Union, ...]:
    """All of a query's UNIONs, of which at least one arm begins with a condition.

    Args:
        tokens: kinds and texts.
    """
    found: list[Union] = []
    for start, (_, token) in enumerate(tokens):
        if token != "{" or _word(tokens, _before(tokens, start)) == "UNION":
            continue
        arms, words = [_arm(tokens, start)], list[int]()
        while _word(tokens, word := _after(tokens, arms[-1][1])) == "UNION":
            words.append(word)
            arms.append(_arm(tokens, _after(tokens, word)))
        if words and any(condition for _, _, condition in arms):
            found.append(Union(tuple(arms), tuple(words)))
    return tuple(found)


def idle(unions: Sequence[Union], given: Container[str]) -> frozenset[int]:
    """Positions of the tokens of arms whose condition is false, as long as another arm is left.

    Args:
        given: variables that have a value.
    """
    dropped: set[int] = set()
    for union in unions:
        alive = [not condition or _value(condition, given) is not False for _, _, condition in union.arms]
        if all(alive) or not any(alive):
            continue
        for number, (first, last, _) in enumerate(union.arms):
            if not alive[number]:
                dropped.update(range(first, last + 1))
            if number and not (alive[number] and any(alive[:number])):
                dropped.add(union.words[number - 1])
    return frozenset(dropped)


def _arm(tokens: Sequence[Token], start: int) -> tuple[int, int, tuple[str, ...]]:
    end = _closing(tokens, start)
    at = _after(tokens, start)
    if _word(tokens, at) != "FILTER" or tokens[opening := _after(tokens, at)][1] != "(":
        return start, end, ()
    inside = tokens[opening : _closing(tokens, opening) + 1]
    return start, end, tuple(text for kind, text in inside if kind not in _SKIPPED)


def _closing(tokens: Sequence[Token], start: int) -> int:
    left = tokens[start][1]
    right, depth = {"{": "}", "(": ")"}[left], 0
    for at in range(start, len(tokens)):
        depth += (tokens[at][1] == left) - (tokens[at][1] == right)
        if depth == 0:
            return at
    return len(tokens) - 1


def _after(tokens: Sequence[Token], at: int) -> int:
    return next((i for i in range(at + 1, len(tokens)) if tokens[i][0] not in _SKIPPED), len(tokens) - 1)


def _before(tokens: Sequence[Token], at: int) -> int:
    return next((i for i in range(at - 1, -1, -1) if tokens[i][0] not in _SKIPPED), 0)


def _word(tokens: Sequence[Token], at: int) -> str:
    return tokens[at][1].upper() if tokens[at][0] == "word" else ""


def _value(condition: Sequence[str], given: Container[str]) -> bool | None:
    """True, false, or None: not known before the query runs. Knows BOUND, `!`, `&&`, `||` and parentheses."""
    try:
        return _either(iter(condition), given)[0]
    except (StopIteration, ValueError):
        return None


def _either(rest: Iterator[str], given: Container[str]) -> tuple[bool | None, str]:
    value, token = _both(rest, given)
    while token == "|":
        next(rest)
        other, token = _both(rest, given)
        value = True if value or other else None if value is None or other is None else False
    return value, token


def _both(rest: Iterator[str], given: Container[str]) -> tuple[bool | None, str]:
    value, token = _one(rest, given)
    while token == "&":
        next(rest)
        other, token = _one(rest, given)
        value = False if value is False or other is False else None if value is None or other is None else True
    return value, token


def _one(rest: Iterator[str], given: Container[str]) -> tuple[bool | None, str]:
    """One operand, and the token after it, empty at the end."""
    token = next(rest)
    if token == "!":
        value, after = _one(rest, given)
        return None if value is None else not value, after
    if token == "(":
        value, closing = _either(rest, given)
        if closing != ")":
            raise ValueError(closing)
        return value, next(rest, "")
    if token.upper() == "BOUND":
        next(rest)
        value = True if next(rest) in given else None
        next(rest)
        return value, next(rest, "")
    raise ValueError(token)
