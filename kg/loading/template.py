"""A mapping's CONSTRUCT template: read with rdflib, compiled to DuckDB expressions.

A template's variables are the columns of the SELECT of the same name, as in Tarql. Each of its
triple patterns becomes one SQL expression that gives a finished N-Quads line, or NULL where one of
its columns is NULL; no row ever passes through Python.
"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rdflib import Literal, URIRef, Variable
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.term import Node

from kg.errors import LoaderError
from kg.terms import ID, XSD

__all__ = [
    "Pattern",
    "Template",
    "column_text",
    "list_column",
    "list_line_sql",
    "name",
    "quote",
    "read_template",
    "term_sql",
]

_HEADER_KEYS = {"required", "iri", "lang", "datatype", "pattern", "summary", "description"}
#: rdflib's parser keeps state between its steps: one thread at a time.
_PARSER = threading.Lock()
_PLACEHOLDER = re.compile(r"\{(\+?)([A-Za-z_][A-Za-z_0-9]*)\}")
#: Characters that RFC 3987 does not allow in an IRI reference.
_NOT_IN_IRI = r"[\x00-\x20<>\"{}|^`\\]"


@dataclass(frozen=True)
class Pattern:
    """One triple pattern of a template."""

    subject: Node
    predicate: Node
    object: Node


@dataclass(frozen=True)
class Template:
    """A compiled-from-text template.

    Attributes:
        path: the `.rq` file.
        patterns: triple patterns in the order of the text.
        required: columns that reject their row when NULL or malformed.
        iris: variable -> IRI template (absolute).
        languages: variable -> language tag.
        datatypes: variable -> datatype IRI.
        regexes: column -> regular expression that its text must match as a whole.
    """

    path: Path
    patterns: tuple[Pattern, ...]
    required: tuple[str, ...]
    iris: Mapping[str, str]
    languages: Mapping[str, str]
    datatypes: Mapping[str, str]
    regexes: Mapping[str, str]

    def columns(self) -> set[str]:
        """Every column that the template reads."""
        names = set(self.required) | set(self.regexes)
        for pattern in self.patterns:
            for node in (pattern.subject, pattern.predicate, pattern.object):
                if isinstance(node, Variable):
                    names |= placeholders(self.iris[str(node)]) if str(node) in self.iris else {str(node)}
        return names


def placeholders(template: str) -> set[str]:
    """Columns named in an IRI template."""
    return {name for _, name in _PLACEHOLDER.findall(template)}


def read_template(path: Path) -> Template:
    """Reads a `.rq` file of a loader; once, as long as it stays as it is.

    Raises:
        LoaderError: the header is not valid YAML, the CONSTRUCT does not parse, or the template
            has blank nodes (which would differ from build to build) or a WHERE clause.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LoaderError(f"cannot be read as UTF-8: {error}", where=str(path)) from error
    return _read(path, text)


@functools.lru_cache(maxsize=256)
def _read(path: Path, text: str) -> Template:
    """A part of a release needs the templates of the methods again: a text is parsed once."""
    header = _header(text, path)
    try:
        with _PARSER:
            query = translateQuery(parseQuery(text + "\nWHERE {}"))
    except Exception as error:  # pyparsing and rdflib raise many kinds
        raise LoaderError(
            f"the CONSTRUCT template does not parse: {error}",
            where=str(path),
            hint="Write CONSTRUCT { … } with every prefix declared and no WHERE.",
        ) from error
    patterns = []
    for subject, predicate, obj in getattr(query.algebra, "template", None) or ():
        pattern = Pattern(subject, predicate, obj)
        for node in (subject, predicate, obj):
            if not isinstance(node, URIRef | Variable | Literal):
                raise LoaderError(
                    "blank nodes are not allowed",
                    where=str(path),
                    hint="Give the node an IRI template: its name stays the same in every build.",
                )
        if isinstance(subject, Literal):
            raise LoaderError(f"a literal cannot be a subject: {subject}", where=str(path))
        patterns.append(pattern)
    if not patterns:
        raise LoaderError("the template makes no triple", where=str(path))
    iris = {
        name: template if re.match(r"[a-z][a-z0-9+.-]*:", template) else ID + template
        for name, template in header.get("iri", {}).items()
    }
    for pattern in patterns:
        for node in (pattern.subject, pattern.predicate):
            if isinstance(node, Variable) and str(node) not in iris:
                raise LoaderError(
                    f"?{node} is used as a subject or predicate but has no IRI template",
                    where=str(path),
                    hint=f'Add `#+ iri: {{{node}: "kind/{{column}}"}}`.',
                )
    return Template(
        path=path,
        patterns=tuple(patterns),
        required=tuple(header.get("required", ())),
        iris=iris,
        languages=dict(header.get("lang", {})),
        datatypes={
            name: XSD + value.removeprefix("xsd:") if value.startswith("xsd:") else value
            for name, value in header.get("datatype", {}).items()
        },
        regexes=dict(header.get("pattern", {})),
    )


