"""PURE. The partial least squares iteration, on a stack of covariance matrices.

On complete data the estimates depend on the data through the covariance matrix of the items
only, so a bootstrap is a stack of small matrices that are iterated together. The resample is
the last axis of every array: each step is one operation on all resamples.

Source: Lohmöller, Latent Variable Path Modeling with Partial Least Squares (1989), ch. 2;
Tenenhaus, Esposito Vinzi, Chatelin, Lauro (2005), CSDA 48, 159-205. Agrees with cSEM, seminr,
plspm and SmartPLS (tests/golden/sem).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.linear import inverse, solve, times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.layout import Layout
    from analysis.model.settings import Settings

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

TINY = 1e-12


@dataclass(frozen=True)
class Outer:
    """The outer weights of B resamples, and how the iteration ended.

    weights : (p, B)        scaled so that every construct has variance one
    iterations : (B,) int
    converged, solvable : (B,) bool    solvable is False when a regression inside was singular
    """

    weights: FloatArray
    iterations: NDArray[np.int64]
    converged: BoolArray
    solvable: BoolArray


@dataclass
class _Stack:
    """The resamples still at work: where they belong, and what the iteration needs of each."""

    places: NDArray[np.intp]
    covariances: FloatArray
    deviations: FloatArray
    inverses: dict[int, FloatArray]
    weights: FloatArray
    loadings: FloatArray

    def keep(self, rows: BoolArray) -> None:
        """Go on with these resamples only."""
        self.places = self.places[rows]
        self.covariances = self.covariances[:, :, rows]
        self.deviations = self.deviations[:, rows]
        self.inverses = {j: found[:, :, rows] for j, found in self.inverses.items()}
        self.weights, self.loadings = self.weights[:, rows], self.loadings[:, :, rows]


def outer_weights(plan: Layout, covariances: FloatArray, settings: Settings) -> Outer:
    """Return the outer weights that the PLS iteration settles on, for each resample.

    A resample's weights are those of the step that met the stopping rule for it, so they do not
    depend on which other resamples are in the stack. Signs are as the iteration leaves them.

    Parameters
    ----------
    covariances : (p, p, B) float    correlations in the standardised metric; variances above 0
    """
    b = covariances.shape[2]
    stack, solvable = _start(plan, covariances)
    outer = Outer(np.empty((plan.p, b)), np.zeros(b, int), np.zeros(b, bool), solvable)
    for iteration in range(1, settings.max_iterations + 1):
        before = stack.weights
        outer.solvable[stack.places] &= _step(plan, stack, settings)
        change = np.abs((stack.weights - before) * stack.deviations).max(axis=0)
        _record(outer, stack, iteration, change < settings.tolerance)
        open_ = ~outer.converged[stack.places]
        if not open_.any():
            break
        if 2 * open_.sum() <= len(open_):
            stack.keep(open_)
    return outer


def _record(outer: Outer, stack: _Stack, iteration: int, settled: BoolArray) -> None:
    """Store the weights of every resample that had not settled before this step."""
    fresh = ~outer.converged[stack.places]
    places = stack.places[fresh]
    outer.weights[:, places] = stack.weights[:, fresh]
    outer.iterations[places] = iteration
    outer.converged[places] = settled[fresh]


def _start(plan: Layout, covariances: FloatArray) -> tuple[_Stack, BoolArray]:
    """Return equal weights for all items of a construct, and the inverses that mode B needs."""
    b = covariances.shape[2]
    fine = np.ones(b, dtype=bool)
    inverses = {}
    for j, block in enumerate(plan.blocks):
        if plan.modes[j] == "B":
            inverses[j], sound = inverse(covariances[block, block])
            fine &= sound
    deviations = np.sqrt(np.einsum("iib->ib", covariances))
    stack = _Stack(
        np.arange(b), covariances, deviations, inverses, np.empty(0), np.empty((plan.p, plan.k, b))
    )
    stack.weights = _scaled(plan, stack, np.ones((plan.p, b)))
    return stack, fine


def _scaled(plan: Layout, stack: _Stack, weights: FloatArray) -> FloatArray:
    """Return the weights scaled to constructs of variance one; note the items' covariances.

    `stack.loadings` (p, k, B) becomes the covariance of every item with every construct.
    """
    scaled = np.empty_like(weights)
    for j, block in enumerate(plan.blocks):
        together = np.einsum("mkb,kb->mb", stack.covariances[:, block], weights[block])
        variance = (weights[block] * together[block]).sum(axis=0)
        deviation = np.sqrt(np.where(variance > 0, variance, 1.0))
        np.divide(weights[block], deviation, out=scaled[block])
        np.divide(together, deviation, out=stack.loadings[:, j])
    return scaled


def _step(plan: Layout, stack: _Stack, settings: Settings) -> BoolArray:
    """Move the stack's weights one step; return the mask of the resamples that allowed it."""
    correlations = construct_correlations(plan, stack.weights, stack.loadings)
    inner, fine = inner_weights(plan, correlations, settings.scheme)
    weights = np.empty_like(stack.weights)
    for j, block in enumerate(plan.blocks):
        near = plan.sources[j] + plan.targets[j]
        found = sum(inner[i, j] * stack.loadings[block, i] for i in near)
        weights[block] = times(stack.inverses[j], found) if j in stack.inverses else found
    stack.weights = _scaled(plan, stack, weights)
    return fine


def construct_correlations(plan: Layout, weights: FloatArray, loadings: FloatArray) -> FloatArray:
    """Return (k, k, B) correlations of constructs from (p, k, B) item-construct covariances."""
    correlations = np.empty((plan.k, plan.k, weights.shape[1]))
    for j, block in enumerate(plan.blocks):
        correlations[j] = np.einsum("mb,mkb->kb", weights[block], loadings[block])
    return correlations


def inner_weights(
    plan: Layout, correlations: FloatArray, scheme: str
) -> tuple[FloatArray, BoolArray]:
    """Return (k, k, B) inner weights [i, j] of construct i for j's neighbours' composite.

    Path scheme: j's predecessors by their regression coefficients, its successors by their
    correlations. Centroid: signs of the correlations. Factorial: the correlations. The mask
    (B,) is False where a regression was singular.
    """
    fine = np.ones(correlations.shape[2], dtype=bool)
    if scheme == "centroid":
        return np.where(correlations < 0, -1.0, 1.0), fine
    inner = correlations.copy()
    if scheme == "path":
        for j, sources in enumerate(plan.sources):
            if len(sources) > 1:
                found, sound = regression(correlations, sources, j)
                inner[list(sources), j] = found
                fine &= sound
    return inner, fine


def regression(
    correlations: FloatArray, sources: tuple[int, ...], target: int
) -> tuple[FloatArray, BoolArray]:
    """Return (m, B) standardised coefficients of one construct on others, and their mask."""
    rows = list(sources)
    among = correlations[np.ix_(rows, rows)]
    found, sound = solve(among, correlations[rows, target][:, None])
    return found[:, 0], sound
