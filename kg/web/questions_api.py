"""The question library over HTTP: one path a question, described by the header of its `.rq` file."""

from __future__ import annotations

import datetime as dt
import difflib
import json
from collections.abc import Callable
from typing import Any, Final

import pandas as pd
from fastapi import APIRouter, HTTPException, Request, Response

from kg.errors import KgError, ParameterError
from kg.export import render
from kg.graph import Graph
from kg.library import Answer, Parameter, Question
from kg.ranking import WAYS
from kg.spreadsheet import About
from kg.web.media import choose, choose_language, wants_page
from kg.web.problems import CORS, problem, problem_of

__all__ = ["questions_router"]

_TYPES: Final = {
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.apache.parquet": "parquet",
    "application/geo+json": "geojson",
    "text/tab-separated-values": "tsv",
    "text/turtle": "ttl",
}
_OWN: Final = ("format", "lang", "limit")
_MOST_ROWS: Final = 100_000
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "dateTime": {"type": "string", "format": "date"},
    "iri": {"type": "string", "format": "iri"},
}


def questions_router(graph: Graph) -> APIRouter:
    """The paths `/api/questions` and, for each question, `/api/questions/<name>`.

    Args:
        graph: what is asked.
    """
    router = APIRouter(prefix="/api/questions")

    @router.get("", summary="The questions that can be asked", tags=["questions"])
    def questions() -> Response:
        found = [describe(question) for question in graph.questions().values()]
        body = {"release": graph.release.id if graph.release else None, "questions": found}
        return Response(json.dumps(body, ensure_ascii=False), media_type="application/json", headers=CORS)

    for question in graph.questions().values():
        router.add_api_route(
            f"/{question.name}",
            _endpoint(graph, question),
            methods=["GET"],
            name=question.name,
            summary=question.summary,
            description=question.description or question.summary,
            tags=[question.group],
            response_class=Response,
            responses=_responses(question),
            openapi_extra={"parameters": _parameters(question)},
        )

    @router.get("/{name}", include_in_schema=False)
    def unknown(name: str, request: Request) -> Response:
        if wants_page(request.headers.get("accept", "")):
            raise HTTPException(404)
        near = difflib.get_close_matches(name, graph.questions(), n=3) or sorted(graph.questions())
        return problem(404, "No such question", f"there is no question {name!r}", "There are: " + ", ".join(near) + ".")

    return router


def describe(question: Question) -> dict[str, object]:
    """A question as JSON: what it answers, its parameters, its columns; in Chinese what is translated."""
    chinese = question.chinese
    return {
        "name": question.name,
        "group": question.group,
        "summary": question.summary,
        "summary_zh": chinese.summary,
        "description": question.description,
        "description_zh": chinese.description,
        "tags": list(question.tags),
        "path": f"/api/questions/{question.name}",
        "parameters": [
            {
                "name": p.name,
                "type": p.kind,
                "summary": p.summary,
                "summary_zh": chinese.parameters.get(p.name, ""),
                "default": p.default,
                "values": list(p.values),
                **_range(p),
            }
            for p in question.parameters
        ],
        "columns": dict(question.columns),
        "columns_zh": dict(chinese.columns),
    }


def _range(parameter: Parameter) -> dict[str, float]:
    """The ends of a number's range that there are, as JSON Schema calls them."""
    ends = {"minimum": parameter.minimum, "maximum": parameter.maximum}
    return {name: float(end) for name, end in ends.items() if end is not None}


def _endpoint(graph: Graph, question: Question) -> Callable[[Request], Response]:
    def answer(request: Request) -> Response:
        try:
            return _answer(graph, question, request)
        except KgError as error:
            return problem_of(error)

    return answer


