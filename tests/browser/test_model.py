"""The Model pages in Chromium: the diagram, drawing a model by mouse and by keys, what-if."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from foundation.database import Store
from tests.outside import add_mobi, keep_result

pytestmark = pytest.mark.browser


@pytest.fixture
def wave_id(address: str, store: Store) -> int:
    """Return a computed wave of the published example."""
    with store.write() as session:
        found = add_mobi(session)
    keep_result(store, found)
    return found


def complaints_of(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def middle(page: Page, name: str) -> tuple[float, float]:
    box = page.locator(f"#boxes [data-name={name}] rect").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, source: str, target: str) -> None:
    page.mouse.move(*middle(page, source))
    page.mouse.down()
    page.mouse.move(*middle(page, target), steps=4)
    page.mouse.up()


def test_every_section_is_readable_and_nothing_overflows(
    enter: Callable[[str], Page], address: str, wave_id: int, shots: Path
):
    page = enter("researcher")
    said = complaints_of(page)
    page.goto(f"{address}/models/waves/{wave_id}")
    picture = page.get_by_role("img", name="Path diagram")
    expect(picture).to_be_in_viewport(ratio=0.9)
    for title in page.locator(".model-side a").all_inner_texts()[:9]:
        page.locator(".model-side").get_by_role("link", name=title, exact=True).click()
        expect(page.locator(".work-head h1")).to_have_text(title)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), title
        page.screenshot(path=shots / f"model-{title.split()[0].lower()}.png")
    page.locator(".model-side").get_by_role("link", name="Path diagram").click()
    page.locator("button[value=zh_Hans]").click()
    expect(page.locator(".paths .name").first).to_contain_text("中文")
    page.screenshot(path=shots / "model-diagram-zh.png")
    assert said == []


def test_a_model_is_drawn_by_mouse_and_by_keys_and_saved(
    enter: Callable[[str], Page], address: str, wave_id: int, shots: Path
):
    page = enter("researcher")
    said = complaints_of(page)
    page.goto(f"{address}/models/waves/{wave_id}/editor")
    live, save = page.locator("#live-problems"), page.get_by_role("button", name="Save and put")
    expect(live).to_contain_text("No problem was found")
    drag(page, "Loyalty", "Image")
    expect(live).to_contain_text("circle")
    expect(save).to_be_disabled()
    page.screenshot(path=shots / "editor-circle.png")
    page.locator("#arrows [data-from=Loyalty]").focus()
    page.keyboard.press("Delete")
    expect(live).to_contain_text("No problem was found")
    page.locator("#boxes [data-name=Quality]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("From Quality")
    page.locator("#boxes [data-name=Loyalty]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#arrows [data-from=Quality][data-to=Loyalty]")).to_have_count(1)
    expect(page.get_by_label("Quality → Loyalty")).to_be_checked()
    page.get_by_label("Value → Loyalty").check()
    expect(page.locator("#arrows [data-from=Value][data-to=Loyalty]")).to_have_count(1)
    page.locator(".construct[data-name=Value] [data-act=add]").select_option("PERQ1")
    expect(live).to_contain_text("PERQ1")
    live.get_by_role("button").first.click()
    expect(page.locator(".construct[data-name=Value] input").first).to_be_focused()
    page.get_by_label("Remove PERQ1").last.click()
    expect(live).to_contain_text("No problem was found")
    page.get_by_label("What was changed").fill("quality and value lead to loyalty")
    page.screenshot(path=shots / "editor.png", full_page=True)
    save.click()
    expect(page.get_by_text("Version 2 is in force.")).to_be_visible()
    expect(page.locator("#versions")).to_contain_text("quality and value lead to loyalty")
    expect(page.locator("#arrows .edge")).to_have_count(14)
    page.locator("#versions").get_by_role("button", name="Put in force").click()
    expect(page.locator("#arrows .edge")).to_have_count(12)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []


def test_a_construct_is_renamed_everywhere_and_may_be_made_of_others(
    enter: Callable[[str], Page], address: str, wave_id: int
):
    page = enter("researcher")
    page.goto(f"{address}/models/waves/{wave_id}/editor")
    name = page.locator(".construct[data-name=Complaints] [data-key=name]")
    name.fill("Handling")
    name.press("Tab")
    expect(page.locator("#arrows [data-from=Satisfaction][data-to=Handling]")).to_have_count(1)
    page.get_by_role("button", name="Add a construct").click()
    page.keyboard.type("Service")
    page.keyboard.press("Tab")
    card = page.locator(".construct[data-name=Service]")
    card.locator("[data-key=kind]").select_option("disjoint")
    card.locator("[data-act=add]").select_option("Handling")
    expect(page.locator("#live-problems")).to_contain_text("single part")
    page.goto(f"{address}/models/waves/{wave_id}/editor?start=acsi")
    expect(page.locator("#live-problems")).to_contain_text("has no items")
    expect(page.locator("#boxes [data-name]")).to_have_count(6)


def test_a_driver_is_moved_and_the_effect_is_told_at_once(
    enter: Callable[[str], Page], address: str, wave_id: int, shots: Path
):
    page = enter("executive")
    said = complaints_of(page)
    page.goto(f"{address}/reports/waves/{wave_id}")
    lever = page.locator(".lever").first
    before = lever.locator("output").inner_text()
    lever.get_by_role("slider").focus()
    page.keyboard.press("ArrowLeft")
    expect(lever.get_by_role("textbox")).to_have_value("+4")
    expect(lever.locator("output")).not_to_have_text(before)
    expect(lever.locator("output")).to_contain_text("Loyalty")
    lever.get_by_role("textbox").fill("70")
    expect(lever.locator("output")).to_contain_text("The model says nothing there")
    page.locator("#what-if").scroll_into_view_if_needed()
    page.screenshot(path=shots / "what-if.png")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert said == []
