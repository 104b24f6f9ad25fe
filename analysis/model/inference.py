"""PURE. Standard errors and intervals from resamples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.corrected import by_percentiles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.resampling import Resamples

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Figure:
    """One estimated number with its standard error and interval (None without resampling)."""

    value: float
    se: float | None = None
    low: float | None = None
    high: float | None = None


def figure(point: FloatArray, resamples: Resamples | None, place: int, level: float) -> Figure:
    """Return the parameter at one place with its error and interval."""
    value = float(point[place])
    if resamples is None:
        return Figure(value)
    rows = slice(place, place + 1)
    low, high = intervals(point, resamples, level=level, rows=rows)[:, 0].tolist()
    return Figure(value, float(standard_errors(point, resamples, rows=rows)[0]), low, high)


def standard_errors(
    point: FloatArray, resamples: Resamples, *, rows: slice = slice(None)
) -> FloatArray:
    """Return (K,) standard errors.

    Bootstrap: the standard deviation of the resampled values (divisor one less than their
    number). Replicate weights: the root of the factors times the squared deviations from the
    full sample.
    """
    values = resamples.usable[rows]
    if resamples.factors is None:
        return np.asarray(values.std(axis=1, ddof=1))
    gaps = values - point[rows, None]
    return np.asarray(np.sqrt((resamples.factors[resamples.fine] * gaps**2).sum(axis=1)))


def intervals(
    point: FloatArray, resamples: Resamples, *, level: float = 0.95, rows: slice = slice(None)
) -> FloatArray:
    """Return (2, K) lower and upper ends of intervals.

    Bootstrap: percentiles of the resampled values (linear interpolation), or what
    `resamples.interval` asks for (`analysis.model.corrected`). Replicate weights: the value plus
    and minus a quantile of Student's t times the standard error.
    """
    tail = (1.0 - level) / 2.0
    if resamples.factors is None:
        return by_percentiles(point, resamples, tail, rows)
    half = student(1.0 - tail, resamples.df) * standard_errors(point, resamples, rows=rows)
    return np.stack([point[rows] - half, point[rows] + half])


def student(share: float, df: float) -> float:
    """Return a quantile of Student's t distribution; df may be infinite."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(share) if np.isinf(df) else stdtrit(df, share))
