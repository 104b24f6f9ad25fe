"""PURE. Estimates of a covariance-based fit with their errors, standardised values and R2."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import least_squares
from analysis.model.covariance_structure import FIXED, factor_of
from analysis.model.maximum import expected_information, observed_information, score_products

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.covariance_structure import Solved, Structure, Term
    from analysis.model.maximum import Group, Optimum

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """One number of the equations, named as lavaan does.

    est, se in the units of the items; z and p-value of est = 0; std: with items and constructs
    standardised (lavaan's std.all). se is 0, z and p-value None where the number is fixed;
    all three are None where the error does not exist. robust_se: the sandwich error (MLR).
    """

    lhs: str
    op: str
    rhs: str
    est: float
    se: float | None
    z: float | None
    pvalue: float | None
    std: float | None
    robust_se: float | None


@dataclass(frozen=True)
class Errors:
    """Errors of the q parameters of standardised items.

    kind: expected, observed or robust; plain and robust (q,), NaN where one does not exist;
    flatness: smallest eigenvalue of the information scaled to a unit diagonal; direction (q,)
    its eigenvector; condition: largest eigenvalue over smallest, None for a singular
    information; sandwich: trace of score products times inverse information, for the scaled
    chi-square.
    """

    kind: str
    plain: FloatArray
    robust: FloatArray
    flatness: float
    direction: FloatArray
    condition: float | None
    sandwich: float


def errors_of(group: Group, optimum: Optimum, *, robust: bool) -> Errors:
    """Return standard errors: expected information for complete data, observed with holes.

    Robust ones are the sandwich of observed information and score products (Huber, White), as in
    lavaan's MLR; with sampling weights they are the ones to use (`robust`).
    """
    if isinstance(group, least_squares.LeastSquares):
        return _least_squares_errors(group, optimum, robust=robust)
    groups = (group,)
    observed = observed_information(groups, optimum.theta)
    complete = group.sample.complete
    used = expected_information(groups, optimum.theta) if complete else observed
    inverse = np.asarray(np.linalg.pinv(observed), dtype=np.float64)
    middle = score_products(groups, optimum.theta)
    flatness, largest, direction = _flattest(used)
    information = np.asarray(np.linalg.pinv(used), dtype=np.float64)
    plain, sandwich = _roots(information), _roots(inverse @ middle @ inverse)
    kind = "expected" if complete else "observed"
    return Errors(
        "robust" if robust else kind,
        sandwich if robust else plain,
        sandwich,
        flatness,
        direction,
        largest / flatness if flatness > 0 else None,
        float(np.trace(middle @ inverse)),
    )


def _least_squares_errors(
    group: least_squares.LeastSquares, optimum: Optimum, *, robust: bool
) -> Errors:
    """Return lavaan's plain errors of ULS and GLS, and those for any distribution."""
    used = expected_information((group,), optimum.theta)
    middle = least_squares.score_products(group, optimum.theta)
    flatness, largest, direction = _flattest(used)
    inverse = np.asarray(np.linalg.pinv(used), dtype=np.float64)
    information = least_squares.plain_information(group, optimum.theta)
    plain = _roots(np.asarray(np.linalg.pinv(information), dtype=np.float64))
    sandwich = _roots(inverse @ middle @ inverse)
    return Errors(
        "robust" if robust else "expected",
        sandwich if robust else plain,
        sandwich,
        flatness,
        direction,
        largest / flatness if flatness > 0 else None,
        float(np.trace(middle @ inverse)),
    )


def _flattest(information: FloatArray) -> tuple[float, float, FloatArray]:
    """Return smallest and largest eigenvalue of the information with a unit diagonal.

    And the (q,) eigenvector of the smallest: the direction in which the likelihood is flattest.
    """
    diagonal = np.diag(information)
    if not (diagonal > 0).all():
        return 0.0, 1.0, (diagonal <= 0).astype(float)
    root = np.sqrt(diagonal)
    values, vectors = np.linalg.eigh(information / np.outer(root, root))
    return float(values[0]), float(values[-1]), np.asarray(vectors[:, 0])


def _roots(covariances: FloatArray) -> FloatArray:
    variances = np.diag(covariances)
    return np.where(variances > 0, np.sqrt(np.abs(variances)), np.nan)


def estimates(
    structure: Structure, theta: FloatArray, errors: Errors, units: FloatArray, means: FloatArray
) -> tuple[Estimate, ...]:
    """Return every term of the equations in the units and around the means (p,) of the items."""
    solved = structure.solved(theta)
    scales = structure.units(units)
    found = []
    for term in structure.terms:
        factor = factor_of(term, scales)
        est = (term.value if term.free == FIXED else float(theta[term.free])) * factor
        if term.matrix == "mean" and term.row < structure.p:
            est += float(means[term.row])
        std = _number(_standardised(term, solved, est / factor))
        found.append(_estimate(term, est, std, factor, errors))
    return tuple(found)


def _estimate(term: Term, est: float, std: float | None, factor: float, errors: Errors) -> Estimate:
    if term.free == FIXED:
        return Estimate(term.lhs, term.op, term.rhs, est, 0.0, None, None, std, 0.0)
    se = _number(errors.plain[term.free] * factor)
    robust = _number(errors.robust[term.free] * factor)
    z = est / se if se else None
    pvalue = None if z is None else math.erfc(abs(z) / math.sqrt(2.0))
    return Estimate(term.lhs, term.op, term.rhs, est, se, z, pvalue, std, robust)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _standardised(term: Term, solved: Solved, value: float) -> float:
    """Return a number with all nodes standardised; NaN where a variance is not above zero.

    Covariances are divided by the roots of the two residual variances, so that they are the
    correlations of what they connect; variances by the whole variance.
    """
    row, column = term.row, term.column
    whole, residual = np.diag(solved.covariances), np.diag(solved.residuals)
    if term.matrix == "effect":
        return value * _root(whole[column]) / _root(whole[row])
    if term.matrix == "mean":
        return value / _root(whole[row])
    if row == column:
        return value / _root(whole[row]) ** 2
    return value / (_root(residual[row]) * _root(residual[column]))


def _root(variance: float) -> float:
    return math.sqrt(variance) if variance > 0 else math.nan


def explained(structure: Structure, theta: FloatArray) -> dict[str, float | None]:
    """Return R2 of every item and construct that something leads to: 1 - residual / variance."""
    solved = structure.solved(theta)
    whole, residual = np.diag(solved.covariances), np.diag(solved.residuals)
    led = sorted({term.row for term in structure.terms if term.matrix == "effect"})
    return {
        structure.nodes[row]: _number(1.0 - residual[row] / _root(whole[row]) ** 2) for row in led
    }
