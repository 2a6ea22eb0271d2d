"""A made-up source of about ten million statements, inferred ones included.

20 chains of 50 links with 10 inputs each, inputs that go into those of the next link, firms in the real provinces and
cities of the `regions` source, two provisions and one supply relation a firm, a supply chain for a thousand of them,
capabilities of each tenth firm,
shares of countries and complete surveys for a tenth of the inputs, import dependences, gaps and interrupted flows that
are stated, one indicator over five years. A fiftieth of the inputs is provided by nobody.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

__all__ = ["CHAINS", "generate"]

CHAINS, LINKS, INPUTS = 20, 50, 10
_ALL_LINKS, _ALL = CHAINS * LINKS, CHAINS * LINKS * INPUTS
_PREFIXES = (
    "PREFIX dct: <http://purl.org/dc/terms/>\nPREFIX icsc: <https://w3id.org/icsc/ns#>\n"
    "PREFIX ind: <https://w3id.org/icsc/id/indicator/>\nPREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
)
_NUMBERS = {"shares": ["share"], "observations": ["value"]}


def _tables(firms: int) -> dict[str, tuple[str, str, str]]:
    """Name of a table -> its rows, header of its mapping, pattern."""
    return {
        "chains": (
            f"SELECT c AS chain, '链' || c AS name FROM range({CHAINS}) t(c)",
            '#+ iri: {c: "chain/scale/{chain}"}\n#+ lang: {name: zh-Hans}\n',
            "?c a icsc:IndustrialChain ; rdfs:label ?name .",
        ),
        "links": (
            f"SELECT i AS link, i // {LINKS} AS chain, '环节' || i AS name, "
            f"CASE WHEN i % {LINKS} < {LINKS - 1} THEN i + 1 END AS next, "
            "['preProduction', 'inProduction', 'circulation', 'postProduction']"
            f"[i % {LINKS} * 4 // {LINKS} + 1] AS stage "
            f"FROM range({_ALL_LINKS}) t(i)",
            '#+ iri: {c: "chain/scale/{chain}", l: "link/scale/{link}", n: "link/scale/{next}", '
            's: "https://w3id.org/icsc/ns#{stage}"}\n#+ lang: {name: zh-Hans}\n'
            "#+ required: [link, chain, name, stage]\n",
            "?l a icsc:ChainLink ; rdfs:label ?name ; icsc:linkOf ?c ; icsc:stage ?s ; icsc:directlyPrecedes ?n .",
        ),
        "inputs": (
            f"SELECT i AS input, i // {INPUTS} AS link, '物料' || i AS name, "
            f"CASE WHEN i // {INPUTS} % {LINKS} < {LINKS - 1} THEN i + {INPUTS} END AS whole FROM range({_ALL}) t(i)",
            '#+ iri: {l: "link/scale/{link}", i: "item/scale/{input}", w: "item/scale/{whole}"}\n'
            "#+ lang: {name: zh-Hans}\n#+ required: [input, link, name]\n",
            "?i a icsc:Product ; rdfs:label ?name . ?l icsc:requiresInput ?i . ?w icsc:hasInput ?i .",
        ),
        "outputs": (
            f"SELECT i AS link, (i + 1) * {INPUTS} AS output FROM range({_ALL_LINKS}) t(i) "
            f"WHERE i % {LINKS} < {LINKS - 1}",
            '#+ iri: {l: "link/scale/{link}", o: "item/scale/{output}"}\n',
            "?l icsc:hasOutput ?o .",
        ),
        "firms": (
            f"SELECT i AS firm, '第' || i || '号有限公司' AS name, code, hash(i * 17) % {_ALL_LINKS} AS link "
            f"FROM range({firms}) t(i) "
            "JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n, count(*) OVER () AS many FROM places) "
            "ON hash(i) % many = n ORDER BY i",
            '#+ iri: {f: "org/scale/{firm}", p: "region/{code}", l: "link/scale/{link}"}\n#+ lang: {name: zh-Hans}\n',
            "?f a icsc:Enterprise ; rdfs:label ?name ; icsc:locatedIn ?p ; icsc:operatesAt ?l .",
        ),
        "provisions": (
            f"SELECT i AS id, i // 2 AS firm, hash(i * 31) % {_ALL} AS input FROM range({firms * 2}) t(i) "
            f"WHERE (hash(i * 31) % 7 <> 0 OR i % 3 = 0) AND hash(i * 31) % {_ALL} % 50 <> 10",
            '#+ iri: {r: "rel/scale/{id}", f: "org/scale/{firm}", i: "item/scale/{input}"}\n',
            "?r a icsc:Provision ; icsc:hasProvider ?f ; icsc:providesItem ?i .",
        ),
        "capabilities": (
            f"SELECT i * 10 AS firm, hash(i * 13) % {_ALL} AS input FROM range({firms // 10}) t(i)",
            '#+ iri: {f: "org/scale/{firm}", i: "item/scale/{input}"}\n',
            "?f icsc:hasCapability ?i .",
        ),
        "supply": (
            f"SELECT i AS id, i AS supplier, hash(i * 7) % {firms} AS customer, hash(i * 62) % {_ALL} AS input, "
            f"i % {firms // 1000 + 1} AS chain FROM range({firms}) t(i) WHERE hash(i * 7) % {firms} <> i",
            '#+ iri: {r: "rel/scale/s{id}", f: "org/scale/{supplier}", t: "org/scale/{customer}", '
            'i: "item/scale/{input}", c: "chain/scale/supply-{chain}"}\n',
            "?c a icsc:SupplyChain . ?r a icsc:SupplyRelation ; icsc:hasSupplier ?f ; icsc:hasCustomer ?t ; "
            "icsc:suppliesItem ?i ; icsc:inSupplyChain ?c .",
        ),
        "shares": (
            f"SELECT i * 10 AS input, country, share FROM range({_ALL // 10}) t(i), "
            "(VALUES ('US', 0.6), ('JP', 0.3), ('CN', 0.1)) s(country, share)",
            '#+ iri: {r: "rel/scale/{input}-{country}", i: "item/scale/{input}", p: "region/{country}"}\n',
            "?r a icsc:Provision ; icsc:hasProvider ?p ; icsc:inRegion ?p ; icsc:providesItem ?i ; icsc:share ?share .",
        ),
        "surveys": (
            f"SELECT i * 10 AS input, region FROM range({_ALL // 10}) t(i), "
            "(VALUES ('CN'), ('330000'), ('330100')) r(region)",
            '#+ iri: {s: "survey/scale/{input}-{region}", i: "item/scale/{input}", p: "region/{region}"}\n',
            "?s a icsc:Survey ; icsc:surveys ?i ; icsc:surveyedRegion ?p ; icsc:completeness icsc:complete ; "
            "icsc:surveyScope icsc:scopeNamedFirms .",
        ),
        "dependences": (
            f"SELECT i * 20 AS input FROM range({_ALL // 20}) t(i)",
            '#+ iri: {d: "rel/scale/d{input}", i: "item/scale/{input}"}\n',
            "?d a icsc:ImportDependence ; icsc:dependenceOn ?i ; icsc:inRegion <https://w3id.org/icsc/id/region/CN> ; "
            "icsc:dependenceLevel icsc:levelCritical .",
        ),
        "gaps": (
            f"SELECT i * 25 AS input, i * 25 // {INPUTS} AS link, i * 25 // {INPUTS * LINKS} AS chain, code, "
            "'缺口' || i AS name, "
            "CASE WHEN i % 5 = 0 THEN 'FlowInterruption' ELSE 'MissingInputGap' END AS class "
            f"FROM range({_ALL // 25}) t(i) JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS n, "
            "count(*) OVER () AS many FROM places WHERE code LIKE '33%') ON i % many = n",
            '#+ iri: {g: "gap/scale/{input}", i: "item/scale/{input}", l: "link/scale/{link}", '
            'c: "chain/scale/{chain}", p: "region/{code}", k: "https://w3id.org/icsc/ns#{class}", '
            'm: "measure/scale/{input}"}\n'
            "#+ lang: {name: zh-Hans}\n",
            "?g a ?k ; rdfs:label ?name ; dct:description ?name ; icsc:inChain ?c ; icsc:gapAt ?l ; icsc:lacks ?i ; "
            "icsc:inRegion ?p ; icsc:status icsc:statusAbsent . ?m a icsc:SupplementMeasure ; icsc:addresses ?g .",
        ),
        "observations": (
            f"SELECT i * 10 AS input, y AS year, round(i / 7 + y, 2) AS value FROM range({_ALL // 10}) t(i), "
            "range(2018, 2023) s(y)",
            '#+ iri: {o: "obs/scale/{input}-{year}", i: "item/scale/{input}"}\n',
            "?o a icsc:Observation ; icsc:observedSubject ?i ; icsc:indicator ind:output ; icsc:observedPeriod ?year ; "
            "icsc:observedValue ?value .",
        ),
    }


def generate(folder: Path, firms: int) -> None:
    """Writes the loader of the source, with its data, into a new folder."""
    data = folder / "data"
    data.mkdir(parents=True)
    tables = _tables(firms)
    files = "".join(f'[[files]]\nname = "{name}.csv"\nbundled = true\n' for name in tables)
    (folder / "source.toml").write_text(f'title = "Generated"\nlicence = "CC0"\n{files}', encoding="utf-8")
    divisions = Path(__file__).parents[1] / "loaders/regions/data/divisions.csv"
    with duckdb.connect() as con:
        con.execute(f"CREATE TABLE places AS SELECT code FROM read_csv('{divisions}', all_varchar = true)")
        for name, (select, header, pattern) in tables.items():
            con.execute(f"COPY ({select}) TO '{data}/{name}.csv' (HEADER)")
            mapping = f"{header}{_PREFIXES}\nCONSTRUCT {{ {pattern} }}\n"
            (folder / f"{name}.rq").write_text(mapping, encoding="utf-8")
            casts = ", ".join(f"TRY_CAST({column} AS DOUBLE) AS {column}" for column in _NUMBERS.get(name, []))
            (folder / f"{name}.sql").write_text(
                f"SELECT * {f'REPLACE ({casts}) ' if casts else ''}"
                f"FROM read_csv('{name}.csv', header = true, all_varchar = true)\n",
                encoding="utf-8",
            )
