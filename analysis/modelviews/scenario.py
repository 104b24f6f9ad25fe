"""PURE. What if a driver stood d points higher: stored impacts times d, with their intervals.

The paths are linear, so the effect of d points is d times the impact, and so are its standard
error and the ends of its percentile interval: each resample has d times its own impact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from analysis.model.extension_messages import OUTSIDE_OBSERVED
from analysis.modelviews.stored import Stored, arrow
from analysis.report import MOST_URGENT, Estimate, Texts, rounded, stands_out
from foundation.problems import Place, Problem

FIRST_POINTS = 5.0
LOYALTY_WORDS = ("loyal", "忠诚")
HALF = 2.0


@dataclass(frozen=True, slots=True)
class Lever:
    """A driver that can be moved: where it stands, and how far its answers reach, in points."""

    name: str
    label: Texts
    level: float
    least: float
    most: float

    @property
    def begin(self) -> float:
        """Return the points that are shown first: five, or half a point's multiple within reach."""
        return min(FIRST_POINTS, int(self.most * HALF) / HALF)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What moving a lever does, or why that cannot be said."""

    lever: Lever
    points: float
    effects: tuple[tuple[Texts, Estimate], ...]
    refusal: Problem | None = None


def levers(numbers: Mapping[str, Any]) -> tuple[Lever, ...]:
    """Return at most three drivers of the index; none of results without a reach.

    Those that stand out (important and weak) come first, then the others, each by impact.
    `reach` holds the scores between which the middle 90 % of the respondents lie, by construct.
    """
    reach = numbers.get("reach", {})
    impact = numbers["impact"]
    names = sorted(
        impact, key=lambda name: (not stands_out(numbers, name), -float(impact[name]["value"]))
    )
    return tuple(_lever(numbers, name) for name in names if name in reach)[:MOST_URGENT]


def scenario(numbers: Mapping[str, Any], lever: Lever, points: float, name: str = "") -> Scenario:
    """Return the effect of moving a lever by points on the index and on loyalty.

    `name` is what a refusal calls the lever.
    """
    if not isfinite(points) or not lever.least <= points <= lever.most:
        return Scenario(lever, points, (), _outside(lever, points, name or lever.name))
    stored = Stored(numbers)
    effects = [
        (stored.label(target), found)
        for target in _targets(stored)
        if (found := _effect(stored, lever.name, target, points))
    ]
    return Scenario(lever, points, tuple(effects))


def _lever(numbers: Mapping[str, Any], name: str) -> Lever:
    level = float(numbers["performance"][name]["value"])
    low, high = numbers["reach"][name]
    return Lever(name, Stored(numbers).label(name), level, low - level, high - level)


def _targets(stored: Stored) -> list[str]:
    """Return the construct of the index, and loyalty: by its name, else the last outcome."""
    index, numbers = str(stored.numbers["index"]), stored.numbers
    outcomes = [
        row["to"] for row in stored.run["impacts"]
        if row["from"] == index and row["to"] not in numbers["impact"]
    ]  # fmt: skip
    named = [name for name in outcomes if _is_loyalty(name, stored.label(name))]
    return [index, *(named or outcomes)[-1:]]


def _is_loyalty(name: str, label: Texts) -> bool:
    return any(word in text.lower() for text in (name, *label.values()) for word in LOYALTY_WORDS)


def _effect(stored: Stored, source: str, target: str, points: float) -> Estimate | None:
    own = arrow(stored.run["impacts"], source, target)
    error = stored.arrow_error("impacts", source, target)
    if own is None or error is None:
        return None
    low, high = sorted(points * end for end in error["ci95_percentile"])
    return Estimate(points * own["value"], abs(points) * error["se"], low, high)


def _outside(lever: Lever, points: float, name: str) -> Problem:
    wanted = rounded(lever.level + points, 1) if isfinite(points) else "?"
    return OUTSIDE_OBSERVED.at(
        Place(),
        name=name,
        points=_signed(points),
        wanted=wanted,
        low=rounded(lever.level + lever.least, 1),
        high=rounded(lever.level + lever.most, 1),
        least=_signed(lever.least),
        most=_signed(lever.most),
    )


def _signed(points: float) -> str:
    if not isfinite(points):
        return "?"
    return ("+" if points > 0 else "") + rounded(points, 1)
