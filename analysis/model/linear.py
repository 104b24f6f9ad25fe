"""PURE. Small linear algebra over many resamples at once: the resample is the last axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

SINGULAR = 1e-10


def times(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    """Return matrix times vector for each resample: (m, k, B) and (k, B) give (m, B)."""
    return np.asarray(np.einsum("mkb,kb->mb", matrix, vector))


def solve(matrix: FloatArray, right: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Solve one symmetric positive definite system for each resample.

    Gaussian elimination without exchanging rows, which such systems do not need; each step is
    one operation on all resamples.

    Parameters
    ----------
    matrix : (k, k, B) float       a diagonal near one is assumed (correlations)
    right : (k, m, B) float

    Returns
    -------
    (k, m, B) solutions and a (B,) mask of the systems that could be solved. A system is given
    up when a pivot, the share of a variable that the earlier ones leave unexplained, falls
    below 1e-10 of its diagonal; its solution is finite and means nothing.
    """
    k = len(matrix)
    work = np.concatenate([matrix, right], axis=1)
    least = SINGULAR * np.abs(np.einsum("kkb->kb", matrix))
    fine = np.ones(matrix.shape[2], dtype=bool)
    for i in range(k):
        sound = work[i, i] > least[i]
        fine &= sound
        pivot = np.where(sound, work[i, i], 1.0)
        work[i, i:] /= pivot
        for row in range(i + 1, k):
            work[row, i + 1 :] -= work[row, i] * work[i, i + 1 :]
    for i in range(k - 2, -1, -1):
        work[i, k:] -= np.einsum("jb,jmb->mb", work[i, i + 1 : k], work[i + 1 :, k:])
    return work[:, k:], fine


def inverse(matrix: FloatArray) -> tuple[FloatArray, BoolArray]:
    """Return the inverse of each (k, k, B) matrix and a (B,) mask of those that have one."""
    k, _, resamples = matrix.shape
    return solve(matrix, np.broadcast_to(np.eye(k)[:, :, None], (k, k, resamples)))


def definite(matrix: FloatArray) -> BoolArray:
    """Return a (B,) mask of the (k, k, B) symmetric matrices that are positive definite."""
    return solve(matrix, matrix[:, :0])[1]
