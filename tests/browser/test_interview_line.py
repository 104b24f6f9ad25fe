"""Interviews on a bad line: nothing entered is lost, doubled, or left unsaid."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlmodel import col, select

from cati.store.contacts import Contacts
from cati.store.tables import Case, CaseNote
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from survey.store.tables import AnswerEvent
from tests.browser.conftest import PASSWORD
from tests.browser.interviewer import Interviewer
from tests.desk import a_survey

pytestmark = pytest.mark.browser


@pytest.fixture
def interviewer(
    address: str, enter: Callable[[str], Page], store: Store, cipher: FieldCipher
) -> Iterator[Interviewer]:
    """An interviewer two answers into an interview; the page may show no error."""
    a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now())
    page, errors = enter("interviewer"), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    found = Interviewer(page)
    found.begin()
    found.answer("right", "1")
    found.answer("overall", "6")
    found.sees("channels")
    found.is_saved()
    yield found
    assert errors == []


def events(store: Store) -> list[tuple[str, str | None, object]]:
    with store.read() as session:
        query = select(AnswerEvent).where(col(AnswerEvent.kind).in_(["answered", "noted"]))
        found = session.exec(query.order_by(col(AnswerEvent.id)))
        return [(str(event.kind), event.question, event.value) for event in found][2:]


def lose_the_case(store: Store) -> None:
    with store.write() as session:
        case = session.exec(select(Case).where(col(Case.claimed_by).is_not(None))).one()
        case.fence += 1
        case.claimed_by = case.claimed_at = case.claim_expires = None


def state(interviewer: Interviewer):
    return interviewer.page.locator("#saved")


def test_offline_everything_is_kept_and_goes_out_in_order_when_the_line_is_back(
    interviewer, context: BrowserContext, store
):
    context.set_offline(True)
    interviewer.press("2", "Enter")
    expect(state(interviewer)).to_have_text(re.compile("offline, 1 kept on this computer"))
    interviewer.press("F2")
    interviewer.page.keyboard.type("line was bad")
    interviewer.press("Enter")
    expect(state(interviewer)).to_have_text(re.compile("offline, 2 kept on this computer"))
    interviewer.sees("channels")
    assert events(store) == []
    context.set_offline(False)
    interviewer.sees("wish")
    interviewer.is_saved()
    assert events(store) == [("answered", "channels", ["2"]), ("noted", "channels", "line was bad")]


def test_what_waits_outlives_a_reload(interviewer, store):
    interviewer.page.route("**/answers", lambda route: route.abort())
    interviewer.press("2", "Enter")
    expect(state(interviewer)).to_have_text(re.compile("1 kept on this computer"))
    interviewer.page.unroute("**/answers")
    interviewer.page.on("dialog", lambda dialog: dialog.accept())
    interviewer.page.reload()
    interviewer.sees("wish")
    assert events(store) == [("answered", "channels", ["2"])]


def test_an_answer_whose_reply_was_lost_is_stored_once(interviewer, store):
    replies: list[int] = []

    def lose(route: Route) -> None:
        replies.append(route.fetch().status)
        route.abort() if len(replies) == 1 else route.continue_()

    interviewer.page.route("**/answers", lose)
    interviewer.press("2", "Enter")
    interviewer.sees("wish")
    assert replies[0] == 200
    assert len(replies) > 1
    expect(interviewer.page.locator("#said-below")).to_be_empty()
    assert events(store) == [("answered", "channels", ["2"])]


def test_the_last_answer_whose_reply_was_lost_still_leads_to_the_desk(interviewer, store):
    interviewer.answer("channels", "2")
    interviewer.answer("wish", text="-")
    interviewer.answer("opened", "d")
    interviewer.answer("recommend", "9")
    interviewer.sees("thanks")
    lost: list[int] = []

    def lose(route: Route) -> None:
        if not lost:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    interviewer.page.route("**/answers", lose)
    interviewer.answer("thanks")
    interviewer.page.wait_for_url("**/desk")
    assert lost == [200]
    assert events(store)[-1] == ("answered", "thanks", None)


def test_a_server_in_trouble_is_waited_for(interviewer, store):
    tries: list[int] = []

    def fail(route: Route) -> None:
        tries.append(1)
        if len(tries) < 3:
            route.fulfill(status=503, json={"problem": "the store cannot be reached"})
        else:
            route.continue_()

    interviewer.page.route("**/answers", fail)
    interviewer.press("2", "Enter")
    interviewer.sees("wish")
    assert events(store) == [("answered", "channels", ["2"])]


def test_a_second_window_of_the_interview_is_refused(interviewer, context: BrowserContext, store):
    second = context.new_page()
    second.goto(interviewer.page.url)
    expect(second.locator("#second")).to_be_visible()
    second.keyboard.press("2")
    second.keyboard.press("Enter")
    second.close()
    interviewer.answer("channels", "1")
    interviewer.sees("visits")
    assert events(store) == [("answered", "channels", ["1"])]


def test_after_a_login_ran_out_the_answer_waits_for_the_new_one(
    interviewer, context: BrowserContext, store, address
):
    other = context.new_page()
    other.goto(f"{address}/desk")
    other.get_by_role("button", name="Log out").click()
    other.wait_for_url("**/login")
    interviewer.page.bring_to_front()
    interviewer.press("2", "Enter")
    expect(state(interviewer)).to_have_text(re.compile("logged out, 1 kept on this computer"))
    expect(interviewer.page.get_by_role("link", name="Log in again")).to_be_visible()
    other.bring_to_front()
    other.get_by_label("Login", exact=True).fill("interviewer")
    other.get_by_label("Password").fill(PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/desk")
    interviewer.page.bring_to_front()
    interviewer.sees("wish")
    assert events(store) == [("answered", "channels", ["2"])]


def test_where_the_browser_has_no_locks_a_second_window_is_refused_too(
    interviewer, context: BrowserContext
):
    context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    interviewer.page.reload()
    interviewer.is_saved()
    second = context.new_page()
    second.goto(interviewer.page.url)
    expect(second.locator("#second")).to_be_visible()
    third = context.new_page()
    interviewer.page.goto("about:blank")
    third.goto(second.url)
    expect(third.locator("#saved")).to_have_class(re.compile("saved saved"))


def test_what_an_interrupted_interview_left_is_sent_from_the_desk(interviewer, address, store):
    interviewer.page.route("**/answers", lambda route: route.abort())
    interviewer.press("2", "Enter")
    expect(state(interviewer)).to_have_text(re.compile("1 kept on this computer"))
    interviewer.page.unroute("**/answers")
    interviewer.page.on("dialog", lambda dialog: dialog.accept())
    with interviewer.page.expect_response("**/answers") as sent:
        interviewer.page.goto(f"{address}/desk")
    assert sent.value.status == 200
    assert events(store) == [("answered", "channels", ["2"])]


def test_what_is_left_of_a_case_that_was_lost_is_kept_for_the_supervisor(
    interviewer, address, store
):
    interviewer.page.route("**/answers", lambda route: route.abort())
    interviewer.press("2", "Enter")
    expect(state(interviewer)).to_have_text(re.compile("1 kept on this computer"))
    lose_the_case(store)
    interviewer.page.unroute("**/answers")
    interviewer.page.on("dialog", lambda dialog: dialog.accept())
    with interviewer.page.expect_response("**/answers") as sent:
        interviewer.page.goto(f"{address}/desk")
    assert sent.value.status == 410
    assert events(store) == []
    with store.read() as session:
        assert session.exec(select(CaseNote.is_late)).all() == [True]


def test_out_of_step_the_page_draws_where_the_interview_stands(interviewer, store, address):
    moved = """async (address) => {
        const bar = document.getElementById("bar").dataset, work = document.getElementById("work");
        const entry = {question: "channels", status: "answered", codes: ["1"], fence: +bar.fence,
            case: +bar.case, expected: +work.dataset.seq + 2, key: crypto.randomUUID()};
        const token = document.querySelector("meta[name=csrf-token]").content;
        const reply = await fetch(`${work.dataset.address}/answers`, {method: "POST",
            headers: {"Content-Type": "application/json", "X-CSRFToken": token,
                      "X-Requested-With": "soundings"}, body: JSON.stringify(entry)});
        return reply.status;
    }"""
    assert interviewer.page.evaluate(moved) == 200
    interviewer.press("2", "Enter")
    interviewer.sees("visits")
    said = interviewer.page.locator("#said-below")
    expect(said).to_contain_text("had been answered already")
    expect(said).to_contain_text("Not saved, please enter anew: channels")
    assert events(store) == [("answered", "channels", ["1"])]


def test_a_case_lost_to_somebody_else_is_said_plainly(interviewer, store):
    lose_the_case(store)
    interviewer.press("2", "Enter")
    stopped = interviewer.page.locator("#stopped")
    expect(stopped).to_contain_text("no longer yours")
    interviewer.press("Enter")
    interviewer.page.wait_for_url("**/desk")
    assert events(store) == []
