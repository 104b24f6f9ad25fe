"""A case as the supervisor sees it, and the acts that put it right."""

from __future__ import annotations

import pytest
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from cati.rules.queue import CaseState
from cati.store import desk
from cati.store.claims import Claim
from cati.store.contacts import NAME, Contacts
from cati.store.tables import Case, Contact
from foundation.database import utc_now
from tests.desk import a_survey
from tests.web.supervised import (
    DAY,
    WHY,
    a_call,
    a_held_case,
    case_of,
    last_audit,
    person_id,
    text,
)

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def contacts(cipher) -> Contacts:
    return Contacts(cipher, "CN", "Asia/Shanghai")


@pytest.fixture
def wave(app, store, contacts) -> int:
    return a_survey(store, contacts, now=utc_now() - DAY)


@pytest.fixture
def supervisor(wave, as_role):
    return as_role(Role.SUPERVISOR)


def act(browser, case_id: int, name: str, **form) -> str:
    """Send one of the forms of a case and return the page that follows, as text."""
    browser.get(f"/cases/{case_id}")
    reply = browser.post(f"/cases/{case_id}/{name}", {**WHY, **form}, follow_redirects=True)
    return text(reply)


def test_a_case_shows_its_history_notes_and_masked_numbers(supervisor, wave, store, contacts):
    case_id = a_call(store, contacts, wave, "soft_refusal", utc_now())
    reply = supervisor.get(f"/cases/{case_id}")
    page = text(reply)
    assert "Refused, may be asked once more" in page
    assert "138****" in page
    assert "+86138" not in page
    assert "王女士" in page
    assert "refused, to be asked once more" in page


def test_an_appointment_stands_in_the_history_with_its_time_and_who_keeps_it(
    supervisor, wave, store, contacts
):
    case_id = a_call(store, contacts, wave, "", utc_now(), when="2030-11-25 15:00")
    page = text(supervisor.get(f"/cases/{case_id}"))
    assert "Appointment 2030-11-25 15:00 exactly · kept by Interviewer" in page


def test_who_looks_at_a_case_is_in_the_audit_trail(supervisor, wave, store):
    supervisor.get("/cases/1")
    with store.read() as session:
        viewed = session.exec(select(AuditEntry).where(AuditEntry.action == "case.viewed")).one()
    assert (viewed.subject, viewed.person_id) == ("case 1", person_id(store, "supervisor"))


def test_hostile_names_variables_and_notes_stay_text(supervisor, wave, store, contacts):
    case_id = a_call(store, contacts, wave, "no_answer", utc_now())
    with store.write() as session:
        case = session.get_one(Case, case_id)
        case.variables = {HOSTILE: HOSTILE}
        case.stratum = case.language = HOSTILE[:16]
        session.get_one(Contact, case.contact_id).name = contacts.seal(HOSTILE, NAME)
        claim = Claim(case_id, case.fence, person_id(store, "interviewer"))
        desk.add_note(session, contacts, claim, HOSTILE, now=utc_now(), is_late=True)
    page = supervisor.get(f"/cases/{case_id}").get_data(as_text=True)
    assert "<img" not in page
    assert page.count("&lt;img") >= 4
    assert "sent a note on case" in text(supervisor.get("/floor/"))


def test_a_case_is_taken_back_by_name_and_with_a_reason(supervisor, wave, store, contacts):
    case_id = a_held_case(store, contacts, wave, utc_now())
    assert f"Take case {case_id} back from Interviewer" in text(supervisor.get(f"/cases/{case_id}"))
    page = act(supervisor, case_id, "take-back")
    assert f"Case {case_id} is taken back" in page
    assert case_of(store, case_id).claimed_by is None
    entry = last_audit(store)
    assert (entry.action, entry.subject) == ("case.taken_back", f"case {case_id}")
    assert entry.detail["reason"] == WHY["reason"]
    assert entry.person_id == person_id(store, "supervisor")


def test_no_act_without_a_reason_of_some_words(supervisor, wave, store, contacts):
    case_id = a_held_case(store, contacts, wave, utc_now())
    for reason in ("", "   ", "x" * 201):
        page = act(supervisor, case_id, "take-back", reason=reason)
        assert "the reason is empty or longer than 200 characters." in page
    assert case_of(store, case_id).claimed_by is not None


