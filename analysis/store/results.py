"""Queries of wave results: the newest of each wave counts."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from analysis.store.tables import ResultKind, WaveResult
from survey.store.tables import Study, Wave


def newest(
    session: Session, study_id: int | None = None, *, until: int | None = None
) -> list[tuple[Wave, WaveResult]]:
    """Return the waves that have a result with their newest one, ordered by study and number.

    Those of one study, if given; and no wave after number `until`, if given.
    """
    latest = (
        select(func.max(WaveResult.id))
        .where(WaveResult.kind == ResultKind.INDEX)
        .group_by(col(WaveResult.wave_id))
    )
    query = (
        select(Wave, WaveResult)
        .join(WaveResult, col(WaveResult.wave_id) == Wave.id)
        .where(col(WaveResult.id).in_(latest))
        .order_by(col(Wave.study_id), col(Wave.number))
    )
    if study_id is not None:
        query = query.where(Wave.study_id == study_id)
    if until is not None:
        query = query.where(Wave.number <= until)
    return list(session.exec(query).all())


def of_job(session: Session, job_id: int) -> WaveResult | None:
    """Return the result that a job has left."""
    return session.exec(select(WaveResult).where(WaveResult.job_id == job_id)).first()


def with_study(session: Session, wave_id: int) -> tuple[Study, Wave] | None:
    """Return a wave and its study."""
    query = select(Study, Wave).join(Wave, col(Wave.study_id) == Study.id)
    return session.exec(query.where(Wave.id == wave_id)).first()
