"""Latency of the bound headline questions on a generated release of about ten million triples.

    python benchmarks/questions_at_scale.py [firms] [--keep DIR]

Made up: 20 chains of 50 links with 10 inputs each, firms in the real provinces and cities of the `regions` source,
two provisions a firm, shares of countries and complete surveys for a tenth of the inputs; a fiftieth of the inputs is
provided by nobody.
Beside `gaps` stands the time of the same answer by DuckDB.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from columns import Columns, compare

import kg

FIRMS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 290_000
CHAINS, LINKS, INPUTS = 20, 50, 10
HEAD = "PREFIX icsc: <https://w3id.org/icsc/ns#>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
TABLES = {
    "chains": (
        f"SELECT c AS chain, '链' || c AS name FROM range({CHAINS}) t(c)",
        '#+ iri: {c: "chain/scale/{chain}"}\n#+ lang: {name: zh-Hans}\n',
        "?c a icsc:IndustrialChain ; rdfs:label ?name .",
    ),
    "links": (
        f"SELECT i AS link, i // {LINKS} AS chain, '环节' || i AS name FROM range({CHAINS * LINKS}) t(i)",
        '#+ iri: {c: "chain/scale/{chain}", l: "link/scale/{link}"}\n#+ lang: {name: zh-Hans}\n',
        "?l a icsc:ChainLink ; rdfs:label ?name ; icsc:linkOf ?c .",
    ),
    "inputs": (
        f"SELECT i AS input, i // {INPUTS} AS link, '物料' || i AS name FROM range({CHAINS * LINKS * INPUTS}) t(i)",
        '#+ iri: {l: "link/scale/{link}", i: "item/scale/{input}"}\n#+ lang: {name: zh-Hans}\n',
        "?i a icsc:Product ; rdfs:label ?name . ?l icsc:requiresInput ?i .",
    ),
    "firms": (
        f"SELECT i AS firm, '第' || i || '号有限公司' AS name, code FROM range({FIRMS}) t(i) "
        "JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS many FROM places) "
        "ON hash(i) % many = n ORDER BY i",
        '#+ iri: {f: "org/scale/{firm}", p: "region/{code}"}\n#+ lang: {name: zh-Hans}\n',
        "?f a icsc:Enterprise ; rdfs:label ?name ; icsc:locatedIn ?p .",
    ),
    "provisions": (
        f"SELECT i AS id, i // 2 AS firm, hash(i * 31) % {CHAINS * LINKS * INPUTS} AS input "
        f"FROM range({FIRMS * 2}) t(i) "
        f"WHERE (hash(i * 31) % 7 <> 0 OR i % 3 = 0) AND hash(i * 31) % {CHAINS * LINKS * INPUTS} % 50 <> 10",
        '#+ iri: {r: "rel/scale/{id}", f: "org/scale/{firm}", i: "item/scale/{input}"}\n',
        "?r a icsc:Provision ; icsc:hasProvider ?f ; icsc:providesItem ?i .",
    ),
    "shares": (
        "SELECT i * 10 AS input, country, share FROM range("
        f"{CHAINS * LINKS * INPUTS // 10}) t(i), (VALUES ('US', 0.6), ('JP', 0.3), ('CN', 0.1)) s(country, share)",
        '#+ iri: {r: "rel/scale/{input}-{country}", i: "item/scale/{input}", p: "region/{country}"}\n',
        "?r a icsc:Provision ; icsc:inRegion ?p ; icsc:providesItem ?i ; icsc:share ?share .",
    ),
    "surveys": (
        f"SELECT i * 10 AS input, region FROM range({CHAINS * LINKS * INPUTS // 10}) t(i), "
        "(VALUES ('CN'), ('330000'), ('330100')) r(region)",
        '#+ iri: {s: "survey/scale/{input}-{region}", i: "item/scale/{input}", p: "region/{region}"}\n',
        "?s a icsc:Survey ; icsc:surveys ?i ; icsc:surveyedRegion ?p ; icsc:completeness icsc:complete ; "
        "icsc:surveyScope icsc:scopeNamedFirms .",
    ),
}
CASES = [
    ("gaps", {"chain": "chain/scale/3", "region": "浙江"}),
    ("gaps", {"chain": "chain/scale/3", "region": "CN"}),
    ("gaps", {"chain": "chain/scale/3", "region": "杭州"}),
    ("necks", {"chain": "chain/scale/3"}),
    ("partners", {"input": "item/scale/1501", "region": "杭州"}),
    ("partners", {"input": "item/scale/1502", "region": "浙江"}),
]


def generate(folder: Path) -> None:
    data = folder / "data"
    data.mkdir(parents=True)
    files = "".join(f'[[files]]\nname = "{name}.csv"\nbundled = true\n' for name in TABLES)
    (folder / "source.toml").write_text(f'title = "Generated"\nlicence = "CC0"\n{files}', encoding="utf-8")
    divisions = Path("loaders/regions/data/divisions.csv").resolve()
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE places AS SELECT code FROM read_csv('{divisions}', all_varchar = true)")
        for name, (select, header, pattern) in TABLES.items():
            con.execute(f"COPY ({select}) TO '{data}/{name}.csv' (HEADER)")
            (folder / f"{name}.rq").write_text(f"{header}{HEAD}CONSTRUCT {{ {pattern} }}\n", encoding="utf-8")
            (folder / f"{name}.sql").write_text(
                f"SELECT * {'REPLACE (TRY_CAST(share AS DOUBLE) AS share) ' if name == 'shares' else ''}"
                f"FROM read_csv('{name}.csv', header = true, all_varchar = true)\n",
                encoding="utf-8",
            )


def main() -> None:
    keep = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    work = keep or Path(tempfile.mkdtemp(prefix="kg-bench-"))
    try:
        if not (work / "r" / "current").exists():
            generate(work / "loaders" / "scale")
            command = [sys.executable, "-m", "kg", "build", "--loaders", str(work / "loaders")]
            sources = ["--source", "scale", "--source", "regions"]
            subprocess.run([*command, *sources, "--releases", str(work / "r")], check=True, capture_output=True)
        manifest = json.loads((work / "r" / "current" / "manifest.json").read_text())
        total = sum(source["triples"] for source in manifest["sources"].values()) + manifest["inferred"]["triples"]
        print(f"release: {total:,} triples")
        graph = kg.open(releases=work / "r")
        assert graph.release is not None
        columns = Columns(graph.release.store)
        for name, parameters in CASES:
            text = graph.bound(name, **parameters)
            times, rows = [], 0
            for _ in range(5):
                start = time.perf_counter()
                answer = graph.store.query(text)
                times.append(time.perf_counter() - start)
                rows = len(getattr(answer, "rows", ()))
            median = statistics.median(times)
            beside = f" ({compare(graph, columns, parameters, median)})" if name == "gaps" else ""
            print(f"{name} {parameters}: median {median * 1000:.0f} ms, {rows} rows{beside}")
    finally:
        if keep is None:
            shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
