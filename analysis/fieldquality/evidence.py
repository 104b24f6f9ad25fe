"""PURE. What the quality of a wave is judged by, in the form that the formulas take."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.scales import Scale, to_100, turned

if TYPE_CHECKING:
    from analysis.sampling.columns import FloatArray, IntArray
    from survey.fieldrecords import SampledCase
    from survey.formats.table import ResponseRow, ResponseTable
    from survey.paradata import Held

COMPLETE = "complete"
Json = dict[str, Any]


def why(reason: str, **values: object) -> Json:
    """Return what stands in the place of a figure: why it cannot be computed."""
    return {"why": reason, **values}


@dataclass(frozen=True)
class Item:
    """A question on a scale: its ends, and whether a high answer means little."""

    name: str
    scale: Scale
    reverse: bool = False


@dataclass(frozen=True)
class Evidence:
    """The complete interviews of a wave and what is known of how they came about.

    index      items of the headline construct
    items      all items of the model, in the order they are asked
    cases      released cases as the floor last reported them; empty when it did not
    rates      response rates of that report
    held       how interviews were held, by respondent
    backcheck  rows (respondent, question, answer) of re-interviews
    """

    table: ResponseTable
    index: tuple[Item, ...]
    items: tuple[Item, ...]
    cases: Sequence[SampledCase] = ()
    rates: Mapping[str, Any] | None = None
    held: Mapping[str, Held] = field(default_factory=dict)
    backcheck: Sequence[tuple[str, str, str]] = ()

    @cached_property
    def rows(self) -> list[ResponseRow]:
        """Return the complete interviews."""
        return [row for row in self.table.rows if row.outcome == COMPLETE]

    def answers(self, item: str) -> FloatArray:
        """Return (n,) the answers to a question as numbers, NaN where there is none."""
        return np.array([number(row.values.get(item)) for row in self.rows], dtype=float)

    def points(self, item: Item) -> FloatArray:
        """Return (n,) the answers to an item on 0-100, turned the right way."""
        values = self.answers(item.name)
        return to_100(turned(values, item.scale) if item.reverse else values, item.scale)

    @cached_property
    def scores(self) -> FloatArray:
        """Return (n,) the mean of each respondent's answers to the index's items, on 0-100.

        Unweighted items, NaN where none was answered: it needs no model, so that quality can be
        judged before there is one.
        """
        if not self.index or not self.rows:
            return np.full(len(self.rows), np.nan)
        table = np.column_stack([self.points(item) for item in self.index])
        known = ~np.isnan(table)
        count = known.sum(axis=1)
        sums = np.where(known, table, 0.0).sum(axis=1)
        return np.where(count > 0, sums / np.maximum(count, 1), np.nan)

    @cached_property
    def interviewers(self) -> list[str]:
        """Return who held each complete interview, "" where that is not known."""
        return [held.interviewer if (held := self.held.get(row.respondent)) else ""
                for row in self.rows]  # fmt: skip

    @cached_property
    def interviewer_codes(self) -> IntArray:
        """Return (n,) a number for each interviewer, -1 where not known."""
        names = sorted(set(self.interviewers) - {""})
        return np.array([names.index(name) if name else -1 for name in self.interviewers])

    @cached_property
    def by_respondent(self) -> Mapping[str, SampledCase]:
        """Return the reported cases by respondent."""
        return {case.respondent: case for case in self.cases}


Z = 1.959963984540054


def proportion(hits: float, n: float) -> Json:
    """Return a share of n >= 1 with its 95 % limits by Wilson (1927), fair also at 0 and 1.

    >>> {name: round(value, 3) for name, value in proportion(0, 100).items()}
    {'share': 0.0, 'low': 0.0, 'high': 0.037}
    """
    p, spread = hits / n, Z * Z / n
    middle = (p + spread / 2) / (1 + spread)
    reach = Z * math.sqrt(p * (1 - p) / n + spread / (4 * n)) / (1 + spread)
    return {"share": p, "low": max(middle - reach, 0.0), "high": min(middle + reach, 1.0)}


def number(value: object) -> float:
    """Return an answer as a number, NaN for none and for what is no number.

    >>> number("7"), number(None), number("seven")
    (7.0, nan, nan)
    """
    try:
        return float(value) if isinstance(value, str | int | float) else float("nan")
    except ValueError:
        return float("nan")
