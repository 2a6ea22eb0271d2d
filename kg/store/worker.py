"""A process that answers one query and can be killed: `python -m kg.store.worker STORE < query`."""

from __future__ import annotations

import sys

import pyoxigraph as ox

__all__ = ["main"]


def main() -> int:
    """Reads a query from standard input and writes `S` + JSON results or `G` + N-Triples."""
    text = sys.stdin.buffer.read().decode()
    out = sys.stdout.buffer
    try:
        found = ox.Store.read_only(sys.argv[1]).query(text, use_default_graph_as_union=True)
        if isinstance(found, ox.QueryTriples):
            out.write(b"G")
            found.serialize(out, format=ox.RdfFormat.N_TRIPLES)
        else:
            out.write(b"S")
            found.serialize(out, format=ox.QueryResultsFormat.JSON)
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        sys.stderr.write(str(error))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
