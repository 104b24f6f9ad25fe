"""Quality of a wave: state facts, ask a worker for the figures, keep and read them.

Nothing is computed here, so that web processes never load the science: see `analysis.assessing`
for what a worker does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from accounts import audit
from analysis.qualityfacts import Frame
from analysis.qualityreport import QualityReport, build
from analysis.qualityviews.parts import Figure
from analysis.store import results
from analysis.store.tables import QualityFacts, QualityResult
from foundation import jobs
from foundation.tables import Job, JobState
from survey import fieldrecords
from survey.store.tables import Study, Wave, WaveSource

TASK = "analysis.qualityjobs.assess_quality"
REPORT_FIRST = "cati.jobs.report_wave"
"""The floor reports the wave before its quality is judged; named, since we may not import it."""
SEED = 20260102
UNFINISHED = {JobState.WAITING, JobState.RUNNING}


@dataclass(frozen=True, slots=True)
class Assessed:
    """What a worker found; `numbers` as `analysis.fieldquality.figures` makes them."""

    wave_id: int
    numbers: Mapping[str, Any]
    seed: int
    data_digest: str
    code_version: str


@dataclass(frozen=True, slots=True)
class QualityPage:
    """One wave's quality: the stated facts, the report (None before the first), the newest job."""

    study: Study
    wave: Wave
    frame: Frame
    backcheck: int
    report: QualityReport | None
    result: QualityResult | None
    reported_at: datetime | None
    job: Job | None


def page(session: Session, wave_id: int) -> QualityPage | None:
    """Return what the quality page of a wave shows; None when there is no such wave."""
    found = results.with_study(session, wave_id)
    if found is None:
        return None
    study, wave = found
    stated = session.get(QualityFacts, wave_id)
    frame = Frame(**stated.frame) if stated else Frame()
    result = newest(session, wave_id)
    field = fieldrecords.report(session, wave_id)
    return QualityPage(
        study=study,
        wave=wave,
        frame=frame,
        backcheck=len(stated.backcheck) if stated else 0,
        report=build(result.numbers, frame) if result else None,
        result=result,
        reported_at=field.reported_at if field else None,
        job=newest_job(session, wave_id),
    )


def short(session: Session, wave_id: int) -> tuple[Figure, ...]:
    """Return the few figures that the report of a wave shows; none before the first judgement."""
    result = newest(session, wave_id)
    return build(result.numbers, Frame()).short if result else ()


def newest(session: Session, wave_id: int) -> QualityResult | None:
    """Return the newest quality figures of a wave."""
    query = select(QualityResult).where(QualityResult.wave_id == wave_id)
    return session.exec(query.order_by(col(QualityResult.id).desc()).limit(1)).first()


def newest_job(session: Session, wave_id: int) -> Job | None:
    """Return the newest request, be it at the floor's report or at the figures."""
    found = [jobs.latest(session, task, wave_id) for task in (REPORT_FIRST, TASK)]
    return max((job for job in found if job), key=lambda job: job.id or 0, default=None)


def request(session: Session, wave: Wave, *, by: int | None, seed: int = SEED) -> Job:
    """Ask for the quality figures of a wave; what is on its way already goes on."""
    assert wave.id is not None  # noqa: S101 - a stored wave
    running = newest_job(session, wave.id)
    if running is not None and running.state in UNFINISHED:
        return running
    params: dict[str, object] = {"seed": seed}
    if wave.source == WaveSource.INTERVIEWS:
        first: dict[str, object] = {"then": TASK, "with": params}
        return jobs.request(session, REPORT_FIRST, wave.id, by=by, params=first)
    return jobs.request(session, TASK, wave.id, by=by, params=params)


def state_frame(
    session: Session, wave_id: int, frame: Frame, *, by: int | None, now: datetime
) -> None:
    """Keep the stated facts of a wave's frame in the place of those before."""
    stated = _facts(session, wave_id, by, now)
    stated.frame = asdict(frame)
    audit.record(
        session, "state frame", f"wave {wave_id}", by=by, at=now, detail=dict(asdict(frame))
    )


def keep_backcheck(
    session: Session, wave_id: int, rows: list[tuple[str, str, str]], *, by: int | None,
    now: datetime,
) -> None:  # fmt: skip
    """Keep the re-interviews of a wave in the place of those before; none takes them away."""
    stated = _facts(session, wave_id, by, now)
    stated.backcheck = [list(row) for row in rows]
    detail: dict[str, object] = {"rows": len(rows)}
    audit.record(session, "keep back-check", f"wave {wave_id}", by=by, at=now, detail=detail)


def keep(session: Session, found: Assessed, *, job_id: int, now: datetime) -> QualityResult:
    """Store what a job found; a job that is done twice leaves one result."""
    query = select(QualityResult).where(QualityResult.job_id == job_id)
    there = session.exec(query).first()
    if there is not None:
        return there
    result = QualityResult(
        wave_id=found.wave_id,
        numbers=dict(found.numbers),
        seed=found.seed,
        data_digest=found.data_digest,
        code_version=found.code_version,
        job_id=job_id,
        created_by=session.get_one(Job, job_id).requested_by,
        created_at=now,
    )
    session.add(result)
    session.flush()
    return result


def _facts(session: Session, wave_id: int, by: int | None, now: datetime) -> QualityFacts:
    stated = session.get(QualityFacts, wave_id)
    if stated is None:
        stated = QualityFacts(wave_id=wave_id, frame=asdict(Frame()), backcheck=[])
        session.add(stated)
    stated.changed_by, stated.changed_at = by, now
    return stated
