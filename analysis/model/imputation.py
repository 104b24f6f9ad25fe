"""PURE. Multiple imputation: missing answers drawn several times, by chained equations.

Every item with gaps is regressed on all others in turn; a missing answer is taken from one of
the five cases whose predictions come nearest, so that it is an answer that somebody gave and
never leaves the scale. What breaks off is filled like any other gap: the answers given steer it.

Source: van Buuren, Groothuis-Oudshoorn (2011), Journal of Statistical Software 45(3); predictive
mean matching: Little (1988), Journal of Business and Economic Statistics 6, 287-296; donors:
Morris, White, Royston (2014), BMC Medical Research Methodology 14:75.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

DONORS = 5
CYCLES = 10
RIDGE = 1e-5
"""Share of its variance that is added to each predictor, so that repeated items do no harm."""


@dataclass(frozen=True)
class Patterns:
    """Who answered how much, among n cases of p items.

    complete         cases with every answer
    broken_off       cases that answered the first items and none after
    partial          other cases with some answers
    empty            cases without any answer; they do not enter
    """

    complete: int
    broken_off: int
    partial: int
    empty: int


def patterns(values: FloatArray) -> Patterns:
    """Return how many of (n, p) cases answered everything, broke off, left gaps or said nothing.

    The items count as asked in the order of the columns.
    """
    there = ~np.isnan(values)
    count = there.sum(axis=1)
    full, empty = count == values.shape[1], count == 0
    first_gap = np.where(full, values.shape[1], (~there).argmax(axis=1))
    broken = (first_gap == count) & ~full & ~empty
    partial = ~(full | empty | broken)
    return Patterns(int(full.sum()), int(broken.sum()), int(partial.sum()), int(empty.sum()))


def imputations(
    values: FloatArray, number: int, seed: int, weights: FloatArray | None = None
) -> Iterator[FloatArray]:
    """Yield `number` complete copies of (n, p) answers, NaN for a missing one.

    Every item must have at least two different answers, every case at least one. The chain of
    each copy is its own, of `CYCLES` rounds; copy i depends on (seed, i) alone. Case weights
    (n,) weigh the regressions.
    """
    for one in range(number):
        yield imputed(values, np.random.default_rng((seed, one)), weights)


def imputed(
    values: FloatArray, rng: np.random.Generator, weights: FloatArray | None = None
) -> FloatArray:
    """Return one copy of the answers with every gap filled."""
    absent = np.isnan(values)
    filled = _first(values, absent, rng)
    gaps = absent.sum(axis=0).tolist()
    columns = sorted((column for column, count in enumerate(gaps) if count), key=gaps.__getitem__)
    for _ in range(CYCLES):
        for column in columns:
            _refill(filled, absent[:, column], column, weights, rng)
    return filled


def _first(values: FloatArray, absent: NDArray[np.bool_], rng: np.random.Generator) -> FloatArray:
    """Return the answers with gaps filled by answers of anybody to the same item."""
    filled = values.copy()
    for column, gaps in enumerate(absent.T):
        if gaps.any():
            filled[gaps, column] = rng.choice(values[~gaps, column], int(gaps.sum()))
    return filled


def _refill(
    filled: FloatArray,
    gaps: NDArray[np.bool_],
    column: int,
    weights: FloatArray | None,
    rng: np.random.Generator,
) -> None:
    """Draw the gaps of one item anew, given all other items as they stand."""
    y = filled[:, column]
    x = np.delete(filled, column, axis=1)
    x = (x - x.mean(axis=0)) / np.maximum(x.std(axis=0), 1e-12)
    design = np.column_stack([np.ones(len(y)), x])
    own = np.ones(len(y)) if weights is None else weights / weights.mean()
    known = np.flatnonzero(~gaps)
    estimated, drawn = _slopes(design[known], y[known], own[known], rng)
    near = _donors(design[known] @ estimated, design[gaps] @ drawn, rng)
    y[gaps] = y[known][near]


def _slopes(
    x: FloatArray, y: FloatArray, weights: FloatArray, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return the estimated coefficients and a draw from their posterior (flat prior)."""
    heavy = x * weights[:, None]
    square = heavy.T @ x
    square += RIDGE * np.diag(np.diag(square))
    estimated = np.linalg.solve(square, heavy.T @ y)
    df = max(len(y) - x.shape[1], 1)
    rest = float((weights * (y - x @ estimated) ** 2).sum())
    sigma = np.sqrt(rest / rng.chisquare(df))
    root = np.linalg.cholesky(np.linalg.inv(square))
    drawn = estimated + sigma * (root @ rng.standard_normal(x.shape[1]))
    return np.asarray(estimated, dtype=np.float64), np.asarray(drawn, dtype=np.float64)


def _donors(known: FloatArray, wanted: FloatArray, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return for each wanted prediction one of the nearest five among the known ones."""
    order = np.argsort(known, kind="stable")
    ordered, number = known[order], min(DONORS, len(known))
    place = np.searchsorted(ordered, wanted)
    window = place[:, None] + np.arange(-number, number)
    inside = np.clip(window, 0, len(known) - 1)
    gap = np.where(window == inside, np.abs(ordered[inside] - wanted[:, None]), np.inf)
    nearest = np.argsort(gap, axis=1, kind="stable")[:, :number]
    chosen = nearest[np.arange(len(wanted)), rng.integers(0, number, len(wanted))]
    return np.asarray(order[inside[np.arange(len(wanted)), chosen]])
