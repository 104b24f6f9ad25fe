"""PURE. Quantiles of weighted data and their intervals.

Rules for the quantile itself: math (the inverse of the distribution function, lower value at a
tie), school (mean of the two values at a tie) and hf1..hf9 (Hyndman, Fan 1996, with cumulated
weights in place of counts). Intervals: Woodruff (1952), which inverts the limits of the share
below the estimate (mean, beta, xlogit, asin), or the score interval of Francisco and Fuller
(1991). As svyquantile of R's survey package 4.1, also where p lies below the share of the first
value (R then takes the second), except that a cumulated share within 1e-12 of p counts as equal
to p, where R depends on the last bit of a sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from analysis.sampling.columns import FloatArray
from analysis.sampling.design import Design
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of, require_cases
from analysis.sampling.intervals import Proportion, critical, proportion_limits
from analysis.sampling.messages import BAD_PROBABILITY, NO_ROOT, UNKNOWN_CHOICE
from foundation.problems import Place, ProblemsError

TIE = 1e-12
RULES = ("math", "school", "hf1", "hf2", "hf4", "hf5", "hf6", "hf7", "hf8", "hf9")
INTERVALS = ("mean", "beta", "xlogit", "asin", "score")


@dataclass(frozen=True)
class Quantiles:
    """Quantiles of one variable: all arrays (P,), limits NaN where they fall outside the data."""

    probabilities: FloatArray
    values: FloatArray
    low: FloatArray
    high: FloatArray
    se: FloatArray
    df: int
    n: int


@dataclass(frozen=True)
class _Ranked:
    """Valid cases by size: values (n,), their weights, and cumulated weights."""

    values: FloatArray
    weights: FloatArray
    cumulated: FloatArray

    @property
    def total(self) -> float:
        return float(self.cumulated[-1])


def weighted_quantile(
    values: FloatArray, weights: FloatArray, probability: float, rule: str = "math"
) -> float:
    """Return one quantile of `values` (n,) under `weights` (n,); zero weights do not count.

    >>> weighted_quantile(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5)
    2.0
    >>> weighted_quantile(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5, "school")
    2.5
    """
    return _quantile(_ranked(values, weights), probability, rule)


def quantiles(
    design: Design,
    values: FloatArray,
    probabilities: Sequence[float],
    *,
    rule: str = "math",
    interval: str = "mean",
    level: float = 0.95,
    df: float | None = None,
    name: str = "",
) -> Quantiles:
    """Return quantiles of `values` (n,) with limits and standard errors.

    The standard error is the width of the interval over twice the critical value. Missing
    values are outside the domain. Raises problems for an unknown rule or interval and for a
    probability outside 0..1.
    """
    _check(rule, interval, probabilities)
    require_cases(means_of(values, [name]), design.inside)
    domain = design.within(~np.isnan(values))
    ranked = _ranked(np.nan_to_num(values), domain.weights)
    freedom = domain.degrees_of_freedom() if df is None else df
    task = _Task(domain, np.nan_to_num(values), ranked, rule, interval, level, freedom, name)
    found = np.array([_quantile(ranked, p, rule) for p in probabilities])
    limits = np.array([_limits(task, p, q) for p, q in zip(probabilities, found, strict=True)])
    se = (limits[:, 1] - limits[:, 0]) / (2 * critical(freedom, level))
    count = int(domain.inside.sum())
    return Quantiles(
        np.array(probabilities), found, limits[:, 0], limits[:, 1], se, int(freedom), count
    )


def _check(rule: str, interval: str, probabilities: Sequence[float]) -> None:
    problems = [
        UNKNOWN_CHOICE.at(Place(), value=value, what=what, choices=", ".join(known))
        for value, what, known in ((rule, "rule", RULES), (interval, "interval", INTERVALS))
        if value not in known
    ]
    problems += [BAD_PROBABILITY.at(Place(), value=p) for p in probabilities if not 0 <= p <= 1]
    if problems:
        raise ProblemsError(problems)


def _ranked(values: FloatArray, weights: FloatArray) -> _Ranked:
    used = weights != 0
    order = np.argsort(values[used], kind="stable")
    weight = weights[used][order]
    return _Ranked(values[used][order], weight, np.cumsum(weight))


def _quantile(ranked: _Ranked, p: float, rule: str) -> float:
    if rule in PLOTTING:
        positions = PLOTTING[rule](ranked)
        return float(np.interp(p, positions, ranked.values))
    share = ranked.cumulated / ranked.total
    below = int(np.searchsorted(share, p + TIE, side="right")) - 1
    last = len(share) - 1
    above = min(below + 1, last)
    if below < 0:
        return float(ranked.values[0 if rule == "hf4" else min(1, last)])
    if rule == "hf4":
        gap = share[above] - share[below]
        part = (p - share[below]) / gap if gap > 0 else 0.0
        return float(ranked.values[below] + part * (ranked.values[above] - ranked.values[below]))
    if abs(share[below] - p) > TIE:
        return float(ranked.values[above])
    if rule in ("math", "hf1"):
        return float(ranked.values[below])
    return float((ranked.values[below] + ranked.values[above]) / 2)


def _before(ranked: _Ranked) -> FloatArray:
    return np.concatenate([[0.0], ranked.cumulated[:-1]])


PLOTTING: dict[str, Callable[[_Ranked], FloatArray]] = {
    "hf5": lambda r: (r.cumulated - r.weights / 2) / r.total,
    "hf6": lambda r: r.cumulated / (r.total + r.weights[-1]),
    "hf7": lambda r: _before(r) / (r.cumulated[-2] if len(r.values) > 1 else r.total),
    "hf8": lambda r: (_before(r) / 3 + r.cumulated * 2 / 3) / (r.total + r.weights[-1] / 3),
    "hf9": lambda r: (_before(r) * 3 / 8 + r.cumulated * 5 / 8) / (r.total + r.weights[-1] / 4),
}
"""Where each value stands between 0 and 1; quantiles between them by straight lines."""


@dataclass(frozen=True)
class _Task:
    design: Design
    values: FloatArray
    ranked: _Ranked
    rule: str
    interval: str
    level: float
    df: float
    name: str


def _limits(task: _Task, p: float, quantile: float) -> tuple[float, float]:
    if task.interval == "score":
        return _score_limits(task, p)
    below = (task.values <= quantile).astype(np.float64)
    share = estimate(task.design, means_of(below, [task.name]), against="none")
    value, variance = float(share.values[0]), float(share.covariance[0, 0])
    if task.interval != "mean" and (value >= 1 or value <= 0 or variance <= 0):
        return float("nan"), float("nan")
    low, high = proportion_limits(
        Proportion(
            value, variance, n=int(share.counts[0]), df=task.df, design_df=share.df, name=task.name
        ),
        task.interval,
        task.level,
    )
    return _inverse(task, low), _inverse(task, high)


def _inverse(task: _Task, share: float) -> float:
    if not 0 <= share <= 1:
        return float("nan")
    return _quantile(task.ranked, share, task.rule)


def _score_limits(task: _Task, p: float) -> tuple[float, float]:
    """Invert the test that the share above theta is 1 - p, to a tolerance of 1/(100 sqrt n)."""
    inside = task.design.inside
    values = task.values[inside]
    fringe = float(np.subtract(*np.percentile(values, [75, 25]))) / 100
    bounds = float(values.min()) + fringe, float(values.max()) - fringe
    reach = critical(task.df, task.level)

    def test(theta: float) -> float:
        score = np.asarray((task.values > theta) - (1 - p), dtype=np.float64)
        mean = estimate(task.design, means_of(score, [task.name]), against="none")
        value, se = float(mean.values[0]), float(mean.se[0])
        return value / se if se > 0 else math.copysign(math.inf, value) if value else 0.0

    limits = []
    for wanted in (reach, -reach):
        if not test(bounds[0]) > wanted > test(bounds[1]):
            raise ProblemsError([NO_ROOT.at(Place(item=task.name), value=p, name=task.name)])
        root = optimize.brentq(
            lambda theta, wanted=wanted: test(theta) - wanted,
            *bounds,
            xtol=1 / (100 * np.sqrt(len(values))),
            rtol=4 * np.finfo(float).eps,
        )
        limits.append(_quantile(task.ranked, float((values <= root).mean()), task.rule))
    return limits[0], limits[1]
