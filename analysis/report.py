"""PURE. Every number that a report prints, as frozen values. Rounding happens here, nowhere else.

A worker stores what it computed of a wave as `numbers`; `build` turns the stored waves of a
study into the report of one of them. Pages and files print the texts of an `Estimate`; only
charts use its unrounded values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from typing import Any, Literal

Texts = Mapping[str, str]
Word = Literal["up", "down", "unclear"]

NORMAL_95 = 1.959963984540054
MOST_URGENT = 3
LONGEST_TREND = 8
POINT_DIGITS = 1
IMPACT_DIGITS = 2


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its standard error and 95 % interval, and the texts that pages print.

    >>> Estimate(72.4506, 0.9159, 70.6210, 74.2446).text
    '72.5'
    >>> Estimate(-2.04, 0.8, -3.6, -0.5).signed
    '−2.0'
    """

    value: float
    se: float
    low: float
    high: float
    digits: int = POINT_DIGITS

    @property
    def text(self) -> str:
        """Return the number as an executive reads it."""
        return rounded(self.value, self.digits)

    @property
    def low_text(self) -> str:
        """Return the lower end of the interval."""
        return rounded(self.low, self.digits)

    @property
    def high_text(self) -> str:
        """Return the upper end of the interval."""
        return rounded(self.high, self.digits)

    @property
    def signed(self) -> str:
        """Return the number with its sign, for a difference."""
        return ("+" if self.value > 0 else "") + self.text

    @property
    def exact(self) -> str:
        """Return the number with one digit more, for whoever checks it."""
        return rounded(self.value, self.digits + 1)

    @property
    def exact_se(self) -> str:
        """Return the standard error with one digit more."""
        return rounded(self.se, self.digits + 1)

    @property
    def word(self) -> Word:
        """Return which way a difference goes; unclear unless its interval excludes zero."""
        if self.low > 0:
            return "up"
        return "down" if self.high < 0 else "unclear"


def rounded(value: float, digits: int) -> str:
    """Return a number in words of a report: a true minus sign, and no minus before a zero.

    >>> rounded(-0.04, 1)
    '0.0'
    """
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")


def share(part: float) -> str:
    """Return a share of one as percent with one digit.

    >>> share(0.0123)
    '1.2'
    """
    return rounded(100.0 * part, 1)


@dataclass(frozen=True, slots=True)
class Overlap:
    """What two waves share: see `analysis.wavefit.overlap`.

    people        panel members who answered in both
    units         sampling units of both
    correlation   by construct, of the errors of its two indices
    """

    people: int
    units: int
    correlation: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class StoredWave:
    """One wave with its newest stored result, as `build` reads it.

    `numbers` has the keys index (name of the construct that is the index), labels (texts by
    construct), items (by construct), base, and estimates (value, se, low, high) by construct:
    performance; and of each driver impact, lead (impact above the drivers' mean) and gap
    (performance above the drivers' mean).
    """

    wave_id: int
    number: int
    title: Texts
    starts_on: date | None
    ends_on: date | None
    numbers: Mapping[str, Any]
    data_digest: str = ""

    @property
    def index_name(self) -> str:
        """Return the construct whose index is the headline."""
        return str(self.numbers["index"])

    @property
    def index(self) -> Estimate:
        """Return the headline."""
        return self.performance(self.index_name)

    @property
    def base(self) -> int:
        """Return how many respondents the numbers rest on."""
        return int(self.numbers["base"])

    def compares_with(self, other: StoredWave) -> bool:
        """Tell whether both waves measure the index by the same items."""
        name = self.index_name
        items = self.numbers["items"][name]
        return other.index_name == name and bool(other.numbers["items"][name] == items)

    def performance(self, construct: str) -> Estimate:
        """Return the index 0-100 of one construct."""
        return estimate(self.numbers["performance"][construct])

    def overlap(self, before: StoredWave) -> Overlap | None:
        """Return what this wave was found to share with an earlier one.

        None when nobody looked, or when the earlier wave has other answers, weights or another
        model by now.
        """
        found = self.numbers.get("overlaps", {}).get(str(before.wave_id))
        if found is None or (found["data"], found["model"]) != before.state:
            return None
        return Overlap(found["people"], found["units"], found["correlation"])

    @property
    def state(self) -> tuple[str, str]:
        """Return the digests of answers with weights, and of the model."""
        return self.data_digest, str(self.numbers.get("run", {}).get("model_digest", ""))

    def label(self, construct: str) -> Texts:
        """Return what to call a construct, by language."""
        texts: Texts = self.numbers["labels"].get(construct) or {"und": construct}
        return texts


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of one number between two waves, and since which wave.

    overlap       what the waves share; None when it is not known
    correlation   of the errors of the two numbers, counted in that of the difference; 0 when the
                  waves share nothing and when it is not known what they share
    """

    difference: Estimate
    since: Texts
    overlap: Overlap | None = None
    correlation: float = 0.0

    @property
    def correlation_text(self) -> str:
        """Return the correlation with two digits."""
        return rounded(self.correlation, 2)

    @property
    def word(self) -> Word:
        """Return up, down or unclear."""
        return self.difference.word


@dataclass(frozen=True, slots=True)
class Driver:
    """Something that moves the index: how strongly, and how well it is done.

    number       its number on the map and in the table, by impact
    impact       points of the index for one point of the driver
    performance  its own index, 0-100
    change       of its performance since the wave before; None in the first wave
    stands_out   whether it is important and weak beyond its margin
    """

    number: int
    label: Texts
    impact: Estimate
    performance: Estimate
    change: Change | None
    stands_out: bool


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """The index of one wave."""

    wave_id: int
    number: int
    title: Texts
    index: Estimate
    base: int


@dataclass(frozen=True, slots=True)
class Report:
    """What the report of one wave says.

    change        of the index since the wave before; None in the first wave
    trend         the waves up to this one, the oldest first
    course        of the index from the first wave of the trend to this one; None in the first
    drivers       by impact, the largest first
    act_first     at most three drivers that stand out
    outcomes      indices that are neither the headline nor a driver (loyalty, complaints)
    """

    label: Texts
    index: Estimate
    base: int
    change: Change | None
    trend: tuple[TrendPoint, ...]
    course: Change | None
    drivers: tuple[Driver, ...]
    outcomes: tuple[tuple[Texts, Estimate], ...]
    mean_impact: float
    mean_performance: float

    @property
    def act_first(self) -> tuple[Driver, ...]:
        """Return the drivers to begin with, the most important first."""
        return tuple(driver for driver in self.drivers if driver.stands_out)[:MOST_URGENT]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the numbers of a report come from: enough to compute them again."""

    result_id: int
    computed_at: datetime
    code_version: str
    seed: int
    resamples: int
    usable: int
    weighting: str
    resampling: str
    form: str
    form_digest: str
    data_digest: str
    data_file: str
    constructs: int
    items: int
    effective_base: str
    missing_share: str
    missing_rule: str
    plan_version: int = 0
    plan_steps: tuple[str, ...] = ()


