"""PURE. Balance of covariates before and after weighting: the numbers of a love plot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
NOTABLE = 0.1
"""Standardised differences above this are usually called imbalance (Austin 2009)."""


@dataclass(frozen=True)
class Balance:
    """One covariate: its target, its mean before and after, and the distances in sd's."""

    name: str
    target: float
    before: float
    after: float
    distance_before: float
    distance_after: float

    @property
    def is_balanced(self) -> bool:
        """Whether the distance after weighting is below a tenth of a standard deviation."""
        return abs(self.distance_after) < NOTABLE


def love_plot(
    covariates: FloatArray,
    names: Sequence[str],
    targets: FloatArray,
    *,
    before: FloatArray,
    after: FloatArray,
) -> list[Balance]:
    """Return the balance of the columns of `covariates` (n, k) towards `targets` (k,) means.

    Distances are (mean - target) / sd, the sd being that before weighting, so that both ends of
    a line of the plot have one yardstick. Rows with a missing value of a covariate do not count
    for it. Sorted by the distance before, largest first.
    """
    rows = []
    for name, column, target in zip(names, covariates.T, targets, strict=True):
        known = ~np.isnan(column)
        values = column[known]
        first = float(np.average(values, weights=before[known]))
        second = float(np.average(values, weights=after[known]))
        spread = float(np.sqrt(np.average((values - first) ** 2, weights=before[known])))
        unit = spread if spread > 0 else 1.0
        rows.append(
            Balance(
                name,
                float(target),
                first,
                second,
                (first - float(target)) / unit,
                (second - float(target)) / unit,
            )
        )
    return sorted(rows, key=lambda row: -abs(row.distance_before))
