"""Where the marks of a love plot stand: one row per covariate, its distance before and after."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.web.charts import Axis, axis
from analysis.weightreport import BalanceRow

WIDTH, LABELS, RIGHT = 720.0, 250.0, 30.0
TOP, ROW, FOOT = 16.0, 22.0, 40.0
NOTABLE = 0.1
SMALLEST_SPAN = 0.3


@dataclass(frozen=True, slots=True)
class LovePlot:
    """The plot: its scale, the lines that mark 0 and a tenth of an sd, a mark per covariate.

    marks   (y, x before, x after, row) from the top
    """

    x: Axis
    height: float
    zero: float
    limits: tuple[float, float]
    marks: tuple[tuple[float, float, float, BalanceRow], ...]


def love_plot(rows: tuple[BalanceRow, ...]) -> LovePlot:
    """Return the coordinates for at least one covariate."""
    values = [value for row in rows for value in (row.distance_before, row.distance_after)]
    span = [-NOTABLE, NOTABLE, *values]
    x = axis(span, LABELS, WIDTH - RIGHT, SMALLEST_SPAN)
    marks = tuple(
        (TOP + ROW * (number + 0.5), x.at(row.distance_before), x.at(row.distance_after), row)
        for number, row in enumerate(rows)
    )
    height = TOP + ROW * len(rows) + FOOT
    return LovePlot(x, height, x.at(0.0), (x.at(-NOTABLE), x.at(NOTABLE)), marks)
