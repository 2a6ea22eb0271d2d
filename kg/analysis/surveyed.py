"""Where somebody has looked for providers of an input: what tells absent from unknown."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from kg.analysis.network import Network, Pairs
from kg.terms import ICSC

__all__ = ["surveyed_inputs"]

Mask: TypeAlias = NDArray[np.bool_]


def surveyed_inputs(network: Network, region: int | None, without: Mask, made: Mask) -> tuple[Mask, dict[int, str]]:
    """Inputs whose providers a complete survey has looked for.

    A survey of an input, of a link that requires it, or of a chain whose links require it; that of a chain speaks of
    the inputs that its own source knows. It does not settle what somebody may provide there. It counts in a region if
    it names this region: who asked which countries provide something has not looked into a province. It counts
    anywhere, if it names a region that is not removed.

    Args:
        network: a release's network.
        region: code; None: anywhere.
        without: what is removed, over terms.
        made: what those who are left in the region make themselves, over terms.

    Returns:
        (mask over terms, input -> scopes of the surveys, such as "scopeListedFirms").

    Raises:
        Nothing.

    Source:
        The ontology's term `Survey`; closed world within a survey's scope.
    """
    done = network.links["completeness"].s[network.links["completeness"].o == network.code(ICSC + "complete")]
    where = network.links["surveyedRegion"]
    covering = ~without if region is None else network.mask([region])
    surveys = network.mask(done) & network.mask(where.s[covering[where.o]])
    subject = network.links["surveys"].where_subject(surveys)
    needs, of = network.links["requiresInput"], network.links["linkOf"]
    # Each as (survey, input): stated, by link, by chain.
    by_link, need = subject.joined(needs)
    order = np.lexsort((of.s, of.o))
    of_chain = Pairs(of.o[order], of.s[order])
    by_chain, link = subject.joined(of_chain)
    chain = Pairs(subject.s[by_chain], of_chain.o[link])
    through, needed = chain.joined(needs)
    survey, item = chain.s[through], needs.o[needed]
    known = _known_to(network, survey, item)
    pairs = np.unique(
        np.stack(
            [
                np.concatenate([subject.s, subject.s[by_link], survey[known]]),
                np.concatenate([subject.o, needs.o[need], item[known]]),
            ],
            axis=1,
        ),
        axis=0,
    )
    scope = network.links["surveyScope"]
    scopes: dict[int, set[str]] = {}
    name = {int(s): str(network.terms[o]).removeprefix(ICSC) for s, o in zip(scope.s, scope.o, strict=True)}
    for one, what in pairs.tolist():
        scopes.setdefault(what, set()).add(name.get(one, "scope unknown"))
    may, broader = network.links["mayProvide"], network.links["providesBroaderThan"]
    # Who provides something broader may be gone, too. What a part of a release leaves out is not known here.
    kind = network.links["kindOf"].where_object(made)
    settled = network.mask(broader.o[covering[broader.s]]) & ~network.mask(kind.s)
    doubtful = network.mask(may.o[covering[may.s]]) & ~settled
    return network.mask(pairs[:, 1]) & ~doubtful, {what: ", ".join(sorted(found)) for what, found in scopes.items()}


def _known_to(network: Network, survey: NDArray[np.int64], item: NDArray[np.int64]) -> Mask:
    """Whether the graph that states a survey also states that the item is a product."""
    s, o, g = network.stated_in
    size = network.terms.size
    products = s[o < 0] * size + g[o < 0]
    graph = np.full(size, -1, np.int64)
    graph[s[o >= 0]] = g[o >= 0]
    wanted = item * size + graph[survey]
    return np.asarray(np.isin(wanted, products))
