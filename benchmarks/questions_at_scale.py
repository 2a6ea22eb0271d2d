"""Latency of bound questions on a generated release of about ten million triples (`generated.py`).

    python benchmarks/questions_at_scale.py [firms] [--keep DIR]

With --keep, the release is left there, and taken from there where it is. Beside `gaps` stands the time of the same
answer by DuckDB.
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

from columns import Columns, compare
from generated import generate

import kg

FIRMS = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 190_000
CHAIN, SUPPLY = "chain/scale/3", "chain/scale/supply-3"
FIRM, ITEM, LINK, GAP = "org/scale/1500", "item/scale/1550", "link/scale/155", "gap/scale/1550"
CASES = [
    ("gaps", {"chain": CHAIN, "region": "浙江"}),
    ("gaps", {"chain": CHAIN, "region": "CN"}),
    ("gaps", {"chain": CHAIN, "region": "杭州"}),
    ("necks", {"chain": CHAIN}),
    ("partners", {"input": ITEM, "region": "杭州"}),
    ("partners", {"input": "item/scale/1502", "region": "浙江"}),
    ("partners", {"gap": GAP, "region": "浙江"}),
    ("gaps-by-region", {"chain": CHAIN}),
    ("single-source", {"chain": CHAIN, "region": "杭州"}),
    ("rings", {"chain": CHAIN, "region": "浙江"}),
    ("breakpoints", {"chain": CHAIN, "region": "浙江"}),
    ("breakpoints", {"chain": CHAIN, "region": "杭州"}),
    ("interrupted", {"chain": CHAIN}),
    ("survey-next", {"chain": CHAIN, "region": "浙江"}),
    ("may-provide", {"chain": CHAIN, "region": "CN"}),
    ("surveys", {"chain": CHAIN, "region": "浙江"}),
    ("measures", {"chain": CHAIN, "region": "浙江"}),
    ("partners-of-firm", {"firm": FIRM}),
    ("coverage", {"chain": CHAIN, "region": "浙江"}),
    ("fishbone", {"chain": CHAIN, "region": "浙江"}),
    ("dependence-of-region", {"chain": CHAIN, "region": "杭州"}),
    ("inputs-by-ring", {"chain": CHAIN, "region": "杭州"}),
    ("linkage", {"chain": CHAIN, "from": "浙江"}),
    ("linkage-industries", {"chain": CHAIN}),
    ("linkage-power", {"chain": CHAIN}),
    ("coordination", {"chain": CHAIN, "region": "浙江"}),
    ("dependency-indicators", {"chain": CHAIN}),
    ("specialisation", {"region": "浙江"}),
    ("structure", {"chain": CHAIN}),
    ("closed-loops", {"chain": CHAIN}),
    ("equilibrium", {"subject": ITEM}),
    ("firm", {"firm": FIRM}),
    ("provenance", {"entity": FIRM}),
    ("provenance", {"entity": ITEM}),
    ("supplies", {"firm": FIRM}),
    ("supplies", {"chain": SUPPLY}),
    ("chains", {"chain": CHAIN}),
    ("stages", {"chain": CHAIN}),
    ("needs-outputs", {"chain": CHAIN}),
    ("needs-outputs", {"link": LINK}),
    ("industries", {"chain": CHAIN}),
    ("composition", {"chain": CHAIN}),
    ("centres", {"chain": CHAIN}),
    ("proposals", {"chain": CHAIN}),
    ("proposals", {"gap": GAP}),
    ("import-dependences", {"chain": CHAIN}),
    ("import-dependences", {"input": ITEM}),
    ("profile", {"organization": FIRM}),
    ("regional-products", {"region": "CN"}),
    ("supply-relations", {"supplier": FIRM}),
    ("supply-relations", {"customer": FIRM}),
    ("supply-relations", {"chain": SUPPLY}),
    ("causes", {"gap": GAP}),
    ("restored-flows", {"chain": SUPPLY}),
    ("providers", {"input": ITEM}),
    ("providers", {"input": ITEM, "region": "浙江"}),
    ("needed-by", {"input": ITEM}),
    ("supplier-tiers", {"firm": FIRM}),
    ("regions", {"region": "CN"}),
    ("stated-gaps", {"chain": CHAIN}),
    ("technologies", {"chain": CHAIN}),
    ("mechanisms", {"chain": CHAIN}),
    ("roles", {"chain": SUPPLY}),
    ("chain-parts", {"chain": CHAIN}),
    ("link-neighbours", {"link": LINK}),
    ("stated-linkages", {"chain": CHAIN}),
    ("linkage-directions", {"chain": CHAIN}),
    ("indicators", {}),
    ("results", {}),
]


def main() -> None:
    keep = Path(sys.argv[sys.argv.index("--keep") + 1]) if "--keep" in sys.argv else None
    work = keep or Path(tempfile.mkdtemp(prefix="kg-bench-"))
    try:
        if not (work / "r" / "current").exists():
            generate(work / "loaders" / "scale", FIRMS)
            command = [sys.executable, "-m", "kg", "build", "--loaders", str(work / "loaders")]
            sources = ["--source", "scale", "--source", "regions"]
            subprocess.run([*command, *sources, "--releases", str(work / "r")], check=True, stdout=subprocess.DEVNULL)
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
