"""What the telephone floor reports of a wave: every released case, and the response rates.

The floor writes (`cati.reporting`), the analysis reads; neither imports the other. A report is a
copy with a date: it is replaced as a whole and never patched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlmodel import Session, col, select

from survey.store.tables import CaseRecord, FieldReport

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class SampledCase:
    """One released case; see `survey.store.tables.CaseRecord`."""

    respondent: str
    outcome: str
    stratum: str = ""
    selection_probability: float | None = None
    attempts: int = 0
    refused: bool = False
    psu: str = ""


def replace_report(
    session: Session,
    wave_id: int,
    cases: Iterable[SampledCase],
    *,
    rates: Mapping[str, object],
    now: datetime,
) -> int:
    """Put a new report of a wave in the place of the one before; return how many cases it has."""
    session.exec(delete(CaseRecord).where(col(CaseRecord.wave_id) == wave_id))
    rows = [_row(wave_id, case) for case in cases]
    for start in range(0, len(rows), AT_ONCE):
        session.connection().execute(insert(CaseRecord), rows[start : start + AT_ONCE])
    session.merge(FieldReport(wave_id=wave_id, rates=dict(rates), reported_at=now))
    session.flush()
    return len(rows)


def report(session: Session, wave_id: int) -> FieldReport | None:
    """Return the rates of a wave as last reported; None when nothing was."""
    return session.get(FieldReport, wave_id)


def cases(session: Session, wave_id: int) -> list[SampledCase]:
    """Return the released cases of a wave as last reported, in the order of the sample."""
    query = select(CaseRecord).where(CaseRecord.wave_id == wave_id).order_by(col(CaseRecord.id))
    return [
        SampledCase(
            row.respondent,
            row.outcome,
            row.stratum,
            row.selection_probability,
            row.attempts,
            row.refused,
            row.psu,
        )
        for row in session.exec(query)
    ]


def _row(wave_id: int, case: SampledCase) -> dict[str, object]:
    return {
        "wave_id": wave_id,
        "respondent": case.respondent,
        "stratum": case.stratum,
        "psu": case.psu,
        "selection_probability": case.selection_probability,
        "outcome": case.outcome,
        "attempts": case.attempts,
        "refused": case.refused,
    }
