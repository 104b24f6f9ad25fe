"""PURE. Tests of a difference between two groups, from permutations or from bootstraps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

SAME = 1e-10
"""Differences this close count as equal: permutations often repeat the observed grouping."""


def permutation_p(difference: FloatArray, permuted: FloatArray) -> FloatArray:
    """Return (K,) two-sided p values of differences (K,) among (K, P) permuted ones.

    The share of permutations, the observed grouping counted as one of them, whose difference is
    at least as large; never zero.
    Source: Chin, Dibbern (2010) in Handbook of Partial Least Squares, 171-193; the count of
    the observed grouping by Phipson, Smyth (2010), Stat. Appl. Genet. Mol. Biol. 9(1), 39.
    """
    reached = np.abs(permuted) >= np.abs(difference)[:, None] - SAME
    return np.asarray((1.0 + reached.sum(axis=1)) / (1.0 + permuted.shape[1]))


def one_sided_p(observed: FloatArray, permuted: FloatArray) -> FloatArray:
    """Return (K,) shares of permuted values (K, P), with the observed, that are as low as it."""
    reached = permuted <= observed[:, None] + SAME
    return np.asarray((1.0 + reached.sum(axis=1)) / (1.0 + permuted.shape[1]))


def henseler_p(
    first: FloatArray, second: FloatArray, points: tuple[FloatArray, FloatArray]
) -> FloatArray:
    """Return (K,) two-sided p values from the bootstraps (K, B) of two independent groups.

    The chance that the parameter of the second group is not above that of the first, each
    bootstrap distribution moved so that its mean is the estimate, over all B x B pairs of
    resamples (a tie counts half); twice the smaller of that and its complement, at most one.
    Source: Henseler, Ringle, Sinkovics (2009), Advances in International Marketing 20, 277-319.
    """
    left = first - first.mean(axis=1, keepdims=True) + points[0][:, None]
    right = second - second.mean(axis=1, keepdims=True) + points[1][:, None]
    below = np.array([_not_above(a, b) for a, b in zip(left, right, strict=True)])
    return np.asarray(np.minimum(2.0 * np.minimum(below, 1.0 - below), 1.0))


def _not_above(first: FloatArray, second: FloatArray) -> float:
    """Return the share of pairs in which the second value is below the first; ties count half."""
    ordered = np.sort(second)
    under = np.searchsorted(ordered, first - SAME)
    upto = np.searchsorted(ordered, first + SAME, side="right")
    return float((under + upto).sum() / (2.0 * len(first) * len(second)))


def pooled_t(
    difference: FloatArray, se: tuple[FloatArray, FloatArray], n: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """Return (K,) t values and degrees of freedom of a difference, group variances taken equal.

    t = d / (s sqrt(1/n1 + 1/n2)), s^2 = ((n1 - 1)^2 se1^2 + (n2 - 1)^2 se2^2) / (n1 + n2 - 2),
    with n1 + n2 - 2 degrees of freedom and bootstrap standard errors.
    Source: Keil et al. (2000), MIS Quarterly 24(2), 299-325.
    """
    df = n[0] + n[1] - 2.0
    squares = ((n[0] - 1) * se[0]) ** 2 + ((n[1] - 1) * se[1]) ** 2
    spread = np.sqrt(squares / df * (1.0 / n[0] + 1.0 / n[1]))
    return _ratio(difference, spread), np.full(len(difference), df)


def welch_t(
    difference: FloatArray, se: tuple[FloatArray, FloatArray], n: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """Return (K,) t values and degrees of freedom of a difference, group variances unequal.

    With v_g = se_g^2 (n_g - 1) / n_g: t = d / sqrt(v1 + v2) and, by Welch and Satterthwaite,
    (v1 + v2)^2 / (v1^2 / (n1 - 1) + v2^2 / (n2 - 1)) - 2 degrees of freedom, at least one.
    Source: Sarstedt, Henseler, Ringle (2011), Advances in International Marketing 22, 195-218.
    """
    own = [s**2 * (size - 1) / size for s, size in zip(se, n, strict=True)]
    below = own[0] ** 2 / (n[0] - 1) + own[1] ** 2 / (n[1] - 1)
    df = np.divide((own[0] + own[1]) ** 2, below, out=np.full(len(below), np.inf), where=below > 0)
    return _ratio(difference, np.sqrt(own[0] + own[1])), np.maximum(df - 2.0, 1.0)


def design_t(difference: FloatArray, se: FloatArray, df: int) -> tuple[FloatArray, FloatArray]:
    """Return (K,) t values and degrees of freedom of a difference under a sampling design.

    `se` is that of the difference itself over replicates of both groups together, so that units
    in both count once; `df` units minus strata (Korn, Graubard 1999, Analysis of Health Surveys,
    section 5.2).
    """
    return _ratio(difference, se), np.full(len(difference), float(df))


def two_sided(t: FloatArray, df: FloatArray) -> FloatArray:
    """Return (K,) two-sided p values of Student's t."""
    from scipy.special import stdtr

    return np.asarray(2.0 * stdtr(np.minimum(df, 1e9), -np.abs(t)))


def _ratio(difference: FloatArray, spread: FloatArray) -> FloatArray:
    """Return t values; no difference is 0 and a difference without any error is infinite."""
    certain = np.where(np.abs(difference) > SAME, np.inf, 0.0)
    return np.divide(difference, spread, out=certain, where=spread > SAME)
