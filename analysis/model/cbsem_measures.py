"""PURE. Fit measures of a covariance-based fit, against saturated and baseline moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import fit_indices
from analysis.model.fit_indices import Test
from analysis.model.likelihood import deviance, independence, log_likelihood, saturated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.cbsem_estimates import Errors
    from analysis.model.likelihood import Sample
    from analysis.model.maximum import Group, Optimum

    FloatArray = NDArray[np.float64]

TINY = 1e-9
"""Per case: a scaling factor cannot be had from less freedom than this."""


@dataclass(frozen=True)
class Bounds:
    """The best and the worst model of the same cases.

    covariances (p, p), means (p,): the saturated moments; best, worst: deviances of the saturated
    model and of unrelated items.
    """

    covariances: FloatArray
    means: FloatArray
    best: float
    worst: float


def bounds_of(sample: Sample) -> Bounds:
    """Return the saturated moments of a sample and the deviances to compare a model with."""
    covariances, means = saturated(sample)
    best = deviance(sample, covariances, means).value
    return Bounds(covariances, means, best, deviance(sample, *independence(sample)).value)


def measures(
    group: Group, optimum: Optimum, bounds: Bounds, errors: Errors, units: FloatArray
) -> dict[str, float | None]:
    """Return fit measures under lavaan's names; scaled ones for complete data only.

    `units` (p,) are those of the items, which the log-likelihood and its criteria depend on.
    """
    sample, p, free = group.sample, group.structure.p, len(optimum.theta)
    _, implied, means = group.moments(optimum.theta)
    statistics = p * (p + 1) // 2 + (0 if means is None else p)
    chi2, df = max(optimum.value - bounds.best, 0.0), statistics - free
    worst, worst_df = bounds.worst - bounds.best, p * (p - 1) // 2
    logl = log_likelihood(sample, optimum.value, units)
    return {
        "npar": float(free),
        "fmin": chi2 / (2.0 * sample.n),
        "chisq": chi2,
        "df": float(df),
        "pvalue": fit_indices.tail(chi2, df),
        "baseline.chisq": worst,
        "baseline.df": float(worst_df),
        **fit_indices.incremental(chi2, df, worst, worst_df),
        "logl": logl,
        "unrestricted.logl": log_likelihood(sample, bounds.best, units),
        **fit_indices.information_criteria(logl, free, sample.n),
        **fit_indices.rmsea(chi2, df, sample.n),
        "srmr": fit_indices.srmr(
            bounds.covariances, implied, None if means is None else (bounds.means, means)
        ),
        **fit_indices.gfi(bounds.covariances, implied, df),
        **_scaled(sample, Test(chi2, df), Test(worst, worst_df), errors),
    }


def _scaled(sample: Sample, own: Test, baseline: Test, errors: Errors) -> dict[str, float | None]:
    """Return the scaled measures of Yuan and Bentler (2000), in the Mplus variant of lavaan's MLR.

    The factor is the trace of the saturated model's sandwich less that of the model's own, per
    degree of freedom.
    """
    if not sample.complete or own.df == 0 or baseline.df == 0:
        return {}
    whole, unrelated = _kurtosis(sample)
    factor = (whole - errors.sandwich) / own.df
    baseline_factor = (whole - unrelated) / baseline.df
    if min(factor, baseline_factor) < TINY:
        return {}
    return fit_indices.scaled_indices(
        Test(own.chi2, own.df, factor), Test(baseline.chi2, baseline.df, baseline_factor), sample.n
    )


def _kurtosis(sample: Sample) -> tuple[float, float]:
    """Return the sandwich traces of the saturated and of the baseline model.

    With m the squared Mahalanobis distance of a case, w its weight, p the items:
    mean of w^2 (m^2 - 2m + p) / 2, and the sum over items of mean w^2 (m_j - 1)^2 / 2.
    """
    own = sample.patterns[0]
    inverse, spread = np.linalg.inv(own.covariances), np.diag(own.covariances)
    whole, unrelated = 0.0, 0.0
    for rows, weights in own.blocks(own.mean):
        heavy = weights**2 / (2.0 * sample.n)
        distance = ((rows @ inverse) * rows).sum(axis=1)
        whole += float(heavy @ (distance**2 - 2.0 * distance + sample.p))
        unrelated += float((heavy @ (rows**2 / spread - 1.0) ** 2).sum())
    return whole, unrelated
