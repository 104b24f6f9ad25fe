"""The cases of a wave as rows to be counted: by stratum, interviewer, day, replicate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from accounts.store.tables import Login, Person, Role
from cati.rules.queue import CaseState
from cati.store.tables import Appointment, Call, Case, CaseNote

COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Reached:
    """A released case with its code so far; who called it last and when, if anybody did.

    `probability` is that of its selection; `variables` came with the sample, nothing personal.
    """

    stratum: str
    code: str
    person_id: int | None
    name: str
    at: datetime | None
    probability: float | None
    replicate: int
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ahead:
    """An appointment that is still to come; `for_person` is empty when anyone may keep it."""

    case_id: int
    at: datetime
    zone: str
    is_hard: bool
    for_person: str


@dataclass(frozen=True, slots=True)
class LateNote:
    """A note that came in after its case had gone to somebody else."""

    case_id: int
    name: str
    at: datetime


def reached(session: Session, wave_id: int) -> list[Reached]:
    """Return every released case of a wave with its last call that counts."""
    last = _last_calls(wave_id)
    # SQLModel's own select knows four columns at most.
    query = (
        select_columns(
            col(Case.stratum),
            col(Case.code),
            col(Call.by),
            col(Person.name),
            col(Call.started_at),
            col(Case.selection_probability),
            col(Case.replicate),
            col(Case.variables),
        )
        .join(last, last.c.case_id == col(Case.id), isouter=True)
        .join(Call, (col(Call.case_id) == Case.id) & (col(Call.seq) == last.c.seq), isouter=True)
        .join(Person, col(Person.id) == col(Call.by), isouter=True)
        .where(col(Case.wave_id) == wave_id, col(Case.state) != CaseState.UNRELEASED)
    )
    rows = session.connection().execute(query)
    return [
        Reached(stratum, code, by, name or "", at, probability, replicate, variables)
        for stratum, code, by, name, at, probability, replicate, variables in rows
    ]


def _last_calls(wave_id: int) -> Any:
    return (
        select(Call.case_id, func.max(Call.seq).label("seq"))
        .join(Case, col(Case.id) == col(Call.case_id))
        .where(Case.wave_id == wave_id, col(Call.outcome).is_not(None))
        .where(col(Call.withdrawn_at).is_(None))
        .group_by(col(Call.case_id))
        .subquery()
    )


def completes_at(session: Session, wave_id: int) -> list[datetime]:
    """Return when each complete interview of a wave ended."""
    query = select(Case.closed_at).where(Case.wave_id == wave_id, Case.outcome == COMPLETE)
    return [at for at in session.exec(query) if at]


def first_call_at(session: Session, wave_id: int) -> datetime | None:
    """Return when the first call of a wave began."""
    query = (
        select(func.min(Call.started_at))
        .join(Case, col(Case.id) == col(Call.case_id))
        .where(Case.wave_id == wave_id)
    )
    return session.exec(query).one()


def ahead(session: Session, wave_id: int, now: datetime) -> list[Ahead]:
    """Return the appointments of a wave from `now` on, the earliest first."""
    query = (
        select(Appointment, Case.zone, Person.name)
        .join(Case, col(Case.id) == col(Appointment.case_id))
        .join(Person, col(Person.id) == col(Appointment.for_person), isouter=True)
        .where(Case.wave_id == wave_id, col(Appointment.ended_at).is_(None), Appointment.at > now)
        .order_by(col(Appointment.at), col(Appointment.id))
    )
    return [
        Ahead(booked.case_id, booked.at, zone, booked.is_hard, name or "")
        for booked, zone, name in session.exec(query)
    ]


def present(session: Session, since: datetime) -> dict[int, str]:
    """Return the interviewers whose login was in use since a moment: names by id."""
    query = (
        select(Person.id, Person.name)
        .join(Login, col(Login.person_id) == col(Person.id))
        .where(Person.role == Role.INTERVIEWER, col(Login.ended_at).is_(None))
        .where(Login.seen_at >= since)
    )
    return {person_id: name for person_id, name in session.exec(query) if person_id}


def late_notes(session: Session, wave_id: int, since: datetime) -> list[LateNote]:
    """Return the notes on cases of a wave that came in too late, since a moment."""
    query = (
        select(CaseNote.case_id, Person.name, CaseNote.at)
        .join(Case, col(Case.id) == col(CaseNote.case_id))
        .join(Person, col(Person.id) == col(CaseNote.by))
        .where(Case.wave_id == wave_id, col(CaseNote.is_late), CaseNote.at >= since)
        .order_by(col(CaseNote.id))
    )
    return [LateNote(case_id, name, at) for case_id, name, at in session.exec(query)]


def replicate_states(session: Session, wave_id: int) -> dict[int, dict[CaseState, int]]:
    """Return how many cases of each replicate of a wave are in each state."""
    query = (
        select(Case.replicate, Case.state, func.count())
        .where(Case.wave_id == wave_id)
        .group_by(col(Case.replicate), col(Case.state))
        .order_by(col(Case.replicate))
    )
    found: dict[int, dict[CaseState, int]] = {}
    for replicate, state, count in session.exec(query):
        found.setdefault(replicate, {})[CaseState(state)] = int(count)
    return found


def strata(session: Session, wave_id: int) -> dict[str, int]:
    """Return how many cases of a wave each stratum has, released or not."""
    query = (
        select(Case.stratum, func.count())
        .where(Case.wave_id == wave_id)
        .group_by(col(Case.stratum))
        .order_by(col(Case.stratum))
    )
    return {stratum: int(count) for stratum, count in session.exec(query)}
