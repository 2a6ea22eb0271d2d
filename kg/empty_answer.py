"""What to say of an answer without rows: which parameters leave it empty, found by asking again without them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kg.errors import KgError
from kg.names import CLASSES
from kg.parameters import resolve
from kg.wording import Wording, wording_of

if TYPE_CHECKING:
    from kg.graph import Graph
    from kg.library import Answer, Question

__all__ = ["advice"]

#: Seconds for one question more, and for all of them.
_EACH: Final = 1.5
_ALL: Final = 3.0
#: Rows that are looked at.
_ROWS: Final = 1000
#: Values that are named of a column.
_VALUES: Final = 5
#: They change what rows say, or their order, not which there are.
_NEVER: Final = frozenset({"lang", "rank"})


@dataclass(frozen=True)
class _Without:
    """What a question gives without some of its parameters; None where that was not found out in time."""

    names: tuple[str, ...]
    answer: Answer | None

    @property
    def rows(self) -> int:
        return _rows_of(self.answer) if self.answer is not None else 0

    @property
    def called(self) -> str:
        return " ".join(f"--{name}" for name in self.names)


def _rows_of(answer: Answer) -> int:
    return max(map(len, answer.columns.values()), default=0)


def advice(graph: Graph, question: Question, asked: Mapping[str, Any], lang: str, seconds: float = _ALL) -> str:
    """One or two lines on an answer without rows.

    Args:
        asked: the parameters and limits that were given.
        lang: `zh` or `en`.
        seconds: to find out at most.
    """
    chinese = lang.startswith("zh")
    given = {
        str(name).replace("_", "-"): value
        for name, value in asked.items()
        if value is not None and str(name) not in _NEVER
    }
    if not given:
        return "没有结果：此版本中没有相应的内容。" if chinese else "No rows: this release states nothing of the kind."
    wording = wording_of(lang).table(question.name)
    tried = list(_tried(graph, question, given, lang, seconds))
    found = [(one.called, one.answer) for one in tried if one.answer is not None and one.rows]
    few = found and not found[0][1].truncated
    if len(given) == 1 and not few and (said := _of_thing(graph, question, *given.popitem(), chinese)):
        return said
    if found:
        parts = [_found(called, answer, wording, chinese) for called, answer in found]
        return f"没有结果。{'；'.join(parts)}。" if chinese else f"No rows: {'; '.join(parts)}."
    none = [one.called for one in tried if one.answer is not None]
    late = [one.called for one in tried if one.answer is None]
    if chinese:
        said = "没有结果" + (f"；去掉 {' 或 '.join(none)} 也没有" if none else "") + "。"
        return said + (f"去掉 {'、'.join(late)} 的结果耗时过长，未查明。" if late else "")
    said = "No rows" + (f", nor without {' or '.join(none)}" if none else "") + "."
    return said + (f" What there is without {' or '.join(late)} takes too long to find out." if late else "")


def _of_thing(graph: Graph, question: Question, name: str, value: object, chinese: bool) -> str:
    """What to say where the only parameter is a thing: without it, the question is about all there is."""
    kinds = {parameter.name: parameter.kind for parameter in question.parameters}
    if kinds.get(name) not in {*CLASSES, "iri"}:
        return ""
    query = f"kg sparql 'DESCRIBE {resolve(graph.store, name, kinds[name], str(value))}'"
    if chinese:
        return f"没有结果：此版本中关于 {value} 的内容不能回答这个问题。\n查看关于它的全部内容：{query}"
    return f"No rows: nothing that this release states of {value} answers this question.\nAll that it states: {query}"


def _tried(graph: Graph, question: Question, given: Mapping[str, Any], lang: str, seconds: float) -> Iterator[_Without]:
    """The question without one parameter after the other, those first that only narrow what is asked for."""
    kinds = {parameter.name: parameter.kind for parameter in question.parameters}
    # What leaves a part of the release is left out as a whole: each other part would have to be made first.
    parts = tuple(name for name in given if name not in kinds)
    own = [name for name in given if name in kinds]
    things = [name for name in own if kinds[name] in CLASSES or kinds[name] == "iri"]
    narrow = [*([parts] if parts else []), *((name,) for name in own if name not in things)]
    end = time.monotonic() + seconds
    enough = False
    for names in [*narrow, *((name,) for name in things)]:
        if enough and names[0] in things:
            # What was asked about is not in question where less narrowing is enough.
            return
        answer = _without(graph, question.name, given, names, lang, min(_EACH, end - time.monotonic()))
        one = _Without(names, answer)
        enough = enough or one.rows > 0
        yield one


def _without(
    graph: Graph, name: str, given: Mapping[str, Any], names: Sequence[str], lang: str, seconds: float
) -> Answer | None:
    if seconds <= 0:
        return None
    rest = {key.replace("-", "_"): value for key, value in given.items() if key not in names}
    try:
        return graph.answer(name, **{"lang": lang, **rest, "limit": _ROWS, "timeout": seconds})
    except KgError:
        # Not in time, or not a question without it.
        return None


def _found(called: str, answer: Answer, wording: Wording, chinese: bool) -> str:
    count = f"{_rows_of(answer):,}"
    # Of a part of the rows nothing is said: others may have other values.
    details = "" if answer.truncated else _values(called, answer, wording, chinese)
    if chinese:
        inside = f"（{details}）" if details else ""
        return f"去掉 {called} 有 {count} 行{'以上' if answer.truncated else ''}{inside}"
    inside = f" ({details})" if details else ""
    are = "is" if count == "1" else "are"
    return f"without {called} there {are} {count}{' or more' if answer.truncated else ''}{inside}"


def _values(called: str, answer: Answer, wording: Wording, chinese: bool) -> str:
    """What stands in the column that the parameter left out is about, where there is one of its name."""
    columns = answer.columns
    name = called.removeprefix("--").replace("-", "_")
    least = name.removeprefix("min_")
    if least != name and least in columns:
        numbers = [value for value in columns[least] if isinstance(value, int | float)]
        if not numbers:
            return ""
        called = wording.column(least)
        return f"{called}最高 {max(numbers):g}" if chinese else f"{called} up to {max(numbers):g}"
    if name not in columns:
        return ""
    return _counted(wording.said(name, columns), chinese)


def _counted(values: Sequence[object], chinese: bool) -> str:
    counts = Counter(str(value) for value in values if value is not None).most_common()
    said = [f"{value} {count:,}" for value, count in counts[:_VALUES]]
    if len(counts) > _VALUES:
        said.append("……" if chinese else "…")
    return ("、" if chinese else ", ").join(said)
