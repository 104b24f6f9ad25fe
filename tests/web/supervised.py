"""What the tests of the supervisor's pages share: a floor with cases, and how to look at it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlmodel import col, select

from accounts.store.tables import AuditEntry, Person
from cati import floor
from cati.store.claims import Claim, Interviewer, Write
from cati.store.contacts import Contacts
from cati.store.desk import HeldCase
from cati.store.tables import Case
from foundation.database import Store

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
WHY = {"reason": "the client asked"}


def text(reply) -> str:
    """Return the text of a page as a person reads it: no tags, single spaces."""
    page = re.sub(r"<[^>]+>", " ", reply.get_data(as_text=True))
    return " ".join(page.split())


def person_id(store: Store, login: str) -> int:
    with store.read() as session:
        return session.exec(select(Person.id).where(Person.login == login)).one()


def a_held_case(store: Store, contacts: Contacts, wave_id: int, now: datetime, *, dial=True) -> int:
    """Let the interviewer take the next case, and dial; return its id."""
    return _taken(store, contacts, wave_id, now, dial=dial).case_id


def _taken(store: Store, contacts: Contacts, wave_id: int, now: datetime, *, dial: bool) -> Claim:
    me = person_id(store, "interviewer")
    with store.write() as session:
        held = floor.take_next_case(session, contacts, Interviewer(me), [wave_id], now)
        assert isinstance(held, HeldCase), held
        if dial:
            floor.dial(session, contacts, Write(held.claim, f"dial-{held.claim.case_id}", now))
    return held.claim


def a_call(
    store: Store, contacts: Contacts, wave_id: int, outcome: str, now: datetime, *, when: str = ""
) -> int:
    """Let the interviewer call the next case; `when` books an appointment. Return the case."""
    claim = _taken(store, contacts, wave_id, now, dial=True)
    write = Write(claim, f"end-{claim.case_id}-{now.timestamp()}", now)
    with store.write() as session:
        if when:
            floor.book_appointment(session, contacts, write, floor.Agreement(when, is_mine=True))
        else:
            floor.record_outcome(session, write, outcome)
    return claim.case_id


def case_of(store: Store, case_id: int) -> Case:
    with store.read() as session:
        return session.get_one(Case, case_id)


def last_audit(store: Store) -> AuditEntry:
    with store.read() as session:
        query = select(AuditEntry).where(AuditEntry.action != "case.viewed")
        return session.exec(query.order_by(col(AuditEntry.id).desc())).first()
