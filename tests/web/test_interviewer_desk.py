"""The interviewer's desk and the page of a case, from the next case to what came of the call."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from accounts.store.tables import AuditEntry, Role
from cati.store.contacts import Contacts
from cati.store.tables import Appointment, Call, Case
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from survey import studies
from tests.desk import a_survey

KEY = "0123456789abcdef-{}"


@pytest.fixture
def contacts(cipher: FieldCipher) -> Contacts:
    return Contacts(cipher, "CN", "Asia/Shanghai")


@pytest.fixture
def survey(app, store: Store, contacts: Contacts) -> int:
    return a_survey(store, contacts, now=utc_now())


@pytest.fixture
def desk(survey, as_role):
    return as_role(Role.INTERVIEWER)


def take(browser) -> tuple[str, int, int]:
    """Press Next case; return the page of the case, its id and the fence."""
    browser.get("/desk")
    reply = browser.post("/desk/next", follow_redirects=True)
    page = reply.get_data(as_text=True)
    return page, *(int(re.findall(rf'data-{n}="(\d+)"', page)[0]) for n in ("case", "fence"))


def dial(browser, case_id: int, fence: int, key: str = KEY.format("dial"), number: int = 0):
    return browser.send(f"/case/{case_id}/dial", {"fence": fence, "key": key, "number": number})


def in_call(browser) -> tuple[int, int]:
    _, case_id, fence = take(browser)
    assert dial(browser, case_id, fence).status_code == 200
    return case_id, fence


def rows(store: Store, table):
    with store.read() as session:
        return list(session.exec(select(table)))


def case_of(store: Store, case_id: int):
    with store.read() as session:
        return session.get_one(Case, case_id)


def test_the_desk_offers_the_next_case_and_the_figures_of_the_day(desk):
    page = desk.get("/desk").get_data(as_text=True)
    assert "Next case" in page
    assert "Your appointments" in page
    assert page.count("<dd>0</dd>") == 3


def test_without_a_sample_the_desk_says_why_there_is_no_case(app, as_role):
    browser = as_role(Role.INTERVIEWER)
    browser.get("/desk")
    page = browser.post("/desk/next").get_data(as_text=True)
    assert "There is no case for you now." in page
    assert "<li>" in page
    assert "[FLOOR" not in page


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.RESEARCHER, Role.EXECUTIVE, Role.ADMIN])
def test_only_interviewers_take_cases(survey, as_role, role):
    browser = as_role(role)
    assert browser.get("/desk").status_code == 403
    assert browser.post("/desk/next").status_code == 403
    assert browser.get("/case/1").status_code == 403
    assert browser.get("/interview/1").status_code == 403


def test_the_page_of_a_case_shows_the_number_in_part_and_whom_to_ask_for(desk):
    page, _, _ = take(desk)
    assert "138****" in page
    assert "+86138" not in page
    assert "王女士" in page
    assert "attempt 1 of" in page
    assert "Shanghai" in page
    assert "North" in page


def test_the_case_in_hand_is_offered_again(desk):
    _, case_id, _ = take(desk)
    assert "Go on with it" in desk.get("/desk").get_data(as_text=True)
    assert take(desk)[1] == case_id


def test_dialling_gives_the_full_number_once_and_notes_who_saw_it(desk, store):
    _, case_id, fence = take(desk)
    reply = dial(desk, case_id, fence).get_json()
    assert reply["tel"].startswith("tel:+86138")
    assert reply["number"].replace(" ", "").startswith("138")
    page = desk.get(f"/case/{case_id}").get_data(as_text=True)
    assert "in the call" in page
    assert reply["number"] not in page
    assert "number.dialled" in {entry.action for entry in rows(store, AuditEntry)}


def test_a_dial_sent_twice_is_one_call(desk, store):
    _, case_id, fence = take(desk)
    first = dial(desk, case_id, fence).get_json()
    second = dial(desk, case_id, fence).get_json()
    assert first["number"] == second["number"]
    assert len(rows(store, Call)) == 1


def test_a_second_dial_waits_for_the_outcome_of_the_first(desk, store):
    case_id, fence = in_call(desk)
    reply = dial(desk, case_id, fence, key=KEY.format("again"))
    assert reply.status_code == 422
    assert "no outcome yet" in reply.get_json()["problems"][0]
    assert len(rows(store, Call)) == 1


def test_an_outcome_ends_the_call_and_says_when_the_case_comes_again(desk, store):
    case_id, fence = in_call(desk)
    form = {"outcome": "busy", "fence": fence, "key": KEY.format("busy")}
    reply = desk.post(f"/case/{case_id}/outcome", form, follow_redirects=True)
    assert "Recorded: Busy. The case comes again from" in reply.get_data(as_text=True)
    assert [call.outcome for call in rows(store, Call)] == ["busy"]
    assert [case.claimed_by for case in rows(store, Case)] == [None, None, None]


def test_an_outcome_sent_twice_is_recorded_once(desk, store):
    case_id, fence = in_call(desk)
    form = {"outcome": "no_answer", "fence": fence, "key": KEY.format("none")}
    for _ in range(2):
        reply = desk.post(f"/case/{case_id}/outcome", form, follow_redirects=True)
        assert "Recorded: No answer." in reply.get_data(as_text=True)
    assert [call.outcome for call in rows(store, Call)] == ["no_answer"]


def test_an_unknown_outcome_changes_nothing_and_stays_on_the_case(desk, store):
    case_id, fence = in_call(desk)
    form = {"outcome": "complete", "fence": fence, "key": KEY.format("x")}
    page = desk.post(f"/case/{case_id}/outcome", form, follow_redirects=True)
    assert "is not an outcome that can be recorded here" in page.get_data(as_text=True)
    assert [call.outcome for call in rows(store, Call)] == [None]


def test_never_call_again_closes_the_case(desk, store):
    case_id, fence = in_call(desk)
    form = {"outcome": "do_not_call", "fence": fence, "key": KEY.format("dnc")}
    page = desk.post(f"/case/{case_id}/outcome", form, follow_redirects=True)
    assert "The case is closed." in page.get_data(as_text=True)
    assert case_of(store, case_id).state == "closed"


def test_a_time_is_read_back_in_the_persons_clock(desk):
    case_id, _ = in_call(desk)
    reply = desk.send(f"/case/{case_id}/time", {"when": "tomorrow 5pm"})
    assert reply.get_json()["theirs"].endswith("17:00")
    assert reply.get_json()["mine"] == ""


def test_a_time_elsewhere_is_read_back_in_both_clocks(desk, store):
    case_id, _ = in_call(desk)
    with store.write() as session:
        session.get_one(Case, case_id).zone = "Asia/Kathmandu"
    reply = desk.send(f"/case/{case_id}/time", {"when": "tomorrow 17:00"}).get_json()
    assert reply["theirs"].endswith("17:00")
    assert "your clock:" in reply["mine"]
    assert reply["mine"].endswith("19:15")


@pytest.mark.parametrize("when", ["yesterday", "2020-01-01 10:00", "soon", "tomorrow", ""])
def test_a_time_that_cannot_be_kept_is_refused_in_words(desk, store, when):
    case_id, fence = in_call(desk)
    assert desk.send(f"/case/{case_id}/time", {"when": when}).status_code == 422
    entry = {"when": when, "fence": fence, "key": KEY.format("appt")}
    reply = desk.send(f"/case/{case_id}/appointment", entry)
    assert reply.status_code == 422
    assert reply.get_json()["problems"][0]
    assert rows(store, Appointment) == []


def test_an_appointment_ends_the_call_and_stands_on_the_desk_of_who_keeps_it(desk, store):
    case_id, fence = in_call(desk)
    entry = {"when": "tomorrow 5pm", "for_me": True, "name": "Ms Li", "note": "prefers evenings",
             "fence": fence, "key": KEY.format("appt")}  # fmt: skip
    reply = desk.send(f"/case/{case_id}/appointment", entry)
    assert reply.get_json()["url"] == "/desk"
    page = desk.get("/desk").get_data(as_text=True)
    assert "Recorded: Appointment." in page
    assert f"<td>{case_id}</td>" in page
    assert "17:00" in page
    assert "Ms Li" not in rows(store, Appointment)[0].name


def test_an_appointment_of_a_wave_that_was_closed_waits_on_no_desk(desk, store, survey):
    case_id, fence = in_call(desk)
    entry = {"when": "tomorrow 5pm", "for_me": True, "fence": fence, "key": KEY.format("appt")}
    desk.send(f"/case/{case_id}/appointment", entry)
    with store.write() as session:
        studies.set_open(session, survey, is_open=False, by=None, now=utc_now())
    assert f"<td>{case_id}</td>" not in desk.get("/desk").get_data(as_text=True)


def test_a_note_is_kept_for_the_next_caller(desk):
    _, case_id, fence = take(desk)
    form = {"text": "call after six", "fence": fence, "key": KEY.format("note")}
    page = desk.post(f"/case/{case_id}/note", form, follow_redirects=True)
    assert "call after six" in page.get_data(as_text=True)


def test_a_case_given_back_is_free_again(desk, store):
    _, case_id, fence = take(desk)
    page = desk.post(f"/case/{case_id}/release", {"fence": fence, "key": KEY.format("back")},
                     follow_redirects=True)  # fmt: skip
    assert "The case is given back." in page.get_data(as_text=True)
    assert case_of(store, case_id).claimed_by is None


def test_a_case_of_somebody_else_is_as_good_as_none(desk):
    desk.get("/desk")
    assert desk.get("/case/3").headers["Location"] == "/desk"
    assert desk.get("/case/99").headers["Location"] == "/desk"
    assert dial(desk, 3, 0).status_code == 410
    assert dial(desk, 99, 0).status_code == 410
    assert desk.send("/case/3/time", {"when": "+2h"}).status_code == 410


def test_a_heartbeat_keeps_the_case_until_somebody_else_has_it(desk, store):
    _, case_id, fence = take(desk)
    before = case_of(store, case_id).claim_expires
    assert desk.send(f"/case/{case_id}/heartbeat", {"fence": fence}).status_code == 200
    assert case_of(store, case_id).claim_expires >= before
    with store.write() as session:
        session.get_one(Case, case_id).fence += 1
    reply = desk.send(f"/case/{case_id}/heartbeat", {"fence": fence})
    assert reply.status_code == 410
    assert reply.get_json()["url"] == "/desk"


def test_a_heartbeat_takes_no_case_that_one_never_had(desk, store):
    desk.get("/desk")
    for case in rows(store, Case):
        assert desk.send(f"/case/{case.id}/heartbeat", {"fence": case.fence}).status_code == 410
    assert {case.claimed_by for case in rows(store, Case)} == {None}


def test_entries_that_no_page_sends_are_refused(desk, store):
    _, case_id, fence = take(desk)
    for entry in (
        {"fence": fence, "key": KEY.format("dial"), "number": 0, "by": 3},
        {"fence": fence, "key": "short", "number": 0},
        {"fence": "one", "key": KEY.format("dial"), "number": 0},
        ["not", "an", "entry"],
    ):
        reply = desk.send(f"/case/{case_id}/dial", entry)
        assert reply.status_code == 422
        assert reply.get_json()["problems"]
    assert rows(store, Call) == []


def test_a_name_with_markup_is_shown_as_text(desk, store, contacts):
    with store.write() as session:
        from cati.store.tables import Contact

        for contact in session.exec(select(Contact)):
            contact.name = contacts.seal("<script>alert(1)</script>", "contact.name")
    page, _, _ = take(desk)
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
