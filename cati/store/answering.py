"""Whether an interview may be written to now, and whether it was: statements of the answer path.

SQLAlchemy Core on purpose: it runs once per key press of a whole floor.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, or_, select
from sqlmodel import Session, SQLModel

from cati.store.claims import Claim, extend

_cases: Any = SQLModel.metadata.tables["sample_case"]
_calls: Any = SQLModel.metadata.tables["call"]
_events: Any = SQLModel.metadata.tables["answer_event"]
_contacts: Any = SQLModel.metadata.tables["contact"]

# Under a claim one interviews in a call: its row tells whose claim it was, even when it ran out.
_CALLED = exists().where(
    _calls.c.case_id == _cases.c.id,
    _calls.c.fence == _cases.c.fence,
    _calls.c.by == bindparam("person_id"),
)
_HELD = (
    select(_cases.c.claimed_by, _cases.c.claim_expires, _contacts.c.name)
    .join(_contacts, _contacts.c.id == _cases.c.contact_id)
    .where(
        _cases.c.interview_id == bindparam("interview_id"),
        _cases.c.id == bindparam("case_id"),
        _cases.c.fence == bindparam("fence"),
        _CALLED,
    )
    .with_for_update(of=_cases)
)
_WAS_HELD = select(_cases.c.id).where(
    _cases.c.id == bindparam("case_id"),
    _cases.c.fence == bindparam("fence"),
    or_(_cases.c.claimed_by == bindparam("person_id"), _CALLED),
)


def sealed_name(session: Session, claim: Claim, interview_id: int, now: datetime) -> str | None:
    """Return the sealed name of the person interviewed under a claim, and keep others out.

    None when the claim is not the newest on the case of this interview. One that ran out while
    the line was down is taken up again; ProblemsError when somebody else has the case by now.
    """
    values = {
        "interview_id": interview_id,
        "case_id": claim.case_id,
        "fence": claim.fence,
        "person_id": claim.person_id,
    }
    found = session.connection().execute(_HELD, values).first()
    if found is None:
        return None
    if found.claimed_by != claim.person_id or found.claim_expires <= now:
        extend(session, claim, now)
    return str(found.name)


def was_held(session: Session, claim: Claim) -> bool:
    """Tell whether the newest claim on a case is or was this person's."""
    values = {
        "case_id": claim.case_id,
        "fence": claim.fence,
        "person_id": claim.person_id,
    }
    return session.connection().execute(_WAS_HELD, values).first() is not None


def was_posted(session: Session, interview_id: int, key: str, person_id: int) -> bool:
    """Tell whether a person's post has been written to an interview already."""
    query = select(_events.c.seq).where(
        _events.c.interview_id == interview_id,
        _events.c.key == key,
        _events.c.by == person_id,
    )
    return session.connection().execute(query).first() is not None
