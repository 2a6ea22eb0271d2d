"""The package's errors as HTTP problems (RFC 9457)."""

from __future__ import annotations

import json
from typing import Final

from fastapi import Response

from kg.errors import KgError, LimitError, OverloadError, StorageError, TimeLimitError

__all__ = ["CORS", "problem", "problem_of"]

#: Data for anybody: other sites' pages may read it.
CORS: Final = {"Access-Control-Allow-Origin": "*"}


def problem(status: int, title: str, detail: str, hint: str | None = None) -> Response:
    """A problem document."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if hint:
        body["hint"] = hint
    headers = {**CORS, "Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = "2"
    return Response(
        json.dumps(body, ensure_ascii=False), status, headers=headers, media_type="application/problem+json"
    )


def problem_of(error: KgError) -> Response:
    """The problem document of an error."""
    where = f"{error.where}: {error.what}" if error.where else error.what
    if isinstance(error, TimeLimitError):
        return problem(504, "The time is over", where, error.hint)
    if isinstance(error, OverloadError):
        return problem(503, "Too busy", where, error.hint)
    if isinstance(error, LimitError):
        return problem(503, "A limit was hit", where, error.hint)
    if isinstance(error, StorageError):
        return problem(500, "The server cannot read its data", where, error.hint)
    return problem(400, "The request is wrong", where, error.hint)
