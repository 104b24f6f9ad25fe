"""PURE. What the steps for those who did not answer read of a plan: merged classes, the share e."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.precision.plan import Step
from analysis.sampling.columns import BoolArray, Columns, FloatArray, IntArray
from analysis.sampling.plan import rows_of
from analysis.sampling.plan_messages import BAD_VALUE
from analysis.sampling.planvalues import maybe_number, number
from analysis.weighting.eligibility import (
    ELIGIBLE,
    NOT_ELIGIBLE,
    UNKNOWN,
    EligibilityAdjustment,
)
from analysis.weighting.nonresponse import neighbours
from foundation.problems import Place, ProblemsError

CASRO, STATED = "casro", "stated"


@dataclass(frozen=True)
class Eligibility:
    """A step of eligibility: what it does, (n,) who is not eligible, what its record says."""

    adjustment: EligibilityAdjustment
    outside: BoolArray
    facts: Callable[[FloatArray], dict[str, Any]]


def fewest_in(step: Step) -> int | None:
    """Return in how many respondents a class may rest, None where classes are never merged."""
    value = maybe_number(step.fields, "merge")
    if value is not None and not (value >= 1 and value.is_integer()):
        raise _unusable("merge", value, "a whole number of respondents, at least 1")
    return None if value is None else int(value)


def merged(
    codes: IntArray, levels: tuple[str, ...], answered: BoolArray, fewest: int
) -> tuple[IntArray, tuple[str, ...], list[list[str]]]:
    """Return codes and levels of the merged classes, and the levels that each merged one has.

    `answered` (n,) are respondents: they are counted, not weighed.
    """
    groups = neighbours(np.bincount(codes[answered], minlength=len(levels)), fewest)
    named = [
        [levels[at] for at in np.flatnonzero(groups == group)] for group in range(max(groups) + 1)
    ]
    joined = tuple(" + ".join(names) for names in named)
    return groups[codes], joined, [names for names in named if len(names) > 1]


def eligibility(step: Step, columns: Columns, used: BoolArray) -> Eligibility:
    """Return a step of eligibility for the cases `used` (n,), or raise what is wrong with it."""
    unknown = rows_of(step.fields["unknown"], columns)
    outside = np.zeros(columns.n, dtype=np.bool_)
    if "not_eligible" in step.fields:
        outside = rows_of(step.fields["not_eligible"], columns)
    standing = np.select([outside, unknown], [NOT_ELIGIBLE, UNKNOWN], ELIGIBLE).astype(np.int64)
    estimated = step.fields["e"] == CASRO
    adjustment = EligibilityAdjustment(standing, None if estimated else _share(step))

    def facts(before: FloatArray) -> dict[str, Any]:
        weights = np.where(used, before, 0.0)
        counts = np.bincount(standing, weights=weights, minlength=3).astype(np.float64)
        return {
            "rule": CASRO if estimated else STATED,
            "e": float(adjustment.shares(counts[None, :])[0]),
            "known": int((used & (standing != UNKNOWN)).sum()),
            "unknown": int((used & (standing == UNKNOWN)).sum()),
        }

    return Eligibility(adjustment, outside, facts)


def _share(step: Step) -> float:
    value = number(step.fields, "e")
    if not 0 <= value <= 1:
        raise _unusable("e", value, f"a number from 0 to 1, or '{CASRO}'")
    return value


def _unusable(key: str, value: float, wanted: str) -> ProblemsError:
    return ProblemsError([BAD_VALUE.at(Place(item=key), key=key, value=value, wanted=wanted)])
