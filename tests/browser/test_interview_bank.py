"""bank-csi in Chromium, by keyboard alone, along routes of different customers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from cati.store.contacts import Contacts
from cati.store.tables import Call, Case
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from survey.store.tables import Interview
from tests.browser.interviewer import GUARD_MS, Interviewer
from tests.desk import a_survey

pytestmark = pytest.mark.browser

FORM = Path("survey/library/bank-csi.md")
# What everybody says at the door; the routes differ in the rest.
DOOR = {"right_person": "1", "consent": "1", "recording": "1", "still_customer": "1",
        "works_in_trade": "2"}  # fmt: skip
CONTENT = {**DOOR, "channels": "123", "complained": "2", "recommend": "10", "improve_all": "12"}
ANGRY = {**DOOR, "channels": "5", "complained": "1", "recommend": "0", "improve_all": "9"}
SILENT = {**DOOR, "channels": "6", "complained": "d", "recommend": "r", "improve_all": "d",
          "birth_year": "r"}  # fmt: skip
TYPED = {"recommend_reason": "they listen", "improve_other": "parking", "birth_year": "1980"}


@pytest.fixture
def interviewer(
    address: str, enter: Callable[[str], Page], store: Store, cipher: FieldCipher
) -> Interviewer:
    contacts = Contacts(cipher, "CN", "Asia/Shanghai")
    a_survey(store, contacts, FORM.read_bytes(), now=utc_now(), cases=5)
    return Interviewer(enter("interviewer"))


def walk(interviewer: Interviewer, route: dict[str, str], *, until: str = "") -> list[str]:
    """Answer question after question by keys; return the names of those asked."""
    page, asked = interviewer.page, list[str]()
    article = page.locator("#pane article")
    while True:
        name = interviewer.question
        if name == until:
            return asked
        asked.append(name)
        answer(interviewer, name, route)
        expect(article.and_(page.locator(f"[data-name={name}]"))).to_have_count(0)
        if "/interview/" not in page.url or article.count() == 0:
            return asked


def answer(interviewer: Interviewer, name: str, route: dict[str, str]) -> None:
    page = interviewer.page
    if name in route:
        interviewer.press(*route[name])
    elif page.locator("#pane [data-text]").count():
        page.keyboard.type(TYPED[name])
    elif page.locator("#pane input").count():
        keys = page.locator("#pane input[name=code]").evaluate_all(
            "options => options.map(option => option.dataset.key)"
        )
        interviewer.press(*keys[-2])
    else:
        page.wait_for_timeout(GUARD_MS)
    interviewer.press("Enter")


def outcomes(store: Store) -> list[str | None]:
    with store.read() as session:
        return [call.outcome for call in session.exec(select(Call).order_by(col(Call.id)))]


def test_customers_of_three_kinds_are_asked_along_three_routes(interviewer, store):
    routes = []
    for kind in (CONTENT, ANGRY, SILENT):
        interviewer.begin()
        routes.append(walk(interviewer, kind))
        interviewer.is_at_the_desk(told="Complete interview")
    content, angry, silent = map(set, routes)
    assert {"branch_visits", "app_use", "complaint_would", "improve_urgent"} <= content
    assert {"call_settled", "complaint_handled", "improve_other"} <= angry
    assert not silent & {"branch_visits", "app_use", "call_settled", "improve_urgent"}
    assert outcomes(store) == ["complete"] * 3
    with store.read() as session:
        closed = session.exec(select(Interview.outcome)).all()
    assert closed == ["complete"] * 3


def test_one_breaks_off_and_is_resumed_and_another_refuses(interviewer, store):
    interviewer.begin()
    walk(interviewer, CONTENT, until="staff_friendly")
    interviewer.press("F8", "p", "Enter")
    interviewer.is_at_the_desk(told="Broken off, to be resumed")
    interviewer.begin()
    walk(interviewer, {**DOOR, "consent": "2"})
    interviewer.is_at_the_desk(told="Refused firmly")
    with store.write() as session:
        held_back = session.exec(select(Case).where(Case.state == "resume")).one()
        held_back.next_at = utc_now() - timedelta(minutes=1)
    interviewer.begin()
    interviewer.sees("staff_friendly")
    walk(interviewer, CONTENT)
    interviewer.is_at_the_desk(told="Complete interview")
    assert outcomes(store) == ["break_off", "hard_refusal", "complete"]
