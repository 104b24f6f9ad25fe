"""PURE. Any estimate by replicates: a function of the weights, or of weighted moments.

The road of the structural model and the index: their estimates are functions of the weighted
covariance matrix of the indicators, so all replicates together are a stack of small matrices,
made by one matrix product.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import FloatArray
from analysis.sampling.design import Design
from analysis.sampling.estimates import Estimates
from analysis.sampling.messages import EMPTY_DOMAIN
from analysis.sampling.plan_messages import NO_REPLICATES
from analysis.sampling.replicates import Replicates
from foundation.problems import Place, ProblemsError

BLOCK_CELLS = 4_000_000


@dataclass(frozen=True)
class Moments:
    """Weighted moments of k columns, first of the full sample, then of each of R replicates.

    totals       (R + 1,) sums of weights
    means        (R + 1, k)
    covariances  (R + 1, k, k), with n/(n - 1)
    """

    totals: FloatArray
    means: FloatArray
    covariances: FloatArray


def resampled(
    design: Design, names: Sequence[str], theta: Callable[[FloatArray], FloatArray]
) -> Estimates:
    """Return the estimates theta(w) with the joint covariance of their replicates.

    `theta` takes a stack of weights (r, n) to (r, p) estimates; it is called with the full
    sample first (r = 1) and then with blocks of replicates.
    """
    replicates = required_replicates(design)
    values = theta(design.weights[None, :])[0]
    step = max(1, BLOCK_CELLS // design.n)
    draws = np.vstack(
        [
            theta(replicates.weights(design.weights, slice(start, start + step)))
            for start in range(0, replicates.count, step)
        ]
    )
    return from_draws(design, names, values, draws)


def from_draws(
    design: Design, names: Sequence[str], values: FloatArray, draws: FloatArray
) -> Estimates:
    """Return estimates (p,) whose replicates (R, p) were computed elsewhere.

    For a model that is estimated on `moments`; replicates must stand in the order of the
    design's, aligned in sign to the full sample.
    """
    replicates = required_replicates(design)
    nothing = np.full(len(values), np.nan)
    return Estimates(
        names=tuple(names),
        values=np.asarray(values, dtype=np.float64),
        covariance=replicates.covariance(draws, values, ", ".join(names[:3])),
        df=design.degrees_of_freedom(),
        counts=np.full(len(values), float(design.inside.sum())),
        deff=nothing,
        n_eff=nothing,
        draws=draws,
    )


def moments(design: Design, columns: FloatArray) -> Moments:
    """Return the weighted moments of `columns` (n, k), without missing values in the domain."""
    inside = design.inside
    if not inside.any():
        raise ProblemsError([EMPTY_DOMAIN.at(Place(), name="moments")])
    k = columns.shape[1]
    origin = columns[inside].mean(axis=0)
    X = np.where(inside[:, None], columns - origin, 0.0)
    first, second = np.triu_indices(k)
    table = np.column_stack([np.ones(len(X)), X, X[:, first] * X[:, second]])
    table *= design.weights[:, None]
    sums = table.sum(axis=0)[None, :]
    if design.replicates is not None:
        sums = np.vstack([sums, design.replicates.totals(table)])
    totals = sums[:, 0]
    means = sums[:, 1 : k + 1] / totals[:, None]
    products = np.empty((len(sums), k, k))
    products[:, first, second] = products[:, second, first] = sums[:, k + 1 :] / totals[:, None]
    n = int(inside.sum())
    centred = products - means[:, :, None] * means[:, None, :]
    return Moments(totals, means + origin, centred * (n / max(n - 1, 1)))


def required_replicates(design: Design) -> Replicates:
    """Return the design's replicates, or raise a problem when it has none."""
    if design.replicates is None:
        raise ProblemsError([NO_REPLICATES.at(Place())])
    return design.replicates
