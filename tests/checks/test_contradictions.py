"""A build refuses data that contradicts the ontology: one line, both statements, their sources and files."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.command import kg

ICSC = "https://w3id.org/icsc/ns#"
ID = "https://w3id.org/icsc/id/"
HEAD = "PREFIX icsc: <https://w3id.org/icsc/ns#>\n"


def loader(folder: Path, name: str, csv: str, iris: str, construct: str) -> None:
    """A source of one file `<name>.csv`."""
    (folder / name / "data").mkdir(parents=True)
    (folder / name / "data" / f"{name}.csv").write_text(csv, encoding="utf-8")
    (folder / name / "source.toml").write_text(
        f'title = "{name}"\nlicence = "CC0"\n[[files]]\nname = "{name}.csv"\nbundled = true\n', encoding="utf-8"
    )
    (folder / name / "rows.sql").write_text(
        f"SELECT * FROM read_csv('{name}.csv', header = true, all_varchar = true)\n", encoding="utf-8"
    )
    (folder / name / "rows.rq").write_text(f"#+ iri: {iris}\n{HEAD}CONSTRUCT {{ {construct} }}\n", encoding="utf-8")


def kg_build(folder: Path, *sources: str) -> subprocess.CompletedProcess[str]:
    chosen = [part for source in sources for part in ("--source", source)]
    return kg("build", *chosen, "--loaders", str(folder), "--releases", str(folder / "r"))


def refused(done: subprocess.CompletedProcess[str], folder: Path) -> str:
    """The one line; nothing may have been built."""
    assert done.returncode == 2 and "Traceback" not in done.stderr
    first, hint = done.stderr.rstrip("\n").split("\n")
    assert first.startswith("kg: build: ") and "loader" in hint
    assert not (folder / "r" / "current").exists()
    return first


CASES = [
    pytest.param(
        ("x,n\n1,0\n", '{o: "org/{x}"}', "?o a icsc:Enterprise ."),
        ("x,n\n1,0\n", '{o: "org/{x}"}', "?o a icsc:Province ."),
        "are disjoint",
        [f"<{ID}org/1> a <{ICSC}Organization>", f"<{ID}org/1> a <{ICSC}Region>"],
        id="disjoint classes",
    ),
    pytest.param(
        ("x,n\n1,10\n", '{o: "org/{x}"}', "?o a icsc:Enterprise ; icsc:uscc ?n ."),
        ("x,n\n1,20\n", '{o: "org/{x}"}', "?o icsc:uscc ?n ."),
        "uscc is functional",
        [f'<{ID}org/1> <{ICSC}uscc> "10"', f'<{ID}org/1> <{ICSC}uscc> "20"'],
        id="functional property",
    ),
    pytest.param(
        ("x,y\n1,2\n", '{o: "link/{x}", p: "link/{y}"}', "?o icsc:directlyPrecedes ?p ."),
        ("x,y\n2,1\n", '{o: "link/{x}", p: "link/{y}"}', "?o icsc:directlyPrecedes ?p ."),
        "directlyPrecedes is asymmetric",
        [
            f"<{ID}link/1> <{ICSC}directlyPrecedes> <{ID}link/2>",
            f"<{ID}link/2> <{ICSC}directlyPrecedes> <{ID}link/1>",
        ],
        id="asymmetric property",
    ),
    pytest.param(
        ("x,y\n1,1\n", '{o: "region/{x}", p: "region/{y}"}', "?o icsc:directlyPartOfRegion ?p ."),
        ("x,y\n2,3\n", '{o: "region/{x}", p: "region/{y}"}', "?o icsc:directlyPartOfRegion ?p ."),
        "directlyPartOfRegion is irreflexive",
        [f"<{ID}region/1> <{ICSC}directlyPartOfRegion> <{ID}region/1>"],
        id="irreflexive property",
    ),
    pytest.param(
        ("x,y\n1,2\n", '{o: "item/{x}", p: "item/{y}"}', "?o a icsc:Product ; icsc:hasInput ?p ."),
        ("x,y\n9,2\n", '{o: "org/{x}", p: "item/{y}"}', "?o icsc:locatedIn ?p ."),
        "are disjoint",
        [
            f"<{ID}item/2> a <{ICSC}Input> (inferred by hasInput range Input from: "
            f"<{ID}item/1> <{ICSC}hasInput> <{ID}item/2> (source one, file one.csv))",
            f"<{ID}item/2> a <{ICSC}Region> (inferred by locatedIn range Region from: "
            f"<{ID}org/9> <{ICSC}locatedIn> <{ID}item/2> (source two, file two.csv))",
        ],
        id="by inference, from two sources",
    ),
]


@pytest.mark.parametrize(("one", "two", "axiom", "statements"), CASES)
def test_both_statements_and_their_sources_are_named(
    one: tuple[str, str, str], two: tuple[str, str, str], axiom: str, statements: list[str], tmp_path: Path
) -> None:
    loader(tmp_path, "one", *one)
    loader(tmp_path, "two", *two)
    line = refused(kg_build(tmp_path, "one", "two"), tmp_path)
    assert axiom in line
    assert [text for text in statements if text not in line] == []
    assert "source one, file one.csv" in line
    assert "source two, file two.csv" in line or axiom.endswith("irreflexive")


@pytest.mark.parametrize("source", ["one", "two"])
def test_each_source_alone_is_built(source: str, tmp_path: Path) -> None:
    for name, case in (("one", CASES[4].values[0]), ("two", CASES[4].values[1])):
        loader(tmp_path, name, *case)  # type: ignore[misc]  # three texts
    assert kg_build(tmp_path, source).returncode == 0