def _header(text: str, path: Path) -> dict[str, Any]:
    lines = [line[2:].removeprefix(" ") for line in text.splitlines() if line.startswith("#+")]
    try:
        header = yaml.safe_load("\n".join(lines)) or {}
    except yaml.YAMLError as error:
        raise LoaderError(f"the #+ header is not valid YAML: {error}", where=str(path)) from error
    if not isinstance(header, dict):
        raise LoaderError("the #+ header must be keys and values", where=str(path))
    unknown = set(header) - _HEADER_KEYS
    if unknown:
        raise LoaderError(
            f"the header has unknown keys: {', '.join(sorted(map(str, unknown)))}",
            where=str(path),
            hint="Known: " + ", ".join(sorted(_HEADER_KEYS)),
        )
    for key in ("iri", "lang", "datatype", "pattern"):
        value = header.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
            raise LoaderError(f'"{key}" in the header must map names to texts', where=str(path))
    required = header.get("required", [])
    if not isinstance(required, list) or not all(isinstance(item, str) for item in required):
        raise LoaderError('"required" in the header must be a list of columns', where=str(path))
    return header


def quote(text: str) -> str:
    """A text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def name(column: str) -> str:
    """A column name as an SQL identifier."""
    return '"' + column.replace('"', '""') + '"'


def column_text(column: str, kind: str) -> str:
    """SQL that gives a column's value as text, NULL where it has no finite value."""
    ref = name(column)
    return _lexical(ref, kind)[0]


def _lexical(ref: str, kind: str) -> tuple[str, str]:
    """SQL of the lexical form of a value, and its datatype, by the SQL type of its column."""
    base = kind.split("(")[0]
    if base in {"DOUBLE", "FLOAT", "REAL"}:
        # The shortest text that reads back as the same number; 8.8e-05 is no xsd:decimal.
        plain = f"CAST({ref} AS VARCHAR)"
        fixed = f"rtrim(rtrim(CAST(CAST({ref} AS DECIMAL(38, 18)) AS VARCHAR), '0'), '.')"
        return (
            f"CASE WHEN NOT isfinite({ref}) THEN NULL WHEN contains({plain}, 'e') THEN {fixed} ELSE {plain} END",
            XSD + "decimal",
        )
    if base == "DECIMAL":
        return f"CAST({ref} AS VARCHAR)", XSD + "decimal"
    if base.endswith(("INT", "INTEGER")) or base in {"BIGINT", "HUGEINT", "UBIGINT"}:
        return f"CAST({ref} AS VARCHAR)", XSD + "integer"
    if base == "BOOLEAN":
        return f"CAST({ref} AS VARCHAR)", XSD + "boolean"
    if base == "DATE":
        return f"strftime({ref}, '%Y-%m-%d')", XSD + "date"
    if base.startswith("TIMESTAMP"):
        return f"strftime({ref}, '%Y-%m-%dT%H:%M:%SZ')", XSD + "dateTime"
    return f"CAST({ref} AS VARCHAR)", XSD + "string"


_VALID = {
    XSD + "decimal": "regexp_full_match({0}, '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)')",
    XSD + "integer": "regexp_full_match({0}, '[+-]?[0-9]+')",
    XSD + "boolean": "{0} IN ('true', 'false', '0', '1')",
    XSD + "date": "TRY_CAST({0} AS DATE) IS NOT NULL AND length({0}) = 10",
    XSD + "dateTime": "TRY_CAST({0} AS TIMESTAMP) IS NOT NULL AND contains({0}, 'T')",
}


