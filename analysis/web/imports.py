"""The researcher's page that makes a wave of answers collected elsewhere."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import uploads
from foundation.problems import Problem, ProblemsError
from survey import studies
from survey.web import entries

bp = Blueprint("imports", __name__, url_prefix="/imports")
Page = str | tuple[str, int] | Response


@bp.get("/")
@allow(Role.RESEARCHER)
def show() -> str:
    """Show what is needed: a data file, a model file, the study."""
    return _page(())


@bp.post("/")
@allow(Role.RESEARCHER)
def upload() -> Page:
    """Check both files: show every problem, or store the wave and have it computed."""
    try:
        outside = uploads.checked(*entries.uploaded("data"), *entries.uploaded("model"))
        with site.store().write() as db:
            wave, _job = uploads.add(
                db, outside, key=request.form.get("key", ""), title=entries.titles(request.form),
                wave_title={"en": request.form.get("wave_title", "")},
                by=site.me().id, now=site.now(),
            )  # fmt: skip
    except ProblemsError as error:
        return _page(error.problems), 422
    flash(_("%(count)s rows were imported.", count=len(outside.rows)), "success")
    return redirect(url_for("reports.wave", wave_id=wave.id))


def _page(problems: tuple[Problem, ...]) -> str:
    with site.store().read() as db:
        known = [line.study for line in studies.overview(db)]
    return render_template(
        "analysis/import.html", problems=problems, studies=known, entered=request.form
    )
