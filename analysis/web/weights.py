"""The researcher's page of weights: the plan, its versions, what each step did, the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import weighing, weightreport
from analysis.requests.targets import as_csv as targets_csv
from analysis.requests.weights import (
    ALL,
    CASRO,
    CLASSES,
    PROPENSITY,
    SHARE,
    Typed,
    WeightingEntry,
)
from analysis.web.loveplot import love_plot
from analysis.web.reports import is_busy, problems_of
from foundation import jobs
from foundation.problems import Problem, ProblemsError
from foundation.tables import Job, JobState
from survey import studies
from survey.formats.delimited import as_csv
from survey.store.tables import Study, Wave

bp = Blueprint("weights", __name__, url_prefix="/studies/waves/<int:wave_id>/weights")
Page = str | tuple[str, int] | AnyResponse
METHOD_NAMES = {
    "none": _l("no targets"),
    "rake": _l("raking to the margins"),
    "poststratify": _l("post-stratification to one variable"),
    "linear": _l("calibration, linear"),
    "logit": _l("calibration, logit (bounded factors)"),
}
ELIGIBLE_NAMES = {
    ALL: _l("all of them (e = 1)"),
    CASRO: _l("the share among the resolved cases (CASRO)"),
    SHARE: _l("a stated share"),
}
NONRESPONSE_NAMES = {
    CLASSES: _l("classes: all combinations"),
    PROPENSITY: _l("the fitted chance to answer"),
}
STEP_NAMES = {
    "base": _l("base weight"),
    "eligibility": _l("eligibility"),
    "nonresponse": _l("nonresponse"),
    "propensity": _l("response propensity"),
    "rake": _l("raking"),
    "poststratify": _l("post-stratification"),
    "calibrate": _l("calibration"),
    "trim": _l("limits"),
}


@bp.app_template_filter()
def step_name(kind: str) -> str:
    """Return what a page calls a step of weighting."""
    return str(STEP_NAMES.get(kind, kind))


@bp.get("/")
@allow(Role.RESEARCHER)
def show(wave_id: int) -> str:
    """Show the plan in force and what it did to the weights."""
    return _page(wave_id)


@bp.post("/")
@allow(Role.RESEARCHER)
def save(wave_id: int) -> Page:
    """Save the plan as a new version and have it carried out, or show all that is wrong."""
    typed = _typed()
    try:
        with site.store().write() as db:
            version = weighing.save(db, _wave(wave_id)[0], typed, by=site.me().id, now=site.now())
    except ProblemsError as error:
        return _page(wave_id, typed=_to_correct(typed), problems=error.problems), 422
    flash(_("Version %(number)s is saved and in force.", number=version.number), "success")
    return redirect(url_for("weights.show", wave_id=wave_id))


@bp.post("/drop")
@allow(Role.RESEARCHER)
def drop(wave_id: int) -> AnyResponse:
    """Put no plan in force."""
    wave, _study = _wave(wave_id)
    with site.store().write() as db:
        weighing.drop(db, wave, by=site.me().id, now=site.now())
    flash(_("The wave is weighted without a plan."), "success")
    return redirect(url_for("weights.show", wave_id=wave_id))


@bp.post("/versions/<int:version_id>/restore")
@allow(Role.RESEARCHER)
def restore(wave_id: int, version_id: int) -> AnyResponse:
    """Put an earlier version in force, as a new version."""
    wave, _study = _wave(wave_id)
    with site.store().write() as db:
        version = weighing.version(db, wave_id, version_id) or abort(404)
        made = weighing.restore(db, version, wave, by=site.me().id, now=site.now())
    flash(_("Version %(number)s is saved and in force.", number=made.number), "success")
    return redirect(url_for("weights.show", wave_id=wave_id))


@bp.post("/compute")
@allow(Role.RESEARCHER)
def compute(wave_id: int) -> AnyResponse:
    """Carry the plan out again, for answers that came in since."""
    wave, _study = _wave(wave_id)
    with site.store().write() as db:
        page = weighing.page(db, wave)
        if page.version is None or page.entry is None:
            abort(404)
        if not is_busy(page.job):
            weighing.request(db, page.version, by=site.me().id)
    flash(_("The computation was asked for."), "success")
    return redirect(url_for("weights.show", wave_id=wave_id))


@bp.get("/progress")
@allow(Role.RESEARCHER)
def progress(wave_id: int) -> dict[str, Any]:
    """Tell the page's script how far the weights are."""
    wave, _study = _wave(wave_id)
    with site.store().read() as db:
        job = weighing.page(db, wave).job or abort(404)
    return {"state": job.state.value, "done": job.done, "total": job.total, "text": waiting(job)}


