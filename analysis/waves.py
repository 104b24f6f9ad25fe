"""Wave results: ask a worker for them, keep what it computed, read them for a page.

Nothing is computed here, so that web processes never load the science: see
`analysis.computing` for what a worker does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from analysis.report import Origin, Report, StoredWave, build, comparable_waves, rounded, share
from analysis.store import results
from analysis.store.tables import FindingKind, ModelFinding, Resampling, WaveResult, Weighting
from foundation import jobs
from foundation.problems import Problem
from foundation.tables import Job
from survey import studies
from survey.store.tables import Study, Wave

TASK = "analysis.jobs.estimate_wave"
RESAMPLES = 5000
SEED = 20260101


@dataclass(frozen=True, slots=True)
class Computed:
    """What a worker computed of a wave; `numbers` in the shape that `analysis.report` reads.

    `judgement` is kept apart, for the researcher's pages (`analysis.modelviews`).
    """

    wave_id: int
    numbers: Mapping[str, Any]
    model: Mapping[str, object]
    seed: int
    resamples: int
    weighting: Weighting
    resampling: Resampling
    form_digest: str
    data_digest: str
    code_version: str
    judgement: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One wave's report and what surrounds it; `report` is None before the first computation.

    waves   every wave of the study, the first first
    job     the newest request to compute this wave
    """

    study: Study
    wave: Wave
    waves: tuple[Wave, ...]
    report: Report | None
    result: WaveResult | None
    origin: Origin | None
    warnings: tuple[Problem, ...]
    job: Job | None


@dataclass(frozen=True, slots=True)
class StudyLine:
    """One line of the list of reports: the newest wave with a result, else the newest wave."""

    study: Study
    wave: Wave
    report: Report | None
    computed_at: datetime | None


def request_estimate(
    session: Session,
    wave_id: int,
    *,
    by: int | None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Job:
    """Ask a worker to compute a wave's index; the same request still waiting is that request."""
    params: dict[str, object] = {"resamples": resamples, "seed": seed}
    return jobs.request(session, TASK, wave_id, by=by, params=params)


def keep(session: Session, computed: Computed, *, job_id: int, now: datetime) -> WaveResult:
    """Store what a job computed; a job that is done twice leaves one result."""
    there = results.of_job(session, job_id)
    if there is not None:
        return there
    result = WaveResult(
        wave_id=computed.wave_id,
        numbers=dict(computed.numbers),
        model=dict(computed.model),
        seed=computed.seed,
        resamples=computed.resamples,
        weighting=computed.weighting,
        resampling=computed.resampling,
        form_digest=computed.form_digest,
        data_digest=computed.data_digest,
        code_version=computed.code_version,
        job_id=job_id,
        created_by=session.get_one(Job, job_id).requested_by,
        created_at=now,
    )
    session.add_all([result, _judgement(computed, result)])
    session.flush()
    return result


def _judgement(computed: Computed, result: WaveResult) -> ModelFinding:
    return ModelFinding(
        wave_id=computed.wave_id,
        kind=FindingKind.JUDGEMENT,
        asked={},
        numbers=dict(computed.judgement),
        model_digest=computed.numbers["run"]["model_digest"],
        data_digest=computed.data_digest,
        code_version=computed.code_version,
        job_id=result.job_id,
        created_by=result.created_by,
        created_at=result.created_at,
    )


def overview(session: Session) -> list[StudyLine]:
    """Return every study that has a wave, the newest study first."""
    found: dict[int, list[tuple[Wave, WaveResult]]] = {}
    for wave, result in results.newest(session):
        found.setdefault(wave.study_id, []).append((wave, result))
    return [
        _line(line.study, line.waves[-1].wave, found.get(line.study.id or 0, []))
        for line in studies.overview(session)
        if line.waves
    ]


def report_page(session: Session, wave_id: int) -> ReportPage | None:
    """Return the report of a wave, compared with the waves before it; None when there is none."""
    found = results.with_study(session, wave_id)
    line = studies.line(session, found[0].id or 0) if found else None
    if found is None or line is None:
        return None
    study, wave = found
    stored = results.newest(session, study.id, until=wave.number)
    own = stored[-1][1] if stored and stored[-1][0].id == wave_id else None
    return ReportPage(
        study=study,
        wave=wave,
        waves=tuple(counted.wave for counted in line.waves),
        report=build([_stored(*pair) for pair in stored]) if own else None,
        result=own,
        origin=_origin(wave, own) if own else None,
        warnings=_warnings(own),
        job=jobs.latest(session, TASK, wave_id),
    )


def compared_with(session: Session, computed: Computed) -> list[int]:
    """Return the earlier waves that a report compares a freshly computed wave with: their ids.

    The wave before, and the first of the trend; only those that measure the index alike. A wave
    that has no result yet may be one of them: another worker may be computing it.
    """
    wave = session.get_one(Wave, computed.wave_id)
    stored = results.newest(session, wave.study_id, until=wave.number - 1)
    now = StoredWave(
        computed.wave_id, wave.number, wave.title, wave.starts_on, wave.ends_on, computed.numbers
    )
    earlier = comparable_waves([*(_stored(*pair) for pair in stored), now])[:-1]
    line = studies.line(session, wave.study_id)
    waves_before = [own.wave for own in line.waves if own.wave.number < wave.number] if line else []
    known = {own.id for own, _ in stored}
    fresh = [own.id for own in waves_before if own.id is not None and own.id not in known]
    ends = [own.wave_id for own in (*earlier[:1], *earlier[-1:])]
    return sorted({*ends, *fresh[:1], *fresh[-1:]})


def newest_job(session: Session, wave_id: int) -> Job | None:
    """Return the newest request to compute a wave."""
    return jobs.latest(session, TASK, wave_id)


def _line(study: Study, newest: Wave, stored: list[tuple[Wave, WaveResult]]) -> StudyLine:
    if not stored:
        return StudyLine(study, newest, None, None)
    wave, result = stored[-1]
    return StudyLine(study, wave, build([_stored(*pair) for pair in stored]), result.created_at)


def _stored(wave: Wave, result: WaveResult) -> StoredWave:
    assert wave.id is not None  # noqa: S101 - a stored wave
    return StoredWave(
        wave.id, wave.number, wave.title, wave.starts_on, wave.ends_on,
        result.numbers, result.data_digest,
    )  # fmt: skip


def _warnings(result: WaveResult | None) -> tuple[Problem, ...]:
    stored: Any = result.numbers["warnings"] if result else []
    return tuple(jobs.from_json(problem) for problem in stored)


def _origin(wave: Wave, result: WaveResult) -> Origin:
    assert result.id is not None  # noqa: S101 - a stored result
    numbers: Mapping[str, Any] = result.numbers
    return Origin(
        result_id=result.id,
        computed_at=result.created_at,
        code_version=result.code_version,
        seed=result.seed,
        resamples=result.resamples,
        usable=numbers["usable"],
        weighting=result.weighting.value,
        resampling=result.resampling.value,
        form=numbers["form"],
        form_digest=result.form_digest,
        data_digest=result.data_digest,
        data_file=wave.origin,
        constructs=len(numbers["items"]),
        items=sum(len(items) for items in numbers["items"].values()),
        effective_base=rounded(numbers["effective_base"], 0),
        missing_share=share(numbers["missing_share"]),
        missing_rule=numbers["missing_rule"],
        plan_version=numbers.get("plan", {}).get("version", 0),
        plan_steps=tuple(numbers.get("plan", {}).get("steps", ())),
    )
