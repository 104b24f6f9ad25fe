"""Handing out cases: never twice, never a false "nothing", never to a page that fell silent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from cati import floor
from cati.rules.queue import CaseState, Rank, delivery_key, rank_of
from cati.store.claims import LEASE, Claim, Interviewer
from cati.store.desk import HeldCase
from cati.store.reasons import Nothing
from cati.store.tables import Case, DoNotCall
from foundation.problems import ProblemsError
from survey.store.tables import Wave
from tests.store.cati_floor import MONDAY, a_case, a_floor

MINUTE = timedelta(minutes=1)
THREADS = 16


def codes(nothing: Nothing | HeldCase) -> list[str]:
    assert isinstance(nothing, Nothing), nothing
    return [problem.message.code for problem in nothing.reasons]


def refusal(error: pytest.ExceptionInfo[ProblemsError]) -> list[str]:
    return [problem.message.code for problem in error.value.problems]


def test_sixteen_interviewers_share_a_hundred_cases_and_no_case_goes_out_twice(store, cipher):
    made = a_floor(store, cipher, interviewers=THREADS, cases=100)

    def work(who: int) -> list[int]:
        mine = []
        while isinstance(held := made.take(who), HeldCase):
            mine.append(held.claim.case_id)
            made.dial(held.claim)
            made.outcome(held.claim, "hard_refusal")
        return mine

    with ThreadPoolExecutor(THREADS) as pool:
        taken = [case_id for mine in pool.map(work, range(THREADS)) for case_id in mine]
    assert len(taken) == len(set(taken)) == 100
    assert {case.state for case in made.cases()} == {CaseState.CLOSED}
    assert {case.dials for case in made.cases()} == {1}


@pytest.mark.parametrize("many", [2, THREADS])
def test_as_many_interviewers_as_cases_each_get_one_at_the_same_moment(store, cipher, many):
    made = a_floor(store, cipher, interviewers=many, cases=many)
    with ThreadPoolExecutor(many) as pool:
        held = list(pool.map(made.taken, range(many)))
    assert len({case.claim.case_id for case in held}) == many


def test_two_cases_of_one_number_are_never_in_two_hands(store, cipher):
    made = a_floor(store, cipher, interviewers=THREADS)
    for number in range(THREADS):
        for _ in range(2):
            a_case(made, f"+8613800{number:06}")
    with ThreadPoolExecutor(THREADS) as pool:
        held = list(pool.map(made.taken, range(THREADS)))
    hashes = [made.case(case.claim.case_id).number_hash for case in held]
    assert len(set(hashes)) == THREADS


def test_an_interviewer_who_presses_twice_at_once_gets_one_case(store, cipher):
    made = a_floor(store, cipher, cases=10)
    with ThreadPoolExecutor(8) as pool:
        held = list(pool.map(made.taken, [0] * 8))
    assert len({case.claim for case in held}) == 1


def test_asking_again_returns_the_case_in_hand(store, cipher):
    made = a_floor(store, cipher, cases=2)
    assert made.taken().claim == made.taken(now=MONDAY + MINUTE).claim


def test_the_database_refuses_a_second_claim_whatever_the_program_does(store, cipher):
    made = a_floor(store, cipher, cases=2)
    claim = made.taken().claim
    other = next(case.id for case in made.cases() if case.id != claim.case_id)
    with pytest.raises(IntegrityError):
        made.set(other, claimed_by=made.people[0], claim_expires=MONDAY)


def test_a_case_of_a_silent_page_goes_to_the_next_who_asks(store, cipher):
    made = a_floor(store, cipher, cases=1)
    first = made.taken(0)
    later = MONDAY + LEASE + MINUTE
    second = made.taken(1, now=later)
    assert second.claim.case_id == first.claim.case_id
    assert second.claim.fence > first.claim.fence


def test_a_heartbeat_keeps_the_case(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken(0).claim
    for minute in range(1, 10):
        with store.write() as session:
            floor.heartbeat(session, claim, MONDAY + minute * MINUTE)
    assert codes(made.take(1, now=MONDAY + 10 * MINUTE)) == ["NEXT-007"]


def test_a_page_that_wakes_up_goes_on_as_long_as_nobody_took_the_case(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken(0).claim
    made.dial(claim)
    later = MONDAY + 10 * MINUTE
    made.set(claim.case_id, next_at=later + MINUTE)
    assert isinstance(made.take(1, now=later), Nothing)
    with pytest.raises(ProblemsError):
        made.outcome(claim, "no_answer", now=later)
    with store.write() as session:
        floor.heartbeat(session, claim, later)
    assert made.outcome(claim, "no_answer", now=later).outcome == "no_answer"


@pytest.mark.parametrize("act", ["beat", "dial", "outcome", "note", "release", "book", "begin"])
def test_a_late_write_is_refused_once_somebody_else_has_the_case(store, cipher, act):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken(0).claim
    made.dial(claim)
    later = MONDAY + 2 * LEASE
    made.taken(1, now=later)
    write = made.write(claim, later)
    with store.write() as session, pytest.raises(ProblemsError) as error:
        match act:
            case "beat":
                floor.heartbeat(session, claim, later)
            case "dial":
                floor.dial(session, made.contacts, write)
            case "outcome":
                floor.record_outcome(session, write, "hard_refusal")
            case "note":
                floor.add_note(session, made.contacts, write, "late")
            case "release":
                floor.release_case(session, write)
            case "book":
                floor.book_appointment(session, made.contacts, write, floor.Agreement("+2h"))
            case "begin":
                floor.begin_interview(session, write)
    assert refusal(error) == ["FLOOR-001"]
    assert made.case(claim.case_id).code == "3.11"


def test_what_came_too_late_is_kept_for_the_supervisor(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken(0).claim
    made.dial(claim)
    held = made.taken(1, now=MONDAY + 2 * LEASE)
    with store.write() as session:
        floor.keep_late(session, made.contacts, made.write(claim), "refused firmly")
    with store.read() as session:
        shown = floor.held_case(session, made.contacts, made.people[1])
    assert held.notes == ()
    assert [(note.text, note.is_late) for note in shown.notes] == [("refused firmly", True)]


def test_a_stranger_keeps_nothing_on_a_case(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken(0).claim
    made.dial(claim)
    forged = Claim(claim.case_id, claim.fence, made.people[1])
    with store.write() as session, pytest.raises(ProblemsError) as error:
        floor.keep_late(session, made.contacts, made.write(forged), "hello")
    assert refusal(error) == ["FLOOR-002"]


def test_a_case_given_back_lets_another_come_first(store, cipher):
    made = a_floor(store, cipher, cases=2)
    first = made.taken(0)
    with store.write() as session:
        floor.release_case(session, made.write(first.claim))
    assert made.taken(0).claim.case_id != first.claim.case_id


@pytest.mark.parametrize(
    ("hour", "found"), [(0, False), (1, True), (12, True), (13, False), (20, False)]
)
def test_nobody_is_handed_out_outside_the_hours_where_the_person_is(store, cipher, hour, found):
    made = a_floor(store, cipher, cases=1)
    now = MONDAY.replace(hour=hour)
    assert isinstance(made.take(now=now), HeldCase) is found


def test_the_zone_of_the_number_decides_and_not_that_of_the_centre(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+97714412345", zone="Asia/Kathmandu")
    sleeping = made.take(now=MONDAY.replace(hour=3, minute=14))
    assert codes(sleeping) == ["NEXT-005"]
    assert sleeping.next_at == MONDAY.replace(hour=3, minute=15)
    assert isinstance(made.take(now=MONDAY.replace(hour=3, minute=15)), HeldCase)


def test_an_appointment_the_person_asked_for_is_handed_out_outside_hours(store, cipher):
    made = a_floor(store, cipher)
    night = MONDAY.replace(hour=15)
    a_case(
        made, "+8613800138000", state=CaseState.APPOINTMENT, rank=int(Rank.HARD_DUE),
        next_at=night, due_at=night, any_hour=True,
    )  # fmt: skip
    assert isinstance(made.take(now=night), HeldCase)


def test_a_number_on_the_do_not_call_list_is_not_handed_out(store, cipher):
    made = a_floor(store, cipher, cases=1)
    with store.write() as session:
        session.add(DoNotCall(number_hash=made.cases()[0].number_hash, at=MONDAY))
    assert codes(made.take()) == ["NEXT-008"]


def test_a_case_in_another_language_goes_to_somebody_who_speaks_it(store, cipher):
    made = a_floor(store, cipher)
    a_case(made, "+8613800138000", language="yue")
    assert codes(made.take(languages=frozenset({"en"}))) == ["NEXT-008"]
    assert isinstance(made.take(languages=frozenset({"en", "yue"})), HeldCase)


def test_a_refusal_goes_to_another_interviewer_with_that_skill(store, cipher):
    made = a_floor(store, cipher)
    a_case(
        made, "+8613800138000", state=CaseState.CONVERSION, rank=int(Rank.CONVERSION),
        not_person=made.people[0],
    )  # fmt: skip
    assert codes(made.take(0)) == ["NEXT-008"]
    assert codes(made.take(1, converts=False)) == ["NEXT-008"]
    assert isinstance(made.take(1), HeldCase)


def test_a_booked_case_waits_for_its_person_and_then_goes_to_anyone(store, cipher):
    made = a_floor(store, cipher)
    a_case(
        made, "+8613800138000", state=CaseState.APPOINTMENT, rank=int(Rank.HARD_DUE),
        due_at=MONDAY, for_person=made.people[0], for_person_until=MONDAY + 10 * MINUTE,
    )  # fmt: skip
    assert codes(made.take(1)) == ["NEXT-008"]
    assert isinstance(made.take(1, now=MONDAY + 10 * MINUTE), HeldCase)


def test_the_reasons_say_what_is_missing(store, cipher):
    made = a_floor(store, cipher)
    assert codes(made.take()) == ["NEXT-003"]
    case_id = a_case(
        made, "+8613800138000", state=CaseState.UNRELEASED, rank=int(Rank.NEVER), next_at=None
    )
    assert codes(made.take()) == ["NEXT-004"]
    made.set(case_id, state=CaseState.RETRY, rank=int(Rank.RETRY), next_at=MONDAY + 5 * MINUTE)
    waiting = made.take()
    assert codes(waiting) == ["NEXT-006"]
    assert waiting.next_at == MONDAY + 5 * MINUTE
    assert "2026-11-23 10:05" in waiting.reasons[0].text()
    made.call("hard_refusal", now=MONDAY + 6 * MINUTE)
    assert codes(made.take()) == ["NEXT-009"]
    with store.write() as session:
        session.exec(update(Wave).values(is_open=False))
    assert codes(made.take()) == ["NEXT-002"]
    with store.write() as session:
        nobody = Interviewer(made.people[0])
        assert codes(floor.take_next_case(session, made.contacts, nobody, [], MONDAY)) == [
            "NEXT-001"
        ]


def test_fieldwork_begins_and_ends_on_its_days_where_the_person_is(store, cipher):
    made = a_floor(store, cipher, cases=1)
    today = MONDAY.date()
    with store.write() as session:
        session.exec(update(Wave).values(starts_on=today, ends_on=today))
    assert isinstance(made.take(now=MONDAY - timedelta(days=1)), Nothing)
    assert isinstance(made.take(now=MONDAY + timedelta(days=1)), Nothing)
    assert isinstance(made.take(now=MONDAY), HeldCase)


def test_an_earlier_wave_of_the_list_comes_first(store, cipher):
    made = a_floor(store, cipher)
    with store.write() as session:
        one = session.get_one(Wave, made.wave_id)
        two = Wave(study_id=one.study_id, number=2, title={"en": "Two"})
        session.add(two)
        session.flush()
        second = two.id
    a_case(made, "+8613800138000")
    a_case(replace(made, wave_id=second), "+8613800138001")
    with store.write() as session:
        held = floor.take_next_case(
            session, made.contacts, Interviewer(made.people[0]), [second, made.wave_id], MONDAY
        )
    assert held.wave_id == second


waiting_cases = st.lists(
    st.tuples(
        st.sampled_from(
            [CaseState.FRESH, CaseState.RETRY, CaseState.RESUME, CaseState.CONVERSION,
             CaseState.APPOINTMENT]
        ),
        st.booleans(),
        st.integers(-120, 0),
        st.floats(0, 0.999),
    ),
    min_size=1,
    max_size=8,
)  # fmt: skip


@given(drawn=waiting_cases)
@hypothesis_settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_the_statement_hands_out_in_the_order_of_the_pure_rule(store, cipher, drawn):
    if not hasattr(store, "made"):
        store.made = a_floor(store, cipher)
    made = store.made
    with store.write() as session:
        session.exec(delete(Case))
    keys = {}
    for number, (state, is_hard, minutes, draw) in enumerate(drawn):
        due = MONDAY + minutes * MINUTE
        rank = rank_of(state, is_hard=is_hard)
        case_id = a_case(
            made, f"+86139{number:08}", state=state, rank=int(rank), next_at=due, due_at=due,
            random_number=draw,
        )  # fmt: skip
        keys[case_id] = (delivery_key(rank, due, draw, due_at=due, now=MONDAY), case_id)
    handed = []
    while isinstance(held := made.take(), HeldCase):
        handed.append(held.claim.case_id)
        made.set(
            held.claim.case_id, state=CaseState.CLOSED, outcome="away", closed_at=MONDAY,
            claimed_by=None, claim_expires=None, rank=int(Rank.NEVER),
        )  # fmt: skip
    order = [key for key, _ in sorted(keys.values(), key=lambda pair: pair[0])]
    assert [keys[case_id][0] for case_id in handed] == order
