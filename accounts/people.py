"""People: make them, let them in, end their logins."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import bindparam, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, SQLModel, col, select

from accounts import audit
from accounts.store.tables import Login, Person, Role
from foundation.problems import N_, Message, Place, Problem, ProblemsError

# OWASP's second recommendation: 30 ms a check instead of 250, so that a shift of 300 gets in.
HASHER = PasswordHasher(memory_cost=19_456, time_cost=2, parallelism=1)
SHORTEST_PASSWORD = 12
ABSOLUTE_HOURS = 12
SEEN_STEP = timedelta(minutes=1)
LONGEST_LOGIN = 64
LONGEST_NAME = 120

# Built once and without the ORM: it runs with every request.
_logins: Any = SQLModel.metadata.tables["login"]
_people: Any = SQLModel.metadata.tables["person"]
_VISITOR = (
    select_columns(
        _people.c.id,
        _people.c.login,
        _people.c.name,
        _people.c.role,
        _people.c.locale,
        _logins.c.seen_at,
        _logins.c.began_at,
    )
    .join(_people, _people.c.id == _logins.c.person_id)
    .where(
        _logins.c.token_hash == bindparam("token_hash"),
        _logins.c.ended_at.is_(None),
        _people.c.is_active,
    )
)

LOGIN_TAKEN = Message(
    "ACC-001", N_("the login '%(login)s' exists already."), N_("Choose another one.")
)
BAD_LOGIN = Message(
    "ACC-002",
    N_("'%(login)s' cannot be a login."),
    N_("Use 1 to 64 letters, digits, dots, hyphens or underscores."),
)
WEAK_PASSWORD = Message(
    "ACC-003",
    N_("the password is shorter than %(least)s characters."),
    N_("Use a longer one; several words are easy to remember."),
)
NO_NAME = Message("ACC-004", N_("the name is empty or too long."), N_("Use 1 to 120 characters."))
LAST_ADMIN = Message(
    "ACC-005",
    N_("this is the last active administrator."),
    N_("Make another person administrator first."),
)
WRONG_PASSWORD = Message(
    "ACC-006",
    N_("the present password does not fit."),
    N_("Type it again; if it is forgotten, an administrator gives you a new one."),
)
SAME_PASSWORD = Message(
    "ACC-007", N_("the new password is the present one."), N_("Choose another one.")
)


@dataclass(frozen=True, slots=True)
class Visitor:
    """The person behind a request, as far as pages need to know."""

    id: int
    login: str
    name: str
    role: Role
    locale: str
    seen_at: datetime


def create(
    session: Session, login: str, *, name: str, role: Role, password: str, now: datetime,
    by: int | None = None,
) -> Person:  # fmt: skip
    """Add a person; raises ProblemsError with everything wrong about the entries.

    `by` is the administrator who does it; None stands for the command line.
    """
    login = login.strip().lower()
    problems = _entry_problems(session, login, name, password)
    if problems:
        raise ProblemsError(problems)
    person = Person(
        login=login, name=name.strip(), role=role, password_hash=HASHER.hash(password),
        created_at=now,
    )  # fmt: skip
    session.add(person)
    session.flush()
    audit.record(
        session, "add person", f"person {person.id}", by=by, at=now, detail={"role": role.value}
    )
    return person


def authenticate(session: Session, login: str, password: str) -> Person | None:
    """Return the person whose login and password these are.

    An unknown login costs the same time as a wrong password, so that names cannot be guessed.
    """
    person = _named(session, login)
    known = person is not None and person.is_active
    stored = person.password_hash if person is not None and known else _nobody()
    return person if _fits(stored, password) and known else None


def note_failure(session: Session, login: str, now: datetime) -> None:
    """Note a login that failed; the name typed only when there is such an account.

    What is typed into the wrong field is often a password.
    """
    person = _named(session, login)
    subject = f"person {person.id}" if person else "nobody"
    detail: dict[str, object] = {"login": person.login} if person else {}
    audit.record(session, "login failed", subject, by=None, at=now, detail=detail)


def open_login(session: Session, person: Person, now: datetime) -> str:
    """Begin a login and return its secret token, which only the person's cookie keeps."""
    assert person.id is not None  # noqa: S101 - a stored person
    token = secrets.token_urlsafe(32)
    session.add(Login(person_id=person.id, token_hash=_hash(token), began_at=now, seen_at=now))
    audit.record(session, "login", f"person {person.id}", by=person.id, at=now)
    return token


def visitor(session: Session, token: str, now: datetime, idle: timedelta) -> Visitor | None:
    """Return who a login token belongs to, unless the login has ended or lain idle."""
    found = session.connection().execute(_VISITOR, {"token_hash": _hash(token)}).first()
    if found is None:
        return None
    if now - found.seen_at > idle or now - found.began_at > timedelta(hours=ABSOLUTE_HOURS):
        return None
    return Visitor(
        found.id, found.login, found.name, found.role, found.locale, found.seen_at
    )  # fmt: skip


