"""PURE. Mean ratings of units whose raters rate several of them, with their joint error.

Colleagues who rate everybody raise or lower all alike. The rater is therefore the sampling unit:
what one rater says of all units is drawn or not drawn together, and what all units share of it
cancels in their differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import FloatArray


@dataclass(frozen=True)
class Means:
    """Mean ratings of k units by one source.

    values      (k,) mean of the ratings, on the scale of the ratings
    covariance  (k, k) of the means; row and column of a unit with one rater are zero, not known
    raters      (k,) how many people rated the unit
    ratings     (k,) how many ratings they gave
    """

    units: tuple[str, ...]
    values: FloatArray
    covariance: FloatArray
    raters: FloatArray
    ratings: FloatArray

    def at(self, unit: str) -> int | None:
        """Return the place of a unit, None when this source says nothing of it."""
        return self.units.index(unit) if unit in self.units else None


def means_by_rater(units: Sequence[str], scores: Sequence[float], raters: Sequence[str]) -> Means:
    """Return the means of n ratings: the unit, the score and the rater of each.

    An empty rater is somebody who rated once. A mean of n_u ratings is a ratio of totals over
    raters; linearised, rater r adds e_ru = sum of (y - m_u) / n_u over what r said of u. With
    raters as drawn with replacement, cov(m_u, m_v) = g_u g_v sum_r e_ru e_rv (Wolter 2007,
    section 6: ultimate clusters). g_u^2 = R_u / (R_u - 1) for the R_u raters of the unit itself,
    so that one rating each gives s^2 / n exactly, and raters who all rate all the covariance of
    their ratings over R; a matrix of products, it is never indefinite.
    """
    names, unit = np.unique(np.asarray(units), return_inverse=True)
    people = [f"r {name}" if name else f"n {at}" for at, name in enumerate(raters)]
    known, rater = np.unique(np.asarray(people), return_inverse=True)
    k, y = len(names), np.asarray(scores, dtype=np.float64)
    ratings = np.bincount(unit, minlength=k).astype(np.float64)
    values = np.bincount(unit, weights=y, minlength=k) / ratings
    given = np.zeros((len(known), k))
    np.add.at(given, (rater, unit), (y - values[unit]) / ratings[unit])
    rated = np.zeros((len(known), k), dtype=np.bool_)
    rated[rater, unit] = True
    R = rated.sum(axis=0).astype(np.float64)
    factor = np.sqrt(np.divide(R, R - 1, out=np.zeros(k), where=R > 1))
    spread = given * factor
    return Means(tuple(map(str, names)), values, spread.T @ spread, R, ratings)
