"""PURE. Comparing groups: t test, rank tests, trend test.

t test: the regression of the variable on the group (svyttest). Rank tests: the same on design-
based rank scores (Lumley, Scott 2013; svyranktest). Trend: the regression on the order of the
groups. Conventions of R's survey package 4.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.sampling.columns import BoolArray, FloatArray, IntArray, Labels
from analysis.sampling.design import Design
from analysis.sampling.distributions import f_upper, t_two_sided
from analysis.sampling.estimates import Estimates, estimate, number_or_none
from analysis.sampling.estimators import Direct, means_of, require_cases
from analysis.sampling.messages import NO_VARIATION, ONE_CATEGORY, TWO_GROUPS, UNKNOWN_CHOICE
from analysis.sampling.regression import GAUSSIAN, Model, fitted, inverse_or_problem
from foundation.problems import Place, ProblemsError

TWO = 2
TIE = 1e-12
"""A rank this near to the middle is the middle; R then depends on the last bit of a sum."""


@dataclass(frozen=True)
class TTest:
    """Second group minus first (or the mean against zero), with its t on `df`."""

    difference: float
    se: float
    t: float
    df: int
    p: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class RankTest:
    """Two groups: t on `df`; more groups: F on `groups_df` and `df`, with chi-square = F * df."""

    difference: float | None
    t: float | None
    F: float | None
    chi_square: float | None
    groups_df: int
    df: int
    p: float | None


SCORES: dict[str, Callable[[FloatArray, float], FloatArray]] = {
    "wilcoxon": lambda rank, total: rank / total,
    "KruskalWallis": lambda rank, total: rank / total,
    "vanderWaerden": lambda rank, total: special.ndtri(rank / total),
    "median": lambda rank, total: (rank > total / 2 * (1 + TIE)).astype(np.float64),
}


def t_test(design: Design, values: FloatArray, groups: Labels, name: str = "") -> TTest:
    """Return the difference of two groups' means with its t test in the domain of `design`."""
    known = groups.known & ~np.isnan(values)
    domain = design.within(known)
    codes = _groups(domain, groups, name)
    if len(codes) != TWO:
        raise ProblemsError([TWO_GROUPS.at(Place(item=name), name=name, count=len(codes))])
    second = (groups.codes == codes[1]).astype(np.float64)
    return _slope_test(domain, np.where(known, values, 0.0), second, known)


def trend_test(design: Design, values: FloatArray, order: FloatArray, name: str = "") -> TTest:
    """Return the slope of a variable over the order of its groups (1, 2, 3), with its t test."""
    known = ~np.isnan(values) & ~np.isnan(order)
    domain = design.within(known)
    if len(np.unique(order[domain.inside])) < TWO:
        raise ProblemsError([ONE_CATEGORY.at(Place(item=name), name=name)])
    return _slope_test(domain, np.where(known, values, 0.0), np.nan_to_num(order), known)


def mean_test(design: Design, values: FloatArray, null: float = 0.0, name: str = "") -> TTest:
    """Return the mean minus `null` with its t test on the degrees of freedom of the design."""
    mean = estimate(design, means_of(values - null, [name]), against="none")
    return _t_test(mean, 0, mean.df)


def _slope_test(domain: Design, values: FloatArray, group: FloatArray, known: BoolArray) -> TTest:
    X = np.column_stack([np.ones(len(group)), group]) * domain.inside[:, None]
    fit = fitted(domain, Model(GAUSSIAN, X, values), ("mean", "difference"), known)
    return _t_test(fit.coefficients, 1, fit.residual_df)


def _t_test(estimates: Estimates, at: int, df: int) -> TTest:
    low, high = estimates.interval(df=df)
    value, se = float(estimates.values[at]), float(estimates.se[at])
    t = value / se if se > 0 else math.copysign(math.inf, value) if value else math.nan
    p = number_or_none(t_two_sided(t, df))
    return TTest(value, se, t, df, p, number_or_none(low[at]), number_or_none(high[at]))


def _groups(domain: Design, groups: Labels, name: str) -> IntArray:
    if not domain.inside.any():
        require_cases(means_of(np.zeros(domain.n), [name]), domain.inside)
    codes = np.unique(groups.codes[domain.inside])
    if len(codes) < TWO:
        raise ProblemsError([ONE_CATEGORY.at(Place(item=name), name=name)])
    return codes


def rank_test(
    design: Design, values: FloatArray, groups: Labels, test: str = "wilcoxon", name: str = ""
) -> RankTest:
    """Return a rank test of two or more groups: wilcoxon, vanderWaerden, median, KruskalWallis."""
    if test not in SCORES:
        choices = ", ".join(SCORES)
        raise ProblemsError([UNKNOWN_CHOICE.at(Place(), value=test, what="test", choices=choices)])
    known = groups.known & ~np.isnan(values)
    domain = design.within(known)
    codes = _groups(domain, groups, name)
    total = float(domain.weights.sum())
    ranks = estimated_ranks(np.where(known, values, 0.0), domain.weights)
    score = np.where(domain.inside, SCORES[test](np.where(domain.inside, ranks, 1.0), total), 0.0)
    effects = _group_effects(domain, score, groups, codes)
    df = domain.degrees_of_freedom()
    if len(codes) == TWO:
        value, se = float(effects.values[1]), float(effects.se[1])
        if se == 0:
            raise ProblemsError([NO_VARIATION.at(Place(item=name), name=name)])
        p = number_or_none(t_two_sided(value / se, df - 1))
        return RankTest(value, value / se, None, None, 1, df - 1, p)
    beta, covariance = effects.values[1:], effects.covariance[1:, 1:]
    chi = inverse_or_problem(covariance, beta, name, domain.counts()[0])
    count = len(beta)
    p = number_or_none(f_upper(chi / count, count, df - count))
    return RankTest(None, None, chi / count, chi, count, df - count, p)


def estimated_ranks(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Return (n,) weighted mid-ranks in 0..sum(weights); ties share their mean."""
    order = np.argsort(values, kind="stable")
    ordered = weights[order]
    middle = np.cumsum(ordered) - ordered / 2
    used = ordered != 0
    _, tie = np.unique(values[order], return_inverse=True)
    counts = np.bincount(tie, weights=used)
    sums = np.bincount(tie, weights=middle * used)
    ranks = np.empty(len(values))
    ranks[order] = (sums / np.maximum(counts, 1))[tie]
    return ranks


def _group_effects(domain: Design, score: FloatArray, groups: Labels, codes: IntArray) -> Estimates:
    """Return the mean score of the first group and the others' differences from it."""
    X = np.column_stack(
        [np.ones(domain.n), *((groups.codes == code).astype(np.float64) for code in codes[1:])]
    )
    model = Model(GAUSSIAN, X * domain.inside[:, None], score)
    beta = model.fit(domain.weights)
    names = ("mean", *(groups.levels[code] for code in codes[1:]))
    influence = model.influence(domain.weights, beta)
    statistic = Direct(
        names,
        domain.inside,
        lambda weights: beta + weights @ influence,
        lambda weights: influence * weights[:, None],
    )
    return estimate(domain, statistic)
