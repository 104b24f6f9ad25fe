"""One's own account: the password is changed by whoever knows the present one."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from accounts.store.tables import AuditEntry, Role
from tests.web.conftest import PASSWORD, Browser

NEW = "another long one"
CHANGE = {"present": PASSWORD, "password": NEW, "again": NEW}


@pytest.fixture
def me(as_role) -> Browser:
    browser = as_role(Role.INTERVIEWER)
    browser.get("/account/")
    return browser


def log_in(browser: Browser, password: str) -> int:
    browser.get("/login")
    reply = browser.post("/login", {"login": "interviewer", "password": password})
    return reply.status_code


def actions(store) -> list[str]:
    with store.read() as session:
        return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))))


@pytest.mark.parametrize("role", list(Role))
def test_everybody_finds_the_own_account_from_the_first_page(as_role, role: Role):
    browser = as_role(role)
    assert 'href="/account/"' in browser.get("/", follow_redirects=True).text
    page = browser.get("/account/").text
    assert f"<code>{role.value}</code>" in page
    assert "At least 12 characters" in page


def test_a_password_is_changed_here_and_other_logins_end(me, as_role, browser, store):
    other = as_role(Role.INTERVIEWER)
    assert me.post("/account/password", CHANGE).status_code in {302, 303}
    page = me.get("/account/")
    assert "The password is changed. 1 other login of yours has ended." in page.text
    assert other.get("/desk").location.startswith("/login")
    assert log_in(browser, PASSWORD) == 401
    assert log_in(browser, NEW) in {302, 303}
    assert actions(store)[-3:] == ["change password", "login failed", "login"]


@pytest.mark.parametrize(
    ("wrong", "status", "said"),
    [
        ({"present": "guess"}, 401, "the present password does not fit"),
        ({"password": "short", "again": "short"}, 422, "shorter than 12 characters"),
        ({"password": PASSWORD, "again": PASSWORD}, 422, "the new password is the present one"),
        ({"again": "something else"}, 422, "not typed twice alike"),
    ],
)
def test_what_stands_against_a_password_is_said_and_changes_nothing(
    *, me, browser, store, wrong, status, said
):
    before = actions(store)
    reply = me.post("/account/password", {**CHANGE, **wrong})
    assert (reply.status_code, said in reply.text) == (status, True)
    assert "guess" not in reply.text
    assert actions(store) == before
    assert log_in(browser, PASSWORD) in {302, 303}


def test_the_present_password_cannot_be_guessed_for_ever(me):
    codes = [
        me.post("/account/password", {**CHANGE, "present": f"guess {n}"}).status_code
        for n in range(12)
    ]
    assert (codes[0], codes[-1]) == (401, 429)


def test_nobody_changes_a_password_without_login_or_token(me, browser, store):
    before = actions(store)
    browser.get("/login")
    assert browser.post("/account/password", CHANGE).location.startswith("/login")
    assert me.client.post("/account/password", data=CHANGE).status_code == 400
    assert actions(store) == before


def test_logging_out_and_failing_to_log_in_stand_in_the_trail(me, browser, store):
    me.post("/logout")
    log_in(browser, "wrong")
    assert actions(store)[-2:] == ["logout", "login failed"]
