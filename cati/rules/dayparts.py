"""PURE. Parts of the week, so that a person who was out is tried at another time.

Weekday evenings and weekends reach more people than weekday daytime, and trying the same good
part again helps less and less (Weeks, Kulka and Pierson, Public Opinion Quarterly 51, 1987;
Kulka and Weeks, Journal of Official Statistics 4, 1988).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from cati.rules.hours import MINUTES_A_DAY, CallingHours, Window, next_open
from foundation.problems import N_

SEARCH_DAYS = 15


@dataclass(frozen=True, slots=True)
class DayPart:
    """A stretch of some weekdays (0 is Monday)."""

    name: str
    label: str
    days: frozenset[int]
    window: Window


_WORKDAYS, _WEEKEND = frozenset(range(5)), frozenset({5, 6})
# The parts cover the week, so that every moment lies in exactly one.
DAY_PARTS = (
    DayPart("evening", N_("weekday evening"), _WORKDAYS, Window(18 * 60, MINUTES_A_DAY)),
    DayPart("weekend", N_("weekend"), _WEEKEND, Window(0, MINUTES_A_DAY)),
    DayPart("afternoon", N_("weekday afternoon"), _WORKDAYS, Window(12 * 60, 18 * 60)),
    DayPart("morning", N_("weekday morning"), _WORKDAYS, Window(0, 12 * 60)),
)


def daypart_of(moment: datetime, zone: ZoneInfo) -> DayPart:
    """Return the part of the week at this moment in `zone`.

    >>> daypart_of(datetime(2026, 11, 23, 10, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai")).name
    'evening'
    """
    local = moment.astimezone(zone)
    return next(
        part
        for part in DAY_PARTS
        if local.weekday() in part.days and part.window.holds(local.time())
    )


def first_in_part(
    part: DayPart, after: datetime, zone: ZoneInfo, hours: CallingHours
) -> datetime | None:
    """Return the first moment from `after` on, within calling hours, that lies in `part`."""
    for moment in _starts(part, after, zone):
        opening = next_open(moment, zone, hours)
        if opening is not None and daypart_of(opening, zone) is part:
            return opening
    return None


def _starts(part: DayPart, after: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    today = after.astimezone(zone).date()
    for days in range(SEARCH_DAYS):
        day = today + timedelta(days=days)
        if day.weekday() in part.days:
            midnight = datetime.combine(day, time(), tzinfo=zone)
            start = (midnight + timedelta(minutes=part.window.start)).astimezone(UTC)
            yield max(start, after)


def least_used(used: Iterable[str], choices: Sequence[tuple[DayPart, datetime]]) -> datetime | None:
    """Return the moment of the part used least so far; of equal ones, the earliest moment."""
    times = Counter(used)
    best = min(choices, key=lambda c: (times[c[0].name], c[1]), default=None)
    return best[1] if best else None


def openings(
    after: datetime, zone: ZoneInfo, hours: CallingHours, until: datetime | None = None
) -> tuple[tuple[DayPart, datetime], ...]:
    """Return each part of the week with its first callable moment after `after`, up to `until`."""
    found = ((part, first_in_part(part, after, zone, hours)) for part in DAY_PARTS)
    return tuple(
        (part, moment) for part, moment in found if moment and (until is None or moment <= until)
    )
