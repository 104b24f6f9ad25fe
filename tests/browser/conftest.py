"""Fixtures of the browser tests: the application in a real server, Debian's Chromium before it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from accounts import people
from accounts.store.tables import Role
from foundation.database import Store, utc_now
from foundation.settings import Settings
from wsgi import create_app

PASSWORD = "correct horse battery"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: worth Chromium's time on PostgreSQL too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keys and pictures do not depend on the database, whose kinds tests/web compares."""
    twice = [
        item
        for item in items
        if item.get_closest_marker("browser")
        and item.get_closest_marker("postgres")
        and not item.get_closest_marker("both_databases")
    ]
    config.hook.pytest_deselected(items=twice)
    items[:] = [item for item in items if item not in set(twice)]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return one Chromium for the whole run."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(settings: Settings, store: Store) -> Iterator[str]:
    """Return the address of the application, served in threads on the test's store."""
    with store.write() as session:
        for role in Role:
            people.create(
                session, role.value, name=role.value.title(), role=role,
                password=PASSWORD, now=utc_now(),
            )  # fmt: skip
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    app.extensions["soundings"].store.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """Return a fresh browser context of a usual laptop's size."""
    made = _laptop(chromium)
    yield made
    made.close()


@pytest.fixture
def enter(context: BrowserContext, address: str) -> Callable[[str], Page]:
    """Return a function that logs in as a role and gives its first page."""
    return lambda login: _log_in(context, address, login)


@pytest.fixture
def enter_apart(chromium: Browser, address: str) -> Iterator[Callable[[str], Page]]:
    """Return a function like `enter` that gives everybody a computer of their own."""
    laptops: list[BrowserContext] = []

    def sit_down(login: str) -> Page:
        laptops.append(_laptop(chromium))
        return _log_in(laptops[-1], address, login)

    yield sit_down
    for laptop in laptops:
        laptop.close()


def _laptop(chromium: Browser) -> BrowserContext:
    made = chromium.new_context(viewport={"width": 1366, "height": 768}, locale="en-US")
    made.set_default_timeout(15_000)
    return made


def _log_in(context: BrowserContext, address: str, login: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/login")
    page.get_by_label("Login", exact=True).fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


@pytest.fixture
def shots(request: pytest.FixtureRequest) -> Path:
    """Return the folder where a test may leave screenshots for a person to look at."""
    folder = Path(request.config.rootpath) / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
