"""The interviewer's work on both databases: dial, record, book, interview, and do it only once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, func, select

from accounts.audit import first_broken
from accounts.store.tables import AuditEntry
from cati import floor
from cati.rules.queue import CaseState, Rank
from cati.store import calls as stored_calls
from cati.store.claims import LEASE
from cati.store.contacts import NAME, NOTE
from cati.store.desk import Agreed, HeldCase
from cati.store.reasons import Nothing
from cati.store.tables import Appointment, Call, CaseNote, Contact, ContactNumber, DoNotCall
from foundation.problems import ProblemsError
from survey.store.tables import Interview, Wave
from tests.store.cati_floor import MONDAY, a_case, a_floor

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def codes(error: pytest.ExceptionInfo[ProblemsError]) -> list[str]:
    return [problem.message.code for problem in error.value.problems]


def count(store, table) -> int:
    with store.read() as session:
        return session.exec(select(func.count()).select_from(table)).one()


def test_the_number_is_masked_until_it_is_dialled(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+8613800138000")
    held = made.taken()
    assert [number.masked for number in held.numbers] == ["138****8000"]
    dialled = made.dial(held.claim)
    assert (dialled.number, dialled.e164) == ("138 0013 8000", "+8613800138000")


def test_who_saw_a_number_is_in_the_audit_trail_and_no_number_is(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+8613800138000")
    made.dial(made.taken().claim)
    with store.read() as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
        assert (entry.action, entry.person_id) == ("number.dialled", made.people[0])
        assert "138" not in str(entry.detail) + entry.subject
        assert first_broken(session) is None


def test_names_numbers_and_notes_are_never_stored_in_clear(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+8613800138000")
    claim = made.taken().claim
    with store.write() as session:
        floor.add_note(session, made.contacts, made.write(claim), "ask for 王芳")
    with store.read() as session:
        kept = [session.exec(select(Contact)).one().name]
        kept += [session.exec(select(ContactNumber)).one().number]
        kept += [session.exec(select(CaseNote)).one().text]
    assert not any("王芳" in text or "138000" in text for text in kept)
    assert made.contacts.open(kept[0], NAME) == "王芳"
    assert made.contacts.open(kept[2], NOTE) == "ask for 王芳"


def test_nobody_is_dialled_outside_the_hours_where_the_person_is(store, cipher):
    made = a_floor(store, cipher, cases=1)
    evening = MONDAY.replace(hour=12, minute=59)
    claim = made.taken(now=evening).claim
    with pytest.raises(ProblemsError) as error:
        made.dial(claim, evening + MINUTE)
    assert codes(error) == ["FLOOR-003"]
    assert count(store, Call) == 0


def test_a_number_listed_meanwhile_is_not_dialled(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    with store.write() as session:
        session.add(DoNotCall(number_hash=made.cases()[0].number_hash, at=MONDAY))
    with pytest.raises(ProblemsError) as error:
        made.dial(claim)
    assert codes(error) == ["FLOOR-004"]


def test_the_next_call_waits_for_the_outcome_of_the_last(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    with pytest.raises(ProblemsError) as error:
        made.dial(claim)
    assert codes(error) == ["FLOOR-005"]


def test_a_repeated_dial_logs_one_call(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    assert made.dial(claim, key="k") == made.dial(claim, key="k")
    assert count(store, Call) == 1


def test_the_same_post_sent_eight_times_at_once_is_done_once(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    with ThreadPoolExecutor(8) as pool:
        dialled = list(pool.map(lambda _: made.dial(claim, key="k"), range(8)))
        recorded = list(pool.map(lambda _: made.outcome(claim, "busy", key="o"), range(8)))
    assert len(set(dialled)) == len(set(recorded)) == 1
    assert count(store, Call) == 1
    assert made.case(claim.case_id).dials == 1


def test_a_repeated_outcome_answers_as_the_first_after_the_case_has_moved_on(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    first = made.outcome(claim, "busy", key="k")
    again = made.taken(now=MONDAY + HOUR)
    made.dial(again.claim, MONDAY + HOUR)
    made.outcome(again.claim, "hard_refusal", MONDAY + HOUR)
    assert made.outcome(claim, "busy", now=MONDAY + 2 * HOUR, key="k") == first
    assert made.case(claim.case_id).code == "2.112"


def test_a_key_used_with_other_entries_is_refused(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    made.outcome(claim, "busy", key="k")
    with pytest.raises(ProblemsError) as error:
        made.outcome(claim, "no_answer", key="k")
    assert codes(error) == ["FLOOR-008"]


def test_a_post_that_failed_may_be_sent_again_under_its_key(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    with pytest.raises(ProblemsError):
        made.outcome(claim, "busy", key="k")
    made.dial(claim)
    assert made.outcome(claim, "busy", key="k").outcome == "busy"


@pytest.mark.parametrize("outcome", ["", "complete", "partial", "nonsense", "break_off"])
def test_only_offered_outcomes_are_recorded(store, cipher, outcome):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    with pytest.raises(ProblemsError) as error:
        made.outcome(claim, outcome)
    assert codes(error) == ["FLOOR-007"]
    assert made.case(claim.case_id).claimed_by == made.people[0]


def test_an_appointment_without_its_time_is_refused(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    with pytest.raises(ProblemsError) as error:
        made.outcome(claim, "appointment")
    assert codes(error) == ["FLOOR-009"]


def test_an_outcome_without_a_call_is_refused(store, cipher):
    made = a_floor(store, cipher, cases=1)
    with pytest.raises(ProblemsError) as error:
        made.outcome(made.taken().claim, "no_answer")
    assert codes(error) == ["FLOOR-006"]


def test_never_call_again_closes_the_person_in_every_wave_at_once(store, cipher):
    made = a_floor(store, cipher)
    first = a_case(made, "+8613800138000", "+8613800138001", random_number=0.1)
    with store.write() as session:
        one = session.get_one(Wave, made.wave_id)
        two = Wave(study_id=one.study_id, number=2, title={"en": "Two"})
        session.add(two)
        session.flush()
        second_wave = two.id
    other = a_case(made, "+8613800138001", wave_id=second_wave)
    recorded = made.call("do_not_call")
    assert (recorded.state, recorded.code) == ("closed", "2.112")
    assert made.case(first).outcome == "do_not_call"
    assert (made.case(other).outcome, made.case(other).code) == ("listed_do_not_call", "2.11a")
    assert count(store, DoNotCall) == 2


def test_whoever_holds_a_case_that_is_closed_by_the_list_writes_to_it_no_more(store, cipher):
    made = a_floor(store, cipher)
    held = made.case(a_case(made, "+8613800138000"))
    claim = made.taken().claim
    made.dial(claim)
    with store.write() as session:
        stored_calls.list_numbers(
            session, [held.number_hash], by=made.people[1], now=MONDAY, reason="letter"
        )
    with pytest.raises(ProblemsError) as error:
        made.outcome(claim, "no_answer")
    assert codes(error) == ["FLOOR-001"]


def test_a_second_number_is_tried_when_the_first_is_wrong(store, cipher):
    made = a_floor(store, cipher)
    case_id = a_case(made, "+8613800138000", "+8613800138001")
    made.call("wrong_number")
    case = made.case(case_id)
    assert (case.number_position, case.code) == (1, "3.90")
    assert case.number_hash == made.contacts.number_hash("+8613800138001")
    held = made.taken()
    assert [number.is_dead for number in held.numbers] == [True, False]
    made.dial(held.claim)
    assert made.outcome(held.claim, "disconnected").code == "3.90a"
    assert made.case(case_id).state is CaseState.CLOSED


def test_another_number_of_the_case_may_be_chosen(store, cipher):
    made = a_floor(store, cipher)
    case_id = a_case(made, "+8613800138000", "+8613800138001")
    claim = made.taken().claim
    with store.write() as session:
        dialled = floor.dial(session, made.contacts, made.write(claim), number_position=1)
    assert dialled.e164 == "+8613800138001"
    assert made.case(case_id).number_position == 1


def test_a_number_that_somebody_else_is_calling_cannot_be_chosen(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+8613800138000", random_number=0.1)
    a_case(made, "+8613800138001", "+8613800138000", random_number=0.2)
    made.taken(0)
    claim = made.taken(1).claim
    with pytest.raises(ProblemsError) as error, store.write() as session:
        floor.dial(session, made.contacts, made.write(claim), number_position=1)
    assert codes(error) == ["FLOOR-019"]


def test_a_corrected_zone_stays_corrected(store, cipher):
    made = a_floor(store, cipher)
    case_id = a_case(made, "+8613800138000")
    now = MONDAY + 2 * HOUR
    claim = made.taken(now=now).claim
    with store.write() as session:
        floor.correct_zone(session, made.write(claim), "Asia/Urumqi")
    made.dial(claim, now)
    with pytest.raises(ProblemsError), store.write() as session:
        floor.correct_zone(session, made.write(claim), "Asia/Nowhere")
    made.book(claim, "tomorrow 18:30", now)
    assert made.case(case_id).zone == "Asia/Urumqi"
    assert made.case(case_id).due_at == datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def test_an_appointment_is_handed_out_five_minutes_before_its_time(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    recorded = made.book(claim, "+2h", name="王经理", is_mine=True)
    assert (recorded.state, recorded.outcome) == ("appointment", "appointment")
    due = MONDAY + 2 * HOUR
    assert isinstance(made.take(now=due - 6 * MINUTE), Nothing)
    assert isinstance(made.take(1, now=due + 9 * MINUTE), Nothing)
    held = made.taken(0, now=due - 5 * MINUTE)
    assert (held.due_at, held.is_hard, held.ask_for) == (due, True, "王经理")


def test_an_appointment_nobody_kept_goes_to_anyone_and_is_not_forgotten(store, cipher):
    made = a_floor(store, cipher, cases=3)
    claim = made.taken().claim
    made.dial(claim)
    made.book(claim, "+1h", is_mine=True)
    late = MONDAY + 3 * HOUR
    assert made.taken(1, now=late).claim.case_id == claim.case_id


@pytest.mark.parametrize(
    ("when", "code"),
    [
        ("yesterday noon", "APPT-001"),
        ("2026-11-20 18:00", "APPT-004"),
        ("tomorrow 23:00", "APPT-005"),
        ("2026-12-10 18:00", "APPT-006"),
        ("tomorrow", "APPT-002"),
    ],
)
def test_an_impossible_appointment_is_refused_and_changes_nothing(store, cipher, when, code):
    made = a_floor(store, cipher, cases=1)
    with store.write() as session:
        wave = session.get_one(Wave, made.wave_id)
        wave.ends_on = (MONDAY + 7 * DAY).date()
        session.add(wave)
    claim = made.taken().claim
    made.dial(claim)
    with pytest.raises(ProblemsError) as error:
        made.book(claim, when)
    assert codes(error) == [code]
    assert count(store, Appointment) == 0
    assert made.case(claim.case_id).claimed_by == made.people[0]


def test_a_time_outside_hours_that_the_person_asked_for_is_booked_and_dialled(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    made.book(claim, "today 22:00", asked_for=True)
    night = MONDAY.replace(hour=14)
    held = made.taken(now=night)
    assert held.any_hour
    made.dial(held.claim, night)


def test_a_complete_interview_closes_the_case(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    for question, text in (("right", "1"), ("q1", "1"), ("q2", "2")):
        made.answer(interview, question, text)
    recorded = made.finish(claim)
    assert (recorded.outcome, recorded.state, recorded.code) == ("complete", "closed", "1.1")
    assert isinstance(made.take(now=MONDAY + 3 * DAY), Nothing)


def test_the_interview_knows_the_design_and_a_pseudonym_and_nothing_personal(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+8613800138000", stratum="N", psu="7", selection_probability=0.25, panel_id="q1")
    held = made.taken()
    made.dial(held.claim)
    made.begin(held.claim)
    with store.read() as session:
        interview = session.exec(select(Interview)).one()
        standing = made.standing(interview.id)
    assert interview.respondent == held.pseudonym
    drawn = {"stratum": "N", "psu": "7", "selection_probability": 0.25}
    assert interview.design == {**drawn, "panel_id": "q1"}
    assert standing.state.variables == {"branch": "North"}


def test_an_interview_cannot_be_finished_while_questions_are_left(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    with pytest.raises(ProblemsError) as error:
        made.finish(claim, "break_off")
    assert codes(error) == ["FLOOR-011"]
    made.begin(claim)
    with pytest.raises(ProblemsError) as error:
        made.finish(claim)
    assert codes(error) == ["FLOOR-012"]


def test_an_interview_broken_off_goes_on_at_the_same_question_with_anyone(store, cipher):
    made = a_floor(store, cipher, cases=2)
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    made.answer(interview, "right", "1")
    made.answer(interview, "q1", "5")
    recorded = made.finish(claim, "break_off")
    assert (recorded.state, recorded.code) == ("resume", "2.12")
    later = MONDAY + 2 * HOUR
    again = made.taken(1, now=later)
    assert again.claim.case_id == claim.case_id
    made.dial(again.claim, later)
    assert made.begin(again.claim, later) == interview
    assert made.standing(interview, later).route.current.name == "q2"


@pytest.mark.parametrize("key_questions", [[], ["right"]])
def test_a_line_that_drops_comes_back_to_the_same_interviewer_in_two_minutes(
    store, cipher, key_questions
):
    made = a_floor(store, cipher, cases=1)
    made.rules(key_questions=key_questions)
    claim = made.taken().claim
    made.dial(claim)
    made.answer(made.begin(claim), "right", "1")
    made.finish(claim, "dropped_midway")
    assert isinstance(made.take(0, now=MONDAY + MINUTE), Nothing)
    assert isinstance(made.take(1, now=MONDAY + 2 * MINUTE), Nothing)
    assert isinstance(made.take(0, now=MONDAY + 2 * MINUTE), HeldCase)


def test_a_line_that_dropped_goes_to_anyone_when_its_interviewer_is_away(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.rules(key_questions=["right"], retries={"partial_dropped": {"same_person_minutes": 5}})
    claim = made.taken().claim
    made.dial(claim)
    made.answer(made.begin(claim), "right", "1")
    made.finish(claim, "dropped_midway")
    assert isinstance(made.take(1, now=MONDAY + 6 * MINUTE), Nothing)
    assert isinstance(made.take(1, now=MONDAY + 7 * MINUTE), HeldCase)


def test_a_refusal_in_the_middle_closes_interview_and_case(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    recorded = made.finish(claim, "refused_midway")
    assert (recorded.state, recorded.code) == ("closed", "2.10")
    assert made.standing(interview).state.closed == "break_off"


@pytest.mark.parametrize(
    ("answers", "how", "ending"),
    [
        (["right"], "break_off", ("break_off", "2.12", None)),
        (["right", "q1"], "break_off", ("partial_break_off", "1.2", None)),
        (["right", "q1"], "dropped_midway", ("partial_dropped", "1.2", None)),
        (["right", "q1"], "refused_midway", ("partial", "1.2", "partial")),
    ],
)
def test_the_key_questions_make_a_break_off_a_partial_interview(
    store, cipher, answers, how, ending
):
    made = a_floor(store, cipher, cases=1)
    made.rules(key_questions=["q1"])
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    for question in answers:
        made.answer(interview, question, "1")
    recorded = made.finish(claim, how)
    closed = made.standing(interview).state.closed
    assert (recorded.outcome, recorded.code, closed) == ending


def test_a_case_at_its_limit_closes_the_interview_it_left_open(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.rules(max_attempts=2)
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    made.finish(claim, "break_off")
    recorded = made.call("no_answer", now=MONDAY + 2 * HOUR)
    assert (recorded.state, recorded.code) == ("closed", "2.12")
    assert made.standing(interview).state.closed == "break_off"


def test_the_wrong_person_ends_the_call_and_the_next_number_begins_anew(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+8613800138000", "+8613800138001")
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    made.answer(interview, "right", "0")
    made.answer(interview, "end_wrong", "")
    assert made.finish(claim).outcome == "wrong_number"
    again = made.taken()
    assert again.number_position == 1
    made.dial(again.claim)
    assert made.begin(again.claim) == interview
    standing = made.standing(interview)
    assert standing.state.closed is None
    assert standing.route.current.name == "right"
    made.answer(interview, "right", "1")
    assert made.standing(interview).route.current.name == "q1"


def test_an_appointment_in_the_middle_of_an_interview_breaks_it_off_till_then(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    recorded = made.book(claim, "+2h")
    assert (recorded.state, recorded.outcome, recorded.code) == (
        "appointment", "appointment_midway", "2.12",
    )  # fmt: skip
    assert made.standing(interview).state.closed is None


def test_what_was_agreed_stands_with_the_call_it_was_agreed_in(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.rules(key_questions=["right"])
    claim = made.taken().claim
    made.dial(claim)
    made.answer(made.begin(claim), "right", "1")
    recorded = made.book(claim, "+2h", is_mine=True, name="王芳")
    assert (recorded.outcome, recorded.code) == ("partial_appointment", "1.2")
    held = made.taken(now=MONDAY + 2 * HOUR)
    (call,) = held.calls
    assert call.agreed == Agreed(MONDAY + 2 * HOUR, True, "王芳", "Interviewer 0")


def test_an_interview_that_ended_while_its_page_was_lost_is_not_called_again(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    interview = made.begin(claim)
    for question, text in (("right", "1"), ("q1", "1"), ("q2", "2")):
        made.answer(interview, question, text)
    assert isinstance(made.take(1, now=MONDAY + 2 * LEASE), Nothing)
    case = made.case(claim.case_id)
    assert (case.state, case.outcome, case.code) == (CaseState.CLOSED, "complete", "1.1")


def test_a_page_loaded_again_shows_the_case_as_it_stands(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    dialled = made.dial(claim)
    with store.read() as session:
        held = floor.held_case(session, made.contacts, made.people[0])
        nobody = floor.held_case(session, made.contacts, made.people[1])
    assert held.call.call_id == dialled.call_id
    assert nobody is None


def test_after_three_busy_signals_the_case_waits_for_another_part_of_the_week(store, cipher):
    made = a_floor(store, cipher, cases=1)
    for minutes in (0, 15, 30):
        recorded = made.call("busy", now=MONDAY + minutes * MINUTE)
    assert made.cases()[0].attempts == 1
    assert datetime.fromisoformat(recorded.next_at) == datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


def test_every_attempt_is_kept_with_its_time_and_interviewer(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.rules(max_attempts=50)
    now = MONDAY
    for _ in range(8):
        held = made.taken(0, now)
        made.dial(held.claim, now)
        recorded = made.outcome(held.claim, "no_answer", now)
        now = datetime.fromisoformat(recorded.next_at)
    held = made.taken(0, now)
    assert len(held.calls) == 8
    assert {(call.outcome, call.by) for call in held.calls} == {("no_answer", "Interviewer 0")}
    assert held.attempts == 8


class TestWhatTheFieldHasSeenGoWrong:
    """Regressions of call-centre systems in use, each of which once cost somebody data."""

    def test_the_attempt_limit_does_not_overwrite_a_refusal(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        made.rules(max_attempts=2)
        made.call("soft_refusal")
        made.set(made.cases()[0].id, next_at=MONDAY)
        recorded = made.call("no_answer", who=1)
        assert (recorded.state, recorded.code) == ("closed", "2.112")

    def test_a_note_sent_twice_is_kept_once(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        write = made.write(made.taken().claim)
        for _ in range(2):
            with store.write() as session:
                floor.add_note(session, made.contacts, write, "call at noon")
        assert count(store, CaseNote) == 1

    def test_a_refreshed_appointment_page_books_once(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        claim = made.taken().claim
        made.dial(claim)
        first = made.book(claim, "tomorrow 17:00", key="k")
        assert made.book(claim, "tomorrow 17:00", key="k") == first
        assert count(store, Appointment) == 1

    def test_an_appointment_ends_when_the_next_call_has_its_outcome(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        claim = made.taken().claim
        made.dial(claim)
        made.book(claim, "+2h")
        made.call("no_answer", now=MONDAY + 2 * HOUR)
        with store.read() as session:
            assert session.exec(select(Appointment)).one().ended_at == MONDAY + 2 * HOUR
        assert made.cases()[0].due_at is None

    def test_an_appointment_is_in_the_respondents_zone_and_not_in_the_centres(self, store, cipher):
        made = a_floor(store, cipher)
        case_id = a_case(made, "+97714412345", zone="Asia/Kathmandu")
        now = MONDAY + 3 * HOUR
        claim = made.taken(now=now).claim
        made.dial(claim, now)
        made.book(claim, "18:30", now)
        assert made.case(case_id).due_at == datetime(2026, 11, 23, 12, 45, tzinfo=UTC)

    @pytest.mark.parametrize("minutes", [1, 7])
    def test_an_appointment_may_be_a_minute_away(self, store, cipher, minutes):
        made = a_floor(store, cipher, cases=1)
        claim = made.taken().claim
        made.dial(claim)
        made.book(claim, f"+{minutes}m")
        assert made.cases()[0].due_at == MONDAY + minutes * MINUTE

    def test_a_technical_problem_is_an_attempt_and_not_an_unworked_case(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        recorded = made.call("technical")
        assert recorded.code == "3.16"
        assert made.cases()[0].attempts == 1

    def test_a_number_never_answered_is_unknown_and_not_eligible(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        made.rules(max_attempts=1)
        assert made.call("no_answer").code == "3.13"

    def test_an_appointment_is_no_refusal(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        claim = made.taken().claim
        made.dial(claim)
        assert made.book(claim, "+2h").code == "2.21"

    def test_a_call_whose_page_died_does_not_block_the_case(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        made.dial(made.taken(0).claim)
        later = MONDAY + 2 * LEASE
        claim = made.taken(1, now=later).claim
        made.dial(claim, later)
        assert made.outcome(claim, "no_answer", later).outcome == "no_answer"
        with store.read() as session:
            lost = session.exec(select(Call).order_by(col(Call.seq))).first()
        assert (lost.outcome, lost.lost_at) == (None, later)

    def test_one_respondent_has_one_interview_however_often_it_is_begun(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        claim = made.taken().claim
        made.dial(claim)
        assert made.begin(claim) == made.begin(claim)
        assert count(store, Interview) == 1

    def test_busy_has_a_code_and_a_delay_of_its_own(self, store, cipher):
        made = a_floor(store, cipher, cases=1)
        recorded = made.call("busy")
        assert recorded.code == "3.12"
        assert datetime.fromisoformat(recorded.next_at) == MONDAY + 15 * MINUTE

    def test_a_missed_appointment_keeps_a_rank_above_fresh_cases(self, store, cipher):
        made = a_floor(store, cipher, cases=2)
        claim = made.taken().claim
        made.dial(claim)
        made.book(claim, "+1h")
        held = made.taken(1, now=MONDAY + 8 * HOUR)
        assert held.claim.case_id == claim.case_id
        assert made.case(claim.case_id).rank == Rank.HARD_DUE
