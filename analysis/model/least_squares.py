"""PURE. Unweighted and generalised least squares between observed and implied covariances.

F = tr((V (S - M))^2) / 2 with S the observed and M the implied covariances: V is the identity in
the units of the items (ULS), or the inverse of S (GLS). As in lavaan, S has the divisor n - 1 and
chi-square is (n - 1) F. Sources: Joreskog, Goldberger (1972), Psychometrika 37(3), 243-260;
Browne (1974), South African Statistical J. 8, 1-24; errors that hold for any distribution Browne
(1984), British J. Math. Stat. Psychology 37(1), 62-83.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import fit_indices
from analysis.model.likelihood import Deviance, inverted
from analysis.model.maximum import Group, expected_information

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.covariance_structure import Structure
    from analysis.model.likelihood import Sample
    from analysis.model.maximum import Optimum

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class LeastSquares(Group):
    """A group of complete cases whose covariances are met by least squares.

    estimator: ULS or GLS. scales (p,): units in which the items are compared, near one.
    weight (p, p): V for items of standard deviation one. magnitude: what F is multiplied by to
    be that of the items in their own units.
    """

    estimator: str
    scales: FloatArray
    weight: FloatArray
    magnitude: float

    @property
    def cases(self) -> int:
        """Return n - 1."""
        return self.sample.n - 1

    def misfit(self, covariances: FloatArray, means: FloatArray | None) -> Deviance:
        """Return (n - 1) F and its derivatives; these estimators leave the means alone."""
        weighted = self.weight @ (self.sample.patterns[0].covariances - covariances)
        value = 0.5 * self.cases * float(np.trace(weighted @ weighted))
        slope = -self.cases * weighted @ self.weight
        return Deviance(value, (slope + slope.T) / 2.0, np.zeros(self.sample.p))

    def second(
        self,
        covariances: FloatArray,
        means: FloatArray | None,
        sigma: FloatArray,
        mu: FloatArray,
    ) -> FloatArray:
        """Return (q, q) second derivatives along changes of the moments: (n - 1) tr(V A V B)."""
        changes = sigma.reshape(-1, sigma.shape[2])
        both = np.einsum("ab,bcq,cd->adq", self.weight, sigma, self.weight, optimize=True)
        return np.asarray(self.cases * changes.T @ both.reshape(changes.shape))

    def metric(self, covariances: FloatArray) -> FloatArray:
        """Return V, whatever the implied covariances are."""
        return self.weight


def least_squares(
    estimator: str, structure: Structure, sample: Sample, units: FloatArray
) -> LeastSquares:
    """Return a group fitted by ULS or GLS.

    The items of the sample have standard deviation one; `units` (p,) are their own ones, with
    divisor n - 1. For ULS they are divided by their root mean square, so that the iteration
    works on numbers near one.
    """
    if estimator == "GLS":
        inverse, _ = inverted(sample.patterns[0].covariances)
        weight = np.eye(sample.p) if inverse is None else inverse
        return LeastSquares(structure, sample, estimator, np.ones(sample.p), weight, 1.0)
    typical = float(np.sqrt(np.mean(units**2)))
    scales = units / typical
    return LeastSquares(structure, sample, estimator, scales, np.diag(scales**2), typical**4)


def plain_information(group: LeastSquares, theta: FloatArray) -> FloatArray:
    """Return the (q, q) information behind lavaan's plain errors, in the items' own units.

    That of GLS is right for normal answers. For ULS lavaan counts each variance and covariance
    once, where F counts a variance half: its plain errors of residual variances are smaller.
    """
    information = expected_information((group,), theta)
    if group.estimator == "ULS":
        solved, _, _ = group.moments(theta)
        sigma, _ = group.structure.jacobian(solved, len(theta))
        variances = np.einsum("iiq->iq", sigma) * group.scales[:, None] ** 2
        information += 0.5 * group.cases * variances.T @ variances
    return information * group.magnitude


def score_products(group: LeastSquares, theta: FloatArray) -> FloatArray:
    """Return the (q, q) sum over cases of squared weight times the products of their scores.

    The score of a case z is tr(V (z z' - S) V dM) / 2: the middle of the sandwich of errors that
    hold for any distribution, in the units of `scales`.
    """
    q, p, own = len(theta), group.sample.p, group.sample.patterns[0]
    solved, _, _ = group.moments(theta)
    centre = group.weight @ own.covariances @ group.weight
    level = 0.5 * group.structure.gradient(solved, centre, np.zeros(p), q)
    total = np.zeros((q, q))
    for rows, weights in own.blocks(own.mean):
        scores = group.structure.scores(solved, rows @ group.weight, own.seen, q) - level
        heavy = scores * weights[:, None]
        total += heavy.T @ heavy
    return total


def unrelated(group: LeastSquares) -> FloatArray:
    """Return (p, p) covariances of the baseline model: the variances of unrelated items.

    They solve (V * V) d = diag(V S V), the products taken element by element.
    """
    weight, observed = group.weight, group.sample.patterns[0].covariances
    return np.diag(np.linalg.solve(weight * weight, np.diag(weight @ observed @ weight)))


def distance_measures(group: LeastSquares, optimum: Optimum) -> dict[str, float | None]:
    """Return fit measures under lavaan's names; those of a likelihood do not exist.

    A ULS "chi-square" has no known distribution, hence no p-value.
    """
    n, p, free = group.cases, group.structure.p, len(optimum.theta)
    _, implied, _ = group.moments(optimum.theta)
    chi2, df = optimum.value * group.magnitude, p * (p + 1) // 2 - free
    worst = group.misfit(unrelated(group), None).value * group.magnitude
    worst_df = p * (p - 1) // 2
    return {
        "npar": float(free),
        "fmin": chi2 / (2.0 * group.sample.n),
        "chisq": chi2,
        "df": float(df),
        "pvalue": fit_indices.tail(chi2, df) if group.estimator == "GLS" else None,
        "baseline.chisq": worst,
        "baseline.df": float(worst_df),
        **fit_indices.incremental(chi2, df, worst, worst_df),
        **fit_indices.rmsea(chi2, df, n),
        "srmr": fit_indices.srmr(group.sample.patterns[0].covariances, implied),
        **fit_indices.adjusted_gfi(_met(group, implied), p, df),
    }


def _met(group: LeastSquares, implied: FloatArray) -> float:
    """Return GFI: the share of the (weighted) squares of the covariances that the model meets.

    GLS weights as F does; ULS counts each variance and each covariance once, as lavaan does.
    """
    observed = group.sample.patterns[0].covariances
    if group.estimator == "GLS":
        gaps = group.weight @ (observed - implied)
        return 1.0 - float(np.trace(gaps @ gaps)) / len(observed)
    once = np.tril(np.outer(group.scales, group.scales))
    return 1.0 - float(((once * (observed - implied)) ** 2).sum() / ((once * observed) ** 2).sum())
