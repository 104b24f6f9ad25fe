"""The one reader and writer of personal fields: names, numbers, notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from cati.rules.numbers import masked, spoken
from cati.store.tables import Appointment, Case, CaseNote, Contact, ContactNumber
from foundation.personal import FieldCipher

NAME, REFERENCE = "contact.name", "contact.reference"
NUMBER, NOTE, ASK_FOR = "contact_number.number", "case_note.text", "appointment.name"
PANEL_ID_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Contacts:
    """Opens and seals personal fields with the keys of one installation.

    `region` is the country whose numbers are written without a country code, `zone` the time
    zone of the centre, which is also that of numbers that have none of their own.
    """

    cipher: FieldCipher
    region: str
    zone: str

    def seal(self, text: str, column: str) -> str:
        """Return a text encrypted for one column; an empty one stays empty."""
        return self.cipher.encrypt(text, column) if text else ""

    def open(self, sealed: str, column: str) -> str:
        """Return the text of an encrypted field."""
        return self.cipher.decrypt(sealed, column) if sealed else ""

    def number_hash(self, e164: str) -> str:
        """Return the keyed hash by which a number is found."""
        return self.cipher.index(e164, "number")

    def reference_hash(self, reference: str) -> str:
        """Return the keyed hash by which the client's reference is found."""
        return self.cipher.index(reference, "reference")

    def panel_id(self, study_id: int, reference: str) -> str:
        """Return the pseudonym that a person keeps in all waves of one study, and in no other."""
        return self.cipher.index(f"{study_id}:{reference}", "panel")[:PANEL_ID_LENGTH]

    def masked(self, number: ContactNumber) -> str:
        """Return a number with its middle hidden."""
        return masked(self.open(number.number, NUMBER), self.region)

    def spoken(self, number: ContactNumber) -> str:
        """Return a number in full, as one dials it here."""
        return spoken(self.open(number.number, NUMBER), self.region)

    def e164(self, number: ContactNumber) -> str:
        """Return a number in full, in its international form."""
        return self.open(number.number, NUMBER)


def numbers_of(session: Session, contact_id: int) -> list[ContactNumber]:
    """Return the numbers of a contact, in the order in which they are tried."""
    query = select(ContactNumber).where(col(ContactNumber.contact_id) == contact_id)
    return list(session.exec(query.order_by(col(ContactNumber.position))))


def contact_of(session: Session, case: Case) -> Contact:
    """Return the person of a case."""
    return session.get_one(Contact, case.contact_id)


def hashes_in_wave(session: Session, wave_id: int) -> tuple[set[str], set[str]]:
    """Return the hashes of the references and of the numbers that a wave has already."""
    references = session.exec(select(Case.reference_hash).where(col(Case.wave_id) == wave_id))
    numbers = session.exec(
        select(ContactNumber.number_hash)
        .join(Case, col(Case.contact_id) == col(ContactNumber.contact_id))
        .where(col(Case.wave_id) == wave_id)
    )
    return set(references), set(numbers)


def cases_of(session: Session, contact_id: int) -> list[Case]:
    """Return every case of a person, in all waves, locked."""
    query = select(Case).where(col(Case.contact_id) == contact_id).order_by(col(Case.id))
    return list(session.exec(query.with_for_update()))


def erase(session: Session, contact_id: int, now: datetime) -> None:
    """Remove name, reference, numbers, notes and sample columns; a pseudonym is left."""
    contact = session.get_one(Contact, contact_id)
    contact.name = contact.reference = ""
    contact.erased_at = now
    session.add(contact)
    ids = [case.id for case in cases_of(session, contact_id)]
    session.exec(delete(ContactNumber).where(col(ContactNumber.contact_id) == contact_id))
    session.exec(delete(CaseNote).where(col(CaseNote.case_id).in_(ids)))
    session.exec(update(Appointment).where(col(Appointment.case_id).in_(ids)).values(name=""))
    # The hashes are keyed, but with the key a number can be guessed: they go too.
    # The other columns of the sample file may name the person in ways nobody foresaw.
    forget = {
        "reference_hash": Case.pseudonym, "number_hash": "", "panel_id": "", "variables": {},
    }  # fmt: skip
    session.exec(update(Case).where(col(Case.id).in_(ids)).values(**forget))
    session.expire_all()
