"""PURE. Comparing many: pairwise tests, ranks with their uncertainty, groups, shrinkage.

A league table prints an order; these functions say how much of the order the data support.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from analysis.sampling.columns import BoolArray, FloatArray
from analysis.sampling.distributions import t_two_sided
from analysis.sampling.estimates import Estimates
from analysis.sampling.intervals import critical

Correction = Literal["holm", "bonferroni", "benjamini-hochberg", "none"]
ROUNDS = 200


@dataclass(frozen=True)
class Pair:
    """Second minus first, its test, and whether it stands after the correction."""

    first: int
    second: int
    difference: float
    se: float
    t: float
    p: float
    p_adjusted: float
    is_different: bool


def pairwise_tests(
    estimates: Estimates, *, correction: Correction = "holm", alpha: float = 0.05
) -> list[Pair]:
    """Return the tests of all pairs of `estimates`, with the covariance between them.

    Holm (1979) keeps the chance of any false difference below alpha, Benjamini and Hochberg
    (1995) the share of false ones among those found.
    """
    pairs = list(combinations(range(len(estimates.values)), 2))
    V, values = estimates.covariance, estimates.values
    gaps = np.array([values[b] - values[a] for a, b in pairs])
    se = np.array([math.sqrt(max(V[a, a] + V[b, b] - 2 * V[a, b], 0.0)) for a, b in pairs])
    certain = np.where(gaps > 0, np.inf, np.where(gaps < 0, -np.inf, 0.0))
    t = np.divide(gaps, se, out=certain, where=se > 0)
    p = np.array([t_two_sided(value, estimates.df) for value in t])
    adjusted_p = adjusted(p, correction)
    return [
        Pair(
            a, b, float(gaps[k]), float(se[k]), float(t[k]), float(p[k]), float(q), bool(q < alpha)
        )
        for k, ((a, b), q) in enumerate(zip(pairs, adjusted_p, strict=True))
    ]


def adjusted(p: FloatArray, correction: Correction) -> FloatArray:
    """Return (m,) p values corrected for m tests.

    >>> adjusted(np.array([0.01, 0.04, 0.03]), "holm")
    array([0.03, 0.06, 0.06])
    """
    m = len(p)
    if correction == "none" or m == 0:
        return p
    if correction == "bonferroni":
        return np.minimum(p * m, 1.0)
    order = np.argsort(p, kind="stable")
    steps = np.arange(m)
    if correction == "holm":
        ordered = np.maximum.accumulate(p[order] * (m - steps))
    else:
        rising = p[order] * m / (steps + 1)
        ordered = np.minimum.accumulate(rising[::-1])[::-1]
    result = np.empty(m)
    result[order] = np.minimum(ordered, 1.0)
    return result


@dataclass(frozen=True)
class Place:
    """One row of a league table: its rank, the ranks it may have, and its letters.

    Rows that share a letter are not distinguishable.
    """

    name: str
    value: float
    rank: int
    best: int
    worst: int
    letters: str


def league_table(
    estimates: Estimates, *, correction: Correction = "holm", alpha: float = 0.05
) -> list[Place]:
    """Return estimates from highest to lowest with simultaneous rank intervals and groups.

    The best possible rank is one plus the number significantly above, the worst possible the
    count minus the number significantly below; with Holm's correction all intervals hold at
    once (Al Mohamad, Goeman, van Zwet 2022). Letters by insert-and-absorb (Piepho 2004).
    """
    pairs = pairwise_tests(estimates, correction=correction, alpha=alpha)
    k = len(estimates.values)
    different = np.zeros((k, k), dtype=np.bool_)
    for pair in pairs:
        different[pair.first, pair.second] = different[pair.second, pair.first] = pair.is_different
    order = np.argsort(-estimates.values, kind="stable")
    letters = group_letters(different[np.ix_(order, order)])
    values = estimates.values
    above = different & (values[None, :] > values[:, None])
    below = different & (values[None, :] < values[:, None])
    return [
        Place(
            name=estimates.names[at],
            value=float(values[at]),
            rank=1 + int((values > values[at]).sum()),
            best=1 + int(above[at].sum()),
            worst=k - int(below[at].sum()),
            letters=letters[row],
        )
        for row, at in enumerate(order)
    ]


def group_letters(different: BoolArray) -> list[str]:
    """Return letters of k rows: two share one exactly when they are not `different` (k, k).

    Each letter is a largest set of rows none of which differ. Sets are split pair by pair, and
    those within another are left out (Piepho 2004, J. Comput. Graph. Stat. 13, 456-466). A set is
    a number here, row a its bit a.
    """
    k = len(different)
    sets = [(1 << k) - 1]
    for a, b in combinations(range(k), 2):
        if different[a, b]:
            sets = _split(sets, 1 << a, 1 << b)
    ordered = sorted(sets, key=lambda own: [row for row in range(k) if own >> row & 1])
    return [
        "".join(_letter(at) for at, own in enumerate(ordered) if own >> row & 1) for row in range(k)
    ]


def _split(sets: list[int], a: int, b: int) -> list[int]:
    """Return the sets with no row of both bits a and b in one; none lies within another."""
    kept = [own for own in sets if not (own & a and own & b)]
    parts = sorted({own & ~bit for own in sets if own & a and own & b for bit in (a, b)},
                   key=int.bit_count, reverse=True)  # fmt: skip
    for part in parts:
        if not any(part & own == part for own in kept):
            kept.append(part)
    return kept


def _letter(number: int) -> str:
    """Return a, b ... z, aa, ab ...

    >>> _letter(0), _letter(27)
    ('a', 'ab')
    """
    head = _letter(number // 26 - 1) if number >= 26 else ""  # noqa: PLR2004 - the alphabet
    return head + chr(ord("a") + number % 26)


def column_letters(
    estimates: Estimates, *, alpha: float = 0.05, correction: Correction = "none"
) -> list[str]:
    """Return, for each column of a banner table, the letters of the columns it is above.

    The reading of tabulation programs: a B in column A says that A is significantly higher
    than B. Columns are lettered A, B, C from the left.
    """
    marks: list[list[str]] = [[] for _ in estimates.values]
    for pair in pairwise_tests(estimates, correction=correction, alpha=alpha):
        if pair.is_different:
            high, low = (
                (pair.second, pair.first) if pair.difference > 0 else (pair.first, pair.second)
            )
            marks[high].append(_letter(low).upper())
    return ["".join(sorted(mark)) for mark in marks]


@dataclass(frozen=True)
class Shrunken:
    """Estimates drawn towards their mean: the less, the larger the base.

    mean, between   the common mean and the standard deviation between units
    values, se      (k,) shrunken estimates and their errors
    share           (k,) how far each was drawn: 0 not at all, 1 to the mean
    low, high       (k,) limits
    """

    mean: float
    between: float
    values: FloatArray
    se: FloatArray
    share: FloatArray
    low: FloatArray
    high: FloatArray


def shrunken(estimates: Estimates, level: float = 0.95) -> Shrunken:
    """Return empirical-Bayes estimates of many small units (Morris 1983, JASA 78).

    y_i ~ N(theta_i, V_i), theta_i ~ N(mu, A); A by Paule and Mandel (1982): the value at which
    the weighted sum of squares equals k - 1. The errors count the estimation of mu and A.
    Units are taken as independent.
    """
    y, V = estimates.values, np.maximum(np.diag(estimates.covariance), 1e-300)
    k = len(y)
    A = _between_variance(y, V)
    weight = 1 / (V + A)
    mean = float((weight * y).sum() / weight.sum())
    share = V / (V + A) * (max(k - 3, 1) / max(k - 1, 1) if k > 1 else 1.0)
    values = (1 - share) * y + share * mean
    common = V * (1 - (k - 1) / k * share)
    from_A = 2 / max(k - 3, 1) * share**2 * (y - mean) ** 2
    se = np.sqrt(common + from_A)
    reach = critical(np.inf, level) * se
    return Shrunken(mean, math.sqrt(A), values, se, share, values - reach, values + reach)


def _between_variance(y: FloatArray, V: FloatArray) -> float:
    """Solve sum (y - mean)^2 / (V + A) = k - 1 for A, 0 when the spread is all error."""

    def excess(A: float) -> float:
        weight = 1 / (V + A)
        mean = (weight * y).sum() / weight.sum()
        return float((weight * (y - mean) ** 2).sum()) - (len(y) - 1)

    if len(y) < 2 or excess(0.0) <= 0:  # noqa: PLR2004 - one unit has no spread
        return 0.0
    low, high = 0.0, float(np.var(y, ddof=1)) + float(V.max())
    while excess(high) > 0:
        high *= 2
    for _ in range(ROUNDS):
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return (low + high) / 2
