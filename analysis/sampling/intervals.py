"""PURE. Confidence limits of estimates and of proportions.

Methods for proportions, all on the design's variance and degrees of freedom:
mean (Wald), logit and xlogit (Wald on the logit), asin (arc-sine square root), beta
(Korn, Graubard 1998: Clopper-Pearson at the effective sample size), wilson (Wilson 1927 at the
same effective size), likelihood (Rao, Scott 1984: scaled profile likelihood). As svyciprop of
R's survey package 4.1, which has no wilson.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import interpolate, special

from analysis.sampling.columns import FloatArray
from analysis.sampling.messages import DEGENERATE_PROPORTION, UNKNOWN_CHOICE
from foundation.problems import Place, ProblemsError

METHODS = ("logit", "likelihood", "asin", "beta", "mean", "xlogit", "wilson")
PROFILE_STEPS = 9


def t_limits(
    values: FloatArray, se: FloatArray, df: float, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return values -/+ t(df) * se; NaN when `df` is not above zero, normal when it is infinite."""
    reach = critical(df, level) * se
    return values - reach, values + reach


def normal_limits(
    values: FloatArray, se: FloatArray, level: float
) -> tuple[FloatArray, FloatArray]:
    """Return values -/+ z * se."""
    return t_limits(values, se, np.inf, level)


def critical(df: float, level: float) -> float:
    """Return the two-sided critical value of Student's t, NaN without degrees of freedom.

    >>> round(critical(float("inf"), 0.95), 4), round(critical(8, 0.95), 4)
    (1.96, 2.306)
    """
    if df <= 0:
        return float("nan")
    upper = (1 + level) / 2
    return float(special.ndtri(upper) if np.isinf(df) else special.stdtrit(df, upper))


@dataclass(frozen=True)
class Proportion:
    """What an interval of a proportion is made from.

    value       the estimate, 0..1
    variance    its design variance
    n           cases of the domain
    df          degrees of freedom asked for the interval
    design_df   degrees of freedom of the design
    name        the variable, for problems
    """

    value: float
    variance: float
    n: int
    df: float
    design_df: float
    name: str = ""


def proportion_limits(
    proportion: Proportion, method: str = "logit", level: float = 0.95
) -> tuple[float, float]:
    """Return the lower and upper limit of a proportion by one of `METHODS`.

    NaN without degrees of freedom. Raises a problem for an unknown method, and for a proportion
    of exactly 0 or 1 with a method that is not defined there.
    """
    if method not in METHODS:
        raise ProblemsError(
            [UNKNOWN_CHOICE.at(Place(), value=method, what="method", choices=", ".join(METHODS))]
        )
    if not (proportion.df > 0 and proportion.design_df > 0):
        return float("nan"), float("nan")
    extreme = proportion.value <= 0 or proportion.value >= 1 or proportion.variance <= 0
    if extreme and method != "mean":
        return _extreme_limits(proportion, method, level)
    return LIMITS[method](proportion, level)


def _extreme_limits(proportion: Proportion, method: str, level: float) -> tuple[float, float]:
    if method not in ("beta", "wilson"):
        raise ProblemsError(
            [
                DEGENERATE_PROPORTION.at(
                    Place(item=proportion.name),
                    name=proportion.name,
                    value=f"{proportion.value:g}",
                    method=method,
                )
            ]
        )
    low, high = (clopper_pearson if method == "beta" else wilson)(
        proportion.value, proportion.n, level
    )
    return low, high


