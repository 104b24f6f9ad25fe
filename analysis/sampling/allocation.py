"""PURE. Planning the form of a sample: clusters, unequal weights, shares of strata.

Sources: Kish, Survey Sampling (1965), ch. 5 and 8; Cochran, Sampling Techniques (3rd ed.),
ch. 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import FloatArray


@dataclass(frozen=True)
class KishEffect:
    """Expected design effect of clusters and unequal weights."""

    deff_cluster: float
    deff_weights: float
    deff: float
    n_eff: float


def expected_effect(
    mean_cluster_size: float, rho: float, cv_weights: float, n: float
) -> KishEffect:
    """Return deff = (1 + cv_w^2)(1 + (m - 1) rho) and the effective base of `n` interviews."""
    cluster, weights = 1 + (mean_cluster_size - 1) * rho, 1 + cv_weights**2
    return KishEffect(cluster, weights, cluster * weights, n / (cluster * weights))


def best_cluster_size(cost_cluster: float, cost_interview: float, rho: float) -> float:
    """Return the interviews per cluster that cost least for an error: sqrt(c1/c2 (1-rho)/rho)."""
    return math.sqrt(cost_cluster / cost_interview * (1 - rho) / rho)


@dataclass(frozen=True)
class Allocation:
    """Interviews per stratum, unrounded, and the variance of the stratified mean."""

    n: FloatArray
    variance: float


def allocate(
    total: float, sizes: FloatArray, sds: FloatArray | None = None, costs: FloatArray | None = None
) -> Allocation:
    """Return the interviews of each stratum (H,) out of `total`.

    Proportional to N_h; with `sds` to N_h S_h (Neyman 1934); with `costs` also over sqrt(c_h).
    A stratum that would get more than all of its people is taken whole and the rest shared out
    again. The variance is that of `sds`, or of ones.
    """
    spread = np.ones_like(sizes) if sds is None else sds
    wish = sizes * spread / (1.0 if costs is None else np.sqrt(costs))
    return _allocated(total, sizes, spread, wish)


def proportional(total: float, sizes: FloatArray, sds: FloatArray) -> Allocation:
    """Return the proportional allocation with the variance that `sds` (H,) give it."""
    return _allocated(total, sizes, sds, sizes)


def _allocated(total: float, sizes: FloatArray, spread: FloatArray, wish: FloatArray) -> Allocation:
    n = np.zeros_like(sizes)
    whole = np.zeros(len(sizes), dtype=np.bool_)
    while not whole.all():
        left = total - float(sizes[whole].sum())
        n = np.where(whole, sizes, left * wish / wish[~whole].sum())
        over = ~whole & (n > sizes)
        if not over.any():
            break
        whole |= over
    share = sizes / sizes.sum()
    variance = float((share**2 * (1 - n / sizes) * spread**2 / n).sum())
    return Allocation(n, variance)


def cluster_sizes_effect(sizes: Sequence[float], rho: float) -> float:
    """Return 1 + (m' - 1) rho with m' = sum m^2 / sum m, for clusters of unequal size (Kish)."""
    m = np.asarray(sizes, dtype=np.float64)
    return float(1 + ((m**2).sum() / m.sum() - 1) * rho)
