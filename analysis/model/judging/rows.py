"""PURE. A row of the judgement: one criterion applied to one item, construct or path."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.model.judging.criteria import CRITERIA, Criterion, Mark
from analysis.model.judging.figures import HUGE
from foundation.problems import N_

SINGLE = N_("the construct has a single item")
MODE_B = N_("mode B: the items need not correlate")
NO_INTERVAL = N_("an interval needs resamples")
NOT_POSITIVE = N_("the items of a construct do not correlate positively")
DEPENDENT = N_("the predictors are linearly dependent")
STAGES = N_("not made for models of several stages")
NOT_ADMISSIBLE = N_("the consistent estimates are not admissible")
NOT_PREDICTED = N_("the model could not be estimated without some of the cases")
NO_BENCHMARK = N_("the linear model has too few cases, or items that repeat each other")
NOT_VARYING = N_("there is nothing that varies")


@dataclass(frozen=True)
class Row:
    """One criterion of one part of the model.

    Parameters
    ----------
    criterion      key of `criteria.CRITERIA`
    of             the item, construct, or "source -> target"
    value          None where it is not defined; `reason` says why
    low, high      95 % interval, None without resamples
    """

    criterion: str
    of: str
    value: float | None
    low: float | None
    high: float | None
    mark: Mark
    reason: str = ""

    @property
    def rule(self) -> Criterion:
        """Return the title, rule of thumb and source of the criterion."""
        return CRITERIA[self.criterion]


def judged(
    criterion: str, of: str, value: float, low: float | None = None, high: float | None = None
) -> Row:
    """Return a row with its mark; a value that is not a number, or endless, is undefined."""
    if not abs(value) < HUGE:
        return undefined(criterion, of, NOT_VARYING)
    low, high = ((end if end is not None and abs(end) < HUGE else None) for end in (low, high))
    mark = CRITERIA[criterion].grade(value, low, high)
    reason = NO_INTERVAL if mark is Mark.UNDEFINED else ""
    return Row(criterion, of, float(value), low, high, mark, reason)


def undefined(criterion: str, of: str, reason: str) -> Row:
    """Return a row of what does not exist, with the reason."""
    return Row(criterion, of, None, None, None, Mark.UNDEFINED, reason)
