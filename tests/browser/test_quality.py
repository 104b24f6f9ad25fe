"""Quality, planning and the check of published tables in Chromium, answered by a real worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from foundation import queue
from foundation.database import Store
from foundation.settings import Settings
from foundation.tables import Job, JobState
from tests.outside import add_mobi

pytestmark = pytest.mark.browser
QUALITY = "analysis.qualityjobs."


@pytest.fixture
def work(store: Store, settings: Settings) -> Callable[[], None]:
    """Return a function that does the work asked for by the pages of quality and planning."""

    def do() -> None:
        query = select(Job.id).where(
            Job.state == JobState.WAITING, col(Job.task).like(f"{QUALITY}%")
        )
        with store.read() as session:
            ids = list(session.exec(query))
        for job_id in ids:
            queue.perform_in(store, settings, job_id)

    return do


def narrow(page: Page) -> None:
    """Hold that a page fits the width of a telephone."""
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.fixture
def wave(address: str, store: Store) -> str:
    """Return the address of the model of an imported wave."""
    with store.write() as session:
        return f"{address}/models/waves/{add_mobi(session)}"


def test_the_quality_of_a_wave_from_the_tab_to_the_back_check(
    enter: Callable[[str], Page], wave: str, shots: Path, tmp_path: Path, work
):
    page = enter("researcher")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(wave)
    page.get_by_role("link", name="Quality").click()
    page.get_by_role("button", name="Compute the quality figures").click()
    expect(page.locator("#job-text")).to_have_text("It waits for a worker.")
    work()
    # The page follows the work and shows the figures by itself.
    expect(page.get_by_role("heading", name="Item nonresponse")).to_be_visible()
    expect(page.locator("#response")).to_contain_text("no cases of a telephone sample")
    page.get_by_text("Missing answers by question").click()
    expect(page.get_by_role("cell", name="CUSL2", exact=True)).to_be_visible()
    page.screenshot(path=shots / "quality.png", full_page=True)
    page.get_by_label("The list", exact=True).fill("Subscribers' register")
    page.get_by_label("People that the survey speaks of").fill("5000")
    page.get_by_label("of them not on the list").fill("250")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#coverage")).to_contain_text("5.0 %")
    rows = "".join(f"{n},IMAG1,{n % 4 + 6}\n" for n in range(1, 31))
    (tmp_path / "again.csv").write_text("respondent,question,answer\n" + rows)
    page.locator("input[name=file]").set_input_files(tmp_path / "again.csv")
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("30 re-interviewed answers are kept.")).to_be_visible()
    work()
    expect(page.locator("#again")).to_contain_text("Agreement: IMAG1")
    narrow(page)
    assert complaints == []


def test_a_sample_is_planned_and_a_published_table_checked(
    enter: Callable[[str], Page], address: str, shots: Path, work
):
    page = enter("researcher")
    page.get_by_role("link", name="Planning").click()
    page.get_by_role("link", name="Interviews for a share").click()
    page.get_by_label("Margin wanted, ± points").fill("five")
    page.keyboard.press("Enter")
    expect(page.locator(".problems")).to_contain_text("'five' is no number.")
    page.get_by_label("Margin wanted, ± points").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("#job")).to_be_visible()
    work()
    expect(page.locator("#answer")).to_contain_text("385")
    page.screenshot(path=shots / "planning.png", full_page=True)
    narrow(page)
    page.get_by_role("link", name="Check a published table").click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#job")).to_be_visible()
    work()
    expect(page.get_by_text("not supported")).to_be_visible()
    expect(page.locator(".problems")).to_contain_text("no base from 97 gives 48.4 %")
    page.screenshot(path=shots / "published.png", full_page=True)
    narrow(page)
