"""What a release calls its things: who is called by a text, and whose name is like one."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from kg.spelling import folded
from kg.store.base import Store
from kg.terms import ICSC, RDFS, SKOS

__all__ = ["CLASSES", "Names", "called", "with_endings"]

#: Kind of parameter -> class that its values belong to.
CLASSES: Final = {
    "chain": ICSC + "Chain",
    "region": ICSC + "Region",
    "input": ICSC + "Input",
    "organization": ICSC + "Organization",
    "gap": ICSC + "Gap",
    "link": ICSC + "ChainLink",
}
#: What people leave out or add.
_ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "chain": ("产业链", "链", " industrial chain", " chain", " Industrial Chain", " Chain"),
    "region": ("省", "市", "自治区", "特别行政区", " province", " city", " Province", " City"),
}
_LABELS: Final = (f"<{RDFS}label>", f"<{SKOS}altLabel>")
_CODES: Final = tuple(f"<{ICSC}{code}>" for code in ("gbt2260", "iso3166", "stockCode", "uscc", "lei", "isin"))
#: Up to so many things of a kind their own names are read, which an engine does thing by thing; beyond, all names.
_FEW: Final = 2000
#: Likeness of two texts, 0-100, below which the one is not what was meant by the other.
_LIKE: Final = 50.0
#: That of a name to a part of itself; the more of the name it is, the more of the rest is added.
_PART: Final = 70.0


def with_endings(kind: str, text: str) -> list[str]:
    """A text without an ending that people add to names of a kind, or with one that they leave out."""
    return [text.removesuffix(end) if text.endswith(end) else text + end for end in _ENDINGS.get(kind, ())]


def called(store: Store, kind: str, texts: Iterable[str]) -> list[str]:
    """IRIs of the things of a kind that have one of the texts as a name or a code."""
    literals = []
    for text in dict.fromkeys(texts):
        quoted = str(ox.Literal(text))
        literals += [quoted, f"{quoted}@en", f"{quoted}@zh-Hans", f"{quoted}@zh"]
    found = _by_literals(store, kind, literals, (*_LABELS, f"<{SKOS}notation>", *_CODES))
    return sorted({iri for _, iri in found})


def _by_literals(
    store: Store, kind: str, literals: Sequence[str], predicates: Sequence[str]
) -> list[tuple[ox.Literal, str]]:
    """Text and IRI of each thing of a kind that has one of the literals, in N-Triples form, in a property."""
    if not literals:
        return []
    # Begins at the texts, however many there are, and asks of the few that are called so what they are: of a join of
    # two VALUES and the class, an engine may begin at the class and read all of it.
    result = store.query(
        f"SELECT DISTINCT ?text ?x WHERE {{ {{ SELECT DISTINCT ?text ?x WHERE {{ "
        f"VALUES ?text {{ {' '.join(literals)} }} ?x ?p ?text FILTER(?p IN ({', '.join(predicates)})) }} }} "
        f"FILTER EXISTS {{ ?x a <{CLASSES[kind]}> }} }}"
    )
    return [
        (row[0], row[1].value)
        for row in result.rows
        if isinstance(row[0], ox.Literal) and isinstance(row[1], ox.NamedNode)
    ]


def _without(text: str, ends: Sequence[str]) -> str:
    return next((text.removesuffix(end) for end in ends if text.endswith(end)), text)


@dataclass(frozen=True)
class Names:
    """The names of all things of some kinds; read once, where they are needed, which takes half a second."""

    store: Store
    kinds: Sequence[str]

    @functools.cached_property
    def _texts(self) -> tuple[ox.Literal, ...]:
        few = [kind for kind in self.kinds if len(self._some(kind)) <= _FEW]
        patterns = [f"?x a <{CLASSES[kind]}> ; {name} ?text" for kind in few for name in _LABELS]
        if few != list(self.kinds):
            patterns = [f"?x {name} ?text" for name in _LABELS]
        found = [row[0] for each in patterns for row in self._rows(f"SELECT ?text WHERE {{ {each} }}")]
        # Twice stated, once kept: here, as an engine takes half as long again to see to it.
        return tuple(text for text in dict.fromkeys(found) if isinstance(text, ox.Literal))

    @functools.cached_property
    def _folded(self) -> list[str]:
        return folded([text.value for text in self._texts])

    def same(self, kind: str, text: str) -> list[str]:
        """IRIs of what is called so but for case, width and characters, with or without an ending."""
        wanted = set(folded([text, *with_endings(kind, text)]))
        wanted |= set(with_endings(kind, folded([text])[0]))
        found = [str(self._texts[at]) for at, name in enumerate(self._folded) if name in wanted]
        return sorted({iri for _, iri in _by_literals(self.store, kind, found, _LABELS)})

    def like(self, text: str, most: int) -> list[tuple[str, str]]:
        """Names, with their IRIs, that are most like a text; the most like it first."""
        scores: dict[int, float] = {}
        for at, score in self._scores(text):
            scores[at] = max(score, scores.get(at, 0.0))
        best = sorted(scores, key=lambda at: (-scores[at], self._texts[at].value))
        near: dict[str, str] = {}
        start, size = 0, 20 * most
        while start < len(best) and len(near) < most:
            chunk = best[start : start + size]
            texts = [self._texts[at] for at in chunk]
            held: dict[ox.Literal, list[str]] = {}
            for kind in self.kinds:
                for literal, iri in _by_literals(self.store, kind, [str(one) for one in texts], _LABELS):
                    held.setdefault(literal, []).append(iri)
            for literal in texts:
                for iri in sorted(held.get(literal, ())):
                    near.setdefault(iri, literal.value)
            start, size = start + size, 10 * size
        return [(label, iri) for iri, label in near.items()][:most]

    def _scores(self, text: str) -> Iterable[tuple[int, float]]:
        """Places of names that are like a text, and how like."""
        from rapidfuzz import fuzz, process  # only a misspelt name needs it

        plain = folded([text])[0]
        ways = [(plain, self._folded, fuzz.ratio)]
        if " " in plain:
            ways.append((plain, self._folded, fuzz.token_sort_ratio))
        if ends := tuple(end for kind in self.kinds for end in _ENDINGS.get(kind, ())):
            short = _without(plain, ends)
            bare = [_without(name, ends) if name.endswith(ends) else "" for name in self._folded]
            ways += [(short, bare, fuzz.ratio), *([(short, self._folded, fuzz.ratio)] if short != plain else [])]
        for wanted, names, scorer in ways:
            for _, score, at in process.extract(wanted, names, scorer=scorer, limit=200, score_cutoff=_LIKE):
                yield at, score
        for at, name in enumerate(self._folded):
            if plain in name:
                yield at, _PART + (100 - _PART) * len(plain) / len(name)

    def some(self, most: int) -> tuple[int, list[tuple[str, str]]]:
        """How many things there are, and a few of them with their names."""
        count, found = 0, []
        for kind in self.kinds:
            of_kind = f"?x a <{CLASSES[kind]}>"
            count += int(self._rows(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {of_kind} }}")[0][0].value)
            few = f"{{ SELECT DISTINCT ?x WHERE {{ {of_kind} }} LIMIT {most} }}"
            rows = self._rows(
                f"SELECT ?x (MIN(STR(?text)) AS ?name) WHERE {{ {few} ?x {_LABELS[0]} ?text }} GROUP BY ?x"
            )
            found += [(row[1].value, row[0].value) for row in rows if len(row) == 2]
        return count, sorted(found, key=lambda one: one[1])[:most]

    def _some(self, kind: str) -> Sequence[object]:
        return self._rows(f"SELECT ?x WHERE {{ ?x a <{CLASSES[kind]}> }} LIMIT {_FEW + 1}")

    def _rows(self, text: str) -> Sequence[tuple[ox.Literal | ox.NamedNode, ...]]:
        return self.store.query(text).rows  # type: ignore[return-value]  # names are literals, things have IRIs
