"""What a person types is found: by its exact name first, then by what is left out or added."""

from __future__ import annotations

import pytest

from kg.errors import ParameterError
from kg.parameters import resolve
from kg.store import MemoryStore
from kg.store.base import Result
from kg.terms import ICSC, ID, RDFS, SKOS

#: kind of thing, its key, and its names with their properties.
THINGS = [
    ("Chain", "chain/modern-textile", [("label", '"现代纺织产业链"@zh-Hans'), ("label", '"modern textile"@en')]),
    ("Region", "region/330000", [("label", '"浙江省"@zh-Hans'), ("label", '"Zhejiang Province"@en')]),
    ("Region", "region/320000", [("label", '"江苏省"@zh-Hans'), ("label", '"Jiangsu Province"@en')]),
    ("Region", "region/220000", [("label", '"吉林省"@zh-Hans')]),
    ("Region", "region/220200", [("label", '"吉林市"@zh-Hans')]),
    ("Organization", "org/1", [("altLabel", '"SMIC"'), ("stockCode", '"688981"')]),
    ("Input", "item/cn/resist", [("label", '"光刻胶"@zh-Hans'), ("label", '"photoresist"@en')]),
    ("Input", "item/eto/N31", [("label", '"光刻胶"@zh-Hans'), ("label", '"Photoresists"@en')]),
]
_AT = {"label": RDFS, "altLabel": SKOS, "stockCode": ICSC}


class Counting(MemoryStore):
    """A store that remembers what it was asked."""

    asked: list[str]

    def query(self, text: str, timeout: float | None = None) -> Result:
        self.asked.append(text)
        return super().query(text, timeout)


@pytest.fixture
def store() -> Counting:
    lines = []
    for kind, key, names in THINGS:
        lines.append(f"<{ID}{key}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{ICSC}{kind}> .")
        lines += [f"<{ID}{key}> <{_AT[name]}{name}> {text} ." for name, text in names]
    made = Counting("\n".join(lines))
    made.asked = []
    return made


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("chain", "现代纺织产业链", "chain/modern-textile"),
        ("chain", "现代纺织", "chain/modern-textile"),
        ("chain", "modern textile chain", "chain/modern-textile"),
        ("chain", "modern-textile", "chain/modern-textile"),
        ("region", "浙江", "region/330000"),
        ("region", "Zhejiang", "region/330000"),
        ("region", "330000", "region/330000"),
        ("organization", "SMIC", "org/1"),
        ("organization", "688981", "org/1"),
    ],
)
def test_a_name_is_found_without_reading_all_names(store: Counting, kind: str, text: str, key: str) -> None:
    assert resolve(store, kind, kind, text) == f"<{ID}{key}>"
    assert not any("?label" in query for query in store.asked)


@pytest.mark.parametrize(
    ("kind", "text"), [("chain", "MODERN TEXTILE"), ("region", "zhejiang"), ("region", "ZHEJIANG")]
)
def test_case_does_not_matter(store: Counting, kind: str, text: str) -> None:
    assert resolve(store, kind, kind, text).startswith(f"<{ID}{kind}/")


def test_what_a_kind_does_not_have_is_not_found_by_its_name(store: Counting) -> None:
    with pytest.raises(ParameterError, match="no chain is called"):
        resolve(store, "chain", "chain", "浙江省")
