"""Small answers that were given before: a release never changes, so that the same query has the same answer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

__all__ = ["Answers", "Given", "Request"]

#: Bytes of one answer, and of all; what is larger is asked again.
_ONE: Final = 64 << 10
_ALL: Final = 32 << 20
#: What an entry takes beside its query and its body, about.
_BESIDE: Final = 600


@dataclass(frozen=True, slots=True)
class Request:
    """All that an answer depends on, beside the release.

    Attributes:
        query: SPARQL text.
        default: graphs of the default graph; None, with `named` None: the union of all.
        named: graphs that GRAPH sees.
        rows: format of rows; None where none is accepted.
        graph: format of triples; None where none is accepted.
    """

    query: str
    default: tuple[str, ...] | None
    named: tuple[str, ...] | None
    rows: str | None
    graph: str | None


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as it was given.

    Attributes:
        kind: `rows`, `truth` or `graph`.
        format: as named in the request.
    """

    kind: str
    format: str
    body: bytes

    def weight(self, request: Request) -> int:
        """Bytes that it takes in memory, about."""
        return len(self.body) + 4 * len(request.query) + _BESIDE


class Answers:
    """Answers by request, those asked for last; one release's only.

    Args:
        most: bytes of all answers.
    """

    def __init__(self, most: int = _ALL) -> None:
        self._most = most
        self._found: OrderedDict[Request, Given] = OrderedDict()
        self.size = 0

    def get(self, request: Request) -> Given | None:
        """The answer to a request that was asked before."""
        given = self._found.get(request)
        if given is not None:
            self._found.move_to_end(request)
        return given

    def keep(self, request: Request, given: Given) -> None:
        """Remembers an answer, and forgets the oldest ones where there is no room."""
        if given.weight(request) > _ONE or request in self._found:
            return
        self._found[request] = given
        self.size += given.weight(request)
        while self.size > self._most:
            old, forgotten = self._found.popitem(last=False)
            self.size -= forgotten.weight(old)