def _literal(ref: str, kind: str, language: str | None, datatype: str | None) -> str:
    text, own = _lexical(ref, kind)
    if language:
        return f"json_quote({text}) || {quote('@' + language)}"
    wanted = datatype or own
    if wanted == XSD + "string":
        return f"CAST(json_quote({text}) AS VARCHAR)"
    if wanted == XSD + "dateTime" and own == XSD + "date":
        text = f"({text}) || 'T00:00:00Z'"
    elif wanted == XSD + "date" and own == XSD + "dateTime":
        text = f"strftime({ref}, '%Y-%m-%d')"
    elif own == XSD + "string" and wanted in _VALID:
        text = f"CASE WHEN {_VALID[wanted].format(ref)} THEN {ref} END"
    end = quote(f'"^^<{wanted}>')
    return f"'\"' || ({text}) || {end}"


def _iri(template: str, kinds: Mapping[str, str]) -> str:
    parts: list[str] = []
    position = 0
    for match in _PLACEHOLDER.finditer(template):
        parts.append(quote(template[position : match.start()]))
        column = match.group(2)
        text = f"nullif({column_text(column, kinds[column])}, '')"
        if match.group(1):
            parts.append(f"CASE WHEN regexp_matches({text}, '{_NOT_IN_IRI}') THEN NULL ELSE {text} END")
        else:
            parts.append(f"url_encode({text})")
        position = match.end()
    parts.append(quote(template[position:]))
    return " || ".join(part if part.startswith(("'", "url")) else f"({part})" for part in parts if part != "''")


def term_sql(
    node: Node,
    template: Template,
    kinds: Mapping[str, str],
    datatype: str | None = None,
    bare: bool = False,
) -> str:
    """SQL of one term, in N-Quads form.

    Args:
        kinds: SQL type of each column.
        datatype: range of the property that the term is the object of, if it has one.
        bare: an IRI without its angle brackets; NULL for a literal.
    """
    if isinstance(node, URIRef):
        return quote(str(node) if bare else f"<{node}>")
    if isinstance(node, Literal):
        return "NULL" if bare else quote(node.n3())
    variable = str(node)
    if variable in template.iris:
        iri = _iri(template.iris[variable], kinds)
        return iri if bare else f"'<' || {iri} || '>'"
    if bare:
        return "NULL"
    return _literal(
        name(variable),
        kinds[variable],
        template.languages.get(variable),
        template.datatypes.get(variable, datatype),
    )


def list_column(term: Node, template: Template, kinds: Mapping[str, str]) -> str | None:
    """The column of lists that a term is made of, if any."""
    if not isinstance(term, Variable):
        return None
    variable = str(term)
    columns = sorted(placeholders(template.iris[variable])) if variable in template.iris else [variable]
    return next((column for column in columns if kinds.get(column, "").endswith("[]")), None)


def list_line_sql(
    pattern: Pattern,
    template: Template,
    kinds: Mapping[str, str],
    ranges: Mapping[str, str],
    graph: str,
) -> str:
    """SQL of the N-Quads text of a triple pattern whose object is a list: a line for each distinct value.

    Args:
        ranges: property IRI -> datatype IRI of its range, from the ontology.
    """
    column = list_column(pattern.object, template, kinds)
    assert column is not None
    variable = str(pattern.object)
    subject = term_sql(pattern.subject, template, kinds)
    predicate = term_sql(pattern.predicate, template, kinds)
    element_kinds = {**kinds, "_element": kinds[column][:-2]}
    if variable in template.iris:
        iri = template.iris[variable].replace("{" + column + "}", "{_element}")
        iri = iri.replace("{+" + column + "}", "{+_element}")
        obj = f"'<' || {_iri(iri, element_kinds)} || '>'"
    else:
        obj = _literal(
            '"_element"',
            element_kinds["_element"],
            template.languages.get(variable),
            template.datatypes.get(variable, ranges.get(str(pattern.predicate))),
        )
    end = quote(f" <{graph}> .\n")
    line = f"({subject}) || ' ' || ({predicate}) || ' ' || ({obj}) || {end}"
    each = f"list_transform(list_sort(list_distinct({name(column)})), lambda _element: {line})"
    return f"coalesce(array_to_string({each}, ''), '')"
