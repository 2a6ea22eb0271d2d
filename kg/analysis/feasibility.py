"""Where a chain breaks: inputs without a feasible producer, ring by ring, and single suppliers.

Inputs and producers are integers. A recipe is one way of making one input: it gives its output and takes inputs, all
of them (AND); an input is made by any of its recipes (OR).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kg.errors import ShareError

__all__ = [
    "Feasibility",
    "Recipes",
    "breakpoints",
    "chokepoints",
    "coverage",
    "feasibility",
    "nearest_ring",
]

Ints: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]


def _ints(values: ArrayLike) -> Ints:
    return np.asarray(values, dtype=np.int64).ravel()


@dataclass(frozen=True)
class Recipes:
    """Ways of making inputs, as integer arrays.

    Attributes:
        inputs: number of inputs; they are 0..inputs-1.
        output: input that each recipe makes, shape (recipes,).
        taking: recipe of each need, shape (needs,).
        taken: input that it takes (essential ones only), shape (needs,).
    """

    inputs: int
    output: Ints
    taking: Ints
    taken: Ints

    def __post_init__(self) -> None:
        for values, size in ((self.output, self.inputs), (self.taken, self.inputs), (self.taking, self.output.size)):
            if values.size and (values.min() < 0 or values.max() >= size):
                raise ShareError("a recipe names an input or a recipe that does not exist")
        if self.taking.size != self.taken.size:
            raise ShareError("needs have unequal numbers of recipes and inputs")


@dataclass(frozen=True)
class Feasibility:
    """Which inputs can be made; the two differ where nobody has looked.

    Attributes:
        certain: feasible by what is known, shape (inputs,).
        possible: feasible, or nothing known speaks against it.
    """

    certain: Mask
    possible: Mask


def feasibility(
    recipes: Recipes, active: ArrayLike | None = None, unsurveyed: ArrayLike | None = None, start_up: bool = False
) -> Feasibility:
    """Which inputs are feasible, with alternatives (OR) and joint needs (AND).

    An input is feasible if some active recipe makes it of which every essential input is feasible. Of the solutions
    the greatest is taken: inputs that need each other in a loop go on being made. With `start_up` the least is taken:
    what a region could begin from nothing.

    Args:
        recipes: who makes what from what.
        active: recipes that are there, bool, shape (recipes,); None: all.
        unsurveyed: inputs for which nobody has looked for producers, bool, shape (inputs,); None: none. They are
            possible, not certain, unless a recipe makes them.
        start_up: the least solution.

    Returns:
        Two masks over inputs.

    Raises:
        ShareError: a mask does not have the right length.

    Source:
        AND/OR graphs: Nilsson (1980), Principles of Artificial Intelligence, ch. 3; breakpoints after Gao (2022),
        section 3; toy 1 in the tests.
    """
    on = np.ones(recipes.output.size, bool) if active is None else np.asarray(active, bool).ravel()
    open_ = np.zeros(recipes.inputs, bool) if unsurveyed is None else np.asarray(unsurveyed, bool).ravel()
    if on.size != recipes.output.size or open_.size != recipes.inputs:
        raise ShareError(f"masks of {on.size} recipes and {open_.size} inputs do not fit")
    nobody = np.zeros(recipes.inputs, bool)
    return Feasibility(_solve(recipes, on, nobody, start_up), _solve(recipes, on, open_, start_up))


def _solve(recipes: Recipes, on: Mask, given: Mask, start_up: bool) -> Mask:
    feasible = given.copy() if start_up else np.ones(recipes.inputs, bool)
    needs = np.bincount(recipes.taking, minlength=recipes.output.size)
    # Monotone, so it ends after as many rounds as there are inputs at most.
    while True:
        met = np.bincount(recipes.taking[feasible[recipes.taken]], minlength=recipes.output.size)
        made = np.zeros(recipes.inputs, bool)
        made[recipes.output[on & (met == needs)]] = True
        after = made | given
        if np.array_equal(after, feasible):
            return feasible
        feasible = after


def breakpoints(
    required: ArrayLike, recipes: Recipes, active: ArrayLike | None = None, unsurveyed: ArrayLike | None = None
) -> tuple[Mask, Mask]:
    """Required inputs without a feasible producer.

    required and not feasible.

    Args:
        required: inputs that the chain needs, bool, shape (inputs,).
        recipes: as for `feasibility`.
        active: as for `feasibility`.
        unsurveyed: as for `feasibility`.

    Returns:
        (breakpoints for certain, required inputs of which it is not known), two masks of shape (inputs,).

    Raises:
        ShareError: as for `feasibility`.

    Source:
        Gao (2022), section 3 (breakpoints); toy 1 in the tests.
    """
    need = np.asarray(required, bool).ravel()
    found = feasibility(recipes, active, unsurveyed)
    return need & ~found.possible, need & found.possible & ~found.certain


def coverage(required: ArrayLike, met: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Part of a chain's required inputs that a region has.

    sum of w_i met_i / sum of w_i over required i; met may be graded, min(1, capacity / demand).

    Args:
        required: bool, shape (inputs,).
        met: 0-1 each, shape (inputs,); NaN: unknown.
        weights: w, 0 or more, shape (inputs,); None: all equal.

    Returns:
        0-1; NaN where nothing is required, or a required input with a weight is unknown.

    Raises:
        ShareError: `met` is outside 0-1, or a weight is negative.

    Source:
        This project's definition (coverage of chain c in region r).
    """
    need = np.asarray(required, bool).ravel()
    w = np.ones(need.size) if weights is None else np.asarray(weights, np.float64).ravel()
    degree = np.asarray(met, np.float64).ravel()
    if (degree < 0).any() or (degree > 1).any() or (w < 0).any():
        raise ShareError("a degree of coverage lies outside 0-1, or a weight is negative")
    counted = need & (w != 0)
    total = float(w[counted].sum())
    return float((w[counted] * degree[counted]).sum() / total) if total > 0 else float("nan")


