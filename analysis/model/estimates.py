"""PURE. One complete estimation of a path model for a stack of resamples."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.linear import definite
from analysis.model.pls import construct_correlations, outer_weights
from analysis.model.reliability import rho_a
from analysis.model.structure import inner_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.layout import Layout
    from analysis.model.moments import Moments
    from analysis.model.settings import Settings
    from analysis.model.structure import Inner

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    BoolArray = NDArray[np.bool_]


class Status(IntEnum):
    """How the estimation of a resample ended. Only FINE ones enter errors and intervals."""

    FINE = 0
    CONSTANT_ITEM = 1
    COLLINEAR = 2
    NOT_CONVERGED = 3
    NO_RELIABILITY = 4
    NOT_ADMISSIBLE = 5
    UNRELATED = 6
    NO_INDEX = 7


@dataclass(frozen=True)
class Estimates:
    """All estimates of B resamples of p items and k constructs; the resample is the last axis.

    Parameters
    ----------
    means, deviations : (p, B)    of the items, in their units; divisor n
    items : (p, p, B)             correlations of the items
    weights : (p, B)              outer weights of the standardised items
    cross : (p, k, B)             correlations of the items with the composites
    loadings : (p, B)             of the items on their own construct (consistent if asked for)
    constructs : (k, k, B)        correlations of the constructs (consistent if asked for)
    reliabilities : (k, B)        what the composites were corrected by: rho_A, or 1
    inner                         paths, total effects and R2
    status, iterations : (B,)     how the estimation ended, and after how many steps
    first                         of the stage before, in a model of several stages
    """

    means: FloatArray
    deviations: FloatArray
    items: FloatArray
    weights: FloatArray
    cross: FloatArray
    loadings: FloatArray
    constructs: FloatArray
    reliabilities: FloatArray
    inner: Inner
    status: IntArray
    iterations: IntArray
    first: Estimates | None = None

    @property
    def slopes(self) -> FloatArray:
        """Return the (p, B) outer weights per unit of each item."""
        return self.weights / self.deviations


def estimate(
    plan: Layout, moments: Moments, settings: Settings, towards: FloatArray | None = None
) -> Estimates:
    """Estimate the model on each resample's moments.

    Signs: every construct is turned so that it correlates positively with the sum of its
    standardised items or, when `towards` (p, weights per unit of each item) is given, with the
    composite that those weights make of the same resample.

    A resample that cannot be estimated says why in `status`; its numbers are finite and mean
    nothing.
    """
    deviations, items = _correlations(moments.covariances)
    raw = settings.metric == "raw"
    covariances = deviations[:, None] * items * deviations[None] if raw else items
    outer = outer_weights(plan, covariances, settings)
    weights = outer.weights * deviations if raw else outer.weights
    anchor = np.ones_like(deviations) if towards is None else towards[:, None] * deviations
    weights, cross = _turned(plan, items, weights, anchor)
    corrected = _corrected(plan, items, weights, cross, consistent=settings.consistent)
    inner = inner_model(plan, corrected.constructs)
    failures = {
        Status.NOT_ADMISSIBLE: ~corrected.admissible,
        Status.NO_RELIABILITY: ~corrected.reliable,
        Status.COLLINEAR: ~(outer.solvable & inner.solvable),
        Status.NOT_CONVERGED: ~outer.converged,
        Status.UNRELATED: (plan.sums(np.abs(weights)) == 0).any(axis=0),
        Status.CONSTANT_ITEM: ~moments.varies,
    }
    return Estimates(
        moments.means,
        deviations,
        items,
        weights,
        cross,
        corrected.loadings,
        corrected.constructs,
        corrected.reliabilities,
        inner,
        _status(failures, len(outer.iterations)),
        outer.iterations,
    )


def _status(failures: dict[Status, BoolArray], b: int) -> IntArray:
    """Return (B,) the gravest failure of each resample: a later one replaces an earlier."""
    status = np.zeros(b, dtype=np.int64)
    for failure, happened in failures.items():
        status[happened] = failure
    return status


def _correlations(covariances: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return standard deviations and correlations; an item without variance keeps a one."""
    variances = np.einsum("iib->ib", covariances)
    deviations = np.sqrt(np.where(variances > 0, variances, 1.0))
    correlations = covariances / deviations[:, None] / deviations[None]
    np.einsum("iib->ib", correlations)[:] = 1.0
    return deviations, correlations


def _turned(
    plan: Layout, items: FloatArray, weights: FloatArray, anchor: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return weights and item-composite correlations with each construct turned to its anchor."""
    cross = np.empty((plan.p, plan.k, weights.shape[1]))
    turned = np.empty_like(weights)
    for j, block in enumerate(plan.blocks):
        found = np.einsum("mkb,kb->mb", items[:, block], weights[block])
        sign = np.where((found[block] * anchor[block]).sum(axis=0) < 0, -1.0, 1.0)
        cross[:, j], turned[block] = found * sign, weights[block] * sign
    return turned, cross


@dataclass(frozen=True)
class _Corrected:
    """Loadings and construct correlations, freed of measurement error where asked for."""

    loadings: FloatArray
    constructs: FloatArray
    reliabilities: FloatArray
    reliable: BoolArray
    admissible: BoolArray


def _corrected(
    plan: Layout, items: FloatArray, weights: FloatArray, cross: FloatArray, *, consistent: bool
) -> _Corrected:
    """Return loadings and construct correlations, corrected for attenuation if `consistent`.

    A construct of mode A and several items is divided by the root of its reliability rho_A;
    its loadings become w sqrt(rho_A) / w'w. Source: Dijkstra, Henseler (2015), MIS Quarterly
    39(2), 297-316.
    """
    constructs = construct_correlations(plan, weights, cross)
    loadings = cross[np.arange(plan.p), plan.owners]
    always = np.ones(weights.shape[1], dtype=bool)
    ones = np.ones((plan.k, len(always)))
    if not consistent:
        return _Corrected(loadings, constructs, ones, always, always)
    rho = np.copy(ones)
    rho[list(plan.factors)] = rho_a(plan, items, weights)[list(plan.factors)]
    reliable = np.asarray((rho > 0).all(axis=0))
    root = np.sqrt(np.where(rho > 0, rho, 1.0))
    for j in plan.factors:
        own = weights[plan.blocks[j]]
        squares = (own * own).sum(axis=0)
        loadings[plan.blocks[j]] = own * root[j] / np.where(squares > 0, squares, 1.0)
    constructs = constructs / root[:, None] / root[None]
    np.einsum("iib->ib", constructs)[:] = 1.0
    possible = np.asarray(np.concatenate([rho, np.abs(loadings)]).max(axis=0) <= 1)
    admissible = np.logical_and(definite(constructs), possible)
    return _Corrected(loadings, constructs, rho, reliable, admissible)
