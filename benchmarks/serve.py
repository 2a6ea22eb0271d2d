"""Requests a second and latency of the endpoint, against `oxigraph serve-read-only` on the same store in the same run.

Queries come twice: each of them new, so that every one is evaluated, and the same ones again and again, as pages and
tools ask them; small ones and one of 100,000 rows. Then 20 analysts at once on the pages.

python benchmarks/serve.py OXIGRAPH [--releases DIR]

OXIGRAPH is that program, installed in an environment of its own (`pip install oxigraph`): it is no
dependency. Both servers are asked by the same client, in turns, so that ratios hold where seconds do not.
"""

from __future__ import annotations

import asyncio
import itertools
import socket
import statistics
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager

import kg

SECONDS = 4.0
ROUNDS = 3
ROWS = 100_000
LARGE = f"SELECT ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {ROWS}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(command: list[str], port: int) -> Iterator[int]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        limit = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if time.monotonic() > limit:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def request(path: str, query: str, accept: str) -> bytes:
    parameters = urllib.parse.urlencode({"query": query})
    return f"GET {path}?{parameters} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n".encode()


async def exchange(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, message: bytes) -> int:
    """One request; the size of its answer."""
    writer.write(message)
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(head.decode())
    lower = head.lower()
    if b"content-length:" in lower:
        size = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(size)
        return size
    size = 0
    while True:
        part = int(await reader.readline(), 16)
        await reader.readexactly(part + 2)
        if not part:
            return size
        size += part


async def load(port: int, messages: Iterator[bytes], clients: int, seconds: float) -> tuple[float, float, float]:
    """Requests a second, median and 99th percentile of the latency in ms."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for message in messages:
            start = time.perf_counter()
            if start > end:
                break
            await exchange(reader, writer, message)
            times.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    times.sort()
    return len(times) / seconds, statistics.median(times) * 1000, times[int(len(times) * 0.99)] * 1000


async def large(port: int, message: bytes) -> tuple[float, int]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
    start = time.perf_counter()
    size = await exchange(reader, writer, message)
    writer.close()
    return time.perf_counter() - start, size


async def measure(ports: dict[str, tuple[int, str]], queries: list[str]) -> None:
    json = "application/sparql-results+json"
    again = {name: [request(path, query, json) for query in queries] for name, (_, path) in ports.items()}
    number = itertools.count()

    def new(path: str) -> Iterator[bytes]:
        # A comment makes a text that was never asked before.
        return (request(path, f"{queries[n % len(queries)]} #{n}", json) for n in number)

    kinds = {
        "new": {name: new(path) for name, (_, path) in ports.items()},
        "again": {name: itertools.cycle(again[name]) for name in ports},
    }
    for kind, messages in kinds.items():
        for name, (port, _) in ports.items():
            await load(port, messages[name], 4, 1.0)
        for clients in (1, 16):
            rates: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ports}
            for _ in range(ROUNDS):
                for name, (port, _) in ports.items():
                    rates[name].append(await load(port, messages[name], clients, SECONDS))
            for name, rows in rates.items():
                rate, half, most = (statistics.median(row[i] for row in rows) for i in range(3))
                said = f"{rate:8,.0f} requests/s  median {half:6.2f} ms  p99 {most:6.2f} ms"
                print(f"{kind:5} {clients:2} clients  {name:9} {said}")
            ratio = statistics.median(a[0] / b[0] for a, b in zip(rates["kg"], rates["oxigraph"], strict=True))
            print(f"{kind:5} {clients:2} clients  ratio of requests/s: {ratio:.2f}")
    for kind in kinds:
        took: dict[str, list[float]] = {name: [] for name in ports}
        for turn in range(8):
            for name, (port, path) in ports.items():
                query = f"{LARGE} #{next(number)}" if kind == "new" else LARGE
                seconds, size = await large(port, request(path, query, "text/csv"))
                # The first time, client and servers also fetch memory from the system.
                if turn:
                    took[name].append(seconds)
        for name, values in took.items():
            each = f"median {statistics.median(values):.3f} s ({size / 1e6:.0f} MB)"
            print(f"{kind:5} {ROWS:,} rows as CSV  {name:9} {each}")
        ratio = statistics.median(a / b for a, b in zip(took["kg"], took["oxigraph"], strict=True))
        print(f"{kind:5} {ROWS:,} rows as CSV  ratio of time: {ratio:.2f}")


async def analysts(port: int, graph: kg.Graph, number: int = 20, clicks: int = 12) -> None:
    """Analysts who click at once, each through pages of other chains and regions, one page after the other."""
    found = graph.store.query("SELECT DISTINCT ?c { ?c a <https://w3id.org/icsc/ns#Chain> } ORDER BY ?c").rows
    chains = [str(row[0])[1:-1] for row in found]
    regions = ["330000", "320000", "440000", "310000", "CN", "330600", "330100"]

    def pages(analyst: int) -> Iterator[str]:
        for step in itertools.count(analyst):
            chain, region = chains[step % len(chains)], f"region/{regions[step % len(regions)]}"
            both = urllib.parse.urlencode({"chain": chain, "region": region})
            yield from (
                f"/?{urllib.parse.urlencode({'region': region})}",
                f"/chain?{both}",
                f"/necks?{urllib.parse.urlencode({'chain': chain})}",
                f"/map?{urllib.parse.urlencode({'chain': chain})}",
                f"/linkage?{urllib.parse.urlencode({'chain': chain})}",
                f"/ask?question=gaps&run=1&{both}",
                f"/explore?{urllib.parse.urlencode({'iri': chain})}",
                f"/doc/{chain.removeprefix('https://w3id.org/icsc/')}",
            )

    times: list[float] = []

    async def one(analyst: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
        for path in itertools.islice(pages(analyst), clicks):
            start = time.perf_counter()
            message = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"
            await exchange(reader, writer, message.encode())
            times.append(time.perf_counter() - start)
            # Even the fastest reader looks at a page before the next click.
            await asyncio.sleep(1.0)
        writer.close()

    await one(0)
    times.clear()
    await asyncio.gather(*(one(analyst) for analyst in range(number)))
    times.sort()
    half, most = statistics.median(times), times[int(len(times) * 0.95)]
    print(f"{number} analysts, {len(times)} pages: median {half * 1000:.0f} ms  p95 {most * 1000:.0f} ms")


def main() -> None:
    oxigraph = sys.argv[1]
    releases = sys.argv[3] if len(sys.argv) > 3 else None
    graph = kg.open(releases=releases)
    assert graph.release is not None
    nodes = graph.store.query("SELECT DISTINCT ?s { ?s a ?kind } LIMIT 500").rows
    queries = [f"SELECT ?g ?p ?o WHERE {{ GRAPH ?g {{ {row[0]} ?p ?o }} }} LIMIT 20" for row in nodes]
    ports = {"kg": free_port(), "oxigraph": free_port()}
    own = [sys.executable, "-m", "kg", "serve", "--port", str(ports["kg"])]
    own += ["--releases", str(graph.release.path.parent), "--release", graph.release.id]
    other = [oxigraph, "serve-read-only", "--location", str(graph.release.store)]
    other += ["--bind", f"127.0.0.1:{ports['oxigraph']}"]
    with server(own, ports["kg"]), server(other, ports["oxigraph"]):
        asyncio.run(measure({"kg": (ports["kg"], "/sparql"), "oxigraph": (ports["oxigraph"], "/query")}, queries))
        asyncio.run(analysts(ports["kg"], graph))


if __name__ == "__main__":
    main()
