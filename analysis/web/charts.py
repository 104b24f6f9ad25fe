"""Where the marks of a chart stand: from a report to coordinates in an SVG picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from analysis.report import Driver, Estimate, Report, TrendPoint, rounded

WIDTH, HEIGHT = 420.0, 272.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 14.0, 14.0, 40.0
SMALLEST_SPAN = 10.0
MOST_TICKS = 6
STEPS = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """A straight scale from values to positions, with its ticks."""

    low: float
    high: float
    start: float
    end: float
    digits: int
    values: tuple[float, ...]

    def at(self, value: float) -> float:
        """Return the position of a value, to a tenth of a unit."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return position and text of each tick."""
        return tuple((self.at(value), rounded(value, self.digits)) for value in self.values)


@dataclass(frozen=True, slots=True)
class Mark:
    """One estimate in a chart: its point, its margin up and down, perhaps one to the sides."""

    x: float
    y: float
    top: float
    bottom: float
    left: float = 0.0
    right: float = 0.0


@dataclass(frozen=True, slots=True)
class Trend:
    """The trend chart: a mark for each wave, the band of the margins, the line."""

    y: Axis
    marks: tuple[tuple[Mark, TrendPoint], ...]
    line: str
    band: str


@dataclass(frozen=True, slots=True)
class Map:
    """Importance (x) by performance (y), parted at the means of the drivers."""

    x: Axis
    y: Axis
    marks: tuple[tuple[Mark, Driver], ...]
    mean_x: float
    mean_y: float


def axis(values: Iterable[float], start: float, end: float, least: float = 0.0) -> Axis:
    """Return a scale that covers the values and at least the span `least`, at round ticks."""
    found = list(values)
    low, high = min(found), max(found)
    short = max(least - (high - low), 0.0) / 2.0
    low, high = low - short, high + short
    step = _step((high - low) or 1.0)
    first, last = floor(low / step), ceil(high / step)
    last = max(last, first + 1)
    values_ = tuple(step * number for number in range(first, last + 1))
    digits = max(0, -floor(log10(step)))
    return Axis(values_[0], values_[-1], start, end, digits, values_)


def _step(span: float) -> float:
    rough = span / MOST_TICKS
    unit = 10.0 ** floor(log10(rough))
    return next(unit * step for step in STEPS if unit * step >= rough * (1 - 1e-9))


def trend(report: Report) -> Trend:
    """Return the coordinates of the trend chart."""
    points = report.trend
    y = axis(_ends(point.index for point in points), HEIGHT - BOTTOM, TOP, SMALLEST_SPAN)
    marks = tuple(
        (_mark(x, y, point.index), point)
        for x, point in zip(_across(len(points)), points, strict=True)
    )
    forth = [f"{mark.x},{mark.top}" for mark, _ in marks]
    back = [f"{mark.x},{mark.bottom}" for mark, _ in reversed(marks)]
    line = " ".join(f"{mark.x},{mark.y}" for mark, _ in marks)
    return Trend(y, marks, line, " ".join(forth + back))


def importance_map(report: Report) -> Map:
    """Return the coordinates of the map of drivers; there must be at least one."""
    drivers = report.drivers
    x = axis([0.0, *_ends(d.impact for d in drivers)], LEFT, WIDTH - RIGHT)
    y = axis(
        _ends(d.performance for d in drivers), HEIGHT - BOTTOM, TOP, SMALLEST_SPAN
    )  # fmt: skip
    marks = tuple((_cross(x, y, driver), driver) for driver in drivers)
    return Map(x, y, marks, x.at(report.mean_impact), y.at(report.mean_performance))


def _ends(estimates: Iterable[Estimate]) -> list[float]:
    return [end for estimate in estimates for end in (estimate.low, estimate.high)]


def _across(count: int) -> Sequence[float]:
    room = (WIDTH - LEFT - RIGHT) / count
    return [round(LEFT + room * (number + 0.5), 1) for number in range(count)]


def _mark(x: float, y: Axis, estimate: Estimate) -> Mark:
    return Mark(x, y.at(estimate.value), y.at(estimate.high), y.at(estimate.low))


def _cross(x: Axis, y: Axis, driver: Driver) -> Mark:
    impact = driver.impact
    upright = _mark(x.at(impact.value), y, driver.performance)
    return Mark(
        upright.x, upright.y, upright.top, upright.bottom, x.at(impact.low), x.at(impact.high)
    )
