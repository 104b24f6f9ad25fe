"""Fixtures of the page tests: the application, and a client logged in as each role."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from accounts import people
from accounts.store.tables import Role
from foundation.database import Store, utc_now
from foundation.settings import Settings
from wsgi import create_app

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords the cheap way: each test makes one person per role."""
    cheap = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1)
    monkeypatch.setattr(people, "HASHER", cheap)


@pytest.fixture
def app(settings: Settings, store: Store) -> Iterator[Flask]:
    """Return the application on the test's store, with one person per role (login = role)."""
    with store.write() as session:
        for role in Role:
            people.create(
                session, role.value, name=role.value.title(), role=role,
                password=PASSWORD, now=utc_now(),
            )  # fmt: skip
    made = create_app(settings)
    yield made
    made.extensions["soundings"].store.close()


class Browser:
    """A client that sends the CSRF token, as a page does."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **kwargs):
        """Fetch a page and remember its token."""
        reply = self.client.get(path, **kwargs)
        found = re.search(r'name="csrf-token" content="([^"]+)"', reply.get_data(as_text=True))
        self.token = found.group(1) if found else self.token
        return reply

    def post(self, path: str, data: dict[str, object] | None = None, **kwargs):
        """Send a form."""
        return self.client.post(path, data={"csrf_token": self.token, **(data or {})}, **kwargs)

    def send(self, path: str, body: object, **kwargs):
        """Send JSON as our scripts do."""
        headers = {"X-CSRFToken": self.token, "X-Requested-With": "soundings"}
        return self.client.post(path, json=body, headers=headers, **kwargs)

    def log_in(self, login: str):
        """Log in as a person of the fixture `app`."""
        self.get("/login")
        return self.post("/login", {"login": login, "password": PASSWORD})


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Return a browser that is not logged in."""
    return Browser(app.test_client())


@pytest.fixture
def as_role(app: Flask) -> Callable[[Role | str], Browser]:
    """Return a function that gives a browser logged in as a role."""

    def enter(role: Role | str) -> Browser:
        fresh = Browser(app.test_client())
        reply = fresh.log_in(str(role))
        assert reply.status_code in {302, 303}
        return fresh

    return enter
