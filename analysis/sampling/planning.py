"""PURE. Planning: how many interviews for a margin, and which margin a number gives.

Planning divides by n, estimation by n - 1; the two are kept apart. Sources: Cochran, Sampling
Techniques (3rd ed.), ch. 4 and 5; Kish, Survey Sampling (1965), ch. 5 and 8; Fleiss, Levin,
Paik, Statistical Methods for Rates and Proportions (3rd ed.), ch. 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from analysis.sampling.distributions import t_two_sided
from analysis.sampling.intervals import (
    agresti_coull,
    clopper_pearson,
    critical,
    jeffreys,
    wilson,
)

ALMOST = 1e-9
Limits = tuple[float, float]


def rounded_up(value: float) -> int:
    """Return the next whole number, forgiving the last bits of a division.

    >>> rounded_up(384.2), rounded_up(0.3 / 0.1)
    (385, 3)
    """
    return math.ceil(value - ALMOST)


@dataclass(frozen=True)
class ProportionSize:
    """Interviews for a proportion: raw, with design effect, with population, rounded, to draw."""

    z: float
    n0: float
    n_with_deff: float
    n_fpc: float
    n: int
    sample_to_draw: int


def size_for_proportion(
    p: float,
    margin: float,
    *,
    confidence: float = 0.95,
    population: float | None = None,
    deff: float = 1.0,
    response_rate: float = 1.0,
) -> ProportionSize:
    """Return the interviews needed for a margin of error of a proportion.

    n0 = z^2 p q / e^2, times deff, then n1 / (1 + (n1 - 1)/N); the sample to draw is n over the
    response rate. `margin` is a share, 0.05 for five points.
    """
    z = critical(np.inf, confidence)
    n0 = z**2 * p * (1 - p) / margin**2
    n1 = n0 * deff
    reduced = n1 if population is None else n1 / (1 + (n1 - 1) / population)
    n = rounded_up(reduced)
    return ProportionSize(z, n0, n1, reduced, n, rounded_up(n / response_rate))


@dataclass(frozen=True)
class ProportionMargin:
    """What a number of interviews gives for a proportion. Limits use n/deff and no population."""

    se_planning: float
    moe_planning: float
    se_estimation: float
    moe_estimation_z: float
    moe_estimation_t: float
    n_eff: float
    wilson: Limits
    clopper_pearson: Limits
    agresti_coull: Limits
    jeffreys: Limits


def margin_of_proportion(
    p: float,
    n: float,
    *,
    confidence: float = 0.95,
    population: float | None = None,
    deff: float = 1.0,
) -> ProportionMargin:
    """Return standard errors, margins and limits of a proportion from `n` interviews."""
    left = unsampled(n, population)
    z = critical(np.inf, confidence)
    planning = math.sqrt(deff * left * p * (1 - p) / n)
    estimation = math.sqrt(deff * left * p * (1 - p) / (n - 1))
    n_eff = n / deff
    return ProportionMargin(
        se_planning=planning,
        moe_planning=z * planning,
        se_estimation=estimation,
        moe_estimation_z=z * estimation,
        moe_estimation_t=critical(n - 1, confidence) * estimation,
        n_eff=n_eff,
        wilson=wilson(p, n_eff, confidence),
        clopper_pearson=clopper_pearson(p, n_eff, confidence),
        agresti_coull=agresti_coull(p, n_eff, confidence),
        jeffreys=jeffreys(p, n_eff, confidence),
    )


def unsampled(n: float, population: float | None) -> float:
    """Return the finite population correction 1 - n/N, 1 without a population size."""
    return 1.0 if population is None else max(1 - n / population, 0.0)


@dataclass(frozen=True)
class MeanSize:
    """Interviews for a mean or an index."""

    n_with_deff: float
    n_fpc: float
    n: int


def size_for_mean(
    sd: float,
    margin: float,
    *,
    confidence: float = 0.95,
    population: float | None = None,
    deff: float = 1.0,
) -> MeanSize:
    """Return the interviews for a margin of a mean: n1 = (z sd/e)^2 deff, n1 / (1 + n1/N)."""
    n1 = (critical(np.inf, confidence) * sd / margin) ** 2 * deff
    reduced = n1 if population is None else n1 / (1 + n1 / population)
    return MeanSize(n1, reduced, rounded_up(reduced))


@dataclass(frozen=True)
class MeanMargin:
    """Standard error and margins of a mean or an index, by the normal and by Student's t."""

    se: float
    moe_z: float
    moe_t: float