def _answer(graph: Graph, question: Question, request: Request) -> Response:
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise ParameterError("is given twice", where=name)
        values[name] = value
    format = values.pop("format", None)
    if format is None:
        format = choose(request.headers.get("accept", ""), _TYPES)
        if format is None:
            return problem(406, "No such format", "none of the accepted formats", "There are: " + ", ".join(_TYPES))
    elif format not in _TYPES.values():
        raise ParameterError(
            f"{format!r} is not known", where="format", hint="There are: " + ", ".join(_TYPES.values()) + "."
        )
    lang = values.get("lang")
    if lang is not None and lang.lower().split("-")[0] not in {"zh", "en"}:
        raise ParameterError(f"{lang!r} is not a language of the labels", where="lang", hint="There are: zh, en.")
    values.pop("lang", None)
    language = choose_language(request.headers.get("accept-language", ""), lang)
    limit = _limit(values.pop("limit", None))
    found = graph.answer(question.name, lang=language, limit=limit, **values)
    headers = {
        **CORS,
        "Content-Language": language,
        "Vary": "Accept, Accept-Language",
        "X-Truncated": str(found.truncated).lower(),
        "Access-Control-Expose-Headers": "X-Truncated",
    }
    if format == "json":
        body = _json(graph, question, found, language, limit)
    else:
        about = About(question, values, graph.release.id if graph.release else None, language)
        body = render(found.frame, format, graph.store, about)
        headers["Content-Disposition"] = f'attachment; filename="{question.name}.{format}"'
    media = next(name for name, known in _TYPES.items() if known == format)
    return Response(body, media_type=media, headers=headers)


def _limit(text: str | None) -> int:
    if text is None:
        return _MOST_ROWS
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MOST_ROWS:
        raise ParameterError(f"{text!r} is not a number of rows, 1 to {_MOST_ROWS}", where="limit")
    return int(text)


def _json(graph: Graph, question: Question, found: Answer, language: str, limit: int) -> bytes:
    frame = found.frame.astype("object")
    frame = frame.where(frame.notna(), None)
    body = {
        "question": question.name,
        "release": graph.release.id if graph.release else None,
        "lang": language,
        "limit": limit,
        "truncated": found.truncated,
        "columns": {str(name): question.columns.get(str(name).removesuffix("_iri"), "") for name in frame.columns},
        "rows": frame.to_dict(orient="records"),
    }
    return json.dumps(body, ensure_ascii=False, default=_plain).encode()


def _plain(value: object) -> object:
    if value is pd.NA:
        return None
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _parameters(question: Question) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for parameter in question.parameters:
        schema = dict(_KINDS.get(parameter.kind, {"type": "string"}))
        if parameter.default is not None:
            schema["default"] = parameter.default
        if parameter.values:
            schema["enum"] = list(parameter.values)
        schema |= _range(parameter)
        text = parameter.summary
        if parameter.kind not in _KINDS and parameter.kind != "string":
            text += f" (a {parameter.kind}: its label in Chinese or English, its code, or its IRI)"
        found.append({"name": parameter.name, "in": "query", "description": text, "schema": schema})
    own: dict[str, tuple[str, dict[str, Any]]] = {
        "format": ("Form of the answer; else as Accept says", {"type": "string", "enum": list(_TYPES.values())}),
        "lang": ("Language of labels; else as Accept-Language says", {"type": "string", "enum": ["en", "zh"]}),
        "limit": (
            "Rows at most; `truncated` says whether there are more",
            {"type": "integer", "minimum": 1, "maximum": _MOST_ROWS},
        ),
    }
    if question.ranking is not None:
        schema = {"type": "string", "enum": list(WAYS)}
        found.append({"name": "rank", "in": "query", "description": "Ranks the rows anew", "schema": schema})
    named = {parameter.name for parameter in question.parameters}
    found += [
        {"name": name, "in": "query", "description": own[name][0], "schema": own[name][1]}
        for name in _OWN
        if name not in named
    ]
    return found


def _responses(question: Question) -> dict[int | str, dict[str, Any]]:
    columns = {name: {"description": text} for name, text in question.columns.items()}
    rows = {"type": "array", "items": {"type": "object", "properties": columns}}
    answer = {"type": "object", "properties": {"truncated": {"type": "boolean"}, "rows": rows}}
    content: dict[str, Any] = {media: {} for media in _TYPES}
    content["application/json"] = {"schema": answer}
    faults = {400: "A parameter is wrong", 406: "No such format", 503: "Too busy, or too big", 504: "The time is over"}
    described: dict[int | str, dict[str, Any]] = {
        status: {"description": text, "content": {"application/problem+json": {}}} for status, text in faults.items()
    }
    described[200] = {"description": "The answer", "content": content}
    return described
