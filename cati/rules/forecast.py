"""PURE. When a target will be reached at the present pace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import ceil

RECENT_DAYS = 7


def forecast_day(
    completes: Sequence[date], target: int, *, first_day: date | None, today: date
) -> date | None:
    """Return the day on which `target` completes are reached, or None where nothing says.

    The pace is that of the last seven days, today included, or of the days since the first call
    where that is later; days without calls count, as they will in the days to come. Nothing is
    foretold without a target, without recent completes, or when the target is reached.

    >>> forecast_day([date(2026, 11, 23)] * 10, 30, first_day=date(2026, 11, 23),
    ...              today=date(2026, 11, 24))
    datetime.date(2026, 11, 28)
    """
    missing = target - len(completes)
    if missing <= 0 or first_day is None or first_day > today:
        return None
    begins = max(first_day, today - timedelta(days=RECENT_DAYS - 1))
    recent = sum(begins <= day <= today for day in completes)
    if not recent:
        return None
    days = (today - begins).days + 1
    return today + timedelta(days=ceil(missing * days / recent))
