"""PURE. Answer scales: missing codes, direction, and the way from 1-10 to 0-100."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """The two ends of an answer scale, as printed in the questionnaire.

    >>> Scale(1, 10).width
    9
    """

    minimum: float
    maximum: float

    @property
    def width(self) -> float:
        """Return the distance between the two ends."""
        return self.maximum - self.minimum


def limits(scales: Sequence[Scale]) -> tuple[FloatArray, FloatArray]:
    """Return the lower and the upper ends of several scales as two (p,) arrays."""
    ends = np.array([(scale.minimum, scale.maximum) for scale in scales], dtype=float)
    ends = ends.reshape(-1, 2)
    return ends[:, 0], ends[:, 1]


def to_100(values: FloatArray, scale: Scale) -> FloatArray:
    """Return answers on the 0-100 metric: the scale's minimum is 0, its maximum 100.

    >>> to_100(np.array([1.0, 5.5, 10.0]), Scale(1, 10)).tolist()
    [0.0, 50.0, 100.0]
    """
    return 100.0 * (values - scale.minimum) / scale.width


def blank_codes(values: FloatArray, codes: Iterable[float]) -> FloatArray:
    """Return a copy in which every missing code (don't know, refused) is NaN.

    >>> blank_codes(np.array([7.0, 99.0]), [98, 99]).tolist()
    [7.0, nan]
    """
    blanked = np.array(values, dtype=float)
    for code in codes:
        blanked[blanked == code] = np.nan
    return blanked


def turned(values: FloatArray, scale: Scale) -> FloatArray:
    """Return answers of an item asked in the opposite direction, turned the right way.

    >>> turned(np.array([1.0, 4.0]), Scale(1, 10)).tolist()
    [10.0, 7.0]
    """
    return scale.minimum + scale.maximum - values


def weighted_index(
    weights: FloatArray, means: FloatArray, minimum: FloatArray, maximum: FloatArray
) -> FloatArray:
    """Return the index 0-100 of one construct from its items' unstandardised weights and means.

    The formula is 100 (E - Min) / (Max - Min): E is the sum of weight times item mean, Min and
    Max the same sum at the possible (not the observed) ends of the scales. It does not change
    when all weights are multiplied by one number.

    Parameters
    ----------
    weights, means : (k, ...) float     items first; further axes (resamples) are carried along
    minimum, maximum : (k,) float       ends of each item's scale

    Returns
    -------
    (...) float on 0-100. It leaves 0-100 only when some weight is negative, and means nothing
    when the weights add up to zero or less.

    Source: Fornell, Johnson, Anderson, Cha, Bryant (1996), Journal of Marketing 60(4), 7-18.
    """
    ends = (slice(None), *(None,) * (weights.ndim - 1))
    reached = (weights * (means - minimum[ends])).sum(axis=0)
    possible = (weights * (maximum - minimum)[ends]).sum(axis=0)
    return np.asarray(100.0 * reached / np.where(possible == 0, 1.0, possible))
