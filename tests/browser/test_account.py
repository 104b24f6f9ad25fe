"""A person changes her own password in Chromium; the same login on another computer ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.browser
NEW = "another long one"


def test_a_password_is_changed_and_the_login_elsewhere_ends(
    enter_apart: Callable[[str], Page], shots: Path
):
    page, elsewhere = enter_apart("supervisor"), enter_apart("supervisor")
    page.get_by_role("link", name="Supervisor · Supervisor").click()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password, once more").fill("another wrong one")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("not typed twice alike")
    page.screenshot(path=shots / "account.png", full_page=True)
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password, once more").fill(NEW)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 other login of yours has ended.")
    elsewhere.reload()
    expect(elsewhere.get_by_role("heading", name="Log in")).to_be_visible()
    elsewhere.get_by_label("Login", exact=True).fill("supervisor")
    elsewhere.get_by_label("Password").fill(NEW)
    elsewhere.keyboard.press("Enter")
    expect(elsewhere.get_by_role("heading", name="Floor")).to_be_visible()
