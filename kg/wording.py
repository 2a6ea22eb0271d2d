"""What the questions' groups, columns, parameters and fixed values are called where a person reads them.

In English they are called as they are; Chinese names are those of `queries/words.toml`.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kg.assets import asset_dir
from kg.errors import QueryError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Wording", "wording_of"]

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
#: Types of truth values, those of tables among them, by name: nothing has to be imported to know them.
_TRUTHS = frozenset({"bool", "bool_"})
_NUMBERED = re.compile(r"(?P<what>.+ in tier) (?P<number>\d+)")


@dataclass(frozen=True)
class Wording:
    """Names as questions have them -> names in one language; what is not in a table keeps its name.

    Attributes:
        groups: folders of questions.
        columns, parameters: of all questions.
        values: texts that questions write themselves, such as `single-source`.
        values_of: column -> the same for that column alone, where a text means something else there; with none, what
            stands in the column stays as it is.
        tables: question, or table that no question gives -> columns that are called otherwise there.
        truths: what false and true are called; empty where they stay as they are.
    """

    groups: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    values_of: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    truths: tuple[str, ...] = ()

    def table(self, name: str) -> Wording:
        """The same for the answer to a question, or for a table that no question gives."""
        return replace(self, columns={**self.columns, **self.tables.get(name, {})})

    def group(self, name: str) -> str:
        """What a group of questions is called."""
        return self.groups.get(name, name)

    def column(self, name: str) -> str:
        """What a column is called."""
        of = name.removesuffix("_iri")
        if of != name and of in self.columns:
            return f"{self.columns[of]} IRI"
        return self.columns.get(name, name)

    def parameter(self, name: str) -> str:
        """What a parameter is called."""
        return self.parameters.get(name, name)

    def value(self, value: object, column: str = "") -> object:
        """A value in words; one made of several, as `listed-firms, complete, 2021` is, only where all are known.

        Args:
            column: where it stands.
        """
        if self.truths and type(value).__name__ in _TRUTHS:
            return self.truths[bool(value)]
        if not isinstance(value, str):
            return value
        values = self.values_of.get(column, self.values)
        if value in values:
            return values[value]
        if (numbered := _NUMBERED.fullmatch(value)) and numbered["what"] in values:
            return f"{values[numbered['what']]} {numbered['number']}"
        parts = value.split(", ")
        if len(parts) > 1 and all(part in values or _DATE.fullmatch(part) for part in parts):
            return "，".join(values.get(part, part) for part in parts)
        return value

    def meant(self, text: str, column: str, known: Iterable[str]) -> str:
        """What a text stands for: itself, or the one of the known values that is called so."""
        called = [value for value in known if self.value(value, column) == text]
        return called[0] if len(called) == 1 and text not in known else text

    def said(self, name: str, columns: Mapping[str, Sequence[object]]) -> Sequence[object]:
        """A column's values in words; labels and IRIs stay.

        Args:
            columns: all of the answer, by name.
        """
        if self._stays(name, columns):
            return columns[name]
        return [self.value(value, name) for value in columns[name]]

    def _stays(self, name: str, columns: Container[str]) -> bool:
        """Whether a column is of labels, which have IRIs beside them, or of IRIs."""
        return name.endswith("_iri") or f"{name}_iri" in columns or not (self.columns or self.values or self.truths)

    def spoken(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A table with its values in words and its columns by their names; labels and IRIs stay."""
        if not (self.columns or self.values or self.truths):
            return frame
        import pandas as pd

        said: dict[str, pd.Series[Any]] = {}
        for name in map(str, frame.columns):
            values = frame[name]
            if not self._stays(name, frame.columns) and (
                values.dtype == "boolean" or not pd.api.types.is_numeric_dtype(values)
            ):
                values = values.astype("object").map(functools.partial(self.value, column=name), na_action="ignore")
            said[name] = values
        return pd.DataFrame(said, columns=list(said)).rename(columns=self.column)


@functools.cache
def wording_of(lang: str) -> Wording:
    """The wording of one language.

    Args:
        lang: `zh` or `en`.

    Raises:
        QueryError: `words.toml` cannot be read.
    """
    if not lang.startswith("zh"):
        return Wording()
    path = asset_dir("queries") / "words.toml"
    try:
        body = {name: dict(table) for name, table in tomllib.loads(path.read_text(encoding="utf-8")).items()}
        own = {name: body.pop(name) for name in ("groups", "columns", "parameters", "values", "values_of", "tables")}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise QueryError(f"cannot be read: {error}", where=str(path)) from error
    except (KeyError, TypeError, ValueError) as error:
        tables = "groups, columns, parameters, values, values_of and tables"
        raise QueryError(f"needs the tables {tables}", where=str(path)) from error
    return Wording(**own, truths=("否", "是"))
