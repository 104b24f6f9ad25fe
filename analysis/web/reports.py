"""The executive's reports: the list, one wave, and the progress of its computation."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.language import pick
from accounts.web.policy import allow
from analysis import leaguereport, quality, waves
from analysis.modelviews.scenario import Scenario, levers, scenario
from analysis.web import charts
from foundation import jobs
from foundation.problems import Problem
from foundation.tables import Job, JobState

bp = Blueprint("reports", __name__, url_prefix="/reports")
UNFINISHED = {JobState.WAITING, JobState.RUNNING}


@bp.get("/")
@allow(Role.EXECUTIVE, Role.RESEARCHER)
def show() -> str:
    """List every study with the index of its newest wave."""
    with site.store().read() as db:
        lines = waves.overview(db)
    return render_template("analysis/reports.html", lines=lines, may_compute=_may_compute())


@bp.get("/waves/<int:wave_id>")
@allow(Role.EXECUTIVE, Role.RESEARCHER)
def wave(wave_id: int) -> str:
    """Show the report of one wave, or that it is not computed yet."""
    with site.store().read() as db:
        page = waves.report_page(db, wave_id) or abort(404)
        judged = quality.short(db, wave_id)
    report = page.report
    return render_template(
        "analysis/wave.html",
        page=page,
        trend=charts.trend(report) if report else None,
        map=charts.importance_map(report) if report and report.drivers else None,
        scenarios=_scenarios(page.result.numbers) if page.result else (),
        quality=judged,
        leagues=leaguereport.build(page.result.numbers) if page.result else (),
        may_compute=_may_compute(),
        is_busy=is_busy(page.job),
        job_problems=problems_of(page.job),
    )


@bp.get("/waves/<int:wave_id>/whatif")
@allow(Role.EXECUTIVE, Role.RESEARCHER)
def what_if(wave_id: int) -> dict[str, Any]:
    """Tell the page's script what moving one driver by some points does, in words."""
    with site.store().read() as db:
        page = waves.report_page(db, wave_id) or abort(404)
    asked = request.args.get("driver", "")
    found = _scenarios(page.result.numbers) if page.result else []
    own = next((one for one in found if one.lever.name == asked), None) or abort(404)
    html = render_template("analysis/_effect.html", scenario=own)
    return {"html": html, "refused": own.refusal is not None}


def _scenarios(numbers: Mapping[str, Any]) -> list[Scenario]:
    """Return each lever moved as the address asks, or a little when it asks for another."""
    asked = request.args.get("driver", "")
    return [
        scenario(
            numbers,
            own,
            _points() if own.name == asked else own.begin,
            pick(dict(own.label)),
        )
        for own in levers(numbers)
    ]


def _points() -> float:
    try:
        return float(request.args.get("points", "").strip().replace("−", "-"))
    except ValueError:
        return nan


@bp.post("/waves/<int:wave_id>/compute")
@allow(Role.RESEARCHER)
def compute(wave_id: int) -> Response:
    """Ask a worker to compute a wave; one that is being computed already goes on."""
    with site.store().write() as db:
        if waves.report_page(db, wave_id) is None:
            abort(404)
        if not is_busy(waves.newest_job(db, wave_id)):
            waves.request_estimate(db, wave_id, by=site.me().id)
    flash(_("The computation was asked for."), "success")
    return redirect(url_for("reports.wave", wave_id=wave_id))


@bp.get("/waves/<int:wave_id>/progress")
@allow(Role.EXECUTIVE, Role.RESEARCHER)
def progress(wave_id: int) -> dict[str, Any]:
    """Tell the page's script how far the newest computation of a wave is."""
    with site.store().read() as db:
        job = waves.newest_job(db, wave_id) or abort(404)
    return {
        "state": job.state.value,
        "done": job.done,
        "total": job.total,
        "text": progress_text(job),
    }


def is_busy(job: Job | None) -> bool:
    """Tell whether a computation waits or runs."""
    return job is not None and job.state in UNFINISHED


def problems_of(job: Job | None) -> tuple[Problem, ...]:
    """Return why a computation failed."""
    return tuple(jobs.from_json(stored) for stored in (job.problems if job else None) or [])


def progress_text(job: Job) -> str:
    """Return how far a computation is, in words."""
    if job.state is JobState.WAITING:
        return str(_("It waits for a worker."))
    if not job.total:
        return str(_("The answers are being read."))
    return str(_("%(done)s of %(total)s resamples are estimated.", done=job.done, total=job.total))


def _may_compute() -> bool:
    return site.me().role is Role.RESEARCHER
