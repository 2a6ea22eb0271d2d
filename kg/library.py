"""The query library: every `.rq` file in `queries/`, its header, its parameters, its answers."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from kg.binding import bind, parameters_of
from kg.comparison import Comparison, read_comparison
from kg.declared import Parameter, read_parameters
from kg.errors import ParameterError, QueryError
from kg.labels import as_columns, as_frame, to_columns, to_frame
from kg.parameters import resolve
from kg.question_texts import Texts, chinese_texts
from kg.ranking import Ranking, rank, read_ranking
from kg.spelling import cleaned, in_other_characters
from kg.store.base import Result, Store
from kg.wording import wording_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CHECKS",
    "Answer",
    "Parameter",
    "Question",
    "ask",
    "bound_text",
    "find_question",
    "find_questions",
    "read_question",
    "value_meant",
]

#: Folder of quality queries: `kg check` runs them, nobody asks them.
CHECKS = "checks"
#: Headers are read by libyaml where it is there: a tenth of the time.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Question:
    """One `.rq` file of the library.

    Attributes:
        name: the file's stem.
        group: its folder.
        columns: column -> what it holds.
        compare: how its answers are compared; None where they are not.
        ranking: what its rows can be ranked by; None where they cannot.
        chinese: what is translated of its texts.
        holds: variable, with its `?`, that is true where a store answers yes -> the ASK.
    """

    name: str
    group: str
    path: Path
    text: str
    summary: str
    description: str
    tags: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    compare: Comparison | None = None
    ranking: Ranking | None = None
    chinese: Texts = field(default_factory=Texts)
    holds: Mapping[str, str] = field(default_factory=dict)

    def texts(self, lang: str) -> Texts:
        """What it says of itself in a language, `zh` or `en`; in English where it has no translation."""
        own = Texts(self.summary, self.description, {p.name: p.summary for p in self.parameters}, self.columns)
        return self.chinese.over(own) if lang.startswith("zh") else own


@dataclass(frozen=True)
class Answer:
    """A question's answer.

    Attributes:
        columns: column -> a value for each row, a label for an IRI; a column of IRIs is followed by `<column>_iri`.
        truncated: rows were cut off at the limit.
    """

    question: str
    columns: Mapping[str, list[object]]
    truncated: bool

    @functools.cached_property
    def frame(self) -> pd.DataFrame:
        """The columns as a table: one row a result."""
        return as_frame(self.columns)


def find_questions(folder: Path) -> dict[str, Question]:
    """All questions of a folder, by name; its quality queries (folder `checks`) are not among them.

    Raises:
        QueryError: a header is malformed, or two questions share a name.
    """
    return {name: read_question(path) for name, path in _paths(folder).items()}


def find_question(folder: Path, name: str) -> Question:
    """One question of a folder; the headers of the others are not read.

    Raises:
        QueryError: there is none of that name, or its header is malformed.
    """
    paths = _paths(folder)
    if name not in paths:
        near = difflib.get_close_matches(name, paths, n=3) or sorted(paths)
        raise QueryError(f"there is no question {name!r}", hint="There are: " + ", ".join(near) + ".")
    return read_question(paths[name])


def _paths(folder: Path) -> dict[str, Path]:
    paths: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.rq")):
        if path.parent.name == CHECKS:
            continue
        if path.stem in paths:
            raise QueryError(
                f"a second question is called {path.stem!r}",
                where=str(path),
                hint=f"The first one is {paths[path.stem]}.",
            )
        paths[path.stem] = path
    return paths


def read_question(path: Path) -> Question:
    """Reads one question.

    Raises:
        QueryError: the header is malformed or does not agree with the text.
    """
    text = path.read_text(encoding="utf-8")
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header: Any = yaml.load("\n".join(lines), _LOADER) or {}
    except yaml.YAMLError as error:
        raise QueryError(f"the #+ header is not valid YAML: {error}", where=str(path)) from error
    if not isinstance(header, dict) or not header.get("summary"):
        raise QueryError("the #+ header needs a summary", where=str(path))
    parameters = read_parameters(header.get("parameters"), parameters_of(text), str(path))
    columns = {
        str(key): str(value.get("summary", "")) if isinstance(value, dict) else str(value)
        for key, value in (header.get("columns") or {}).items()
    }
    return Question(
        name=path.stem,
        group=path.parent.name,
        path=path,
        text=text,
        summary=str(header["summary"]),
        description=str(header.get("description", "")),
        tags=tuple(map(str, header.get("tags") or ())),
        parameters=parameters,
        columns=columns,
        compare=read_comparison(header.get("compare"), columns, {p.name for p in parameters}, path),
        ranking=read_ranking(header.get("ranking"), columns, {p.name: p.default for p in parameters}, str(path)),
        chinese=replace(chinese_texts(path.parent).get(path.stem, Texts()), summary=str(header.get("summary_zh", ""))),
        holds=_read_holds(header.get("holds"), text, path),
    )


def _read_holds(declared: Any, text: str, path: Path) -> dict[str, str]:
    """The entry `holds` of a header: what a store is asked before, and the variable that is true where it says yes."""
    holds = declared or {}
    if not isinstance(holds, dict) or not all(str(query).startswith("ASK ") for query in holds.values()):
        raise QueryError("holds names variables, each with an ASK", where=str(path), hint='Write `name: "ASK { … }"`.')
    for name in holds:
        if f"BOUND(?{name})" not in text:
            raise QueryError(f"?{name} is in holds, but the text has no BOUND(?{name})", where=str(path))
    return {f"?{name}": str(query) for name, query in holds.items()}


def bound_text(question: Question, store: Store, values: Mapping[str, Any]) -> str:
    """The question's text with parameters bound; defaults fill what is not given.

    Raises:
        ParameterError: a parameter is not known, a value names nothing or lies outside its range, or all weights
            of a ranking are 0.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    given = {str(name).replace("_", "-"): value for name, value in values.items() if value is not None}
    for name in given:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise ParameterError(
                f"{question.name} has no parameter --{name}",
                hint=(f"Did you mean --{near[0]}? " if near else "")
                + "It has: "
                + (", ".join(f"--{key}" for key in known) or "none")
                + ".",
            )
    terms: dict[str, str] = {}
    for name, parameter in known.items():
        value = given.get(name, parameter.default)
        if value is not None:
            text = value_meant(question, parameter, str(value))
            terms[parameter.variable] = resolve(store, name, parameter.kind, text)
            parameter.check(text)
    for parameter in known.values():
        for other, predicate in parameter.fills.items():
            if parameter.variable in terms and known[other].variable not in terms:
                found = store.query(f"SELECT DISTINCT ?x WHERE {{ {terms[parameter.variable]} <{predicate}> ?x }}").rows
                if len(found) == 1:
                    terms[known[other].variable] = str(found[0][0])
    if question.ranking is not None:
        question.ranking.check(_weights(question, given), {name for name in known if known[name].variable in terms})
    terms |= {variable: "true" for variable, query in question.holds.items() if store.query(query).truth}
    return bind(question.text, terms)


