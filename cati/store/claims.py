"""Handing out cases: who holds which case, for how long, and which writes still count.

A case is claimed by one SQL statement, the same for every database: an UPDATE of the first row in
the order of `cati.rules.queue` that nobody else is taking. PostgreSQL passes over rows that
others have locked (SKIP LOCKED); SQLite writes one at a time. Two unique indexes stand behind
it: a person holds one case, and a number is dialled by one person.

A claim is a lease. When the page falls silent the case goes back to the queue; every claim takes
a new fence number, and a write that names an older one is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, exists, false, func, null, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel
from sqlmodel import select as select_rows

from cati.rules.messages import CLAIM_LOST
from cati.rules.queue import DUE_FOR, OVERDUE_FOR, URGENT, CaseState, Rank
from cati.store.fieldwork import Field
from cati.store.tables import Case
from foundation.problems import Place, ProblemsError

LEASE = timedelta(seconds=90)
TRIES = 50

_cases: Any = SQLModel.metadata.tables["sample_case"]
_calls: Any = SQLModel.metadata.tables["call"]
_listed: Any = SQLModel.metadata.tables["do_not_call"]
_FREE = {"claimed_by": None, "claimed_at": None, "claim_expires": None}


@dataclass(frozen=True, slots=True)
class Interviewer:
    """Who asks for a case, in which languages (None: all), and whether refusals are theirs too."""

    person_id: int
    languages: frozenset[str] | None = None
    converts: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to write to a case; every write names it."""

    case_id: int
    fence: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Write:
    """One post of a page: under which claim, under which idempotency key, when (UTC)."""

    claim: Claim
    key: str
    now: datetime


def held_case(session: Session, person_id: int) -> Case | None:
    """Return the case that a person holds, whether or not the lease has run out meanwhile."""
    return session.exec(select_rows(Case).where(Case.claimed_by == person_id)).first()


def claim_next_case(
    session: Session, interviewer: Interviewer, fields: Sequence[Field], now: datetime
) -> Case | None:
    """Claim the next case for a person and return it; None when there is none to be had.

    Somebody who holds a case gets that one. Of new cases and retries, those of an earlier wave
    in `fields` come first. A claim that meets another one for the same number takes the next
    case instead.
    """
    give_back_expired(session, now)
    statement = _claim(interviewer, [field for field in fields if field.is_on(now)], now)
    for _ in range(TRIES):
        held = held_case(session, interviewer.person_id)
        if held is not None:
            held.claim_expires = now + LEASE
            session.flush()
            return held
        try:
            with session.begin_nested():
                found = session.connection().execute(statement).scalar()
        except IntegrityError:
            continue
        return _read(session, found) if found else None
    return None


def hold(session: Session, claim: Claim, now: datetime) -> Case:
    """Return the case of a claim, locked; raises ProblemsError when the claim counts no more."""
    query = select_rows(Case).where(Case.id == claim.case_id).with_for_update()
    found = session.exec(query.execution_options(populate_existing=True)).first()
    if found is None or (found.claimed_by, found.fence) != (claim.person_id, claim.fence):
        raise ProblemsError([CLAIM_LOST.at(Place(), case=claim.case_id)])
    if found.claim_expires is None or found.claim_expires <= now:
        raise ProblemsError([CLAIM_LOST.at(Place(), case=claim.case_id)])
    return found


def extend(session: Session, claim: Claim, now: datetime) -> datetime:
    """Prolong a claim and return until when; a silent page's too, if nobody took the case since.

    Raises ProblemsError when somebody did.
    """
    mine = or_(_cases.c.claimed_by == claim.person_id, _cases.c.claimed_by.is_(None))
    statement = (
        update(_cases)
        .where(_cases.c.id == claim.case_id, _cases.c.fence == claim.fence, mine)
        .where(_cases.c.state != CaseState.CLOSED)
        .values(claimed_by=claim.person_id, claimed_at=func.coalesce(_cases.c.claimed_at, now),
                claim_expires=now + LEASE)
        .returning(_cases.c.id)
    )  # fmt: skip
    try:
        with session.begin_nested():
            kept = session.connection().execute(statement).scalar()
    except IntegrityError:
        # The person holds another case by now, or somebody else dials the same number.
        kept = None
    if kept is None:
        raise ProblemsError([CLAIM_LOST.at(Place(), case=claim.case_id)])
    same_call = and_(_calls.c.case_id == kept, _calls.c.fence == claim.fence)
    session.connection().execute(
        update(_calls).where(same_call, _calls.c.outcome.is_(None)).values(lost_at=None)
    )
    return now + LEASE


