"""An interviewer asks for the supervisor; the floor shows it until somebody answers."""

from __future__ import annotations

import re

import pytest
from sqlmodel import select

from accounts.store.tables import Role
from cati.store.contacts import Contacts
from cati.store.tables import SupervisorRequest
from foundation.database import utc_now
from tests.desk import a_survey
from tests.web.supervised import DAY, a_held_case, case_of, person_id, text


@pytest.fixture
def contacts(cipher) -> Contacts:
    return Contacts(cipher, "CN", "Asia/Shanghai")


@pytest.fixture
def held(app, store, contacts) -> int:
    wave = a_survey(store, contacts, now=utc_now() - DAY)
    return a_held_case(store, contacts, wave, utc_now())


@pytest.fixture
def interviewer(held, as_role):
    browser = as_role(Role.INTERVIEWER)
    browser.get(f"/case/{held}")
    return browser


@pytest.fixture
def supervisor(held, as_role):
    return as_role(Role.SUPERVISOR)


def ask(browser, store, case_id: int):
    fence = case_of(store, case_id).fence
    return browser.send(f"/case/{case_id}/supervisor", {"fence": fence})


def beat(browser, store, case_id: int) -> dict[str, str]:
    fence = case_of(store, case_id).fence
    return browser.send(f"/case/{case_id}/heartbeat", {"fence": fence}).get_json()


def rows(store) -> list[SupervisorRequest]:
    with store.read() as session:
        return list(session.exec(select(SupervisorRequest)))


def answer(browser, request_id: object) -> str:
    browser.get("/floor/")
    form = {"request": str(request_id)}
    return text(browser.post("/floor/answered", form, follow_redirects=True))


def test_a_request_stands_on_the_floor_until_it_is_answered(interviewer, supervisor, held, store):
    reply = ask(interviewer, store, held)
    assert reply.status_code == 200
    assert reply.get_json()["asked"] == rows(store)[0].at.isoformat()
    floor = supervisor.get("/floor/").text
    assert re.search(rf"Interviewer has been asking for you since .+, with case {held} in", floor)
    assert "supervisor asked for</span>" in interviewer.get(f"/case/{held}").text
    assert beat(interviewer, store, held)["asked"]
    assert "Marked as answered." in answer(supervisor, rows(store)[0].id)
    assert "asking for you" not in supervisor.get("/floor/live").text
    assert beat(interviewer, store, held)["asked"] == ""
    assert "supervisor asked for</span>" not in interviewer.get(f"/case/{held}").text
    assert rows(store)[0].answered_by == person_id(store, "supervisor")


def test_a_request_comes_before_everything_else(interviewer, supervisor, held, store):
    from cati.oversight import MatterKind

    assert next(iter(MatterKind)) is MatterKind.ASKED
    ask(interviewer, store, held)
    live = supervisor.get("/floor/live").text
    assert live.index("asking for you") < live.index('id="seats-title"')


def test_pressed_twice_it_is_one_request_since_the_first(interviewer, store, held):
    first, second = (ask(interviewer, store, held).get_json() for _ in range(2))
    assert first == second
    assert len(rows(store)) == 1


def test_after_the_answer_one_may_ask_again(interviewer, supervisor, held, store):
    ask(interviewer, store, held)
    answer(supervisor, rows(store)[0].id)
    ask(interviewer, store, held)
    assert [row.answered_at is None for row in rows(store)] == [False, True]


def test_an_answer_counts_once(interviewer, supervisor, held, store):
    ask(interviewer, store, held)
    answer(supervisor, rows(store)[0].id)
    before = rows(store)[0].answered_at
    assert "Somebody has answered already." in answer(supervisor, rows(store)[0].id)
    assert "Nothing was changed." in answer(supervisor, "999999999999")
    assert rows(store)[0].answered_at == before


def test_one_asks_only_with_a_case_of_ones_own(interviewer, supervisor, held, store):
    reply = interviewer.send(f"/case/{held}/supervisor", {"fence": case_of(store, held).fence + 1})
    assert reply.status_code == 410
    assert interviewer.send(f"/case/{held}/supervisor", {"fence": "x"}).status_code == 422
    supervisor.get("/floor/")
    assert ask(supervisor, store, held).status_code == 403
    assert interviewer.post("/floor/answered", {"request": "1"}).status_code == 403
    assert interviewer.client.post(f"/case/{held}/supervisor", json={}).status_code == 400
    assert rows(store) == []
