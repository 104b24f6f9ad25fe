"""The researcher weights a wave and reads tables: by keyboard, at any width, in Chromium."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from analysis import tabulating, weighing
from foundation.database import Store
from foundation.settings import Settings
from tests.weighed import add_wave, work_off

pytestmark = pytest.mark.browser

TARGETS = 'variable,level,target,source\nsex,f,60,"customer register, 2026-09-30"\nsex,m,40,\n'


@pytest.fixture
def place(address: str, store: Store) -> str:
    with store.write() as session:
        return f"{address}/studies/waves/{add_wave(session)}"


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_wave_is_weighted_and_its_tables_are_read(
    enter: Callable[[str], Page], place: str, store: Store, settings: Settings, shots: Path
):
    page = enter("researcher")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{place}/weights/")
    page.get_by_label("Method").select_option("rake")
    page.locator("textarea").fill("variable,level,target,source\nsexx,f,60,\n")
    page.get_by_role("button", name="Save and compute").click()
    expect(page.get_by_text("Did you mean 'sex'?")).to_be_visible()
    page.screenshot(path=shots / "weights-problems.png", full_page=True)
    complaints.clear()  # The browser itself tells of the status 422.
    page.locator("textarea").fill(TARGETS)
    page.get_by_label("Upper limit").fill("2.5")
    page.get_by_role("button", name="Save and compute").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Version 1 is in force")).to_be_visible()
    work_off(store, settings, weighing.TASK)
    # The page follows the work and shows what came of it by itself.
    expect(page.locator("#steps tbody tr")).to_have_count(3)
    expect(page.get_by_role("img", name="Distance of each category")).to_be_visible()
    page.get_by_text("The same as a table").click()
    expect(page.locator("#balance tbody tr")).to_have_count(2)
    assert fits(page)
    page.screenshot(path=shots / "weights.png", full_page=True)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the weights").click()
    assert download.value.suggested_filename.endswith("-weights-1.csv")

    page.get_by_role("link", name="Tables", exact=True).click()
    for name in ("CUSA1", "CUSA2", "region"):
        page.locator(f"input[name=rows][value={name}]").check()
    for name in ("sex", "region"):
        page.locator(f"input[name=banner][value={name}]").check()
    page.get_by_label("Title").fill("Satisfaction by group")
    page.screenshot(path=shots / "tables-form.png", full_page=True)
    assert fits(page)
    page.get_by_role("button", name="Save and compute").click()
    expect(page.locator("#job")).to_be_visible()
    work_off(store, settings, tabulating.TASK)
    expect(page.locator(".banner-table")).to_have_count(3)
    expect(page.get_by_text("Weights: weighting plan, version 1.").first).to_be_visible()
    page.screenshot(path=shots / "tables.png", full_page=True)
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert fits(page), width
    page.screenshot(path=shots / "tables-phone.png")
    assert complaints == []
