"""What a person types is found: by its exact name first, then by what is left out or added."""

from __future__ import annotations

import pytest

from kg.candidates import long_forms, short
from kg.errors import AmbiguousParameterError, ParameterError
from kg.parameters import resolve
from kg.store import MemoryStore
from kg.store.base import Result
from kg.terms import ICSC, ID, RDF, RDFS, SKOS, graph_of_source

#: kind of thing, its key, and its names with their properties.
THINGS = [
    ("Chain", "chain/modern-textile", [("label", '"现代纺织产业链"@zh-Hans'), ("label", '"modern textile"@en')]),
    ("Region", "region/330000", [("label", '"浙江省"@zh-Hans'), ("label", '"Zhejiang Province"@en')]),
    ("Region", "region/320000", [("label", '"江苏省"@zh-Hans'), ("label", '"Jiangsu Province"@en')]),
    ("Region", "region/220000", [("label", '"吉林省"@zh-Hans')]),
    ("Region", "region/220200", [("label", '"吉林市"@zh-Hans')]),
    ("Region", "region/610424", [("label", '"乾县"@zh-Hans')]),
    ("Input", "item/quoted", [("label", '"\\"Resin\\""@en')]),
    ("Input", "item/plain", [("label", '"Resin"@en')]),
    ("Input", "item/traditional", [("label", '"電池"@zh-Hans')]),
    ("Input", "item/simplified", [("label", '"电池"@zh-Hans')]),
    ("Input", "item/cn/sausage", [("label", '"台灣香腸"@zh-Hans')]),
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
        lines.append(f"<{ID}{key}> <{RDF}type> <{ICSC}{kind}> .")
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
    ("kind", "text", "key"),
    [
        ("chain", "MODERN TEXTILE", "chain/modern-textile"),
        ("region", "zhejiang", "region/330000"),
        ("region", "ZHEJIANG PROVINCE", "region/330000"),
    ],
)
def test_case_does_not_matter(store: Counting, kind: str, text: str, key: str) -> None:
    assert resolve(store, kind, kind, text) == f"<{ID}{key}>"


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("chain", "ｍｏｄｅｒｎ－ｔｅｘｔｉｌｅ", "chain/modern-textile"),
        ("chain", "“现代纺织”", "chain/modern-textile"),
        ("chain", " 'modern  textile' ", "chain/modern-textile"),
        ("region", "浙　江", "region/330000"),
        ("region", "３３００００", "region/330000"),
        ("organization", "「ＳＭＩＣ」", "org/1"),
        ("input", "item／cn／resist", "item/cn/resist"),
        ("input", f"<{ID}item/cn/resist>", "item/cn/resist"),
        ("iri", "ｉｔｅｍ/cn/resist", "item/cn/resist"),
        ("chain", "現代紡織產業鏈", "chain/modern-textile"),
        ("chain", "現代紡織", "chain/modern-textile"),
        ("region", "江蘇", "region/320000"),
        ("region", "乾縣", "region/610424"),
        ("input", "台湾香肠", "item/cn/sausage"),
    ],
)
def test_other_characters_for_the_same_name(store: Counting, kind: str, text: str, key: str) -> None:
    assert resolve(store, kind, kind, text) == f"<{ID}{key}>"


def test_the_nearest_reading_is_taken(store: Counting) -> None:
    """What is called as typed, before what is called so without quotation marks or in simplified characters."""
    assert resolve(store, "input", "input", '"Resin"') == f"<{ID}item/quoted>"
    assert resolve(store, "input", "input", "Resin") == f"<{ID}item/plain>"
    assert resolve(store, "input", "input", "電池") == f"<{ID}item/traditional>"
    assert resolve(store, "input", "input", "电池") == f"<{ID}item/simplified>"


@pytest.mark.parametrize(("kind", "text"), [("region", "吉林"), ("region", "“吉　林”"), ("input", "光刻膠")])
def test_what_names_two_things_is_not_guessed(store: Counting, kind: str, text: str) -> None:
    with pytest.raises(AmbiguousParameterError, match="names 2 things"):
        resolve(store, kind, kind, text)


