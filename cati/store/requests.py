"""Interviewers who ask for their supervisor: who, since when, with which case, and who answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from accounts.store.tables import Person
from cati.store.tables import Case, SupervisorRequest


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a supervisor, `since` a moment (UTC)."""

    request_id: int
    case_id: int
    name: str
    since: datetime


def open_request(session: Session, person_id: int) -> SupervisorRequest | None:
    """Return the request of a person that nobody has answered yet."""
    query = select(SupervisorRequest).where(
        SupervisorRequest.by == person_id, col(SupervisorRequest.answered_at).is_(None)
    )
    return session.exec(query).first()


def ask(session: Session, person_id: int, case_id: int, now: datetime) -> datetime:
    """Note that a person asks for a supervisor, and return since when they do.

    Asked again before the answer it stays one request, about the case in hand now.
    """
    found = open_request(session, person_id)
    if found is None:
        found = SupervisorRequest(by=person_id, case_id=case_id, at=now)
        try:
            with session.begin_nested():
                session.add(found)
        except IntegrityError:
            # The same key press came in twice at the same moment.
            return now
    found.case_id = case_id
    session.add(found)
    session.flush()
    return found.at


def waiting(session: Session, wave_id: int) -> list[Waiting]:
    """Return who waits for a supervisor with a case of a wave, the longest first."""
    query = (
        select(SupervisorRequest, Person.name)
        .join(Person, col(Person.id) == col(SupervisorRequest.by))
        .join(Case, col(Case.id) == col(SupervisorRequest.case_id))
        .where(Case.wave_id == wave_id, col(SupervisorRequest.answered_at).is_(None))
        .order_by(col(SupervisorRequest.at))
    )
    return [
        Waiting(asked.id or 0, asked.case_id, name, asked.at) for asked, name in session.exec(query)
    ]


def answer(session: Session, request_id: int, by: int, now: datetime) -> bool:
    """Note who answered a request; False when somebody had, or there is none."""
    query = select(SupervisorRequest).where(SupervisorRequest.id == request_id)
    found = session.exec(query.with_for_update()).first()
    if found is None or found.answered_at is not None:
        return False
    found.answered_at, found.answered_by = now, by
    session.add(found)
    session.flush()
    return True
