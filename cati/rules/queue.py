"""PURE. In which order cases are handed out.

Appointments the respondent fixed come first, then interviews to be resumed, vaguer appointments,
refusals to be asked once more, retries that are due (the longest due first), and new cases by
replicate and by the random number each was given when the sample was drawn.

`cati.store.claims` says the same in SQL; a test holds the two together.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from foundation.problems import N_

# A hard appointment counts as due this long, then as overdue; after that it ranks as a soft one.
DUE_FOR = timedelta(minutes=15)
OVERDUE_FOR = timedelta(minutes=60)
# It is handed out a little before its time, so that the interviewer can read what happened.
AHEAD = timedelta(minutes=5)


class CaseState(StrEnum):
    """Where a case stands. Values are stored: only add."""

    UNRELEASED = "unreleased"
    FRESH = "fresh"
    RETRY = "retry"
    APPOINTMENT = "appointment"
    RESUME = "resume"
    CONVERSION = "conversion"
    CLOSED = "closed"


STATE_LABELS = {
    CaseState.UNRELEASED: N_("not released"),
    CaseState.FRESH: N_("not called yet"),
    CaseState.RETRY: N_("to be called again"),
    CaseState.APPOINTMENT: N_("appointment"),
    CaseState.RESUME: N_("to be resumed"),
    CaseState.CONVERSION: N_("refused, to be asked once more"),
    CaseState.CLOSED: N_("closed"),
}


class Rank(IntEnum):
    """The classes of the queue; a smaller one goes first. Stored: only add."""

    HARD_DUE = 10
    HARD_OVERDUE = 20
    RESUME = 30
    SOFT_DUE = 40
    CONVERSION = 50
    RETRY = 60
    FRESH = 70
    NEVER = 90


_RANKS = {
    CaseState.RESUME: Rank.RESUME,
    CaseState.APPOINTMENT: Rank.SOFT_DUE,
    CaseState.CONVERSION: Rank.CONVERSION,
    CaseState.RETRY: Rank.RETRY,
    CaseState.FRESH: Rank.FRESH,
}
URGENT = (Rank.HARD_DUE, Rank.HARD_OVERDUE, Rank.RESUME, Rank.SOFT_DUE, Rank.CONVERSION)


def rank_of(state: CaseState, *, is_hard: bool = False) -> Rank:
    """Return the class in which a case waits.

    >>> rank_of(CaseState.APPOINTMENT, is_hard=True).name
    'HARD_DUE'
    """
    if state is CaseState.APPOINTMENT and is_hard:
        return Rank.HARD_DUE
    return _RANKS.get(state, Rank.NEVER)


def rank_now(rank: Rank, due_at: datetime | None, now: datetime) -> Rank:
    """Return the class of a case at this moment: a hard appointment ages."""
    if rank is not Rank.HARD_DUE or due_at is None or now < due_at + DUE_FOR:
        return rank
    return Rank.HARD_OVERDUE if now < due_at + OVERDUE_FOR else Rank.SOFT_DUE


def delivery_key(
    rank: Rank, next_at: datetime, random_number: float, *, due_at: datetime | None, now: datetime
) -> tuple[int, datetime, float]:
    """Return the key by which cases are handed out, the smallest first."""
    return (rank_now(rank, due_at, now), next_at, random_number)
