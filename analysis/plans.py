"""Plans: ask a planning question, have a worker answer it, read it; follow the fields that run.

Closed forms need quantiles that no web process computes; only the running margin, which is
elementary, is worked out where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from accounts import audit
from analysis.report import NORMAL_95
from analysis.sampling.sequential import Progress, field_progress
from analysis.store import results
from analysis.store.tables import SamplePlan, WaveResult
from foundation import jobs
from foundation.tables import Job
from survey import responses, studies
from survey.store.tables import Study, Wave, WaveSource

TASK = "analysis.qualityjobs.answer_plan"
PUBLISHED, COMPOSITE = "published", "composite"
OTHER_PAGES = (PUBLISHED, COMPOSITE)
"""Kinds that have a page of their own; all others are questions of the planning page."""
LISTED = 20
WEEK = 7


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One question with its answer (None until a worker gave it) and its job."""

    plan: SamplePlan
    job: Job | None


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A running field: how far it is from the wanted margin of the index.

    sd        of one interview with the design counted: standard error times root of the base
    once      margin of an ordinary interval, right for one look
    progress  None where nothing says how the answers vary, or nobody has answered
    source    the wave whose index says how the answers vary
    """

    study: Study
    wave: Wave
    completes: int
    per_day: float
    sd: float | None
    once: float | None
    progress: Progress | None
    source: Wave | None


def ask(
    session: Session, kind: str, asked: Mapping[str, object], *, by: int | None, now: datetime
) -> SamplePlan:
    """Write down a question and ask a worker for its answer."""
    plan = SamplePlan(kind=kind, asked=dict(asked), created_by=by, created_at=now)
    session.add(plan)
    session.flush()
    assert plan.id is not None  # noqa: S101 - flushed
    jobs.request(session, TASK, plan.id, by=by, params={})
    return plan


def page(session: Session, plan_id: int, *, kind: str = "") -> PlanPage | None:
    """Return one question with its answer; None when there is none, or it is of another page.

    `kind` is that of another page, or empty for the questions of the planning page.
    """
    plan = session.get(SamplePlan, plan_id)
    if plan is None or (plan.kind if plan.kind in OTHER_PAGES else "") != kind:
        return None
    return PlanPage(plan, jobs.latest(session, TASK, plan_id))


def recent(session: Session, *, kind: str = "") -> Sequence[SamplePlan]:
    """Return the newest answered questions of a page, see `page`."""
    own = col(SamplePlan.kind) == kind if kind else col(SamplePlan.kind).not_in(OTHER_PAGES)
    query = select(SamplePlan).where(own)
    found = session.exec(query.order_by(col(SamplePlan.id).desc()).limit(LISTED)).all()
    return [plan for plan in found if plan.answer is not None]


def keep(session: Session, plan_id: int, answer: Mapping[str, Any]) -> None:
    """Store the answer to a question; the same question has the same answer."""
    plan = session.get_one(SamplePlan, plan_id)
    plan.answer = dict(answer)
    session.add(plan)


def note_export(
    session: Session, plan_id: int, *, form: str, by: int | None, now: datetime
) -> None:
    """Write into the audit trail that composite scores were taken out as a file."""
    subject = f"scores {plan_id}"
    audit.record(session, "export scores", subject, by=by, at=now, detail={"kind": form})


def fields(session: Session, *, wanted: float, now: datetime, zone: ZoneInfo) -> list[FieldLine]:
    """Return the open waves of interviews with the margin each has reached; days are of `zone`."""
    return [
        _field(session, line.study, counted.wave, wanted=wanted, now=now, zone=zone)
        for line in studies.overview(session)
        for counted in line.waves
        if counted.wave.is_open and counted.wave.source == WaveSource.INTERVIEWS
    ]


def _field(
    session: Session, study: Study, wave: Wave, *, wanted: float, now: datetime, zone: ZoneInfo
) -> FieldLine:
    assert wave.id is not None  # noqa: S101 - a stored wave
    today = now.astimezone(zone).date()
    days = [at.astimezone(zone).date() for at in responses.completed_at(session, wave.id)]
    pace = _pace(days, today)
    found = results.newest(session, study.id, until=wave.number)
    sd, source = _spread(found[-1][1]) if found else None, found[-1][0] if found else None
    if sd is None or not days:
        return FieldLine(study, wave, len(days), pace, sd, None, None, source)
    planned = wave.target or max((NORMAL_95 * sd / wanted) ** 2, 1.0)
    progress = field_progress(
        sd, len(days), wanted=wanted, planned_n_eff=planned, per_day=pace, today=today
    )
    once = NORMAL_95 * sd / sqrt(len(days))
    return FieldLine(study, wave, len(days), pace, sd, once, progress, source)


def _spread(result: WaveResult) -> float:
    numbers: Mapping[str, Any] = result.numbers
    own = numbers["performance"][numbers["index"]]
    return float(own["se"]) * sqrt(float(numbers["base"]))


def _pace(days: Sequence[date], today: date) -> float:
    """Return completes a day in the last seven days, or since the first one if that is later."""
    if not days:
        return 0.0
    begins = max(min(days), today - timedelta(days=WEEK - 1))
    return sum(begins <= day <= today for day in days) / max((today - begins).days + 1, 1)
