"""PURE. The normal likelihood of answers, complete or not, given covariances and means.

Cases with the same items answered make one pattern, which enters by its mean and covariances.
Complete data are one pattern. Source: Arbuckle (1996), Full information estimation in the
presence of incomplete data, in Marcoulides, Schumacker (eds), Advanced Structural Equation
Modeling.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.intp]
    BoolArray = NDArray[np.bool_]

EM_STEPS = 2000
EM_TOLERANCE = 1e-10
LOG_2PI = float(np.log(2.0 * np.pi))
CHUNK = 200_000
"""Answers that are looked at case by case at a time."""


@dataclass(frozen=True)
class Pattern:
    """The m cases that answered the same k items `seen`.

    weight: sum of their case weights; mean (k,), covariances (k, k, divided by the weight);
    values (m, k) and weights (m,) of the cases themselves.
    """

    seen: IntArray
    weight: float
    mean: FloatArray
    covariances: FloatArray
    values: FloatArray
    weights: FloatArray

    @property
    def block(self) -> tuple[IntArray, IntArray]:
        """Return the index of the pattern's items in a (p, p) matrix."""
        rows, columns = np.ix_(self.seen, self.seen)
        return rows, columns

    def blocks(self, centre: FloatArray) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Yield (rows, k) distances from a centre (k,) and the (rows,) weights, in parts."""
        step = max(CHUNK // len(self.seen), 1)
        for first in range(0, len(self.values), step):
            rows = slice(first, first + step)
            yield self.values[rows] - centre, self.weights[rows]


@dataclass(frozen=True)
class Stack:
    """K patterns padded to all p items: seen (K, p), weights (K,), means (K, p), covariances.

    Where an item was not answered, means and covariances (K, p, p) are zero.
    """

    seen: BoolArray
    weights: FloatArray
    means: FloatArray
    covariances: FloatArray

    def inverses(self, covariances: FloatArray) -> tuple[FloatArray, FloatArray] | None:
        """Return (K, p, p) inverses of the answered items' blocks and (K,) log determinants.

        Rows of items not answered are zero. None when a block is not positive definite.
        """
        both = self.seen[:, :, None] & self.seen[:, None]
        padded = np.where(both, covariances, 0.0)
        np.einsum("kii->ki", padded)[~self.seen] = 1.0
        try:
            roots = np.linalg.cholesky(padded)
        except np.linalg.LinAlgError:
            return None
        logs = 2.0 * np.log(np.einsum("kii->ki", roots)).sum(axis=1)
        return np.where(both, np.linalg.inv(padded), 0.0), logs


@dataclass(frozen=True)
class Sample:
    """The cases of one group: `n` of them, `p` items, weights scaled to add up to n."""

    n: int
    p: int
    patterns: tuple[Pattern, ...]

    @cached_property
    def stack(self) -> Stack:
        """Return all patterns as one stack, so that thousands of them are one computation."""
        count, p = len(self.patterns), self.p
        seen, means = np.zeros((count, p), dtype=bool), np.zeros((count, p))
        covariances = np.zeros((count, p, p))
        for number, own in enumerate(self.patterns):
            seen[number, own.seen], means[number, own.seen] = True, own.mean
            covariances[(number, *own.block)] = own.covariances
        weights = np.array([own.weight for own in self.patterns])
        return Stack(seen, weights, means, covariances)

    @property
    def complete(self) -> bool:
        """Tell whether every case answered every item."""
        return len(self.patterns) == 1 and len(self.patterns[0].seen) == self.p


@dataclass(frozen=True)
class Deviance:
    """-2 log-likelihood without its constant, and its derivatives by the moments.

    by_covariance (p, p): the deviance changes by trace(by_covariance dSigma); by_mean (p,).
    """

    value: float
    by_covariance: FloatArray
    by_mean: FloatArray


def sample_of(values: FloatArray, weights: FloatArray | None) -> Sample:
    """Return (n, p) answers, NaN for a missing one, ready for the likelihood.

    weights (n,) above zero are scaled to the number of cases; None weighs all alike.
    """
    n, p = values.shape
    scaled = np.ones(n) if weights is None else weights * (n / weights.sum())
    answered = ~np.isnan(values)
    if answered.all():
        return Sample(n, p, (_pattern(np.arange(p), values, scaled),))
    kinds, member = np.unique(np.packbits(answered, axis=1), axis=0, return_inverse=True)
    order = np.argsort(member.reshape(-1), kind="stable")
    ends = np.cumsum(np.bincount(member.reshape(-1), minlength=len(kinds)))
    patterns = []
    for rows in np.split(order, ends[:-1]):
        seen = np.flatnonzero(answered[rows[0]])
        if seen.size:
            patterns.append(_pattern(seen, values[np.ix_(rows, seen)], scaled[rows]))
    return Sample(n, p, tuple(patterns))


def _pattern(seen: IntArray, values: FloatArray, weights: FloatArray) -> Pattern:
    """Return the moments of some cases."""
    total = float(weights.sum())
    mean = weights @ values / total
    own = Pattern(seen, total, mean, np.empty(0), values, weights)
    products = sum((rows * w[:, None]).T @ rows for rows, w in own.blocks(mean))
    return replace(own, covariances=np.asarray(products) / total)


def deviance(sample: Sample, covariances: FloatArray, means: FloatArray | None) -> Deviance:
    """Return the deviance at (p, p) covariances and (p,) means; None takes each case's own mean.

    Covariances that are not positive definite give an infinite deviance.
    """
    own, p = sample.stack, sample.p
    found = own.inverses(covariances)
    if found is None:
        return Deviance(np.inf, np.zeros((p, p)), np.zeros(p))
    inverses, logs = found
    off = np.zeros_like(own.means) if means is None else (own.means - means) * own.seen
    products = inverses @ (own.covariances + off[:, :, None] * off[:, None])
    value = own.weights @ (logs + np.einsum("kii->k", products))
    by_covariance = np.tensordot(own.weights, inverses - products @ inverses, 1)
    by_mean = -2.0 * np.einsum("k,kij,kj->i", own.weights, inverses, off)
    return Deviance(float(value), by_covariance, by_mean)


def second_derivatives(
    sample: Sample,
    covariances: FloatArray,
    means: FloatArray | None,
    sigma: FloatArray,
    mu: FloatArray,
) -> FloatArray:
    """Return (q, q) second derivatives of the deviance along q changes of the moments.

    sigma (p, p, q) and mu (p, q) are the changes. With W an inverse, T the spread of a pattern
    around the means, X = W T W - W / 2 and d the distance of its mean, summed over patterns:
    2 tr(W S_i X S_j) + 2 d'W (S_i W m_j + S_j W m_i) + 2 m_i'W m_j.
    """
    own, (p, _, q) = sample.stack, sigma.shape
    found = own.inverses(covariances)
    if found is None:
        return np.zeros((q, q))
    inverses, _ = found
    off = np.zeros_like(own.means) if means is None else (own.means - means) * own.seen
    spread = own.covariances + off[:, :, None] * off[:, None]
    heavy = own.weights[:, None, None]
    other = heavy * (inverses @ spread @ inverses - inverses / 2.0)
    flat = inverses.reshape(-1, p * p).T @ other.reshape(-1, p * p)
    turned = flat.reshape(p, p, p, p).transpose(1, 2, 3, 0).reshape(p * p, p * p)
    changes = sigma.reshape(p * p, q)
    whole = changes.T @ turned @ changes
    lever = np.einsum("kij,kj->ki", inverses, off)
    crossed = np.einsum("ka,kbc->abc", lever, heavy * inverses).reshape(p * p, p)
    mixed = changes.T @ crossed @ mu
    level = mu.T @ np.tensordot(own.weights, inverses, 1) @ mu
    return np.asarray(whole + whole.T + 2.0 * (mixed + mixed.T + level))


def inverted(matrix: FloatArray) -> tuple[FloatArray | None, float]:
    """Return inverse and log determinant, or None and infinity when not positive definite."""
    try:
        root = np.linalg.inv(np.linalg.cholesky(matrix))
    except np.linalg.LinAlgError:
        return None, np.inf
    return root.T @ root, -2.0 * float(np.log(np.diag(root)).sum())


def log_likelihood(sample: Sample, value: float, units: FloatArray) -> float:
    """Return the log-likelihood that belongs to a deviance, for items of some units (p,)."""
    logs = LOG_2PI + 2.0 * np.log(units)
    constant = sum(own.weight * float(logs[own.seen].sum()) for own in sample.patterns)
    return -0.5 * (value + constant)


def saturated(sample: Sample) -> tuple[FloatArray, FloatArray]:
    """Return the unrestricted maximum-likelihood (p, p) covariances and (p,) means.

    With missing answers by the EM algorithm. Source: Little, Rubin, Statistical Analysis with
    Missing Data (2002), section 11.2.
    """
    if sample.complete:
        return sample.patterns[0].covariances, sample.patterns[0].mean
    covariances, means = independence(sample)
    for _ in range(EM_STEPS):
        again, centre = _expected(sample, covariances, means)
        moved = max(np.abs(again - covariances).max(), np.abs(centre - means).max())
        covariances, means = again, centre
        if moved < EM_TOLERANCE * np.diag(covariances).max():
            break
    return covariances, means


def independence(sample: Sample) -> tuple[FloatArray, FloatArray]:
    """Return the moments of the baseline model: items unrelated, each with its own variance."""
    total, sums, squares = np.zeros((3, sample.p))
    for own in sample.patterns:
        total[own.seen] += own.weight
        sums[own.seen] += own.weight * own.mean
        squares[own.seen] += own.weight * (np.diag(own.covariances) + own.mean**2)
    means = sums / total
    return np.diag(squares / total - means**2), means


def _expected(
    sample: Sample, covariances: FloatArray, means: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the moments of the answers completed by their expectation: one step of EM."""
    own, n = sample.stack, float(sample.n)
    found = own.inverses(covariances)
    if found is None:
        return covariances, means
    slopes = covariances @ found[0]
    centres = means + np.einsum("kij,kj->ki", slopes, (own.means - means) * own.seen)
    spreads = slopes @ own.covariances @ slopes.swapaxes(1, 2) + covariances - slopes @ covariances
    centre = own.weights @ centres / n
    second = np.tensordot(own.weights, spreads, 1) + (centres * own.weights[:, None]).T @ centres
    return second / n - np.outer(centre, centre), centre
