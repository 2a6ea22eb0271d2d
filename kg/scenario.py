"""Writes a what-if as a file: one table, JSON, or statements in a graph of their own."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

import pandas as pd
import pyoxigraph as ox

from kg.terms import GRAPH, ICSC, ID, RDF, RDFS, SKOS, XSD
from kg.whatif import PARTS, WhatIf

if TYPE_CHECKING:
    from kg.releases import Release

__all__ = ["render_scenario", "scenario_graph", "scenario_quads"]

_PROV: Final = "http://www.w3.org/ns/prov#"
_DCT: Final = "http://purl.org/dc/terms/"
_METHOD: Final = "https://doi.org/10.1038/s41598-022-11522-z"
#: What is observed of who is hit: column -> label in English and in Chinese.
_INDICATORS: Final = {
    "loss_low": ("part of production lost, low case, 0-1", "产出损失比例（低情形），0-1"),
    "loss_high": ("part of production lost, high case, 0-1", "产出损失比例（高情形），0-1"),
    "tier": ("tier at which the shock arrives", "冲击到达的层级"),
}
_STATUS: Final = {
    "met": "statusMet",
    "single-source": "statusSingleSource",
    "absent": "statusAbsent",
    "unknown": "statusUnknown",
}


def _key(found: WhatIf, release: Release | None) -> str:
    asked = [release.id if release else "", *found.without, found.chain or "", found.region or ""]
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]


def scenario_graph(found: WhatIf, release: Release | None = None) -> str:
    """IRI of the graph of a scenario: equal questions to equal releases share it."""
    return f"{GRAPH}scenario/{_key(found, release)}"


def scenario_quads(found: WhatIf, release: Release | None = None) -> list[ox.Quad]:
    """A what-if as statements.

    A shock that affects what is removed; a gap for each input that loses its last provider, with who could step in;
    observations of who is hit and how hard. The status of a gap is that in the region of interest.

    Args:
        found: the what-if.
        release: what it was asked of.

    Returns:
        Statements, all in `scenario_graph`.
    """
    key = _key(found, release)
    graph = ox.NamedNode(scenario_graph(found, release))
    base = f"{ID}scenario/{key}"
    out: list[ox.Quad] = []

    def say(s: str, p: str, o: str | ox.Literal) -> None:
        value = o if isinstance(o, ox.Literal) else ox.NamedNode(o)
        out.append(ox.Quad(ox.NamedNode(s), ox.NamedNode(p), value, graph))

    shock = f"{base}/shock"
    say(base, RDF + "type", _PROV + "Activity")
    say(base, RDFS + "label", ox.Literal("what-if scenario", language="en"))
    say(base, RDFS + "label", ox.Literal("假设情景", language="zh-Hans"))
    say(base, _DCT + "source", _METHOD)
    if release is not None:
        say(base, _DCT + "isVersionOf", ox.Literal(release.id))
    say(shock, RDF + "type", ICSC + "Shock")
    say(shock, RDFS + "label", ox.Literal("loss of providers that is supposed", language="en"))
    say(shock, RDFS + "label", ox.Literal("假设的供给者缺失", language="zh-Hans"))
    say(shock, _PROV + "wasGeneratedBy", base)
    for iri in found.without:
        say(base, _PROV + "used", iri)
        say(shock, ICSC + "affects", iri)
    for column, labels in _INDICATORS.items():
        node = f"{base}/indicator-{column.replace('_', '-')}"
        say(node, RDF + "type", ICSC + "Indicator")
        say(node, SKOS + "notation", ox.Literal(column.replace("_", "-")))
        for label, tag in zip(labels, ("en", "zh-Hans"), strict=True):
            say(node, RDFS + "label", ox.Literal(label, language=tag))
    gaps: dict[str, str] = {}
    for row in _rows(found.inputs):
        if not row["opens"]:
            continue
        item = str(row["input_iri"])
        gaps[item] = node = f"{ID}gap/scenario-{key}-{len(gaps) + 1}"
        say(node, RDF + "type", ICSC + "Gap")
        say(node, RDF + "type", ICSC + "MissingInputGap")
        say(node, ICSC + "lacks", item)
        say(node, ICSC + "status", ICSC + _STATUS[str(row["status"])])
        say(node, ICSC + "causedBy", shock)
        if found.chain:
            say(node, ICSC + "inChain", found.chain)
        if found.region:
            say(node, ICSC + "inRegion", found.region)
    for row in _rows(found.replacements):
        if row["kind"] == "organization" and str(row["input_iri"]) in gaps:
            say(str(row["candidate_iri"]), ICSC + "candidatePartnerFor", gaps[str(row["input_iri"])])
    for number, row in enumerate(_rows(found.hit), start=1):
        for column in _INDICATORS:
            node = f"{base}/{column.replace('_', '-')}-{number}"
            say(node, RDF + "type", ICSC + "Observation")
            say(node, ICSC + "observedSubject", str(row["provider_iri"]))
            say(node, ICSC + "indicator", f"{base}/indicator-{column.replace('_', '-')}")
            say(node, ICSC + "observedValue", _decimal(row[column]))
            say(node, ICSC + "causedBy", shock)
            if release is not None:
                say(node, ICSC + "observedPeriod", ox.Literal(str(release.manifest["built"])[:7]))
    return out


def render_scenario(found: WhatIf, format: str, release: Release | None = None) -> bytes:
    """A what-if in one format.

    Args:
        found: the what-if.
        format: `csv` (all tables below each other, column `part` first), `json`, `ttl` or `nq` (with its graph).
        release: what it was asked of.
    """
    if format == "csv":
        parts = [getattr(found, part).assign(part=part) for part in PARTS]
        columns = ["part", *dict.fromkeys(name for part in parts for name in part.columns if name != "part")]
        table = pd.concat([part.astype("object") for part in parts]).reindex(columns=columns)
        return str(table.to_csv(index=False, lineterminator="\n")).encode()
    if format == "json":
        body = {"without": list(found.without), "chain": found.chain, "region": found.region}
        tables = {part: _rows(getattr(found, part)) for part in PARTS}
        return (json.dumps({**body, **tables}, ensure_ascii=False, indent=2) + "\n").encode()
    quads = scenario_quads(found, release)
    if format == "nq":
        return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    prefixes = {"icsc": ICSC, "rdfs": RDFS, "prov": _PROV, "skos": SKOS, "dct": _DCT, "xsd": XSD}
    return ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""


def _rows(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [
        {str(name): None if pd.isna(value) else value for name, value in row.items()}
        for row in frame.astype("object").to_dict(orient="records")
    ]


def _decimal(value: object) -> ox.Literal:
    return ox.Literal(f"{float(str(value)):.6f}", datatype=ox.NamedNode(XSD + "decimal"))
