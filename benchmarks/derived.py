"""Time and memory of the analyses of a build, over the dumps of a release; the derived graphs go to a temporary folder.

python benchmarks/derived.py [--releases DIR]
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import kg
from kg.analysis.steps import STEPS
from kg.assets import asset_dir
from kg.derivation import derive
from kg.methods import find_methods
from kg.ontology import read_ontology


def main() -> None:
    """Prints one line."""
    graph = kg.open(releases=sys.argv[2] if len(sys.argv) > 2 else None)
    assert graph.release is not None
    dumps = graph.release.path / "dumps"
    ontology = read_ontology(asset_dir("ontology"))
    methods = find_methods(Path(kg.__file__).parent / "analysis" / "derived")
    facts = [*sorted(dumps.glob("source-*.nq")), dumps / "inferred.nq"]
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        found = derive(methods, STEPS, ontology, facts, Path(folder), {})
        took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    quads = sum(item.quads for item in found)
    print(f"{len(found)} methods, {quads:,} statements: {took:.1f} s, {peak:.2f} GB")


if __name__ == "__main__":
    main()
