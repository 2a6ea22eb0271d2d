"""Instructions that the answer to a question takes: unlike times, they are the same in every run and on every machine.

For comparing two ways of writing a query. Needs valgrind; takes about half a minute.

python benchmarks/instructions.py QUESTION [PARAMETER=VALUE ...] [--releases DIR]
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import kg

#: Without the package: its start would be most of what is counted.
ASK = """
import sys
import pyoxigraph
store = pyoxigraph.Store.read_only(sys.argv[1]) if sys.argv[1] else pyoxigraph.Store()
text = open(sys.argv[2], encoding="utf-8").read()
for _ in range(int(sys.argv[3])):
    list(store.query(text, use_default_graph_as_union=True))
"""


def counted(store: str, query: str, times: int) -> int:
    """Instructions of a process that asks so many times."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.executable, "-c", ASK]
    done = subprocess.run([*command, store, query, str(times)], capture_output=True, text=True, check=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    assert found is not None, done.stderr
    return int(found.group(1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("question")
    parser.add_argument("parameter", nargs="*")
    parser.add_argument("--releases")
    given = parser.parse_args()
    if shutil.which("valgrind") is None:
        parser.error("valgrind is not installed")
    if wrong := [part for part in given.parameter if "=" not in part]:
        parser.error(f"{wrong[0]!r} is not of the form PARAMETER=VALUE")
    graph = kg.open(releases=given.releases)
    assert graph.release is not None
    text = graph.bound(given.question, **dict(part.split("=", 1) for part in given.parameter))
    with tempfile.NamedTemporaryFile("w", suffix=".rq", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        # The first answer fills caches, the start of the process is no part of it.
        whole, planned = (
            (counted(store, file.name, 3) - counted(store, file.name, 1)) / 2e6
            for store in (str(Path(graph.release.store)), "")
        )
    print(f"{given.question}: {whole:.0f} million instructions, of which planning {planned:.0f}")


if __name__ == "__main__":
    main()
