"""PURE. Bootstrap intervals: percentiles, BCa and studentised.

Sources: Efron, Tibshirani, An Introduction to the Bootstrap (1993), ch. 12 (studentised), 13
(percentile) and 14 (BCa, formulas 14.10, 14.14, 14.15); Davison, Hinkley, Bootstrap Methods and
their Application (1997), ch. 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.resampling import Resamples

    FloatArray = NDArray[np.float64]

INNER_GROUPS = 20
"""Groups of draws that the standard error within a resample is taken from."""

STILL = 1e-12
"""An error below which a number counts as the same in every resample."""


def by_percentiles(
    point: FloatArray, resamples: Resamples, tail: float, rows: slice = slice(None)
) -> FloatArray:
    """Return (2, K) ends of bootstrap intervals that leave `tail` out on either side."""
    values = resamples.usable[rows]
    if resamples.interval == "bca" and resamples.deleted is not None:
        return _bca(point[rows], values, resamples.deleted[rows], tail)
    if resamples.interval == "studentised" and resamples.inner is not None:
        assert resamples.deleted is not None  # noqa: S101 - they come together
        inner = resamples.inner[rows][:, resamples.fine]
        return _studentised(point[rows], values, inner, resamples.deleted[rows], tail)
    return np.quantile(values, [tail, 1.0 - tail], axis=1)


def _bca(point: FloatArray, values: FloatArray, deleted: FloatArray, tail: float) -> FloatArray:
    """Return percentiles moved by the bias z0 and the acceleration a.

    z0 is the normal quantile of the share of resampled values below the estimate (ties count
    half); a comes from the estimates without each case. A share of zero or one counts as half a
    resample, so that the ends stay among the resampled values.
    """
    from scipy.special import ndtr, ndtri

    b = values.shape[1]
    gaps = values - point[:, None]
    same = np.abs(gaps) <= STILL * np.maximum(1.0, np.abs(point))[:, None]
    below = ((gaps < 0) & ~same).sum(axis=1) + 0.5 * same.sum(axis=1)
    bias = ndtri(np.clip(below / b, 0.5 / b, 1.0 - 0.5 / b))
    acceleration = _acceleration(deleted)
    ends = []
    for share in (tail, 1.0 - tail):
        moved = bias + ndtri(share)
        room = 1.0 - acceleration * moved
        level = ndtr(bias + moved / np.where(room > 0, room, 1.0))
        level = np.where(room > 0, level, np.where(moved > 0, 1.0, 0.0))
        ends.append([np.quantile(own, at) for own, at in zip(values, level, strict=True)])
    return np.array(ends)


def _acceleration(deleted: FloatArray) -> FloatArray:
    """Return (K,) accelerations; zero for what no case changes."""
    gaps = deleted.mean(axis=1, keepdims=True) - deleted
    squares = (gaps**2).sum(axis=1)
    moved = squares > STILL**2 * deleted.shape[1]
    return np.where(
        moved, (gaps**3).sum(axis=1) / (6.0 * np.where(moved, squares, 1.0) ** 1.5), 0.0
    )


def jackknife_errors(deleted: FloatArray) -> FloatArray:
    """Return (K,) standard errors from (K, G) values without each of G groups of cases."""
    groups = deleted.shape[1]
    if not groups:
        return np.zeros(len(deleted))
    gaps = deleted - deleted.mean(axis=1, keepdims=True)
    return np.asarray(np.sqrt((groups - 1) / groups * (gaps**2).sum(axis=1)))


def _studentised(
    point: FloatArray, values: FloatArray, inner: FloatArray, deleted: FloatArray, tail: float
) -> FloatArray:
    """Return the estimate minus quantiles of (resampled - estimate) / its own error, times SE.

    The errors within the resamples rest on few groups and scatter; the quantiles are multiplied
    by the ratio of the normal to Student's quantile with one degree less than groups, which
    takes that scatter out again.
    """
    from scipy.special import ndtri, stdtrit

    moving = inner > STILL
    ratios = np.where(moving, (values - point[:, None]) / np.where(moving, inner, 1.0), 0.0)
    calmed = float(ndtri(1.0 - tail) / stdtrit(INNER_GROUPS - 1, 1.0 - tail))
    upper, lower = np.quantile(ratios, [tail, 1.0 - tail], axis=1) * calmed
    se = jackknife_errors(deleted)
    return np.stack([point - lower * se, point - upper * se])
