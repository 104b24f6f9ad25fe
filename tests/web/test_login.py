"""Login, logout, language, and what a page does when something is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from accounts.store.tables import Role
from accounts.web import limits
from foundation import queue
from foundation.settings import Settings
from tests import servers
from tests.web.conftest import PASSWORD, Browser
from wsgi import create_app

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


def failed_login(app: Flask, login: str, **headers: str) -> int:
    browser = Browser(app.test_client())
    browser.get("/login", headers=headers)
    wrong = {"login": login, "password": "wrong"}
    return browser.post("/login", wrong, headers=headers).status_code


@pytest.mark.parametrize(("proxies", "last"), [(0, 429), (1, 401)])
def test_behind_a_proxy_an_address_is_that_of_the_caller(
    app: Flask, settings: Settings, proxies: int, last: int
):
    made = create_app(settings.model_copy(update={"trusted_proxies": proxies}))
    for caller in range(101):
        said = {"X-Forwarded-For": f"10.0.0.{caller}"}
        reply = failed_login(made, f"nobody{caller}", **said)
    assert reply == last
    made.extensions["soundings"].store.close()


@pytest.mark.redis
def test_failed_logins_are_counted_in_redis_and_limited_still_when_it_is_lost(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    # A process has one application; here the limiter may remember that another one's was lost.
    monkeypatch.setattr(limits.limiter, "_storage_dead", False)
    with servers.redis(tmp_path):
        made = create_app(settings)
        replies = [failed_login(made, "somebody") for _ in range(11)]
        assert replies == [401] * 10 + [429]
        connection = queue.connect(settings)
        assert [key for key in connection.scan_iter() if b"somebody" in key]
        connection.close()
    replies = [failed_login(made, "somebody") for _ in range(11)]
    assert replies == [401] * 10 + [429]
    made.extensions["soundings"].store.close()


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
