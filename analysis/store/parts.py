"""Queries of shared computations: the jobs of the parts, and what they have delivered so far."""

from __future__ import annotations

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from analysis.store.tables import ResamplePart
from foundation.tables import Job, JobState

TASK = "analysis.jobs.estimate_part"


def jobs_of(session: Session, job_id: int) -> list[Job]:
    """Return the jobs of the parts of a shared job, in the order in which they were asked for."""
    query = select(Job).where(col(Job.task) == TASK, col(Job.subject) == job_id)
    return list(session.exec(query.order_by(col(Job.id))))


def delivered(session: Session, job_id: int) -> set[int]:
    """Return the numbers of the parts that are there."""
    query = select(ResamplePart.number).where(col(ResamplePart.job_id) == job_id)
    return set(session.exec(query))


def contents(session: Session, job_id: int) -> list[bytes]:
    """Return what the parts hold, in their order."""
    query = select(ResamplePart.content).where(col(ResamplePart.job_id) == job_id)
    return list(session.exec(query.order_by(col(ResamplePart.number))))


def keep(session: Session, job_id: int, number: int, content: bytes) -> None:
    """Store a part; one that is there already is the same and stays."""
    if number not in delivered(session, job_id):
        session.add(ResamplePart(job_id=job_id, number=number, content=content))
        session.flush()


def done(session: Session, job_id: int) -> int:
    """Return how far all parts together are."""
    query = select(func.sum(Job.done)).where(col(Job.task) == TASK, col(Job.subject) == job_id)
    return int(session.exec(query).one() or 0)


def forget(session: Session, job_id: int) -> None:
    """Delete the parts of a shared job and their jobs, whoever still works on them."""
    session.exec(delete(ResamplePart).where(col(ResamplePart.job_id) == job_id))
    session.exec(delete(Job).where(col(Job.task) == TASK, col(Job.subject) == job_id))


def forget_ended(session: Session) -> None:
    """Delete what shared jobs that ended without a result have left."""
    ended = select(Job.id).where(col(Job.state).in_([JobState.DONE, JobState.FAILED]))
    orphans = select(ResamplePart.job_id).where(col(ResamplePart.job_id).in_(ended)).distinct()
    for job_id in list(session.exec(orphans)):
        forget(session, job_id)
