"""What `gaps` says where a date or a confidence is asked: what is left out is in doubt, never missing."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

import kg
from kg.assets import asset_dir
from kg.graph import Graph
from kg.library import bound_text, find_questions
from kg.release import build
from kg.store import MemoryStore

PREFIXES = "".join(
    f"@prefix {name}: <https://w3id.org/icsc/{path}> .\n"
    for name, path in {"": "ns#", "r": "id/region/", "o": "id/org/", "i": "id/item/", "id": "id/"}.items()
) + (
    "@prefix c: <https://w3id.org/icsc/id/chain/> .\n@prefix l: <https://w3id.org/icsc/id/link/> .\n"
    "@prefix p: <https://w3id.org/icsc/id/rel/> .\n@prefix g: <https://w3id.org/icsc/id/gap/> .\n"
    "@prefix s: <https://w3id.org/icsc/id/survey/> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
)
PLACES = """
r:WORLD a :Region ; rdfs:label "World"@en .
r:CN a :Country ; :iso3166 "CN" ; rdfs:label "China"@en ; :partOfRegion r:WORLD .
r:33 a :Province ; rdfs:label "Zhejiang"@en ; :partOfRegion r:CN .
r:3301 a :Prefecture ; rdfs:label "Hangzhou"@en ; :partOfRegion r:33 .
r:44 a :Province ; rdfs:label "Guangdong"@en ; :partOfRegion r:CN .
"""
ITEMS = ("later", "unsure", "twice", "ended", "lacked", "whole", "told", "other", "far", "neck")
CONFIDENCE = {"places": 0.95, "first": 0.6, "second": 0.8}


def provision(name: str, firm: str, more: str = "") -> str:
    return f"p:{name} a :Provision ; :providesItem i:{name.split('-')[0]} ; :hasProvider o:{firm} {more} .\n"


def survey(name: str, thing: str = "", more: str = "", date: str = "2025-01-01") -> str:
    return (
        f"s:{name} a :Survey ; :surveys {thing or 'i:' + name} ; :surveyedRegion r:33 ; :completeness :complete ; "
        f':surveyScope :scopeListedFirms ; :surveyDate "{date}T00:00:00Z"^^xsd:dateTime {more} .\n'
    )


def sources() -> dict[str, str]:
    wanted = " , ".join(f"i:{name}" for name in ITEMS)
    first = f'c:x a :IndustrialChain ; rdfs:label "X"@en . l:1 a :ChainLink ; :linkOf c:x ; :requiresInput {wanted} .\n'
    first += "".join(f'i:{name} a :Product ; rdfs:label "{name}"@en .\n' for name in ITEMS)
    first += "o:f1 a :Enterprise ; :locatedIn r:3301 . o:f2 a :Enterprise ; :locatedIn r:33 .\n"
    first += "o:f3 a :Enterprise ; :locatedIn r:44 .\n"
    first += provision("later", "f1", '; :validFrom "2020-01-01T00:00:00Z"^^xsd:dateTime')
    first += provision("unsure", "f1", "; :confidence 0.3")
    # Two firms, of which one is hardly sure; the sure one again, unsure.
    first += provision("twice", "f1") + provision("twice-2", "f2", "; :confidence 0.3")
    first += provision("other", "f1") + provision("other-2", "f1", "; :confidence 0.3")
    first += provision("ended", "f1", '; :validTo "2021-01-01T00:00:00Z"^^xsd:dateTime')
    first += "p:whole a :Provision ; :providesItem i:whole ; :inRegion r:33 .\n"
    first += provision("far", "f3") + provision("neck", "f3", "; :confidence 0.3")
    first += "".join(survey(name) for name in ITEMS if name not in {"told", "neck", "ended"})
    first += survey("ended", date="2022-01-01") + survey("neck", more="; :confidence 0.9")
    first += (
        "g:unsure a :MissingInputGap ; :inChain c:x ; :lacks i:lacked ; :inRegion r:33 ; "
        ":status :statusInsufficient ; :confidence 0.4 .\n"
        "g:told a :MissingInputGap ; :inChain c:x ; :lacks i:told ; :inRegion r:33 ; :status :statusAbsent .\n"
    )
    second = "p:told a :Provision ; :providesItem i:told ; :hasProvider o:f4 . o:f4 a :Enterprise ; :locatedIn r:33 .\n"
    return {"places": PLACES, "first": first, "second": second}


def make(folder: Path, texts: dict[str, str]) -> Graph:
    for name, text in texts.items():
        loader = folder / "loaders" / name
        (loader / "data").mkdir(parents=True)
        (loader / "data" / "all.ttl").write_text(PREFIXES + text, encoding="utf-8")
        (loader / "all.rq").write_text("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }\n", encoding="utf-8")
        (loader / "source.toml").write_text(
            f'title = "{name}"\nlicence = "CC0"\nconfidence = {CONFIDENCE[name]}\n'
            '[[files]]\nname = "all.ttl"\nbundled = true\n',
            encoding="utf-8",
        )
    build(list(texts), loaders=[folder / "loaders"], releases=folder / "releases")
    return kg.open(releases=folder / "releases")


Ask = Callable[..., dict[str, tuple[str, ...]]]
COLUMNS = ("status", "providers", "nearest_ring", "measure", "confidence")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """The rows of Zhejiang by item, as text; those of rdflib are the same."""
    graph = make(tmp_path_factory.mktemp("gaps"), sources())
    assert graph.release is not None
    dump = b"".join(path.read_bytes() for path in sorted(graph.release.path.glob("dumps/*.nq")))
    plain = rdflib.Dataset(default_union=True)
    plain.parse(data=dump.decode(), format="nquads")
    store = ox.Store()
    store.load(dump, format=ox.RdfFormat.N_QUADS)

    every = ("input", *COLUMNS, "coverage", "reason")

    def short(row: object, column: str) -> str:
        value = row[column]  # type: ignore[index]
        return "" if value is None else str(getattr(value, "value", value)).rsplit("/", 1)[-1].rsplit("#", 1)[-1]

    # rdflib takes seconds to read the question.
    @functools.cache
    def rows(**parameters: str) -> list[dict[str, str]]:
        text = graph.bound("gaps", chain="chain/x", region="region/33", **parameters)
        found = store.query(text, use_default_graph_as_union=True)
        here = [{c: short(row, c) for c in every} for row in found]  # type: ignore[union-attr]  # SELECT
        if "lang" not in parameters:
            assert here == [{c: short(row, c) for c in every} for row in plain.query(text)]
        return here

    def asked(*columns: str, **parameters: str) -> dict[str, tuple[str, ...]]:
        return {row["input"]: tuple(row[c] for c in columns or COLUMNS) for row in rows(**parameters)}

    return asked


def test_without_date_or_confidence_all_counts(ask: Ask) -> None:
    found = ask()
    assert found == {
        "later": ("single-source", "1", "province", "ProtectionMeasure", "0.6"),
        "unsure": ("single-source", "1", "province", "ProtectionMeasure", "0.6"),
        "twice": ("met", "2", "province", "", "0.6"),
        "ended": ("single-source", "1", "province", "ProtectionMeasure", "0.6"),
        "other": ("single-source", "1", "province", "ProtectionMeasure", "0.6"),
        "whole": ("met", "0", "province", "", "0.6"),
        "lacked": ("insufficient", "", "", "", "0.4"),
        "told": ("absent", "", "", "", ""),
        "far": ("absent", "0", "country", "SupplementMeasure", "0.6"),
        "neck": ("absent", "0", "country", "SupplementMeasure", "0.6"),
    }


def test_what_is_less_sure_is_in_doubt(ask: Ask) -> None:
    found = ask(min_confidence="0.5")
    # Its one maker is hardly sure, yet the survey did find one.
    assert found["unsure"] == ("unknown", "0", "", "", "0.6")
    # Of two makers one is left: that there is no other is not proven.
    assert found["twice"] == ("met", "1", "province", "", "0.6")
    # The same maker again, less sure, is no other.
    assert found["other"] == ("single-source", "1", "province", "ProtectionMeasure", "0.6")
    # The stated gap is not sure enough: what is computed stands in its place.
    assert found["lacked"] == ("absent", "0", "", "", "0.6")
    # The country's maker may be left out or not: no ring, and nothing that rests on it.
    assert found["far"] == ("absent", "0", "", "", "0.6")
    assert found["told"] == ("absent", "", "", "", "0.6")
    assert set(found) == set(ITEMS)


def test_the_confidence_of_the_source_counts_where_a_statement_has_none(ask: Ask) -> None:
    found = ask(min_confidence="0.7")
    # Neither provisions, nor what is of a whole region, nor surveys, nor gaps of the source with 0.6.
    for item in ("later", "unsure", "twice", "ended", "other", "whole", "lacked", "far"):
        assert found[item] == ("unknown", "0", "", "", ""), item
    # A survey that is surer than its source, and a provision of the other.
    assert found["neck"] == ("absent", "0", "", "", "0.9")
    assert found["told"] == ("met", "1", "province", "", "0.8")
    assert set(found) == set(ITEMS)


def test_a_later_survey_proves_nothing(ask: Ask) -> None:
    found = ask("status", "coverage", "measure", as_of="2010-01-01")
    assert found["later"] == ("unknown", "", "") and found["far"] == ("unknown", "", "")
    assert found["unsure"] == ("met", "", "")
    assert found["lacked"][0] == "insufficient"
    later = ask(as_of="2026-01-01")
    assert later["later"] == ("single-source", "1", "province", "ProtectionMeasure", "0.6")
    assert later["ended"] == ("unknown", "0", "", "", "0.6")
    assert later["far"] == ("absent", "0", "", "", "0.6")


@pytest.mark.parametrize(
    ("lang", "doubted", "others", "nobody"),
    [
        ("en", "providers are known, but not as sure as asked", "one provider is known; others are", "no survey"),
        ("zh", "已知供给者，但置信度未达要求", "已知一个供给者；其他供给者", "没有符合所求置信度与日期的调查"),
    ],
)
def test_reasons_say_what_was_left_out(ask: Ask, lang: str, doubted: str, others: str, nobody: str) -> None:
    language = {"lang": lang} if lang != "en" else {}
    found = ask("reason", min_confidence="0.5", **language)
    assert found["unsure"][0].startswith(doubted) and found["twice"][0].startswith(others)
    assert ask("reason", min_confidence="0.7", **language)["far"][0].startswith(nobody)
    assert ask("reason", as_of="2010-01-01", **language)["later"][0].startswith(doubted)


def test_the_survey_that_settles_it_is_named(tmp_path: Path) -> None:
    texts = sources()
    texts["second"] += (
        "s:partly a :Survey ; :surveys i:far ; :surveyedRegion r:33 ; :completeness :partial ; "
        ':surveyScope :scopeNamedFirms ; :surveyDate "2026-01-01T00:00:00Z"^^xsd:dateTime .\n'
    )
    rows = make(tmp_path, texts).ask("gaps", chain="chain/x", region="region/33", status="absent")
    (far,) = rows[rows["input"] == "far"].itertuples()
    assert (far.coverage, far.source) == ("listed-firms, complete, 2025-01-01", "first")


@pytest.mark.parametrize("name", ["gaps", "measures"])
def test_no_row_of_nothing(name: str) -> None:
    """Without a stated gap, both engines have only what is computed; on nothing, no row at all."""
    ns, graph = "https://w3id.org/icsc/ns#", "<https://w3id.org/icsc/graph/derived/coverage>"
    base, kind = "https://w3id.org/icsc/id/", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    result = f"<{base}result/x>"
    lines = [
        f"<{base}link/1> <{ns}linkOf> <{base}chain/x>",
        f"<{base}link/1> <{ns}requiresInput> <{base}item/a>",
        f"<{base}chain/x> {kind} <{ns}Chain>",
        f"<{base}region/33> {kind} <{ns}Region>",
        f"<{base}region/33> {kind} <{ns}Province>",
        f"{result} <{ns}analysedSubject> <{base}chain/x>",
        f"{result} <{ns}inRegion> <{base}region/33>",
        f"{result} <{ns}meetsFromOneSource> <{base}item/a>",
    ]
    for dump, rows in ((b"", 0), ("".join(f"{line} {graph} .\n" for line in lines).encode(), 1)):
        text = bound_text(
            find_questions(asset_dir("queries"))[name],
            MemoryStore(dump),
            {"chain": f"{base}chain/x", "region": f"{base}region/33"} if dump else {},
        )
        store, plain = ox.Store(), rdflib.Dataset(default_union=True)
        store.load(dump, format=ox.RdfFormat.N_QUADS)
        plain.parse(data=dump.decode(), format="nquads")
        assert len(list(store.query(text, use_default_graph_as_union=True))) == len(list(plain.query(text))) == rows  # type: ignore[arg-type]