def margin_of_mean(
    sd: float,
    n: float,
    *,
    confidence: float = 0.95,
    population: float | None = None,
    deff: float = 1.0,
) -> MeanMargin:
    """Return se = sd sqrt(deff (1 - n/N) / n) and its margins, t on n - 1."""
    se = sd * math.sqrt(deff * unsampled(n, population) / n)
    return MeanMargin(se, critical(np.inf, confidence) * se, critical(n - 1, confidence) * se)


@dataclass(frozen=True)
class Difference:
    """Difference of two proportions, its error, and its test against zero."""

    diff: float
    se: float
    moe: float
    z: float
    p_value: float
    ci: Limits


def difference_of_proportions(
    p1: float,
    p2: float,
    n1: float,
    n2: float,
    *,
    rho: float = 0.0,
    n_overlap: float = 0.0,
    confidence: float = 0.95,
) -> Difference:
    """Return the change between two waves of which `n_overlap` people took part in both.

    se^2 = p1 q1/n1 + p2 q2/n2 - 2 rho n_o sqrt(p1 q1 p2 q2) / (n1 n2), rho the correlation of
    the two answers of one person (Kish 1965, ch. 12).
    """
    v1, v2 = p1 * (1 - p1), p2 * (1 - p2)
    se = math.sqrt(v1 / n1 + v2 / n2 - 2 * rho * n_overlap * math.sqrt(v1 * v2) / (n1 * n2))
    diff = p1 - p2
    moe = critical(np.inf, confidence) * se
    z = diff / se
    return Difference(diff, se, moe, z, t_two_sided(z, np.inf), (diff - moe, diff + moe))


@dataclass(frozen=True)
class DifferenceSize:
    """Interviews per group to find a difference."""

    n_unrounded: float
    n_per_group: int


def size_for_difference(
    p1: float, p2: float, *, alpha: float = 0.05, power: float = 0.8, deff: float = 1.0
) -> DifferenceSize:
    """Return interviews per group to tell p1 from p2: pooled variance under equality (Fleiss)."""
    z_alpha = critical(np.inf, 1 - alpha)
    z_power = critical(np.inf, 2 * power - 1)
    pooled = (p1 + p2) / 2
    spread = z_alpha * math.sqrt(2 * pooled * (1 - pooled))
    spread += z_power * math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
    n = deff * (spread / (p1 - p2)) ** 2
    return DifferenceSize(n, rounded_up(n))


@dataclass(frozen=True)
class NpsMargin:
    """A net promoter score with its error, and the interviews for +-5 in a large population."""

    nps: float
    unit_variance: float
    se: float
    moe: float
    n_for_moe_5: int


def margin_of_nps(
    promoters: float,
    detractors: float,
    n: float,
    *,
    confidence: float = 0.95,
    population: float | None = None,
    deff: float = 1.0,
) -> NpsMargin:
    """Return 100 (P - D); the variance of one answer is P + D - (P - D)^2."""
    balance = promoters - detractors
    variance = promoters + detractors - balance**2
    z = critical(np.inf, confidence)
    se = 100 * math.sqrt(deff * unsampled(n, population) * variance / n)
    return NpsMargin(
        100 * balance, variance, se, z * se, size_for_nps(variance, 5.0, confidence, deff)
    )


def size_for_nps(
    variance: float, margin: float, confidence: float = 0.95, deff: float = 1.0
) -> int:
    """Return the interviews for a margin of the net promoter score in points."""
    return rounded_up((100 * critical(np.inf, confidence) / margin) ** 2 * variance * deff)


def upper_bound_of_none(n: float, confidence: float = 0.95) -> float:
    """Return the one-sided bound of a share when none of `n` had it: 1 - (1-confidence)^(1/n)."""
    return float(1 - (1 - confidence) ** (1 / n))


def calls_needed(n: int, response_rate: float, attempts_per_case: float) -> int:
    """Return the calls to dial for `n` interviews, at so many attempts per case of the sample."""
    return rounded_up(rounded_up(n / response_rate) * attempts_per_case)
