"""How concentrated the holders of inputs are, with what is not known left open."""

from __future__ import annotations

import pytest

from kg.graph import Graph
from tests.golden.test_analysis_questions import ID, answers, table


def test_no_shares_no_concentration(embedded: Graph) -> None:
    assert table(embedded, "SELECT ?x WHERE { ?x a icsc:InputConcentration }").empty
    frame = embedded.ask("concentration")
    assert frame.empty and {"hhi", "hhi_low", "hhi_high", "unknown_holders"} <= set(frame.columns)


def test_concentration_as_the_method_wrote_it() -> None:
    """One input with all shares, one with a share that is not known, one without any; the first two of one chain."""
    graph = f"<{ID.replace('/id/', '/graph/')}derived/concentration> .\n"
    ns, decimal = ID.replace("/id/", "/ns#"), "^^<http://www.w3.org/2001/XMLSchema#decimal>"
    facts = [("link/1", "linkOf", "chain/x"), ("link/2", "linkOf", "chain/y"), ("link/2", "requiresInput", "item/none")]
    facts += [("link/1", "requiresInput", "item/all"), ("link/1", "requiresInput", "item/some")]
    numbers = [
        ("all", {"concentrationLow": 0.68, "concentrationHigh": 0.68, "topShare": 0.8, "herfindahl": 0.68}, 2, 0),
        ("some", {"concentrationLow": 0.25, "concentrationHigh": 0.5, "topShare": 0.5}, 2, 1),
        ("none", {"concentrationLow": 0.0, "concentrationHigh": 1.0}, 1, 1),
    ]
    lines = [f"<{ID}{s}> <{ns}{p}> <{ID}{o}> <{ID.replace('/id/', '/graph/')}source/toy> .\n" for s, p, o in facts]
    for name, values, holders, blank in numbers:
        node = f"<{ID}result/concentration/item/{name}>"
        lines.append(f"{node} <{ns}analysedSubject> <{ID}item/{name}> {graph}")
        lines += [f'{node} <{ns}{key}> "{value}"{decimal} {graph}' for key, value in values.items()]
        lines.append(f'{node} <{ns}holderCount> "{holders}"^^<http://www.w3.org/2001/XMLSchema#integer> {graph}')
        lines.append(f'{node} <{ns}unknownHolderCount> "{blank}"^^<http://www.w3.org/2001/XMLSchema#integer> {graph}')
        if "topShare" in values:
            lines.append(f"{node} <{ns}topHolder> <{ID}region/NL> {graph}")
    dump = "".join(lines).encode()
    columns = ("input", "top_holder", "top_share", "hhi", "hhi_low", "hhi_high", "unknown_holders")
    first = ("item/all", "region/NL", 0.8, 0.68, 0.68, 0.68, 0)
    second = ("item/some", "region/NL", 0.5, None, 0.25, 0.5, 1)
    assert answers(dump, "concentration", *columns) == [first, second, ("item/none", None, None, None, 0, 1, 1)]
    assert answers(dump, "concentration", *columns, chain="chain/x") == [first, second]
    assert answers(dump, "concentration", *columns, input="item/some") == [second]


@pytest.mark.shared
def test_concentration_is_bounded(full: Graph) -> None:
    found = full.ask("concentration", chain="integrated-circuit")
    assert len(found) > 20 and found.hhi_low.is_monotonic_decreasing
    known = found[found.top_share.notna()]
    assert (found.hhi_low <= found.hhi_high + 1e-9).all() and (known.hhi_low >= known.top_share**2 - 1e-6).all()
    assert found[found.unknown_holders > 0].hhi.isna().all() and found.hhi.notna().any()
    euv = full.ask("concentration", input="EUV lithography tools")
    assert (euv.hhi[0], euv.top_holder_iri[0]) == (1, ID + "region/NL")
    assert len(full.ask("concentration", chain="integrated-circuit", minimum=0.9)) == (found.hhi_low >= 0.9).sum()
