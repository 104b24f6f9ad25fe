"""Calls of a case: dial, outcome, history, and where the case goes from there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import Session, col, select

from cati.rules.callbacks import Circumstances, NextAction, next_action
from cati.rules.casecode import case_code
from cati.rules.history import Agreed, Attempt
from cati.rules.outcomes import OUTCOMES
from cati.rules.queue import CaseState, Rank, rank_of
from cati.store.claims import let_go
from cati.store.contacts import numbers_of
from cati.store.fieldwork import Field
from cati.store.tables import Appointment, Call, Case, ContactNumber, DoNotCall

LISTED = "listed_do_not_call"
AT_ONCE = 500
_NUMBER = col(DoNotCall.number_hash)


@dataclass(frozen=True, slots=True)
class Booking:
    """An appointment as it was agreed; `at` is UTC, `name` whom to ask for, sealed."""

    at: datetime
    is_hard: bool
    number_position: int
    for_person: int | None = None
    name: str = ""


def open_call(session: Session, case_id: int) -> Call | None:
    """Return the call of a case that has no outcome yet."""
    query = select(Call).where(
        Call.case_id == case_id, col(Call.outcome).is_(None), col(Call.lost_at).is_(None)
    )
    return session.exec(query).first()


def newest_call(session: Session, case: Case) -> Call | None:
    """Return the last call of a case."""
    query = select(Call).where(Call.case_id == case.id).order_by(col(Call.seq).desc())
    return session.exec(query).first()


def start_call(session: Session, case: Case, number_position: int, now: datetime) -> Call:
    """Log a dial of the case's holder."""
    assert case.id is not None  # noqa: S101 - a stored case
    assert case.claimed_by is not None  # noqa: S101 - a held case
    newest = session.exec(select(func.max(Call.seq)).where(Call.case_id == case.id)).one()
    call = Call(
        case_id=case.id,
        seq=(newest or 0) + 1,
        number_position=number_position,
        by=case.claimed_by,
        fence=case.fence,
        started_at=now,
    )
    session.add(call)
    case.dials += 1
    session.flush()
    return call


def attempts_of(session: Session, case_id: int) -> list[Attempt]:
    """Return what came of each call of a case, in the order of time; mistakes left out."""
    query = (
        select(Call, Appointment)
        .join(Appointment, col(Appointment.call_id) == col(Call.id), isouter=True)
        .where(
            Call.case_id == case_id,
            col(Call.outcome).is_not(None),
            col(Call.withdrawn_at).is_(None),
        )
        .order_by(col(Call.seq))
    )
    return [_attempt(call, booked) for call, booked in session.exec(query)]


def _attempt(call: Call, booked: Appointment | None) -> Attempt:
    agreed = (
        Agreed(booked.at, booked.is_hard, booked.for_person, booked.number_position)
        if booked
        else None
    )
    return Attempt(
        call.outcome or "", call.ended_at or call.started_at, call.number_position, call.by, agreed
    )


def end_call(
    session: Session,
    case: Case,
    call: Call,
    outcome: str,
    *,
    field: Field,
    now: datetime,
    booking: Booking | None = None,
) -> NextAction:
    """Record what came of a call and send the case to where it goes next.

    An appointment that led to this call is over. The claim on the case ends.
    """
    end_appointment(session, call.case_id, now)
    call.outcome, call.ended_at = outcome, now
    session.add(call)
    session.flush()
    if booking is not None:
        _book(session, call, booking, now)
    action = follow(session, case, field, now)
    let_go(case)
    session.add(case)
    session.flush()
    if outcome == "do_not_call":
        _list_person(session, case, call.by, now)
    return action


def _list_person(session: Session, case: Case, by: int, now: datetime) -> None:
    hashes = [number.number_hash for number in numbers_of(session, case.contact_id)]
    list_numbers(session, hashes, by=by, now=now, reason=f"case {case.id}")


def _book(session: Session, call: Call, booking: Booking, now: datetime) -> None:
    assert call.id is not None  # noqa: S101 - a stored call
    session.add(
        Appointment(
            case_id=call.case_id,
            call_id=call.id,
            at=booking.at,
            is_hard=booking.is_hard,
            for_person=booking.for_person,
            number_position=booking.number_position,
            name=booking.name,
            booked_by=call.by,
            booked_at=now,
        )
    )
    session.flush()


def end_appointment(session: Session, case_id: int, now: datetime) -> None:
    """End the open appointment of a case, if it has one."""
    over = update(Appointment).where(
        col(Appointment.case_id) == case_id, col(Appointment.ended_at).is_(None)
    )
    session.exec(over.values(ended_at=now))


def open_appointment(session: Session, case_id: int) -> Appointment | None:
    """Return what is agreed for the next call of a case."""
    query = select(Appointment).where(
        Appointment.case_id == case_id, col(Appointment.ended_at).is_(None)
    )
    return session.exec(query).first()


