"""Why there is no case to hand out: counted, so that somebody can do something about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select
from sqlmodel import Session, SQLModel

from cati.rules.messages import (
    ALL_CLOSED,
    ALL_HELD,
    ALL_WAITING,
    FIELD_CLOSED,
    NO_SAMPLE,
    NO_WAVES,
    NOT_RELEASED,
    RESERVED,
    SLEEPING,
)
from cati.rules.queue import CaseState
from cati.store.fieldwork import Field
from foundation.problems import Place, Problem

_cases: Any = SQLModel.metadata.tables["sample_case"]
_RELEASED = frozenset(CaseState) - {CaseState.UNRELEASED, CaseState.CLOSED}


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is no case to hand out. `next_at` is when to ask again, if that is known."""

    reasons: tuple[Problem, ...]
    next_at: datetime | None = None


def why_nothing(
    session: Session, fields: Sequence[Field], *, now: datetime, zone: ZoneInfo
) -> Nothing:
    """Return why nobody gets a case of these waves now. Times are said in `zone`."""
    running = [field for field in fields if field.is_on(now)]
    if not running:
        return Nothing(((FIELD_CLOSED if fields else NO_WAVES).at(Place()),))
    rows = _counted(session, [field.wave_id for field in running], now)
    awake = {(field.wave_id, name) for field in running for name in field.open_zones(now)}
    ready = [row for row in rows if row.state in _RELEASED and row.is_due and not row.is_held]
    asleep = [row for row in ready if (row.wave_id, row.zone) not in awake]
    opening = min((m for f in running if (m := f.next_opening(now))), default=None)
    waiting = [row for row in rows if row.state in _RELEASED and not row.is_due and not row.is_held]
    due = min((row.next_at for row in waiting), default=None)
    counts = (
        (ALL_WAITING, waiting, due),
        (SLEEPING, asleep, opening),
        (RESERVED, [row for row in ready if row not in asleep], None),
        (ALL_HELD, [row for row in rows if row.is_held], None),
        (NOT_RELEASED, [row for row in rows if row.state == CaseState.UNRELEASED], None),
    )
    reasons = [
        message.at(Place(), count=sum(row.cases for row in found), when=_clock(moment, zone))
        for message, found, moment in counts
        if found
    ]
    if not reasons:
        reasons = [(ALL_CLOSED if rows else NO_SAMPLE).at(Place())]
    moments = [m for _, found, m in counts if found and m and m > now]
    return Nothing(tuple(reasons), min(moments, default=None))


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}" if moment else "-"


def _counted(session: Session, wave_ids: Sequence[int], now: datetime) -> list[Row[Any]]:
    is_due = (_cases.c.next_at <= now).label("is_due")
    is_held = _cases.c.claimed_by.is_not(None).label("is_held")
    keys = (_cases.c.wave_id, _cases.c.state, _cases.c.zone, is_due, is_held)
    query = (
        select(*keys, func.count().label("cases"), func.min(_cases.c.next_at).label("next_at"))
        .where(_cases.c.wave_id.in_(wave_ids))
        .group_by(*keys)
    )
    return list(session.connection().execute(query))
