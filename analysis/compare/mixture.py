"""PURE. Segments in the inner model: a finite mixture of regressions between constructs (FIMIX).

Source: Hahn, Johnson, Herrmann, Huber (2002), Schmalenbach Business Review 54, 243-269.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.layout import Layout

    FloatArray = NDArray[np.float64]

LEAST_VARIANCE = 1e-4
"""A segment whose residual variance falls below this share of a construct's is a mistake: the
likelihood of a mixture grows without end on a few cases that lie on one line."""

DEPENDENT = 1e-8
TOLERANCE = 1e-8
STEPS = 2000


@dataclass(frozen=True)
class Mixture:
    """A mixture of S segments, fitted to the scores of n cases.

    Parameters
    ----------
    shares : (S,)           of the segments, adding up to one; from large to small
    paths : (S, k, k)       [segment, target, source]
    variances : (S, k)      unexplained, of the constructs that paths lead to; one for the others
    members : (n, S)        the chance of each case to belong to each segment
    log_likelihood          of the scores of the constructs that paths lead to, given the others
    steps, converged        of the EM algorithm
    """

    shares: FloatArray
    paths: FloatArray
    variances: FloatArray
    members: FloatArray
    log_likelihood: float
    steps: int
    converged: bool

    @property
    def segments(self) -> int:
        """Return the number of segments."""
        return len(self.shares)

    @property
    def assignment(self) -> NDArray[np.intp]:
        """Return (n,) the segment that each case most likely belongs to."""
        return np.asarray(self.members.argmax(axis=1))


def fit_mixture(plan: Layout, scores: FloatArray, members: FloatArray) -> Mixture | None:
    """Return the mixture that EM reaches from the memberships (n, S), or None.

    Each step weighs the cases by their memberships in one regression for each segment and
    construct, without intercept, then gives each case its chances anew. It ends when a step
    adds less than 1e-8 of the log likelihood. None when a segment dies out, has dependent
    predictors or collapses onto a line.

    Parameters
    ----------
    scores : (n, k)     of the constructs, mean zero and variance one
    """
    before, likelihood, steps, converged = -np.inf, -np.inf, 0, False
    shares, paths, variances = np.empty(0), np.empty(0), np.empty(0)
    products = (scores[:, :, None] * scores[:, None]).reshape(len(scores), -1)
    while steps < STEPS and not converged:
        steps += 1
        found = _regressions(plan, products, members)
        if found is None:
            return None
        shares, paths, variances = found
        members, likelihood = _memberships(plan, scores, shares, paths, variances)
        converged = likelihood - before < TOLERANCE * abs(likelihood)
        before = likelihood
    order = _order(shares, paths)
    return Mixture(
        shares[order],
        paths[order],
        variances[order],
        members[:, order],
        likelihood,
        steps,
        converged,
    )


def _order(shares: FloatArray, paths: FloatArray) -> list[int]:
    """Return segments from large to small; of equal ones, that with the larger paths first."""
    keys = [(-share, *(-own).ravel().tolist()) for share, own in zip(shares, paths, strict=True)]
    return sorted(range(len(keys)), key=keys.__getitem__)


def _regressions(
    plan: Layout, products: FloatArray, members: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Return shares (S,), paths (S, k, k) and variances (S, k) under memberships, or None.

    `products` (n, k * k) are those of every two scores of each case.
    """
    n, S = members.shape
    sizes = members.sum(axis=0)
    terms = max(len(sources) for sources in plan.sources)
    if (sizes < terms + 1).any():
        return None
    moments = (members.T @ products).reshape(S, plan.k, plan.k) / sizes[:, None, None]
    paths, variances = np.zeros((S, plan.k, plan.k)), np.ones((S, plan.k))
    for target in plan.endogenous:
        sources = list(plan.sources[target])
        among = moments[:, sources][:, :, sources]
        if (np.linalg.eigvalsh(among)[:, 0] < DEPENDENT).any():
            return None
        across = moments[:, sources, target]
        own = np.linalg.solve(among, across[:, :, None])[:, :, 0]
        paths[:, target, sources] = own
        variances[:, target] = moments[:, target, target] - (own * across).sum(axis=1)
    if (variances < LEAST_VARIANCE).any():
        return None
    return sizes / n, paths, variances


def _memberships(
    plan: Layout,
    scores: FloatArray,
    shares: FloatArray,
    paths: FloatArray,
    variances: FloatArray,
) -> tuple[FloatArray, float]:
    """Return the chances (n, S) of the cases and the log likelihood of all."""
    ends = list(plan.endogenous)
    residuals = scores[:, None, ends] - np.tensordot(scores, paths[:, ends], (1, 2))
    own = variances[:, ends]
    logs = -0.5 * (residuals**2 / own + np.log(2 * np.pi * own)).sum(axis=2) + np.log(shares)
    highest = logs.max(axis=1, keepdims=True)
    together = highest[:, 0] + np.log(np.exp(logs - highest).sum(axis=1))
    return np.exp(logs - together[:, None]), float(together.sum())
