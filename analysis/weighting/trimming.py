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


def trimmed(
    weights: FloatArray,
    lower: float = -np.inf,
    upper: float = np.inf,
    *,
    strict: bool = False,
    counts: FloatArray | None = None,
) -> FloatArray:
    """Return (n,) weights within limits, with the same sum. Weights of zero stay zero.

    `counts` (n,) says how often each case is there (once without it), as in a replicate that
    draws some cases twice and others not at all.

    >>> trimmed(np.array([1.0, 2.0, 9.0]), upper=6.0)
    array([2.5, 3.5, 6. ])
    """
    times = np.ones(len(weights)) if counts is None else counts
    used = np.asarray((weights != 0) & (times > 0))
    mean = float(np.average(weights[used], weights=times[used]))
    if not lower <= mean <= upper:
        raise ProblemsError([_no_room(lower, upper, mean)])
    current = weights
    while True:
        outside = np.asarray(used & ((current < lower) | (current > upper)))
        if not outside.any():
            return current
        within = np.asarray(used & ~outside)
        if not within.any():
            raise ProblemsError([_no_room(lower, upper, mean)])
        kept = np.clip(current, lower, upper)
        excess = float((times * (current - kept))[outside].sum())
        raised = np.where(within, current + excess / times[within].sum(), current)
        current = np.where(outside, kept, raised)
        if not strict:
            return current


def _no_room(lower: float, upper: float, mean: float) -> Problem:
    return TRIM_BOUNDS.at(Place(), low=lower, high=upper, mean=f"{mean:.6g}")
