"""The parameters that a question declares in its header: what each takes, checked when the header is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from kg.errors import ParameterError, QueryError
from kg.spelling import cleaned

__all__ = ["Parameter", "read_parameters"]

#: What a header may say of a parameter.
_SPEC: Final = frozenset({"type", "summary", "default", "values", "minimum", "maximum", "fills"})
_NUMBERS: Final = frozenset({"integer", "decimal"})


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question.

    Attributes:
        fills: other parameter -> property: where this one is given and the other is not, the other
            takes the property's value, if it has just one.
        values: the only values that it takes; empty where it takes any.
        minimum, maximum: ends of the range of a number, both included; None where it has no such end.
    """

    name: str
    kind: str
    variable: str
    summary: str
    default: str | None
    fills: Mapping[str, str]
    values: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def range(self) -> str:
        """The range of a number in words; empty where it has none."""
        if self.minimum is not None and self.maximum is not None:
            return f"{self.minimum}-{self.maximum}" if self.minimum >= 0 else f"{self.minimum} to {self.maximum}"
        if self.minimum is not None:
            return f"{self.minimum} or more"
        return f"{self.maximum} or less" if self.maximum is not None else ""

    def holds(self, number: Decimal) -> bool:
        """Whether a number lies in the range."""
        low, high = self.minimum, self.maximum
        return (low is None or number >= low) and (high is None or number <= high)

    def check(self, text: str) -> None:
        """Refuses a number outside the range: an answer with it would look right.

        Args:
            text: a number.

        Raises:
            ParameterError: it lies outside.
        """
        if self.range and not self.holds(Decimal(cleaned(text))):
            raise ParameterError(f"{text!r} is outside its range, {self.range}", where=f"--{self.name}")


def read_parameters(declared: Any, found: Mapping[str, str], where: str) -> tuple[Parameter, ...]:
    """The entry `parameters` of a header.

    Args:
        found: parameter that the text uses, with `_` for `-` -> its type.
        where: file, for messages.

    Raises:
        QueryError: it does not agree with the text, or says something of a parameter that means nothing.
    """
    declared = declared or {}
    for name in sorted(set(found) ^ {str(key).replace("-", "_") for key in declared}):
        side = "used but not declared in the header" if name in found else "declared but not used"
        raise QueryError(f"parameter {name!r} is {side}", where=where)
    return tuple(_parameter(str(key), spec or {}, found, where) for key, spec in declared.items())


def _parameter(key: str, spec: Mapping[str, Any], found: Mapping[str, str], where: str) -> Parameter:
    name = key.replace("-", "_")
    for word in sorted(set(map(str, spec)) - _SPEC):
        hint = "A text with a comma needs quotation marks."
        raise QueryError(f"parameter {key!r} has {word!r}, which says nothing", where=where, hint=hint)
    kind = str(spec.get("type", found[name]))
    if kind == "number":
        kind = "decimal"
    default = spec.get("default")
    parameter = Parameter(
        name=name.replace("_", "-"),
        kind=kind,
        variable=f"?_{name}_{found[name]}",
        summary=str(spec.get("summary", "")),
        default=None if default is None else str(default),
        fills=dict(spec.get("fills") or {}),
        values=tuple(map(str, spec.get("values") or ())),
        minimum=_end(key, "minimum", spec, where),
        maximum=_end(key, "maximum", spec, where),
    )
    if parameter.range and kind not in _NUMBERS:
        raise QueryError(f"parameter {key!r} has a range, but is no number", where=where)
    if None not in (parameter.minimum, parameter.maximum) and not parameter.holds(parameter.minimum or Decimal(0)):
        raise QueryError(f"parameter {key!r} has a minimum above its maximum", where=where)
    if parameter.range and parameter.default is not None:
        number = _number(parameter.default)
        if number is None or not parameter.holds(number):
            raise QueryError(f"parameter {key!r} has a default outside its range, {parameter.range}", where=where)
    return parameter


def _end(key: str, end: str, spec: Mapping[str, Any], where: str) -> Decimal | None:
    if spec.get(end) is None:
        return None
    number = _number(spec[end])
    if number is None:
        raise QueryError(f"parameter {key!r} has {spec[end]!r} as {end}, which is no number", where=where)
    return number


def _number(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
