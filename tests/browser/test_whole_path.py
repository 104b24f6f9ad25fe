"""The whole path in Chromium: questionnaire, sample, interviews, data, computation, report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from accounts.store.tables import Person
from cati.store.contacts import Contacts
from cati.store.fieldwork import set_rules
from cati.store.tables import Call, Case
from demo.load import OPEN_RULES
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from foundation.settings import Settings
from tests import servers
from tests.browser.bank import ANGRY, CONTENT, FORM, SILENT, UNWILLING, walk
from tests.browser.interviewer import Interviewer
from tests.colleague import interview_customers

pytestmark = [pytest.mark.browser, pytest.mark.redis, pytest.mark.both_databases]
COLLEAGUE = 36
SAMPLE = 60
PATIENCE_MS = 120_000


@pytest.fixture
def at_work(settings: Settings, store: Store) -> Iterator[None]:
    """Redis and a worker, each in a process of its own."""
    with servers.redis(settings.data_dir):
        worker = servers.start_worker(settings, "worker")
        yield
        worker.terminate()
        worker.wait(servers.PATIENCE_SECONDS)


@pytest.fixture
def contacts(cipher: FieldCipher) -> Contacts:
    return Contacts(cipher, "CN", "Asia/Shanghai")


def test_from_a_questionnaire_by_telephone_to_an_index_with_its_error(
    enter_apart: Callable[[str], Page], at_work: None, store: Store, contacts: Contacts
):
    researcher, supervisor = enter_apart("researcher"), enter_apart("supervisor")
    executive = enter_apart("executive")
    publish(researcher)
    wave = begin_wave(researcher)
    send_sample(supervisor)
    allow_calls(store, wave)
    me = person(store, "admin")
    interview_customers(store, contacts, wave, by=me, completes=COLLEAGUE, now=utc_now())
    compute(researcher, "Compute the index")
    read_report(executive, base=COLLEAGUE)

    hold_interviews(Interviewer(enter_apart("interviewer")), store)
    see_data(researcher, completes=COLLEAGUE + 4)
    compute(researcher, "Recompute")
    read_report(executive, base=COLLEAGUE + 4)


def publish(page: Page) -> None:
    page.get_by_role("link", name="Questionnaires").click()
    page.get_by_label("Questionnaire file").set_input_files(FORM)
    page.get_by_role("button", name="Upload and check").click()
    page.get_by_role("button", name="Publish version").click()
    expect(page.locator(".notice.success")).to_contain_text("This version never changes")


def begin_wave(page: Page) -> int:
    page.get_by_role("link", name="Studies").click()
    page.get_by_label("Short name").fill("bank")
    page.get_by_label("Title (English)").fill("Bank")
    page.get_by_role("button", name="Create").click()
    page.get_by_label("Title (English)").fill("Autumn")
    page.get_by_label("Questionnaire").select_option(index=1)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("button", name="Open the wave").click()
    expect(page.locator(".state.open")).to_be_visible()
    return int(page.url.rsplit("/", 1)[1])


def send_sample(page: Page) -> None:
    rows = [f"C{n},Wang {n},+86138{n:08},Example Bank,retail,North" for n in range(1, SAMPLE + 1)]
    content = "\n".join(["id,name,phone,bank_name,segment,branch", *rows, ""]).encode()
    page.get_by_role("link", name="Samples").click()
    page.get_by_role("link", name="Import a sample").click()
    file = {"name": "bank.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("File").set_input_files(files=[file])  # type: ignore[list-item]
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.locator(".notice.success")).to_contain_text(f"{SAMPLE} cases are stored.")
    page.get_by_label("Release replicate 1").check()
    page.get_by_role("button", name="Release the replicates chosen").click()
    expect(page.locator(".notice.success")).to_contain_text(f"{SAMPLE} cases are released.")


def allow_calls(store: Store, wave_id: int) -> None:
    """Tests run at any hour, on any day."""
    with store.write() as session:
        set_rules(session, wave_id, OPEN_RULES)


def person(store: Store, login: str) -> int:
    with store.read() as session:
        found = session.exec(select(Person.id).where(Person.login == login)).one()
    assert found is not None
    return found


def hold_interviews(interviewer: Interviewer, store: Store) -> None:
    """Four complete, of which one broke off in between; one refuses. All by keyboard alone."""
    content, angry, silent = (set(complete(interviewer, who)) for who in (CONTENT, ANGRY, SILENT))
    assert {"branch_visits", "app_use", "complaint_would", "improve_urgent"} <= content
    assert {"call_settled", "complaint_handled", "improve_other"} <= angry
    assert not silent & {"branch_visits", "app_use", "call_settled", "improve_urgent"}

    interviewer.begin()
    walk(interviewer, CONTENT, until="staff_friendly")
    interviewer.press("F8", "p", "Enter")
    interviewer.is_at_the_desk(told="Broken off, to be resumed")
    interviewer.begin()
    walk(interviewer, UNWILLING)
    interviewer.is_at_the_desk(told="Refused firmly")
    let_time_pass(store)
    interviewer.begin()
    interviewer.sees("staff_friendly")
    walk(interviewer, CONTENT)
    interviewer.is_at_the_desk(told="Complete interview")
    assert outcomes(store)[COLLEAGUE:] == [
        *["complete"] * 3, "break_off", "hard_refusal", "complete"
    ]  # fmt: skip


def complete(interviewer: Interviewer, route: dict[str, str]) -> list[str]:
    interviewer.begin()
    asked = walk(interviewer, route)
    interviewer.is_at_the_desk(told="Complete interview")
    return asked


def let_time_pass(store: Store) -> None:
    """The case broken off may be called again."""
    with store.write() as session:
        held_back = session.exec(select(Case).where(Case.state == "resume")).one()
        held_back.next_at = utc_now() - timedelta(minutes=1)


def outcomes(store: Store) -> list[str | None]:
    with store.read() as session:
        return [call.outcome for call in session.exec(select(Call).order_by(col(Call.id)))]


def see_data(page: Page, *, completes: int) -> None:
    page.get_by_role("link", name="Studies").click()
    page.get_by_role("link", name="Autumn").click()
    page.get_by_role("link", name="Data", exact=True).click()
    expect(page.locator(".outcomes")).to_contain_text(f"Complete interview{completes}")
    expect(page.locator(".outcomes")).to_contain_text("Refused firmly1")
    expect(page.locator(".response-table tbody tr")).to_have_count(completes + 1)


def compute(page: Page, button: str) -> None:
    """Ask for the computation and wait until the page shows by itself that it is done."""
    page.get_by_role("link", name="Reports").click()
    page.get_by_role("link", name="Bank").click()
    page.get_by_role("button", name=button).click()
    expect(page.locator("#job")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_role("alert")).to_have_count(0)


def read_report(page: Page, *, base: int) -> None:
    page.get_by_role("link", name="Reports").first.click()
    row = page.locator("tbody tr")
    expect(row).to_contain_text(str(base))
    page.get_by_role("link", name="Bank").click()
    expect(page.locator(".headline").first).to_contain_text(f"{base} respondents")
    expect(page.locator(".answer .sentence").first).to_contain_text("With 95 % confidence")
    low, index, high = interval(page)
    assert 0 <= low < index < high <= 100


def interval(page: Page) -> tuple[float, float, float]:
    """The index on the first screen with the ends of its margin."""
    said = page.locator(".answer .sentence").first.inner_text()
    _, _, index, _, low, high = map(float, re.findall(r"\d+(?:\.\d+)?", said))
    return low, index, high
