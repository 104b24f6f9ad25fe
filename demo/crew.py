"""PURE. When the simulated interviewers work, and which case each of them is given next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from cati.rules.callbacks import NextAction
from cati.rules.queue import delivery_key, rank_of
from demo.cases import FieldCase
from demo.population import ZONE

HERE = ZoneInfo(ZONE)
SUNDAY = 6
DAYS_A_WEEK = 7
EARLY, LATE = (time(9, 30), time(14, 30)), (time(15, 30), time(20, 30))
# Everybody has an early shift, a late one and a free day in turn.
TURNS = (EARLY, LATE, None)
STAGGER = timedelta(seconds=40)


def weeks_before(today: date, count: int) -> list[date]:
    """Return the working days of the last `count` whole weeks before `today`.

    Weeks are whole so that the same simulation results on whatever day the demo is loaded.

    >>> [str(day) for day in weeks_before(date(2026, 11, 24), 1)][::5]
    ['2026-11-16', '2026-11-21']
    """
    monday = today - timedelta(days=today.weekday() + DAYS_A_WEEK * count)
    days = (monday + timedelta(days=n) for n in range(DAYS_A_WEEK * count))
    return [day for day in days if day.weekday() != SUNDAY]


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """From when to when one person works; `start` is also when they are free for the first call."""

    start: datetime
    end: datetime
    person: int


def shifts(people: Sequence[int], day: date, number: int) -> list[Shift]:
    """Return the shifts of the `number`th day of fieldwork."""
    found = []
    for place, person in enumerate(people):
        turn = TURNS[(place + number) % len(TURNS)]
        if turn is not None:
            start, end = (datetime.combine(day, clock, tzinfo=HERE) for clock in turn)
            found.append(Shift(start + STAGGER * place, end, person))
    return found


class Queue:
    """The cases of a wave in the order of `cati.rules.queue`: those that wait, and fresh ones."""

    def __init__(self, cases: Iterable[FieldCase]) -> None:
        self._fresh = deque(sorted(cases, key=lambda case: case.draw))
        self._waiting: list[tuple[datetime, int, FieldCase]] = []
        self._due: list[FieldCase] = []

    def put_back(self, case: FieldCase) -> None:
        """Let a case wait for its next call, unless it is closed."""
        if case.action is not None and case.action.earliest is not None:
            heappush(self._waiting, (case.action.earliest, case.case_id, case))

    def take(self, person: int, now: datetime) -> FieldCase | None:
        """Return the next case for somebody; None when there is none."""
        while self._waiting and self._waiting[0][0] <= now:
            self._due.append(heappop(self._waiting)[2])
        mine = [case for case in self._due if _is_open_to(case.action, person, now)]
        if not mine:
            return self._fresh.popleft() if self._fresh else None
        found = min(mine, key=lambda case: _order(case, now))
        self._due.remove(found)
        return found


def _is_open_to(action: NextAction | None, person: int, now: datetime) -> bool:
    if action is None or action.not_person == person:
        return False
    if action.for_person in {None, person}:
        return True
    return action.for_person_until is not None and action.for_person_until <= now


def _order(case: FieldCase, now: datetime) -> tuple[int, datetime, float]:
    action = case.action
    assert action is not None and action.earliest is not None  # noqa: S101, PT018 - it waits
    rank = rank_of(action.state, is_hard=action.is_hard)
    return delivery_key(rank, action.earliest, case.draw, due_at=action.due_at, now=now)
