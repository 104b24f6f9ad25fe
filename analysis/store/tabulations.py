"""Queries of sets of tables and their results: the newest result of a set counts."""

from __future__ import annotations

from sqlmodel import Session, col, select

from analysis.store.tables import Tabulation, TabulationResult


def of_wave(session: Session, wave_id: int) -> list[Tabulation]:
    """Return the sets of a wave, the newest first."""
    query = select(Tabulation).where(Tabulation.wave_id == wave_id)
    return list(session.exec(query.order_by(col(Tabulation.id).desc())))


def one(session: Session, tabulation_id: int) -> Tabulation | None:
    """Return a set by its id."""
    return session.get(Tabulation, tabulation_id)


def newest_result(session: Session, tabulation_id: int) -> TabulationResult | None:
    """Return the newest result of a set."""
    query = select(TabulationResult).where(TabulationResult.tabulation_id == tabulation_id)
    return session.exec(query.order_by(col(TabulationResult.id).desc()).limit(1)).first()


def result_of_job(session: Session, job_id: int) -> TabulationResult | None:
    """Return the result that a job has left."""
    query = select(TabulationResult).where(TabulationResult.job_id == job_id)
    return session.exec(query).first()
