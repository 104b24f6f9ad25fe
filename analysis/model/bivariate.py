"""PURE. The bivariate normal distribution at every crossing of two sets of thresholds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]

NODES = 24
"""Of the Gauss-Legendre rule; enough for 1e-11 up to |rho| = 0.99 (see the tests)."""
FEW, SHORT = 6, 0.15
"""So many are enough on a way of less than this angle."""


def cumulative(first: FloatArray, second: FloatArray, rho: FloatArray) -> FloatArray:
    """Return P(X < h, Y < k) for every h of `first` and k of `second`, standard normal.

    Parameters
    ----------
    first : (a, B), second : (c, B)    thresholds of B tables
    rho : (B,)                         correlations between -1 and 1

    Returns
    -------
    (a, c, B) probabilities
    """
    angle = np.arcsin(rho)
    return independent(first, second) + gained(first, second, np.zeros_like(angle), angle)


def independent(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return the (a, c, B) probabilities when the two variables are unrelated."""
    from scipy.special import ndtr

    return np.asarray(ndtr(first)[:, None] * ndtr(second)[None])


def gained(first: FloatArray, second: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """Return what `cumulative` gains when the angle arcsin(rho) moves from `start` to `end`.

    The integral of the density over the angle: short ways need few points. Source: Plackett
    (1954), Biometrika 41, 351-360; Drezner, Wesolowsky (1990), Journal of Statistical
    Computation and Simulation 35, 101-107.
    """
    h, k = first[:, None], second[None]
    squares, product = 0.5 * (h * h + k * k), h * k
    total = np.zeros(np.broadcast_shapes(h.shape, k.shape))
    way = end - start
    for point, weight in _rule(FEW if np.abs(way).max() < SHORT else NODES):
        sine = np.sin(start + way * point)
        total += weight * np.exp((sine * product - squares) / (1.0 - sine * sine))
    return np.asarray(way * total / (2.0 * np.pi))


def density(first: FloatArray, second: FloatArray, rho: FloatArray) -> FloatArray:
    """Return the (a, c, B) densities at the crossings: the slopes of `cumulative` in rho."""
    h, k, rest = first[:, None], second[None], 1.0 - rho * rho
    form = (h * h - 2.0 * rho * h * k + k * k) / (2.0 * rest)
    return np.asarray(np.exp(-form) / (2.0 * np.pi * np.sqrt(rest)))


@cache
def _rule(nodes: int) -> list[tuple[float, float]]:
    """Return points and weights of the Gauss-Legendre rule on 0 to 1."""
    points, weights = np.polynomial.legendre.leggauss(nodes)
    return list(zip(((points + 1.0) / 2.0).tolist(), (weights / 2.0).tolist(), strict=True))
