"""PURE. Blindfolding: cells of a construct's items are left out, and the model restores them.

Source: Chin (1998), in Marcoulides, Modern Methods for Business Research, 295-336; Tenenhaus,
Esposito Vinzi, Chatelin, Lauro (2005), CSDA 48, 159-205, section 3.4; the omission distances:
Hair, Hult, Ringle, Sarstedt (2022), A Primer on PLS-SEM, ch. 6.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.estimates import Status, estimate
from analysis.model.layout import size
from analysis.model.moments import CONSTANT, Moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.settings import Settings

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

DISTANCES = (7, 8, 9, 10, 11, 12, 6, 5)
"""Omission distances that the literature names, in the order they are tried."""


@dataclass(frozen=True)
class Blindfold:
    """Cross-validated Q2 of each construct, (k,): NaN where it is not defined.

    redundancy     omitted cells restored from the constructs that lead here
    communality    omitted cells restored from the construct's other answers
    lost           rounds that could not be estimated, left out of the sums
    """

    distance: int
    redundancy: FloatArray
    communality: FloatArray
    lost: int


def omission_distance(n: int) -> int:
    """Return an omission distance that does not divide the number of cases.

    Dividing it would leave out the same cases in every item.
    """
    return next((d for d in DISTANCES if n % d), 13)


def blindfold(
    plan: Layout,
    values: FloatArray,
    weights: FloatArray | None,
    settings: Settings,
    distance: int | None = None,
) -> Blindfold:
    """Return the cross-validated redundancy and communality of each construct.

    The cells of one construct are numbered item after item; round d leaves out every cell whose
    number is d modulo the distance, puts the mean of the item's other answers in its place and
    estimates the model again. Q2 is one minus the squared errors of the restored cells over
    those of the mean, in standard deviations of the items. Missing answers are replaced by the
    mean and never restored; composites predict, also in a consistent estimation.

    Parameters
    ----------
    values : (n, p)    prepared answers, NaN for none; weights : (n,) or None
    """
    distance = distance or omission_distance(len(values))
    share = np.full(len(values), 1.0 / len(values)) if weights is None else weights / weights.sum()
    z = _standardised(values, share)
    whole = np.where(np.isnan(z), 0.0, z)
    base = (whole * share[:, None]).T @ whole
    rounds = [(j, d) for j in range(plan.k) for d in range(distance)]
    hidden = [_hidden(plan.blocks[j], z, distance, d) for j, d in rounds]
    own = [
        _filled(z[:, plan.blocks[j]], gone, share)
        for (j, _), gone in zip(rounds, hidden, strict=True)
    ]
    stacked = _moments(
        plan,
        base,
        whole,
        share,
        [(j, filled) for (j, _), (filled, _) in zip(rounds, own, strict=True)],
    )
    found = estimate(plan, stacked, replace(settings, consistent=False))
    sums = np.zeros((3, plan.k))
    for b, (j, _) in enumerate(rounds):
        if found.status[b] == Status.FINE:
            filled, means = own[b]
            truth = z[:, plan.blocks[j]] - means
            restored = _restored(plan, found, (b, j), whole, filled)
            sums[:, j] += [_squares(truth - x, hidden[b], share) for x in (*restored, 0.0)]
    lost = int((found.status != Status.FINE).sum())
    return Blindfold(distance, *_q2(plan, sums), lost)


def _q2(plan: Layout, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return Q2 from (3, k) sums of squares: redundancy, communality, mean.

    Not defined in mode B; the redundancy needs a path to the construct, the communality more
    than one item.
    """
    reflective = np.array([mode == "A" for mode in plan.modes]) & (sums[2] > 0)
    reached = reflective & np.isin(np.arange(plan.k), plan.endogenous)
    several = reflective & ~np.isin(np.arange(plan.k), plan.singles)
    q2 = 1.0 - sums[:2] / np.where(sums[2] > 0, sums[2], 1.0)
    return np.where(reached, q2[0], np.nan), np.where(several, q2[1], np.nan)


def _standardised(values: FloatArray, share: FloatArray) -> FloatArray:
    """Return the answers in standard deviations from their weighted mean, NaN where missing."""
    there = ~np.isnan(values)
    weights = share[:, None] * there
    filled = np.where(there, values, 0.0)
    means = (weights * filled).sum(axis=0) / weights.sum(axis=0)
    gaps = np.where(there, values - means, 0.0)
    return np.asarray((values - means) / np.sqrt((share[:, None] * gaps**2).sum(axis=0)))


def _hidden(block: slice, z: FloatArray, distance: int, d: int) -> BoolArray:
    """Return an (n, m) mask of the cells that round d leaves out."""
    n, m = len(z), size(block)
    numbers = np.arange(n * m).reshape(m, n).T
    return np.asarray(numbers % distance == d) & ~np.isnan(z[:, block])


def _filled(block: FloatArray, gone: BoolArray, share: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the block centred on what is left, zero for omitted cells, and those means."""
    left = ~(gone | np.isnan(block))
    weights = share[:, None] * left
    total = weights.sum(axis=0)
    sums = (weights * np.where(left, block, 0.0)).sum(axis=0)
    means = sums / np.where(total > 0, total, 1.0)
    return np.where(left, block - means, 0.0), means


def _moments(
    plan: Layout,
    base: FloatArray,
    whole: FloatArray,
    share: FloatArray,
    rounds: list[tuple[int, FloatArray]],
) -> Moments:
    """Return the moments of each round: those of the whole, with one block replaced."""
    covariances = np.repeat(base[:, :, None], len(rounds), axis=2)
    for b, (j, filled) in enumerate(rounds):
        block = plan.blocks[j]
        weighted = (filled * share[:, None]).T
        crossed = weighted @ whole
        crossed[:, block] = weighted @ filled - np.outer(share @ filled, share @ filled)
        covariances[block, :, b], covariances[:, block, b] = crossed, crossed.T
    varies = np.asarray((np.einsum("iib->ib", covariances) > CONSTANT).all(axis=0))
    covariances[:, :, ~varies] = np.eye(plan.p)[:, :, None]
    return Moments(np.zeros((plan.p, len(rounds))), covariances, varies)


def _restored(
    plan: Layout, found: Estimates, at: tuple[int, int], whole: FloatArray, filled: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the (n, m) cells of block j in round b, from its predecessors and from itself."""
    b, j = at
    block, slopes = plan.blocks[j], found.slopes[:, b]
    back = found.loadings[block, b] * found.deviations[block, b]
    scores = plan.sums((whole * slopes).T).T
    expected = scores @ found.inner.paths[j, :, b]
    return np.outer(expected, back), np.outer(filled @ slopes[block], back)


def _squares(gaps: FloatArray, chosen: BoolArray, share: FloatArray) -> float:
    return float((share[:, None] * np.where(chosen, gaps, 0.0) ** 2).sum())
