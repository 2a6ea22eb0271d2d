"""The package's errors as HTTP problems (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from fastapi import Response

from kg.errors import KgError, LimitError, OverloadError, StorageError, TimeLimitError

__all__ = ["CORS", "kind_of", "problem", "problem_of"]

#: Data for anybody: other sites' pages may read it.
CORS: Final = {"Access-Control-Allow-Origin": "*"}


def problem(status: int, title: str, detail: str, hint: str | None = None, choices: Sequence[str] = ()) -> Response:
    """A problem document.

    Args:
        choices: IRIs of what may have been meant; a member `choices`, if there are any.
    """
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if hint:
        body["hint"] = hint
    if choices:
        body["choices"] = list(choices)
    headers = {**CORS, "Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = "2"
    return Response(
        json.dumps(body, ensure_ascii=False), status, headers=headers, media_type="application/problem+json"
    )


#: What each kind of error is over HTTP; the first that fits.
_KINDS: Final = (
    (TimeLimitError, 504, "The time is over"),
    (OverloadError, 503, "Too busy"),
    (LimitError, 503, "A limit was hit"),
    (StorageError, 500, "The server cannot read its data"),
    (KgError, 400, "The request is wrong"),
)


def kind_of(error: KgError) -> tuple[int, str]:
    """HTTP status and title of an error."""
    return next((status, title) for kind, status, title in _KINDS if isinstance(error, kind))


def problem_of(error: KgError) -> Response:
    """The problem document of an error."""
    where = f"{error.where}: {error.what}" if error.where else error.what
    return problem(*kind_of(error), where, error.hint, error.choices)
