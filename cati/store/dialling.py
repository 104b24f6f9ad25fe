"""Which number of a case is dialled, and whether it may be now."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from cati.rules.hours import is_open, zone_named
from cati.rules.messages import (
    CLOSED_HOURS,
    LISTED,
    NO_NUMBER,
    NUMBER_IN_USE,
    STILL_OPEN,
    UNKNOWN_ZONE,
)
from cati.store.calls import is_listed, open_call
from cati.store.contacts import numbers_of
from cati.store.fieldwork import note_zones, read_field
from cati.store.tables import Case, ContactNumber
from foundation.problems import Place, ProblemsError


def number_at(session: Session, case: Case, position: int | None) -> ContactNumber:
    """Return one number of a case; None means the one to be called next."""
    wanted = case.number_position if position is None else position
    for number in numbers_of(session, case.contact_id):
        if number.position == wanted:
            return number
    raise ProblemsError([NO_NUMBER.at(Place(), case=case.id)])


def check_no_call(session: Session, case: Case) -> None:
    """Refuse while the last call has no outcome yet."""
    if case.id is not None and open_call(session, case.id) is not None:
        raise ProblemsError([STILL_OPEN.at(Place())])


def check_callable(session: Session, case: Case, number: ContactNumber, now: datetime) -> None:
    """Refuse a number on the do-not-call list, and any outside calling hours where it is.

    The one exception to the hours is an appointment that the person asked for.
    """
    if is_listed(session, number.number_hash):
        raise ProblemsError([LISTED.at(Place())])
    zone, hours = ZoneInfo(number.zone), read_field(session, case.wave_id).rules.hours
    asked_for = case.any_hour and number.position == case.number_position
    if not asked_for and not is_open(now, zone, hours):
        raise ProblemsError([CLOSED_HOURS.at(Place(), clock=f"{now.astimezone(zone):%H:%M}")])


def point_to(session: Session, case: Case, number: ContactNumber) -> None:
    """Make a number the one that the case is called on; refuse one that is being called."""
    try:
        with session.begin_nested():
            case.number_position, case.zone = number.position, number.zone
            case.number_hash = number.number_hash
            session.flush()
    except IntegrityError:
        raise ProblemsError([NUMBER_IN_USE.at(Place())]) from None


def set_zone(session: Session, case: Case, zone: str) -> None:
    """Say in which time zone the number to be called next is."""
    if zone_named(zone) is None:
        raise ProblemsError([UNKNOWN_ZONE.at(Place(), value=zone, near="Asia/Shanghai")])
    number = number_at(session, case, None)
    number.zone = case.zone = zone
    session.add_all([number, case])
    note_zones(session, case.wave_id, {zone})
