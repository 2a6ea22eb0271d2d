"""What mapping a source gives: files in a folder, and an account of every row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["FileCount", "MappingResult", "Schema", "SourceResult", "StagedFact"]


@dataclass(frozen=True)
class Schema:
    """What the mapping needs to know of the ontology.

    Attributes:
        ranges: property IRI -> datatype IRI of its range.
        staged: predicates whose statements the rules read.
    """

    ranges: Mapping[str, str]
    staged: frozenset[str]


@dataclass(frozen=True)
class FileCount:
    """Rows of one file, as one mapping read it: read = loaded + rejected."""

    file: str
    read: int
    loaded: int
    rejected: int


@dataclass(frozen=True)
class StagedFact:
    """Statements of one predicate for the rules, in columns of a Parquet file of the source's folder.

    Attributes:
        s: SQL of the subject over the file's columns, in N-Quads form; NULL where there is no statement.
        o: the same of the object.
    """

    predicate: str
    file: str
    s: str
    o: str


@dataclass(frozen=True)
class MappingResult:
    """What one SELECT + CONSTRUCT gave.

    Attributes:
        counts: rows, file by file.
        quads: N-Quads lines written.
        facts: where the statements that the rules read are.
        reasons: rejected rows by reason.
    """

    name: str
    counts: tuple[FileCount, ...]
    quads: int
    facts: tuple[StagedFact, ...]
    reasons: Mapping[str, int]


@dataclass(frozen=True)
class SourceResult:
    """What one source gave; its files lie in `folder`."""

    id: str
    folder: Path
    mappings: tuple[MappingResult, ...]

    @property
    def read(self) -> int:
        """Rows read."""
        return sum(count.read for mapping in self.mappings for count in mapping.counts)

    @property
    def loaded(self) -> int:
        """Rows loaded."""
        return sum(count.loaded for mapping in self.mappings for count in mapping.counts)

    @property
    def rejected(self) -> int:
        """Rows rejected."""
        return sum(count.rejected for mapping in self.mappings for count in mapping.counts)

    @property
    def quads(self) -> int:
        """N-Quads lines written."""
        return sum(mapping.quads for mapping in self.mappings)

    def save(self) -> None:
        """Writes `result.json`, the last file of a finished folder."""
        body = {"id": self.id, "mappings": [asdict(mapping) for mapping in self.mappings]}
        (self.folder / "result.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")

    @staticmethod
    def load(folder: Path) -> SourceResult:
        """Reads what `save` wrote."""
        body = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        return SourceResult(
            body["id"],
            folder,
            tuple(
                MappingResult(
                    name=item["name"],
                    counts=tuple(FileCount(**count) for count in item["counts"]),
                    quads=item["quads"],
                    facts=tuple(StagedFact(**fact) for fact in item["facts"]),
                    reasons=item["reasons"],
                )
                for item in body["mappings"]
            ),
        )