@bp.get("/weights.csv")
@allow(Role.RESEARCHER)
def download(wave_id: int) -> Response:
    """Download the weight of every respondent; the audit trail notes it."""
    wave, _study = _wave(wave_id)
    with site.store().read() as db:
        page = weighing.page(db, wave)
    if page.result is None or page.version is None:
        abort(404)
    rows: Any = page.result.weights
    with site.store().write() as db:
        weighing.note_export(db, wave_id, rows=len(rows), by=site.me().id, now=site.now())
    content = as_csv(("respondent", "base_weight", "weight"), rows, for_excel=False)
    name = f"wave-{wave_id}-weights-{page.version.number}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype="text/csv; charset=utf-8", headers=headers)


def waiting(job: Job) -> str:
    """Return how far weights or tables are, in words."""
    if job.state is JobState.WAITING:
        return str(_("It waits for a worker."))
    if not job.total:
        return str(_("The answers are being read."))
    return str(_("%(done)s of %(total)s tables are computed.", done=job.done, total=job.total))


def _typed() -> Typed:
    file = request.files.get("file")
    form = request.form
    return Typed(
        base=form.get("base") == "yes",
        classes=tuple(form.getlist("classes")),
        method=form.get("method", "none"),
        targets=form.get("targets", ""),
        population=form.get("population", ""),
        lower=form.get("lower", ""),
        upper=form.get("upper", ""),
        content=file.read() if file and file.filename else b"",
        file=(file.filename or "") if file else "",
        merge=form.get("merge", ""),
        eligible=form.get("eligible", ALL),
        share=form.get("share", ""),
        nonresponse=form.get("nonresponse", CLASSES),
    )


def _to_correct(typed: Typed) -> Typed:
    """Return refused fields with the text of the uploaded file, so that it can be corrected."""
    if not typed.content:
        return typed
    return replace(typed, targets=typed.content.decode("utf-8-sig", errors="replace"))


def _fields(entry: WeightingEntry | None) -> Typed:
    """Return a plan as the fields of the page; without one what a first plan starts from."""
    if entry is None:
        return Typed(base=True, classes=(), method="none", targets="")
    numbers = (entry.population, entry.lower, entry.upper, entry.merge, entry.eligible)
    population, lower, upper, merge, share = (
        "" if one is None else f"{one:.15g}" for one in numbers
    )
    rule = {None: CASRO, 1.0: ALL}.get(entry.eligible, SHARE)
    return Typed(
        entry.base, entry.classes, entry.method,
        targets_csv(entry.targets) if entry.targets else "", population, lower, upper,
        merge=merge, eligible=rule, share=share if rule == SHARE else "",
        nonresponse=entry.nonresponse,
    )  # fmt: skip


def _wave(wave_id: int) -> tuple[Wave, Study]:
    with site.store().read() as db:
        wave = studies.wave(db, wave_id) or abort(404)
        return wave, studies.study(db, wave.study_id) or abort(404)


def _page(wave_id: int, *, typed: Typed | None = None, problems: tuple[Problem, ...] = ()) -> str:
    wave, study = _wave(wave_id)
    with site.store().read() as db:
        page = weighing.page(db, wave)
    stored: Any = page.result.numbers if page.result else None
    report = weightreport.build(stored) if stored else None
    return render_template(
        "analysis/weights.html",
        wave=wave,
        study=study,
        page=page,
        fields=typed or _fields(page.entry),
        report=report,
        plot=love_plot(report.balance) if report and report.balance else None,
        warnings=tuple(jobs.from_json(one) for one in stored["warnings"]) if stored else (),
        problems=problems,
        methods=METHOD_NAMES,
        eligible_rules=ELIGIBLE_NAMES,
        nonresponse_rules=NONRESPONSE_NAMES,
        is_busy=is_busy(page.job),
        job_problems=problems_of(page.job),
    )