def nearest_ring(recipes: Recipes, ring: ArrayLike, rings: int = 5) -> Ints:
    """The nearest ring in which each input becomes feasible: where one must look.

    The least k for which the input is feasible with all recipes of rings 0..k.

    Args:
        recipes: as for `feasibility`.
        ring: ring of each recipe's maker (0 city, 1 province, 2 economic zone, 3 country, 4 world), shape (recipes,);
            -1: place unknown, counted in the widest ring only.
        rings: number of rings.

    Returns:
        Ring of each input, shape (inputs,); -1 where it is feasible in none.

    Raises:
        ShareError: a ring is not among the rings.

    Source:
        Gao (2022), section 3 (search for partners from the city outwards); toy 1 in the tests.
    """
    places = _ints(ring)
    if places.size != recipes.output.size or (places.size and (places.max() >= rings or places.min() < -1)):
        raise ShareError(f"rings must be 0 to {rings - 1}, or -1 where the place is unknown, one a recipe")
    places = np.where(places < 0, rings - 1, places)
    found = np.full(recipes.inputs, -1, np.int64)
    for k in range(rings):
        now = feasibility(recipes, places <= k).certain
        found[(found < 0) & now] = k
    return found


def chokepoints(required: ArrayLike, recipes: Recipes, maker: ArrayLike, active: ArrayLike | None = None) -> Ints:
    """The one maker on which each required input hangs.

    An essential input is a chokepoint if its active recipes belong to a single maker: a cut vertex need not be one,
    and a chokepoint need lie on no shared path.

    Args:
        required: inputs that are essential to the chain, bool, shape (inputs,).
        recipes: as for `feasibility`.
        maker: maker of each recipe, integers, shape (recipes,).
        active: as for `feasibility`.

    Returns:
        The single maker of each required input, shape (inputs,); -1 where there are none or several, or it is not
        required.

    Raises:
        Nothing.

    Source:
        Toy 2 in the tests; single-supplier parts: Kraljic (1983), Purchasing Must Become Supply Management, Harvard
        Business Review 61(5).
    """
    need = np.asarray(required, bool).ravel()
    on = np.ones(recipes.output.size, bool) if active is None else np.asarray(active, bool).ravel()
    makers = _ints(maker)
    low = np.full(recipes.inputs, np.iinfo(np.int64).max)
    high = np.full(recipes.inputs, -1, np.int64)
    np.minimum.at(low, recipes.output[on], makers[on])
    np.maximum.at(high, recipes.output[on], makers[on])
    return np.where(need & (low == high), high, -1)
