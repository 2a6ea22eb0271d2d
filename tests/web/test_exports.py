"""Large answers that are asked for again come from a file, and are the same."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import IO, Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.web import exports
from kg.web.answers import Request
from kg.web.exports import Exports
from tests.web.conftest import Served

LARGE = "SELECT ?s ?p ?o { ?s ?p ?o . ?a a ?b } LIMIT 4000"


def request(text: str, rows: str = "csv") -> Request:
    return Request(text, None, None, rows, "ttl")


def keep(kept: Exports, text: str, parts: list[bytes]) -> None:
    writer = kept.writer(request(text), "rows", "csv")
    for part in parts:
        writer.write(part)
    writer.done()
    writer.drop()


def body(kept: Exports, text: str) -> bytes | None:
    found = kept.get(request(text))
    return None if found is None else b"".join(found.parts())


@given(st.lists(st.binary(max_size=3000), max_size=20))
def test_an_answer_is_kept_whole(parts: list[bytes]) -> None:
    with contextlib.closing(Exports()) as kept:
        keep(kept, "a", parts)
        assert body(kept, "a") == b"".join(parts)
        assert kept.get(request("a", "json")) is None


def test_parts_of_several_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_PART", 3)
    kept = Exports()
    keep(kept, "a", [b"0123456789"])
    found = kept.get(request("a"))
    assert found is not None
    one, other = found.parts(), found.parts()
    assert [next(one), next(other), next(one), next(other)] == [b"012", b"012", b"345", b"345"]
    kept.close()
    # Who reads already may read on.
    assert b"".join(one) == b"6789" and b"".join(other) == b"6789"
    assert found._file.closed and kept.get(request("a")) is None


def test_the_room_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_ONE", 40)
    kept = Exports(most=100)
    for name in "abcdef":
        keep(kept, name, [bytes(20), bytes(10)])
    assert kept.size == 90 and body(kept, "f") == bytes(30) and body(kept, "a") is None
    keep(kept, "too large", [bytes(30), bytes(11), bytes(5)])
    assert body(kept, "too large") is None and kept.size == 90
    kept.close()
    assert kept.size == 0


class _Full:
    def write(self, part: bytes) -> int:
        raise OSError(28, "No space left on device")

    def close(self) -> None:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("when", ["open", "write"])
def test_a_full_disk_only_keeps_nothing(monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    def full(*_: Any) -> IO[bytes] | _Full:
        if when == "open":
            raise OSError(28, "No space left on device")
        return _Full()

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    kept = Exports()
    keep(kept, "a", [b"1"])
    assert kept.get(request("a")) is None and kept.size == 0


@pytest.mark.parametrize("format", ["csv", "json"])
def test_an_export_is_the_same_each_time(served: Served, format: str) -> None:
    wanted = {"query": LARGE, "format": format}
    answers = [served.client.get("/sparql", params=wanted) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1 and len(answers[0].content) > 100_000
    for name in ("etag", "content-type", "vary", "access-control-allow-origin"):
        assert len({answer.headers[name] for answer in answers}) == 1
    # Sent from a file, its length is known.
    assert "content-length" in answers[3].headers
    tag = {"if-none-match": answers[0].headers["etag"]}
    assert served.client.get("/sparql", params=wanted, headers=tag).status_code == 304


def test_what_breaks_off_is_not_kept(served: Served) -> None:
    # More rows than allowed, which is found out after the first part was sent.
    wanted = {"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 400000"}
    for _ in range(3):
        with pytest.raises(httpx.RemoteProtocolError):
            served.client.get("/sparql", params=wanted)


def test_no_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = Exports()
    keep(kept, "a", [b"1"])
    assert body(kept, "a") == b"1"
    kept.close()
    assert not list(tmp_path.iterdir())


def test_two_at_once_keep_one() -> None:
    kept = Exports()
    one, other = (kept.writer(request("a"), "rows", "csv") for _ in range(2))
    for writer in (one, other):
        writer.write(b"12")
    one.done()
    other.done()
    assert kept.size == 2 and body(kept, "a") == b"12"
    kept.close()
