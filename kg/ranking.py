"""How the answers of a question can be ranked anew: by TOPSIS over the criteria that its header names."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kg.errors import ParameterError, QueryError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["WAYS", "Ranking", "rank", "read_ranking"]

#: Ways beside the order that a question has by itself.
WAYS: Final = ("topsis",)


@dataclass(frozen=True)
class Ranking:
    """What a question's rows are compared by.

    Attributes:
        criteria: column -> parameter that holds its weight, or the weight itself.
        costs: columns in which less is better.
        within: columns; rows are compared where they agree in these.
        needs: column -> parameter without which nothing is known of it, so that its weight does not count.
    """

    criteria: Mapping[str, str | float]
    costs: tuple[str, ...]
    within: tuple[str, ...]
    needs: Mapping[str, str] = field(default_factory=dict)

    def check(self, weights: Mapping[str, float], given: Set[str]) -> None:
        """Refuses weights of which none counts: they would leave every score empty.

        Args:
            weights: parameter -> weight.
            given: parameters that have a value.

        Raises:
            ParameterError: those that count sum to 0.
        """
        idle = {column: name for column, name in self.needs.items() if name not in given}
        counted = [weights[w] if isinstance(w, str) else w for c, w in self.criteria.items() if c not in idle]
        if sum(counted) > 0:
            return
        left = [f"--{self.criteria[c]} counts only with --{name}" for c, name in idle.items()]
        raise ParameterError(
            "the weights sum to 0: one has to be above 0",
            where=", ".join(f"--{name}" for name in self.criteria.values() if isinstance(name, str)) or "--rank",
            hint="; ".join(left) + "." if left else None,
        )


def read_ranking(
    spec: Any, columns: Mapping[str, str], parameters: Mapping[str, str | None], where: str
) -> Ranking | None:
    """The entry `ranking` of a header.

    Args:
        parameters: name -> default of the question's parameters.

    Raises:
        QueryError: it names a column or a parameter that is not there, or a parameter without a default.
    """
    if spec is None:
        return None
    known = {"criteria", "costs", "within", "needs"}
    if not isinstance(spec, dict) or set(spec) - known or not isinstance(spec.get("criteria"), dict):
        raise QueryError(f"ranking needs criteria, and has only {', '.join(sorted(known))}", where=where)
    found = Ranking(
        criteria={
            str(name): weight if isinstance(weight, str) else float(weight) for name, weight in spec["criteria"].items()
        },
        costs=tuple(map(str, spec.get("costs") or ())),
        within=tuple(map(str, spec.get("within") or ())),
        needs={str(column): str(name) for column, name in (spec.get("needs") or {}).items()},
    )
    for name in (*found.criteria, *found.costs, *found.within):
        if name.removesuffix("_iri") not in columns:
            raise QueryError(f"ranking names {name!r}, which is not among the columns", where=where)
    for column, name in found.needs.items():
        if column not in found.criteria or name not in parameters:
            raise QueryError(f"ranking says that {column!r} needs {name!r}, which is not there", where=where)
    for weight in found.criteria.values():
        if isinstance(weight, str) and parameters.get(weight) is None:
            raise QueryError(f"ranking names {weight!r}, which is no parameter with a default", where=where)
    return found


def rank(frame: pd.DataFrame, ranking: Ranking, way: str, weights: Mapping[str, float]) -> pd.DataFrame:
    """The rows with a column `closeness` (0-1, 1 best), best first among those that are compared.

    A criterion that no row knows is left out; a row that lacks one of the others has no closeness and comes last.

    Args:
        way: one of `WAYS`.
        weights: parameter -> weight.

    Raises:
        ParameterError: there is no such way, or no weight is above 0.
    """
    import pandas as pd

    from kg.analysis.ranking import topsis

    if way not in WAYS:
        raise ParameterError(f"{way!r} is no way of ranking", where="--rank", hint="There is: " + ", ".join(WAYS) + ".")
    named = {c: weights[w] if isinstance(w, str) else w for c, w in ranking.criteria.items()}
    if min(named.values()) < 0 or max(named.values()) <= 0:
        raise ParameterError(
            "the weights of the criteria have to be 0 or more, one of them above 0", where="--rank " + way
        )
    ranked = frame.copy()
    closeness = pd.Series(pd.NA, index=ranked.index, dtype="Float64")
    within = [name for name in ranking.within if name in ranked.columns]
    groups = [part.index for _, part in ranked.groupby(within, sort=False, dropna=False)] if within else [ranked.index]
    for index in groups:
        used = [c for c in named if c in ranked.columns and ranked.loc[index, c].notna().any()]
        if not used or not any(named[c] for c in used):
            continue
        table = ranked.loc[index, used].astype("Float64").to_numpy(dtype="float64", na_value=float("nan"))
        costs = [i for i, c in enumerate(used) if c in ranking.costs]
        near = pd.Series(topsis(table, [named[c] for c in used], costs).round(6), index=index)
        closeness.loc[index] = near.astype("Float64")
    place = frame.columns.get_loc("score") if "score" in frame.columns else len(frame.columns) - 1
    ranked.insert(int(place) + 1, "closeness", closeness)  # type: ignore[arg-type]  # names are unique
    # Groups stay in the order in which they came.
    number = {index: i for i, rows in enumerate(groups) for index in rows}
    ranked = ranked.assign(_group=[number[i] for i in ranked.index])
    ranked = ranked.sort_values(["_group", "closeness"], ascending=[True, False], kind="stable", na_position="last")
    return ranked.drop(columns="_group").reset_index(drop=True)
