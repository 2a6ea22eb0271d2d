"""From rows of the method `breakpoints` to rows of its template: feasibility of a chain's inputs, ring by ring."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kg.analysis.feasibility import Recipes, feasibility

__all__ = ["breakpoints_by_ring"]

_COLUMNS = ("chain", "region", "around", "chain_key", "region_key", "around_key")
_COUNTS = ("inputs", "feasible", "breaks", "unknown")
_LISTS = ("closed", "broken", "held", "open")


def breakpoints_by_ring(table: pa.Table, parameters: Mapping[str, Any]) -> pa.Table:
    """Which inputs become feasible at which ring, which stay breakpoints, which nobody can tell.

    Args:
        table: rows without a region: a chain, an input that it needs, the inputs that this takes. Rows with one: a
            chain, a region, the rank of a ring around it and the region that the ring reaches to; inputs that are
            provided there, and `short`, those that were looked for and not found or are insufficient.

    Returns:
        A row a chain, region and ring: `closed` becomes feasible there and not before; where the ring is the region
        itself, `broken` has no feasible producer, `held` is provided and takes something that is not known to be
        feasible; where nothing lies around, `open` is neither feasible nor broken. Lists are sorted.
    """
    rows = table.to_pylist()
    needs: dict[str, dict[str, list[str]]] = {}
    places: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["region"] is None:
            needs.setdefault(row["chain"], {})[row["input"]] = row["inputs"] or []
        else:
            places.setdefault((row["chain"], row["region"]), []).append(row)
    out: list[dict[str, Any]] = []
    recipes = {chain: _recipes(of_chain) for chain, of_chain in needs.items()}
    for (chain, _), rings in sorted(places.items()):
        if chain in recipes:
            out += _rings(sorted(rings, key=lambda row: (row["rank"], row["around"])), *recipes[chain])
    kinds = [(name, pa.string()) for name in _COLUMNS] + [(name, pa.int64()) for name in _COUNTS]
    return pa.Table.from_pylist(out, schema=pa.schema(kinds + [(name, pa.list_(pa.string())) for name in _LISTS]))


def _recipes(needs: Mapping[str, list[str]]) -> tuple[list[str], Recipes]:
    """One way of making each input: all makers of it take the same."""
    names = sorted(needs)
    number = {name: i for i, name in enumerate(names)}
    pairs = [(i, number[taken]) for i, name in enumerate(names) for taken in needs[name]]
    taking, taken = (np.array([pair[side] for pair in pairs], dtype=np.int64) for side in (0, 1))
    return names, Recipes(len(names), np.arange(len(names)), taking, taken)


def _rings(rings: list[dict[str, Any]], names: list[str], recipes: Recipes) -> list[dict[str, Any]]:
    out = []
    number = {name: i for i, name in enumerate(names)}
    nothing = np.zeros(len(names), dtype=bool)
    inner, closed_within = nothing, nothing
    for _, same in itertools.groupby(rings, key=lambda row: int(row["rank"])):
        rings_there, closed_there = inner, closed_within
        for row in same:
            # What is provided within is provided in all that lies around; what is short within may be found there.
            provided = inner | _mask(row["inputs"], number)
            short = _mask(row["short"], number) & ~inner
            found = feasibility(recipes, provided & ~short, ~provided & ~short)
            broken, left = ~found.possible, found.possible & ~found.certain
            # A wider ring breaks where the region does that it reaches to: its own row says it.
            own = row["around"] == row["region"]
            lists = {
                "closed": found.certain & ~closed_within,
                "broken": broken if own else nothing,
                "held": provided & ~short & ~found.certain if own else nothing,
                "open": left if len(rings) == 1 else nothing,
            }
            counts = (len(names), int(found.certain.sum()), int(broken.sum()), int(left.sum()))
            out.append(
                {
                    **{name: row[name] for name in _COLUMNS},
                    **dict(zip(_COUNTS, counts, strict=True)),
                    **{name: [names[i] for i in np.flatnonzero(mask)] for name, mask in lists.items()},
                }
            )
            rings_there, closed_there = rings_there | provided, closed_there | found.certain
        inner, closed_within = rings_there, closed_there
    return out


def _mask(inputs: Iterable[str] | None, number: Mapping[str, int]) -> NDArray[np.bool_]:
    mask = np.zeros(len(number), dtype=bool)
    mask[[number[name] for name in inputs or () if name in number]] = True
    return mask
