"""PURE. What BCa and studentised intervals need beside the resamples."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.corrected import INNER_GROUPS, jackknife_errors
from analysis.model.estimates import Status
from analysis.model.jackknife import jackknife
from analysis.model.moments import from_sums
from analysis.model.resampling import stack_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.moments import Products
    from analysis.model.resampling import Estimator, Interval, Resamples

    FloatArray = NDArray[np.float64]


def with_interval(
    estimator: Estimator, resamples: Resamples, interval: Interval, seed: int
) -> Resamples:
    """Return a bootstrap with what its intervals need: BCa a jackknife, studentised both.

    `seed` must be the one that the bootstrap was drawn with.
    """
    if interval == "percentile":
        return resamples
    deleted = jackknife(estimator).usable
    inner = (
        inner_errors(estimator, len(resamples.status), seed) if interval == "studentised" else None
    )
    return replace(resamples, interval=interval, deleted=deleted, inner=inner)


def inner_errors(
    estimator: Estimator, resamples: int, seed: int, groups: int = INNER_GROUPS
) -> FloatArray:
    """Return the (K, B) standard errors within each resample of `resampling.bootstrap`.

    By the jackknife over groups of draws: draw j of a resample is in group j mod G, and each
    group is left out in turn. Costs `groups` estimations for each resample.
    """
    rng, n = np.random.default_rng(seed), estimator.products.n
    together = max(stack_size(estimator) // groups, 1)
    found = np.empty((len(estimator.listing.labels), resamples))
    for start in range(0, resamples, together):
        size = min(together, resamples - start)
        counts = np.concatenate([_grouped(rng.integers(0, n, n), n, groups) for _ in range(size)])
        sums = _sums(estimator.products, counts).reshape(-1, size, groups)
        kept = sums.sum(axis=2, keepdims=True) - sums
        values, status = estimator.of(from_sums(estimator.products, kept.reshape(len(sums), -1)))
        split = values.reshape(len(values), size, groups)
        fine = (status == Status.FINE).reshape(size, groups)
        for b in range(size):
            found[:, start + b] = jackknife_errors(split[:, b, fine[b]])
    return found


def _grouped(draws: NDArray[np.int64], n: int, groups: int) -> NDArray[np.float64]:
    """Return (G, n) how often each case was drawn in each group of draws."""
    places = np.arange(n) % groups * n + draws
    return np.bincount(places, minlength=groups * n).reshape(groups, n).astype(float)


def _sums(source: Products, weights: FloatArray) -> FloatArray:
    found = [table @ weights[:, rows].T for rows, table in source.blocks()]
    return np.asarray(sum(found[1:], found[0]))
