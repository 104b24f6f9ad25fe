"""Tables of people, their logins, and the audit trail."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from foundation.database import UtcDateTime, by_value, json_type, utc_now


class Role(StrEnum):
    """What a person may do. Values are stored: only add."""

    INTERVIEWER = "interviewer"
    SUPERVISOR = "supervisor"
    RESEARCHER = "researcher"
    EXECUTIVE = "executive"
    ADMIN = "admin"


class Person(SQLModel, table=True):
    """Somebody who logs in. `login` is stored in lower case."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("login", name="uq_person_login"),
        CheckConstraint("length(login) >= 1", name="login_not_empty"),
    )

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(max_length=64)
    name: str = Field(max_length=120)
    role: Role = Field(sa_type=by_value(Role))
    password_hash: str = Field(max_length=255)
    locale: str = Field(default="", max_length=16, description="empty: as the browser asks")
    is_active: bool = True
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class Login(SQLModel, table=True):
    """One login of one person, on the server's side, so that it can be ended there."""

    __tablename__ = "login"
    __table_args__ = (UniqueConstraint("token_hash", name="uq_login_token_hash"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(max_length=64)
    began_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    seen_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AuditEntry(SQLModel, table=True):
    """Who did what to what. Rows are added, never changed; each carries the hash of the last.

    One change is allowed: a `reason` in `detail` may be forgotten (`accounts.audit`). The hash
    covers it by its hash with `salt`, which goes with it.
    """

    __tablename__ = "audit_entry"

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    person_id: int | None = Field(default=None, index=True)
    action: str = Field(max_length=64)
    subject: str = Field(max_length=120)
    detail: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    salt: str = Field(default="", max_length=32)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """The newest hash of the trail: the one row that every entry locks, so that none is lost."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: int = Field(default=1, primary_key=True)
    digest: str = Field(max_length=64)
