"""Times as people say them, read in the respondent's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cati.rules.appointments import appointment_problems, read_when
from cati.rules.hours import USUAL_HOURS
from foundation.problems import ProblemsError

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai


def read(text: str, zone: ZoneInfo = SHANGHAI, now: datetime = MONDAY) -> str:
    return f"{read_when(text, now, zone).astimezone(zone):%Y-%m-%d %H:%M}"


def code(text: str, zone: ZoneInfo = SHANGHAI, now: datetime = MONDAY) -> str:
    with pytest.raises(ProblemsError) as error:
        read_when(text, now, zone)
    (problem,) = error.value.problems
    return problem.message.code


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("+2h", "2026-11-23 12:00"),
        ("+30m", "2026-11-23 10:30"),
        ("+90min", "2026-11-23 11:30"),
        ("in 2 hours", "2026-11-23 12:00"),
        ("+2d 14:30", "2026-11-25 14:30"),
        ("+2d", "2026-11-25 10:00"),
        ("18:30", "2026-11-23 18:30"),
        ("9:00", "2026-11-24 09:00"),
        ("6.30pm", "2026-11-23 18:30"),
        ("today 18:30", "2026-11-23 18:30"),
        ("tonight 8:30", "2026-11-23 20:30"),
        ("Tomorrow 5pm", "2026-11-24 17:00"),
        ("tomorrow at 5 pm", "2026-11-24 17:00"),
        ("tomorrow 12am", "2026-11-24 00:00"),
        ("tomorrow 12pm", "2026-11-24 12:00"),
        ("day after tomorrow 9am", "2026-11-25 09:00"),
        ("Fri 18:30", "2026-11-27 18:30"),
        ("friday 6:30pm", "2026-11-27 18:30"),
        ("Mon 9:00", "2026-11-30 09:00"),
        ("mon 18:00", "2026-11-23 18:00"),
        ("next Fri 18:30", "2026-12-04 18:30"),
        ("2026-11-30 18:30", "2026-11-30 18:30"),
        ("2026-11-30T18:30:00", "2026-11-30 18:30"),
        ("2026/11/30 18:30", "2026-11-30 18:30"),
        ("明天 17:00", "2026-11-24 17:00"),
        ("明天17：00", "2026-11-24 17:00"),
        ("明天下午5点", "2026-11-24 17:00"),
        ("今晚8点半", "2026-11-23 20:30"),
        ("明晚八点", "2026-11-24 20:00"),
        ("后天上午十点一刻", "2026-11-25 10:15"),
        ("周五 18:30", "2026-11-27 18:30"),
        ("礼拜五晚上7点半", "2026-11-27 19:30"),
        ("星期天 中午12点", "2026-11-29 12:00"),
        ("下周三下午3点", "2026-12-02 15:00"),
        ("11月30日 18:30", "2026-11-30 18:30"),
        ("1月5日上午十点", "2027-01-05 10:00"),
        ("2026年12月1日9点05分", "2026-12-01 09:05"),
        ("30分钟后", "2026-11-23 10:30"),
        ("半小时后", "2026-11-23 10:30"),
        ("两个小时后", "2026-11-23 12:00"),
        ("两天后 14:30", "2026-11-25 14:30"),
        ("晚上十一点", "2026-11-23 23:00"),
    ],
)
def test_a_time_is_read_as_it_is_said(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["", "soon", "25:00", "18:60", "tomorrow 13pm", "tomorrow 0am", "2026-02-30 10:00", "+h",
     "18:30 tomorrow", "tomorrow 5", "+2h 14:30", "x" * 100, "9999-12-31 23:59:59x"],
)  # fmt: skip
def test_what_is_no_time_is_refused(text):
    assert code(text) == "APPT-001"


@pytest.mark.parametrize("text", ["tomorrow", "明天", "Fri", "2026-11-30"])
def test_a_day_without_a_time_is_asked_for_its_time(text):
    assert code(text) == "APPT-002"


def test_a_time_that_the_clocks_skip_does_not_exist():
    berlin = ZoneInfo("Europe/Berlin")
    saturday = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert code("tomorrow 2:30", berlin, saturday) == "APPT-003"
    assert read("tomorrow 3:00", berlin, saturday) == "2026-03-29 03:00"


def test_an_hour_that_the_clock_shows_twice_is_its_first_showing():
    berlin = ZoneInfo("Europe/Berlin")
    saturday = datetime(2026, 10, 24, 12, tzinfo=UTC)
    found = read_when("tomorrow 2:30", saturday, berlin)
    assert found == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_day_is_that_of_the_respondent():
    kathmandu = ZoneInfo("Asia/Kathmandu")
    late = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)  # already Tuesday 00:15 there
    assert read("today 9:00", kathmandu, late) == "2026-11-24 09:00"


@pytest.mark.parametrize(
    ("hours", "asked_for", "codes"),
    [
        (-1, False, ["APPT-004"]),
        (0, False, ["APPT-004"]),
        (1, False, []),
        (13, False, ["APPT-005"]),
        (13, True, []),
        (50, False, ["APPT-006"]),
        (61, False, ["APPT-005", "APPT-006"]),
    ],
)
def test_an_appointment_lies_ahead_within_hours_and_fieldwork(hours, asked_for, codes):
    found = appointment_problems(
        MONDAY + timedelta(hours=hours), SHANGHAI, USUAL_HOURS,
        now=MONDAY, field_end=MONDAY + timedelta(hours=48), asked_for=asked_for,
    )  # fmt: skip
    assert [problem.message.code for problem in found] == codes


def test_a_refused_time_is_told_in_the_respondents_clock():
    (problem,) = appointment_problems(
        MONDAY + timedelta(hours=13), SHANGHAI, USUAL_HOURS, now=MONDAY
    )
    assert "2026-11-23 23:00" in problem.text()
