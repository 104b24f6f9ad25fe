"""An interviewer's shift: the waves to call for, the day's work, the appointments to keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from cati.rules.queue import DUE_FOR
from cati.store.tables import Appointment, Call, Case, ContactNumber
from survey.store.tables import Wave, WaveSource

COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Day:
    """What one person did since a moment: dials, complete interviews, appointments made."""

    dials: int
    completes: int
    appointments: int


@dataclass(frozen=True, slots=True)
class OwnAppointment:
    """An appointment that a person keeps; `zone` is where the respondent is."""

    case_id: int
    at: datetime
    zone: str
    is_hard: bool
    is_overdue: bool


def open_waves(session: Session) -> list[int]:
    """Return the waves that are called for now, the oldest first: they end first."""
    query = select(Wave.id).where(
        col(Wave.is_open),
        Wave.source == WaveSource.INTERVIEWS,
        col(Wave.form_version_id).is_not(None),
    )
    return [wave_id for wave_id in session.exec(query.order_by(col(Wave.id))) if wave_id]


def day_of(session: Session, person_id: int, since: datetime) -> Day:
    """Return what a person did since `since`."""
    dialled = (Call.by == person_id, Call.started_at >= since)
    dials = session.exec(select(func.count()).where(*dialled)).one()
    completes = session.exec(select(func.count()).where(*dialled, Call.outcome == COMPLETE)).one()
    booked = (Appointment.booked_by == person_id, Appointment.booked_at >= since)
    return Day(dials, completes, session.exec(select(func.count()).where(*booked)).one())


def appointments_of(session: Session, person_id: int, now: datetime) -> list[OwnAppointment]:
    """Return the open appointments that a person keeps in waves called for now, by time."""
    query = (
        select(Appointment, ContactNumber.zone)
        .join(Case, col(Case.id) == col(Appointment.case_id))
        .join(
            ContactNumber,
            (col(ContactNumber.contact_id) == col(Case.contact_id))
            & (col(ContactNumber.position) == col(Appointment.number_position)),
        )
        .where(Appointment.for_person == person_id, col(Appointment.ended_at).is_(None))
        .where(col(Case.wave_id).in_(open_waves(session)))
        .order_by(col(Appointment.at))
    )
    return [
        OwnAppointment(kept.case_id, kept.at, zone, kept.is_hard, kept.at + DUE_FOR < now)
        for kept, zone in session.exec(query)
    ]
