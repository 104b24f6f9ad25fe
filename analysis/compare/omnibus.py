"""PURE. Do any of several groups differ at all? A distance between what their models imply."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from analysis.compare.twosample import SAME
from analysis.model.fitting import geodesic

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    Distance = Callable[[FloatArray, FloatArray], FloatArray]


@dataclass(frozen=True)
class Omnibus:
    """The two distances of the omnibus test with their p values; None when not defined.

    The geodesic distance is not defined when a model implies correlations that cannot be
    (a matrix that is not positive definite).
    """

    geodesic: float | None
    geodesic_p: float | None
    euclidean: float
    euclidean_p: float
    permutations: int


def omnibus(p: int, observed: FloatArray, permuted: FloatArray) -> Omnibus:
    """Return the omnibus test of no difference between G groups.

    The average over all pairs of groups of the distance between the item correlations that
    their models imply: geodesic (half the sum of squared logarithms of the eigenvalues of one
    relative to the other, to base 10) and squared Euclidean (half the sum of squared
    differences), against the same under permuted labels.
    Source: Klesel, Schuberth, Henseler, Niehaves (2019), Internet Research 29(3), 464-477.

    Parameters
    ----------
    p                   items
    observed : (G, K)   implied correlations below the diagonal; permuted : (G, K, P)
    """
    pairs = list(combinations(range(len(observed)), 2))
    euclidean = _average(_euclidean, observed[:, :, None], pairs)[0]
    others = _average(_euclidean, permuted, pairs)

    def between(first: FloatArray, second: FloatArray) -> FloatArray:
        return geodesic(_full(first, p), _full(second, p))

    far = _average(between, observed[:, :, None], pairs)[0]
    defined = bool(np.isfinite(far))
    return Omnibus(
        float(far) if defined else None,
        _p(far, _average(between, permuted, pairs)) if defined else None,
        float(euclidean),
        _p(euclidean, others),
        permuted.shape[2],
    )


def _average(
    distance: Distance, correlations: FloatArray, pairs: list[tuple[int, int]]
) -> FloatArray:
    """Return (B,) distances averaged over pairs of the groups of (G, K, B) correlations."""
    found = [distance(correlations[a], correlations[b]) for a, b in pairs]
    return np.asarray(np.mean(found, axis=0))


def _euclidean(first: FloatArray, second: FloatArray) -> FloatArray:
    return np.asarray(((first - second) ** 2).sum(axis=0))


def _p(observed: float, permuted: FloatArray) -> float:
    return float((1 + (permuted >= observed - SAME).sum()) / (1 + len(permuted)))


def _full(below: FloatArray, p: int) -> FloatArray:
    """Return (p, p, B) correlations from those below the diagonal."""
    found = np.empty((p, p, below.shape[1]))
    first, second = np.tril_indices(p, -1)
    found[first, second] = found[second, first] = below
    np.einsum("iib->ib", found)[:] = 1.0
    return found
