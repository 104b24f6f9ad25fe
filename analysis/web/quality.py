"""The researcher's page on the errors of a wave that its sampling error leaves out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import quality, qualityfacts
from analysis.web.reports import is_busy, problems_of, progress_text
from foundation.problems import Problem, ProblemsError
from survey.store.tables import Wave
from survey.web import entries

bp = Blueprint("quality", __name__, url_prefix="/quality/waves/<int:wave_id>")
Page = str | tuple[str, int] | Response


@bp.get("/")
@allow(Role.RESEARCHER)
def wave(wave_id: int) -> str:
    """Show the quality figures of a wave, or that there are none yet."""
    return _page(wave_id, ())


@bp.post("/compute")
@allow(Role.RESEARCHER)
def compute(wave_id: int) -> Response:
    """Ask for the figures; those on their way go on."""
    with site.store().write() as db:
        quality.request(db, _wave(wave_id), by=site.me().id)
    flash(_("The computation was asked for."), "success")
    return redirect(url_for("quality.wave", wave_id=wave_id))


@bp.post("/frame")
@allow(Role.RESEARCHER)
def frame(wave_id: int) -> Page:
    """Keep what is known of the sampling frame."""
    _wave(wave_id)
    try:
        stated = qualityfacts.read_frame(request.form)
    except ProblemsError as error:
        return _page(wave_id, error.problems), 422
    with site.store().write() as db:
        quality.state_frame(db, wave_id, stated, by=site.me().id, now=site.now())
    flash(_("The facts of the frame were saved."), "success")
    return redirect(url_for("quality.wave", wave_id=wave_id))


@bp.post("/backcheck")
@allow(Role.RESEARCHER)
def backcheck(wave_id: int) -> Page:
    """Keep the re-interviews of a file, or take those there are away; then judge anew."""
    checked = _wave(wave_id)
    rows: list[tuple[str, str, str]] = []
    try:
        if request.form.get("remove") != "yes":
            rows = qualityfacts.read_backcheck(*entries.uploaded("file"))
    except ProblemsError as error:
        return _page(wave_id, error.problems), 422
    with site.store().write() as db:
        quality.keep_backcheck(db, wave_id, rows, by=site.me().id, now=site.now())
        quality.request(db, checked, by=site.me().id)
    flash(_("%(count)s re-interviewed answers are kept.", count=len(rows)), "success")
    return redirect(url_for("quality.wave", wave_id=wave_id))


@bp.get("/progress")
@allow(Role.RESEARCHER)
def progress(wave_id: int) -> dict[str, Any]:
    """Tell the page's script how far the newest judgement of a wave is."""
    with site.store().read() as db:
        job = quality.newest_job(db, wave_id) or abort(404)
    return {"state": job.state.value, "done": 0, "total": 0, "text": progress_text(job)}


def _wave(wave_id: int) -> Wave:
    with site.store().read() as db:
        page = quality.page(db, wave_id) or abort(404)
    return page.wave


def _page(wave_id: int, problems: tuple[Problem, ...]) -> str:
    with site.store().read() as db:
        page = quality.page(db, wave_id) or abort(404)
    return render_template(
        "analysis/quality.html", page=page, problems=problems,
        entered=request.form if problems else asdict(page.frame),
        is_busy=is_busy(page.job), job_problems=problems_of(page.job),
    )  # fmt: skip
