"""When a target is reached at the present pace: worked by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cati.rules.forecast import forecast_day

TODAY = date(2026, 11, 24)
WEEK = [TODAY - timedelta(days=back) for back in range(7)]


@pytest.mark.parametrize(
    ("completes", "target", "first_day", "reached"),
    [
        # 70 in 7 days, 30 missing: 3 days more.
        (WEEK * 10, 100, date(2026, 10, 1), date(2026, 11, 27)),
        # 31 missing at 10 a day need a fourth day.
        (WEEK * 10, 101, date(2026, 10, 1), date(2026, 11, 28)),
        # Began yesterday: 10 in 2 days, 20 missing.
        ([TODAY] * 4 + [TODAY - timedelta(days=1)] * 6, 30, TODAY - timedelta(days=1),
         date(2026, 11, 28)),
        # Completes of long ago count for the target, not for the pace: 7 in 7 days, 43 missing.
        (WEEK + [date(2026, 10, 1)] * 50, 100, date(2026, 10, 1), date(2027, 1, 6)),
    ],
)  # fmt: skip
def test_the_pace_is_that_of_the_last_seven_days(completes, target, first_day, reached):
    assert forecast_day(completes, target, first_day=first_day, today=TODAY) == reached


@pytest.mark.parametrize(
    ("completes", "target", "first_day"),
    [
        (WEEK, 0, TODAY),
        (WEEK, 7, TODAY),
        (WEEK, 3, TODAY),
        ([], 10, None),
        ([], 10, TODAY),
        ([date(2026, 10, 1)], 10, date(2026, 10, 1)),
        ([TODAY], 10, TODAY + timedelta(days=1)),
    ],
)
def test_nothing_is_foretold_that_nothing_says(completes, target, first_day):
    assert forecast_day(completes, target, first_day=first_day, today=TODAY) is None
