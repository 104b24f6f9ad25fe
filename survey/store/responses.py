"""Queries of the response table: the interviews of a wave with their events, and data rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from survey.interview.state import Event
from survey.store.events import as_event
from survey.store.tables import DataRow, Interview

_event: Any = SQLModel.metadata.tables["answer_event"]
_interview: Any = SQLModel.metadata.tables["interview"]
# Below the number of parameters that every SQLite accepts in one statement.
AT_ONCE = 500


def interviews(
    session: Session, wave_id: int, *, start: int = 0, limit: int | None = None
) -> list[Interview]:
    """Return interviews of a wave in the order they were opened; `start` and `limit` cut a page."""
    query = select(Interview).where(Interview.wave_id == wave_id).order_by(col(Interview.id))
    return list(session.exec(query.offset(start).limit(limit)))


def events_of(session: Session, interview_ids: Sequence[int]) -> dict[int, list[Event]]:
    """Return the events of each of the interviews, in order."""
    found: dict[int, list[Event]] = {interview_id: [] for interview_id in interview_ids}
    for first in range(0, len(interview_ids), AT_ONCE):
        some = interview_ids[first : first + AT_ONCE]
        query = (
            select(_event)
            .where(_event.c.interview_id.in_(some))
            .order_by(_event.c.interview_id, _event.c.seq)
        )
        rows = session.connection().execute(query)
        for interview_id, group in groupby(rows, key=lambda row: row.interview_id):
            found[interview_id] = [as_event(row) for row in group]
    return found


class Moment(NamedTuple):
    """When what happened in an interview, and who did it (id of the person)."""

    kind: str
    question: str | None
    by: int | None
    at: datetime


def moments(session: Session, wave_id: int) -> dict[str, list[Moment]]:
    """Return the moments of every interview of a wave, in order, by respondent."""
    event, interview = _event.c, _interview.c
    query = (
        select_columns(interview.respondent, event.kind, event.question, event.by, event.at)
        .join(_interview, interview.id == event.interview_id)
        .where(interview.wave_id == wave_id)
        .order_by(event.interview_id, event.seq)
    )
    found: dict[str, list[Moment]] = {}
    for respondent, kind, question, by, at in session.connection().execute(query):
        found.setdefault(respondent, []).append(Moment(kind, question, by, at))
    return found


def data_rows(
    session: Session, wave_id: int, *, start: int = 0, limit: int | None = None
) -> list[DataRow]:
    """Return the rows of an imported wave in the order of the file."""
    query = select(DataRow).where(DataRow.wave_id == wave_id).order_by(col(DataRow.number))
    return list(session.exec(query.offset(start).limit(limit)))


def count_outcomes(session: Session, wave_id: int) -> dict[str | None, int]:
    """Return how many interviews of a wave ended in which outcome; None counts the open ones."""
    query = (
        select(Interview.outcome, func.count())
        .where(Interview.wave_id == wave_id)
        .group_by(col(Interview.outcome))
    )
    return dict(session.exec(query).all())


def completed_at(session: Session, wave_id: int, outcome: str) -> list[datetime]:
    """Return when each interview of a wave that ended in `outcome` was closed."""
    query = select(Interview.closed_at).where(
        Interview.wave_id == wave_id, Interview.outcome == outcome
    )
    return [at for at in session.exec(query) if at]


def count_data_rows(session: Session, wave_id: int) -> int:
    """Return how many rows an imported wave has."""
    return session.exec(
        select(func.count()).select_from(DataRow).where(DataRow.wave_id == wave_id)
    ).one()
