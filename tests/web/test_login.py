"""Login, logout, language, and what a page does when something is wrong."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from accounts.store.tables import Role
from tests.web.conftest import PASSWORD, Browser

FIRST_PAGES = {
    Role.INTERVIEWER: "/desk",
    Role.SUPERVISOR: "/floor",
    Role.RESEARCHER: "/studies",
    Role.EXECUTIVE: "/reports",
    Role.ADMIN: "/people",
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_lands_on_its_own_first_page(browser: Browser, role: Role):
    reply = browser.log_in(role.value)
    assert reply.location.rstrip("/") == FIRST_PAGES[role]
    assert browser.get(reply.location).status_code == 200


def test_a_wrong_password_says_so_and_lets_nobody_in(browser: Browser):
    browser.get("/login")
    reply = browser.post("/login", {"login": "admin", "password": "wrong"})
    assert reply.status_code == 401
    assert "do not fit" in reply.text
    assert browser.get("/people/").location.startswith("/login")


def test_too_many_attempts_on_one_account_are_stopped(browser: Browser):
    browser.get("/login")
    codes = [
        browser.post("/login", {"login": "admin", "password": "no"}).status_code for _ in range(12)
    ]
    assert codes[-1] == 429


def test_a_whole_floor_may_log_in_from_one_address(as_role):
    pages = [as_role(Role.INTERVIEWER).get("/desk").status_code for _ in range(15)]
    assert set(pages) == {200}


def test_logging_out_ends_the_login_on_the_server(browser: Browser):
    browser.log_in("admin")
    cookie = browser.client.get_cookie("soundings").value
    browser.get("/people/")
    browser.post("/logout")
    browser.client.set_cookie("soundings", cookie)
    assert browser.get("/people/").status_code in {302, 303}


def test_after_the_login_the_page_that_was_asked_for_appears(browser: Browser):
    asked = browser.get("/people/").location
    assert asked == "/login?next=/people/"
    browser.get(asked)
    reply = browser.post("/login", {"login": "admin", "password": PASSWORD, "next": "/people/"})
    assert reply.location == "/people/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_the_login_never_leads_to_another_site(browser: Browser, elsewhere: str):
    browser.get("/login")
    form = {"login": "admin", "password": PASSWORD, "next": elsewhere}
    assert browser.post("/login", form).location == "/"


def test_the_language_switches_and_is_kept_with_the_person(browser: Browser):
    assert "Log in" in browser.get("/login", headers={"Accept-Language": "en"}).text
    assert "登录" in browser.get("/login", headers={"Accept-Language": "zh-CN"}).text
    browser.log_in("admin")
    browser.get("/people/")
    browser.post("/language", {"locale": "zh_Hans", "back": "/people/"})
    assert 'lang="zh-Hans"' in browser.get("/people/").text
    other = Browser(browser.client.application.test_client())
    other.log_in("admin")
    assert 'lang="zh-Hans"' in other.get("/people/").text


def test_a_post_without_the_token_is_refused(browser: Browser):
    browser.log_in("admin")
    assert browser.client.post("/people/", data={"login": "x"}).status_code == 400


def test_an_unknown_address_gets_a_page_of_ours(browser: Browser):
    browser.log_in("admin")
    reply = browser.get("/no/such/page")
    assert reply.status_code == 404
    assert "There is no such page" in reply.text


def test_a_store_out_of_reach_is_told_without_a_trace(browser: Browser, monkeypatch):
    from accounts import people

    def broken(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("secret detail"))

    browser.get("/login")
    monkeypatch.setattr(people, "authenticate", broken)
    reply = browser.post("/login", {"login": "admin", "password": PASSWORD})
    assert reply.status_code == 503
    assert "cannot be reached" in reply.text
    assert "secret" not in reply.text


def test_the_administrator_adds_a_person_who_can_log_in(as_role, browser: Browser):
    admin = as_role(Role.ADMIN)
    admin.get("/people/")
    admin.post("/people/", {"login": "Chen", "name": "Chen", "role": "interviewer"})
    page = admin.get("/people/").text
    password = page.split("with the password ")[1].split(" ")[0]
    browser.get("/login")
    reply = browser.post("/login", {"login": "chen", "password": password})
    assert reply.location.rstrip("/") == "/desk"


def test_a_bad_new_person_is_told_every_problem(as_role):
    admin = as_role(Role.ADMIN)
    admin.get("/people/")
    reply = admin.post("/people/", {"login": "a b", "name": "", "role": "interviewer"})
    assert reply.status_code == 422
    assert "ACC-002" in reply.text
    assert "ACC-004" in reply.text
