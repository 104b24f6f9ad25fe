"""PURE. Polychoric correlations: what normal variables behind ordinal answers correlate.

Two steps: thresholds from the shares of each item alone, then the correlation of each pair by
maximum likelihood. Source: Olsson (1979), Psychometrika 44, 443-460.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.bivariate import cumulative, density, gained

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

FURTHEST = 1.526
"""The largest angle that is looked for, a correlation of 0.999: an empty corner of a table
pushes it to one."""
BEYOND = 9.0
"""A threshold that stands for infinity: beyond it lies less than 1e-18."""
STEPS = 60
TOLERANCE = 1e-10
ROUNDING = 1e-13
LEAST = 1e-300
SMALLEST = 1e-6
"""The least eigenvalue of a correlation matrix that is left alone."""


@dataclass(frozen=True)
class Categories:
    """The answers of n cases to p items as numbers of categories.

    codes : (n, p) int    0, 1, ... in the order of the answers; -1 where one is missing
    counts : p            number of categories of each item
    base : (n,) or None   case weights that every weighting is multiplied by
    """

    codes: NDArray[np.int64]
    counts: tuple[int, ...]
    base: FloatArray | None

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Return every two items, the earlier one first."""
        return [(i, j) for i in range(len(self.counts)) for j in range(i + 1, len(self.counts))]


def categories(values: FloatArray, base: FloatArray | None = None) -> Categories:
    """Return (n, p) answers, NaN for a missing one, as categories in their order."""
    codes = np.full(values.shape, -1, dtype=np.int64)
    counts = []
    for column, own in enumerate(values.T):
        there = ~np.isnan(own)
        levels, codes[there, column] = np.unique(own[there], return_inverse=True)
        counts.append(len(levels))
    return Categories(codes, tuple(counts), base)


def correlations(source: Categories, weights: FloatArray) -> FloatArray:
    """Return (p, p, B) polychoric correlations under each row of (B, n) weights.

    Pairs rest on the cases with both answers. A matrix that is not positive definite is smoothed
    (`smoothed`).
    """
    own = weights if source.base is None else weights * source.base
    p = len(source.counts)
    found = np.empty((p, p, len(own)))
    np.einsum("iib->ib", found)[:] = 1.0
    thresholds = [_thresholds(source, own, item) for item in range(p)]
    for i, j in source.pairs:
        table = _table(source, own, i, j)
        found[i, j] = found[j, i] = polychoric(table, thresholds[i], thresholds[j])
    return smoothed(found)


