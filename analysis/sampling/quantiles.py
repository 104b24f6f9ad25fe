"""PURE. Quantiles with their intervals and standard errors.

Rules for the quantile itself stand in `quantilerules`. Intervals: Woodruff (1952), which inverts
the limits of the share below the estimate (mean, beta, xlogit, asin), the score interval of
Francisco and Fuller (1991), or with replicates the quantile of each of them (quantile). As
svyquantile of R's survey package 4.1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import FloatArray
from analysis.sampling.design import Design
from analysis.sampling.estimates import estimate
from analysis.sampling.estimators import means_of, require_cases
from analysis.sampling.intervals import Proportion, critical, proportion_limits
from analysis.sampling.messages import BAD_PROBABILITY, NO_ROOT, UNKNOWN_CHOICE
from analysis.sampling.quantilerules import RULES, Ranked, quantile_of, ranked, weighted_quantile
from analysis.sampling.resampled import required_replicates
from analysis.sampling.roots import root_between
from foundation.problems import Place, ProblemsError

INTERVALS = ("mean", "beta", "xlogit", "asin", "score", "quantile")
BLOCK = 64
"""Replicates whose weights are held at once."""


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
    cases = ranked(np.nan_to_num(values), domain.weights)
    freedom = domain.degrees_of_freedom() if df is None else df
    task = _Task(domain, np.nan_to_num(values), cases, rule, interval, level, freedom, name)
    found = np.array([quantile_of(cases, p, rule) for p in probabilities])
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


@dataclass(frozen=True)
class _Task:
    design: Design
    values: FloatArray
    cases: Ranked
    rule: str
    interval: str
    level: float
    df: float
    name: str


def _limits(task: _Task, p: float, quantile: float) -> tuple[float, float]:
    if task.interval == "score":
        return _score_limits(task, p)
    if task.interval == "quantile":
        return _replicate_limits(task, p, quantile)
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
    return quantile_of(task.cases, share, task.rule)


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
        if not test(bounds[0]) >= wanted >= test(bounds[1]):
            raise ProblemsError([NO_ROOT.at(Place(item=task.name), value=p, name=task.name)])
        root = root_between(test, *bounds, 1 / (100 * math.sqrt(len(values))), level=wanted)
        share = float((values <= root).mean())
        limits.append(quantile_of(task.cases, share, task.rule))
    return limits[0], limits[1]


def _replicate_limits(task: _Task, p: float, quantile: float) -> tuple[float, float]:
    """Return the quantile -/+ its error from the quantiles of all replicates."""
    design, rule = task.design, task.rule
    replicates = required_replicates(design)
    draws = [
        weighted_quantile(task.values, weights, p, rule) if weights.any() else math.nan
        for start in range(0, replicates.count, BLOCK)
        for weights in replicates.weights(design.weights, slice(start, start + BLOCK))
    ]
    center = np.array([quantile])
    covariance = replicates.covariance(np.array(draws)[:, None], center, task.name)
    reach = critical(task.df, task.level) * math.sqrt(float(covariance[0, 0]))
    return quantile - reach, quantile + reach
