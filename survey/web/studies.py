"""The researcher's studies and their waves."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from foundation.problems import Problem, ProblemsError
from survey import forms, studies
from survey.store.tables import Wave
from survey.web import entries

bp = Blueprint("studies", __name__, url_prefix="/studies")
Page = str | tuple[str, int] | Response


@bp.get("/")
@allow(Role.RESEARCHER)
def show() -> str:
    """List the studies with their waves."""
    return _list(())


@bp.post("/")
@allow(Role.RESEARCHER)
def create() -> Page:
    """Add a study."""
    try:
        with site.store().write() as db:
            made = studies.create_study(
                db, request.form.get("key", ""), title=entries.titles(request.form),
                by=site.me().id, now=site.now(),
            )  # fmt: skip
    except ProblemsError as error:
        return _list(error.problems), 422
    return redirect(url_for("studies.study", study_id=made.id))


@bp.get("/<int:study_id>")
@allow(Role.RESEARCHER)
def study(study_id: int) -> str:
    """Show one study: its waves, and the form that begins the next."""
    return _study(study_id, ())


@bp.post("/<int:study_id>/waves")
@allow(Role.RESEARCHER)
def add_wave(study_id: int) -> Page:
    """Begin the next wave of a study."""
    with site.store().read() as db:
        if studies.study(db, study_id) is None:
            abort(404)
    try:
        plan = entries.wave_plan(request.form)
        with site.store().write() as db:
            made = studies.add_wave(db, study_id, plan, by=site.me().id, now=site.now())
    except ProblemsError as error:
        return _study(study_id, error.problems), 422
    return redirect(url_for("studies.wave", wave_id=made.id))


@bp.get("/waves/<int:wave_id>")
@allow(Role.RESEARCHER)
def wave(wave_id: int) -> str:
    """Show what is decided about a wave: questionnaire, dates, target, open or closed."""
    return _wave(wave_id, ())


@bp.post("/waves/<int:wave_id>")
@allow(Role.RESEARCHER)
def change_wave(wave_id: int) -> Page:
    """Change what is decided about a wave."""
    _found(wave_id)
    try:
        plan = entries.wave_plan(request.form)
        with site.store().write() as db:
            studies.change_wave(db, wave_id, plan, by=site.me().id, now=site.now())
    except ProblemsError as error:
        return _wave(wave_id, error.problems), 422
    flash(_("Saved."), "success")
    return redirect(url_for("studies.wave", wave_id=wave_id))


@bp.post("/waves/<int:wave_id>/open")
@allow(Role.RESEARCHER)
def open_wave(wave_id: int) -> Page:
    """Open a wave for interviews, or close it."""
    _found(wave_id)
    is_open = request.form.get("open") == "yes"
    try:
        with site.store().write() as db:
            studies.set_open(db, wave_id, is_open=is_open, by=site.me().id, now=site.now())
    except ProblemsError as error:
        return _wave(wave_id, error.problems), 422
    flash(_("The wave is open.") if is_open else _("The wave is closed."), "success")
    return redirect(url_for("studies.wave", wave_id=wave_id))


def _found(wave_id: int) -> Wave:
    with site.store().read() as db:
        return studies.wave(db, wave_id) or abort(404)


def _list(problems: tuple[Problem, ...]) -> str:
    with site.store().read() as db:
        lines = studies.overview(db)
    return render_template(
        "survey/studies.html", lines=lines, problems=problems, entered=request.form
    )


def _study(study_id: int, problems: tuple[Problem, ...]) -> str:
    with site.store().read() as db:
        line = studies.line(db, study_id) or abort(404)
        versions = forms.versions(db)
    return render_template(
        "survey/study.html", line=line, versions=versions, problems=problems, entered=request.form
    )


def _wave(wave_id: int, problems: tuple[Problem, ...]) -> str:
    with site.store().read() as db:
        wave = studies.wave(db, wave_id) or abort(404)
        line = studies.line(db, wave.study_id)
        versions = forms.versions(db)
    return render_template(
        "survey/wave.html", wave=wave, line=line, versions=versions, problems=problems,
        entered=request.form,
    )  # fmt: skip
