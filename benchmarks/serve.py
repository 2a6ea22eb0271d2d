"""Requests a second and latency of the endpoint, against `oxigraph serve-read-only` on the same store in the same run.

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


async def load(port: int, messages: list[bytes], clients: int, seconds: float) -> tuple[float, float, float]:
    """Requests a second, median and 99th percentile of the latency in ms."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    async def client(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for message in itertools.islice(itertools.cycle(messages), number * 7, None):
            start = time.perf_counter()
            if start > end:
                break
            await exchange(reader, writer, message)
            times.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
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
    messages = {name: [request(path, query, json) for query in queries] for name, (_, path) in ports.items()}
    for name, (port, _) in ports.items():
        await load(port, messages[name], 4, 1.0)
    for clients in (1, 16):
        rates: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ports}
        for _ in range(ROUNDS):
            for name, (port, _) in ports.items():
                rates[name].append(await load(port, messages[name], clients, SECONDS))
        for name, rows in rates.items():
            rate, half, most = (statistics.median(row[i] for row in rows) for i in range(3))
            print(f"{clients:2} clients  {name:9} {rate:8,.0f} requests/s  median {half:6.2f} ms  p99 {most:6.2f} ms")
        ratio = statistics.median(own[0] / other[0] for own, other in zip(rates["kg"], rates["oxigraph"], strict=True))
        print(f"{clients:2} clients  ratio of requests/s: {ratio:.2f}")
    took: dict[str, list[float]] = {name: [] for name in ports}
    for _ in range(5):
        for name, (port, path) in ports.items():
            seconds, size = await large(port, request(path, LARGE, "text/csv"))
            took[name].append(seconds)
    for name, values in took.items():
        print(f"{ROWS:,} rows as CSV  {name:9} median {statistics.median(values):.2f} s ({size / 1e6:.0f} MB)")
    ratio = statistics.median(a / b for a, b in zip(took["kg"], took["oxigraph"], strict=True))
    print(f"{ROWS:,} rows as CSV  ratio of time: {ratio:.2f}")


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


if __name__ == "__main__":
    main()
