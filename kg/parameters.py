"""Turns what a person types (a label in Chinese or English, a code, an IRI) into an RDF term."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from kg.errors import AmbiguousParameterError, ParameterError
from kg.store.base import Store
from kg.terms import ICSC, ID, RDFS, SKOS, XSD

__all__ = ["CLASSES", "resolve", "resolve_any"]

#: Kind of parameter -> class that its values belong to.
CLASSES = {
    "chain": ICSC + "Chain",
    "region": ICSC + "Region",
    "input": ICSC + "Input",
    "organization": ICSC + "Organization",
    "gap": ICSC + "Gap",
    "link": ICSC + "ChainLink",
}
#: What people leave out or add, tried after the exact text.
_SUFFIXES = {
    "chain": ("产业链", "链", " industrial chain", " chain"),
    "region": ("省", "市", "自治区", "特别行政区", " province", " city", " Province", " City"),
}
_CODES = ("gbt2260", "iso3166", "stockCode", "uscc", "lei", "isin")
_CANDIDATES = 5
#: Digits of a decimal before and behind the point: an engine leaves unbound what it cannot hold, without a word.
_DIGITS = 18
#: An IRI without the part that all things of the project share.
_SHORT = re.compile(r"[a-z]+/[^\s<>\"{}|^`\\]+")


def resolve(store: Store, name: str, kind: str, value: str) -> str:
    """A parameter's value as a term in N-Triples form.

    Args:
        name: the parameter, for messages.
        kind: `chain`, `region`, `input`, `organization`, `gap`, `link`, `iri`, `string`,
            `integer`, `decimal`, `boolean` or `date`.
        value: what was given.

    Raises:
        ParameterError: the value is malformed or names nothing.
        AmbiguousParameterError: it names more than one thing.
    """
    text = str(value).strip()
    if kind in {"integer", "decimal", "number", "boolean", "date", "dateTime", "string"}:
        return _scalar(name, kind, text)
    if kind == "iri" and _SHORT.fullmatch(text) and _exists(store, ID + text):
        return f"<{ID}{text}>"
    if kind == "iri" and not _is_iri(text):
        raise ParameterError(f"{text!r} is not an IRI" if text else "is empty", where=f"--{name}")
    return resolve_any(store, name, (kind,), text)


def resolve_any(store: Store, name: str, kinds: Sequence[str], value: str) -> str:
    """Like `resolve`, for a value that may be of several kinds of things.

    Args:
        name: the parameter, for messages.
        kinds: keys of `CLASSES`.
        value: label, code or IRI; of an IRI the kind is not looked at.

    Raises:
        ParameterError: it names nothing; nearest candidates of each kind are listed.
        AmbiguousParameterError: it names more than one thing.
    """
    text = str(value).strip()
    if not text:
        raise ParameterError("is empty", where=f"--{name}")
    if _is_iri(text):
        return _known(store, name, text)
    if _SHORT.fullmatch(text) and _exists(store, ID + text):
        return f"<{ID}{text}>"
    # The nearer a way of reading lies to what was typed, the earlier it is tried, for all kinds at once.
    found: list[str] = []
    for read in (_exactly, _by_key, _with_suffix, _ignoring_case):
        found = sorted({iri for kind in kinds for iri in read(store, kind, text)})
        if found:
            break
    if len(found) == 1:
        return f"<{found[0]}>"
    if found:
        raise AmbiguousParameterError(
            f"{text!r} names {len(found)} things",
            where=f"--{name}",
            hint="Give the IRI of one: " + "; ".join(f"{_label(store, iri)} <{iri}>" for iri in found[:_CANDIDATES]),
        )
    raise ParameterError(
        f"no {' or '.join(kinds)} is called {text!r}", where=f"--{name}", hint=_hint(store, kinds, text)
    )


def _hint(store: Store, kinds: Sequence[str], text: str) -> str:
    """What may have been meant; of a text that is like nothing, what there is."""
    if near := [candidate for kind in kinds for candidate in _nearest(store, kind, text)]:
        return "Nearest: " + _listed(near)
    there = sorted({iri: label for kind in kinds for label, iri in sorted(_labels(store, kind))}.items())
    if not there:
        return "This release has none."
    return f"There are {len(there):,}, such as: " + _listed([(label, iri) for iri, label in there[:_CANDIDATES]])


def _listed(found: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{label} <{iri}>" for label, iri in found)


def _is_iri(text: str) -> bool:
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)) and not re.search(r'[\x00-\x20<>"{}|^`\\]', text)


def _exactly(store: Store, kind: str, text: str) -> list[str]:
    return _by_text(store, kind, [text])


def _by_key(store: Store, kind: str, text: str) -> list[str]:
    own = f"{ID}{kind}/{text}"
    if not re.fullmatch(r"[\w.-]+", text):
        return []
    return [own] if store.query(f"ASK {{ <{own}> a <{CLASSES[kind]}> }}").truth else []


def _with_suffix(store: Store, kind: str, text: str) -> list[str]:
    suffixes = _SUFFIXES.get(kind, ())
    return _by_text(store, kind, [text.removesuffix(end) if text.endswith(end) else text + end for end in suffixes])


def _scalar(name: str, kind: str, text: str) -> str:
    try:
        if kind == "integer":
            return f'"{int(text)}"^^<{XSD}integer>'
        if kind in {"decimal", "number"}:
            number = Decimal(text)
            if not number.is_finite():
                raise InvalidOperation
            whole, _, part = f"{number:f}".lstrip("-").partition(".")
            if len(whole.lstrip("0")) > _DIGITS or len(part.rstrip("0")) > _DIGITS:
                raise ParameterError(f"{text!r} has more than {_DIGITS} digits on a side", where=f"--{name}")
            return f'"{number:f}"^^<{XSD}decimal>'
        if kind == "boolean":
            if text.lower() not in {"true", "false", "yes", "no", "1", "0"}:
                raise ValueError
            return f'"{str(text.lower() in {"true", "yes", "1"}).lower()}"^^<{XSD}boolean>'
        if kind in {"date", "dateTime"}:
            day = dt.datetime.fromisoformat(text)
            return f'"{day:%Y-%m-%dT%H:%M:%SZ}"^^<{XSD}dateTime>'
    except (ValueError, InvalidOperation) as error:
        form = {"date": "a date (2026-11-23)", "dateTime": "a date (2026-11-23)", "boolean": "true or false"}
        raise ParameterError(f"{text!r} is not {form.get(kind, f'a number ({kind})')}", where=f"--{name}") from error
    return str(ox.Literal(text))


def _exists(store: Store, iri: str) -> bool:
    return bool(store.query(f"ASK {{ {{ <{iri}> ?p ?o }} UNION {{ ?s ?p <{iri}> }} }}").truth)


def _known(store: Store, name: str, iri: str) -> str:
    if not _exists(store, iri):
        raise ParameterError(f"<{iri}> is not in this release", where=f"--{name}")
    return f"<{iri}>"


def _by_text(store: Store, kind: str, texts: list[str]) -> list[str]:
    if not texts:
        return []
    literals: list[str] = []
    for text in texts:
        quoted = str(ox.Literal(text))
        literals += [quoted, f"{quoted}@en", f"{quoted}@zh-Hans", f"{quoted}@zh"]
    # Begins at the texts, however many there are, and asks of the few that are called so what they are: with a join of
    # two VALUES and the class, an engine may begin at the class and read all of it.
    predicates = [f"<{RDFS}label>", f"<{SKOS}altLabel>", f"<{SKOS}notation>"]
    predicates += [f"<{ICSC}{code}>" for code in _CODES]
    result = store.query(
        f"SELECT DISTINCT ?x WHERE {{ {{ SELECT DISTINCT ?x WHERE {{ VALUES ?text {{ {' '.join(literals)} }} "
        f"?x ?p ?text FILTER(?p IN ({', '.join(predicates)})) }} }} "
        f"FILTER EXISTS {{ ?x a <{CLASSES[kind]}> }} }} ORDER BY ?x"
    )
    return [row[0].value for row in result.rows if isinstance(row[0], ox.NamedNode)]


def _labels(store: Store, kind: str) -> list[tuple[str, str]]:
    result = store.query(
        f"SELECT DISTINCT ?label ?x WHERE {{ ?x a <{CLASSES[kind]}> ; <{RDFS}label>|<{SKOS}altLabel> ?label }}"
    )
    return [
        (row[0].value, row[1].value)
        for row in result.rows
        if isinstance(row[0], ox.Literal) and isinstance(row[1], ox.NamedNode)
    ]


def _ignoring_case(store: Store, kind: str, text: str) -> list[str]:
    wanted = {text.casefold()}
    for suffix in _SUFFIXES.get(kind, ()):
        wanted |= {text.casefold() + suffix, text.casefold().removesuffix(suffix)}
    return sorted({iri for label, iri in _labels(store, kind) if label.casefold() in wanted})


def _nearest(store: Store, kind: str, text: str) -> list[tuple[str, str]]:
    from rapidfuzz import fuzz, process  # only a misspelt name needs it

    labels = _labels(store, kind)
    best = process.extract(text, [label for label, _ in labels], scorer=fuzz.WRatio, limit=20, score_cutoff=30)
    near: dict[str, str] = {}
    for label, _, index in best:
        near.setdefault(labels[index][1], label)
    return [(label, iri) for iri, label in near.items()][:_CANDIDATES]


def _label(store: Store, iri: str) -> str:
    result = store.query(f"SELECT ?l WHERE {{ <{iri}> <{RDFS}label> ?l }} ORDER BY ?l LIMIT 1")
    return str(result.rows[0][0].value) if result.rows and isinstance(result.rows[0][0], ox.Literal) else iri
