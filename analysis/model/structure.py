"""PURE. The inner model from the correlations of the constructs: paths, R2, effects, f2, VIF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.linear import inverse
from analysis.model.pls import regression

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.layout import Layout

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Inner:
    """The structural part of B resamples. First index the target, second the source.

    paths, totals : (k, k, B)    direct and total effects, standardised
    r2 : (k, B)                  zero for constructs that nothing leads to
    solvable : (B,) bool         False where the predictors of some construct are dependent
    """

    paths: FloatArray
    totals: FloatArray
    r2: FloatArray
    solvable: BoolArray


def inner_model(plan: Layout, correlations: FloatArray) -> Inner:
    """Return paths, R2 and total effects from (k, k, B) correlations of the constructs."""
    paths = np.zeros_like(correlations)
    fine = np.ones(correlations.shape[2], dtype=bool)
    for target in plan.endogenous:
        sources = plan.sources[target]
        paths[target, list(sources)], sound = regression(correlations, sources, target)
        fine &= sound
    r2 = (paths * correlations).sum(axis=1)
    return Inner(paths, total_effects(plan, paths), r2, fine)


def total_effects(plan: Layout, paths: FloatArray) -> FloatArray:
    """Return (k, k, B) total effects: the sum over all routes of the products of their paths."""
    totals = np.zeros_like(paths)
    for target in plan.order:
        for source in plan.sources[target]:
            path = paths[target, source]
            totals[target, source] += path
            totals[target] += path * totals[source]
    return totals


def routes(plan: Layout) -> list[tuple[int, int]]:
    """Return the (target, source) pairs that some route of paths connects, row by row."""
    ones = np.zeros((plan.k, plan.k, 1))
    for target, sources in enumerate(plan.sources):
        ones[target, list(sources)] = 1.0
    return [(t, s) for t, s, _ in np.argwhere(total_effects(plan, ones) > 0).tolist()]


def implied_correlations(plan: Layout, correlations: FloatArray, inner: Inner) -> FloatArray:
    """Return the (k, k, B) construct correlations that the paths imply.

    (I - P)^-1 Z (I - P)^-T with the diagonal set to one: P the paths, Z the correlations of the
    exogenous constructs and the unexplained variances 1 - R2 of the others.
    Source: Bollen, Structural Equations with Latent Variables (1989), ch. 4; as in cSEM.
    """
    outside = [j for j in range(plan.k) if not plan.sources[j]]
    free = np.zeros_like(correlations)
    np.einsum("iib->ib", free)[:] = 1.0 - inner.r2
    free[np.ix_(outside, outside)] = correlations[np.ix_(outside, outside)]
    reach = inner.totals + np.eye(plan.k)[:, :, None]
    implied = np.einsum("isb,stb,jtb->ijb", reach, free, reach, optimize=True)
    np.einsum("iib->ib", implied)[:] = 1.0
    return np.asarray(implied)


def inflation(plan: Layout, correlations: FloatArray) -> list[FloatArray]:
    """Return for each construct the (m, B) variance inflation factors of its predictors."""
    found = []
    for sources in plan.sources:
        rows = list(sources)
        inverted, _ = inverse(correlations[np.ix_(rows, rows)])
        found.append(np.einsum("iib->ib", inverted))
    return found


def effect_sizes(plan: Layout, correlations: FloatArray, r2: FloatArray) -> list[FloatArray]:
    """Return for each construct the (m, B) effect sizes f2 of its predictors.

    f2 = (R2 - R2 without the predictor) / (1 - R2), the regression refitted on the same scores;
    NaN where nothing is left unexplained.
    Source: Cohen, Statistical Power Analysis (1988), ch. 9.
    """
    found = []
    for target, sources in enumerate(plan.sources):
        without = [
            _r2(correlations, tuple(s for s in sources if s != left), target) for left in sources
        ]
        unexplained = np.where(r2[target] < 1.0, 1.0 - r2[target], np.nan)
        shape = (len(sources), len(unexplained))
        found.append((r2[target] - np.reshape(without, shape)) / unexplained)
    return found


def _r2(correlations: FloatArray, sources: tuple[int, ...], target: int) -> FloatArray:
    if not sources:
        return np.zeros(correlations.shape[2])
    found, _ = regression(correlations, sources, target)
    return np.asarray(np.einsum("sb,sb->b", found, correlations[list(sources), target]))


def adjusted_r2(plan: Layout, r2: FloatArray, n: int) -> FloatArray:
    """Return (k, B) R2 corrected for the number of predictors: 1 - (1 - R2)(n - 1)/(n - m - 1)."""
    terms = np.array([len(sources) for sources in plan.sources])[:, None]
    return np.where(terms > 0, 1.0 - (1.0 - r2) * (n - 1) / np.maximum(n - terms - 1, 1), 0.0)
