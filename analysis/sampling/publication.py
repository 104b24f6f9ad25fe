"""PURE. What may be published: rules of base, precision and disclosure, applied before printing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.sampling.estimates import Estimate
from analysis.sampling.report_messages import (
    FEW_PEOPLE,
    IMPRECISE,
    SMALL_BASE,
    TOO_IMPRECISE,
    TOO_SMALL,
)
from foundation.problems import Place, Problem

Decision = Literal["show", "mark", "hide"]


@dataclass(frozen=True)
class Rules:
    """Limits of publication. Coefficients of variation follow Statistics Canada's usual practice.

    least_base, small_base    below the first a figure is hidden, below the second marked
    marked_cv, hidden_cv      relative error above which a figure is marked, or hidden
    least_people              a cell with fewer people is hidden, whatever its precision
    """

    least_base: int = 30
    small_base: int = 50
    marked_cv: float = 0.165
    hidden_cv: float = 0.333
    least_people: int = 5


@dataclass(frozen=True)
class Verdict:
    """What to do with a figure, and why."""

    decision: Decision
    reasons: tuple[Problem, ...] = ()


def verdict(row: Estimate, rules: Rules, *, people: int | None = None) -> Verdict:
    """Return whether a row is shown, marked as uncertain, or hidden.

    `people` is the number of people behind the figure itself (those who chose the answer), for
    the rule of disclosure. The coefficient of variation is judged on the estimate; for a share
    on the smaller of it and its complement, so that 97 % is not taken for precise.
    """
    place = Place(item=row.name)
    hidden: list[Problem] = []
    marked: list[Problem] = []
    if people is not None and 0 < people < rules.least_people:
        hidden.append(FEW_PEOPLE.at(place, count=people, least=rules.least_people))
    if row.n < rules.least_base:
        hidden.append(TOO_SMALL.at(place, count=row.n, least=rules.least_base))
    elif row.n < rules.small_base:
        marked.append(SMALL_BASE.at(place, count=row.n, least=rules.small_base))
    cv = relative_error(row)
    if cv is not None and cv > rules.hidden_cv:
        hidden.append(TOO_IMPRECISE.at(place, cv=f"{cv:.0%}", most=f"{rules.hidden_cv:.1%}"))
    elif cv is not None and cv > rules.marked_cv:
        marked.append(IMPRECISE.at(place, cv=f"{cv:.0%}", most=f"{rules.marked_cv:.1%}"))
    if hidden:
        return Verdict("hide", tuple(hidden))
    return Verdict("mark", tuple(marked)) if marked else Verdict("show")


def relative_error(row: Estimate) -> float | None:
    """Return the standard error over the estimate, None for an estimate of zero."""
    size = abs(row.value)
    return row.se / size if size > 0 else None


def complement_error(row: Estimate) -> float | None:
    """Return the relative error of a share, judged on the rarer of the answer and its opposite."""
    size = min(row.value, 1 - row.value)
    return row.se / size if size > 0 else None
