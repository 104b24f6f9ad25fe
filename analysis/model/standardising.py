"""PURE. Answers centred and scaled, so that iterations work on numbers of one size."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]


def standardise(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Centre and scale (n, p) values in place, NaN apart; return their means and units (p,).

    Column by column, so that a million cases are not held several times over.
    """
    p = values.shape[1]
    means, units = np.zeros(p), np.ones(p)
    for column in range(p):
        own = values[:, column]
        there = own[~np.isnan(own)]
        means[column], units[column] = there.mean(), there.std()
        own -= means[column]
        own /= units[column]
    return means, units
