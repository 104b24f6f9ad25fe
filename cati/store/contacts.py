"""The one reader and writer of personal fields: names, numbers, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from cati.rules.numbers import masked, spoken
from cati.store.tables import Appointment, Case, CaseNote, Contact, ContactNumber, DoNotCall
from foundation.personal import FieldCipher
from survey.store.tables import Wave

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


def cases_of(session: Session, case: Case) -> tuple[list[int], list[int]]:
    """Return the cases of a case's person in all waves, and those of whom it is not certain.

    Each import makes contacts of its own, so a person is found by the client's id: in the same
    study by the id alone; in another, whose ids may be another client's, when a number is the
    same too. Cases of other studies with the id and no number in common are the uncertain ones.
    Both lists are ids of cases, in order.
    """
    query = select(Case, Wave.study_id).join(Wave, col(Wave.id) == col(Case.wave_id))
    alike = query.where(
        or_(
            col(Case.contact_id) == case.contact_id, col(Case.reference_hash) == case.reference_hash
        )
    )
    study_id = session.get_one(Wave, case.wave_id).study_id
    numbers = {number.number_hash for number in numbers_of(session, case.contact_id)}
    certain: list[int] = []
    unsure: list[int] = []
    for other, study in session.exec(alike.order_by(col(Case.id))):
        own = other.contact_id == case.contact_id or study == study_id
        shared = own or numbers & {n.number_hash for n in numbers_of(session, other.contact_id)}
        (certain if shared else unsure).append(other.id or 0)
    return certain, unsure


def locked(session: Session, case_ids: Sequence[int]) -> list[Case]:
    """Return cases by their ids, locked in that order."""
    query = select(Case).where(col(Case.id).in_(case_ids)).order_by(col(Case.id))
    query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(query))


def erase(session: Session, cases: Sequence[Case], now: datetime) -> None:
    """Remove name, reference, numbers, notes and sample columns; pseudonyms are left."""
    ids, people = [case.id for case in cases], {case.contact_id for case in cases}
    gone = {"name": "", "reference": "", "erased_at": now}
    session.exec(update(Contact).where(col(Contact.id).in_(people)).values(**gone))
    session.exec(delete(ContactNumber).where(col(ContactNumber.contact_id).in_(people)))
    session.exec(delete(CaseNote).where(col(CaseNote.case_id).in_(ids)))
    session.exec(update(Appointment).where(col(Appointment.case_id).in_(ids)).values(name=""))
    # The list keeps the number's hash, but no longer says of which case it was.
    of_case = col(DoNotCall.reason).in_([f"case {id_}" for id_ in ids])
    session.exec(update(DoNotCall).where(of_case).values(reason=""))
    # The hashes are keyed, but with the key a number can be guessed: they go too.
    # The other columns of the sample file may name the person in ways nobody foresaw.
    forget = {
        "reference_hash": Case.pseudonym, "number_hash": "", "panel_id": "", "variables": {},
    }  # fmt: skip
    session.exec(update(Case).where(col(Case.id).in_(ids)).values(**forget))
    session.expire_all()
