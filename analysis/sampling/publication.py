"""PURE. What may be published: rules of base, precision and disclosure, applied before printing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.sampling.estimates import Estimate, Estimates, chosen
from analysis.sampling.report_messages import (
    FEW_PEOPLE,
    IMPRECISE,
    SMALL_BASE,
    TOO_IMPRECISE,
    TOO_SMALL,
)
from foundation.problems import Place, Problem

Decision = Literal["show", "mark", "hide"]
Measure = Literal["level", "share", "balance"]
"""A level is far from zero (an index, a mean); a share lies between 0 and 1; a balance, such as
a net promoter score or a difference, may be zero and has no relative error."""


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


def verdict(
    row: Estimate, rules: Rules, *, people: int | None = None, measure: Measure = "level"
) -> Verdict:
    """Return whether a row is shown, marked as uncertain, or hidden.

    `people` is the number of people behind the figure itself (those who chose the answer), for
    the rule of disclosure. The coefficient of variation is judged on the estimate; for a share
    on the smaller of it and its complement, so that 97 % is not taken for precise; for a
    balance not at all.
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
    cv = RELATIVE[measure](row)
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


RELATIVE: dict[Measure, Callable[[Estimate], float | None]] = {
    "level": relative_error,
    "share": complement_error,
    "balance": lambda _: None,
}


@dataclass(frozen=True)
class Screened:
    """What remains of estimates after the rules: a league table is made of these alone.

    estimates   those that may be shown, with their joint covariance; None when there are none
    verdicts    of all, by name, in the order given
    """

    estimates: Estimates | None
    verdicts: Mapping[str, Verdict]

    def named(self, decision: Decision) -> tuple[str, ...]:
        """Return the names with this decision."""
        return tuple(name for name, one in self.verdicts.items() if one.decision == decision)


def screened(estimates: Estimates, rules: Rules, *, measure: Measure = "level") -> Screened:
    """Return the estimates that may be published, before anything is compared or ranked.

    A hidden branch takes no rank: its place in an order would tell its figure.
    """
    rows = estimates.rows()
    verdicts = {row.name: verdict(row, rules, measure=measure) for row in rows}
    kept = [at for at, row in enumerate(rows) if verdicts[row.name].decision != "hide"]
    return Screened(chosen(estimates, kept) if kept else None, verdicts)


def protected(counts: Sequence[int], least_people: int) -> tuple[bool, ...]:
    """Return which cells of one question are hidden when their total is printed.

    Cells of fewer than `least_people` people (but not empty ones) are hidden; a single one
    could be had by subtraction, so the smallest of the others goes with it.

    >>> protected([40, 3, 12, 0], 5)
    (False, True, True, False)
    """
    hidden = [0 < count < least_people for count in counts]
    others = [at for at, count in enumerate(counts) if count > 0 and not hidden[at]]
    if sum(hidden) == 1 and others:
        hidden[min(others, key=lambda at: counts[at])] = True
    return tuple(hidden)
