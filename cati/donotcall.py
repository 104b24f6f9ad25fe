"""The do-not-call list: numbers that nobody calls, in any wave, as keyed hashes alone.

Nothing here shows the list: it is added to, counted, and asked about one number at a time.
Services never commit: the caller's unit of work does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, func, select

from accounts import audit
from cati.rules.numbers import read_number
from cati.rules.samplerows import read_phones
from cati.store import calls
from cati.store.contacts import Contacts
from cati.store.tables import DoNotCall
from cati.supervision import Decision
from foundation.problems import Message, Place, ProblemsError

SUBJECT = "do-not-call"


@dataclass(frozen=True, slots=True)
class Listing:
    """What came of a file: its numbers, how many of them are new on the list, cases closed."""

    numbers: int
    new: int
    closed: int


def list_numbers(
    session: Session, contacts: Contacts, data: bytes, filename: str, decision: Decision
) -> Listing:
    """Put the numbers of a file (column `phone`) on the list, and say what that changed.

    Every case that would be called on one of them is closed, in all waves. Raises ProblemsError
    with every number that cannot be read; then none is listed.
    """
    numbers = read_phones(data, filename, contacts.region)
    hashes = sorted({contacts.number_hash(number) for number in numbers})
    listed = calls.list_numbers(
        session, hashes, by=decision.by, now=decision.now, reason=decision.reason
    )
    found = Listing(len(hashes), listed.new, len(listed.closed))
    detail: dict[str, object] = {
        "numbers": found.new, "closed": found.closed, "reason": decision.reason,
    }  # fmt: skip
    audit.record(session, "numbers.listed", SUBJECT, by=decision.by, at=decision.now, detail=detail)
    return found


def look_up(session: Session, contacts: Contacts, text: str, *, by: int, now: datetime) -> bool:
    """Tell whether the number written in `text` is on the list; the audit trail says who asked.

    Raises ProblemsError when it cannot be a telephone number.
    """
    number = read_number(text, contacts.region)
    if isinstance(number, Message):
        raise ProblemsError([number.at(Place(), number=text.strip())])
    is_listed = calls.is_listed(session, contacts.number_hash(number.e164))
    audit.record(session, "number.looked_up", SUBJECT, by=by, at=now, detail={"listed": is_listed})
    return is_listed


def size(session: Session) -> int:
    """Return how many numbers are on the list."""
    return session.exec(select(func.count()).select_from(DoNotCall)).one()
