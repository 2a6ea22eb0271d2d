"""Closure of a generated graph: time and memory against its size, and the ratio to owlrl in the same run.

    python benchmarks/reasoning.py [millions of triples]...        default: 0.1 1 10

A million triples are 50,000 enterprises in four tiers with 100,000 supply relations, 20,000 provisions, regions and
inputs. What no rule reads (labels, codes, confidences) is part of the graph and never reaches the rules, as in a
build. Measured: from columns of text to the sorted file of inferred statements, so with encoding and decoding.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import owlrl
from rdflib import Graph, URIRef

from kg.assets import asset_dir
from kg.axioms import TYPE
from kg.ontology import read_ontology
from kg.reasoning import Fact, close
from kg.terms import ICSC, ID

#: Triples of the graph that no rule reads: three an enterprise, one a supply relation, one a provision.
UNREAD = 3
TARGET = "target at 1 million: below 3 s and 1 GB"


def generate(folder: Path, millions: float) -> tuple[list[Fact], int]:
    """Writes the graph's columns; gives what the rules read, and how many triples the graph has."""
    firms = int(50_000 * millions)
    relations, provisions, items, tier = 2 * firms, int(0.4 * firms), max(firms // 10, 4), firms // 4
    tables = {
        "firms": f"SELECT i AS id, i % 340 AS region, i % 500 AS industry FROM range({firms}) t(i)",
        "supplies": f"SELECT i AS id, (i % 3) * {tier} + hash(i) % {tier} AS supplier, "
        f"(i % 3 + 1) * {tier} + hash(i + 1) % {tier} AS customer, i % {items} AS item FROM range({relations}) t(i)",
        "provisions": f"SELECT i AS id, hash(i + 7) % {firms} AS firm, i % {items} AS item "
        f"FROM range({provisions}) t(i)",
        "items": f"SELECT i AS id, i // 10 AS parent FROM range(1, {items}) t(i)",
        "regions": "SELECT 'r' || i AS id, 'p' || i % 34 AS parent FROM range(340) t(i) "
        "UNION ALL SELECT 'p' || i, 'CN' FROM range(34) t(i)",
    }
    counts = {}
    with duckdb.connect() as con:
        for name, select in tables.items():
            con.execute(f"COPY ({select}) TO '{folder}/{name}.parquet' (FORMAT parquet)")
            counts[name] = con.execute(f"SELECT count(*) FROM '{folder}/{name}.parquet'").fetchall()[0][0]

    def iri(kind: str, column: str) -> str:
        return f"concat('<{ID}{kind}/', {column}, '>')"

    def fact(table: str, predicate: str, s: str, o: str) -> Fact:
        name = predicate if predicate == TYPE else ICSC + predicate
        return Fact(name, folder / f"{table}.parquet", "bench", s, o)

    firm, supply, provision = iri("org", "id"), iri("rel", "'s' || id"), iri("rel", "'p' || id")
    facts = [
        fact("firms", TYPE, firm, f"'<{ICSC}Enterprise>'"),
        fact("firms", "locatedIn", firm, iri("region", "'r' || region")),
        fact("firms", "classifiedAs", firm, iri("industry", "industry")),
        fact("supplies", TYPE, supply, f"'<{ICSC}SupplyRelation>'"),
        fact("supplies", "hasSupplier", supply, iri("org", "supplier")),
        fact("supplies", "hasCustomer", supply, iri("org", "customer")),
        fact("supplies", "suppliesItem", supply, iri("item", "item")),
        fact(
            "supplies", "validFrom", supply, "'\"2020-01-01T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime>'"
        ),
        fact("provisions", TYPE, provision, f"'<{ICSC}Provision>'"),
        fact("provisions", "hasProvider", provision, iri("org", "firm")),
        fact("provisions", "providesItem", provision, iri("item", "item")),
        fact("items", "kindOf", iri("item", "id"), iri("item", "parent")),
        fact("regions", "directlyPartOfRegion", iri("region", "id"), iri("region", "parent")),
    ]
    read = sum(counts[each.path.stem] for each in facts)
    return facts, read + UNREAD * counts["firms"] + counts["supplies"] + counts["provisions"]


def measure(millions: float) -> dict[str, float]:
    """One closure in this process."""
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        folder = Path(name)
        facts, triples = generate(folder, millions)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        ontology = read_ontology(asset_dir("ontology"))
        start, cpu = time.perf_counter(), time.process_time()
        closure = close(ontology.program, facts, ontology.statements, folder / "inferred.nq")
        return {
            "triples": triples,
            "read": closure.asserted,
            "inferred": closure.inferred,
            "rounds": closure.rounds,
            "seconds": time.perf_counter() - start,
            "cpu": time.process_time() - cpu,
            "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
            "generated_gb": before / 1e6,
        }


def against_owlrl(millions: float = 0.003) -> None:
    """The same closure by owlrl, on a graph where it comes to an end, with the same statements."""
    with tempfile.TemporaryDirectory(prefix="kg-bench-") as name:
        folder = Path(name)
        facts, _ = generate(folder, millions)
        ontology = read_ontology(asset_dir("ontology"))
        graph = Graph() + ontology.graph
        stated = set()
        with duckdb.connect() as con:
            for fact in facts:
                for s, o in con.execute(fact.select).fetchall():
                    graph.parse(data=f"{s} <{fact.predicate}> {o} .", format="nt")
                    stated.add((s, f"<{fact.predicate}>", o))
        start = time.process_time()
        close(ontology.program, facts, ontology.statements, folder / "inferred.nq")
        ours = time.process_time() - start
        start = time.process_time()
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
        theirs = time.process_time() - start
        lines = (folder / "inferred.nq").read_text(encoding="utf-8").splitlines()
        inferred = {tuple(line.split(" ")[:3]) for line in lines}
        reference = {(s.n3(), p.n3(), o.n3()) for s, p, o in graph if isinstance(o, URIRef)}
        here, there = _facts(inferred | stated), _facts(reference)
        print(
            f"owlrl on {len(stated):,} statements and the ontology: {theirs:.1f} s; these rules {ours:.2f} s; "
            f"ratio {theirs / ours:.0f}; only in owlrl {len(there - here)}, only here {len(here - there)}"
        )


def _facts(statements: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Statements of our terms about our individuals."""
    return {
        (s, p, o)
        for s, p, o in statements
        if s.startswith(f"<{ID}") and o.startswith((f"<{ID}", f"<{ICSC}")) and p.startswith((f"<{ICSC}", f"<{TYPE}"))
    }


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(float(sys.argv[2]))))
        return
    sizes = [float(text) for text in sys.argv[1:]] or [0.1, 1.0, 10.0]
    print(TARGET)
    for size in sizes:
        # A process of its own: the peak of one size must not be the peak of the last.
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(size)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"{size:g} million: stopped: {done.stderr.strip().splitlines()[-1]}")
            continue
        found = json.loads(done.stdout)
        rate = found["inferred"] / found["seconds"] / 1e6
        print(
            f"{found['triples']:,.0f} triples, {found['read']:,.0f} read by rules, "
            f"{found['inferred']:,.0f} inferred in {found['rounds']:.0f} rounds: "
            f"{found['seconds']:.2f} s ({found['cpu']:.2f} s of CPU), "
            f"{rate:.2f} million inferred/s, peak {found['peak_gb']:.2f} GB"
        )
    against_owlrl()


if __name__ == "__main__":
    main()
