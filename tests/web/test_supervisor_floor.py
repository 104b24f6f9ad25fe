"""The floor and the fieldwork of a wave, as supervisors and researchers see them."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from accounts.store.tables import Role
from cati.store.claims import LEASE
from cati.store.contacts import Contacts
from cati.store.tables import Case
from foundation.database import utc_now
from survey import studies
from survey.studies import WavePlan
from tests.desk import a_survey
from tests.web.supervised import DAY, HOUR, MINUTE, a_call, a_held_case, case_of, text

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture
def contacts(cipher) -> Contacts:
    return Contacts(cipher, "CN", "Asia/Shanghai")


@pytest.fixture
def wave(app, store, contacts) -> int:
    return a_survey(store, contacts, now=utc_now() - DAY, cases=6)


@pytest.fixture
def supervisor(app, as_role):
    return as_role(Role.SUPERVISOR)


def floor_of(browser) -> str:
    return text(browser.get("/floor/"))


def test_without_an_open_wave_the_floor_says_why_nobody_is_called(supervisor):
    page = floor_of(supervisor)
    assert "No wave is open" in page
    assert "No interviewer is logged in" in page


def test_the_first_row_has_completes_rates_with_definition_and_cases(
    supervisor, wave, store, contacts
):
    a_call(store, contacts, wave, "hard_refusal", utc_now())
    page = floor_of(supervisor)
    assert "completes, no target set 0" in page
    assert "response rate RR1 0.0 %" in page
    assert "6 cases are released." in page
    assert "Here e = 1.000" in page
    assert "not called yet 5" in page


def test_a_rate_without_a_denominator_is_not_defined(supervisor, store, app):
    with store.write() as session:
        study = studies.create_study(session, "x", title={"en": "X"}, by=None, now=utc_now())
        wave = studies.add_wave(session, study.id, WavePlan({"en": "1"}), by=None, now=utc_now())
        wave.is_open = True
    page = floor_of(supervisor)
    assert "response rate RR1 not defined" in page
    assert "e is not defined yet" in page
    assert "no sample was imported" in page


def test_an_overdue_appointment_asks_for_a_decision_and_leads_to_it(
    supervisor, wave, store, contacts
):
    case_id = a_call(store, contacts, wave, "", utc_now() - 5 * HOUR, when="+1h")
    reply = supervisor.get("/floor/")
    assert f"The appointment of case {case_id} was at" in text(reply)
    assert f'href="/cases/{case_id}#reassign"' in reply.get_data(as_text=True)


def test_a_silent_page_and_a_case_held_too_long_are_told_apart(supervisor, wave, store, contacts):
    case_id = a_held_case(store, contacts, wave, utc_now() - HOUR)
    silent = supervisor.get("/floor/")
    assert "Interviewer fell silent at" in text(silent)
    assert "▲ 1 silent" in text(silent)
    assert f'href="/cases/{case_id}#take-back"' in silent.get_data(as_text=True)
    with store.write() as session:
        session.get_one(Case, case_id).claim_expires = utc_now() + LEASE
    held = floor_of(supervisor)
    assert "fell silent" not in held
    assert f"Interviewer has held case {case_id} since" in held
    assert "● 1 in a call" in held


def test_a_seat_is_free_while_its_interviewer_is_logged_in(supervisor, wave, as_role):
    as_role(Role.INTERVIEWER)
    assert "○ 1 free" in floor_of(supervisor)


def test_after_the_last_new_case_the_floor_asks_for_more_sample(supervisor, wave, store, contacts):
    for _ in range(6):
        a_call(store, contacts, wave, "hard_refusal", utc_now())
    assert "All cases are closed, and the target is not reached." in floor_of(supervisor)


def test_the_live_part_is_sent_anew_only_when_something_changed(supervisor, wave, store, contacts):
    first = supervisor.get("/floor/live")
    etag = first.headers["ETag"]
    again = supervisor.get("/floor/live", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")
    a_held_case(store, contacts, wave, utc_now())
    changed = supervisor.get("/floor/live", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert "1 in a call" in text(changed)
    assert "csrf" not in changed.get_data(as_text=True)


def test_the_wave_shows_outcomes_by_group_rates_by_part_and_appointments(
    supervisor, wave, store, contacts
):
    a_call(store, contacts, wave, "hard_refusal", utc_now())
    a_call(store, contacts, wave, "no_answer", utc_now())
    booked = a_call(store, contacts, wave, "", utc_now(), when="+3h")
    reply = supervisor.get(f"/floor/waves/{wave}")
    page = text(reply)
    assert "R refusals and break-offs 1" in page
    assert "2.112 Refusal by the respondent 1" in page
    assert "3.13 No answer 1" in page
    assert re.search(r"By the interviewer of the last call .* Interviewer 3 0 1 ", page)
    assert f'href="/cases/{booked}"' in reply.get_data(as_text=True)


def test_a_researcher_sees_the_wave_without_interviewers_and_cases(as_role, wave, store, contacts):
    a_call(store, contacts, wave, "hard_refusal", utc_now())
    booked = a_call(store, contacts, wave, "", utc_now(), when="+3h")
    reply = as_role(Role.RESEARCHER).get(f"/floor/waves/{wave}")
    page = reply.get_data(as_text=True)
    assert reply.status_code == 200
    assert "2.112" in page
    assert "By the interviewer" not in page
    assert f"/cases/{booked}" not in page
    assert "王" not in page
    assert "138" not in text(reply)


def test_a_wave_that_is_none_of_interviews_is_not_found(supervisor, app):
    assert supervisor.get("/floor/waves/4711").status_code == 404
    assert supervisor.get("/samples/waves/4711").status_code == 404
    assert supervisor.get("/cases/waves/4711").status_code == 404


def test_a_hostile_title_and_stratum_stay_text(supervisor, store, wave):
    with store.write() as session:
        for case in session.exec(select(Case)):
            case.stratum = HOSTILE
        studies.wave(session, wave).title = {"en": HOSTILE}
        studies.study(session, studies.wave(session, wave).study_id).title = {"en": HOSTILE}
    for path in (f"/floor/waves/{wave}", "/floor/", f"/samples/waves/{wave}", "/samples/",
                 f"/cases/waves/{wave}"):  # fmt: skip
        page = supervisor.get(path).get_data(as_text=True)
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page


def test_an_appointment_late_by_a_quarter_of_an_hour_is_flagged_to_its_interviewer(
    as_role, wave, store, contacts
):
    case_id = a_call(store, contacts, wave, "", utc_now() - 5 * HOUR, when="+1h")
    desk = as_role(Role.INTERVIEWER)
    desk.get("/desk")
    page = text(desk.post("/desk/next", follow_redirects=True))
    assert f"Case {case_id}" in page
    assert "overdue" in page
    with store.write() as session:
        session.get_one(Case, case_id).due_at = utc_now() - 5 * MINUTE
    assert "overdue" not in text(desk.get(f"/case/{case_id}"))
    assert case_of(store, case_id).claimed_by is not None
