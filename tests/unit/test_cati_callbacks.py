"""What follows each outcome: when, on which number, by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cati.rules.callbacks import Circumstances, NextAction, next_action
from cati.rules.dayparts import DAY_PARTS, daypart_of
from cati.rules.fieldrules import FieldRules, read_rules
from cati.rules.history import Agreed, Attempt
from cati.rules.hours import USUAL_HOURS
from cati.rules.queue import CaseState, Rank, rank_now, rank_of
from foundation.problems import ProblemsError

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
RULES = FieldRules()
HERE = Circumstances(MONDAY, [SHANGHAI])


def after(*outcomes: str, at: Circumstances = HERE, rules: FieldRules = RULES) -> NextAction:
    """Return what follows the outcomes, the last of which came now."""
    history = [
        Attempt(outcome, at.now - HOUR * back, by=1)
        for back, outcome in zip(range(len(outcomes) - 1, -1, -1), outcomes, strict=True)
    ]
    return next_action(history, rules, at)


def local(action: NextAction) -> str:
    assert action.earliest is not None
    return f"{action.earliest.astimezone(SHANGHAI):%a %H:%M}"


@pytest.mark.parametrize(
    ("outcome", "state", "when"),
    [
        ("busy", CaseState.RETRY, "Mon 10:15"),
        ("no_answer", CaseState.RETRY, "Mon 13:00"),
        ("machine", CaseState.RETRY, "Tue 12:00"),
        ("machine_message", CaseState.RETRY, "Tue 12:00"),
        ("callback", CaseState.RETRY, "Mon 12:00"),
        ("technical", CaseState.RETRY, "Mon 11:00"),
        ("dropped", CaseState.RESUME, "Mon 10:02"),
        ("break_off", CaseState.RESUME, "Mon 11:00"),
        ("partial_break_off", CaseState.RESUME, "Mon 11:00"),
        ("partial_dropped", CaseState.RESUME, "Mon 10:02"),
        ("soft_refusal", CaseState.CONVERSION, "Sat 10:00"),
        ("language", CaseState.RETRY, "Mon 10:00"),
    ],
)
def test_each_outcome_has_its_own_delay(outcome, state, when):
    action = after(outcome)
    assert (action.state, local(action)) == (state, when)


@pytest.mark.parametrize(
    "outcome", ["hard_refusal", "do_not_call", "complete", "screened_out", "deceased", "away"]
)
def test_a_final_outcome_closes_the_case(outcome):
    action = after(outcome)
    assert (action.state, action.earliest) == (CaseState.CLOSED, None)


def test_no_answer_moves_on_through_the_unused_parts_of_the_week():
    now, history, seen = MONDAY, [], []
    rules = replace(RULES, max_attempts=50)
    for _ in range(4):
        seen.append(daypart_of(now, SHANGHAI).name)
        history.append(Attempt("no_answer", now))
        now = next_action(history, rules, Circumstances(now, [SHANGHAI])).earliest
    assert sorted(seen) == sorted(part.name for part in DAY_PARTS)


def test_the_third_busy_signal_ends_the_sitting():
    assert local(after("busy", "busy")) == "Mon 10:15"
    assert local(after("busy", "busy", "busy")) == "Mon 13:00"


def test_a_refusal_is_asked_once_more_by_somebody_else_and_not_twice():
    first = after("soft_refusal")
    assert (first.not_person, first.state) == (1, CaseState.CONVERSION)
    second = after("soft_refusal", "soft_refusal")
    assert (second.state, second.code) == (CaseState.CLOSED, "2.112")


def test_the_wait_after_a_refusal_is_spread_by_the_number_of_the_case():
    waits = {after("soft_refusal", at=replace(HERE, draw=d)).earliest for d in (0.0, 0.99)}
    assert len(waits) == 2
    assert all(5 * DAY <= moment - MONDAY <= 8 * DAY for moment in waits)


def test_a_dropped_line_goes_to_the_same_interviewer_first():
    action = after("dropped")
    assert (action.for_person, action.for_person_until) == (1, MONDAY + 12 * MINUTE)


def test_a_line_that_drops_for_ever_is_given_up():
    assert after(*["dropped"] * RULES.max_dials).state is CaseState.CLOSED


def test_the_attempt_limit_closes_with_the_code_of_the_whole_history():
    assert after(*["no_answer"] * 6).state is CaseState.RETRY
    action = after("callback", *["no_answer"] * 6)
    assert (action.state, action.code, action.attempts) == (CaseState.CLOSED, "2.21", 7)


def test_an_appointment_may_exceed_the_limit_by_one_attempt():
    history = [Attempt("no_answer", MONDAY)] * 6
    booked = Attempt("appointment", MONDAY, agreed=Agreed(MONDAY + 2 * HOUR))
    assert next_action([*history, booked], RULES, HERE).state is CaseState.APPOINTMENT
    missed = next_action([*history, booked, Attempt("no_answer", MONDAY)], RULES, HERE)
    assert missed.state is CaseState.CLOSED


def test_a_hard_appointment_waits_for_its_person_and_then_for_anyone():
    due = MONDAY + 2 * HOUR
    booked = Attempt("appointment", MONDAY, agreed=Agreed(due, for_person=4))
    action = next_action([booked], RULES, HERE)
    assert (action.earliest, action.due_at) == (due - 5 * MINUTE, due)
    assert (action.for_person, action.for_person_until) == (4, due + 10 * MINUTE)
    assert not action.any_hour


def test_a_soft_appointment_begins_at_its_time_and_within_hours():
    booked = Attempt("callback", MONDAY, agreed=Agreed(MONDAY + 12 * HOUR, is_hard=False))
    action = next_action([booked], RULES, HERE)
    assert (local(action), action.is_hard, action.any_hour) == ("Tue 09:00", False, False)


def test_a_hard_appointment_at_night_is_kept_at_night():
    booked = Attempt("appointment", MONDAY, agreed=Agreed(MONDAY + 13 * HOUR))
    action = next_action([booked], RULES, HERE)
    assert (local(action), action.any_hour) == ("Mon 22:55", True)


@pytest.mark.parametrize(
    ("history", "number", "state"),
    [
        ([("no_answer", 0)], 1, CaseState.RETRY),
        ([("no_answer", 0), ("no_answer", 1)], 0, CaseState.RETRY),
        ([("callback", 1)], 1, CaseState.RETRY),
        ([("wrong_number", 0)], 1, CaseState.RETRY),
        ([("wrong_number", 0), ("no_answer", 1)], 1, CaseState.RETRY),
        ([("wrong_number", 0), ("disconnected", 1)], 1, CaseState.CLOSED),
    ],
    ids=str,
)
def test_the_numbers_of_a_case_are_tried_in_turn_and_dead_ones_never_again(history, number, state):
    attempts = [Attempt(outcome, MONDAY, at) for outcome, at in history]
    action = next_action(attempts, RULES, Circumstances(MONDAY, [SHANGHAI, SHANGHAI]))
    assert (action.number, action.state) == (number, state)


def test_a_wrong_number_is_followed_by_the_next_one_at_once():
    both = Circumstances(MONDAY, [SHANGHAI, SHANGHAI])
    assert next_action([Attempt("wrong_number", MONDAY)], RULES, both).earliest == MONDAY


def test_an_appointment_on_a_number_that_proved_dead_is_kept_on_another():
    both = Circumstances(MONDAY, [SHANGHAI, SHANGHAI])
    history = [Attempt("wrong_number", MONDAY, 0)]
    history.append(Attempt("appointment", MONDAY, 1, agreed=Agreed(MONDAY + HOUR, number=0)))
    assert next_action(history, RULES, both).number == 1


def test_the_next_number_is_called_in_its_own_zone():
    zones = [SHANGHAI, ZoneInfo("Europe/Berlin")]
    action = next_action([Attempt("wrong_number", MONDAY)], RULES, Circumstances(MONDAY, zones))
    assert action.earliest == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_part_of_the_week_after_the_end_of_fieldwork_is_not_waited_for():
    late = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)  # Tuesday 18:30, an evening
    history = ["no_answer"] * 3
    free = after(*history, at=Circumstances(late, [SHANGHAI]))
    ended = after(*history, at=Circumstances(late, [SHANGHAI], field_end=late + DAY))
    assert free.earliest > late
    assert ended.earliest <= late + DAY


def test_a_hard_appointment_ages_from_due_to_overdue_to_soft():
    due = MONDAY
    ages = [
        rank_now(Rank.HARD_DUE, due, due + minutes * MINUTE) for minutes in (-5, 14, 15, 59, 60)
    ]
    assert ages == [
        Rank.HARD_DUE, Rank.HARD_DUE, Rank.HARD_OVERDUE, Rank.HARD_OVERDUE, Rank.SOFT_DUE,
    ]  # fmt: skip


def test_the_states_rank_in_the_order_of_delivery():
    states = [CaseState.RESUME, CaseState.APPOINTMENT, CaseState.CONVERSION, CaseState.RETRY,
              CaseState.FRESH, CaseState.CLOSED]  # fmt: skip
    ranks = [rank_of(CaseState.APPOINTMENT, is_hard=True), *map(rank_of, states)]
    assert ranks == sorted(ranks)


def test_the_rules_survive_being_written_down():
    rules = FieldRules(max_attempts=3, key_questions=("q1",), hours=USUAL_HOURS)
    assert read_rules(rules.to_json()) == rules


def test_single_rules_may_be_changed():
    rules = read_rules({"retries": {"busy": {"minutes": 5}}})
    assert rules.retries["busy"].minutes == 5
    assert local(after("busy", rules=rules)) == "Mon 10:05"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"speed": 1}, "HOUR-002"),
        ({"max_attempts": 0}, "HOUR-003"),
        ({"max_attempts": True}, "HOUR-003"),
        ({"max_attempts": "7"}, "HOUR-003"),
        ({"key_questions": "q1"}, "HOUR-005"),
        ({"retries": []}, "HOUR-005"),
        ({"retries": {"complete": {}}}, "HOUR-002"),
        ({"retries": {"busy": {"when": "never"}}}, "HOUR-004"),
        ({"retries": {"busy": {"next_number": "yes"}}}, "HOUR-004"),
        ({"retries": {"busy": {"state": "closed"}}}, "HOUR-004"),
        ({"retries": {"busy": {"pace": 1}}}, "HOUR-002"),
        ({"hours": {"mon": "21:00-09:00"}}, "HOUR-001"),
        ({"hours": {"monday": "09:00-21:00"}}, "HOUR-001"),
        ({"hours": {"holidays": ["1 October"]}}, "HOUR-001"),
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_used_is_named(given, code):
    with pytest.raises(ProblemsError) as error:
        read_rules(given)
    assert [problem.message.code for problem in error.value.problems] == [code]
