"""Server CPU of one answer: answer in, saved durably, next question out.

Run `python -m benchmarks.answer [interviews]`. Starts gunicorn as the product does, on an SQLite
store of its own (WAL, synchronous=FULL), logs an interviewer in, answers bank-csi over HTTP, and
prints the user and system CPU time of the server's processes per answer. LimeSurvey 6.13 takes
66-77 ms for the same act on a machine of this size, measured apart. Neighbours on the machine cost
CPU time too: the quietest of the interviews tells how much.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import psutil

from accounts import people
from accounts.store.tables import Role
from cati.store.contacts import Contacts
from foundation.database import Store, utc_now
from foundation.migrations import upgrade
from foundation.personal import FieldCipher
from foundation.settings import Settings, ensure_secrets
from tests.desk import a_survey

PASSWORD = "correct horse battery"
PORT = 8471
FORM = Path("survey/library/bank-csi.md")
ALLOWED_MS = 5.0
PEER = "66-77 ms"
# The way past the screening, and to an answer that fits.
FIXED = {"right_person": "1", "consent": "1", "still_customer": "1", "works_in_trade": "2"}
TYPED = {"numeric": "1980", "decimal": "1", "": "more counters in the branch"}


class Page:
    """An interviewer's browser, as far as the server can tell."""

    def __init__(self) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", PORT)
        self.cookies: dict[str, str] = {}
        self.token = ""

    def ask(self, method: str, path: str, body: bytes = b"", kind: str = "") -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if kind:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.token}
        if kind == "application/json":
            headers["X-Requested-With"] = "soundings"
        self.line.request(method, path, body, headers)
        reply = self.line.getresponse()
        for name, value in reply.getheaders():
            if name == "Set-Cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = reply.read().decode()
        found = re.search(r'name="csrf-token" content="([^"]+)"', text)
        self.token = found.group(1) if found else self.token
        where = reply.getheader("Location")
        return self.ask("GET", where) if where else (reply.status, text)

    def fill(self, path: str, **fields: str) -> str:
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")[1]

    def send(self, path: str, entry: dict[str, Any]) -> dict[str, Any]:
        status, text = self.ask("POST", path, json.dumps(entry).encode(), "application/json")
        assert status == 200, (path, status, text)
        reply: dict[str, Any] = json.loads(text)
        return reply


def number(html: str, name: str) -> int:
    """Return a number that a page carries in a data attribute."""
    return int(re.findall(rf'data-{name}="(\d+)"', html)[0])


def begin(page: Page) -> tuple[str, dict[str, int], str]:
    """Take a case, dial, begin; return the interview's address, its claim and its page."""
    page.ask("GET", "/desk")
    case = page.fill("/desk/next")
    fence, case_id = (
        int(re.findall(rf'data-{name}="(\d+)"', case)[0]) for name in ("fence", "case")
    )
    entry = {"fence": fence, "key": uuid4().hex, "number": 0}
    page.send(f"/case/{case_id}/dial", entry)
    shown = page.fill(f"/case/{case_id}/begin", fence=str(fence), key=uuid4().hex)
    interview = re.findall(r'data-address="(/interview/\d+)"', shown)[0]
    return interview, {"fence": fence, "case": case_id}, shown


def answered(html: str, rng: random.Random) -> dict[str, Any]:
    """Return an answer to the question that a page shows."""
    name = re.findall(r'data-name="(\w+)"', html)[0]
    codes = re.findall(r'name="code" value="([^"]+)"', html)
    entry: dict[str, Any] = {"question": name, "status": "answered"}
    if codes:
        return entry | {"codes": [FIXED.get(name) or rng.choice(codes)]}
    mode = re.findall(r'inputmode="(\w+)"', html)
    return entry | {"text": TYPED[mode[0]] if mode else TYPED[""] if "textarea" in html else ""}


def interview(page: Page, rng: random.Random, server: psutil.Process) -> tuple[int, float, float]:
    """Hold one interview; return the number of answers, and what they took: CPU, wall seconds."""
    address, claim, html = begin(page)
    seq = number(html, "seq")
    count, start, before = 0, time.perf_counter(), cpu_seconds(server)
    while True:
        entry = claim | answered(html, rng) | {"expected": seq, "key": uuid4().hex}
        reply = page.send(f"{address}/answers", entry)
        count += 1
        if "closed" in reply:
            return count, cpu_seconds(server) - before, time.perf_counter() - start
        seq, html = reply["seq"], reply["html"]


def cpu_seconds(server: psutil.Process) -> float:
    """Return the user and system time that the server's processes have taken so far."""
    processes = [server, *server.children(recursive=True)]
    return sum(p.cpu_times().user + p.cpu_times().system for p in processes)


def prepare(folder: Path, cases: int) -> None:
    """Make an installation with an interviewer and cases to call."""
    ensure_secrets(folder)
    settings = Settings.from_env()
    store = Store(settings.store_url)
    upgrade(store)
    with store.write() as session:
        people.create(session, "interviewer", name="Interviewer", role=Role.INTERVIEWER,
                      password=PASSWORD, now=utc_now())  # fmt: skip
    cipher = FieldCipher(settings.field_key, settings.index_key)
    contacts = Contacts(cipher, settings.country, settings.zone)
    a_survey(store, contacts, FORM.read_bytes(), now=utc_now(), cases=cases)
    store.close()


def serve() -> subprocess.Popen[bytes]:
    """Start the web server as `soundings run` does."""
    command = [sys.executable, "-m", "gunicorn", "wsgi:create_app()", "--bind", f"127.0.0.1:{PORT}",
               "--workers", "2", "--worker-class", "gthread", "--threads", "8",
               "--log-level", "warning"]  # fmt: skip
    return subprocess.Popen(command)


def log_in(page: Page) -> None:
    """Log in as soon as the server answers."""
    for _ in range(150):
        try:
            page.ask("GET", "/login")
            break
        except OSError:
            page.line.close()
            time.sleep(0.2)
    page.fill("/login", login="interviewer", password=PASSWORD)


def measure(interviews: int, server: psutil.Process) -> str:
    """Return one line with what an answer costs."""
    page, rng = Page(), random.Random(1)
    log_in(page)
    interview(page, rng, server)
    held = [interview(page, rng, server) for _ in range(interviews)]
    answers = sum(count for count, _, _ in held)
    each = 1000 * sum(cpu for _, cpu, _ in held) / answers
    wall = 1000 * sum(seconds for _, _, seconds in held) / answers
    quietest = 1000 * min(cpu / count for count, cpu, _ in held)
    verdict = "within" if each <= ALLOWED_MS else "ABOVE"
    return (
        f"answer: {each:.2f} ms server CPU ({verdict} {ALLOWED_MS:g} ms; LimeSurvey 6.13: {PEER}), "
        f"{quietest:.2f} ms in the quietest interview, {wall:.1f} ms on the wall; "
        f"{answers} answers in {interviews} interviews"
    )


def main() -> None:
    interviews = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SOUNDINGS_DATA_DIR"] = folder
        prepare(Path(folder), interviews + 5)
        server = serve()
        try:
            print(measure(interviews, psutil.Process(server.pid)))
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
