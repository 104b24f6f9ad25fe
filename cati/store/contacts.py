"""The one reader and writer of personal fields: names, numbers, notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from cati.rules.numbers import TelephoneNumber, masked, spoken
from cati.store.tables import Case, Contact, ContactNumber
from foundation.personal import FieldCipher

NAME, REFERENCE = "contact.name", "contact.reference"
NUMBER, NOTE, ASK_FOR = "contact_number.number", "case_note.text", "appointment.name"


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

    def masked(self, number: ContactNumber) -> str:
        """Return a number with its middle hidden."""
        return masked(self.open(number.number, NUMBER), self.region)

    def spoken(self, number: ContactNumber) -> str:
        """Return a number in full, as one dials it here."""
        return spoken(self.open(number.number, NUMBER), self.region)

    def e164(self, number: ContactNumber) -> str:
        """Return a number in full, in its international form."""
        return self.open(number.number, NUMBER)

    def new_contact(self, name: str, reference: str) -> Contact:
        """Return a contact with its fields sealed."""
        return Contact(name=self.seal(name, NAME), reference=self.seal(reference, REFERENCE))

    def new_number(
        self, contact_id: int, position: int, number: TelephoneNumber, zone: str
    ) -> ContactNumber:
        """Return a number of a contact with its fields sealed."""
        return ContactNumber(
            contact_id=contact_id,
            position=position,
            number=self.seal(number.e164, NUMBER),
            number_hash=self.number_hash(number.e164),
            zone=zone,
        )


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


def add_all(session: Session, contacts: Iterable[Contact]) -> list[int]:
    """Store contacts and return their ids, in order."""
    stored = list(contacts)
    session.add_all(stored)
    session.flush()
    return [contact.id for contact in stored if contact.id is not None]
