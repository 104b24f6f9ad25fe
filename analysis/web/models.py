"""The researcher's model results: how well constructs are measured, what moves what."""

from __future__ import annotations

from flask import Blueprint, abort, render_template

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import modelreport, waves
from analysis.web.reports import is_busy, problems_of

bp = Blueprint("models", __name__, url_prefix="/models")


@bp.get("/waves/<int:wave_id>")
@allow(Role.RESEARCHER)
def wave(wave_id: int) -> str:
    """Show the fitted model of a wave, or that it is not computed yet."""
    with site.store().read() as db:
        page = waves.report_page(db, wave_id) or abort(404)
    return render_template(
        "analysis/model.html",
        page=page,
        model=modelreport.build(page.result.numbers) if page.result else None,
        is_busy=is_busy(page.job),
        job_problems=problems_of(page.job),
    )
