"""What can come of a call, and the code that all calls of a case leave it with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cati.rules.aapor import DISPOSITIONS, GROUP_LABELS, Group, group_of, standard_code
from cati.rules.casecode import case_code
from cati.rules.fieldrules import RETRIES
from cati.rules.history import Attempt, ended_attempts
from cati.rules.outcomes import OUTCOMES, Ends, Stage, offered, outcome_ending

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)


def calls(*outcomes: str) -> list[Attempt]:
    """Return one attempt an hour; "outcome@1" is on the second number."""
    split = [outcome.partition("@") for outcome in outcomes]
    return [
        Attempt(name, NOON + timedelta(hours=hour), int(number or 0))
        for hour, (name, _, number) in enumerate(split)
    ]


def test_every_outcome_leaves_a_code_of_the_table():
    assert {outcome.code for outcome in OUTCOMES.values()} <= set(DISPOSITIONS)


def test_the_first_digit_of_a_code_says_its_group():
    wanted = {"1": {"I", "P"}, "2": {"R", "NC", "O"}, "3": {"UH", "UO"}, "4": {"NE"}}
    for code in DISPOSITIONS:
        assert group_of(code).value in wanted[code[0]]


def test_a_local_code_counts_as_its_parent():
    local = {code: d for code, d in DISPOSITIONS.items() if d.parent}
    assert set(local) == {"2.11a", "3.90a", "4.70a"}
    for code, disposition in local.items():
        assert standard_code(code) == disposition.parent
        assert DISPOSITIONS[disposition.parent].group is disposition.group


def test_every_group_has_a_label():
    assert set(GROUP_LABELS) == set(Group)


@pytest.mark.parametrize("stage", [Stage.CALL, Stage.INTERVIEW])
def test_each_offered_outcome_has_a_key_of_its_own(stage):
    keys = [outcome.key for outcome in offered(stage)]
    assert all(len(key) == 1 and key.islower() for key in keys)
    assert len(keys) == len(set(keys))


def test_a_complete_interview_is_never_offered_to_be_set_by_hand():
    names = {outcome.name for stage in (Stage.CALL, Stage.INTERVIEW) for outcome in offered(stage)}
    assert not names & {"complete", "partial", "screened_out", "quota_full"}


def test_every_outcome_that_ends_nothing_has_a_rule_for_what_follows():
    open_ended = {o.name for o in OUTCOMES.values() if o.ends is Ends.NOTHING}
    assert open_ended - {"appointment", "appointment_midway", "partial_appointment"} == set(RETRIES)


def test_only_a_human_voice_proves_that_somebody_is_eligible():
    proving = {outcome.name for outcome in OUTCOMES.values() if outcome.proves_eligible}
    assert "callback" in proving
    assert not proving & {"no_answer", "machine", "busy", "wrong_number", "hung_up", "screened_out"}


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("screened_out", "screened_out"),
        ("4.70", "screened_out"),
        ("1.1", "complete"),
        ("2.112", "hard_refusal"),
        ("2.31", "deceased"),
        ("4.10", "out_of_sample"),
    ],
)
def test_a_questionnaire_may_name_an_ending_by_code_or_by_name(written, name):
    assert outcome_ending(written).name == name


@pytest.mark.parametrize("written", ["", "nonsense", "3.13", "9.99"])
def test_what_ends_nothing_is_no_ending(written):
    assert outcome_ending(written) is None


@pytest.mark.parametrize(
    ("history", "code"),
    [
        ([], "3.11"),
        (["no_answer"], "3.13"),
        (["busy", "busy"], "3.12"),
        (["busy", "no_answer"], "3.13"),
        (["machine", "machine_message"], "3.14"),
        (["no_answer", "machine", "busy"], "3.14"),
        (["technical"], "3.16"),
        (["blocked"], "3.15"),
        (["technical", "no_answer"], "3.13"),
        (["hung_up", "no_answer"], "3.21"),
        (["dropped"], "3.90"),
    ],
    ids=str,
)
def test_a_case_that_never_proved_eligible_is_unknown(history, code):
    assert case_code(calls(*history)) == code
    assert group_of(code) in {Group.UNKNOWN_HOUSEHOLD, Group.UNKNOWN_OTHER}


@pytest.mark.parametrize(
    ("history", "code"),
    [
        (["callback", "no_answer", "no_answer"], "2.21"),
        (["appointment", "busy", "busy"], "2.21"),
        (["not_available", "disconnected"], "2.21"),
        (["language", "callback"], "2.332"),
        (["break_off", "no_answer"], "2.12"),
        (["dropped_midway", "machine"], "2.12"),
        (["partial_break_off", "soft_refusal"], "1.2"),
        (["partial_dropped", "no_answer"], "1.2"),
        (["appointment_midway", "no_answer"], "2.12"),
        (["partial_appointment", "busy"], "1.2"),
    ],
    ids=str,
)
def test_once_eligible_is_always_eligible(history, code):
    assert case_code(calls(*history)) == code


@pytest.mark.parametrize("later", ["no_answer", "busy", "machine", "callback", "disconnected"])
def test_a_refusal_is_not_overwritten_by_what_comes_later(later):
    assert case_code(calls("soft_refusal", later, later)) == "2.112"


@pytest.mark.parametrize(
    ("history", "code"),
    [
        (["hard_refusal", "complete"], "1.1"),
        (["complete", "hard_refusal"], "1.1"),
        (["partial", "hard_refusal"], "1.2"),
        (["partial", "complete"], "1.1"),
        (["screened_out", "hard_refusal"], "2.112"),
        (["hard_refusal", "not_customer"], "4.70a"),
        (["soft_refusal", "deceased"], "2.31"),
    ],
    ids=str,
)
def test_a_final_outcome_wins_the_latest_of_several_and_a_complete_beats_all(history, code):
    assert case_code(calls(*history)) == code


@pytest.mark.parametrize(
    ("history", "numbers", "code"),
    [
        (["disconnected"], 1, "4.32"),
        (["disconnected"], 2, "3.90"),
        (["disconnected", "no_answer@1"], 2, "3.13"),
        (["disconnected", "fax@1"], 2, "4.20"),
        (["wrong_number", "disconnected@1"], 2, "3.90a"),
        (["soft_refusal", "disconnected"], 1, "2.112"),
    ],
    ids=str,
)
def test_a_case_is_out_of_reach_only_when_all_its_numbers_are_dead(history, numbers, code):
    assert case_code(calls(*history), numbers) == code


@pytest.mark.parametrize(
    ("history", "attempts"),
    [
        ([], 0),
        (["busy"], 0),
        (["busy"] * 3, 1),
        (["busy"] * 6, 2),
        (["busy", "no_answer", "busy", "busy"], 1),
        (["no_answer", "machine", "technical"], 3),
        (["dropped", "dropped_midway", "partial_dropped"], 0),
    ],
    ids=str,
)
def test_three_busy_signals_in_one_sitting_are_one_attempt_and_a_dropped_line_none(
    history, attempts
):
    assert ended_attempts(calls(*history), 3) == attempts
