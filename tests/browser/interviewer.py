"""An interviewer at the keyboard: presses keys and reads the screen, never touches the mouse."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

# An Enter sooner than this after a question appeared belongs to the one before.
GUARD_MS = 400


class Interviewer:
    """One page, worked by keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def take(self) -> None:
        """Next case."""
        self.press("Enter")
        self.page.wait_for_url("**/case/*")

    def dial(self) -> None:
        self.press("Enter")
        expect(self.page.locator("#in-call")).to_be_visible()

    def begin(self) -> None:
        """From the desk into the interview."""
        self.take()
        self.dial()
        self.press("Enter")
        self.page.wait_for_url("**/interview/*")
        self.is_saved()

    @property
    def question(self) -> str:
        return self.page.locator("#pane article").get_attribute("data-name") or ""

    def sees(self, question: str) -> None:
        expect(self.page.locator("#pane article")).to_have_attribute("data-name", question)

    def is_saved(self) -> None:
        expect(self.page.locator("#saved")).to_have_class(re.compile("saved saved"))

    def answer(self, question: str, *keys: str, text: str = "") -> None:
        """Answer the question on the screen, which is `question`, and go on."""
        self.sees(question)
        self.press(*keys)
        if text:
            self.page.keyboard.type(text)
        if not keys and not text:
            self.page.wait_for_timeout(GUARD_MS)
        self.press("Enter")

    def is_at_the_desk(self, *, told: str) -> None:
        self.page.wait_for_url("**/desk")
        expect(self.page.locator(".notice.success").first).to_contain_text(told)
