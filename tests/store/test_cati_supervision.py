"""The supervisor's view and acts on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from accounts.store.tables import AuditEntry
from cati import donotcall, floor, supervision
from cati.donotcall import Listing
from cati.rules.aapor import Group
from cati.rules.queue import CaseState, Rank
from cati.store import calls
from cati.store.claims import LEASE
from cati.store.desk import HeldCase
from cati.store.reasons import Nothing
from cati.store.tables import Appointment, Case, CaseNote, Contact, ContactNumber, DoNotCall
from cati.supervision import Decision
from foundation.problems import ProblemsError
from tests.store.cati_floor import MONDAY, a_case, a_floor

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def decide(made, act, *given, now=MONDAY, **more):
    with made.store.write() as session:
        return act(session, *given, Decision(made.people[2], now, "because"), **more)


def codes(error: pytest.ExceptionInfo[ProblemsError]) -> list[str]:
    return [problem.message.code for problem in error.value.problems]


def last_audit(store) -> AuditEntry:
    with store.read() as session:
        return session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()


def test_progress_counts_states_codes_and_groups_of_the_released_sample(store, cipher):
    made = a_floor(store, cipher, cases=4)
    a_case(made, "+8613900000000", state=CaseState.UNRELEASED, rank=int(Rank.NEVER), next_at=None)
    made.call("hard_refusal")
    made.call("busy")
    made.taken()
    with store.read() as session:
        found = supervision.progress(session, made.wave_id)
    assert (found.cases, found.completes, found.in_hand) == (5, 0, 1)
    assert found.states == {"closed": 1, "retry": 1, "fresh": 2, "unreleased": 1}
    assert found.codes == {"2.112": 1, "3.12": 1, "3.11": 2}
    assert found.groups[Group.REFUSAL] == 1
    assert found.groups[Group.UNKNOWN_HOUSEHOLD] == 3


def test_calls_are_counted_by_outcome_since_a_moment(store, cipher):
    made = a_floor(store, cipher, cases=3)
    made.call("busy")
    made.call("no_answer", now=MONDAY + HOUR)
    with store.read() as session:
        everything = supervision.call_outcomes(session, made.wave_id)
        lately = supervision.call_outcomes(session, made.wave_id, MONDAY + MINUTE)
    assert everything == {"busy": 1, "no_answer": 1}
    assert lately == {"no_answer": 1}


def test_the_seats_say_who_does_what_and_who_fell_silent(store, cipher):
    made = a_floor(store, cipher, cases=5)
    made.call("busy", who=0)
    held = made.taken(1)
    made.dial(held.claim)
    with store.read() as session:
        free, calling = supervision.seats(session, made.wave_id, MONDAY)
        later = supervision.seats(session, made.wave_id, MONDAY + 2 * LEASE)[1]
    assert (free.name, free.dials, free.case_id) == ("Interviewer 0", 1, None)
    assert (calling.case_id, calling.in_call_since) == (held.claim.case_id, MONDAY)
    assert (calling.silent_since, later.silent_since) == (None, MONDAY + LEASE)


def test_an_appointment_is_overdue_after_its_window(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    made.book(claim, "+1h", is_mine=True)
    with store.read() as session:
        due = MONDAY + HOUR
        early = supervision.overdue_appointments(session, made.wave_id, due + 14 * MINUTE)
        late = supervision.overdue_appointments(session, made.wave_id, due + 15 * MINUTE)
    assert early == []
    assert [(o.case_id, o.at, o.for_person) for o in late] == [
        (claim.case_id, due, "Interviewer 0")
    ]


def test_a_case_held_too_long_is_listed_and_can_be_taken_back(store, cipher):
    made = a_floor(store, cipher, cases=1)
    claim = made.taken().claim
    made.dial(claim)
    later = MONDAY + HOUR
    with store.write() as session:
        for minute in range(1, 61):
            floor.heartbeat(session, claim, MONDAY + minute * MINUTE)
    with store.read() as session:
        found = supervision.held_too_long(session, made.wave_id, later)
    assert [(held.case_id, held.name) for held in found] == [(claim.case_id, "Interviewer 0")]
    decide(made, supervision.take_back, claim.case_id, now=later)
    with pytest.raises(ProblemsError) as error:
        made.outcome(claim, "busy", now=later)
    assert codes(error) == ["FLOOR-001"]
    assert isinstance(made.take(1, now=later), HeldCase)
    assert last_audit(store).action == "case.taken_back"


def test_a_reassigned_case_goes_to_that_interviewer_alone(store, cipher):
    made = a_floor(store, cipher, cases=1)
    case_id = made.cases()[0].id
    decide(made, supervision.reassign, case_id, made.people[1])
    assert isinstance(made.take(0), Nothing)
    assert isinstance(made.take(1), HeldCase)
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.reassign, case_id, made.people[0])
    assert codes(error) == ["FLOOR-015"]


def test_a_case_is_reassigned_to_somebody_who_exists(store, cipher):
    made = a_floor(store, cipher, cases=1)
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.reassign, made.cases()[0].id, 4711)
    assert codes(error) == ["FLOOR-021"]


def test_a_reopened_case_is_called_again_and_keeps_its_history(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.call("hard_refusal")
    case_id = made.cases()[0].id
    decide(made, supervision.reopen, case_id)
    case = made.case(case_id)
    assert (case.state, case.code, case.outcome) == (CaseState.RETRY, "2.112", None)
    assert made.call("no_answer").code == "2.112"


def test_an_outcome_recorded_by_mistake_counts_no_more(store, cipher):
    made = a_floor(store, cipher, cases=1)
    made.call("hard_refusal")
    case_id = made.cases()[0].id
    decide(made, supervision.reopen, case_id, was_mistaken=True)
    assert made.case(case_id).code == "3.11"
    assert made.call("no_answer").code == "3.13"
    with store.read() as session:
        assert supervision.call_outcomes(session, made.wave_id) == {"no_answer": 1}


def test_only_a_closed_case_is_reopened_and_never_one_of_the_do_not_call_list(store, cipher):
    made = a_floor(store, cipher, cases=1)
    case_id = made.cases()[0].id
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.reopen, case_id)
    assert codes(error) == ["FLOOR-014"]
    made.call("do_not_call")
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.reopen, case_id)
    assert codes(error) == ["FLOOR-004"]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [("", "FLOOR-007"), ("busy", "FLOOR-007"), ("complete", "FLOOR-018"), ("partial", "FLOOR-018")],
)
def test_a_supervisor_cannot_lose_a_case_by_a_blank_or_made_up_outcome(
    store, cipher, outcome, code
):
    made = a_floor(store, cipher, cases=1)
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.close_case, made.cases()[0].id, outcome)
    assert codes(error) == [code]
    assert made.cases()[0].state is CaseState.FRESH


def test_a_case_can_be_taken_out_of_the_sample(store, cipher):
    made = a_floor(store, cipher, cases=1)
    decide(made, supervision.close_case, made.cases()[0].id, "out_of_sample")
    case = made.cases()[0]
    assert (case.state, case.code) == (CaseState.CLOSED, "4.10")
    entry = last_audit(store)
    assert entry.detail == {"outcome": "out_of_sample", "reason": "because"}


def test_an_unknown_case_is_named(store, cipher):
    made = a_floor(store, cipher)
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.take_back, 4711)
    assert codes(error) == ["FLOOR-013"]


def test_an_erased_person_leaves_a_pseudonym_and_nothing_to_call(store, cipher):
    made = a_floor(store, cipher)
    case_id = a_case(made, "+8613800138000")
    claim = made.taken().claim
    made.dial(claim)
    with store.write() as session:
        floor.add_note(session, made.contacts, made.write(claim), "ask for 王芳")
    made.book(claim, "+2h", name="王芳")
    with store.write() as session:
        session.get_one(Case, case_id).variables = {"employer": "王芳的公司"}
    decide(made, supervision.erase_person, case_id)
    with store.read() as session:
        contact = session.exec(select(Contact)).one()
        assert (contact.name, contact.reference) == ("", "")
        assert session.exec(select(ContactNumber)).all() == []
        assert session.exec(select(CaseNote)).all() == []
        assert session.exec(select(Appointment)).one().name == ""
    case = made.case(case_id)
    assert (case.state, case.number_hash, case.pseudonym) == (CaseState.CLOSED, "", "p1")
    assert case.variables == {}
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.reopen, case_id)
    assert codes(error) == ["FLOOR-022"]


def test_a_file_of_numbers_goes_on_the_do_not_call_list_and_closes_their_cases(store, cipher):
    made = a_floor(store, cipher)
    case_id = a_case(made, "+8613800138000")
    data = b"phone\n138 0013 8000\n13800138001\n"
    with store.write() as session:
        decision = Decision(made.people[2], MONDAY, "client's list")
        found = donotcall.list_numbers(session, made.contacts, data, "dnc.csv", decision)
        assert found == Listing(numbers=2, new=2, closed=1)
        found = donotcall.list_numbers(session, made.contacts, data, "dnc.csv", decision)
        assert found == Listing(numbers=2, new=0, closed=0)
        assert donotcall.size(session) == 2
    assert made.case(case_id).outcome == "listed_do_not_call"


def test_a_long_list_closes_every_case_it_reaches(store, cipher, monkeypatch):
    monkeypatch.setattr(calls, "AT_ONCE", 3)
    made = a_floor(store, cipher)
    reached = [a_case(made, f"+861380013800{n}") for n in range(8)]
    data = "phone\n" + "\n".join(f"1380013800{n}" for n in range(8))
    with store.write() as session:
        decision = Decision(made.people[2], MONDAY, "client's list")
        found = donotcall.list_numbers(
            session, made.contacts, data.encode(), "dnc.csv", decision
        )  # fmt: skip
    assert found == Listing(numbers=8, new=8, closed=8)
    assert {made.case(case_id).code for case_id in reached} == {"2.11a"}


def test_one_number_is_looked_up_and_the_trail_says_who_asked_not_which(store, cipher):
    made = a_floor(store, cipher)
    me = made.people[2]
    with store.write() as session:
        decision = Decision(me, MONDAY, "client's list")
        data = b"phone\n13800138000\n"
        donotcall.list_numbers(session, made.contacts, data, "dnc.csv", decision)
        asked = [
            donotcall.look_up(session, made.contacts, text, by=me, now=MONDAY)
            for text in ("+86 138-0013-8000", "138 0013 8001")
        ]
    assert asked == [True, False]
    with store.read() as session:
        told = session.exec(select(AuditEntry).where(AuditEntry.action == "number.looked_up")).all()
    assert [(entry.person_id, entry.detail) for entry in told] == [
        (me, {"listed": True}), (me, {"listed": False}),
    ]  # fmt: skip
    with pytest.raises(ProblemsError, match="NUM-002"), store.write() as session:
        donotcall.look_up(session, made.contacts, "12", by=me, now=MONDAY)


def test_a_file_of_numbers_with_a_bad_row_lists_nobody(store, cipher):
    made = a_floor(store, cipher)
    data = b"phone\n13800138000\n12\nx\n"
    with pytest.raises(ProblemsError) as error, store.write() as session:
        decision = Decision(made.people[2], MONDAY, "")
        donotcall.list_numbers(session, made.contacts, data, "dnc.csv", decision)
    assert [(p.place.row, p.place.column) for p in error.value.problems] == [
        (3, "phone"), (4, "phone"),
    ]  # fmt: skip
    with store.read() as session:
        assert session.exec(select(DoNotCall)).all() == []


def test_changed_rules_hold_for_the_next_call(store, cipher):
    made = a_floor(store, cipher, cases=1)
    given = {"max_attempts": 1, "hours": {"mon": "09:00-12:00"}}
    decide(made, supervision.set_calling_rules, made.wave_id, given)
    assert made.call("no_answer").state == "closed"
    with store.read() as session:
        rules = supervision.calling_rules(session, made.wave_id)
    assert (rules["max_attempts"], rules["hours"]) == (
        1, {"mon": "09:00-12:00", "holidays": []},
    )  # fmt: skip


def test_unusable_rules_are_all_named(store, cipher):
    made = a_floor(store, cipher)
    given = {"max_attempts": "many", "hours": {"mon": "9-5"}, "speed": 1}
    with pytest.raises(ProblemsError) as error:
        decide(made, supervision.set_calling_rules, made.wave_id, given)
    assert sorted(codes(error)) == ["HOUR-001", "HOUR-002", "HOUR-003"]
