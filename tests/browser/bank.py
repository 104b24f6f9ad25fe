"""Customers of three kinds on the telephone, and an interviewer who walks them through bank-csi."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.interviewer import GUARD_MS, Interviewer

FORM = Path("survey/library/bank-csi.md")
# What everybody says at the door; the routes differ in the rest.
DOOR = {"right_person": "1", "consent": "1", "recording": "1", "still_customer": "1",
        "works_in_trade": "2"}  # fmt: skip
CONTENT = {**DOOR, "channels": "123", "complained": "2", "recommend": "10", "improve_all": "12"}
ANGRY = {**DOOR, "channels": "5", "complained": "1", "recommend": "0", "improve_all": "9"}
SILENT = {**DOOR, "channels": "6", "complained": "d", "recommend": "r", "improve_all": "d",
          "birth_year": "r"}  # fmt: skip
UNWILLING = {**DOOR, "consent": "2"}
TYPED = {"recommend_reason": "they listen", "improve_other": "parking", "birth_year": "1980"}


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
    """Answer one question as its route says, else by the last choice but one."""
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
