"""The methods of analysis that a build runs: folders of `method.toml` and pairs of `<name>.sql` and `<name>.rq`.

In a SELECT a table is a term of the ontology by its local name: a property has columns s, o and graphs, a class
(schema `type`) has s and graphs; `skos.inScheme` is a property of SKOS; `coverage.meets` is a property in what the
method `coverage` gave, which then runs before.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import sqlglot
from rdflib import URIRef
from sqlglot import exp

from kg.errors import LoaderError
from kg.ontology import Ontology
from kg.terms import GRAPH, ICSC, SKOS

__all__ = ["SPACES", "Method", "Step", "check", "find_methods", "in_order"]

#: Rows of a SELECT, as columns, and the method's parameters -> rows of a template.
Step = Callable[[pa.Table, Mapping[str, Any]], pa.Table]

#: Schema of a table -> namespace of its terms.
SPACES: Final = {"": ICSC, "main": ICSC, "skos": SKOS}


@dataclass(frozen=True)
class Method:
    """One method of analysis.

    Attributes:
        name: its folder.
        title, title_zh, description: what it does.
        version: raised when its results change their meaning.
        citation: where the method comes from.
        parameters: name -> value.
        steps: name of a template -> name of the function of `kg.analysis.steps`.
        selects: name of a template -> name of its SELECT, where that is another.
        reads: (schema, local name) of every term that its SELECTs read.
    """

    name: str
    folder: Path
    title: str
    title_zh: str
    description: str
    version: str
    citation: str
    parameters: Mapping[str, Any]
    steps: Mapping[str, str]
    selects: Mapping[str, str]
    reads: frozenset[tuple[str, str]]

    @property
    def graph(self) -> str:
        """IRI of the derived graph."""
        return f"{GRAPH}derived/{self.name}"

    @property
    def pairs(self) -> list[str]:
        """Names of its templates, each with a SELECT of its own or one that it shares."""
        return sorted(path.stem for path in self.folder.glob("*.rq"))


def find_methods(folder: Path) -> list[Method]:
    """All methods of a folder, by name.

    Raises:
        LoaderError: a manifest or SELECT is malformed.
    """
    return [_read_method(path.parent) for path in sorted(folder.glob("*/method.toml"))]


def _read_method(folder: Path) -> Method:
    path = folder / "method.toml"
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        reads: set[tuple[str, str]] = set()
        for sql in sorted(folder.glob("*.sql")):
            reads |= _tables(sql.read_text(encoding="utf-8"))
        return Method(
            name=folder.name,
            folder=folder,
            title=str(body["title"]),
            title_zh=str(body["title_zh"]),
            description=" ".join(str(body["description"]).split()),
            version=str(body["version"]),
            citation=str(body["citation"]),
            parameters=dict(body.get("parameters", {})),
            steps=dict(body.get("steps", {})),
            selects=dict(body.get("selects", {})),
            reads=frozenset(reads),
        )
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, sqlglot.errors.SqlglotError) as error:
        raise LoaderError(f"the method cannot be read: {error}", where=str(folder)) from error
    except KeyError as error:
        raise LoaderError(f"{error.args[0]!r} is missing", where=str(path)) from error


@functools.lru_cache(maxsize=256)
def _tables(select: str) -> frozenset[tuple[str, str]]:
    """Schema and name of the tables that a SELECT reads and does not make itself."""
    tree = sqlglot.parse_one(select, dialect="duckdb")
    own = {cte.alias_or_name for cte in tree.find_all(exp.CTE)}
    tables = [t for t in tree.find_all(exp.Table) if isinstance(t.this, exp.Identifier)]
    return frozenset((t.db, t.name) for t in tables if t.db or t.name not in own)


def in_order(methods: Sequence[Method]) -> list[Method]:
    """Each after those whose results it reads."""
    left, done = list(methods), dict[str, Method]()
    names = {method.name for method in methods}
    while left:
        ready = [m for m in left if {schema for schema, _ in m.reads} & names <= done.keys()]
        if not ready:
            raise LoaderError(
                "reads results of a method that reads its own", where=str(left[0].folder), hint="Break the circle."
            )
        done.update({m.name: m for m in ready})
        left = [m for m in left if m.name not in done]
    return list(done.values())


def check(method: Method, steps: Mapping[str, Step], ontology: Ontology, results: set[str]) -> None:
    for schema, term in sorted(method.reads):
        space = ICSC if schema == "type" or schema in results else SPACES.get(schema)
        if space is None or (space == ICSC and (URIRef(ICSC + term), None, None) not in ontology.graph):
            raise LoaderError(
                f"reads {'.'.join(filter(None, (schema, term)))}, which is no term of the ontology",
                where=str(method.folder),
                hint="A property is read by its local name, a class as type.<name>, a result as <method>.<property>.",
            )
    for pair, step in method.steps.items():
        if step not in steps or pair not in method.pairs:
            raise LoaderError(f"there is no step {step!r} for {pair}.rq", where=str(method.folder / "method.toml"))
    for pair in method.pairs:
        if not (method.folder / f"{method.selects.get(pair, pair)}.sql").is_file():
            raise LoaderError("has no SELECT", where=str(method.folder / f"{pair}.rq"))
