"""A researcher at work: upload, try by keyboard, publish, open a wave, see the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from foundation.database import Store, utc_now
from survey import interviews
from survey.interview.state import Status
from survey.interview.validate import RawAnswer
from survey.interviews import Step
from tests.questionnaires import BRANCH, BROKEN, DEFECTS

pytestmark = pytest.mark.browser

# An Enter sooner than this after a question appeared belongs to the one before.
GUARD_MS = 400


class Trial:
    """The trial's page, worked by keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.article = page.locator("#pane article")

    def sees(self, question: str, *, because: str = "") -> None:
        expect(self.article).to_have_attribute("data-name", question)
        expect(self.page.locator(".because")).to_contain_text(because)
        self.is_ready()

    def is_ready(self) -> None:
        """Each question is a page of its own; its keys work once its script has set the focus."""
        self.page.wait_for_function(
            "document.activeElement?.closest('#pane, [data-accept]') !== null"
        )

    def answer(self, question: str, keys: str) -> None:
        self.sees(question)
        self.page.keyboard.type(keys)
        if not keys:
            self.page.wait_for_timeout(GUARD_MS)
        self.page.keyboard.press("Enter")


@pytest.fixture
def page(enter: Callable[[str], Page]) -> Page:
    return enter("researcher")


def choose(page: Page, source: str, name: str) -> None:
    page.get_by_role("link", name="Questionnaires").click()
    file = {"name": name, "mimeType": "text/markdown", "buffer": source.encode()}
    page.get_by_label("Questionnaire file").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Upload and check").click()


def test_from_a_file_to_the_data(page: Page, store: Store):
    choose(page, BROKEN, "broken.md")
    expect(page.locator(".problems li")).to_have_count(len(DEFECTS))
    choose(page, BRANCH, "branch.md")
    page.get_by_role("link", name="waited").click()
    expect(page.locator(".preview legend").first).to_have_text("How many minutes did you wait?")

    page.get_by_role("link", name="Try it").click()
    expect(page.get_by_role("button", name="Begin")).to_be_focused()
    page.keyboard.press("Enter")
    walk_the_trial(Trial(page))
    page.get_by_role("link", name="End the trial").click()

    page.get_by_role("button", name="Publish version 1").click()
    expect(page.locator(".notice.success")).to_contain_text("This version never changes")
    wave = open_a_wave(page)
    be_interviewed(store, wave)
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.locator(".outcomes")).to_contain_text("Complete interview1")
    row = page.locator(".response-table tbody tr")
    expect(row).to_contain_text("R1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel workbook, codes").click()
    assert Path(download.value.suggested_filename).suffix == ".xlsx"


def walk_the_trial(trial: Trial) -> None:
    page = trial.page
    trial.answer("visited", "1")
    trial.answer("waited", "long")
    expect(page.locator("#said-below")).to_contain_text("'long' is no whole number.")
    trial.answer("waited", "25")
    trial.sees("why", because="${waited} > 20")
    page.keyboard.press("PageUp")
    trial.answer("waited", "5")
    trial.sees("used", because="everybody is asked")
    page.keyboard.press("z")
    expect(page.locator("#said-below")).to_contain_text("z means nothing here")
    page.keyboard.press("F4")
    expect(page.locator("legend.read")).to_have_text("您还用过什么？")
    trial.answer("used", "12")
    expect(page.get_by_role("heading", name="The interview ends here")).to_be_visible()
    expect(page.locator(".trial-answers")).to_contain_text("手机银行; 网上银行")
    trial.is_ready()
    page.keyboard.press("PageUp")
    trial.sees("used")


def open_a_wave(page: Page) -> int:
    page.get_by_role("link", name="Studies").click()
    page.get_by_label("Short name").fill("bank")
    page.get_by_label("Title (English)").fill("Bank")
    page.get_by_role("button", name="Create").click()
    page.get_by_label("Title (English)").fill("Autumn")
    page.get_by_label("Questionnaire").select_option(label="Branch visits · branch 1")
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Open the wave").click()
    expect(page.locator(".state.open")).to_have_text("● open")
    return int(page.url.rsplit("/", 1)[1])


def be_interviewed(store: Store, wave: int) -> None:
    now = utc_now()
    with store.write() as session:
        opened = interviews.open_interview(
            session, wave, 1, "R1", variables={}, design={}, language="en", by=None, now=now
        )
        for seq, name in enumerate(("visited", "used"), start=1):
            raw = RawAnswer(status=Status.DK)
            interviews.answer(session, opened, name, raw, Step(seq, f"k{seq}", None, now))
