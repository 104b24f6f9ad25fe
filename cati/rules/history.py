"""PURE. What has happened to a case so far: its attempts, in the order of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cati.rules.outcomes import OUTCOMES, CallOutcome, Ends


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed for the next call. `at` is UTC.

    A hard appointment was asked for by the respondent, at that time; a soft one is a wish.
    """

    at: datetime
    is_hard: bool = True
    for_person: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One dial and what came of it. `at` is UTC, `number` counts the case's numbers from 0."""

    outcome: str
    at: datetime
    number: int = 0
    by: int | None = None
    agreed: Agreed | None = None

    @property
    def said(self) -> CallOutcome:
        """Return the outcome with all that is known about it."""
        return OUTCOMES[self.outcome]


DROPPED = frozenset({"dropped", "dropped_midway", "partial_dropped"})
History = Sequence[Attempt]


def dead_numbers(history: History) -> frozenset[int]:
    """Return the numbers that proved useless, whatever was heard on them before."""
    return frozenset(a.number for a in history if a.said.ends is Ends.NUMBER)


def ended_attempts(history: History, busy_dials: int) -> int:
    """Return how many attempts the dials make.

    `busy_dials` busy signals in one sitting make one attempt, fewer none; a dropped line makes
    none, because the call goes on.

    >>> from datetime import UTC
    >>> monday = datetime(2026, 11, 23, tzinfo=UTC)
    >>> ended_attempts([Attempt("busy", monday)] * 4 + [Attempt("no_answer", monday)], 3)
    2
    """
    busy = attempts = 0
    for attempt in history:
        busy = busy + 1 if attempt.outcome == "busy" else 0
        if attempt.outcome == "busy":
            attempts += busy % busy_dials == 0
        elif attempt.outcome not in DROPPED:
            attempts += 1
    return attempts


def busy_in_a_row(history: History) -> int:
    """Return how many of the newest dials met a busy line."""
    count = 0
    for attempt in reversed(history):
        if attempt.outcome != "busy":
            break
        count += 1
    return count