def follow(session: Session, case: Case, field: Field, now: datetime) -> NextAction:
    """Put a case where the rules send it after its newest call."""
    assert case.id is not None  # noqa: S101 - a stored case
    numbers = numbers_of(session, case.contact_id)
    zones = [ZoneInfo(number.zone) for number in numbers]
    attempts = attempts_of(session, case.id)
    at = Circumstances(now, zones, case.random_number, field.end(zones[0]))
    action = next_action(attempts, field.rules, at)
    _place(case, action, numbers)
    if action.state is CaseState.CLOSED:
        _close(case, attempts[-1].outcome, now)
    return action


def _place(case: Case, action: NextAction, numbers: Sequence[ContactNumber]) -> None:
    number = numbers[action.number]
    case.state, case.rank = action.state, int(rank_of(action.state, is_hard=action.is_hard))
    case.code, case.attempts = action.code, action.attempts
    case.next_at, case.due_at, case.any_hour = action.earliest, action.due_at, action.any_hour
    case.number_position, case.number_hash = number.position, number.number_hash
    case.zone = number.zone
    case.for_person, case.for_person_until = action.for_person, action.for_person_until
    case.not_person = action.not_person


def _close(case: Case, outcome: str, now: datetime) -> None:
    case.state, case.rank = CaseState.CLOSED, int(Rank.NEVER)
    case.next_at = case.due_at = case.for_person = case.for_person_until = None
    case.any_hour, case.not_person = False, None
    case.outcome, case.closed_at = outcome, now


def close_without_call(session: Session, case: Case, outcome: str, now: datetime) -> None:
    """Close a case for a reason that no call brought about; whoever holds it loses it."""
    assert case.id is not None  # noqa: S101 - a stored case
    end_appointment(session, case.id, now)
    case.code = OUTCOMES[outcome].code
    _close(case, outcome, now)
    let_go(case)
    session.add(case)
    session.flush()


def lose_call(session: Session, case: Case, now: datetime) -> None:
    """Give up on the open call of a case: nobody will say any more what came of it."""
    session.exec(
        update(Call)
        .where(col(Call.case_id) == case.id, col(Call.outcome).is_(None))
        .where(col(Call.lost_at).is_(None))
        .values(lost_at=now)
    )


def withdraw_last(session: Session, case: Case, now: datetime) -> None:
    """Let the newest outcome of a case count no more: it was recorded by mistake."""
    query = select(Call).where(
        Call.case_id == case.id, col(Call.outcome).is_not(None), col(Call.withdrawn_at).is_(None)
    )
    newest = session.exec(query.order_by(col(Call.seq).desc())).first()
    if newest is not None:
        newest.withdrawn_at = now
        session.add(newest)
        session.flush()


def code_of(session: Session, case: Case) -> str:
    """Return the AAPOR code that the calls of a case leave it with."""
    assert case.id is not None  # noqa: S101 - a stored case
    numbers = len(numbers_of(session, case.contact_id))
    return case_code(attempts_of(session, case.id), numbers)


@dataclass(frozen=True, slots=True)
class Listed:
    """What a listing brought: how many numbers are new on the list, which cases were closed."""

    new: int
    closed: tuple[int, ...]


def list_numbers(
    session: Session, hashes: Sequence[str], *, by: int | None, now: datetime, reason: str
) -> Listed:
    """Put numbers on the do-not-call list and close every case that would be called there.

    Cases are closed in all waves, also those of numbers that were on the list before.
    """
    new, closed = 0, list[int]()
    for first in range(0, len(hashes), AT_ONCE):
        chunk = hashes[first : first + AT_ONCE]
        rows = [{"number_hash": h, "by": by, "at": now, "reason": reason} for h in chunk]
        added = session.exec(
            _insert_into(session).values(rows).on_conflict_do_nothing().returning(_NUMBER)
        )
        new += len(added.all())
        closed += _close_called_at(session, chunk, now)
    return Listed(new, tuple(closed))


def _insert_into(session: Session) -> Any:
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    return insert_sqlite(DoNotCall) if is_sqlite else insert_postgresql(DoNotCall)


def _close_called_at(session: Session, hashes: Sequence[str], now: datetime) -> list[int]:
    owners = select(ContactNumber.contact_id).where(col(ContactNumber.number_hash).in_(hashes))
    affected = (
        select(Case)
        .where(col(Case.contact_id).in_(owners), Case.state != CaseState.CLOSED)
        .order_by(col(Case.id))
        .with_for_update()
    )
    found = list(session.exec(affected))
    for case in found:
        close_without_call(session, case, LISTED, now)
    return [case.id for case in found if case.id is not None]


def is_listed(session: Session, number_hash: str) -> bool:
    """Tell whether a number is on the do-not-call list."""
    return session.get(DoNotCall, number_hash) is not None
