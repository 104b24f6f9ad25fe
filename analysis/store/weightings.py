"""Queries of weighting plans: the newest version of a wave is in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from analysis.requests.weights import OUT_OF_SCOPE, WeightingEntry
from analysis.store import sampled
from analysis.store.tables import WeightingResult, WeightingVersion
from survey.formats.table import ResponseRow
from survey.responses import COMPLETE
from survey.store.tables import Interview


@dataclass(frozen=True)
class InForce:
    """A plan with what it needs beside the answers.

    version   its number in the wave
    silent    the eligible cases that were drawn and did not answer to the end; none when the
              plan has no nonresponse classes
    """

    version: int
    entry: WeightingEntry
    silent: tuple[ResponseRow, ...]


def versions(session: Session, wave_id: int) -> list[WeightingVersion]:
    """Return the versions of a wave, the newest first."""
    query = select(WeightingVersion).where(WeightingVersion.wave_id == wave_id)
    return list(session.exec(query.order_by(col(WeightingVersion.number).desc())))


def in_force(session: Session, wave_id: int) -> WeightingVersion | None:
    """Return the newest version, if it is a plan; None when the wave is weighted without one."""
    newest = next(iter(versions(session, wave_id)), None)
    return newest if newest and newest.entry is not None else None


def plan_in_force(session: Session, wave_id: int) -> InForce | None:
    """Return the plan by which a wave is weighted, None for none."""
    found = in_force(session, wave_id)
    return read(session, found) if found else None


def read(session: Session, found: WeightingVersion) -> InForce:
    """Return a version that is a plan, with the cases that it needs."""
    stored: Any = found.entry
    entry = WeightingEntry.from_json(stored)
    silent = _silent(session, found.wave_id) if entry.classes else ()
    if entry.eligible is not None:  # those not eligible count only where e is estimated
        silent = tuple(row for row in silent if row.outcome != OUT_OF_SCOPE)
    return InForce(found.number, entry, silent)


def _silent(session: Session, wave_id: int) -> tuple[ResponseRow, ...]:
    query = select(Interview.respondent).where(
        Interview.wave_id == wave_id, Interview.outcome == COMPLETE
    )
    answered = set(session.exec(query))
    return tuple(
        row for row in sampled.released(session, wave_id) if row.respondent not in answered
    )


def version(session: Session, version_id: int) -> WeightingVersion | None:
    """Return a version by its id."""
    return session.get(WeightingVersion, version_id)


def next_number(session: Session, wave_id: int) -> int:
    """Return the number of the version that is saved next."""
    query = select(func.max(WeightingVersion.number)).where(WeightingVersion.wave_id == wave_id)
    return (session.exec(query).one() or 0) + 1


def newest_result(session: Session, version_id: int) -> WeightingResult | None:
    """Return the newest result of a version."""
    query = select(WeightingResult).where(WeightingResult.version_id == version_id)
    return session.exec(query.order_by(col(WeightingResult.id).desc()).limit(1)).first()


def result_of_job(session: Session, job_id: int) -> WeightingResult | None:
    """Return the result that a job has left."""
    return session.exec(select(WeightingResult).where(WeightingResult.job_id == job_id)).first()
