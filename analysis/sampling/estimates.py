"""PURE. Estimates with their joint error, from linearisation or from replicates.

One row carries everything a table prints: estimate, standard error, interval, degrees of
freedom, design effect, base and effective base.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.sampling.columns import BoolArray, FloatArray
from analysis.sampling.design import Design
from analysis.sampling.estimators import (
    Direct,
    Statistic,
    Sums,
    require_cases,
    require_denominators,
)
from analysis.sampling.intervals import normal_limits, t_limits
from analysis.sampling.linearised import covariance_of_total

Against = Literal["none", "without replacement", "with replacement"]
BLOCK_CELLS = 4_000_000
"""Row-level replicate weights held at once by estimates that are not smooth."""


@dataclass(frozen=True)
class Estimate:
    """One row of a table. Fields that are not defined are None, never NaN."""

    name: str
    value: float
    se: float
    low: float | None
    high: float | None
    df: int
    deff: float | None
    n: int
    n_eff: float | None


@dataclass(frozen=True)
class Estimates:
    """k estimates and their joint covariance.

    values      (k,)
    covariance  (k, k)
    df          degrees of freedom of the design
    counts      (k,) cases behind each estimate
    deff        (k,) design effect, NaN where undefined
    n_eff       (k,) cases of a simple random sample with the same error, NaN where undefined
    draws       (R, k) replicate estimates, when replicates made the error
    """

    names: tuple[str, ...]
    values: FloatArray
    covariance: FloatArray
    df: int
    counts: FloatArray
    deff: FloatArray
    n_eff: FloatArray
    draws: FloatArray | None = None

    @property
    def se(self) -> FloatArray:
        """(k,) standard errors."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def interval(
        self, level: float = 0.95, *, df: float | None = None
    ) -> tuple[FloatArray, FloatArray]:
        """Return (k,) lower and upper limits by Student's t; NaN without degrees of freedom."""
        return t_limits(self.values, self.se, self.df if df is None else df, level)

    def normal_interval(self, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Return (k,) lower and upper limits by the normal distribution."""
        return normal_limits(self.values, self.se, level)

    def rows(self, level: float = 0.95) -> list[Estimate]:
        """Return one complete row per estimate."""
        low, high = self.interval(level)
        return [
            Estimate(
                name=name,
                value=float(self.values[at]),
                se=float(self.se[at]),
                low=number_or_none(low[at]),
                high=number_or_none(high[at]),
                df=self.df,
                deff=number_or_none(self.deff[at]),
                n=int(self.counts[at]),
                n_eff=number_or_none(self.n_eff[at]),
            )
            for at, name in enumerate(self.names)
        ]


def number_or_none(value: float) -> float | None:
    """Return a float, or None for what is not a finite number."""
    return float(value) if np.isfinite(value) else None


def estimate(
    design: Design, statistic: Statistic, *, against: Against = "without replacement"
) -> Estimates:
    """Return the estimates of one statistic with their joint covariance.

    Linearised unless the design has replicates. `against` chooses the simple random sample of
    the design effect. Raises named problems for an empty domain or a zero denominator.
    """
    require_cases(statistic, design.inside)
    if isinstance(statistic, Sums):
        sums = _sums(design, statistic)
        values = statistic.function(sums[None, :])[0]
        require_denominators(statistic, values)
        plain = _plain(design, statistic, values)
        return _with_effect(design, statistic, sums, plain, against)
    return _plain(design, statistic, statistic.theta(design.weights))


def jointly(whole: Design, parts: Sequence[tuple[Design, Statistic]]) -> Estimates:
    """Return statistics of several domains of one design with the covariance between them.

    Each part is a domain of `whole` (`within`) and a statistic; degrees of freedom are those of
    `whole`.
    """
    for design, statistic in parts:
        require_cases(statistic, design.inside)
    values = np.concatenate([_values(design, statistic) for design, statistic in parts])
    draws = None
    if whole.replicates is None:
        scores = np.hstack([_scores(design, statistic) for design, statistic in parts])
        covariance = covariance_of_total(whole, scores)
    else:
        draws = np.hstack([_draws(design, statistic) for design, statistic in parts])
        covariance = whole.replicates.covariance(draws, values)
    nothing = np.full(len(values), np.nan)
    return Estimates(
        names=tuple(name for _, statistic in parts for name in statistic.names),
        values=values,
        covariance=covariance,
        df=whole.degrees_of_freedom(),
        counts=np.concatenate([_counts(design, statistic) for design, statistic in parts]),
        deff=nothing,
        n_eff=nothing,
        draws=draws,
    )


def transformed(
    estimates: Estimates,
    names: Sequence[str],
    function: Callable[[FloatArray], FloatArray],
    gradient: Callable[[FloatArray], FloatArray],
    replicate_covariance: Callable[[FloatArray, FloatArray], FloatArray] | None = None,
) -> Estimates:
    """Return a smooth function of estimates: (R, k) -> (R, p), with gradient (k,) -> (p, k).

    The delta method, or with replicates the function of each replicate.
    """
    values = function(estimates.values[None, :])[0]
    draws = None
    if estimates.draws is not None and replicate_covariance is not None:
        draws = function(estimates.draws)
        covariance = replicate_covariance(draws, values)
    else:
        jacobian = gradient(estimates.values)
        covariance = jacobian @ estimates.covariance @ jacobian.T
    nothing = np.full(len(values), np.nan)
    counts = np.full(len(values), estimates.counts.sum())
    return replace(
        estimates,
        names=tuple(names),
        values=values,
        covariance=covariance,
        counts=counts,
        deff=nothing,
        n_eff=nothing,
        draws=draws,
    )


def chosen(estimates: Estimates, places: Sequence[int], names: Sequence[str] = ()) -> Estimates:
    """Return the estimates at `places`, renamed if `names` are given, with their covariance."""
    at = np.asarray(places, dtype=np.int64)
    return replace(
        estimates,
        names=tuple(names) or tuple(estimates.names[place] for place in places),
        values=estimates.values[at],
        covariance=estimates.covariance[np.ix_(at, at)],
        counts=estimates.counts[at],
        deff=estimates.deff[at],
        n_eff=estimates.n_eff[at],
        draws=None if estimates.draws is None else estimates.draws[:, at],
    )


def contrast(design: Design, estimates: Estimates, weights: FloatArray, name: str) -> Estimates:
    """Return the linear combination `weights` (k,) of estimates, for example a difference."""
    row = np.asarray(weights, dtype=np.float64)
    return transformed(
        estimates,
        [name],
        lambda values: values @ row[:, None],
        lambda _: row[None, :],
        None if design.replicates is None else design.replicates.covariance,
    )


def _sums(design: Design, statistic: Sums) -> FloatArray:
    return np.asarray(design.weights @ statistic.columns)


def _values(design: Design, statistic: Statistic) -> FloatArray:
    if isinstance(statistic, Direct):
        return np.asarray(statistic.theta(design.weights))
    values = statistic.function(_sums(design, statistic)[None, :])[0]
    require_denominators(statistic, values)
    return np.asarray(values)


def _scores(design: Design, statistic: Statistic) -> FloatArray:
    if isinstance(statistic, Direct):
        return np.asarray(statistic.scores(design.weights))
    jacobian = statistic.gradient(_sums(design, statistic))
    scores = np.asarray(statistic.columns @ jacobian.T)
    scores *= design.weights[:, None]
    return scores


def _draws(design: Design, statistic: Statistic) -> FloatArray:
    replicates = design.replicates
    assert replicates is not None  # noqa: S101 - the callers have asked
    if isinstance(statistic, Sums):
        sums = replicates.totals(statistic.columns * design.weights[:, None])
        return np.asarray(statistic.function(sums))
    step = max(1, BLOCK_CELLS // design.n)
    draws: list[FloatArray] = []
    for start in range(0, replicates.count, step):
        block = replicates.weights(design.weights, slice(start, start + step))
        draws.extend(statistic.theta(weights) for weights in block)
    return np.array(draws)


def _counts(design: Design, statistic: Statistic) -> FloatArray:
    valid = statistic.valid if statistic.valid.ndim > 1 else statistic.valid[:, None]
    return np.resize(_summed(design.inside.astype(np.float64), valid), len(statistic.names))


def _plain(design: Design, statistic: Statistic, values: FloatArray) -> Estimates:
    draws = None
    if design.replicates is None:
        covariance = covariance_of_total(design, _scores(design, statistic))
    else:
        draws = _draws(design, statistic)
        covariance = design.replicates.covariance(draws, values, ", ".join(statistic.names[:3]))
    nothing = np.full(len(values), np.nan)
    return Estimates(
        names=statistic.names,
        values=values,
        covariance=covariance,
        df=design.degrees_of_freedom(),
        counts=_counts(design, statistic),
        deff=nothing,
        n_eff=nothing,
        draws=draws,
    )


def _with_effect(
    design: Design, statistic: Sums, sums: FloatArray, plain: Estimates, against: Against
) -> Estimates:
    """Add the design effect: the variance over that of a simple random sample of the same n."""
    if against == "none" or statistic.variable is None:
        return plain
    spread, total = _unit_variance(statistic.variable(sums), statistic.valid, design)
    with_replacement = spread / plain.counts * (total**2 if statistic.of_total else 1.0)
    variance = np.diag(plain.covariance)
    defined = with_replacement > 0
    ratio = np.divide(variance, with_replacement, out=np.full_like(variance, np.nan), where=defined)
    n_eff = np.divide(plain.counts, ratio, out=np.full_like(ratio, np.nan), where=ratio > 0)
    left = (total - plain.counts) / total
    deff = ratio
    if against == "without replacement":
        deff = np.divide(ratio, left, out=np.full_like(ratio, np.nan), where=left > 0)
    return replace(plain, deff=deff, n_eff=n_eff)


def _unit_variance(
    variable: FloatArray, valid: BoolArray, design: Design
) -> tuple[FloatArray, FloatArray]:
    """Return (k,) variances of single cases, n/(n-1) sum w (y - mean)^2 / sum w, and sums of w."""
    weights = design.weights
    total = _summed(weights, valid)
    count = _summed(design.inside.astype(np.float64), valid)
    deviation = variable - (weights @ variable) / total
    deviation *= deviation
    if not valid.all():
        deviation *= valid
    spread = (weights @ deviation) / total * count / np.maximum(count - 1, 1)
    return np.asarray(spread), np.asarray(total)


def _summed(values: FloatArray, valid: BoolArray) -> FloatArray:
    """(k,) sums of `values` (n,) over the valid rows of each column of `valid` (n, k)."""
    if valid.all():
        return np.full(valid.shape[1], values.sum())
    return np.asarray(values @ valid.astype(np.float64))
