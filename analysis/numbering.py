"""PURE. Numbers for the values of a key that occur, without sorting where a table will do."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
SPARSE = 4
"""Keys are numbered by a table when it has at most so many places per row."""


def numbered(key: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Return the keys (of 0..size-1) that occur, and the place of each row's key among them.

    >>> present, place = numbered(np.array([7, 2, 7]), 10)
    >>> present.tolist(), place.tolist()
    ([2, 7], [1, 0, 1])
    """
    if size > SPARSE * len(key):
        present, place = np.unique(key, return_inverse=True)
        return present, place.astype(np.int64)
    occurs = np.zeros(size, dtype=np.bool_)
    occurs[key] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[key]
