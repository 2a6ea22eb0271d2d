"""The statuses of `gaps` computed by DuckDB SQL over columns, for the ratio that is printed beside the question's time.

One table per predicate, with the graph of each statement; the same rules as in `queries/headline/gaps.rq`.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import duckdb
import pyoxigraph as ox

import kg

NS = "https://w3id.org/icsc/ns#"
PREDICATES = (
    *("linkOf", "requiresInput", "offers", "withinRegion", "hasProvider", "inRegion", "partOfRegion"),
    *("surveys", "surveyedRegion", "completeness", "lacks", "inChain", "status", "kindOf", "providesItem"),
)
CLASSES = ("Product", "CustomsTerritoryProvision", "Country")
STATUSES = """
WITH needs AS (
  SELECT DISTINCT l.s AS link, r.o AS input FROM linkOf l JOIN requiresInput r ON r.s = l.s WHERE l.o = $chain
), stated AS (
  SELECT DISTINCT k.o AS input, s.o AS status, p.o AS region
  FROM inChain c JOIN lacks k ON k.s = c.s JOIN inRegion p ON p.s = c.s JOIN status s ON s.s = c.s WHERE c.o = $chain
), there AS (
  SELECT w.s AS provision FROM withinRegion w WHERE w.o = $region AND NOT (EXISTS (FROM Country c WHERE c.s = $region)
    AND EXISTS (FROM CustomsTerritoryProvision t WHERE t.s = w.s))
), offered AS (
  SELECT DISTINCT n.input, o.s AS provision
  FROM needs n JOIN offers o ON o.o = n.input JOIN there t ON t.provision = o.s
), wider AS (
  SELECT DISTINCT n.input
  FROM needs n JOIN kindOf k ON k.s = n.input AND k.o <> k.s JOIN providesItem i ON i.o = k.o
  JOIN there t ON t.provision = i.s LEFT JOIN hasProvider h ON h.s = i.s LEFT JOIN inRegion r ON r.s = i.s
  WHERE (h.o IS NOT NULL OR r.o IS NOT NULL) AND NOT EXISTS (FROM offered o JOIN hasProvider p ON p.s = o.provision
    WHERE o.input = n.input AND p.o = h.o)
), counted AS (
  SELECT o.input, count(DISTINCT h.o) AS providers, count(i.o) AS whole
  FROM offered o LEFT JOIN hasProvider h ON h.s = o.provision LEFT JOIN inRegion i ON i.s = o.provision GROUP BY ALL
), seen AS (
  SELECT n.input, s.s AS survey, true AS itself FROM needs n JOIN surveys s ON s.o = n.input
  UNION ALL SELECT n.input, s.s, false FROM needs n JOIN surveys s ON s.o = n.link
  UNION ALL SELECT n.input, s.s, false FROM needs n, surveys s
    WHERE s.o = $chain AND EXISTS (FROM Product p WHERE p.s = n.input AND p.g = s.g)
), looked AS (
  SELECT e.input, max((c.o LIKE '%#complete' AND (e.itself OR e.input NOT IN (FROM wider)))::INT) AS complete
  FROM seen e JOIN surveyedRegion r ON r.s = e.survey AND r.o = $region JOIN completeness c ON c.s = e.survey
  GROUP BY ALL
), judged AS (
  SELECT n.link, n.input, CASE WHEN c.providers > 1 OR c.whole > 0 THEN 'met'
    WHEN c.providers = 1 THEN if(l.complete = 1, 'single-source', 'met')
    WHEN l.complete = 1 THEN 'absent' ELSE 'unknown' END AS status
  FROM needs n LEFT JOIN counted c USING (input) LEFT JOIN looked l USING (input)
)
SELECT link, input, status FROM judged j
WHERE NOT EXISTS (FROM stated s WHERE s.input = j.input AND (s.region = $region OR (s.status LIKE '%#statusAbsent'
  AND EXISTS (FROM partOfRegion p WHERE p.s = $region AND p.o = s.region))))
ORDER BY ALL
"""


class Columns:
    """A release's statements as columns.

    Args:
        store: the folder `store` of a release.
    """

    def __init__(self, store: Path) -> None:
        self._con = duckdb.connect()
        opened = ox.Store.read_only(str(store))
        wanted = [(name, f"?s <{NS}{name}> ?o") for name in PREDICATES]
        wanted += [(name, f"?s a <{NS}{name}> BIND(1 AS ?o)") for name in CLASSES]
        with tempfile.TemporaryDirectory() as folder:
            for name, pattern in wanted:
                file = Path(folder) / f"{name}.csv"
                found = opened.query(f"SELECT ?g ?s ?o {{ GRAPH ?g {{ {pattern} }} }}")
                assert isinstance(found, ox.QuerySolutions)
                found.serialize(str(file), format=ox.QueryResultsFormat.CSV)
                # Sorted by object, as the engine's index is that the question begins with.
                self._con.execute(
                    f"CREATE TABLE {name} AS FROM read_csv('{file}', header = true, all_varchar = true) ORDER BY o, s"
                )

    def statuses(self, chain: str, region: str) -> tuple[list[tuple[str, str, str]], float]:
        """Link, input and status of what no source states, and the median seconds that it takes."""
        times = []
        for _ in range(5):
            start = time.perf_counter()
            rows = self._con.execute(STATUSES, {"chain": chain, "region": region}).fetchall()
            times.append(time.perf_counter() - start)
        return rows, statistics.median(times)


def compare(graph: kg.Graph, columns: Columns, parameters: dict[str, str], seconds: float) -> str:
    """The ratio of the question's time to that of the columns.

    Raises:
        AssertionError: the answers differ.
    """
    frame = graph.ask("gaps", **parameters)
    mine = frame[frame.gap.isna()]
    chain, region = str(mine.chain_iri.iloc[0]), str(mine.region_iri.iloc[0])
    rows, took = columns.statuses(chain, region)
    assert sorted(zip(mine.link_iri, mine.input_iri, mine.status, strict=True)) == rows
    return f"DuckDB {took * 1000:.0f} ms, ratio {seconds / took:.1f}"
