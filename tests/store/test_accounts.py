"""People, logins and the audit trail, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from accounts import audit, people
from accounts.store.tables import AuditEntry, Login, Role
from foundation.database import Store
from foundation.problems import ProblemsError

NOW = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)
IDLE = timedelta(minutes=30)
PASSWORD = "correct horse battery"


def a_person(store: Store, login: str = "wang", role: Role = Role.INTERVIEWER) -> int:
    with store.write() as session:
        person = people.create(
            session, login, name="Somebody", role=role, password=PASSWORD, now=NOW
        )
        assert person.id is not None
        return person.id


def enter(store: Store, login: str = "wang") -> str:
    with store.write() as session:
        person = people.authenticate(session, login, PASSWORD)
        assert person is not None
        return people.open_login(session, person, NOW)


def seen_by(store: Store, token: str, at: datetime = NOW) -> people.Visitor | None:
    with store.read() as session:
        return people.visitor(session, token, at, IDLE)


def test_a_person_enters_with_the_right_password_in_any_case_of_the_login(store: Store):
    a_person(store)
    with store.read() as session:
        assert people.authenticate(session, " WANG ", PASSWORD) is not None
        assert people.authenticate(session, "wang", PASSWORD + "!") is None
        assert people.authenticate(session, "nobody", PASSWORD) is None


def test_everything_wrong_about_a_new_person_is_said_at_once(store: Store):
    with pytest.raises(ProblemsError) as caught, store.write() as session:
        people.create(session, "a b", name="", role=Role.ADMIN, password="short", now=NOW)
    assert [p.message.code for p in caught.value.problems] == ["ACC-002", "ACC-004", "ACC-003"]


def test_a_login_is_taken_once(store: Store):
    a_person(store)
    with pytest.raises(ProblemsError, match="ACC-001"):
        a_person(store, "Wang")


def test_a_token_opens_one_login_until_it_is_closed(store: Store):
    a_person(store)
    token = enter(store)
    assert seen_by(store, token).login == "wang"
    assert seen_by(store, "x" * 43) is None
    with store.write() as session:
        people.close_login(session, token, NOW)
    assert seen_by(store, token) is None


def test_the_store_never_keeps_the_token_itself(store: Store):
    a_person(store)
    token = enter(store)
    with store.read() as session:
        stored = session.exec(select(Login)).one()
    assert token not in stored.token_hash


def test_a_login_ends_when_it_lies_idle_or_grows_old(store: Store):
    a_person(store)
    token = enter(store)
    assert seen_by(store, token, NOW + IDLE) is not None
    assert seen_by(store, token, NOW + IDLE + timedelta(seconds=1)) is None
    late = NOW + timedelta(hours=people.ABSOLUTE_HOURS, seconds=1)
    with store.write() as session:
        people.touch_login(session, token, late)
    assert seen_by(store, token, late) is None


@pytest.mark.parametrize("change", ["role", "active", "password"])
def test_a_change_of_role_access_or_password_ends_every_login(store: Store, change: str):
    admin = a_person(store, "root", Role.ADMIN)
    person = a_person(store)
    token = enter(store)
    with store.write() as session:
        if change == "password":
            people.set_password(session, person, "another long one", by=admin, now=NOW)
        else:
            role = Role.SUPERVISOR if change == "role" else Role.INTERVIEWER
            people.change(
                session, person, role=role, is_active=change != "active", by=admin, now=NOW
            )
    assert seen_by(store, token) is None


def told(store: Store) -> list[tuple[str, str, int | None, dict[str, object]]]:
    with store.read() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id)))
        return [(e.action, e.subject, e.person_id, e.detail) for e in entries]


def test_the_trail_says_who_was_added_came_in_and_went(store: Store):
    person = a_person(store)
    token = enter(store)
    with store.write() as session:
        people.close_login(session, token, NOW)
        people.close_login(session, token, NOW)
    assert told(store) == [
        ("add person", f"person {person}", None, {"role": "interviewer"}),
        ("login", f"person {person}", person, {}),
        ("logout", f"person {person}", person, {}),
    ]


def test_a_login_that_fails_is_told_by_name_only_when_there_is_such_an_account(store: Store):
    person = a_person(store)
    with store.write() as session:
        people.note_failure(session, " WANG ", NOW)
        people.note_failure(session, "my secret password", NOW)
    assert told(store)[1:] == [
        ("login failed", f"person {person}", None, {"login": "wang"}),
        ("login failed", "nobody", None, {}),
    ]


def test_a_password_of_ones_own_ends_the_other_logins_and_keeps_this_one(store: Store):
    person = a_person(store)
    mine, other = enter(store), enter(store)
    with store.read() as session:
        hashed = people.own_password(session, person, PASSWORD, "another long one")
    with store.write() as session:
        ended = people.change_own_password(session, person, hashed, token=mine, now=NOW)
    assert (ended, seen_by(store, other)) == (1, None)
    assert seen_by(store, mine).id == person
    with store.read() as session:
        assert people.authenticate(session, "wang", PASSWORD) is None
        assert people.authenticate(session, "wang", "another long one") is not None
    assert told(store)[-1] == (
        "change password", f"person {person}", person, {"logins ended": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("present", "wanted", "codes"),
    [
        ("wrong", "another long one", ["ACC-006"]),
        ("wrong", "short", ["ACC-006", "ACC-003"]),
        (PASSWORD, PASSWORD, ["ACC-007"]),
        (PASSWORD, "short", ["ACC-003"]),
    ],
)
def test_everything_wrong_about_a_new_password_is_said(store: Store, present, wanted, codes):
    person = a_person(store)
    with pytest.raises(ProblemsError) as caught, store.read() as session:
        people.own_password(session, person, present, wanted)
    assert [p.message.code for p in caught.value.problems] == codes


def test_the_last_administrator_cannot_be_locked_out(store: Store):
    admin = a_person(store, "root", Role.ADMIN)
    with pytest.raises(ProblemsError, match="ACC-005"), store.write() as session:
        people.change(session, admin, role=Role.ADMIN, is_active=False, by=admin, now=NOW)


def test_the_audit_chain_names_the_first_entry_that_was_altered(store: Store):
    with store.write() as session:
        for number in range(5):
            audit.record(session, "look", f"case {number}", by=1, at=NOW, detail={"n": number})
    with store.read() as session:
        assert audit.first_broken(session) is None
        third = session.exec(select(AuditEntry).where(AuditEntry.subject == "case 2")).one()
    with store.write() as session:
        session.execute(
            text("UPDATE audit_entry SET person_id = 2 WHERE id = :id"), {"id": third.id}
        )
    with store.read() as session:
        assert audit.first_broken(session) == third.id


def test_the_audit_chain_misses_entries_that_were_cut_off_its_end(store: Store):
    with store.write() as session:
        for number in range(3):
            audit.record(session, "look", f"case {number}", by=1, at=NOW)
    with store.write() as session:
        session.execute(text("DELETE FROM audit_entry WHERE subject = 'case 2'"))
    with store.read() as session:
        assert audit.first_broken(session) is not None
