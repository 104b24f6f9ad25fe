"""PURE. CVPAT: the loss of the model out of sample against that of a simple rule.

Source: Liengaard, Sharma, Hult et al. (2021), Decision Sciences 52, 362-392; for the benchmarks
indicator average and linear model: Sharma, Liengaard, Hair, Sarstedt, Ringle (2023), European
Journal of Marketing 57, 1662-1677.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.model.inference import student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.model.layout import Layout
    from analysis.model.prediction import Prediction

    FloatArray = NDArray[np.float64]

Benchmark = Literal["average", "linear"]
FEWEST = 3


@dataclass(frozen=True)
class Comparison:
    """The mean loss of the model minus that of a benchmark; below zero the model is better.

    construct     position, or None for all endogenous constructs together
    loss, other   mean squared error per item of the model and of the benchmark
    p             of the paired two-sided t test on n - 1 degrees of freedom
    """

    benchmark: Benchmark
    construct: int | None
    n: int
    loss: float
    other: float
    se: float
    low: float
    high: float
    p: float

    @property
    def difference(self) -> float:
        """Return the loss of the model minus that of the benchmark."""
        return self.loss - self.other


def comparisons(layout: Layout, prediction: Prediction, level: float = 0.95) -> list[Comparison]:
    """Return the comparison with both benchmarks, over all and for each endogenous construct.

    One that cannot be made (a benchmark without a solution, fewer than three cases, no
    difference at all) is left out.
    """
    owners = layout.owners[list(prediction.items)]
    found = []
    for benchmark in ("average", "linear"):
        for construct in (None, *layout.endogenous):
            columns = (
                np.flatnonzero(owners == construct)
                if construct is not None
                else (np.arange(len(owners)))
            )
            found.append(_compared(prediction, benchmark, construct, columns, level))
    return [comparison for comparison in found if comparison is not None]


def _compared(
    prediction: Prediction,
    benchmark: Benchmark,
    construct: int | None,
    columns: Sequence[int] | NDArray[np.intp],
    level: float,
) -> Comparison | None:
    other = prediction.average if benchmark == "average" else prediction.linear
    losses = np.stack(
        [_losses(prediction, values)[:, columns] for values in (prediction.pls, other)]
    )
    there = np.asarray(~np.isnan(losses).any(axis=0))
    rows = np.asarray(there.any(axis=1))
    n = int(rows.sum())
    if n < FEWEST:
        return None
    counts = there[rows].sum(axis=1)
    mean = np.where(there[rows], losses[:, rows], 0.0).sum(axis=2) / counts
    weights = prediction.weights[rows] / prediction.weights[rows].sum()
    first, second = (mean @ weights).tolist()
    gaps = mean[0] - mean[1] - (first - second)
    se = float(np.sqrt(n / (n - 1) * ((weights * gaps) ** 2).sum()))
    if se == 0:
        return None
    half = student(0.5 + level / 2, n - 1) * se
    difference = first - second
    p = 2.0 * _tail(abs(difference) / se, n - 1)
    ends = difference - half, difference + half
    return Comparison(benchmark, construct, n, first, second, se, *ends, p)


def _losses(prediction: Prediction, values: FloatArray) -> FloatArray:
    return (prediction.actual - values) ** 2


def _tail(t: float, df: float) -> float:
    from scipy.special import stdtr

    return float(stdtr(df, -t))
