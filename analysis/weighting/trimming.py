"""PURE. Trimming: weights cut off at limits, what is cut given back to the others.

As trimWeights of R's survey package 4.1: the sum of what was cut is spread equally over the
cases within the limits; `strict` repeats until none is outside.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.weighting.messages import TRIM_BOUNDS
from foundation.problems import Place, Problem, ProblemsError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def trimmed(
    weights: FloatArray, lower: float = -np.inf, upper: float = np.inf, *, strict: bool = False
) -> FloatArray:
    """Return (n,) weights within limits, with the same sum. Weights of zero stay zero.

    >>> trimmed(np.array([1.0, 2.0, 9.0]), upper=6.0)
    array([2.5, 3.5, 6. ])
    """
    used = np.asarray(weights != 0)
    mean = float(weights[used].mean())
    if not lower <= mean <= upper:
        raise ProblemsError([_no_room(lower, upper, mean)])
    current = weights
    while True:
        outside = np.asarray(used & ((current < lower) | (current > upper)))
        if not outside.any():
            return current
        current = _cut(current, outside, used, lower, upper)
        if not strict:
            return current


def _cut(
    weights: FloatArray, outside: BoolArray, used: BoolArray, lower: float, upper: float
) -> FloatArray:
    within = np.asarray(used & ~outside)
    kept = np.clip(weights, lower, upper)
    if not within.any():
        raise ProblemsError([_no_room(lower, upper, float(weights[used].mean()))])
    if not within.any():
        raise ProblemsError([_no_room(lower, upper, float(weights[used].mean()))])
    excess = float((weights - kept)[outside].sum())
    result = np.where(outside, kept, weights)
    return np.where(within, result + excess / within.sum(), result)


def _no_room(lower: float, upper: float, mean: float) -> Problem:
    return TRIM_BOUNDS.at(Place(), low=lower, high=upper, mean=f"{mean:.6g}")
