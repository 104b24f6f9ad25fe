"""PURE. What unequal weights cost: Kish's design effect and the effective base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def kish_effect(weights: FloatArray) -> float:
    """Return n sum(w^2) / sum(w)^2 over the weights above zero (Kish 1965).

    >>> kish_effect(np.array([1.0, 1.0, 2.0, 0.0]))
    1.125
    """
    used = weights[weights != 0]
    return float(len(used) * (used**2).sum() / used.sum() ** 2)


def effective_base(weights: FloatArray) -> float:
    """Return sum(w)^2 / sum(w^2): the cases that equal weights would need for the same error."""
    return float(weights.sum() ** 2 / (weights**2).sum())


@dataclass(frozen=True)
class StepRecord:
    """One step of weighting, as the page of weights prints it.

    `facts` says what the step found out by itself, as plain values: `merged` classes, the eligible
    share `e` and by which `rule`.
    """

    name: str
    cases: int
    sum_before: float
    sum_after: float
    effect_before: float
    effect_after: float
    base_after: float
    least_factor: float
    largest_factor: float
    least_weight: float
    largest_weight: float
    source: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


def record(
    name: str,
    before: FloatArray,
    after: FloatArray,
    source: str = "",
    facts: Mapping[str, Any] | None = None,
) -> StepRecord:
    """Return the record of a step from (n,) weights before and after it."""
    used = after[after != 0]
    factor = after[before != 0] / before[before != 0]
    kept = factor[factor != 0]
    return StepRecord(
        name=name,
        cases=len(used),
        sum_before=float(before.sum()),
        sum_after=float(after.sum()),
        effect_before=kish_effect(before),
        effect_after=kish_effect(after),
        base_after=effective_base(after),
        least_factor=float(kept.min()),
        largest_factor=float(kept.max()),
        least_weight=float(used.min()),
        largest_weight=float(used.max()),
        source=source,
        facts=facts or {},
    )
