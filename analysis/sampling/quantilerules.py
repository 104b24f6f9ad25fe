"""PURE. One quantile of weighted data, by the rules that statistics packages know.

math and hf1: the inverse of the distribution function, lower value at a tie. school and hf2: the
mean of the two values at a tie. hf3: the even one of them, counting distinct values. hf4 to hf9:
Hyndman and Fan (1996) with cumulated weights in place of counts. shahvaish: Shah and Vaish (2006).
As svyquantile of R's survey package 4.1, also where p lies below the share of the first value
(R then takes the second), except that a cumulated share within 1e-12 of p counts as equal to p,
where R depends on the last bit of a sum, and that hf4 stays inside the data.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import FloatArray

TIE = 1e-12
RULES = ("math", "school", "shahvaish", *(f"hf{number}" for number in range(1, 10)))


@dataclass(frozen=True)
class Ranked:
    """Cases with weight, by size: values (n,), their weights, and cumulated weights."""

    values: FloatArray
    weights: FloatArray
    cumulated: FloatArray

    @property
    def total(self) -> float:
        """The sum of the weights."""
        return float(self.cumulated[-1])


def weighted_quantile(
    values: FloatArray, weights: FloatArray, probability: float, rule: str = "math"
) -> float:
    """Return one quantile of `values` (n,) under `weights` (n,); zero weights do not count.

    >>> weighted_quantile(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5)
    2.0
    >>> weighted_quantile(np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4), 0.5, "school")
    2.5
    """
    return quantile_of(ranked(values, weights), probability, rule)


def ranked(values: FloatArray, weights: FloatArray) -> Ranked:
    """Return the cases with weight in the order of their values."""
    used = weights != 0
    order = np.argsort(values[used], kind="stable")
    weight = weights[used][order]
    return Ranked(values[used][order], weight, np.cumsum(weight))


def quantile_of(cases: Ranked, p: float, rule: str) -> float:
    """Return the quantile `p` (0..1) of ranked cases by one of `RULES`."""
    if rule in PLOTTING:
        return float(np.interp(p, PLOTTING[rule](cases), cases.values))
    if rule == "shahvaish":
        return _shah_vaish(cases, p)
    return _between(_distinct(cases) if rule == "hf3" else cases, p, rule)


def _between(cases: Ranked, p: float, rule: str) -> float:
    reached = (p + TIE) * cases.total
    below = max(int(np.searchsorted(cases.cumulated, reached, side="right")) - 1, 0)
    above = min(below + 1, len(cases.values) - 1)
    low, high = float(cases.values[below]), float(cases.values[above])
    share, next_share = cases.cumulated[[below, above]] / cases.total
    if rule == "hf4":
        gap = next_share - share
        return low + max(float((p - share) / gap), 0.0) * (high - low) if gap > 0 else low
    if abs(p - share) > TIE:
        return high
    if rule == "hf3":
        return low if below % 2 else high
    return low if rule in ("math", "hf1") else (low + high) / 2


def _distinct(cases: Ranked) -> Ranked:
    """Return the cases with equal values joined."""
    values, place = np.unique(cases.values, return_inverse=True)
    weights = np.bincount(place, weights=cases.weights).astype(np.float64)
    return Ranked(values, weights, np.cumsum(weights))


def _shah_vaish(cases: Ranked, p: float) -> float:
    """Return the last value whose position does not exceed p, the first where none does.

    The positions take weights over their mean, but half of the plain weight: as R has them.
    """
    n = len(cases.values)
    relative = cases.cumulated * n / cases.total
    position = (relative + 0.5 - cases.weights / 2) / (n + 1)
    order = np.argsort(position, kind="stable")
    below = int(np.searchsorted(position[order], p, side="right")) - 1
    return float(cases.values[order][max(below, 0)])


def _before(cases: Ranked) -> FloatArray:
    return np.concatenate([[0.0], cases.cumulated[:-1]])


PLOTTING: dict[str, Callable[[Ranked], FloatArray]] = {
    "hf5": lambda r: (r.cumulated - r.weights / 2) / r.total,
    "hf6": lambda r: r.cumulated / (r.total + r.weights[-1]),
    "hf7": lambda r: _before(r) / (r.cumulated[-2] if len(r.values) > 1 else r.total),
    "hf8": lambda r: (_before(r) / 3 + r.cumulated * 2 / 3) / (r.total + r.weights[-1] / 3),
    "hf9": lambda r: (_before(r) * 3 / 8 + r.cumulated * 5 / 8) / (r.total + r.weights[-1] / 4),
}
"""Where each value stands between 0 and 1; quantiles between them by straight lines."""