def clopper_pearson(p: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the exact binomial limits at a size that may be fractional (Clopper, Pearson 1934)."""
    tail = (1 - level) / 2
    low = 0.0 if p <= 0 else float(special.betaincinv(n * p, n * (1 - p) + 1, tail))
    high = 1.0 if p >= 1 else float(special.betaincinv(n * p + 1, n * (1 - p), 1 - tail))
    return low, high


def wilson(p: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score limits (Wilson 1927).

    >>> [round(limit, 4) for limit in wilson(0.484, 95)]
    [0.3861, 0.5831]
    """
    z2 = critical(np.inf, level) ** 2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    reach = np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    return float(middle - reach), float(middle + reach)


def agresti_coull(p: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the adjusted Wald limits (Agresti, Coull 1998)."""
    z2 = critical(np.inf, level) ** 2
    size = n + z2
    middle = (n * p + z2 / 2) / size
    reach = np.sqrt(z2 * middle * (1 - middle) / size)
    return float(middle - reach), float(middle + reach)


def jeffreys(p: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Return the equal-tailed limits under Jeffreys' prior (Brown, Cai, DasGupta 2001)."""
    tail = (1 - level) / 2
    first, second = n * p + 0.5, n * (1 - p) + 0.5
    low, high = special.betaincinv(first, second, tail), special.betaincinv(first, second, 1 - tail)
    return float(low), float(high)


def _wald(proportion: Proportion, level: float) -> tuple[float, float]:
    reach = critical(proportion.df, level) * np.sqrt(proportion.variance)
    return float(proportion.value - reach), float(proportion.value + reach)


def _logit(proportion: Proportion, level: float) -> tuple[float, float]:
    p = proportion.value
    middle = np.log(p / (1 - p))
    reach = critical(proportion.df, level) * np.sqrt(proportion.variance) / (p * (1 - p))
    return float(special.expit(middle - reach)), float(special.expit(middle + reach))


def _arcsine(proportion: Proportion, level: float) -> tuple[float, float]:
    p = proportion.value
    middle = np.arcsin(np.sqrt(p))
    reach = critical(proportion.df, level) * np.sqrt(proportion.variance / (4 * p * (1 - p)))
    return float(np.sin(middle - reach) ** 2), float(np.sin(middle + reach) ** 2)


def effective_size(proportion: Proportion, level: float = 0.95) -> float:
    """Return Korn and Graubard's effective sample size, with their correction for the df."""
    raw = proportion.value * (1 - proportion.value) / proportion.variance
    ratio = critical(proportion.n - 1, level) / critical(proportion.design_df, level)
    return float(raw * ratio**2)


def _korn_graubard(proportion: Proportion, level: float) -> tuple[float, float]:
    return clopper_pearson(proportion.value, effective_size(proportion, level), level)


def _wilson_at_effective_size(proportion: Proportion, level: float) -> tuple[float, float]:
    return wilson(proportion.value, effective_size(proportion, level), level)


def _likelihood(proportion: Proportion, level: float) -> tuple[float, float]:
    """Invert the signed root of the deviance on the logit scale, scaled by the design effect.

    The deviance is that of n cases and its dispersion n/(n - 1). The limits are read off a
    profile of at most nine steps to each side by spline and straight lines, as R does: an exact
    root would differ from R by 1e-5.
    """
    p, n = proportion.value, proportion.n
    middle = float(special.logit(p))
    effect = proportion.variance * n / (p * (1 - p))
    cutoff = critical(proportion.df, level) * np.sqrt(effect)
    tail = float(special.ndtr(-cutoff)) / 2
    reach = float(np.sqrt(special.fdtri(1, n - 1, 1 - tail)))
    step = reach / 5 * np.sqrt(proportion.variance) / (p * (1 - p))
    below = _profile(middle, -step, reach, n)
    above = _profile(middle, step, reach, n)
    logits, roots = np.array([*below[::-1], (middle, 0.0), *above]).T
    fine = np.linspace(logits[0], logits[-1], 3 * len(logits))
    curve = interpolate.CubicSpline(logits, roots)(fine)
    low, high = special.expit(np.interp([-cutoff, cutoff], curve, fine))
    return float(low), float(high)


def _profile(middle: float, step: float, reach: float, n: int) -> list[tuple[float, float]]:
    """Return (logit, signed root of the deviance) in steps away from the middle, up to `reach`."""
    p = special.expit(middle)
    points: list[tuple[float, float]] = []
    while len(points) < PROFILE_STEPS and (not points or abs(points[-1][1]) < reach):
        logit = middle + step * (len(points) + 1)
        q = special.expit(logit)
        gap = special.rel_entr(p, q) + special.rel_entr(1 - p, 1 - q)
        root = float(np.sign(step) * np.sqrt(2 * gap * max(n - 1, 1)))
        points.append((logit, root))
    return points


LIMITS = {
    "mean": _wald,
    "logit": _logit,
    "xlogit": _logit,
    "asin": _arcsine,
    "beta": _korn_graubard,
    "wilson": _wilson_at_effective_size,
    "likelihood": _likelihood,
}
