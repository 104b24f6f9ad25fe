"""PURE. Carrying a step of weighting into a design, its linearised error and its replicates.

The factor by which a step changes a weight depends only on the case's cell: its class, its
combination of raking margins, its row of calibration variables. So replicates are re-weighted
from the cells' weighted counts, never row by row.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
from scipy import sparse

from analysis.sampling.columns import FloatArray, IntArray
from analysis.sampling.design import Design, Residual
from analysis.sampling.replicates import Replicates


class Adjustment(Protocol):
    """What `adjusted` needs to know of a step of weighting."""

    @property
    def cells(self) -> IntArray:
        """(n,) cell of each row, 0..C-1."""

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, C) factors from (R, C) weighted counts of the cells."""

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return what the step leaves unexplained of weighted scores."""


def adjusted(design: Design, step: Adjustment) -> Design:
    """Return the design after one step of weighting, replicates re-weighted with it.

    Taken of a whole design, not of a subpopulation. The linearised error of any estimate then
    counts only what the step leaves unexplained.
    """
    counts = np.bincount(step.cells, weights=design.weights).astype(np.float64)
    factors = step.factors(counts[None, :])[0]
    after = design.weights * factors[step.cells]
    stepped = replace(
        design,
        weights=after,
        residuals=(*design.residuals, step.residual(design.weights, after)),
    )
    if design.replicates is None:
        return stepped
    again = _replicate_factors(design.weights, design.replicates, step, len(counts))
    base = np.where(factors != 0, factors, 1.0)
    relative = np.where(factors[:, None] != 0, again / base[:, None], 1.0)
    return replace(stepped, replicates=design.replicates.regrouped(step.cells, relative))


def _replicate_factors(
    weights: FloatArray, replicates: Replicates, step: Adjustment, cells: int
) -> FloatArray:
    """(C, R) factors of the step in each replicate."""
    table = sparse.coo_array(
        (weights, (step.cells, replicates.group)),
        shape=(cells, replicates.multipliers.shape[0]),
    ).tocsr()
    counts = np.asarray(table @ replicates.multipliers)
    return step.factors(counts.T).T
