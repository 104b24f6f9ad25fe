"""PURE. What a published percentage supports: against a value, and against another.

For figures of which only the percentage and the base are known, with a design effect if one is
known or assumed. Source: Kish, Survey Sampling (1965), ch. 12; Cochran (1977), ch. 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.sampling.distributions import t_two_sided
from analysis.sampling.intervals import critical

ALPHA = 0.05


@dataclass(frozen=True)
class Claim:
    """A difference from a value, or of two shares, with its normal test."""

    difference: float
    se: float
    moe: float
    z: float
    p: float

    @property
    def is_supported(self) -> bool:
        """Whether the difference is beyond what chance alone would make, at the 5 % level."""
        return self.p < ALPHA


def share_against(p: float, value: float, n: float, deff: float = 1.0) -> Claim:
    """Return the test of a share against a value, with the variance that the value implies.

    >>> share_against(0.484, 0.5, 97).is_supported  # "not even half are satisfied"
    False
    """
    return _claim(p - value, deff * value * (1 - value) / n)


def difference_in_question(p1: float, p2: float, n: float, deff: float = 1.0) -> Claim:
    """Return the difference of two answers of one single-choice question (multinomial)."""
    return _claim(p1 - p2, deff * (p1 + p2 - (p1 - p2) ** 2) / n)


def difference_in_set(
    p1: float, p2: float, n: float, *, correlation: float = 0.0, deff: float = 1.0
) -> Claim:
    """Return the difference of two answers of one multi-response question.

    `correlation` is that of the two answers among people; it is rarely published.
    """
    v1, v2 = p1 * (1 - p1), p2 * (1 - p2)
    return _claim(p1 - p2, deff * (v1 + v2 - 2 * correlation * math.sqrt(v1 * v2)) / n)


def _claim(difference: float, variance: float) -> Claim:
    se = math.sqrt(variance)
    z = difference / se
    return Claim(difference, se, critical(np.inf, 0.95) * se, z, t_two_sided(z, np.inf))
