"""PURE. Who did not answer, and what that may do: R-indicators, level of effort, follow-up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import FloatArray
from analysis.sampling.messages import ZERO_DENOMINATOR
from foundation.problems import Place, ProblemsError


@dataclass(frozen=True)
class Representativeness:
    """R-indicator of response by classes. R = 1 means every class answered alike.

    max_abs_bias_std is the largest bias of a mean in standard deviations, max_bias_bound_prop
    that of a proportion; contributions (C,) say which classes are over- and underrepresented.
    """

    mean_propensity: float
    S_rho: float
    R: float
    cv: float
    max_abs_bias_std: float
    max_bias_bound_prop: float
    partial_unconditional: float
    category_contrib: FloatArray
    weights_adjustment_class: FloatArray


def representativeness(sizes: FloatArray, response_rates: FloatArray) -> Representativeness:
    """Return the R-indicator 1 - 2 S(rho) from class sizes (C,) and response rates (C,).

    Schouten, Cobben, Bethlehem (2009), Survey Methodology 35; partial indicators of Schouten,
    Shlomo, Skinner (2011). S has N - 1. A class in which nobody answered is a named problem.
    """
    if (response_rates <= 0).any():
        name = f"class {int(np.argmax(response_rates <= 0)) + 1}"
        raise ProblemsError([ZERO_DENOMINATOR.at(Place(item=name), name=name)])
    N = float(sizes.sum())
    mean = float((sizes * response_rates).sum()) / N
    gaps = response_rates - mean
    squares = float((sizes * gaps**2).sum())
    S = math.sqrt(squares / (N - 1))
    return Representativeness(
        mean_propensity=mean,
        S_rho=S,
        R=1 - 2 * S,
        cv=S / mean,
        max_abs_bias_std=S / mean,
        max_bias_bound_prop=S / mean / 2,
        partial_unconditional=math.sqrt(squares / N),
        category_contrib=np.sqrt(sizes / N) * gaps,
        weights_adjustment_class=1 / response_rates,
    )


@dataclass(frozen=True)
class NonresponseBias:
    """Bias of respondents' mean when the nonrespondents' is known, for example from a follow-up."""

    response_rate: float
    bias: float
    full: float


def nonresponse_bias(nr: float, yr: float, nn: float, yn: float) -> NonresponseBias:
    """Return (1 - response rate)(mean of respondents - mean of nonrespondents)."""
    rate = nr / (nr + nn)
    bias = (1 - rate) * (yr - yn)
    return NonresponseBias(rate, bias, yr - bias)


@dataclass(frozen=True)
class EffortLevel:
    """The mean of all interviews made up to an attempt, and its distance to the final mean."""

    up_to_attempt: int
    n: float
    cumulative_mean: float
    difference_to_final: float


def level_of_effort(rows: Sequence[tuple[int, float, float]]) -> list[EffortLevel]:
    """Return the cumulative mean by attempt from rows (attempt, interviews, their mean).

    If the mean still moves at the last attempt, more attempts would move it further.
    """
    table = np.array(sorted(rows), dtype=np.float64)
    counts = np.cumsum(table[:, 1])
    means = np.cumsum(table[:, 1] * table[:, 2]) / counts
    return [
        EffortLevel(int(attempt), float(n), float(mean), float(mean - means[-1]))
        for attempt, n, mean in zip(table[:, 0], counts, means, strict=True)
    ]


@dataclass(frozen=True)
class FollowUp:
    """Double sampling of nonrespondents: estimate, subsampling factor, variance."""

    estimate: float
    k: float
    var_without_fpc: float

    @property
    def se(self) -> float:
        """Standard error."""
        return math.sqrt(self.var_without_fpc)


def hansen_hurwitz(
    *, n1: float, y1: float, s1: float, n2: float, m: float, y2: float, s2: float
) -> FollowUp:
    """Return the estimate from n1 respondents and m of the n2 nonrespondents followed up.

    Hansen, Hurwitz (1946); variance by Rao's unbiased estimator (Cochran, section 13.6).
    """
    n, k = n1 + n2, n2 / m
    estimate = (n1 * y1 + n2 * y2) / n
    between = n1 * (y1 - estimate) ** 2 + n2 * (y2 - estimate) ** 2
    spread = ((n1 - 1) * s1**2 + (n2 - k) * s2**2 + between) / (n - 1)
    return FollowUp(estimate, k, spread / n + (k - 1) * n2 * s2**2 / n**2)
