"""PURE. The case at hand and the form of its result: plain numbers for JSON.

Keys and their order are those of the golden files' `expect`; a list of one is a single value;
what is not defined is null.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.sampling.columns import Columns, FloatArray
from analysis.sampling.design import Design
from analysis.sampling.estimates import Estimates, number_or_none
from analysis.sampling.messages import NO_DEGREES
from analysis.sampling.plan import Case
from analysis.sampling.planvalues import Fields, some_names
from foundation.problems import Place

Result = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """A case with its data and the domain of its design."""

    case: Case
    columns: Columns
    design: Design

    @property
    def stat(self) -> Fields:
        """The statistic asked for."""
        return self.case.stat

    def matrix(self, *keys: str) -> tuple[FloatArray, list[str]]:
        """Return the numeric columns that `var` or `vars` names, and their names.

        Of several columns only the rows that are complete in all count, as in R, unless the case
        says `"complete": false`.
        """
        wanted = some_names(self.stat, *(keys or ("vars", "var")))
        table = np.column_stack([self.columns.number(name) for name in wanted])
        return self.completed(table), wanted

    def completed(self, table: FloatArray) -> FloatArray:
        """Return `table` (n, k) with rows that lack a value missing throughout, if so wanted."""
        if self.stat.get("complete", True) is False:
            return table
        return np.where(np.isnan(table).any(axis=1, keepdims=True), np.nan, table)


Kind = Callable[[Task], Result]


def plain(values: FloatArray) -> Any:
    """Return numbers for JSON: nested lists, None for what is not finite, one value unwrapped."""
    array = np.asarray(values, dtype=np.float64)
    if array.size == 1:
        return number_or_none(float(array.ravel()[0]))
    if array.ndim > 1:
        return [[number_or_none(value) for value in row] for row in array]
    return [number_or_none(value) for value in array]


def finite(value: Any) -> Any:
    """Return a result with None in place of every number that is not finite."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    if isinstance(value, float | np.floating):
        return number_or_none(float(value))
    return value


def single(values: list[Any] | tuple[Any, ...]) -> Any:
    """Return a list, or its only element.

    >>> single(["a"]), single(["a", "b"])
    ('a', ['a', 'b'])
    """
    return values[0] if len(values) == 1 else list(values)


def described(estimates: Estimates, df: float | None = None) -> Result:
    """Return everything known of estimates, by the keys of a result."""
    freedom = estimates.df if df is None else df
    low, high = estimates.interval(df=freedom)
    normal_low, normal_high = estimates.normal_interval()
    values = estimates.values
    cv = np.divide(estimates.se, values, out=np.full_like(values, np.nan), where=values != 0)
    result: Result = {
        "names": single(estimates.names),
        "estimate": plain(values),
        "se": plain(estimates.se),
        "df": freedom,
        "ci95_low": plain(low),
        "ci95_high": plain(high),
        "ci95_normal_low": plain(normal_low),
        "ci95_normal_high": plain(normal_high),
        "cv": plain(cv),
        "deff": plain(estimates.deff),
        "n": plain(estimates.counts),
        "n_eff": plain(estimates.n_eff),
        "vcov": plain(estimates.covariance),
    }
    if freedom <= 0:
        name = ", ".join(estimates.names[:3])
        result["remarks"] = [NO_DEGREES.at(Place(item=name), name=name).text()]
    return result
