"""Calling hours, parts of the week, and telephone numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cati.rules.dayparts import DAY_PARTS, daypart_of, first_in_part, openings
from cati.rules.hours import (
    USUAL_HOURS,
    CallingHours,
    Window,
    clock_change,
    is_open,
    next_open,
    read_hours,
    zone_named,
)
from cati.rules.numbers import TelephoneNumber, masked, read_number, spoken

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
NEVER = CallingHours((None,) * 7)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "opens"),
    [
        ("Asia/Shanghai", utc(2026, 11, 24, 1)),
        ("Asia/Kathmandu", utc(2026, 11, 24, 3, 15)),
        ("Australia/Lord_Howe", utc(2026, 11, 23, 22)),
        ("Pacific/Chatham", utc(2026, 11, 23, 19, 15)),
    ],
)
def test_hours_open_at_nine_on_the_wall_of_the_respondent(zone, opens):
    assert next_open(utc(2026, 11, 23, 16), ZoneInfo(zone), USUAL_HOURS) == opens


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 3, 28), utc(2026, 3, 28, 8)),
        (date(2026, 3, 29), utc(2026, 3, 29, 8)),
        (date(2026, 10, 24), utc(2026, 10, 24, 7)),
        (date(2026, 10, 25), utc(2026, 10, 25, 9)),
    ],
)
def test_both_clock_changes_move_the_opening_in_utc_and_not_on_the_wall(day, opens):
    midnight = datetime.combine(day, time(1), tzinfo=UTC)
    assert next_open(midnight, BERLIN, USUAL_HOURS) == opens


def test_a_window_that_begins_in_the_skipped_hour_opens_when_the_clock_has_jumped():
    hours = CallingHours((Window(150, 600),) * 7)
    assert next_open(utc(2026, 3, 28, 23), BERLIN, hours) == utc(2026, 3, 29, 1)


def test_a_window_is_open_in_both_showings_of_an_hour():
    hours = CallingHours((Window(120, 150),) * 7)
    assert is_open(utc(2026, 10, 25, 0, 10), BERLIN, hours)
    assert is_open(utc(2026, 10, 25, 1, 10), BERLIN, hours)
    assert next_open(utc(2026, 10, 25, 0, 40), BERLIN, hours) == utc(2026, 10, 25, 1)


def test_a_window_opens_again_when_the_clock_shows_its_beginning_a_second_time():
    hours = CallingHours((Window(140, 170),) * 7)
    assert next_open(utc(2026, 10, 25, 1, 5), BERLIN, hours) == utc(2026, 10, 25, 1, 20)


def test_the_half_hour_change_of_lord_howe_is_found_to_the_second():
    found = clock_change(date(2026, 10, 4), ZoneInfo("Australia/Lord_Howe"))
    assert found == utc(2026, 10, 3, 15, 30)
    assert clock_change(date(2026, 11, 23), SHANGHAI) is None


def test_nobody_is_called_on_a_holiday():
    hours = CallingHours(USUAL_HOURS.week, frozenset({date(2026, 11, 24)}))
    assert next_open(utc(2026, 11, 23, 16), SHANGHAI, hours) == utc(2026, 11, 25, 1)


def test_hours_that_never_open_are_told_as_none():
    assert next_open(utc(2026, 11, 23), SHANGHAI, NEVER) is None


def test_a_window_may_last_until_midnight_and_leave_days_out():
    hours = read_hours({"tue": "18:00-24:00", "holidays": "2026-12-01"})
    assert next_open(utc(2026, 11, 23), SHANGHAI, hours) == utc(2026, 11, 24, 10)
    assert is_open(utc(2026, 11, 24, 15, 59), SHANGHAI, hours)
    assert not is_open(utc(2026, 11, 24, 16), SHANGHAI, hours)
    assert hours.to_json() == {"tue": "18:00-24:00", "holidays": ["2026-12-01"]}


@pytest.mark.parametrize("name", ["", "Asia/Nowhere", "../etc/passwd", "Asia", "\x00"])
def test_what_is_no_zone_is_none(name):
    assert zone_named(name) is None


def test_every_moment_of_a_week_lies_in_one_part():
    names = {
        daypart_of(utc(2026, 11, 23 + day, hour), SHANGHAI).name
        for day in range(7)
        for hour in range(24)
    }
    assert names == {part.name for part in DAY_PARTS}


def test_the_next_evening_begins_at_six_on_the_wall():
    evening = DAY_PARTS[0]
    friday_late = utc(2026, 11, 27, 13, 30)
    assert first_in_part(evening, friday_late, SHANGHAI, USUAL_HOURS) == utc(2026, 11, 30, 10)


def test_a_part_that_calling_hours_leave_out_has_no_opening():
    mornings = read_hours(dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "09:00-12:00"))
    found = openings(utc(2026, 11, 23), SHANGHAI, mornings)
    assert [part.name for part, _ in found] == ["morning"]


@pytest.mark.parametrize(
    ("text", "region", "e164", "zone"),
    [
        ("138 0013 8000", "CN", "+8613800138000", "Asia/Shanghai"),
        ("１３８００１３８０００", "CN", "+8613800138000", "Asia/Shanghai"),
        ("+86 138-0013-8000", "US", "+8613800138000", "Asia/Shanghai"),
        ("010-62345678", "CN", "+861062345678", "Asia/Shanghai"),
        ("+977 1-4412345", "CN", "+97714412345", "Asia/Katmandu"),
        ("+1 415 555 2671", "CN", "+14155552671", "America/Los_Angeles"),
        ("+7 800 200 0200", "CN", "+78002000200", ""),
    ],
)
def test_a_number_is_read_with_its_zone_if_it_has_only_one(text, region, e164, zone):
    assert read_number(text, region) == TelephoneNumber(e164, zone)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "NUM-001"),
        ("王芳", "NUM-001"),
        ("1-800-FLOWERS", "NUM-001"),
        ("12345", "NUM-002"),
        ("138001380001", "NUM-002"),
        ("010-62345678 ext 12", "NUM-003"),
        ("9" * 300, "NUM-001"),
    ],
)
def test_what_no_telephone_has_is_named(text, code):
    assert read_number(text, "CN").code == code


def test_a_masked_number_shows_too_little_to_dial():
    assert masked("+8613800138000", "CN") == "138****8000"
    assert masked("+861062345678", "CN") == "106***5678"
    assert masked("+97714412345", "CN") == "+977 14****45"
    assert masked("+8613800138000", "NP") == "+86 138****8000"


def test_a_number_is_written_in_full_as_one_dials_it_here():
    assert spoken("+8613800138000", "CN") == "138 0013 8000"
    assert spoken("+8613800138000", "NP") == "+86 138 0013 8000"
