"""The researcher's page of tables: choose rows, columns and a filter; read them; take them out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from analysis import tablereport, tabulating
from analysis.requests.tables import TablesEntry
from analysis.tablereport import Tables
from analysis.web import bannerfiles, tabletexts
from analysis.web.reports import is_busy, problems_of
from analysis.web.weights import waiting
from foundation import jobs
from foundation.problems import Problem, ProblemsError
from survey import studies
from survey.store.tables import Study, Wave

bp = Blueprint("tables", __name__, url_prefix="/studies/waves/<int:wave_id>/tables")
Page = str | tuple[str, int] | AnyResponse
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
bp.add_app_template_filter(tabletexts.line_name)
bp.add_app_template_filter(tabletexts.column_name)
bp.add_app_template_filter(tabletexts.question_text)


@bp.get("/")
@allow(Role.RESEARCHER)
def show(wave_id: int) -> str:
    """Show the sets of tables of a wave and the form for a new one."""
    return _form(wave_id)


@bp.post("/")
@allow(Role.RESEARCHER)
def save(wave_id: int) -> Page:
    """Save a set and have it computed, or show all that is wrong with it."""
    entry = _entered()
    wave, _study = _wave(wave_id)
    try:
        with site.store().write() as db:
            made = tabulating.save(db, wave, entry, by=site.me().id, now=site.now())
    except ProblemsError as error:
        return _form(wave_id, entry=entry, problems=error.problems), 422
    return redirect(url_for("tables.one", wave_id=wave_id, set_id=made.id))


@bp.get("/<int:set_id>")
@allow(Role.RESEARCHER)
def one(wave_id: int, set_id: int) -> str:
    """Show the tables of a set, or how far they are."""
    wave, study = _wave(wave_id)
    page = _page(wave_id, set_id)
    stored: Any = page.result.numbers if page.result else None
    return render_template(
        "analysis/tables.html",
        wave=wave,
        study=study,
        page=page,
        tables=tablereport.build(stored) if stored else None,
        warnings=tuple(jobs.from_json(said) for said in stored["warnings"]) if stored else (),
        texts=tabletexts,
        is_busy=is_busy(page.job),
        job_problems=problems_of(page.job),
    )


@bp.post("/<int:set_id>/compute")
@allow(Role.RESEARCHER)
def compute(wave_id: int, set_id: int) -> AnyResponse:
    """Compute a set again, with today's answers and the weights in force."""
    with site.store().write() as db:
        page = tabulating.page(db, wave_id, set_id) or abort(404)
        if not is_busy(page.job):
            tabulating.request(db, page.tabulation, by=site.me().id)
    flash(_("The computation was asked for."), "success")
    return redirect(url_for("tables.one", wave_id=wave_id, set_id=set_id))


@bp.get("/<int:set_id>/progress")
@allow(Role.RESEARCHER)
def progress(wave_id: int, set_id: int) -> dict[str, Any]:
    """Tell the page's script how far the tables are."""
    job = _page(wave_id, set_id).job or abort(404)
    return {"state": job.state.value, "done": job.done, "total": job.total, "text": waiting(job)}


@bp.get("/<int:set_id>/tables.xlsx")
@allow(Role.RESEARCHER)
def as_xlsx(wave_id: int, set_id: int) -> Response:
    """Download a set as an Excel workbook."""
    content = bannerfiles.tables_xlsx(_exported(wave_id, set_id, "xlsx"))
    return _file(content, XLSX, f"wave-{wave_id}-tables-{set_id}.xlsx")


@bp.get("/<int:set_id>/tables.csv")
@allow(Role.RESEARCHER)
def as_csv(wave_id: int, set_id: int) -> Response:
    """Download a set as CSV."""
    content = bannerfiles.tables_csv(_exported(wave_id, set_id, "csv"))
    return _file(content, CSV, f"wave-{wave_id}-tables-{set_id}.csv")


def _entered() -> TablesEntry:
    form = request.form
    kept = tuple(code.strip() for code in form.get("kept", "").split(",") if code.strip())
    return TablesEntry(
        title=form.get("title", ""),
        rows=tuple(form.getlist("rows")),
        banner=tuple(form.getlist("banner")),
        filter_by=form.get("filter_by", ""),
        kept=kept,
        correction=form.get("correction", ""),
    )


def _wave(wave_id: int) -> tuple[Wave, Study]:
    with site.store().read() as db:
        wave = studies.wave(db, wave_id) or abort(404)
        return wave, studies.study(db, wave.study_id) or abort(404)


def _page(wave_id: int, set_id: int) -> tabulating.SetPage:
    with site.store().read() as db:
        return tabulating.page(db, wave_id, set_id) or abort(404)


def _form(
    wave_id: int, *, entry: TablesEntry | None = None, problems: tuple[Problem, ...] = ()
) -> str:
    wave, study = _wave(wave_id)
    with site.store().read() as db:
        known = tabulating.variables(db, wave_id)
        made = tabulating.of_wave(db, wave_id)
    return render_template(
        "analysis/tables_form.html",
        wave=wave,
        study=study,
        known=known,
        made=made,
        entry=entry or TablesEntry("", ()),
        problems=problems,
        texts=tabletexts,
    )


def _exported(wave_id: int, set_id: int, kind: str) -> Tables:
    page = _page(wave_id, set_id)
    if page.result is None:
        abort(404)
    with site.store().write() as db:
        tabulating.note_export(db, set_id, kind=kind, by=site.me().id, now=site.now())
    stored: Any = page.result.numbers
    return tablereport.build(stored)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
