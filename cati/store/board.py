"""Counts and lists of one wave's fieldwork, for whoever leads the floor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from accounts.store.tables import Person
from cati.rules.queue import DUE_FOR, CaseState
from cati.store.tables import Appointment, Call, Case

COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Seat:
    """What one interviewer does now and did since the given moment.

    `case_id` is the case in hand, `in_call_since` the call going on; both empty while free.
    """

    person_id: int
    name: str
    dials: int
    completes: int
    last_dial: datetime | None
    case_id: int | None
    held_since: datetime | None
    in_call_since: datetime | None
    silent_since: datetime | None


@dataclass(frozen=True, slots=True)
class Overdue:
    """An appointment whose time has passed without a call."""

    case_id: int
    pseudonym: str
    at: datetime
    zone: str
    is_hard: bool
    for_person: str
    held_by: str


@dataclass(frozen=True, slots=True)
class LongHeld:
    """A case in somebody's hands for longer than a call takes."""

    case_id: int
    pseudonym: str
    person_id: int
    name: str
    since: datetime


def count_states(session: Session, wave_id: int) -> dict[CaseState, int]:
    """Return how many cases of a wave are in each state."""
    query = (
        select(Case.state, func.count()).where(Case.wave_id == wave_id).group_by(col(Case.state))
    )
    return {CaseState(state): int(count) for state, count in session.exec(query)}


def count_codes(session: Session, wave_id: int) -> dict[str, int]:
    """Return how many released cases of a wave have each AAPOR code, as it is so far."""
    query = (
        select(Case.code, func.count())
        .where(Case.wave_id == wave_id, Case.state != CaseState.UNRELEASED)
        .group_by(col(Case.code))
    )
    return {code: int(count) for code, count in session.exec(query)}


def count_held(session: Session, wave_id: int) -> int:
    """Return how many cases of a wave are in somebody's hands."""
    query = select(func.count()).where(Case.wave_id == wave_id, col(Case.claimed_by).is_not(None))
    return session.exec(query).one()


def count_outcomes(session: Session, wave_id: int, since: datetime | None) -> dict[str, int]:
    """Return how many calls of a wave had each outcome, since a moment or ever."""
    query = (
        select(col(Call.outcome), func.count())
        .join(Case, col(Case.id) == col(Call.case_id))
        .where(Case.wave_id == wave_id, col(Call.outcome).is_not(None))
        .where(col(Call.withdrawn_at).is_(None))
        .group_by(col(Call.outcome))
    )
    if since is not None:
        query = query.where(Call.started_at >= since)
    return {str(outcome): int(count) for outcome, count in session.exec(query)}


def count_completes(session: Session, wave_id: int) -> int:
    """Return how many cases of a wave have a complete interview."""
    query = select(func.count()).where(Case.wave_id == wave_id, Case.outcome == COMPLETE)
    return session.exec(query).one()


def seats(session: Session, wave_id: int, since: datetime, now: datetime) -> list[Seat]:
    """Return everybody who called for a wave since a moment or holds one of its cases."""
    held = {c.claimed_by: c for c in session.exec(_held(wave_id))}
    talking = {c.by: c for c in session.exec(_open_calls(wave_id))}
    worked = {
        by: (int(n), int(done or 0), last) for by, n, done, last in _worked(session, wave_id, since)
    }
    found = []
    people = select(Person).where(col(Person.id).in_(set(held) | set(talking) | set(worked)))
    for person in session.exec(people.order_by(col(Person.name))):
        assert person.id is not None  # noqa: S101 - a stored person
        case_, call = held.get(person.id), talking.get(person.id)
        dials, completes, last = worked.get(person.id, (0, 0, None))
        expires = case_.claim_expires if case_ else None
        found.append(
            Seat(
                person.id, person.name, dials, completes, last,
                case_.id if case_ else None,
                case_.claimed_at if case_ else None,
                call.started_at if call else None,
                expires if expires and expires <= now else None,
            )
        )  # fmt: skip
    return found


def _held(wave_id: int) -> Any:
    return select(Case).where(Case.wave_id == wave_id, col(Case.claimed_by).is_not(None))


def _open_calls(wave_id: int) -> Any:
    return (
        select(Call)
        .join(Case, col(Case.id) == col(Call.case_id))
        .where(Case.wave_id == wave_id, Call.by == Case.claimed_by, Call.fence == Case.fence)
        .where(col(Call.outcome).is_(None), col(Call.lost_at).is_(None))
    )


def _worked(session: Session, wave_id: int, since: datetime) -> Any:
    completes = func.sum(case((col(Call.outcome) == COMPLETE, 1), else_=0))
    return session.exec(
        select(Call.by, func.count(), completes, func.max(Call.started_at))
        .join(Case, col(Case.id) == col(Call.case_id))
        .where(Case.wave_id == wave_id, Call.started_at >= since)
        .group_by(col(Call.by))
    )


def overdue(session: Session, wave_id: int, now: datetime) -> list[Overdue]:
    """Return the appointments of a wave that should have been called by now, the oldest first.

    An appointment counts as overdue when its window has passed; one whose case is being called
    now is listed with who holds it.
    """
    booked: Any = aliased(Person, name="booked")
    holder: Any = aliased(Person, name="holder")
    query = (
        select(Appointment, Case, booked.name, holder.name)
        .join(Case, col(Case.id) == col(Appointment.case_id))
        .join(booked, booked.id == col(Appointment.for_person), isouter=True)
        .join(holder, holder.id == col(Case.claimed_by), isouter=True)
        .where(Case.wave_id == wave_id, Case.state == CaseState.APPOINTMENT)
        .where(col(Appointment.ended_at).is_(None), Appointment.at <= now - DUE_FOR)
        .order_by(col(Appointment.at))
    )
    return [
        Overdue(due.case_id, case_.pseudonym, due.at, case_.zone, due.is_hard, for_ or "", by or "")
        for due, case_, for_, by in session.exec(query)
    ]


def long_held(session: Session, wave_id: int, now: datetime, limit: timedelta) -> list[LongHeld]:
    """Return the cases of a wave held for longer than `limit`, the longest first."""
    query = (
        select(Case, Person.name)
        .join(Person, col(Person.id) == col(Case.claimed_by))
        .where(Case.wave_id == wave_id, col(Case.claimed_at) <= now - limit)
        .order_by(col(Case.claimed_at))
    )
    return [
        LongHeld(case_.id, case_.pseudonym, case_.claimed_by, name, case_.claimed_at)
        for case_, name in session.exec(query)
        if case_.id and case_.claimed_by and case_.claimed_at
    ]