def estimate(stored: Mapping[str, Any], digits: int = POINT_DIGITS) -> Estimate:
    """Return a stored number (value, se, low, high) as an estimate."""
    return Estimate(
        float(stored["value"]), float(stored["se"]), float(stored["low"]), float(stored["high"]),
        digits,
    )  # fmt: skip


def difference(new: Estimate, old: Estimate, correlation: float = 0.0) -> Estimate:
    """Return new minus old, whose errors have this correlation: 0 for samples drawn apart.

    The squared standard error is se1^2 + se2^2 - 2 r se1 se2 (Kish 1965, Survey Sampling,
    section 12.4), the interval 1.96 of its root to either side.
    """
    value = new.value - old.value
    shared = 2.0 * correlation * new.se * old.se
    se = sqrt(max(new.se**2 + old.se**2 - shared, 0.0))
    return Estimate(value, se, value - NORMAL_95 * se, value + NORMAL_95 * se, new.digits)


def comparable_waves(waves: Sequence[StoredWave]) -> list[StoredWave]:
    """Return the waves of a trend, oldest first: those that measure the index as the last does."""
    return [wave for wave in waves if wave.compares_with(waves[-1])][-LONGEST_TREND:]


def build(waves: Sequence[StoredWave]) -> Report:
    """Return the report of the last of the waves of a study, which come oldest first."""
    now = waves[-1]
    comparable = comparable_waves(waves)
    before = comparable[-2] if len(comparable) > 1 else None
    drivers = _drivers(now, before)
    return Report(
        label=now.label(now.index_name),
        index=now.index,
        base=now.base,
        change=_change(now, before, now.index_name),
        trend=tuple(_point(wave) for wave in comparable),
        course=_change(now, comparable[0], now.index_name) if before else None,
        drivers=drivers,
        outcomes=_outcomes(now),
        mean_impact=_mean([driver.impact.value for driver in drivers]),
        mean_performance=_mean([driver.performance.value for driver in drivers]),
    )


def _point(wave: StoredWave) -> TrendPoint:
    return TrendPoint(wave.wave_id, wave.number, wave.title, wave.index, wave.base)


def _change(now: StoredWave, before: StoredWave | None, construct: str) -> Change | None:
    if before is None or construct not in before.numbers["performance"]:
        return None
    overlap = now.overlap(before)
    correlation = overlap.correlation.get(construct, 0.0) if overlap else 0.0
    moved = difference(now.performance(construct), before.performance(construct), correlation)
    return Change(moved, before.title, overlap, correlation)


def _drivers(now: StoredWave, before: StoredWave | None) -> tuple[Driver, ...]:
    impacts = {
        name: estimate(stored, IMPACT_DIGITS) for name, stored in now.numbers["impact"].items()
    }
    strongest_first = sorted(impacts, key=lambda name: -impacts[name].value)
    return tuple(
        Driver(
            number,
            now.label(name),
            impacts[name],
            now.performance(name),
            _change(now, before, name),
            stands_out(now.numbers, name),
        )
        for number, name in enumerate(strongest_first, start=1)
    )


def stands_out(numbers: Mapping[str, Any], name: str) -> bool:
    """Tell whether a driver lies in the lower right quarter of the map, margins considered.

    Its impact must be above that of the average driver and its interval above zero; its
    performance must be below that of the average driver by more than its margin.
    """
    impact, lead, gap = (estimate(numbers[key][name]) for key in ("impact", "lead", "gap"))
    return impact.low > 0 and lead.value > 0 and gap.high < 0


def _outcomes(now: StoredWave) -> tuple[tuple[Texts, Estimate], ...]:
    others = [
        name
        for name in now.numbers["performance"]
        if name != now.index_name and name not in now.numbers["impact"]
    ]
    return tuple((now.label(name), now.performance(name)) for name in others)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
