"""What an interviewer may see of the case in hand: numbers in part, history, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from accounts.store.tables import Person
from cati.rules.history import dead_numbers
from cati.rules.queue import CaseState
from cati.store.calls import attempts_of, open_appointment, open_call
from cati.store.claims import Claim
from cati.store.contacts import ASK_FOR, NAME, NOTE, REFERENCE, Contacts, contact_of, numbers_of
from cati.store.fieldwork import Field
from cati.store.requests import open_request
from cati.store.tables import Appointment, Call, Case, CaseNote


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """A number of a case with its middle hidden. A dead one proved useless."""

    position: int
    masked: str
    zone: str
    is_dead: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is agreed for the next call: when, how firmly, with whom, kept by whom."""

    at: datetime
    is_hard: bool
    ask_for: str
    kept_by: str = ""


@dataclass(frozen=True, slots=True)
class ShownCall:
    """A call of the case: when, by whom, on which number, what came of it, what was agreed."""

    at: datetime
    by: str
    number_position: int
    outcome: str | None
    lost: bool
    withdrawn: bool
    agreed: Agreed | None = None


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note on the case."""

    at: datetime
    by: str
    text: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class OpenCall:
    """The call that is going on."""

    call_id: int
    started_at: datetime
    number_position: int


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A case in somebody's hands. `claim` goes with every write, `expires_at` ends it.

    `ask_for` is whom the appointment names, else the sampled person. `asked_at` is since when
    the holder waits for a supervisor.
    """

    claim: Claim
    wave_id: int
    pseudonym: str
    state: CaseState
    expires_at: datetime
    name: str
    reference: str
    ask_for: str
    language: str
    variables: Mapping[str, str]
    numbers: tuple[ShownNumber, ...]
    number_position: int
    zone: str
    attempts: int
    max_attempts: int
    dials: int
    due_at: datetime | None
    is_hard: bool
    any_hour: bool
    interview_id: int | None
    call: OpenCall | None
    calls: tuple[ShownCall, ...]
    notes: tuple[ShownNote, ...]
    asked_at: datetime | None = None


def shown(session: Session, contacts: Contacts, case: Case, field: Field) -> HeldCase:
    """Return what the holder of a case sees of it."""
    assert case.id is not None  # noqa: S101 - a stored case
    assert case.claimed_by is not None  # noqa: S101 - a held case
    assert case.claim_expires is not None  # noqa: S101 - a held case
    contact, booked = contact_of(session, case), open_appointment(session, case.id)
    name = contacts.open(contact.name, NAME)
    ask_for = contacts.open(booked.name, ASK_FOR) if booked else ""
    asked = open_request(session, case.claimed_by)
    return HeldCase(
        claim=Claim(case.id, case.fence, case.claimed_by),
        wave_id=case.wave_id,
        pseudonym=case.pseudonym,
        state=case.state,
        expires_at=case.claim_expires,
        name=name,
        reference=contacts.open(contact.reference, REFERENCE),
        ask_for=ask_for or name,
        language=case.language,
        variables=dict(case.variables),
        numbers=shown_numbers(session, contacts, case),
        number_position=case.number_position,
        zone=case.zone,
        attempts=case.attempts,
        max_attempts=field.rules.max_attempts,
        dials=case.dials,
        due_at=case.due_at,
        is_hard=booked.is_hard if booked else False,
        any_hour=case.any_hour,
        interview_id=case.interview_id,
        call=_open_call(session, case.id),
        calls=calls_of(session, contacts, case.id),
        notes=notes_of(session, contacts, case.id),
        asked_at=asked.at if asked else None,
    )


def _open_call(session: Session, case_id: int) -> OpenCall | None:
    call = open_call(session, case_id)
    if call is None or call.id is None:
        return None
    return OpenCall(call.id, call.started_at, call.number_position)


def shown_numbers(session: Session, contacts: Contacts, case: Case) -> tuple[ShownNumber, ...]:
    """Return the numbers of a case, each with its middle hidden."""
    assert case.id is not None  # noqa: S101 - a stored case
    dead = dead_numbers(attempts_of(session, case.id))
    return tuple(
        ShownNumber(n.position, contacts.masked(n), n.zone, n.position in dead)
        for n in numbers_of(session, case.contact_id)
    )


def calls_of(session: Session, contacts: Contacts, case_id: int) -> tuple[ShownCall, ...]:
    """Return every call of a case, the oldest first."""
    keeper: Any = aliased(Person, name="keeper")
    query = (
        select(Call, Person.name, Appointment, keeper.name)
        .join(Person, col(Person.id) == col(Call.by))
        .join(Appointment, col(Appointment.call_id) == col(Call.id), isouter=True)
        .join(keeper, keeper.id == col(Appointment.for_person), isouter=True)
        .where(Call.case_id == case_id)
        .order_by(col(Call.seq))
    )
    return tuple(
        ShownCall(
            call.started_at,
            by,
            call.number_position,
            call.outcome,
            call.lost_at is not None,
            call.withdrawn_at is not None,
            agreed_in(contacts, booked, kept_by or "") if booked else None,
        )
        for call, by, booked, kept_by in session.exec(query)
    )


def agreed_in(contacts: Contacts, booked: Appointment, kept_by: str = "") -> Agreed:
    """Return an appointment as it is shown."""
    return Agreed(booked.at, booked.is_hard, contacts.open(booked.name, ASK_FOR), kept_by)


def notes_of(session: Session, contacts: Contacts, case_id: int) -> tuple[ShownNote, ...]:
    """Return the notes on a case, the newest first."""
    query = (
        select(CaseNote, Person.name)
        .join(Person, col(Person.id) == col(CaseNote.by))
        .where(CaseNote.case_id == case_id)
        .order_by(col(CaseNote.id).desc())
    )
    return tuple(
        ShownNote(note.at, by, contacts.open(note.text, NOTE), note.is_late)
        for note, by in session.exec(query)
    )


def add_note(
    session: Session,
    contacts: Contacts,
    claim: Claim,
    text: str,
    *,
    now: datetime,
    is_late: bool = False,
) -> CaseNote:
    """Keep a note on a case, sealed."""
    note = CaseNote(
        case_id=claim.case_id,
        by=claim.person_id,
        at=now,
        text=contacts.seal(text.strip(), NOTE),
        is_late=is_late,
    )
    session.add(note)
    session.flush()
    return note