def touch_login(session: Session, token: str, now: datetime) -> None:
    """Note that a login is in use; called at most once a minute per login."""
    session.exec(update(Login).where(col(Login.token_hash) == _hash(token)).values(seen_at=now))


def close_login(session: Session, token: str, now: datetime) -> None:
    """End one login, as the person who logs out asks."""
    ended = session.exec(
        update(Login)
        .where(col(Login.token_hash) == _hash(token), col(Login.ended_at).is_(None))
        .values(ended_at=now)
        .returning(col(Login.person_id))
    ).first()
    if ended is not None:
        audit.record(session, "logout", f"person {ended[0]}", by=ended[0], at=now)


def set_locale(session: Session, person_id: int, locale: str) -> None:
    """Remember the language a person wants."""
    session.exec(update(Person).where(col(Person.id) == person_id).values(locale=locale))


def person(session: Session, person_id: int) -> Person | None:
    """Return one person."""
    return session.get(Person, person_id)


def everyone(session: Session) -> list[Person]:
    """Return all people by login."""
    return list(session.exec(select(Person).order_by(Person.login)))


def change(
    session: Session, person_id: int, *, role: Role, is_active: bool, by: int, now: datetime
) -> None:
    """Change a person's role or let them in no longer; their logins end at once."""
    person = session.get_one(Person, person_id)
    loses_admin = person.role == Role.ADMIN and (role != Role.ADMIN or not is_active)
    if loses_admin and _active_admins(session) == 1 and person.is_active:
        raise ProblemsError([LAST_ADMIN.at(Place())])
    person.role, person.is_active = role, is_active
    _end_logins(session, person_id, now)
    detail: dict[str, object] = {"role": role.value, "active": is_active}
    audit.record(session, "change person", f"person {person_id}", by=by, at=now, detail=detail)


def set_password(
    session: Session, person_id: int, password: str, *, by: int, now: datetime
) -> None:
    """Give a person a new password; their logins end at once."""
    if len(password) < SHORTEST_PASSWORD:
        raise ProblemsError([WEAK_PASSWORD.at(Place(), least=SHORTEST_PASSWORD)])
    session.get_one(Person, person_id).password_hash = HASHER.hash(password)
    _end_logins(session, person_id, now)
    audit.record(session, "set password", f"person {person_id}", by=by, at=now)


def own_password(session: Session, person_id: int, present: str, wanted: str) -> str:
    """Return the hash of the password that a person wants instead of the present one.

    Nothing is written: hashing takes a while on purpose. Raises ProblemsError with everything
    that stands against it; ACC-006 when `present` is not the present password.
    """
    stored, problems = session.get_one(Person, person_id).password_hash, list[Problem]()
    if not _fits(stored, present):
        problems.append(WRONG_PASSWORD.at(Place()))
    if len(wanted) < SHORTEST_PASSWORD:
        problems.append(WEAK_PASSWORD.at(Place(), least=SHORTEST_PASSWORD))
    elif wanted == present:
        problems.append(SAME_PASSWORD.at(Place()))
    if problems:
        raise ProblemsError(problems)
    return HASHER.hash(wanted)


def change_own_password(
    session: Session, person_id: int, password_hash: str, *, token: str, now: datetime
) -> int:
    """Keep the hash that `own_password` gave, and return how many other logins it ended.

    The login of `token`, from which the person does it, goes on.
    """
    session.get_one(Person, person_id).password_hash = password_hash
    ended = _end_logins(session, person_id, now, but=token)
    detail: dict[str, object] = {"logins ended": ended}
    audit.record(
        session, "change password", f"person {person_id}", by=person_id, at=now, detail=detail
    )
    return ended


def _end_logins(session: Session, person_id: int, now: datetime, *, but: str = "") -> int:
    ended = session.exec(
        update(Login)
        .where(col(Login.person_id) == person_id, col(Login.ended_at).is_(None))
        .where(col(Login.token_hash) != _hash(but))
        .values(ended_at=now)
        .returning(col(Login.id))
    )
    return len(ended.all())


def _named(session: Session, login: str) -> Person | None:
    return session.exec(select(Person).where(Person.login == login.strip().lower())).first()


def _fits(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def _entry_problems(session: Session, login: str, name: str, password: str) -> list[Problem]:
    problems = []
    allowed = login.replace(".", "").replace("-", "").replace("_", "")
    if not allowed.isalnum() or len(login) > LONGEST_LOGIN:
        problems.append(BAD_LOGIN.at(Place(), login=login))
    elif session.exec(select(Person).where(Person.login == login)).first():
        problems.append(LOGIN_TAKEN.at(Place(), login=login))
    if not 1 <= len(name.strip()) <= LONGEST_NAME:
        problems.append(NO_NAME.at(Place()))
    if len(password) < SHORTEST_PASSWORD:
        problems.append(WEAK_PASSWORD.at(Place(), least=SHORTEST_PASSWORD))
    return problems


def _active_admins(session: Session) -> int:
    query = select(Person).where(Person.role == Role.ADMIN, col(Person.is_active))
    return len(session.exec(query).all())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_urlsafe(16))
