"""What a question says of itself in another language than English: `zh.toml` beside the questions of a group.

The file has a table a question, with `description` and the tables `parameters` and `columns`:

    [gaps]
    description = "……"
    parameters.chain = "产业链或供应链"
    columns.chain = "所属链"

What is not translated is given in English.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import QueryError

__all__ = ["Texts", "chinese_texts"]


@dataclass(frozen=True)
class Texts:
    """Texts of one question in one language.

    Attributes:
        summary: what it answers, in a line.
        description: how it is meant; paragraphs.
        parameters, columns: name -> what it is.
    """

    summary: str = ""
    description: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def over(self, other: Texts) -> Texts:
        """These, and those of the other language where there are none."""
        return Texts(
            self.summary or other.summary,
            self.description or other.description,
            {**other.parameters, **self.parameters},
            {**other.columns, **self.columns},
        )


def chinese_texts(folder: Path) -> Mapping[str, Texts]:
    """Chinese texts of the questions of a folder, by the questions' names; none where it has no `zh.toml`.

    Raises:
        QueryError: the file cannot be read, or is not of this form.
    """
    path = folder / "zh.toml"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


@functools.lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> Mapping[str, Texts]:
    try:
        body = tomllib.loads(path.read_text(encoding="utf-8"))
        return {
            name: Texts(
                description=str(said.get("description", "")).strip(),
                parameters={key: str(text) for key, text in said.get("parameters", {}).items()},
                columns={key: str(text) for key, text in said.get("columns", {}).items()},
            )
            for name, said in body.items()
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QueryError(f"cannot be read: {error}", where=str(path)) from error
    except AttributeError as error:
        hint = "A table a question, with description, parameters and columns."
        raise QueryError("is not of the form that is read", where=str(path), hint=hint) from error
