"""PURE. What a comparison of groups found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from analysis.compare.groups import Groups
    from analysis.compare.invariance import Invariance
    from analysis.compare.omnibus import Omnibus
    from analysis.model.parameters import Parameter
    from analysis.sampling.many import Correction, Place
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]

METHODS = ("permutation", "henseler", "parametric", "welch", "design")

VERDICTS = ("none", "partial", "full")
"""Measurement invariance, from the least to the most."""


@dataclass(frozen=True)
class Pair:
    """Two groups against each other; arrays are (K,), in the order of the labels.

    Parameters
    ----------
    first, second   positions of the groups
    difference      the second minus the first
    se, low, high   of the difference, from the bootstrap (percentiles); None without one
    p, adjusted     two-sided p values by method (of METHODS, those that apply), as they are and
                    corrected for the number of tests of the same kind of parameter
    invariance      MICOM, when there were permutations
    verdicts        none, partial or full measurement invariance by construct, p values corrected
                    for the number of pairs of groups
    """

    first: int
    second: int
    difference: FloatArray
    se: FloatArray | None
    low: FloatArray | None
    high: FloatArray | None
    p: dict[str, FloatArray]
    adjusted: dict[str, FloatArray]
    invariance: Invariance | None
    verdicts: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Return the verdict on the whole model: that of its least invariant construct."""
        return next((word for word in VERDICTS if word in self.verdicts), "")


@dataclass(frozen=True)
class Comparison:
    """A path model compared between groups; every number can be had again from the seed.

    `values` (G, K) are the parameters of every group, `se` their bootstrap errors; `leagues`
    rank the groups by the index of each construct. `df` are the degrees of freedom of the sampling
    design by which cases were redrawn, None where they were drawn one by one.
    """

    groups: Groups
    labels: tuple[Parameter, ...]
    values: FloatArray
    se: FloatArray | None
    pairs: tuple[Pair, ...]
    omnibus: Omnibus | None
    leagues: dict[str, list[Place]]
    permutations: int
    bootstrap: int
    seed: int
    correction: Correction
    problems: tuple[Problem, ...]
    df: int | None = None