def value_meant(question: Question, parameter: Parameter, text: str) -> str:
    """One of the values that a parameter takes, from its own name or the Chinese one, in whatever characters.

    Raises:
        ParameterError: it is none of them; without an answer it would look as if there were nothing.
    """
    if not parameter.values:
        return text
    chinese = wording_of("zh").table(question.name)
    plain = cleaned(text)
    for form in dict.fromkeys((text, plain, *in_other_characters(plain))):
        meant = chinese.meant(form, parameter.name.replace("-", "_"), parameter.values)
        if meant in parameter.values:
            return meant
    raise ParameterError(
        f"{text!r} is none of its values",
        where=f"--{parameter.name}",
        hint="There are: " + ", ".join(parameter.values) + ".",
    )


def ask(
    question: Question,
    store: Store,
    values: Mapping[str, Any],
    lang: str = "en",
    limit: int | None = None,
    timeout: float | None = None,
    way: str | None = None,
) -> Answer:
    """Answers a question.

    Args:
        values: parameter -> label, code, IRI, number or date.
        lang: `zh` or `en`: language of the labels.
        limit: rows at most.
        timeout: seconds at most.
        way: how the rows are ranked, one of `kg.ranking.WAYS`; None: in the question's own order.

    Raises:
        ParameterError: the question's rows cannot be ranked, or not in that way.
    """
    if way is not None and question.ranking is None:
        raise ParameterError(f"{question.name} cannot be ranked anew", where="--rank")
    if any(parameter.name == "lang" for parameter in question.parameters):
        # Reasons are written in the language of the labels, unless asked for otherwise.
        values = {"lang": lang, **values}
    result = store.query(bound_text(question, store, values), timeout)
    if way is not None and question.ranking is not None:
        frame = rank(to_frame(result, store, lang), question.ranking, way, _weights(question, values))
        kept = frame.head(limit) if limit else frame
        return Answer(question.name, as_columns(kept), limit is not None and len(frame) > limit)
    truncated = limit is not None and len(result.rows) > limit
    if truncated and limit is not None:
        result = Result(result.columns, result.rows[:limit])
    return Answer(question.name, to_columns(result, store, lang), truncated)


def _weights(question: Question, values: Mapping[str, Any]) -> dict[str, float]:
    """Numbers of the parameters that have one; what they were given as was read before, to bind them."""
    given = {str(name).replace("_", "-"): value for name, value in values.items() if value is not None}
    texts = {p.name: given.get(p.name, p.default) for p in question.parameters if p.kind == "decimal"}
    return {name: float(str(text)) for name, text in texts.items() if text is not None}
