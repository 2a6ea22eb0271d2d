"""Build speed on a generated source, as ratios in one run: mapping, whole build, plain bulk load.

    python benchmarks/build.py [firms]

The source is made up: firms with name, region, industry and share, in four tiers that supply each other.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

FIRMS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_700_000
LOADER = {
    "source.toml": 'title = "Generated"\nlicence = "CC0"\n'
    + "".join(f'[[files]]\nname = "{name}.csv"\nbundled = true\n' for name in ("firms", "supplies")),
    "firms.sql": "SELECT id, name, region, industry, TRY_CAST(share AS DOUBLE) AS share\n"
    "FROM read_csv('firms.csv', header = true, all_varchar = true)\n",
    "firms.rq": """#+ required: [id]
#+ iri: {firm: "org/bench/{id}", place: "region/bench/{region}", kind: "industry/bench/{industry}"}
#+ lang: {name: zh-Hans}
PREFIX icsc: <https://w3id.org/icsc/ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT {
  ?firm a icsc:Enterprise ;
    rdfs:label ?name ;
    icsc:locatedIn ?place ;
    icsc:classifiedAs ?kind ;
    icsc:revenueShareTest ?share .
}
""".replace("icsc:revenueShareTest", "<urn:bench:share>"),
    "supplies.sql": "SELECT id, supplier, customer, item\n"
    "FROM read_csv('supplies.csv', header = true, all_varchar = true)\n",
    "supplies.rq": """#+ required: [id, supplier, customer]
#+ iri: {rel: "rel/bench/{id}", a: "org/bench/{supplier}", b: "org/bench/{customer}", what: "item/bench/{item}"}
PREFIX icsc: <https://w3id.org/icsc/ns#>
CONSTRUCT {
  ?rel a icsc:SupplyRelation ;
    icsc:hasSupplier ?a ;
    icsc:hasCustomer ?b ;
    icsc:suppliesItem ?what .
}
""",
}
MAP = """
import sys, time
from pathlib import Path
from kg.assets import asset_dir
from kg.loading.engine import map_source
from kg.loading.manifest import read_loader
from kg.ontology import read_ontology
loader = read_loader(Path(sys.argv[1]))
schema = read_ontology(asset_dir("ontology")).schema
start = time.perf_counter()
result = map_source(loader, loader.locate(None), Path(sys.argv[2]), schema)
print(result.quads, time.perf_counter() - start)
"""
LOAD = """
import sys, time
import pyoxigraph as ox
start = time.perf_counter()
store = ox.Store(sys.argv[1])
for path in sys.argv[2:]:
    store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS, lenient=True)
store.flush()
print(time.perf_counter() - start)
"""


def generate(folder: Path) -> None:
    data = folder / "data"
    data.mkdir(parents=True)
    for name, text in LOADER.items():
        (folder / name).write_text(text, encoding="utf-8")
    relations = int(FIRMS * 0.2)
    tier = FIRMS // 4
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT i AS id, '第' || i || '号制造有限公司' AS name, i % 340 AS region, i % 500 AS industry, "
            f"(i * 7919 % 1000) / 1000 AS share FROM range({FIRMS}) t(i)) TO '{data}/firms.csv' (HEADER)"
        )
        con.execute(
            f"COPY (SELECT i AS id, (i % 3) * {tier} + hash(i) % {tier} AS supplier, "
            f"(i % 3 + 1) * {tier} + hash(i + 1) % {tier} AS customer, i % 20000 AS item "
            f"FROM range({relations}) t(i)) TO '{data}/supplies.csv' (HEADER)"
        )


def child(*command: str) -> tuple[str, float]:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout, time.perf_counter() - start


def main() -> None:
    work = Path(tempfile.mkdtemp(prefix="kg-bench-"))
    try:
        loader = work / "loaders" / "bench"
        generate(loader)
        (work / "mapped").mkdir()
        out, _ = child(sys.executable, "-c", MAP, str(loader), str(work / "mapped"))
        quads, mapping = int(out.split()[0]), float(out.split()[1])
        print(f"mapping: {quads:,} triples in {mapping:.1f} s, {quads / mapping / 1e6:.2f} million/s")
        print(f"peak memory so far: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6:.2f} GB")
        command = ["-m", "kg", "build", "--no-analysis", "--source", "bench", "--loaders", str(work / "loaders")]
        _, whole = child(sys.executable, *command, "--releases", str(work / "r"))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        manifest = json.loads((work / "r" / "current" / "manifest.json").read_text())
        total = quads + manifest["inferred"]["triples"]
        dumps = sorted(str(path) for path in (work / "r" / "current" / "dumps").glob("*.nq"))
        out, _ = child(sys.executable, "-c", LOAD, str(work / "plain"), *dumps)
        plain = float(out)
        print(f"build: {total:,} triples with inferred in {whole:.1f} s; timings {manifest['timings']}")
        print(f"bulk load of the same N-Quads: {plain:.1f} s; ratio build / bulk load {whole / plain:.2f}")
        print(f"peak memory of a child: {peak:.2f} GB")
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