def polychoric(table: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the (B,) correlations that make (a, c, B) tables most likely.

    Fisher scoring in the angle arcsin(rho), from the correlation of the category numbers; a step
    that makes a table less likely is halved. A table without cases, or of one row, gets zero.
    `first` (a - 1, B) and `second` (c - 1, B) are the thresholds between the categories.
    """
    total = table.sum(axis=(0, 1))
    shares = table / np.where(total > 0, total, 1.0)
    point = _start(_Problem(shares, first, second), np.arcsin(_pearson(shares)))
    for _ in range(STEPS):
        step = np.where(point.curve > LEAST, point.slope / np.maximum(point.curve, LEAST), 0.0)
        fresh = _climbed(point, np.clip(point.angle + step, -FURTHEST, FURTHEST))
        moved = np.abs(fresh.angle - point.angle).max()
        point = fresh
        if moved < TOLERANCE:
            break
    return np.asarray(np.sin(point.angle))


@dataclass(frozen=True)
class _Problem:
    """Tables as shares (a, c, B), and thresholds (a - 1, B), (c - 1, B)."""

    shares: FloatArray
    first: FloatArray
    second: FloatArray


@dataclass(frozen=True)
class _Point:
    """Angles (B,), the distribution at the thresholds there, and the likelihood's shape.

    likely, slope, curve : (B,)    log likelihood per case, its slope and expected curvature
    """

    problem: _Problem
    angle: FloatArray
    corners: FloatArray
    likely: FloatArray
    slope: FloatArray
    curve: FloatArray


def _start(problem: _Problem, angle: FloatArray) -> _Point:
    corners = cumulative(problem.first, problem.second, np.sin(angle))
    return _point(problem, angle, corners)


def _climbed(point: _Point, target: FloatArray) -> _Point:
    """Return the point at the target angles, or nearer where that would be less likely."""
    for _ in range(STEPS):
        found = _moved(point, target)
        worse = found.likely < point.likely - ROUNDING
        if not worse.any():
            return found
        target = np.where(worse, (target + point.angle) / 2.0, target)
    return point


def _moved(point: _Point, angle: FloatArray) -> _Point:
    own = point.problem
    corners = point.corners + gained(own.first, own.second, point.angle, angle)
    return _point(own, angle, corners)


def _point(problem: _Problem, angle: FloatArray, corners: FloatArray) -> _Point:
    from scipy.special import ndtr

    first, second, shares = problem.first, problem.second, problem.shares
    expected = np.maximum(_cells(corners, ndtr(first), ndtr(second)), LEAST)
    edges = np.zeros_like(first), np.zeros_like(second)
    slopes = _cells(density(first, second, np.sin(angle)), *edges, whole=0.0) * np.cos(angle)
    some = np.where(expected > LEAST, slopes / expected, 0.0)
    likely = (shares * np.log(expected)).sum(axis=(0, 1))
    slope, curve = (shares * some).sum(axis=(0, 1)), (slopes * some).sum(axis=(0, 1))
    return _Point(problem, angle, corners, likely, slope, curve)


def _cells(
    corners: FloatArray, first: FloatArray, second: FloatArray, whole: float = 1.0
) -> FloatArray:
    """Return (a, c, B) cells between (a - 1, c - 1, B) corners; `first`, `second` at the edges."""
    a, c, b = corners.shape
    padded = np.zeros((a + 2, c + 2, b))
    padded[1:-1, 1:-1], padded[-1, -1] = corners, whole
    padded[1:-1, -1], padded[-1, 1:-1] = first, second
    return np.diff(np.diff(padded, axis=0), axis=1)


def _pearson(shares: FloatArray) -> FloatArray:
    """Return (B,) correlations of the category numbers, kept away from one."""
    rows, columns = (np.arange(size, dtype=float) for size in shares.shape[:2])
    first, second = shares.sum(axis=1), shares.sum(axis=0)
    x, y = rows[:, None] - rows @ first, columns[:, None] - columns @ second
    spread = np.sqrt((x * x * first).sum(axis=0) * (y * y * second).sum(axis=0))
    both = np.einsum("ab,acb,cb->b", x, shares, y)
    return np.asarray(np.clip(both / np.where(spread > 0, spread, 1.0), -0.9, 0.9))


def smoothed(matrix: FloatArray) -> FloatArray:
    """Return (p, p, B) correlations with every eigenvalue raised to at least 1e-6.

    Only matrices that need it are changed; their diagonal is one again afterwards.
    """
    stack = np.moveaxis(matrix, 2, 0)
    bad = np.flatnonzero(np.linalg.eigvalsh(stack)[:, 0] < SMALLEST)
    for b in bad.tolist():
        values, vectors = np.linalg.eigh(stack[b])
        raised = (vectors * np.maximum(values, 2 * SMALLEST)) @ vectors.T
        root = np.sqrt(np.diag(raised))
        matrix[:, :, b] = raised / root[:, None] / root[None]
    return matrix


def _thresholds(source: Categories, weights: FloatArray, item: int) -> FloatArray:
    """Return (c - 1, B) thresholds of one item: normal quantiles of the cumulated shares."""
    from scipy.special import ndtri

    codes = source.codes[:, item]
    marks = (codes == np.arange(source.counts[item])[:, None]).astype(float)
    counts = marks @ weights.T
    total = counts.sum(axis=0)
    shares = np.cumsum(counts, axis=0) / np.where(total > 0, total, 1.0)
    return np.clip(ndtri(np.clip(shares[:-1], 0.0, 1.0)), -BEYOND, BEYOND)


def _table(source: Categories, weights: FloatArray, i: int, j: int) -> FloatArray:
    """Return (a, c, B) weighted counts of the answers to two items."""
    first, second = source.codes[:, i], source.codes[:, j]
    a, c = source.counts[i], source.counts[j]
    there = (first >= 0) & (second >= 0)
    cell = first[there] * c + second[there]
    if len(weights) == 1:
        flat = np.bincount(cell, weights[0, there], minlength=a * c)[:, None]
    else:
        marks = (cell == np.arange(a * c)[:, None]).astype(float)
        flat = marks @ weights[:, there].T
    return np.asarray(flat.reshape(a, c, len(weights)))
