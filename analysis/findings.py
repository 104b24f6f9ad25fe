"""What the researcher's Model pages read and ask for beside the index. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from accounts import audit
from analysis.store import findings as stored
from analysis.store.tables import FindingKind, WaveResult


def judgement(session: Session, result: WaveResult) -> Mapping[str, Any] | None:
    """Return the judgement that was computed with a result; None of results before it was."""
    found = stored.of_job(session, result.job_id, FindingKind.JUDGEMENT)
    return found.numbers if found and found.numbers else None


def note_download(
    session: Session, wave_id: int, what: str, kind: str, *, by: int | None, now: datetime
) -> None:
    """Write into the audit trail that tables of a wave's model were taken out as a file."""
    detail: dict[str, object] = {"tables": what, "kind": kind}
    audit.record(session, "export model", f"wave {wave_id}", by=by, at=now, detail=detail)
