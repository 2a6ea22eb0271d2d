"""Systemic risk at volume, on a generated supply network.

    python benchmarks/analysis.py [firms [relations [asked [workers]]]]

The network is made up: firms of 600 sectors with sizes after Pareto; who buys from whom goes with size and with what a
sector takes; a third of the inputs is essential. As in input-output tables put in order, nine tenths of what a sector
takes comes from sectors before it. Two figures: the index of the largest firms of a big network, and of every firm of a
tenth of it.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from kg.analysis.cascade import SupplyNetwork, systemic_risk

SECTORS, RECIPE = 600, 12


def generate(firms: int, relations: int, seed: int = 2022) -> SupplyNetwork:
    """Firms and relations; a sector takes from `RECIPE` sectors, from larger firms more often."""
    random = np.random.default_rng(seed)
    size = random.pareto(1.2, firms) + 1.0
    sector = np.sort(random.integers(0, SECTORS, firms))
    first = np.searchsorted(sector, np.arange(SECTORS + 1))
    # Position of a firm within the running total of sizes, so that one draw finds a supplier by size.
    total = np.concatenate([[0.0], np.cumsum(size)])
    before = (random.random((SECTORS, RECIPE)) * np.maximum(np.arange(SECTORS), 1)[:, None]).astype(np.int64)
    takes = np.where(random.random((SECTORS, RECIPE)) < 0.9, before, random.integers(0, SECTORS, (SECTORS, RECIPE)))
    buyer = np.searchsorted(np.cumsum(np.sqrt(size)), random.random(relations) * np.sqrt(size).sum())
    buyer = np.minimum(buyer, firms - 1)
    slot = random.integers(0, RECIPE, relations)
    source = takes[sector[buyer], slot]
    low, high = total[first[source]], total[first[source + 1]]
    supplier = np.searchsorted(total, low + random.random(relations) * (high - low), side="right") - 1
    supplier = np.clip(supplier, 0, firms - 1)
    weight = random.lognormal(0.0, 1.0, relations) * np.sqrt(size[buyer] * size[supplier])
    kept = supplier != buyer
    return SupplyNetwork(firms, supplier[kept], buyer[kept], weight[kept], sector, (slot < RECIPE // 3)[kept])


def measure(network: SupplyNetwork, asked: np.ndarray | None, workers: int) -> None:
    """Prints time and results of one run."""
    started, work = time.perf_counter(), time.process_time()
    found = systemic_risk(network, asked, workers=workers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(
        f"{network.firms:>9,} firms, {network.supplier.size:>9,} relations, {found.total.size:>7,} shocks, "
        f"{workers} workers: {time.perf_counter() - started:7.1f} s "
        f"({time.process_time() - work:.1f} s of work), {peak:.1f} GB; "
        f"index: largest {found.total.max():.4f}, median {np.median(found.total):.2e}",
        flush=True,
    )


def main() -> None:
    """Runs both."""
    given = [int(value) for value in sys.argv[1:]] + [1_000_000, 5_000_000, 1_000, 2][len(sys.argv) - 1 :]
    firms, relations, asked, workers = given
    big = generate(firms, relations)
    output = np.bincount(big.supplier, weights=big.weight, minlength=firms)
    largest = np.lexsort((np.arange(firms), -output))[:asked]
    measure(big, largest, workers)
    measure(generate(firms // 10, relations // 10), None, workers)


if __name__ == "__main__":
    main()
