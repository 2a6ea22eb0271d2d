"""Latency of bound questions on a release: the headline ones, then one of each kind beside them.

The answer of the store, and `ask`, which makes a table with labels of it. At the end `gaps` once more, beside the time
of the same answer by DuckDB, over columns that are loaded before.

python benchmarks/questions.py [--releases DIR]
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from columns import Columns, compare

import kg

CASES = [
    ("gaps", {"chain": "modern-textile", "region": "浙江"}),
    ("gaps", {"chain": "integrated-circuit", "region": "CN"}),
    ("necks", {"chain": "integrated-circuit"}),
    ("partners", {"gap": "gap/zj/computing-core-component", "region": "浙江"}),
    ("partners", {"input": "bearing", "region": "浙江"}),
    ("partners", {"chain": "intelligent-equipment", "region": "浙江"}),
    ("breakpoints", {"chain": "integrated-circuit", "region": "浙江"}),
    ("breakpoints", {"chain": "modern-textile", "region": "region/330600"}),
    ("rings", {"chain": "integrated-circuit", "region": "浙江"}),
    ("dependency-indicators", {"chain": "integrated-circuit"}),
    ("dependency-indicators", {"home": "EU"}),
    ("gaps-by-region", {"chain": "modern-textile"}),
    ("single-source", {"chain": "intelligent-equipment", "region": "浙江"}),
    ("interrupted", {"chain": "futong-optical"}),
    ("survey-next", {"chain": "modern-textile", "region": "region/330600"}),
    ("may-provide", {"chain": "modern-textile", "region": "浙江"}),
    ("may-provide", {"chain": "integrated-circuit", "region": "CN"}),
    ("surveys", {"chain": "modern-textile", "region": "浙江"}),
    ("measures", {"chain": "intelligent-equipment", "region": "浙江"}),
    ("partners-of-firm", {"firm": "org/zj/futong"}),
    ("firm", {"firm": "org/cn/600671"}),
    ("materials", {"material": "item/eu-crm/gallium"}),
    ("concentration", {"chain": "integrated-circuit"}),
    ("coverage", {"chain": "integrated-circuit", "region": "浙江"}),
    ("fishbone", {"chain": "integrated-circuit", "region": "浙江"}),
    ("dependence-of-region", {"chain": "integrated-circuit", "region": "浙江"}),
    ("inputs-by-ring", {"chain": "integrated-circuit", "region": "浙江"}),
    ("linkage", {"chain": "integrated-circuit", "from": "浙江"}),
    ("linkage-industries", {"chain": "modern-textile"}),
    ("linkage-power", {"chain": "integrated-circuit"}),
    ("specialisation", {"region": "浙江"}),
    ("coordination", {"chain": "modern-textile", "region": "浙江"}),
    ("structure", {"chain": "futong-optical"}),
    ("closed-loops", {"chain": "modern-textile"}),
    ("equilibrium", {"subject": "item/eu-crm/gallium"}),
    ("provenance", {"entity": "org/zj/futong"}),
    ("provenance", {"entity": "org/cn/600671"}),
    ("supplies", {"firm": "org/zj/futong"}),
    ("supplies", {"chain": "futong-optical"}),
    ("chains", {"chain": "modern-textile"}),
    ("stages", {"chain": "integrated-circuit"}),
    ("needs-outputs", {"chain": "integrated-circuit"}),
    ("industries", {"chain": "modern-textile"}),
    ("composition", {"chain": "intelligent-computing"}),
    ("centres", {"chain": "modern-textile"}),
    ("proposals", {"chain": "modern-textile"}),
    ("import-dependences", {"region": "CN"}),
    ("profile", {"organization": "org/zj/futong"}),
    ("profile", {"organization": "org/cn/600671"}),
    ("regional-products", {"region": "绍兴"}),
    ("regional-products", {"region": "CN"}),
    ("supply-relations", {"customer": "org/zj/futong"}),
    ("supply-relations", {"chain": "futong-optical"}),
    ("causes", {"gap": "gap/zj/futong-raw-material"}),
    ("restored-flows", {"chain": "futong-optical"}),
    ("instruments", {"region": "浙江"}),
    ("plans", {"chain": "modern-textile"}),
    ("design", {}),
    ("lists", {}),
    ("passages", {}),
    ("providers", {"input": "bearing", "region": "浙江"}),
    ("needed-by", {"input": "bearing"}),
    ("supplier-tiers", {"firm": "org/zj/futong"}),
    ("regions", {"region": "CN"}),
    ("stated-gaps", {"chain": "modern-textile"}),
    ("technologies", {"chain": "integrated-circuit"}),
    ("mechanisms", {}),
    ("roles", {"chain": "futong-optical"}),
    ("chain-parts", {"chain": "new-energy-vehicle"}),
    ("industry-flows", {}),
    ("link-neighbours", {"link": "modern-textile-clothing"}),
    ("stated-linkages", {"chain": "modern-textile"}),
    ("linkage-directions", {"chain": "integrated-circuit"}),
    ("code-lists", {}),
    ("indicators", {}),
    ("results", {}),
]


def timed(do: Callable[[], object]) -> float:
    """Median of seven runs, seconds."""
    times = []
    for _ in range(7):
        start = time.perf_counter()
        do()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    releases = sys.argv[2] if len(sys.argv) > 2 else None
    graph = kg.open(releases=releases)
    assert graph.release is not None
    for name, parameters in CASES:
        median = timed(partial(graph.store.query, graph.bound(name, **parameters)))
        whole = timed(partial(graph.ask, name, **parameters))
        print(f"{name} {parameters}: median {median * 1000:.0f} ms, as a table {whole * 1000:.0f} ms")
    # Last: what another engine keeps in memory, it takes from caches. Both are timed here, close to each other.
    columns = Columns(graph.release.store)
    for name, parameters in CASES:
        if name == "gaps":
            median = timed(partial(graph.store.query, graph.bound(name, **parameters)))
            print(f"{name} {parameters}: median {median * 1000:.0f} ms, {compare(graph, columns, parameters, median)}")


if __name__ == "__main__":
    main()
