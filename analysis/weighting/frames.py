"""PURE. Base weights and two overlapping frames, for example a landline and a mobile list."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.weighting.messages import SHARE_RANGE
from foundation.problems import Place, ProblemsError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]


def base_weights(probability: FloatArray) -> FloatArray:
    """Return one over the probability of selection (Horvitz, Thompson 1952)."""
    return np.asarray(1.0 / probability)


def joint_weights(
    weights: FloatArray, from_first: BoolArray, in_both: BoolArray, share: float | None = None
) -> FloatArray:
    """Return (n,) weights of cases from two frames put together (Hartley 1962).

    Cases that both frames contain would count twice: those drawn from the first frame keep
    `share` of their weight, those from the second 1 - share. Without `share` it is the first
    frame's part of the effective base of these cases, which is near the best choice.
    """
    first, second = in_both & from_first, in_both & ~from_first
    if share is None:
        share = _effective_share(weights[first], weights[second])
    if not 0 <= share <= 1:
        raise ProblemsError([SHARE_RANGE.at(Place(), value=share)])
    return np.where(first, weights * share, np.where(second, weights * (1 - share), weights))


def single_frame_weights(first: FloatArray, second: FloatArray) -> FloatArray:
    """Return (n,) weights 1/(p1 + p2 - p1 p2) from the probabilities in both frames (0: not in it).

    Kalton, Anderson (1986), with the chance of being drawn twice taken off.
    """
    return np.asarray(1.0 / (first + second - first * second))


def _effective_share(first: FloatArray, second: FloatArray) -> float:
    bases = [
        float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0
        for weights in (first, second)
    ]
    return bases[0] / sum(bases) if sum(bases) else 0.5
