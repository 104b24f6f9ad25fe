"""Laws of the telephone floor, over all zones, both clock changes and any history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given
from hypothesis import strategies as st

from cati.rules.aapor import DISPOSITIONS, Group, group_of
from cati.rules.appointments import read_when
from cati.rules.callbacks import Circumstances, next_action
from cati.rules.casecode import case_code
from cati.rules.fieldrules import FieldRules, read_rules
from cati.rules.history import Agreed, Attempt, dead_numbers, ended_attempts
from cati.rules.hours import CallingHours, Window, clock_change, is_open, next_open
from cati.rules.numbers import TelephoneNumber, masked, read_number
from cati.rules.outcomes import OUTCOMES, Ends
from cati.rules.queue import CaseState
from cati.rules.samplefile import read_table
from foundation.problems import ProblemsError

# Half-hour and quarter-hour zones, a half-hour clock change, changes at midnight, none at all.
ZONES = [
    "Asia/Shanghai", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Europe/Berlin",
    "America/New_York", "America/St_Johns", "America/Santiago", "America/Havana", "Asia/Beirut",
    "Africa/Cairo", "Pacific/Apia", "Asia/Kolkata", "UTC",
]  # fmt: skip
MINUTE = timedelta(minutes=1)
SEARCH_MINUTES = 3 * 24 * 60

zones = st.sampled_from(ZONES).map(ZoneInfo)
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
whole_minutes = st.integers(0, 3 * 366 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + minutes * MINUTE
)


@st.composite
def near_a_clock_change(draw: st.DrawFn) -> tuple[datetime, ZoneInfo]:
    """Return a moment within a day of a clock change of a zone, and the zone."""
    zone, day = draw(zones), draw(days)
    for ahead in range(366):
        change = clock_change(day + timedelta(days=ahead), zone)
        if change is not None:
            near = draw(st.one_of(st.integers(-90, 90), st.integers(-1440, 1440)))
            return change.replace(second=0) + near * MINUTE, zone
    return draw(whole_minutes), zone


moments = st.one_of(st.tuples(whole_minutes, zones), near_a_clock_change())


@st.composite
def windows(draw: st.DrawFn) -> Window | None:
    """Return calling hours of one day; short ones near the hours when clocks change."""
    if draw(st.integers(0, 4)) == 0:
        return None
    start = draw(st.one_of(st.integers(0, 200), st.integers(0, 1438)))
    longest = draw(st.sampled_from([60, 1440]))
    return Window(start, draw(st.integers(start + 1, min(start + longest, 1440))))


hours_of_a_week = st.builds(
    CallingHours,
    st.tuples(*[windows()] * 7),
    st.frozensets(days, max_size=2),
)
usable_hours = hours_of_a_week.filter(lambda hours: any(hours.week))
outcomes = st.sampled_from(sorted(OUTCOMES))
waiting = st.sampled_from(sorted(n for n, o in OUTCOMES.items() if o.ends is Ends.NOTHING))


@st.composite
def histories(draw: st.DrawFn, numbers: int = 1, kinds=outcomes) -> list[Attempt]:
    """Return what happened to a case in up to ten calls, in the order of time."""
    at = draw(whole_minutes)
    history = []
    for name in draw(st.lists(kinds, min_size=1, max_size=10)):
        at += draw(st.integers(1, 3000)) * MINUTE
        number = draw(st.integers(0, numbers - 1))
        history.append(Attempt(name, at, number, draw(st.integers(1, 3))))
    return history


@given(moment=moments, hours=usable_hours)
def test_the_next_opening_is_open_and_nothing_before_it_is(moment, hours):
    now, zone = moment
    found = next_open(now, zone, hours)
    assert found is not None
    assert found >= now
    assert is_open(found, zone, hours)
    walk = now
    for _ in range(min(SEARCH_MINUTES, int((found - now) / MINUTE))):
        assert not is_open(walk, zone, hours)
        walk += MINUTE


@given(moment=moments, hours=usable_hours)
def test_open_means_open_on_the_wall(moment, hours):
    now, zone = moment
    wall = now.astimezone(zone)
    window = None if wall.date() in hours.holidays else hours.week[wall.weekday()]
    minute = wall.hour * 60 + wall.minute
    inside = window is not None and window.start <= minute < window.end
    assert is_open(now, zone, hours) == inside


@given(history=histories(kinds=waiting), zone=zones, hours=usable_hours, draw=st.floats(0, 0.999))
def test_no_retry_is_due_outside_the_hours_where_the_person_is(history, zone, hours, draw):
    rules = FieldRules(hours=hours, max_attempts=50)
    now = history[-1].at
    action = next_action(history, rules, Circumstances(now, [zone], draw))
    assume(action.state is not CaseState.CLOSED)
    assert action.earliest >= now
    assert is_open(action.earliest, zone, hours)


@given(history=histories(kinds=waiting), zone=zones, hours=usable_hours, draw=st.floats(0, 0.999))
def test_no_rule_calls_before_its_delay_is_over(history, zone, hours, draw):
    rules = FieldRules(hours=hours, max_attempts=50)
    now, last = history[-1].at, history[-1].outcome
    action = next_action(history, rules, Circumstances(now, [zone], draw))
    assume(action.state is not CaseState.CLOSED and last in rules.retries)
    least = rules.retries[last].minutes * MINUTE
    assert action.earliest >= now + least


@given(
    history=histories(kinds=waiting), moment=moments, hours=usable_hours,
    minutes=st.integers(0, 20000), is_hard=st.booleans(),
)  # fmt: skip
def test_an_appointment_is_kept_within_hours_unless_the_person_asked_for_another_time(
    history, moment, hours, minutes, is_hard
):
    now, zone = moment
    at = now + minutes * MINUTE
    booked = Attempt("appointment", now, agreed=Agreed(at, is_hard=is_hard))
    rules = FieldRules(hours=hours, max_attempts=50)
    action = next_action([*history, booked], rules, Circumstances(now, [zone]))
    assert action.any_hour == (is_hard and not is_open(at, zone, hours))
    assert action.earliest >= now
    assert action.any_hour or is_open(action.earliest, zone, hours)
    if action.any_hour or (is_hard and is_open(at, zone, hours)):
        assert action.earliest <= at


@given(history=histories(numbers=3), zone=zones)
def test_a_dead_number_is_never_called_again(history, zone):
    action = next_action(history, FieldRules(), Circumstances(history[-1].at, [zone] * 3))
    assume(action.state is not CaseState.CLOSED)
    assert action.number not in dead_numbers(history)


@given(history=histories(numbers=2), zone=zones)
def test_every_case_ends_however_its_calls_go(history, zone):
    rules, at = FieldRules(), history[-1].at
    history = list(history)
    for _ in range(100):
        action = next_action(history, rules, Circumstances(at, [zone] * 2))
        if action.state is CaseState.CLOSED:
            break
        at = action.earliest
        history.append(Attempt("dropped", at, action.number))
    assert action.state is CaseState.CLOSED


@given(history=histories(numbers=2))
def test_the_code_of_a_case_is_in_the_table_and_a_complete_beats_everything(history):
    code = case_code(history, 2)
    assert code in DISPOSITIONS
    if any(attempt.outcome == "complete" for attempt in history):
        assert code == "1.1"


@given(history=histories(numbers=2), more=histories(kinds=waiting))
def test_proven_eligibility_is_never_lost_to_calls_that_end_nothing(history, more):
    proved = any(attempt.said.proves_eligible for attempt in history)
    final = any(attempt.said.ends is Ends.CASE for attempt in history)
    assume(proved and not final)
    assert case_code([*history, *more], 2)[0] in "12"


@given(
    history=histories(kinds=waiting),
    silent=st.lists(st.sampled_from(["no_answer", "busy", "machine", "technical"])),
)
def test_a_refusal_survives_any_number_of_calls_that_reach_nobody(history, silent):
    before = case_code(history)
    assume(group_of(before) is Group.REFUSAL)
    later = [Attempt(name, history[-1].at) for name in silent]
    assert case_code([*history, *later]) == before


@given(history=histories(), busy_dials=st.integers(1, 5))
def test_attempts_only_grow_and_never_exceed_the_dials(history, busy_dials):
    counts = [ended_attempts(history[:n], busy_dials) for n in range(len(history) + 1)]
    assert counts == sorted(counts)
    assert counts[-1] <= len(history)


def tried(act: Callable[[], object]) -> tuple[object, list[str]]:
    """Return what `act` gives, or the codes of what it refuses."""
    try:
        return act(), []
    except ProblemsError as refused:
        return None, [problem.message.code for problem in refused.problems]


@given(moment=moments, days_ahead=st.integers(0, 30), minute=st.integers(0, 1439))
def test_a_written_date_and_time_is_read_back_as_it_stands(moment, days_ahead, minute):
    now, zone = moment
    day = now.astimezone(zone).date() + timedelta(days=days_ahead)
    text = f"{day.isoformat()} {minute // 60:02}:{minute % 60:02}"
    found, refused = tried(lambda: read_when(text, now, zone))
    if refused:
        assert refused == ["APPT-003"]
        assert clock_change(day, zone)
    else:
        assert f"{found.astimezone(zone):%Y-%m-%d %H:%M}" == text


@given(text=st.text(max_size=70), moment=moments)
def test_any_text_is_a_time_or_a_named_problem(text, moment):
    now, zone = moment
    found, refused = tried(lambda: read_when(text, now, zone))
    assert refused or found.tzinfo is UTC


@given(
    text=st.text(alphabet="0123456789 :+-.apmhd明天后下周五点半時今晚年月日tomrwfi", max_size=24),
    moment=moments,
)
def test_almost_a_time_is_a_time_or_a_named_problem(text, moment):
    now, zone = moment
    found, refused = tried(lambda: read_when(text, now, zone))
    assert refused or found.tzinfo is UTC


@given(
    text=st.text(alphabet="0123456789+-() ext王", max_size=25), region=st.sampled_from(["CN", "NP"])
)
def test_any_text_is_a_number_or_a_named_problem(text, region):
    number = read_number(text, region)
    if isinstance(number, TelephoneNumber):
        assert read_number(number.e164, "US") == number
        digits = sum(mark.isdigit() for mark in masked(number.e164, number.e164[1:3]))
        assert digits < len(number.e164) - 1


@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_table_or_a_named_problem(data):
    table, refused = tried(lambda: read_table(data, "any.csv"))
    assert refused or table.lines


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["minutes", "when", "mon", "busy", "hours", "holidays", "x"]), inner
        )
    ),
    max_leaves=8,
)
rule_names = st.sampled_from(
    ["max_attempts", "busy_dials", "hours", "retries", "key_questions", "speed"]
)


@given(given_rules=st.dictionaries(rule_names, anything))
def test_any_rules_are_usable_or_named_problems(given_rules):
    rules, refused = tried(lambda: read_rules(given_rules))
    assert refused or read_rules(rules.to_json()) == rules
