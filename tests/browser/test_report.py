"""The executive's report in Chromium: everything on the first screen, behind it, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analysis import waves
from foundation.database import Store
from foundation.jobs import as_json
from foundation.problems import Message, Place
from foundation.tables import JobState
from tests.outside import DATA, MODEL, add_mobi, keep_result

pytestmark = pytest.mark.browser

WRONG = Message("DATA-304", "every answer to '%(item)s' is the same.", "Leave the item out.")
LONG = "Customers of all retail branches and of the mobile bank in the provinces of the north " * 2


@pytest.fixture
def two_waves(address: str, store: Store) -> int:
    """Return the second of two computed waves."""
    for change in (0.0, -2.0):
        with store.write() as session:
            wave_id = add_mobi(session, title=LONG)
        keep_result(store, wave_id, change)
    return wave_id


def fits(page: Page, selector: str) -> bool:
    """Tell whether an element lies within the window without any scrolling."""
    box = page.locator(selector).bounding_box()
    size = page.viewport_size
    assert box is not None
    assert size is not None
    inside = box["y"] + box["height"] <= size["height"]
    return inside and box["x"] >= 0 and box["x"] + box["width"] <= size["width"]


def test_index_change_advice_and_charts_stand_on_the_first_screen(
    enter: Callable[[str], Page], address: str, two_waves: int, shots: Path
):
    page = enter("executive")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for language in ("en", "zh_Hans"):
        page.goto(f"{address}/reports/waves/{two_waves}")
        page.locator(f"button[value={language}]").click()
        expect(page.locator(".headline .big")).to_be_visible()
        for part in (".answers", ".pictures"):
            assert fits(page, part), (language, part)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=shots / f"report-{language}.png")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []


def test_behind_a_number_stands_how_it_was_computed(
    enter: Callable[[str], Page], address: str, two_waves: int, shots: Path
):
    page = enter("executive")
    page.goto(f"{address}/reports/waves/{two_waves - 1}")
    expect(page.get_by_text("The index is 72.45")).to_be_hidden()
    page.get_by_text("How was this computed?").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The index is 72.45 with a standard error of")).to_be_visible()
    page.screenshot(path=shots / "report-behind.png")
    page.get_by_role("link", name="Model, weights, seed").first.click()
    expect(page.locator("#origin")).to_be_in_viewport()
    assert page.get_by_role("img").count() == 3
    page.emulate_media(media="print")
    expect(page.locator("header.top")).to_be_hidden()
    page.screenshot(path=shots / "report-print.png", full_page=True)


def test_running_work_is_followed_and_the_report_appears_by_itself(
    enter: Callable[[str], Page], address: str, store: Store, shots: Path
):
    with store.write() as session:
        wave_id = add_mobi(session)
        job = waves.newest_job(session, wave_id)
        assert job is not None
        job.state, job.done, job.total = JobState.RUNNING, 520, 5000
    page = enter("executive")
    page.goto(f"{address}/reports/waves/{wave_id}")
    expect(page.locator("#job-text")).to_have_text("520 of 5000 resamples are estimated.")
    page.screenshot(path=shots / "report-running.png")
    keep_result(store, wave_id)
    expect(page.locator(".headline .big")).to_have_text("72.5")
    expect(page.locator("#job")).to_have_count(0)


def test_failed_work_says_why(
    enter: Callable[[str], Page], address: str, store: Store, shots: Path
):
    with store.write() as session:
        wave_id = add_mobi(session)
        job = waves.newest_job(session, wave_id)
        assert job is not None
        job.state = JobState.FAILED
        job.problems = [as_json(WRONG.at(Place(column="sat_ideal"), item="sat_ideal"))]
    page = enter("executive")
    page.goto(f"{address}/reports/waves/{wave_id}")
    expect(page.get_by_role("alert")).to_contain_text("could not be finished")
    expect(page.locator(".problems")).to_contain_text("every answer to 'sat_ideal' is the same.")
    page.screenshot(path=shots / "report-failed.png")


def test_a_researcher_imports_two_files(
    enter: Callable[[str], Page], address: str, shots: Path, tmp_path: Path
):
    (tmp_path / "phones.csv").write_bytes(DATA.replace(b"\n10,9,10", b"\nten,9,10", 1))
    (tmp_path / "model.json").write_bytes(MODEL)
    page = enter("researcher")
    page.goto(f"{address}/reports/")
    page.get_by_role("link", name="Import answers").click()

    def send() -> None:
        page.locator("input[name=data]").set_input_files(tmp_path / "phones.csv")
        page.locator("input[name=model]").set_input_files(tmp_path / "model.json")
        page.get_by_role("button", name="Check and import").click()

    send()
    expect(page.locator(".problems")).to_contain_text("row 3, column 'IMAG1'")
    page.screenshot(path=shots / "import-problems.png")
    (tmp_path / "phones.csv").write_bytes(DATA)
    send()
    expect(page.get_by_text("250 rows were imported.")).to_be_visible()
    expect(page.get_by_text("The numbers are being computed.")).to_be_visible()