def let_go(case_: Case) -> None:
    """End the claim on a case; what its holder still sends is refused."""
    case_.claimed_by = case_.claimed_at = case_.claim_expires = None
    case_.fence += 1


def give_back_expired(session: Session, now: datetime) -> list[int]:
    """Put cases whose page fell silent back into the queue and return their ids.

    The fence stays: a page that wakes up may go on as long as nobody else took the case.
    """
    silent = (
        select(_cases.c.id)
        .where(_cases.c.claimed_by.is_not(None), _cases.c.claim_expires <= now)
        .with_for_update(skip_locked=True)
    )
    connection = session.connection()
    freed = connection.execute(
        update(_cases).where(_cases.c.id.in_(silent)).values(**_FREE).returning(_cases.c.id)
    )
    ids = list(freed.scalars())
    if ids:
        going_on = and_(_calls.c.outcome.is_(None), _calls.c.lost_at.is_(None))
        connection.execute(
            update(_calls).where(_calls.c.case_id.in_(ids), going_on).values(lost_at=now)
        )
        session.expire_all()
    return ids


def _read(session: Session, case_id: int) -> Case:
    return session.get_one(Case, case_id, populate_existing=True)


def _claim(interviewer: Interviewer, fields: Sequence[Field], now: datetime) -> Any:
    candidates = [_first_urgent(interviewer, fields, now)]
    for rank in (Rank.RETRY, Rank.FRESH):
        for field in fields:
            zones = field.open_zones(now)
            if zones:
                here = and_(_row.c.wave_id == field.wave_id, _row.c.rank == int(rank))
                candidates.append(_first(interviewer, now, here, _row.c.zone.in_(zones), order=()))
    return (
        update(_cases)
        .where(_cases.c.id == func.coalesce(*candidates, null()))
        .values(
            claimed_by=interviewer.person_id,
            claimed_at=now,
            claim_expires=now + LEASE,
            fence=_cases.c.fence + 1,
        )
        .returning(_cases.c.id)
    )


_row = _cases.alias("candidate")
_other = _cases.alias("other")


def _first_urgent(interviewer: Interviewer, fields: Sequence[Field], now: datetime) -> Any:
    places = [
        and_(
            _row.c.wave_id == field.wave_id,
            or_(_row.c.zone.in_(field.open_zones(now)), _row.c.any_hour),
        )
        for field in fields
    ]
    hard = _row.c.rank == int(Rank.HARD_DUE)
    ageing = case(
        (and_(hard, _row.c.due_at <= now - OVERDUE_FOR), int(Rank.SOFT_DUE)),
        (and_(hard, _row.c.due_at <= now - DUE_FOR), int(Rank.HARD_OVERDUE)),
        else_=_row.c.rank,
    )
    urgent = _row.c.rank.in_([int(rank) for rank in URGENT])
    return _first(interviewer, now, urgent, or_(false(), *places), order=(ageing,))


def _first(interviewer: Interviewer, now: datetime, *wanted: Any, order: Sequence[Any]) -> Any:
    same_number = _other.c.number_hash == _row.c.number_hash
    held_elsewhere = exists().where(same_number, _other.c.claimed_by.is_not(None))
    listed = exists().where(_listed.c.number_hash == _row.c.number_hash)
    return (
        select(_row.c.id)
        .where(_row.c.claimed_by.is_(None), _row.c.next_at <= now)
        .where(*wanted, *_open_to(interviewer, now), ~held_elsewhere, ~listed)
        .order_by(*order, _row.c.next_at, _row.c.random_number)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )


def _open_to(interviewer: Interviewer, now: datetime) -> list[Any]:
    me = interviewer.person_id
    conditions = [
        or_(_row.c.for_person.is_(None), _row.c.for_person == me, _row.c.for_person_until <= now),
        or_(_row.c.not_person.is_(None), _row.c.not_person != me),
    ]
    if interviewer.languages is not None:
        spoken = sorted(interviewer.languages)
        conditions.append(or_(_row.c.language == "", _row.c.language.in_(spoken)))
    if not interviewer.converts:
        conditions.append(_row.c.rank != int(Rank.CONVERSION))
    return conditions
