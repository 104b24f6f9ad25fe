"""The do-not-call list in the pages: a file is added with a reason, one number is asked about."""

from __future__ import annotations

import io

import pytest

from accounts.store.tables import Role
from cati import donotcall
from cati.store.contacts import Contacts
from foundation.database import utc_now
from tests.desk import a_survey
from tests.web.supervised import DAY, WHY, case_of, last_audit, text

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def wave(app, store, cipher) -> int:
    return a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now() - DAY)


@pytest.fixture
def page(wave, as_role):
    browser = as_role(Role.SUPERVISOR)
    browser.get("/do-not-call/")
    return browser


def send(page, content: str, name: str = "list.csv", **form: str):
    data = {"file": (io.BytesIO(content.encode()), name), **WHY, **form}
    return page.post("/do-not-call/", data, content_type="multipart/form-data")


def size(store) -> int:
    with store.read() as session:
        return donotcall.size(session)


def test_a_file_is_listed_under_its_reason_and_says_what_was_new(page, store):
    assert 'href="/do-not-call/"' in page.get("/floor/").text
    assert send(page, "phone\n13800138000\n13800138001\n").status_code in {302, 303}
    shown = text(page.get("/do-not-call/"))
    assert "2 numbers are new on the list. 0 were on it already." in shown
    assert "2 numbers are on the list." in shown
    send(page, "phone\n138 0013 8000\n13800138002\n")
    assert "1 number is new on the list. 1 was on it already." in text(page.get("/do-not-call/"))
    entry = last_audit(store)
    assert (entry.action, entry.detail["numbers"], entry.detail["reason"]) == (
        "numbers.listed", 1, WHY["reason"],
    )  # fmt: skip


def test_the_case_of_a_listed_number_is_closed(page, store):
    send(page, "phone\n" + "\n".join(f"138{n:08}" for n in range(1, 40)))
    assert case_of(store, 1).outcome == "listed_do_not_call"


def test_mistakes_are_all_told_and_nothing_is_listed(page, store):
    reply = send(page, f"phone\n13800138000\n12\n{HOSTILE}\n", reason=" ")
    assert reply.status_code == 422
    assert "Say in a few words why" in text(reply)
    reply = send(page, f"phone\n13800138000\n12\n{HOSTILE}\n")
    shown = text(reply)
    assert reply.status_code == 422
    assert "2 mistakes. Nothing was listed." in shown
    assert "row 3, column 'phone'" in shown.replace("&#39;", "'")
    assert HOSTILE not in reply.text
    assert page.post("/do-not-call/", WHY).status_code == 422
    assert size(store) == 0


def test_one_number_is_asked_about_without_showing_the_list(page, store):
    send(page, "phone\n13800138000\n13800138001\n")
    page.get("/do-not-call/")
    reply = page.post("/do-not-call/look-up", {"number": "+86 138 0013 8000"})
    assert "Yes. +86 138 0013 8000 is on the list" in text(reply)
    assert "13800138001" not in reply.text
    assert last_audit(store).action == "number.looked_up"
    assert "No. 13800138009 is not" in text(
        page.post("/do-not-call/look-up", {"number": "13800138009"})
    )
    reply = page.post("/do-not-call/look-up", {"number": HOSTILE})
    assert (reply.status_code, HOSTILE in reply.text) == (422, False)
    assert "cannot be a telephone number" in text(reply)


@pytest.mark.parametrize("role", [Role.INTERVIEWER, Role.RESEARCHER, Role.ADMIN])
def test_the_list_is_the_supervisors(wave, as_role, store, role):
    browser = as_role(role)
    browser.get("/")
    assert browser.get("/do-not-call/").status_code == 403
    assert send(browser, "phone\n13800138000\n").status_code == 403
    assert browser.post("/do-not-call/look-up", {"number": "1"}).status_code == 403
    assert size(store) == 0
