"""Turns what a person types (a label in Chinese or English, a code, an IRI) into an RDF term."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from kg.candidates import listed, long_forms, told_apart
from kg.errors import AmbiguousParameterError, ParameterError
from kg.names import CLASSES, Names, called, with_endings
from kg.spelling import cleaned, in_other_characters
from kg.store.base import Store
from kg.terms import ID, XSD

__all__ = ["CLASSES", "resolve", "resolve_any"]

_CANDIDATES = 5
#: A name with the short form of an IRI behind it: `铜 (item/cn/铜)`.
_NAMED = re.compile(r".+ ?\(([^()\s]+)\)")
#: Digits of a decimal before and behind the point: an engine leaves unbound what it cannot hold, without a word.
_DIGITS = 18


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
        # Numbers and dates have one form, however wide they are typed; a text stays as it is.
        return _scalar(name, kind, text if kind == "string" else cleaned(text))
    clean = cleaned(text)
    if kind == "iri" and not _is_iri(clean) and not _in_short(store, text, clean):
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
    clean = cleaned(text)
    if not clean:
        raise ParameterError("is empty", where=f"--{name}")
    if _is_iri(clean):
        return _known(store, name, clean)
    if iri := _in_short(store, text, clean):
        return f"<{iri}>"
    names = Names(store, kinds)
    found = next(filter(None, _readings(names, text, clean)), [])
    if len(found) == 1:
        return f"<{found[0]}>"
    if found:
        said, listed_first = told_apart(store, found, clean, _CANDIDATES)
        raise AmbiguousParameterError(
            f"{text!r} names {len(found)} things",
            where=f"--{name}",
            hint=f"Give one of: {said}",
            choices=listed_first,
        )
    hint, choices = _hint(names, text)
    raise ParameterError(f"no {' or '.join(kinds)} is called {text!r}", where=f"--{name}", hint=hint, choices=choices)


def _readings(names: Names, text: str, clean: str) -> Iterator[list[str]]:
    """What a text names, read in one way after the other: the nearer a way lies to what was typed, the earlier.

    Args:
        clean: the same in the usual width, without quotation marks around it.
    """
    store, kinds = names.store, names.kinds
    for form in dict.fromkeys((text, clean)):
        yield sorted({iri for kind in kinds for iri in called(store, kind, [form])})
        yield sorted({iri for kind in kinds for iri in _by_key(store, kind, form)})
        yield sorted({iri for kind in kinds for iri in called(store, kind, with_endings(kind, form))})
    if forms := in_other_characters(clean):
        yield sorted({iri for kind in kinds for iri in called(store, kind, forms)})
        longer = {kind: [name for form in forms for name in with_endings(kind, form)] for kind in kinds}
        yield sorted({iri for kind in kinds for iri in called(store, kind, longer[kind])})
    yield sorted({iri for kind in kinds for iri in names.same(kind, clean)})


def _hint(names: Names, text: str) -> tuple[str, list[str]]:
    """What may have been meant, in a line and as IRIs; of a text that is like nothing, what there is."""
    if near := names.like(cleaned(text), _CANDIDATES):
        return "Nearest: " + listed(near), [iri for _, iri in near]
    count, some = names.some(_CANDIDATES)
    if not count:
        return "This release has none.", []
    return f"There are {count:,}, such as: " + listed(some), [iri for _, iri in some]


def _is_iri(text: str) -> bool:
    return bool(re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text)) and not re.search(r'[\x00-\x20<>"{}|^`\\]', text)


def _by_key(store: Store, kind: str, text: str) -> list[str]:
    own = f"{ID}{kind}/{text}"
    if not re.fullmatch(r"[\w.-]+", text):
        return []
    return [own] if store.query(f"ASK {{ <{own}> a <{CLASSES[kind]}> }}").truth else []


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


def _in_short(store: Store, text: str, clean: str) -> str | None:
    """The IRI that a text is short for, if it is in the store; a name may stand before it, as in lists of names."""
    behind = [found[1] for form in (text, clean) if (found := _NAMED.fullmatch(form))]
    forms = [iri for form in dict.fromkeys((text, clean, *behind)) for iri in long_forms(form)]
    return next((iri for iri in forms if _exists(store, iri)), None)


def _known(store: Store, name: str, iri: str) -> str:
    if not _exists(store, iri):
        raise ParameterError(f"<{iri}> is not in this release", where=f"--{name}")
    return f"<{iri}>"