def test_what_has_one_name_is_told_apart() -> None:
    """By another name, a place, how many provide it and who says so, in forms that can be typed."""

    def stated(source: str, key: str, kind: str, *facts: str) -> str:
        graph = f"<{graph_of_source(source)}>"
        lines = [f"<{RDF}type> <{ICSC}{kind}>", f'<{RDFS}label> "铜"@zh-Hans', *facts]
        return "\n".join(f"<{ID}{key}> {line} {graph} ." for line in lines)

    provided = [f"<{ICSC}providedBy> <{ID}org/{n}>" for n in (1, 2)]
    store = MemoryStore(
        "\n".join(
            [
                stated("books", "item/cn/%E9%93%9C", "Input", provided[0]),
                stated("mines", "item/eu/copper", "Input", f'<{RDFS}label> "Copper"@en', *provided),
                stated("maps", "region/1", "Region", f"<{ICSC}directlyPartOfRegion> <{ID}region/2>"),
                f'<{ID}region/2> <{RDFS}label> "Anhui"@en <{graph_of_source("maps")}> .',
                *(stated("maps", f"region/{n}", "Region") for n in range(3, 9)),
            ]
        )
    )
    with pytest.raises(AmbiguousParameterError) as error:
        resolve(store, "input", "input", "铜")
    assert str(error.value).splitlines()[1].strip() == (
        "Give one of: item/eu/copper (Copper; 2 providers; stated by mines), item/cn/铜 (1 provider; stated by books)"
    )
    assert error.value.choices == (f"{ID}item/eu/copper", f"{ID}item/cn/%E9%93%9C")
    assert resolve(store, "input", "input", "item/cn/铜") == f"<{ID}item/cn/%E9%93%9C>"
    assert resolve(store, "thing", "iri", "item/cn/铜") == f"<{ID}item/cn/%E9%93%9C>"
    with pytest.raises(AmbiguousParameterError) as error:
        resolve(store, "region", "region", "铜")
    assert str(error.value).splitlines()[1].strip() == (
        "Give one of: region/1 (in Anhui), region/3, region/4, region/5, region/6, and 2 more"
    )


@pytest.mark.parametrize(
    ("iri", "form"),
    [
        (ID + "item/eto/N31", "item/eto/N31"),
        (ID + "item/cn/%E5%85%89", "item/cn/光"),
        (ID + "item/cn/%E5%85%89%EF%BC%88a%EF%BC%89", "item/cn/%E5%85%89%EF%BC%88a%EF%BC%89"),
        (ID + "item/cn/%23a", "item/cn/%23a"),
        ("https://example.org/a", "<https://example.org/a>"),
    ],
)
def test_short_forms_are_read_again(iri: str, form: str) -> None:
    assert short(iri) == form
    assert form == f"<{iri}>" or iri in long_forms(form)


@pytest.mark.parametrize(
    ("kind", "text", "first"),
    [
        ("chain", "现代纺积", "modern-textile"),
        ("chain", "現代紡積", "modern-textile"),
        ("chain", "textile modern", "modern-textile"),
        ("chain", "modern textiles", "modern-textile"),
        ("region", "Zheijang", "region/330000"),
        ("region", "Jiangsoo city", "region/320000"),
        ("region", "浙", "region/330000"),
        ("input", "photo resist", "item/cn/resist"),
    ],
)
def test_a_near_name_is_listed_and_not_taken(store: Counting, kind: str, text: str, first: str) -> None:
    with pytest.raises(ParameterError, match=rf"\n    Nearest: [^;]+{first}") as error:
        resolve(store, kind, kind, text)
    assert not isinstance(error.value, AmbiguousParameterError)


def test_near_names_are_of_the_kind_that_is_asked_for(store: Counting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a kind has many things, all names are read: those of other kinds are left out."""
    monkeypatch.setattr("kg.names._FEW", 1)
    with pytest.raises(ParameterError, match="Nearest") as error:
        resolve(store, "region", "region", "Zhejiang Provinz")
    assert "region/330000" in str(error.value) and "chain/" not in str(error.value)
    assert resolve(store, "region", "region", "zhejiang") == f"<{ID}region/330000>"


def test_what_is_like_nothing_is_told_what_there_is(store: Counting) -> None:
    with pytest.raises(ParameterError, match="There are 5, such as: "):
        resolve(store, "region", "region", "qqqqqqqq")
    with pytest.raises(ParameterError, match="This release has none"):
        resolve(store, "gap", "gap", "qqqqqqqq")


def test_what_a_kind_does_not_have_is_not_found_by_its_name(store: Counting) -> None:
    with pytest.raises(ParameterError, match="no chain is called"):
        resolve(store, "chain", "chain", "浙江省")


@pytest.mark.parametrize(
    ("kind", "wide", "plain"),
    [
        ("date", "２０２４－０１－０１", "2024-01-01"),
        ("dateTime", "２０２４－０１－０１", "2024-01-01"),
        ("decimal", "０．５", "0.5"),
        ("integer", "１２", "12"),
        ("boolean", "ｔｒｕｅ", "true"),
    ],
)
def test_numbers_and_dates_may_be_full_width(store: Counting, kind: str, wide: str, plain: str) -> None:
    assert resolve(store, "x", kind, wide) == resolve(store, "x", kind, plain)
    # A text is what was typed.
    assert resolve(store, "x", "string", wide) != resolve(store, "x", "string", plain)
