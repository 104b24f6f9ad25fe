"""PURE. Replicate weights as a value, and the covariance they give.

A replicate weight is the case's weight times a multiplier. Cases that always share a multiplier
(those of one unit, or of one unit and one raking cell) share a row of the table, so that 500
replicates of 200,000 cases stay small. Source: Wolter, Introduction to Variance Estimation
(2nd ed.); scales as in R's survey package 4.1 (svrVar).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from analysis.numbering import numbered
from analysis.sampling.columns import BoolArray, FloatArray, IntArray
from analysis.sampling.plan_messages import REPLICATE_FAILED, REPLICATE_SHAPE
from foundation.problems import Place, ProblemsError

RANK_TOLERANCE = 1e-5
LONG = 4


@dataclass(frozen=True)
class Replicates:
    """R replicates over m groups of rows.

    group        (n,) index of each row's group
    multipliers  (m, R) multiplier of the weight
    scale        factor of the whole sum of squares
    rscales      (R,) factor of each replicate
    kind         JK1, JKn, BRR, Fay, bootstrap, subbootstrap or imported
    mse          deviations from the full-sample estimate instead of the replicates' mean
    drawn        (m0, R) multipliers before any step of weighting, and `origin` (m,) the row of
                 each group in it; None while they are the multipliers themselves
    """

    group: IntArray
    multipliers: FloatArray
    scale: float
    rscales: FloatArray
    kind: str
    mse: bool = False
    drawn: FloatArray | None = None
    origin: IntArray | None = None

    @property
    def count(self) -> int:
        """Number of replicates."""
        return int(self.multipliers.shape[1])

    def weights(self, weights: FloatArray, block: slice) -> FloatArray:
        """Return (r, n) replicate weights of the replicates in `block`."""
        return np.asarray(self.multipliers[:, block].T[:, self.group] * weights)

    def totals(self, values: FloatArray) -> FloatArray:
        """Return (R, q) replicate sums of `values` (n, q), which are already weighted."""
        sums = np.empty((self.multipliers.shape[0], values.shape[1]))
        for column in range(values.shape[1]):
            sums[:, column] = np.bincount(
                self.group, weights=values[:, column], minlength=len(sums)
            )
        return np.asarray(self.multipliers.T @ sums)

    def covariance(self, draws: FloatArray, center: FloatArray, name: str = "") -> FloatArray:
        """Return (k, k) covariance of estimates from their replicates `draws` (R, k).

        V = scale * sum_r rscales_r (draw_r - c)(draw_r - c)', c being the mean over replicates,
        or the full-sample estimate `center` (k,) when `mse` is set. An undefined replicate is a
        named problem: leaving it out would shrink the error.
        """
        failed = ~np.isfinite(draws).all(axis=1)
        if failed.any():
            count, total = int(failed.sum()), self.count
            raise ProblemsError(
                [REPLICATE_FAILED.at(Place(item=name), name=name, count=count, total=total)]
            )
        middle = center if self.mse else draws[self.rscales > 0].mean(axis=0)
        deviations = draws - middle
        return np.asarray(self.scale * (deviations.T * self.rscales) @ deviations)

    def degrees_of_freedom(self, inside: BoolArray) -> int:
        """Return the rank of the replicate weights of the rows `inside` (n,), minus one."""
        groups = np.unique(self.group[inside])
        if len(groups) == len(self.multipliers):
            return self._whole_rank - 1
        return _rank(self.multipliers[groups]) - 1

    @cached_property
    def _whole_rank(self) -> int:
        return _rank(self.multipliers)

    def regrouped(self, cells: IntArray, factors: FloatArray) -> Replicates:
        """Return the replicates after a step that re-weights each cell by its own factor.

        `cells` (n,) is the cell of each row, `factors` (C, R) the factor of the replicate
        weights of the cell over that of the full-sample weights.
        """
        key = self.group * factors.shape[0] + cells
        present, group = numbered(key, len(self.multipliers) * factors.shape[0])
        unit, cell = present // factors.shape[0], present % factors.shape[0]
        return replace(
            self,
            group=group,
            multipliers=self.multipliers[unit] * factors[cell],
            drawn=self.multipliers if self.drawn is None else self.drawn,
            origin=unit if self.origin is None else self.origin[unit],
        )

    def draws(self) -> FloatArray:
        """Return (m, R) how often each group is drawn: its multiplier before all weighting."""
        if self.drawn is None or self.origin is None:
            return self.multipliers
        return self.drawn[self.origin]


def _rank(table: FloatArray) -> int:
    """Return the rank. Of a table that is much longer than wide by its cross products.

    Their eigenvalues are squares of singular values, which a double tells from zero down to
    about 1e-7 of the largest: well below the tolerance.
    """
    tall = table if table.shape[0] >= table.shape[1] else table.T
    if len(tall) > LONG * tall.shape[1]:
        values = np.linalg.eigvalsh(tall.T @ tall)
        return int((values > RANK_TOLERANCE**2 * values[-1]).sum())
    triangle = np.asarray(np.linalg.qr(tall, mode="r"))
    return int(np.linalg.matrix_rank(triangle, rtol=RANK_TOLERANCE))


def imported(
    table: FloatArray,
    weights: FloatArray,
    *,
    combined: bool,
    scale: float,
    rscales: FloatArray | None = None,
    kind: str = "imported",
    mse: bool = False,
) -> Replicates:
    """Return replicates from a table (n, R) of multipliers or of whole weights (`combined`).

    Rows with the same multipliers are joined, which makes later work as small as it can be.
    """
    if table.shape[0] != len(weights):
        raise ProblemsError(
            [REPLICATE_SHAPE.at(Place(), found=table.shape[0], expected=len(weights))]
        )
    positive = weights != 0
    multipliers = table
    if combined:
        multipliers = np.divide(
            table, weights[:, None], out=np.zeros_like(table), where=positive[:, None]
        )
    rows, group = np.unique(multipliers, axis=0, return_inverse=True)
    factors = np.ones(table.shape[1]) if rscales is None else rscales
    return Replicates(group.reshape(-1).astype(np.int64), rows, scale, factors, kind, mse)
