"""PURE. Carrying a step of weighting into a design, its linearised error and its replicates.

The factor by which a step changes a weight depends only on the case's cell: its class, its
combination of raking margins, its row of calibration variables. So replicates are re-weighted
from the cells' weighted counts, never row by row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from scipy import sparse

from analysis.sampling.columns import BoolArray, FloatArray, IntArray
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


@dataclass(frozen=True)
class Within:
    """A step taken by the cases `rows` (n,) alone, for example those of one wave.

    `step` was made for all n cases; what it makes of the others does not count.
    """

    step: Adjustment
    rows: BoolArray

    @property
    def cells(self) -> IntArray:
        """(n,) 0 outside, one more than the step's own cell inside."""
        return np.where(self.rows, self.step.cells + 1, 0)

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, C + 1) factors, 1 outside."""
        return np.hstack([np.ones((len(counts), 1)), self.step.factors(counts[:, 1:])])

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return what the step leaves of the scores inside; those outside stay."""
        inner = self.step.residual(before * self.rows, after * self.rows)
        inside = self.rows[:, None]
        return lambda scores: np.where(inside, inner(np.where(inside, scores, 0.0)), scores)


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
