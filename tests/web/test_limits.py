"""A query at its limit is stopped, says so, and harms nobody else."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from kg.errors import LimitError, OverloadError, QueryError, ReleaseError, TimeLimitError
from kg.graph import Graph
from kg.web.limits import Limits, QueryFailedError
from kg.web.pool import Pool
from kg.web.store import PooledStore
from tests.web.conftest import SECONDS, Served

CROSS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER EXISTS { ?d ?e ?f . ?g ?h ?i FILTER(?f = ?g && ?i = ?b && ?a = 1) } }"
)
REGEX = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f "
    'FILTER(REGEX(CONCAT(STR(?a), STR(?c), STR(?d)), "(a|aa|aaa|.*b)+(x+x+)+y(.*c)*$", "i")) }'
)
MEMORY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?a ?c"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 4000"


def _store(graph: Graph) -> Path:
    assert graph.release is not None
    return graph.release.store


@pytest.mark.parametrize("query", [CROSS, REGEX])
def test_a_runaway_query_is_stopped_while_small_ones_go_on(served: Served, query: str) -> None:
    with ThreadPoolExecutor() as threads, httpx.Client(base_url=served.url, timeout=60.0) as other:
        start = time.perf_counter()
        runaway = threads.submit(other.get, "/sparql", params={"query": query})
        small = []
        while not runaway.done():
            begun = time.perf_counter()
            assert served.client.get("/sparql?query=ASK%7B%7D").json() == {"head": {}, "boolean": True}
            small.append(time.perf_counter() - begun)
            time.sleep(0.01)
        took = time.perf_counter() - start
    answer = runaway.result()
    assert answer.status_code == 504, answer.text
    assert f"longer than {SECONDS:g} s" in answer.text
    assert SECONDS <= took < SECONDS + 5 and len(small) > 10
    assert sorted(small)[len(small) // 2] < 0.5


def test_every_process_is_replaced(served: Served) -> None:
    with ThreadPoolExecutor() as threads:
        answers = list(
            threads.map(lambda _: httpx.get(f"{served.url}/sparql", params={"query": CROSS}, timeout=60), "ab")
        )
    assert {answer.status_code for answer in answers} == {504}
    assert served.client.get("/sparql?query=ASK%7B%7D").status_code == 200


def test_memory(embedded: Graph) -> None:
    async def run() -> tuple[str, bool]:
        pool = Pool(_store(embedded), 1, Limits(seconds=30, memory=64 << 20))
        await pool.start()
        with pytest.raises(QueryFailedError) as failed:
            await pool.ask(MEMORY)
        answer = await pool.ask("ASK {}")
        body = answer.whole()
        await pool.close()
        return failed.value.code, body is not None

    assert asyncio.run(run()) == ("memory", True)


def test_rows_before_the_first_byte(served: Served) -> None:
    query = "SELECT (1 AS ?x) { ?s ?p ?o . ?a ?b ?c } LIMIT 9000"
    answer = served.client.get("/sparql", params={"query": query, "format": "csv"})
    assert answer.status_code == 503 and "5,000 rows" in answer.text


def test_an_error_in_the_middle_breaks_the_answer_off(served: Served) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 500000"
    with pytest.raises(httpx.RemoteProtocolError):
        served.client.get("/sparql", params={"query": query})
    assert served.client.get("/sparql?query=ASK%7B%7D").status_code == 200


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv", "nt", "ttl", "rdf", "jsonld"])
def test_rows_are_counted_in_every_format(embedded: Graph, format: str) -> None:
    graph = format in {"nt", "ttl", "rdf", "jsonld"}
    head = "CONSTRUCT { ?a ?b ?c }" if graph else "SELECT ?a ?b ?c"
    # A value that holds the ends of rows of every format; each triple is another one.
    where = """WHERE { ?a ?b ?d BIND(CONCAT('a\\n"b", }},{ </result>', STR(?d)) AS ?c) }"""

    async def run() -> tuple[bool, str]:
        pool = Pool(_store(embedded), 1, Limits(rows=1000))
        await pool.start()
        kept = await pool.ask(f"{head} {where} LIMIT 990", format, format)
        async for _ in kept.chunks():
            pass
        try:
            answer = await pool.ask(f"{head} {where} LIMIT 1010", format, format)
            async for _ in answer.chunks():
                pass
            code = ""
        except QueryFailedError as error:
            code = error.code
        await pool.close()
        return kept.done, code

    assert asyncio.run(run()) == (True, "rows")


def test_an_answer_waits_for_a_slow_reader(embedded: Graph) -> None:
    async def run() -> tuple[int, int]:
        pool = Pool(_store(embedded), 1, Limits(seconds=30))
        await pool.start()
        answer = await pool.ask("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 50000", "csv")
        await asyncio.sleep(1.0)
        ahead, size = answer._pending, 0
        async for chunk in answer.chunks():
            size += len(chunk)
        await pool.close()
        return ahead, size

    ahead, size = asyncio.run(run())
    assert size > 8 << 20 and ahead < 3 << 20


def test_full_queue(embedded: Graph) -> None:
    async def run() -> list[str]:
        pool = Pool(_store(embedded), 1, Limits(seconds=1, queue=2))
        await pool.start()
        results = await asyncio.gather(*(pool.ask(CROSS) for _ in range(5)), return_exceptions=True)
        await pool.close()
        return [result.code for result in results if isinstance(result, QueryFailedError)]

    codes = asyncio.run(run())
    assert len(codes) == 5 and codes.count("busy") >= 2 and "time" in codes


def test_full_queue_over_http(served: Served) -> None:
    with ThreadPoolExecutor(24) as threads:
        answers = list(
            threads.map(lambda _: httpx.get(f"{served.url}/sparql", params={"query": CROSS}, timeout=60), range(14))
        )
    busy = [answer for answer in answers if answer.status_code == 503]
    assert busy and {answer.status_code for answer in answers} == {503, 504}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in busy)


def test_a_reader_that_goes_away_frees_its_process(served: Served) -> None:
    start = time.perf_counter()
    for _ in range(4):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{served.url}/sparql", params={"query": CROSS}, timeout=0.4)
    assert served.client.get("/sparql?query=ASK%7B%7D").status_code == 200
    # Two processes would need twice the time limit for four such queries.
    assert time.perf_counter() - start < 2 * SECONDS


def test_missing_store(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError):
        asyncio.run(Pool(tmp_path / "nothing", 1).start())


def test_pooled_store_answers_as_the_embedded_one(embedded: Graph) -> None:
    store = PooledStore(_store(embedded), 2)
    try:
        for query in (
            "SELECT ?s ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o } ORDER BY ?s ?o LIMIT 50",
            "ASK { ?s ?p ?o }",
            "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o } LIMIT 3",
        ):
            assert store.query(query) == embedded.store.query(query)
        graph = Graph(store, embedded.release)
        wanted = {"chain": "modern-textile", "region": "Shaoxing"}
        assert graph.ask("gaps", **wanted).equals(embedded.ask("gaps", **wanted))
    finally:
        store.close()


def test_pooled_store_keeps_its_limits(embedded: Graph) -> None:
    store = PooledStore(_store(embedded), 1, Limits(seconds=20, rows=100, memory=64 << 20, queue=1))
    try:
        with pytest.raises(TimeLimitError):
            store.query(CROSS, 0.5)
        with pytest.raises(QueryError):
            store.query("SELECT {")
        with pytest.raises(LimitError) as rows:
            store.query("SELECT * { ?s ?p ?o }")
        with pytest.raises(LimitError) as memory:
            store.query(MEMORY)
        assert "rows" in rows.value.what and "memory" in memory.value.what
        assert store.query("ASK {}").truth is True

        found: list[BaseException] = []

        def run() -> None:
            try:
                store.query(CROSS, 1.0)
            except (TimeLimitError, OverloadError) as error:
                found.append(error)

        threads = [threading.Thread(target=run) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kinds = [type(error) for error in found]
        assert len(kinds) == 4 and OverloadError in kinds and TimeLimitError in kinds
    finally:
        store.close()
    with pytest.raises(OverloadError):
        store.query("ASK {}")
