"""PURE. What the page of weights prints: stored records as rows, rounded here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.report import rounded, share

COUNTS, WEIGHTS, EFFECTS, SHARE = 0, 2, 2, 3


@dataclass(frozen=True, slots=True)
class Eligible:
    """The share e by which the cases never resolved count: estimated or stated, with its base."""

    share: str
    is_estimated: bool
    known: str
    unknown: str


@dataclass(frozen=True, slots=True)
class Merged:
    """Which classes were merged because fewer than `fewest` answered in one of them."""

    fewest: int
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step: the weights after it beside those before."""

    name: str
    source: str
    cases: str
    total: str
    effect_before: str
    effect: str
    base: str
    factors: str
    weights: str
    eligible: Eligible | None = None
    merged: Merged | None = None


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One covariate: its target, its mean before and after, the distances in sd's."""

    name: str
    target: str
    before: str
    after: str
    distance_before: float
    distance_after: float
    is_balanced: bool

    @property
    def distance_texts(self) -> tuple[str, str]:
        """Return both distances as the table prints them."""
        return rounded(self.distance_before, 3), rounded(self.distance_after, 3)


@dataclass(frozen=True, slots=True)
class Weights:
    """The result of a plan: the final weights in figures, the steps, the balance."""

    respondents: int
    drawn: int
    total: str
    effect: str
    base: str
    least: str
    largest: str
    ratio: str
    variation: str
    steps: tuple[StepRow, ...]
    balance: tuple[BalanceRow, ...]


def build(numbers: Mapping[str, Any]) -> Weights:
    """Return the rows of the page from what `analysis.weighted` stored."""
    return Weights(
        respondents=numbers["respondents"],
        drawn=numbers["drawn"],
        total=_count(numbers["sum"]),
        effect=rounded(numbers["effect"], EFFECTS),
        base=_count(numbers["effective_base"]),
        least=rounded(numbers["least"], WEIGHTS),
        largest=rounded(numbers["largest"], WEIGHTS),
        ratio=rounded(numbers["largest"] / numbers["least"], 1),
        variation=share(numbers["cv"]),
        steps=tuple(_step(one) for one in numbers["steps"]),
        balance=tuple(_balance(one) for one in numbers["balance"]),
    )


def _step(one: Mapping[str, Any]) -> StepRow:
    return StepRow(
        name=one["name"],
        source=one["source"],
        cases=f"{one['cases']:,}",
        total=_count(one["sum_after"]),
        effect_before=rounded(one["effect_before"], EFFECTS),
        effect=rounded(one["effect_after"], EFFECTS),
        base=_count(one["base_after"]),
        factors=f"{rounded(one['least_factor'], 3)} – {rounded(one['largest_factor'], 3)}",
        weights=_range(one["least_weight"], one["largest_weight"]),
        eligible=_eligible(one["facts"]),
        merged=_merged(one["facts"]),
    )


def _eligible(facts: Mapping[str, Any]) -> Eligible | None:
    if "e" not in facts:
        return None
    return Eligible(
        rounded(facts["e"], SHARE),
        facts["rule"] == "casro",
        f"{facts['known']:,}",
        f"{facts['unknown']:,}",
    )


def _merged(facts: Mapping[str, Any]) -> Merged | None:
    if "merged" not in facts:
        return None
    return Merged(facts["fewest"], tuple(" + ".join(names) for names in facts["merged"]))


def _balance(one: Mapping[str, Any]) -> BalanceRow:
    # The target of a share is printed in per cent, that of a mean as it is.
    is_share = all(0 <= one[key] <= 1 for key in ("target", "before", "after"))
    target, before, after = (
        share(one[key]) + " %" if is_share else rounded(one[key], 2)
        for key in ("target", "before", "after")
    )
    return BalanceRow(
        one["name"],
        target,
        before,
        after,
        one["distance_before"],
        one["distance_after"],
        one["balanced"],
    )


def _count(value: float) -> str:
    return f"{value:,.{COUNTS}f}"


def _range(low: float, high: float) -> str:
    return f"{rounded(low, WEIGHTS)} – {rounded(high, WEIGHTS)}"
