"""PURE. Brent's root finder, step for step as R's uniroot takes it.

A step function has no root but a jump; which side of it the search ends on, and so which value a
score interval names, depends on the path of the search. Source: Brent (1973), Algorithms for
Minimization without Derivatives, ch. 4 (zero).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

STEPS = 1000
EPSILON = float(np.finfo(np.float64).eps)


def root_between(
    function: Callable[[float], float],
    low: float,
    high: float,
    tolerance: float,
    *,
    level: float = 0.0,
) -> float:
    """Return where `function` passes through `level` between `low` and `high`, to `tolerance`.

    It must stand on different sides of the level at both ends, which the caller has seen to.
    """
    a, b = low, high
    fa, fb = function(a) - level, function(b) - level
    if fa == 0:
        return a
    c, fc = a, fa
    for _ in range(STEPS):
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c = b, c, b
            fa, fb, fc = fb, fc, fb
        least = 2 * EPSILON * abs(b) + tolerance / 2
        step = (c - b) / 2
        if abs(step) <= least or fb == 0:
            break
        if abs(before) >= least and abs(fa) > abs(fb):
            step = _interpolated((a, b, c), (fa, fb, fc), step, before, least)
        if abs(step) < least:
            step = least if step > 0 else -least
        a, fa = b, fb
        b += step
        fb = function(b) - level
        if fb * fc > 0:
            c, fc = a, fa
    return b


def _interpolated(
    at: tuple[float, float, float],
    values: tuple[float, float, float],
    half: float,
    before: float,
    least: float,
) -> float:
    """Return the step of a line or an inverse parabola if it is short enough, else half the gap."""
    a, b, c = at
    fa, fb, fc = values
    gap = c - b
    if a == c:
        p, q = gap * (fb / fa), 1.0 - fb / fa
    else:
        q, first, second = fa / fc, fb / fc, fb / fa
        p = second * (gap * q * (q - first) - (b - a) * (first - 1.0))
        q = (q - 1.0) * (first - 1.0) * (second - 1.0)
    p, q = (p, -q) if p > 0 else (-p, q)
    usable = p < 0.75 * gap * q - abs(least * q) / 2 and p < abs(before * q / 2)
    return p / q if usable else half
