"""The audit trail: append only, each entry chained to the one before by SHA-256."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from sqlmodel import Session, select

from accounts.store.tables import AuditEntry, AuditHead

START = "0" * 64


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    by: int | None,
    at: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    """Add an entry. `detail` never carries personal data, only ids and counts."""
    head = session.exec(select(AuditHead).with_for_update()).first()
    if head is None:
        head = AuditHead(digest=START)
    entry = AuditEntry(
        at=at,
        person_id=by,
        action=action,
        subject=subject,
        detail=detail or {},
        previous=head.digest,
        digest="",
    )
    entry.digest = _digest(entry)
    head.digest = entry.digest
    session.add_all([head, entry])


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
        entry.detail,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
