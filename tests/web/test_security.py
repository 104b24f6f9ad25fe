"""What somebody hostile sends to the pages: numbers no row has, signs no database keeps."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from accounts.store.tables import Role
from foundation.database import Store, utc_now
from foundation.settings import Settings
from survey import studies
from tests.web.conftest import PASSWORD, Browser
from wsgi import create_app

BEYOND = 10**30


@pytest.fixture
def wave_id(app: Flask, store: Store) -> int:
    """Return a wave without a questionnaire."""
    now = utc_now()
    with store.write() as session:
        study = studies.create_study(session, "bank", title={"en": "Bank"}, by=None, now=now)
        plan = studies.WavePlan({"en": "First"})
        return studies.add_wave(session, study.id, plan, by=None, now=now).id


@pytest.mark.parametrize("act", ["/people/{}", "/people/{}/password"])
def test_somebody_who_is_not_there_is_no_page(as_role, act: str):
    admin = as_role(Role.ADMIN)
    admin.get("/people/")
    reply = admin.post(act.format(999_999), {"role": "admin", "active": "yes"})
    assert reply.status_code == 404


def test_a_sign_that_no_database_keeps_is_refused_everywhere(app, as_role):
    app.config["WTF_CSRF_ENABLED"] = False
    visitors = [app.test_client(), *(as_role(role).client for role in Role)]
    replies = [_with_nul(client, path) for client in visitors for path in _posts(app)]
    assert {status for status in replies if status >= 500} == set()


def _posts(app) -> list[str]:
    # A page with a number in its address needs a row; the first post of each kind suffices here.
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and "<" not in rule.rule and rule.rule != "/logout"
    )


def _with_nul(client: FlaskClient, path: str) -> int:
    names = "login password name next back locale key title_en title_zh text role wave_title"
    return client.post(path, data=dict.fromkeys(names.split(), "a\x00b")).status_code


def test_a_page_far_beyond_the_last_is_an_empty_page(as_role, wave_id: int):
    reply = as_role(Role.SUPERVISOR).get(f"/cases/waves/{wave_id}?page={BEYOND}")
    assert reply.status_code == 200


@pytest.mark.parametrize("number", [str(BEYOND), "9" * 5000, "٣" * 30])
def test_a_replicate_that_no_wave_has_is_refused(as_role, wave_id: int, number: str):
    supervisor = as_role(Role.SUPERVISOR)
    supervisor.get(f"/samples/waves/{wave_id}")
    reply = supervisor.post(f"/samples/waves/{wave_id}/release", {"replicate": number})
    assert reply.status_code == 302


def test_a_language_longer_than_its_column_is_a_problem_of_the_row(as_role, wave_id: int):
    supervisor = as_role(Role.SUPERVISOR)
    supervisor.get(f"/samples/waves/{wave_id}")
    table = f"id,phone,language\n1,13800138000,{'x' * 40}\n".encode()
    sent = {"file": (io.BytesIO(table), "a.csv")}
    reply = supervisor.post(f"/samples/waves/{wave_id}/import", sent)
    assert reply.status_code == 422


@pytest.mark.parametrize("way", ["/\t/evil.example", "/\r\nX-Evil: 1", "/\n/evil.example"])
def test_no_sign_that_browsers_drop_leads_to_another_site(browser: Browser, way: str):
    browser.get("/login")
    reply = browser.post("/login", {"login": "admin", "password": PASSWORD, "next": way})
    assert reply.location == "/"
    assert "X-Evil" not in reply.headers


def test_every_reply_carries_the_headers_that_keep_it_where_it_belongs(browser: Browser):
    for path in ("/login", "/no/such/page", "/healthz", "/static/soundings.css"):
        with browser.get(path) as reply:
            headers = reply.headers
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
    assert browser.get("/login").headers["Cache-Control"] == "no-store"


def test_a_page_that_only_asks_what_is_new_does_not_keep_a_login_alive(as_role, monkeypatch):
    supervisor, began, minutes = as_role(Role.SUPERVISOR), utc_now(), [0]
    monkeypatch.setattr("wsgi.utc_now", lambda: began + timedelta(minutes=minutes[0]))
    polled = {"X-Requested-With": "soundings"}
    minutes[0] = 20
    assert supervisor.get("/floor/live", headers=polled).status_code == 200
    minutes[0] = 40
    assert supervisor.get("/floor/live", headers=polled).status_code == 401


def test_a_page_that_somebody_opens_does(as_role, monkeypatch):
    supervisor, began, minutes = as_role(Role.SUPERVISOR), utc_now(), [0]
    monkeypatch.setattr("wsgi.utc_now", lambda: began + timedelta(minutes=minutes[0]))
    minutes[0] = 20
    assert supervisor.get("/floor/").status_code == 200
    minutes[0] = 40
    assert supervisor.get("/floor/").status_code == 200


def test_behind_https_the_browser_is_told_to_stay_there(settings: Settings, store: Store):
    secure = create_app(settings.model_copy(update={"secure_cookies": True}))
    reply = secure.test_client().get("/login")
    secure.extensions["soundings"].store.close()
    assert "Strict-Transport-Security" in reply.headers
