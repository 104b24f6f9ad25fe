"""The audit trail: append only, each entry chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from accounts.store.tables import AuditEntry, AuditHead

START = "0" * 64
REASON, ERASED = "reason", "erased"
SALT_BYTES = 16


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    by: int | None,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    """Add an entry. `detail` carries ids and counts, and a `reason` in somebody's own words.

    The reason alone can be forgotten later, should it name a person: see `forget_reasons`.
    """
    head = session.exec(select(AuditHead).with_for_update()).first()
    if head is None:
        head = AuditHead(digest=START)
    entry = AuditEntry(
        at=at,
        person_id=by,
        action=action,
        subject=subject,
        detail=detail or {},
        salt=secrets.token_hex(SALT_BYTES) if detail and REASON in detail else "",
        previous=head.digest,
        digest="",
    )
    entry.digest = _digest(entry)
    head.digest = entry.digest
    session.add_all([head, entry])


def forget_reasons(session: Session, subjects: Sequence[str]) -> int:
    """Take the reasons out of the entries about some subjects; return how many there were.

    What is left of each is its salted hash without the salt: it keeps the chain whole and can
    no longer be guessed at.
    """
    entries = session.exec(select(AuditEntry).where(col(AuditEntry.subject).in_(subjects)))
    told = [entry for entry in entries if isinstance(entry.detail.get(REASON), str)]
    for entry in told:
        entry.detail = {**entry.detail, REASON: {ERASED: _sealed_reason(entry)}}
        entry.salt = ""
        session.add(entry)
    session.flush()
    return len(told)


def first_broken(session: Session) -> int | None:
    """Return the id of the first entry that does not fit the chain; None when it is whole.

    When the newest entries are gone, it is the id that the first of them had, or one near it.
    """
    previous, last = START, 0
    for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id)):  # type: ignore[arg-type]
        if entry.previous != previous or entry.digest != _digest(entry):
            return entry.id
        previous, last = entry.digest, entry.id or 0
    head = session.exec(select(AuditHead)).first()
    return None if previous == (head.digest if head else START) else last + 1


def _digest(entry: AuditEntry) -> str:
    said = [
        entry.at.isoformat(),
        entry.person_id,
        entry.action,
        entry.subject,
        {**entry.detail, REASON: _sealed_reason(entry)} if REASON in entry.detail else entry.detail,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _sealed_reason(entry: AuditEntry) -> object:
    reason = entry.detail[REASON]
    if isinstance(reason, dict):
        return reason.get(ERASED)
    return hashlib.sha256(f"{entry.salt}{reason}".encode()).hexdigest()
