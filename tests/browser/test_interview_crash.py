"""The web server is killed with SIGKILL in the middle of an interview: nothing saved is lost."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from accounts import people
from accounts.store.tables import Role
from cati.store.contacts import Contacts
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from foundation.settings import Settings
from survey.store.tables import AnswerEvent
from tests import servers
from tests.browser.conftest import PASSWORD
from tests.browser.interviewer import Interviewer
from tests.desk import a_survey

pytestmark = [pytest.mark.browser, pytest.mark.both_databases]

TRIES = 300


class WebServer:
    """The web server as it runs in production, in processes of its own."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = servers.environment(settings)
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--workers", "2",
                   "--worker-class", "gthread", "--threads", "4", "--log-level", "critical",
                   "--bind", f"127.0.0.1:{self.port}"]  # fmt: skip
        # A session of its own, so that the whole group of processes can be killed at once.
        self.process = subprocess.Popen(command, env=self.environment, start_new_session=True)
        for _ in range(TRIES):
            try:
                urllib.request.urlopen(f"{self.address}/login", timeout=10).close()
                return
            except OSError:  # not there yet, or slow to come up
                time.sleep(0.1)

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@pytest.fixture
def server(settings: Settings, store: Store, cipher: FieldCipher) -> Iterator[WebServer]:
    with store.write() as session:
        people.create(session, "interviewer", name="Interviewer", role=Role.INTERVIEWER,
                      password=PASSWORD, now=utc_now())  # fmt: skip
    a_survey(store, Contacts(cipher, "CN", "Asia/Shanghai"), now=utc_now())
    started = WebServer(settings)
    yield started
    started.kill()


@pytest.fixture
def address(server: WebServer) -> str:
    return server.address


def answers(store: Store) -> list[tuple[str | None, object]]:
    with store.read() as session:
        query = select(AnswerEvent).where(AnswerEvent.kind == "answered")
        events = session.exec(query.order_by(col(AnswerEvent.id)))
        return [(event.question, event.value) for event in events]


def test_a_killed_server_loses_nothing_and_the_interview_goes_on_at_the_same_question(
    server: WebServer, enter: Callable[[str], Page], store: Store
):
    interviewer = Interviewer(enter("interviewer"))
    interviewer.begin()
    interviewer.answer("right", "1")
    interviewer.answer("overall", "9")
    interviewer.sees("channels")
    interviewer.is_saved()
    server.kill()
    assert answers(store) == [("right", "1"), ("overall", "9")]
    interviewer.press("1", "Enter")
    state = interviewer.page.locator("#saved")
    expect(state).to_have_text(re.compile("1 kept on this computer"))
    server.start()
    interviewer.sees("visits")
    interviewer.answer("visits", text="3")
    interviewer.sees("wish")
    server.kill()
    server.start()
    interviewer.page.reload()
    interviewer.sees("wish")
    assert answers(store) == [
        ("right", "1"),
        ("overall", "9"),
        ("channels", ["1"]),
        ("visits", 3),
    ]
