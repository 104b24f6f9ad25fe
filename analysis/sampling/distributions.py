"""PURE. Tail probabilities of t, F, chi-square and weighted sums of chi-squares.

The saddlepoint approximation is that of Kuonen (1999) with the Lugannani-Rice tail in
Barndorff-Nielsen's form, and agrees with pchisqsum and pFsum of R's survey package 4.1.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from analysis.sampling.columns import FloatArray

NEXT_TO_MEAN = 1e-4
"""Below this saddlepoint the approximation divides two vanishing numbers."""


def t_two_sided(t: float, df: float) -> float:
    """Return P(|T| > |t|); NaN without degrees of freedom.

    >>> round(t_two_sided(1.96, float("inf")), 3)
    0.05
    """
    if df <= 0 or np.isnan(t):
        return float("nan")
    below = special.ndtr(-abs(t)) if np.isinf(df) else special.stdtr(df, -abs(t))
    return float(2 * below)


def f_upper(F: float, df: float, residual_df: float) -> float:
    """Return P(F' > F) on `df` and `residual_df`; chi-square when the latter is infinite."""
    if residual_df <= 0 or np.isnan(F):
        return float("nan")
    if np.isinf(residual_df):
        return chi_square_upper(F * df, df)
    return float(special.fdtrc(df, residual_df, max(F, 0.0)))


def chi_square_upper(x: float, df: float) -> float:
    """Return P(X > x) of a chi-square."""
    return float(special.chdtrc(df, max(x, 0.0)))


def weighted_chi_squares_upper(x: float, weights: FloatArray, residual_df: float) -> float:
    """Return P(sum_j a_j X_j > x), X_j independent chi-squares on one degree of freedom.

    With a finite `residual_df` the sum is compared with x times an independent chi-square over
    its degrees of freedom, as an F test does.
    """
    if np.isinf(residual_df):
        return _chi_squares(x, weights)
    spread = (weights**2).mean() / weights.mean() ** 2
    df = len(weights) / spread
    satterthwaite = f_upper(x / (df * weights.mean() * spread), df, residual_df)
    lambdas = np.append(weights, -x / residual_df)
    counts = np.append(np.ones(len(weights)), np.floor(residual_df + 1e-9))
    tail = saddlepoint_upper(0.0, lambdas, counts)
    return satterthwaite if np.isnan(tail) else tail


def _chi_squares(x: float, weights: FloatArray) -> float:
    tail = saddlepoint_upper(x, weights, np.ones(len(weights)))
    if not np.isnan(tail):
        return tail
    spread = (weights**2).mean() / weights.mean() ** 2
    return chi_square_upper(x / (weights.mean() * spread), len(weights) / spread)


def saddlepoint_upper(x: float, lambdas: FloatArray, counts: FloatArray) -> float:
    """Return P(sum_j lambda_j X_j > x), X_j chi-squares on counts_j df; NaN next to the mean."""
    largest = lambdas.max()
    lambdas, x = lambdas / largest, x / largest

    def cumulant(zeta: float) -> float:
        return float(-(counts * np.log1p(-2 * zeta * lambdas)).sum() / 2)

    def slope(zeta: float) -> float:
        return float((counts * lambdas / (1 - 2 * zeta * lambdas)).sum()) - x

    lowest = _lowest(x, lambdas, counts)
    highest = float((1 / (2 * lambdas[lambdas > 0])).min()) * 0.99999
    zeta = optimize.brentq(slope, lowest, highest, xtol=1e-13)
    if abs(zeta) < NEXT_TO_MEAN:
        return float("nan")
    curvature = 2 * float((counts * lambdas**2 / (1 - 2 * zeta * lambdas) ** 2).sum())
    w = np.sign(zeta) * np.sqrt(2 * (zeta * x - cumulant(zeta)))
    v = zeta * np.sqrt(curvature)
    return float(special.ndtr(-(w + np.log(v / w) / w)))


def _lowest(x: float, lambdas: FloatArray, counts: FloatArray) -> float:
    if (lambdas < 0).any():
        return float((1 / (2 * lambdas[lambdas < 0])).max()) * 0.99999
    if x > (counts * lambdas).sum():
        return -0.01
    return float(-counts.sum() / (2 * x))
