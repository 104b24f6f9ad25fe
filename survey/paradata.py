"""How interviews were held: who asked, how long each question took. From the answer events."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from survey.interview.state import EventKind
from survey.store.responses import Moment, moments

PAUSE = timedelta(minutes=15)
"""A longer silence is no answering time: the interview was broken off and resumed."""


@dataclass(frozen=True, slots=True)
class Held:
    """One interview: who entered its last answer, and the seconds it took.

    interviewer   "i" and a number that stays the same from wave to wave; "" when unknown
    seconds       between its events, pauses of more than 15 minutes left out
    questions     seconds before each answer, by question; of an answer given twice, the first
    """

    interviewer: str
    seconds: float
    questions: Mapping[str, float]


def held(session: Session, wave_id: int) -> dict[str, Held]:
    """Return how each interview of a wave was held, by respondent."""
    return {respondent: _held(found) for respondent, found in moments(session, wave_id).items()}


def _held(found: Iterable[Moment]) -> Held:
    by: int | None = None
    before: datetime | None = None
    total, questions = 0.0, dict[str, float]()
    for moment in found:
        pause = moment.at - before if before else timedelta()
        before = moment.at
        if pause > PAUSE:
            continue
        total += pause.total_seconds()
        if moment.kind == EventKind.ANSWERED and moment.question:
            by = moment.by if moment.by is not None else by
            questions.setdefault(moment.question, pause.total_seconds())
    return Held("" if by is None else f"i{by}", total, questions)