def test_a_case_is_kept_for_an_interviewer_or_given_to_anyone(supervisor, wave, store):
    who = person_id(store, "interviewer")
    assert "Case 2 is reassigned." in act(supervisor, 2, "reassign", person=str(who))
    assert case_of(store, 2).for_person == who
    act(supervisor, 2, "reassign", person="")
    assert case_of(store, 2).for_person is None


def test_a_case_is_kept_for_interviewers_alone(supervisor, wave, store):
    other = person_id(store, "executive")
    assert "there is no such interviewer" in act(supervisor, 2, "reassign", person=str(other))
    assert case_of(store, 2).for_person is None


def test_what_cannot_be_read_changes_nothing(supervisor, wave, store):
    assert "cannot be read" in act(supervisor, 2, "reassign", person="everybody")
    assert "cannot be read" in act(supervisor, 2, "take-back", surprise="1")
    assert last_audit(store).action == "login"


def test_a_case_that_somebody_works_on_is_taken_back_first(supervisor, wave, store, contacts):
    case_id = a_held_case(store, contacts, wave, utc_now())
    assert "somebody is working on case" in act(supervisor, case_id, "reassign", person="")
    assert "somebody is working on case" in act(
        supervisor, case_id, "close", outcome="out_of_sample"
    )
    assert case_of(store, case_id).state is not CaseState.CLOSED


def test_a_closed_case_is_opened_again_and_the_mistake_does_not_count(
    supervisor, wave, store, contacts
):
    case_id = a_call(store, contacts, wave, "hard_refusal", utc_now())
    page = act(supervisor, case_id, "reopen", mistaken="true")
    assert f"Case {case_id} is open again." in page
    assert "entered by mistake, does not count" in page
    case = case_of(store, case_id)
    assert (case.state, case.code) == (CaseState.RETRY, "3.11")
    assert last_audit(store).detail == {"reason": WHY["reason"], "mistaken": True}
    assert "is not closed" in act(supervisor, case_id, "reopen")


def test_a_case_is_closed_for_what_no_call_brought_about(supervisor, wave, store):
    assert "Case 3 is closed." in act(supervisor, 3, "close", outcome="out_of_sample")
    assert case_of(store, 3).code == "4.10"
    assert "is closed. Open it again first." in act(supervisor, 3, "close", outcome="deceased")


def test_a_complete_interview_is_never_set_by_hand(supervisor, wave, store):
    assert "never set by hand" in act(supervisor, 3, "close", outcome="complete")
    assert case_of(store, 3).state is CaseState.FRESH


def test_a_person_is_erased_when_the_number_of_the_case_is_typed(supervisor, wave, store):
    assert "is not the number of this case" in act(supervisor, 1, "erase", typed="yes")
    assert "王女士" in text(supervisor.get("/cases/1"))
    assert "This reaches 1 case in 1 wave and 0 interviews." in text(supervisor.get("/cases/1"))
    page = act(supervisor, 1, "erase", typed=" 1 ")
    assert "The person of case 1 is erased." in page
    assert "王女士" not in page
    assert "138****" not in page
    assert last_audit(store).action == "person.erased"
    assert "Open it again" not in page


def test_a_case_is_found_by_number_clients_id_or_telephone(supervisor, wave):
    supervisor.get("/floor/")
    for wanted in ("2", "C2", "+86 138 0000 0002", "13800000002", " １３８００００ 0002 "):
        reply = supervisor.post("/cases/find", {"text": wanted})
        assert reply.headers["Location"] == "/cases/2", wanted


def test_what_is_not_found_is_said(supervisor, wave):
    supervisor.get("/floor/")
    page = text(supervisor.post("/cases/find", {"text": "nobody"}))
    assert "No case has the number" in page
    assert "'nobody'" in page.replace("&#39;", "'")


def test_cases_are_listed_by_state_without_their_people(supervisor, wave, store, contacts):
    case_id = a_call(store, contacts, wave, "hard_refusal", utc_now())
    page = text(supervisor.get(f"/cases/waves/{wave}?state=closed"))
    assert "closed 1" in page
    assert "2.112 Refusal by the respondent" in page
    assert "王女士" not in page
    assert case_of(store, case_id).pseudonym in page
    everything = text(supervisor.get(f"/cases/waves/{wave}?state=nonsense&page=-3"))
    assert "All cases 3" in everything


def test_an_unknown_case_is_not_found(supervisor):
    assert supervisor.get("/cases/4711").status_code == 404
    assert supervisor.get("/cases/4711").status_code == 404
