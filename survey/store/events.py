"""Statements of the answer path, which runs once per key press of a whole floor.

SQLAlchemy Core on purpose: the ORM costs three quarters of this path's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from survey.interview.state import Event, EventKind, Status
from survey.store.tables import Interview

_interview: Any = SQLModel.metadata.tables["interview"]
_event: Any = SQLModel.metadata.tables["answer_event"]

# Built once: building a statement costs more than running it.
_THIS: Any = bindparam("this")
_BY_ID = select(
    _interview.c.id,
    _interview.c.wave_id,
    _interview.c.form_version_id,
    _interview.c.respondent,
    _interview.c.last_seq,
).where(_interview.c.id == _THIS)
_BY_ID_LOCKED = _BY_ID.with_for_update()
_EVENTS = select(
    _event.c.seq,
    _event.c.kind,
    _event.c.question,
    _event.c.status,
    _event.c.value,
    _event.c.key,
    _event.c.at,
)
_OF_INTERVIEW = _EVENTS.where(_event.c.interview_id == _THIS).order_by(_event.c.seq)
_ADD = insert(_event)
_MOVE_ON = update(_interview).where(_interview.c.id == _THIS).values(last_seq=bindparam("newest"))


@dataclass(frozen=True, slots=True)
class StoredInterview:
    """An interview's row with its events and the idempotency keys they came with."""

    id: int
    wave_id: int
    form_version_id: int
    respondent: str
    last_seq: int
    events: tuple[Event, ...]
    keys: frozenset[str]


def read_interview(session: Session, interview_id: int, *, lock: bool) -> StoredInterview | None:
    """Return an interview with all its events; `lock` keeps other writers out until the end."""
    connection, this = session.connection(), {"this": interview_id}
    row = connection.execute(_BY_ID_LOCKED if lock else _BY_ID, this).first()
    if row is None:
        return None
    events = connection.execute(_OF_INTERVIEW, this).all()
    return StoredInterview(
        *row,
        events=tuple(as_event(event) for event in events),
        keys=frozenset(event.key for event in events),
    )


def as_event(row: Any) -> Event:
    """Return a stored row as the event that the interview engine folds."""
    return Event(row.seq, row.kind, row.question, row.value, row.status, row.at.isoformat())


def append(
    session: Session, interview_id: int, event: Event, *, key: str, by: int | None, at: datetime
) -> None:
    """Write one event and move the interview's sequence number on to it."""
    connection = session.connection()
    connection.execute(
        _ADD,
        {
            "interview_id": interview_id,
            "seq": event.seq,
            "kind": event.kind,
            "question": event.question,
            "status": event.status,
            "value": event.value,
            "key": key,
            "by": by,
            "at": at,
        },
    )
    connection.execute(_MOVE_ON, {"this": interview_id, "newest": event.seq})


def events_of_wave(session: Session, wave_id: int) -> list[tuple[int, Event]]:
    """Return (interview id, event) of every interview of a wave, in order."""
    query = (
        select(_event.c.interview_id, *_EVENTS.selected_columns)
        .join(_interview, _interview.c.id == _event.c.interview_id)
        .where(_interview.c.wave_id == wave_id)
        .order_by(_event.c.interview_id, _event.c.seq)
    )
    rows = session.connection().execute(query)
    return [(row.interview_id, as_event(row)) for row in rows]


def interviews_of_wave(session: Session, wave_id: int) -> list[Interview]:
    """Return the interviews of a wave in the order they were opened."""
    query = select_rows(Interview).where(Interview.wave_id == wave_id)
    return list(session.exec(query.order_by(col(Interview.id))))


def set_outcome(
    session: Session, interview_id: int, outcome: str | None, at: datetime | None
) -> None:
    """Note how an interview ended, or that it is open again."""
    session.connection().execute(
        update(_interview)
        .where(_interview.c.id == interview_id)
        .values(outcome=outcome, closed_at=at)
    )


def erase_texts(session: Session, interview_id: int, questions: Sequence[str]) -> int:
    """Blank every answer to these questions and every remark; return how many there were.

    The one statement that changes what happened: see `survey.store.tables.AnswerEvent`.
    """
    answers = and_(
        _event.c.kind == EventKind.ANSWERED,
        _event.c.status == Status.ANSWERED,
        _event.c.question.in_(questions),
    )
    remarks = and_(_event.c.kind == EventKind.NOTED, _event.c.status.is_(None))
    blanked = session.connection().execute(
        update(_event)
        .where(_event.c.interview_id == interview_id, or_(answers, remarks))
        .values(value=None, status=Status.ERASED)
    )
    return int(blanked.rowcount)
