"""Erasing a person reaches every wave, the event log and the audit trail, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from accounts.audit import first_broken
from accounts.store.tables import AuditEntry
from cati import supervision
from cati.store.tables import Case, Contact, ContactNumber, DoNotCall
from cati.supervision import Decision
from foundation.problems import ProblemsError
from survey import forms, interviews, responses
from survey.formats.delimited import responses_csv
from survey.interview.validate import RawAnswer
from survey.interviews import Step
from survey.store.tables import AnswerEvent, Interview, Study, Wave
from tests.builders import form_source
from tests.store.cati_floor import MONDAY, Floor, a_case, a_floor

WITH_TEXTS = """
| survey |
| | type | name | label::English (en) | relevant |
| | hidden | branch | | |
| | select_one yesno | pleased | Pleased? | |
| | text | why | Why? | |
| | integer | more | How often? | ${why} != '' |
| | integer | last | And last year? | |
| choices |
| | list_name | name | label::English (en) |
| | yesno | 1 | Yes |
| | yesno | 0 | No |
| settings |
| | form_id | form_title | version |
| | texts | Texts | 1 |
"""
PHONE, OTHER = "+8613800138000", "+8613900000001"
NAME, FIRST = "王芳", "my neighbour 王芳 told me"


@pytest.fixture
def made(store, cipher) -> Floor:
    floor = a_floor(store, cipher)
    with store.write() as session:
        version = forms.publish(session, form_source(WITH_TEXTS), "t.md", by=None, now=MONDAY)
        session.get_one(Wave, floor.wave_id).form_version_id = version.id
    return floor


def another_wave(made: Floor, number: int, study: str = "") -> Floor:
    with made.store.write() as session:
        first = session.get_one(Wave, made.wave_id)
        study_id = first.study_id
        if study:
            new = Study(key=study, title={"en": study})
            session.add(new)
            session.flush()
            study_id = new.id
        wave = Wave(
            study_id=study_id, number=number, title={"en": "W"},
            form_version_id=first.form_version_id,
        )  # fmt: skip
        session.add(wave)
        session.flush()
        return replace(made, wave_id=wave.id)


def a_client(made: Floor, number: str = PHONE, reference: str = "K1") -> int:
    return a_case(
        made, number, panel_id="panel-7",
        reference_hash=made.contacts.reference_hash(reference),
    )  # fmt: skip


def interviewed(made: Floor, case_id: int, *, finish: bool = True) -> int:
    """Let the case be interviewed: a text changed once, a remark, and a number after it."""
    held = made.taken()
    assert held.claim.case_id == case_id
    made.dial(held.claim)
    interview = made.begin(held.claim)
    made.answer(interview, "pleased", "1")
    made.answer(interview, "why", FIRST)
    with made.store.write() as session:
        seq = interviews.standing(session, interview, now=MONDAY).state.last_seq
        moved = interviews.move(session, interview, "why", step(made, seq))
        again = RawAnswer("my sister works there")
        at = interviews.answer(
            session, interview, "why", again, step(made, moved.state.last_seq)
        )  # fmt: skip
        interviews.note(session, interview, "why", NAME, step(made, at.state.last_seq))
    made.answer(interview, "more", "12")
    if finish:
        made.answer(interview, "last", "3")
        made.finish(held.claim)
    return interview


def step(made: Floor, seen: int) -> Step:
    return Step(seen, made.key(), made.people[0], MONDAY)


def erase(made: Floor, case_id: int) -> supervision.Reach:
    with made.store.write() as session:
        decision = Decision(made.people[2], MONDAY, "asked in writing")
        return supervision.erase_person(session, case_id, decision)


def reach(made: Floor, case_id: int) -> supervision.Reach:
    with made.store.read() as session:
        return supervision.reach(session, case_id)


def everything(store) -> str:
    """Return every row of every table, as text."""
    with store.read() as session:
        connection = session.connection()
        names = [table.name for table in Case.metadata.sorted_tables]
        return "\n".join(
            str(row) for name in names for row in connection.execute(text(f"SELECT * FROM {name}"))
        )


def test_every_wave_of_the_person_is_reached_and_nobody_else(made):
    case = a_client(made)
    first = interviewed(made, case)
    later = another_wave(made, 2)
    again = a_client(later, OTHER)  # a new number: the client's id decides within a study
    second = interviewed(later, again, finish=False)
    same_number = a_client(later, PHONE, "K2")  # somebody else in the household
    expected = reach(made, case)
    assert (expected.cases, expected.waves) == ((case, again), 2)
    assert set(expected.interviews) == {first, second}
    assert erase(made, case) == expected
    with made.store.read() as session:
        left = session.exec(select(Contact).where(col(Contact.erased_at).is_(None))).one()
        assert session.get_one(Case, same_number).contact_id == left.id
        assert session.get_one(Case, again).panel_id == ""
        for interview in session.exec(select(Interview)):
            assert interview.design["panel_id"] == ""
        numbers = session.exec(select(ContactNumber.contact_id)).all()
        assert numbers == [left.id]


def test_another_study_is_reached_when_id_and_number_are_the_same_else_it_is_named(made):
    case = a_client(made)
    elsewhere, third = another_wave(made, 1, "second"), another_wave(made, 1, "third")
    same, unsure = a_client(elsewhere), a_client(third, OTHER)
    found = reach(made, case)
    assert (found.cases, found.unsure) == ((case, same), (unsure,))
    erase(made, case)
    with made.store.read() as session:
        assert session.get_one(Case, unsure).number_hash != ""
        assert session.get_one(Case, same).number_hash == ""


def test_no_text_of_the_person_is_left_anywhere_and_closed_answers_are(made):
    case = a_client(made)
    interview = interviewed(made, case)
    other = a_client(made, OTHER, "K2")
    untouched = interviewed(made, other)
    with made.store.write() as session:
        why = Decision(made.people[2], MONDAY, f"{NAME} rang us up")
        supervision.reopen(session, case, why)
    before = everything(made.store)
    assert before.count("sister") == 2
    assert "rang us up" in before
    erase(made, case)
    after = everything(made.store)
    assert after.count("sister") == 1
    assert "rang us up" not in after
    with made.store.read() as session:
        events = session.exec(
            select(AnswerEvent).where(AnswerEvent.interview_id == interview)
        ).all()
        assert [e.status for e in events if e.question == "why" and e.kind == "answered"] == [
            "erased", "erased",
        ]  # fmt: skip
        assert not any(NAME in str(e.value) or "sister" in str(e.value) for e in events)
        kept = interviews.standing(session, untouched, now=MONDAY).state
        state = interviews.standing(session, interview, now=MONDAY).state
    assert kept.answers["why"].value == "my sister works there"
    assert (state.answers["pleased"].value, state.answers["more"].value) == ("1", 12)
    assert state.answers["why"].value is None


def test_what_was_asked_because_a_text_was_given_still_counts_and_the_file_says_why(made):
    case = a_client(made)
    interviewed(made, case)
    erase(made, case)
    with made.store.read() as session:
        table = responses.table(session, made.wave_id)
    row = table.rows[0]
    assert row.statuses["why"] == "erased"
    assert "why" not in row.values
    assert row.values["more"] == 12
    header, line = responses_csv(table).decode("utf-8-sig").splitlines()
    cells = dict(zip(header.split(","), line.split(","), strict=True))
    assert (cells["why"], cells["why.status"], cells["more"]) == ("", "erased", "12")


def test_the_audit_trail_counts_what_was_reached_and_its_chain_holds(made):
    case = a_client(made)
    interviewed(made, case)
    with made.store.write() as session:
        why = Decision(made.people[2], MONDAY, f"{NAME} rang us up")
        supervision.reopen(session, case, why)
    erase(made, case)
    with made.store.read() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
        assert first_broken(session) is None
    assert entries[-1].detail == {"cases": 1, "interviews": 1, "reason": "asked in writing"}
    forgotten = next(entry for entry in entries if entry.action == "case.reopened")
    assert set(forgotten.detail["reason"]) == {"erased"}
    assert forgotten.salt == ""
    with made.store.write() as session:
        session.get_one(AuditEntry, forgotten.id).detail = {"reason": "made up", "mistaken": False}
    with made.store.read() as session:
        assert first_broken(session) == forgotten.id


def test_the_do_not_call_list_keeps_the_number_and_forgets_whose_it_was(made):
    case = a_client(made)
    held = made.taken()
    made.dial(held.claim)
    made.outcome(held.claim, "do_not_call")
    erase(made, case)
    with made.store.read() as session:
        listed = session.exec(select(DoNotCall)).one()
    assert (listed.number_hash, listed.reason) == (made.contacts.number_hash(PHONE), "")


def test_erasing_twice_reaches_the_case_alone_and_an_unknown_one_is_named(made):
    case = a_client(made)
    again = a_client(another_wave(made, 2))
    erase(made, case)
    assert erase(made, again).cases == (again,)
    with pytest.raises(ProblemsError, match="FLOOR-013"):
        erase(made, 4711)
