"""PURE. When the simulated interviewers work, and which case each of them is given next."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from cati.rules.callbacks import NextAction
from cati.rules.queue import delivery_key, rank_of
from demo.cases import FieldCase
from demo.population import ZONE

HERE = ZoneInfo(ZONE)
SUNDAY = 6
EARLY, LATE = (time(9, 30), time(14, 30)), (time(15, 30), time(20, 30))
# Everybody has an early shift, a late one and a free day in turn.
TURNS = (EARLY, LATE, None)
STAGGER = timedelta(seconds=40)


def working_days(first: date, count: int) -> list[date]:
    """Return `count` days from `first` on; the floor rests on Sundays."""
    days = (first + timedelta(days=n) for n in range(2 * count))
    return [day for day in days if day.weekday() != SUNDAY][:count]


def shifts(people: Sequence[int], day: date) -> Iterator[tuple[datetime, datetime, int]]:
    """Yield the start, the end and the person of every shift of a day."""
    for place, person in enumerate(people):
        turn = TURNS[(place + day.toordinal()) % len(TURNS)]
        if turn is not None:
            start, end = (datetime.combine(day, clock, tzinfo=HERE) for clock in turn)
            yield start + STAGGER * place, end, person


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
