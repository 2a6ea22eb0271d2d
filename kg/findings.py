"""What `kg check` finds: outcomes of checks, and the one profile that says how serious each is."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

from kg.errors import QueryError

__all__ = ["EXAMPLES", "Example", "Outcome", "Profile", "Report", "Severity", "read_profile"]

Severity = Literal["error", "warning", "info", "off"]

#: Examples kept of each outcome.
EXAMPLES: Final = 5

_SECTIONS = ("assets", "axioms", "queries", "shapes")


@dataclass(frozen=True)
class Example:
    """One finding.

    Attributes:
        node: IRI of what is wrong; empty where a file is wrong.
        where: file, or the sources whose graphs state the node, separated by commas.
        detail: what is wrong with it, in one line.
    """

    node: str
    where: str
    detail: str


@dataclass(frozen=True)
class Outcome:
    """What one check found.

    Attributes:
        check: its name: `query:<name>`, `shape:<shape>/<property>/<constraint>`, `axiom:<axiom>`, `asset:<room>`.
        count: findings; 0 where the check is silent.
        examples: the first few, in order of their nodes.
        summary_zh: the summary in Chinese, where there is one.
    """

    check: str
    severity: Severity
    summary: str
    count: int
    examples: tuple[Example, ...]
    summary_zh: str = ""


@dataclass(frozen=True)
class Report:
    """All outcomes of one run.

    Attributes:
        release: id of the release, None where only assets were checked.
        checks: how many checks ran, silent ones included.
        outcomes: those that found something; errors first.
    """

    release: str | None
    checks: int
    outcomes: tuple[Outcome, ...]

    def findings(self, severity: Severity) -> int:
        """Findings of one severity."""
        return sum(outcome.count for outcome in self.outcomes if outcome.severity == severity)

    def to_json(self) -> dict[str, Any]:
        """The report for `validation.json`."""
        return {
            "release": self.release,
            "checks": self.checks,
            "findings": {level: self.findings(level) for level in ("error", "warning", "info")},
            "outcomes": [asdict(outcome) for outcome in self.outcomes],
        }


@dataclass(frozen=True)
class Profile:
    """Severities, read from one file.

    Attributes:
        path: the file.
        sections: section -> name -> severity.
        exceptions: `<shape>/<property>/<constraint>` -> severity.
    """

    path: Path
    sections: Mapping[str, Mapping[str, Severity]]
    exceptions: Mapping[str, Severity]

    def severity(self, section: str, name: str) -> Severity:
        """How serious a check's findings are.

        Raises:
            QueryError: the profile does not list it.
        """
        try:
            return self.sections[section][name]
        except KeyError:
            raise QueryError(
                f"the check {name!r} has no severity",
                where=str(self.path),
                hint=f'Add {name} = "warning" to its section [{section}].',
            ) from None

    def of_shape(self, name: str, stated: str) -> Severity:
        """How serious a shape's findings are: by exception, else by the severity that the shape states."""
        return self.exceptions.get(name) or self.severity("shapes", stated)


def read_profile(path: Path, queries: Iterable[str]) -> Profile:
    """Reads a profile.

    Args:
        queries: names of the quality queries there are; the profile must list each, and no other.

    Raises:
        QueryError: it is missing, malformed, or does not agree with the queries.
    """
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise QueryError(f"the profile of checks cannot be read: {error.strerror}", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise QueryError(f"not valid TOML: {error}", where=str(path)) from error
    exceptions = raw.get("shapes", {}).pop("except", {})
    for table in (*(raw.get(section, {}) for section in _SECTIONS), exceptions):
        for name, severity in table.items():
            if severity not in get_args(Severity):
                raise QueryError(
                    f"{name} = {severity!r} is no severity", where=str(path), hint="One of: error, warning, info, off."
                )
    for name in sorted(set(raw.get("queries", {})) ^ set(queries)):
        known = name in raw.get("queries", {})
        what = f"lists the check {name!r}, but there is no {name}.rq" if known else f"does not list the check {name!r}"
        raise QueryError(f"the profile {what}", where=str(path))
    return Profile(path, {section: raw.get(section, {}) for section in _SECTIONS}, exceptions)
