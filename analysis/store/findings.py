"""Queries of findings and versions of a wave's model."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from analysis.store.tables import FindingKind, ModelFinding, ModelVersion


def of_job(session: Session, job_id: int, kind: FindingKind) -> ModelFinding | None:
    """Return what a job has left of a kind."""
    query = select(ModelFinding).where(ModelFinding.job_id == job_id, ModelFinding.kind == kind)
    return session.exec(query).first()


def newest(session: Session, wave_id: int, kind: FindingKind) -> list[ModelFinding]:
    """Return the findings of a kind about a wave, the newest first."""
    query = select(ModelFinding).where(ModelFinding.wave_id == wave_id, ModelFinding.kind == kind)
    return list(session.exec(query.order_by(col(ModelFinding.id).desc())).all())


def versions(session: Session, wave_id: int) -> list[ModelVersion]:
    """Return the saved models of a wave, the newest first."""
    query = select(ModelVersion).where(ModelVersion.wave_id == wave_id)
    return list(session.exec(query.order_by(col(ModelVersion.number).desc())).all())


def next_number(session: Session, wave_id: int) -> int:
    """Return the number of the next version of a wave's model."""
    query = select(func.max(ModelVersion.number)).where(ModelVersion.wave_id == wave_id)
    return (session.exec(query).one() or 0) + 1
