"""PURE. Trimming a design's weights, and in every replicate those of that replicate.

What is limited is the weight that a case carries once, not how often a replicate draws it: a
case that a bootstrap draws three times stands for three cases, and none of them is trimmed for
that. What is cut off is spread over the cases within the limits, each as often as it is drawn,
so that the sum of weights stays in every replicate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.sampling.columns import FloatArray
from analysis.sampling.design import Design
from analysis.sampling.replicates import Replicates
from analysis.weighting.trimming import trimmed


@dataclass(frozen=True)
class Limits:
    """Least and largest weight: as they stand, or as multiples of the mean or median weight."""

    lower: float = -np.inf
    upper: float = np.inf
    of: Literal["one", "mean", "median"] = "one"
    strict: bool = False

    def on(self, weights: FloatArray) -> tuple[float, float]:
        """Return the limits for (n,) weights; those of zero do not count."""
        used = weights[weights != 0]
        unit = {"one": 1.0, "mean": float(used.mean()), "median": float(np.median(used))}[self.of]
        return self.lower * unit, self.upper * unit


def trimmed_design(design: Design, limits: Limits) -> Design:
    """Return the design with trimmed weights; the linearised error takes them as given.

    Limits are set by the full sample and hold in every replicate.
    """
    lower, upper = limits.on(design.weights)
    weights = trimmed(design.weights, lower, upper, strict=limits.strict)
    stepped = replace(design, weights=weights)
    if design.replicates is None:
        return stepped
    return stepped.with_replicates(_trimmed_replicates(design, design.replicates, stepped, limits))


def _trimmed_replicates(
    design: Design, replicates: Replicates, stepped: Design, limits: Limits
) -> Replicates:
    """Return the replicates trimmed, one row of multipliers for each group and weight."""
    lower, upper = limits.on(design.weights)
    values, cells = np.unique(design.weights, return_inverse=True)
    nothing = np.ones((len(values), replicates.count))
    split = replicates.regrouped(cells.reshape(-1).astype(np.int64), nothing)
    _, first, size = np.unique(split.group, return_index=True, return_counts=True)
    before, after = design.weights[first], stepped.weights[first]
    draws = split.draws()
    table = np.empty_like(draws)
    for replicate in range(replicates.count):
        drawn, kept = draws[:, replicate], split.multipliers[:, replicate]
        own = np.divide(before * kept, drawn, out=np.zeros_like(drawn), where=drawn > 0)
        cut = trimmed(own, lower, upper, strict=limits.strict, counts=size * drawn)
        table[:, replicate] = np.divide(drawn * cut, after, out=kept.copy(), where=after != 0)
    return replace(split, multipliers=table)
