"""The people of the demo: one login per role, and interviewers who only worked in the past."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlmodel import Session, col, select

from accounts import people
from accounts.store.tables import Person, Role

LOGINS = {
    "interviewer": ("Interviewer 1", Role.INTERVIEWER),
    "interviewer2": ("Interviewer 2", Role.INTERVIEWER),
    "supervisor": ("Supervisor", Role.SUPERVISOR),
    "researcher": ("Researcher", Role.RESEARCHER),
    "executive": ("Executive", Role.EXECUTIVE),
    "admin": ("Administrator", Role.ADMIN),
}
# They made most of the simulated calls; nobody can log in as one of them.
PAST = {f"past-interviewer-{n}": f"Interviewer {n}" for n in range(3, 8)}
PASSWORD_BYTES = 12


def hire(session: Session, now: datetime) -> dict[str, str]:
    """Add the people of the demo; return the new logins with their random passwords.

    A login that exists already stays as it is and is not returned.
    """
    there = set(session.exec(select(Person.login).where(col(Person.login).in_([*LOGINS, *PAST]))))
    passwords: dict[str, str] = {}
    for login, (name, role) in LOGINS.items():
        if login not in there:
            passwords[login] = secrets.token_urlsafe(PASSWORD_BYTES)
            people.create(session, login, name=name, role=role, password=passwords[login], now=now)
    for login in PAST.keys() - there:
        _add_past(session, login, now)
    return passwords


def _add_past(session: Session, login: str, now: datetime) -> None:
    person = people.create(
        session, login, name=PAST[login], role=Role.INTERVIEWER,
        password=secrets.token_urlsafe(PASSWORD_BYTES), now=now,
    )  # fmt: skip
    person.is_active = False


def interviewers(session: Session) -> list[int]:
    """Return the ids of everybody who works on the simulated floor."""
    logins = [login for login, (_, role) in LOGINS.items() if role is Role.INTERVIEWER]
    query = select(Person.id).where(col(Person.login).in_([*logins, *PAST])).order_by(Person.login)
    return [found for found in session.exec(query) if found is not None]


def researcher(session: Session) -> int | None:
    """Return the id of the demo's researcher."""
    return session.exec(select(Person.id).where(Person.login == "researcher")).first()
