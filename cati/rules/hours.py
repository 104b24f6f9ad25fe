"""PURE. When a person may be called: hours of the week and holidays, in the person's own zone.

Moments come in and go out in UTC. What counts is what the clock on the respondent's wall shows:
on the day the clocks change a window is simply longer or shorter, and a minute that the clock
shows twice is open both times.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cati.rules.messages import BAD_HOURS
from foundation.problems import Place, Problem, ProblemsError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_A_DAY = 24 * 60
LONGEST_SEARCH_DAYS = 400
_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of one day, in minutes after midnight: from `start` until before `end`."""

    start: int
    end: int

    def holds(self, clock: time) -> bool:
        """Tell whether the window is open at this time of the day."""
        return self.start <= clock.hour * 60 + clock.minute < self.end

    def __str__(self) -> str:
        return "-".join(f"{m // 60:02}:{m % 60:02}" for m in (self.start, self.end))


@dataclass(frozen=True, slots=True)
class CallingHours:
    """The windows of a week, Monday first (None is closed), and the days nobody is called."""

    week: tuple[Window | None, ...]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def window(self, day: date) -> Window | None:
        """Return the window of one local day; None when it is closed."""
        return None if day in self.holidays else self.week[day.weekday()]

    def to_json(self) -> dict[str, object]:
        """Return the hours as texts, to be kept and edited."""
        week = {name: str(w) for name, w in zip(WEEKDAYS, self.week, strict=True) if w}
        return {**week, "holidays": sorted(day.isoformat() for day in self.holidays)}


# Guidelines of the trade: not before nine, not after nine in the evening, later on Sundays.
USUAL_HOURS = CallingHours((Window(540, 1260),) * 6 + (Window(600, 1260),))


def zone_named(name: str) -> ZoneInfo | None:
    """Return the zone with this IANA name; None when there is none.

    >>> zone_named("Asia/Kathmandu").key, zone_named("Asia/Nowhere")
    ('Asia/Kathmandu', None)
    """
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def is_open(now: datetime, zone: ZoneInfo, hours: CallingHours) -> bool:
    """Tell whether somebody in `zone` may be called at this moment."""
    local = now.astimezone(zone)
    window = hours.window(local.date())
    return window is not None and window.holds(local.time())


def next_open(now: datetime, zone: ZoneInfo, hours: CallingHours) -> datetime | None:
    """Return the first moment from `now` on when somebody in `zone` may be called.

    None when no such moment comes within 400 days.

    >>> night = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # 23:30 in Shanghai
    >>> next_open(night, ZoneInfo("Asia/Shanghai"), USUAL_HOURS).isoformat()
    '2026-11-24T01:00:00+00:00'
    """
    now = now.astimezone(UTC)
    if is_open(now, zone, hours):
        return now
    today = now.astimezone(zone).date()
    for days in range(LONGEST_SEARCH_DAYS):
        found = _first_opening(now, today + timedelta(days=days), zone, hours)
        if found is not None:
            return found
    return None


def _first_opening(
    now: datetime, day: date, zone: ZoneInfo, hours: CallingHours
) -> datetime | None:
    window = hours.window(day)
    if window is None:
        return None
    moments = [m for m in _may_open(day, window, zone) if m >= now and is_open(m, zone, hours)]
    return min(moments, default=None)


def _may_open(day: date, window: Window, zone: ZoneInfo) -> Iterator[datetime]:
    """Yield the moments at which a window can begin to be open, in UTC.

    The clock reaches the start, once or twice, or it jumps over the start or back behind the end.
    """
    midnight = datetime.combine(day, time(), tzinfo=zone)
    start = midnight + timedelta(minutes=window.start)
    yield start.replace(fold=0).astimezone(UTC)
    yield start.replace(fold=1).astimezone(UTC)
    change = clock_change(day, zone)
    if change is not None:
        yield change


@lru_cache(maxsize=4096)
def clock_change(day: date, zone: ZoneInfo) -> datetime | None:
    """Return the moment in UTC when the clocks of `zone` change on a local day; None if never."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    before, after = noon - timedelta(hours=36), noon + timedelta(hours=36)
    offset = before.astimezone(zone).utcoffset()
    if after.astimezone(zone).utcoffset() == offset:
        return None
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after if day in _days_around(after, zone) else None


def _days_around(change: datetime, zone: ZoneInfo) -> set[date]:
    return {moment.astimezone(zone).date() for moment in (change, change - timedelta(seconds=1))}


def read_hours(given: Mapping[str, object], place: Place | None = None) -> CallingHours:
    """Return the calling hours written as texts, as `to_json` writes them.

    Raises ProblemsError with every day and holiday that cannot be read.
    """
    where, problems = place or Place(), list[Problem]()
    for name in set(given) - {*WEEKDAYS, "holidays"}:
        problems.append(BAD_HOURS.at(where, day=name, value=given[name]))
    week = tuple(_read_window(name, given.get(name, ""), where, problems) for name in WEEKDAYS)
    listed = given.get("holidays", ())
    holidays = [_read_day(text, where, problems) for text in _texts(listed)]
    if problems:
        raise ProblemsError(problems)
    return CallingHours(week, frozenset(day for day in holidays if day))


def _texts(listed: object) -> list[object]:
    return list(listed) if isinstance(listed, list | tuple) else [listed]


def _read_window(name: str, value: object, place: Place, problems: list[Problem]) -> Window | None:
    if value in ("", None):
        return None
    match = _WINDOW.fullmatch(str(value).strip())
    hour, minute, until_hour, until_minute = map(int, match.groups()) if match else (0, 99, 0, 0)
    start, end = hour * 60 + minute, until_hour * 60 + until_minute
    if max(minute, until_minute) < 60 and start < end <= MINUTES_A_DAY:  # noqa: PLR2004
        return Window(start, end)
    problems.append(BAD_HOURS.at(place, day=name, value=value))
    return None


def _read_day(value: object, place: Place, problems: list[Problem]) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        problems.append(BAD_HOURS.at(place, day="holidays", value=value))
        return None
