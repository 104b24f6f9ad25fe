"""Everything about one case, for whoever leads the floor; and how to find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from accounts.store.tables import Person
from cati.rules.numbers import TelephoneNumber, read_number
from cati.rules.queue import CaseState
from cati.store.calls import open_appointment
from cati.store.contacts import NAME, REFERENCE, Contacts, contact_of
from cati.store.desk import (
    Agreed,
    ShownCall,
    ShownNote,
    ShownNumber,
    agreed_in,
    calls_of,
    notes_of,
    shown_numbers,
)
from cati.store.tables import Case, ContactNumber

LONGEST_ID = 9


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case with its person, its history and who has it. Numbers are shown in part.

    `holder` has the case in hand since `claimed_at`; `for_person` is the one it waits for.
    """

    case: Case
    name: str
    reference: str
    is_erased: bool
    numbers: tuple[ShownNumber, ...]
    variables: Mapping[str, str]
    holder: str
    for_person: str
    agreed: Agreed | None
    calls: tuple[ShownCall, ...]
    notes: tuple[ShownNote, ...]


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of a list of cases; nothing in it names the person."""

    case: Case
    holder: str
    for_person: str


def read(session: Session, contacts: Contacts, case_id: int) -> CaseFile | None:
    """Return the file of one case; None when there is no such case."""
    found = session.exec(_lines().where(Case.id == case_id)).first()
    if found is None:
        return None
    case, holder, for_person = found
    contact = contact_of(session, case)
    return CaseFile(
        case=case,
        name=contacts.open(contact.name, NAME),
        reference=contacts.open(contact.reference, REFERENCE),
        is_erased=contact.erased_at is not None,
        numbers=shown_numbers(session, contacts, case),
        variables=dict(case.variables),
        holder=holder or "",
        for_person=for_person or "",
        agreed=_agreed(session, contacts, case_id),
        calls=calls_of(session, contacts, case_id),
        notes=notes_of(session, contacts, case_id),
    )


def _lines() -> Any:
    holder: Any = aliased(Person, name="holder")
    kept_for: Any = aliased(Person, name="kept_for")
    return (
        select(Case, holder.name, kept_for.name)
        .join(holder, holder.id == col(Case.claimed_by), isouter=True)
        .join(kept_for, kept_for.id == col(Case.for_person), isouter=True)
    )


def _agreed(session: Session, contacts: Contacts, case_id: int) -> Agreed | None:
    booked = open_appointment(session, case_id)
    if booked is None:
        return None
    return agreed_in(contacts, booked)


def listed(
    session: Session, wave_id: int, state: CaseState | None, *, first: int, most: int
) -> tuple[int, list[CaseLine]]:
    """Return how many cases of a wave are in a state (None: any), and `most` of them by number."""
    where = [col(Case.wave_id) == wave_id]
    if state is not None:
        where.append(col(Case.state) == state)
    total = session.exec(select(func.count()).select_from(Case).where(*where)).one()
    query = _lines().where(*where).order_by(col(Case.id)).offset(first).limit(most)
    return total, [CaseLine(case, a or "", b or "") for case, a, b in session.exec(query)]


def find(session: Session, contacts: Contacts, text: str) -> list[CaseLine]:
    """Return the cases that a text names: case number, client's id or telephone number."""
    text = text.strip()
    wanted = [col(Case.reference_hash) == contacts.reference_hash(text)]
    if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID:
        wanted.append(col(Case.id) == int(text))
    number = read_number(text, contacts.region)
    if isinstance(number, TelephoneNumber):
        hash_ = contacts.number_hash(number.e164)
        owners = select(ContactNumber.contact_id).where(ContactNumber.number_hash == hash_)
        wanted.append(col(Case.contact_id).in_(owners))
    query = _lines().where(or_(*wanted)).order_by(col(Case.id))
    return [CaseLine(case, a or "", b or "") for case, a, b in session.exec(query)]
