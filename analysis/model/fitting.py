"""PURE. How far the model reproduces the correlations of the items: SRMR, d_ULS, d_G, GoF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.layout import size
from analysis.model.structure import implied_correlations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Discrepancy:
    """Distances between observed and implied item correlations, each (B,).

    d_ULS is half the sum of squared differences; SRMR the root of their mean over the lower
    triangle with the diagonal; d_G half the sum of squared logarithms of the eigenvalues of
    the one relative to the other (infinite when the implied matrix is not positive definite).
    The logarithm is to base 10, as in cSEM; times 5.302 gives the natural one of the source.
    Source: Dijkstra, Henseler (2015), Computational Statistics & Data Analysis 81, 10-23.
    """

    srmr: FloatArray
    d_uls: FloatArray
    d_g: FloatArray


def implied_items(
    plan: Layout, correlations: FloatArray, loadings: FloatArray, constructs: FloatArray
) -> FloatArray:
    """Return the (p, p, B) item correlations that loadings and construct correlations imply.

    Items of different constructs correlate through them. Within a construct of mode A items
    correlate through their construct only; within one of mode B, as observed.
    """
    owners = plan.owners
    implied = loadings[:, None] * loadings[None] * constructs[owners][:, owners]
    for j, block in enumerate(plan.blocks):
        if plan.modes[j] == "B":
            implied[block, block] = correlations[block, block]
    np.einsum("iib->ib", implied)[:] = 1.0
    return implied


def discrepancy(observed: FloatArray, implied: FloatArray) -> Discrepancy:
    """Return the distances between (p, p, B) observed and implied correlations."""
    gaps = ((observed - implied) ** 2).sum(axis=(0, 1))
    return Discrepancy(srmr(observed, implied), gaps / 2.0, geodesic(observed, implied))


def srmr(observed: FloatArray, implied: FloatArray) -> FloatArray:
    """Return (B,) roots of the mean squared difference of (p, p, B) correlations."""
    p, gaps = len(observed), (observed - implied) ** 2
    lower = (gaps.sum(axis=(0, 1)) + np.einsum("iib->b", gaps)) / 2.0
    return np.asarray(np.sqrt(lower / (p * (p + 1) / 2.0)))


def geodesic(observed: FloatArray, implied: FloatArray) -> FloatArray:
    """Return (B,) geodesic distances; infinity where the implied matrix is not definite."""
    first, second = np.moveaxis(observed, 2, 0), np.moveaxis(implied, 2, 0)
    own, vectors = np.linalg.eigh(second)
    definite = own[:, 0] > 0
    unit = vectors / np.sqrt(np.where(definite[:, None], own, 1.0))[:, None]
    values = np.linalg.eigvalsh(unit.swapaxes(1, 2) @ first @ unit)
    positive = definite & (values[:, 0] > 0)
    logs = np.log10(np.where(positive[:, None], values, 1.0))
    return np.asarray(np.where(positive, 0.5 * (logs**2).sum(axis=1), np.inf))


def implied_of(plan: Layout, found: Estimates) -> FloatArray:
    """Return the (p, p, B) item correlations implied by a fitted model."""
    constructs = implied_correlations(plan, found.constructs, found.inner)
    return implied_items(plan, found.items, found.loadings, constructs)


def degrees_of_freedom(plan: Layout) -> int:
    """Return the item correlations minus the free parameters of the model.

    Counted as loadings for a construct of mode A; for mode B, weights minus one and the
    correlations within; plus paths and the correlations of exogenous constructs.
    """
    exogenous = plan.k - len(plan.endogenous)
    free = exogenous * (exogenous - 1) // 2 + sum(len(sources) for sources in plan.sources)
    for block, mode in zip(plan.blocks, plan.modes, strict=True):
        m = size(block)
        free += m if mode == "A" else m - 1 + m * (m - 1) // 2
    return plan.p * (plan.p - 1) // 2 - free


def goodness(plan: Layout, loadings: FloatArray, r2: FloatArray) -> FloatArray:
    """Return (B,) GoF: the root of mean communality times mean R2, single items left out.

    Source: Tenenhaus, Amato, Esposito Vinzi (2004), XLII SIS Scientific Meeting.
    """
    several = np.concatenate(
        [np.full(size(block), j not in plan.singles) for j, block in enumerate(plan.blocks)]
    )
    communality = (loadings[several] ** 2).mean(axis=0) if several.any() else 1.0
    return np.asarray(np.sqrt(communality * r2[list(plan.endogenous)].mean(axis=0)))
