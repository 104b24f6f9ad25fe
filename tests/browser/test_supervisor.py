"""The supervisor in Chromium: a sample with mistakes, its release, a seat, a case taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import col, select

from accounts.store.tables import AuditEntry, Person
from cati.store.contacts import Contacts
from cati.store.fieldwork import read_field
from cati.store.tables import Case
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from survey import studies
from survey.studies import WavePlan
from tests.browser.interviewer import Interviewer
from tests.desk import a_survey

pytestmark = pytest.mark.browser
HEADER = "id,name,phone,bank_name\n"
BAD = f"{HEADER}N1,Li,13900000001,Bank\nN1,<b>Wu</b>,13900000002,Bank\nN3,Xu,12,Bank\n"
GOOD = f"{HEADER}N1,Li,13900000001,Bank\nN2,<b>Wu</b>,13900000002,Bank\nN3,Xu,13900000003,Bank\n"
LONG = "Maximiliane Alexandrina von und zu Hohenstaufen-Wittelsbach der Jüngeren"


@pytest.fixture
def wave(address: str, store: Store, cipher: FieldCipher) -> int:
    """A wave under fieldwork with one case."""
    return a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now(), cases=1)


@pytest.fixture
def supervisor(wave: int, enter: Callable[[str], Page]) -> Iterator[Page]:
    """A supervisor at the floor; the page may show no error."""
    page, errors = enter("supervisor"), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Policy" in said.text else None)
    yield page
    assert errors == []


def choose(page: Page, path: Path, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    page.get_by_label("File").set_input_files(path)


def test_a_sample_is_corrected_imported_and_released(
    supervisor: Page, store: Store, tmp_path: Path, shots: Path
):
    page = supervisor
    page.get_by_role("link", name="Samples").click()
    page.get_by_role("link", name="Sample", exact=True).click()
    choose(page, tmp_path / "bank.csv", BAD)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_role("alert")).to_contain_text("2 mistakes. Nothing was stored.")
    expect(page.locator(".problem-rows")).to_contain_text("no telephone has the number '12'.")
    page.screenshot(path=shots / "supervisor-bad-sample.png", full_page=True)
    choose(page, tmp_path / "bank.csv", GOOD)
    page.route("**/check", lambda route: route.abort())
    page.get_by_role("button", name="Check only").click()
    expect(page.get_by_role("alert")).to_contain_text("The line is down.")
    page.unroute("**/check")
    page.get_by_label("Replicates to draw").fill("3")
    page.get_by_role("button", name="Check only").click()
    expect(page.locator("#report")).to_contain_text("3 people, no mistake.")
    page.screenshot(path=shots / "supervisor-checked-sample.png", full_page=True)
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".notice.success")).to_contain_text("3 cases are stored.")
    page.get_by_label("Release replicate 2").check()
    page.get_by_label("Release replicate 3").check()
    page.get_by_role("button", name="Release the replicates chosen").click()
    expect(page.locator(".notice.success")).to_contain_text("2 cases are released.")
    page.screenshot(path=shots / "supervisor-sample.png", full_page=True)
    with store.read() as session:
        states = {case.replicate: case.state.value for case in session.exec(select(Case))}
    assert states == {1: "fresh", 2: "fresh", 3: "fresh", 4: "unreleased"}


def test_calling_rules_are_tried_out_corrected_and_set(
    supervisor: Page, wave: int, store: Store, shots: Path
):
    page = supervisor
    page.locator(".headline").get_by_role("link").click()
    page.get_by_role("link", name="Calling rules").click()
    expect(page.get_by_label("Monday")).to_have_value("00:00-24:00")
    page.screenshot(path=shots / "supervisor-rules.png", full_page=True)
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"):
        page.get_by_label(day).fill("")
    page.get_by_role("button", name="Show what this means").click()
    expect(page.locator("#meaning")).to_contain_text("nobody is ever called")
    page.get_by_label("Monday").fill("9 to 5")
    page.get_by_label("Attempts that close a case").fill("12")
    page.get_by_role("button", name="Set the rules").click()
    expect(page.get_by_role("alert")).to_contain_text("Nothing was changed.")
    expect(page.get_by_label("Monday")).to_have_attribute("aria-invalid", "true")
    page.screenshot(path=shots / "supervisor-rules-wrong.png", full_page=True)
    page.get_by_label("Monday").fill("00:00-24:00")
    page.get_by_label("Reason", exact=False).fill("few are at home before noon")
    page.get_by_role("button", name="Set the rules").click()
    expect(page.locator(".notice.success")).to_contain_text("The calling rules are set.")
    with store.read() as session:
        rules = read_field(session, wave).rules
    assert rules.max_attempts == 12
    assert [bool(window) for window in rules.hours.week] == [True] + [False] * 6


def test_an_interviewer_asks_for_the_supervisor_who_answers(
    *, wave: int, enter_apart: Callable[[str], Page], shots: Path
):
    floor, desk = enter_apart("supervisor"), enter_apart("interviewer")
    floor.clock.install()
    desk.clock.install()
    floor.reload()
    desk.reload()
    interviewer = Interviewer(desk)
    interviewer.take()
    interviewer.press("F10")
    expect(desk.locator("#asked")).to_have_text("supervisor asked for")
    desk.screenshot(path=shots / "interviewer-asked-case.png")
    interviewer.dial()
    interviewer.press("Enter")
    desk.wait_for_url("**/interview/*")
    interviewer.is_saved()
    expect(desk.locator("#asked")).to_have_text("supervisor asked for")
    interviewer.press("F10")
    desk.screenshot(path=shots / "interviewer-asked.png")
    floor.clock.fast_forward(6000)
    request = floor.locator(".matters .asked")
    expect(request).to_have_count(1)
    expect(request).to_contain_text("Interviewer has been asking for you since")
    floor.screenshot(path=shots / "supervisor-asked.png", full_page=True)
    request.get_by_role("button", name="Answered").click()
    expect(floor.locator(".notice.success")).to_contain_text("Marked as answered.")
    expect(floor.locator(".matters .asked")).to_have_count(0)
    desk.clock.fast_forward(21_000)
    expect(desk.locator("#asked")).to_have_text("your supervisor is coming")
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_contain_text("ask for the supervisor")


def test_a_number_is_listed_and_looked_up(supervisor: Page, tmp_path: Path, shots: Path):
    page = supervisor
    page.get_by_role("link", name="Do-not-call list").click()
    choose(page, tmp_path / "list.csv", "phone\n13900000001\n12\n")
    page.get_by_label("Reason").fill("letter of the client")
    page.get_by_role("button", name="Put the numbers on the list").click()
    expect(page.get_by_role("alert")).to_contain_text("1 mistake. Nothing was listed.")
    page.screenshot(path=shots / "supervisor-do-not-call-wrong.png", full_page=True)
    choose(page, tmp_path / "list.csv", "phone\n13900000001\n")
    page.get_by_role("button", name="Put the numbers on the list").click()
    expect(page.locator(".notice.success")).to_contain_text("1 number is new on the list.")
    page.get_by_label("Telephone number").fill("139 0000 0001")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_contain_text("Yes. 139 0000 0001 is on the list")
    page.screenshot(path=shots / "supervisor-do-not-call.png", full_page=True)


def test_a_seat_appears_by_itself_and_its_case_is_taken_back(
    *, supervisor: Page, chromium: Browser, address: str, store: Store, shots: Path
):
    supervisor.clock.install()
    supervisor.reload()
    expect(supervisor.locator("#seats-title")).to_be_visible()
    other = chromium.new_context(locale="en-US")
    desk = other.new_page()
    desk.goto(f"{address}/login")
    desk.get_by_label("Login", exact=True).fill("interviewer")
    desk.get_by_label("Password").fill("correct horse battery")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/desk")
    interviewer = Interviewer(desk)
    interviewer.take()
    interviewer.dial()
    supervisor.clock.fast_forward(6000)
    seat = supervisor.locator(".seat.call")
    expect(seat).to_contain_text("Interviewer")
    expect(seat).to_contain_text("in a call")
    supervisor.screenshot(path=shots / "supervisor-floor.png", full_page=True)
    seat.get_by_role("link").click()
    taking = supervisor.locator("#take-back")
    taking.get_by_label("Reason").fill("the interviewer has left")
    supervisor.screenshot(path=shots / "supervisor-case.png", full_page=True)
    taking.get_by_role("button").click()
    expect(supervisor.locator(".notice.success")).to_contain_text("is taken back")
    expect(supervisor.locator(".notice.success")).to_be_visible()
    desk.keyboard.press("b")
    desk.keyboard.press("Enter")
    expect(desk.locator("main")).to_contain_text("is no longer yours")
    with store.read() as session:
        newest = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).all()
        assert session.exec(select(Case)).one().claimed_by is None
    assert "case.taken_back" in {entry.action for entry in newest}
    other.close()


@pytest.mark.parametrize("locale", ["en", "zh_Hans"])
def test_no_page_is_wider_than_the_window_with_long_names(
    *, supervisor: Page, address: str, store: Store, wave: int, shots: Path, locale: str
):
    with store.write() as session:
        for person in session.exec(select(Person)):
            person.name = LONG
        case = session.exec(select(Case)).one()
        me = session.exec(select(Person.id).where(Person.login == "interviewer")).one()
        case.claimed_by, case.claimed_at, case.claim_expires = me, utc_now(), utc_now()
        case.stratum = "S" * 64
        case.variables = {"v" * 60: "w" * 400, "town": LONG * 3}
        shown = studies.wave(session, wave)
        studies.change_wave(
            session, wave, WavePlan({"en": LONG * 2}, shown.form_version_id), by=None, now=utc_now()
        )
    supervisor.locator(f"button[value={locale}]").click()
    supervisor.set_viewport_size({"width": 1024, "height": 768})
    for name, path in (
        ("floor", "/floor/"), ("wave", f"/floor/waves/{wave}"), ("case", "/cases/1"),
        ("cases", f"/cases/waves/{wave}"), ("samples", "/samples/"),
        ("sample", f"/samples/waves/{wave}"), ("rules", f"/floor/waves/{wave}/rules"),
        ("do-not-call", "/do-not-call/"), ("account", "/account/"),
    ):  # fmt: skip
        supervisor.goto(address + path)
        supervisor.screenshot(path=shots / f"supervisor-long-{name}-{locale}.png", full_page=True)
        too_wide = supervisor.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert too_wide <= 0, path
