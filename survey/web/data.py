"""The answers of a wave: as a table on the page, as files, with their codebook."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from accounts.store.tables import Role
from accounts.web import language, site
from accounts.web.policy import allow
from survey import responses, studies
from survey.formats import codebook, delimited, excel
from survey.formats.columns import STATUS_NAMES, Wording, answer_cell
from survey.formats.table import ResponseRow, ResponseTable, Variable
from survey.language.model import QuestionKind
from survey.store.tables import Study, Wave

bp = Blueprint("data", __name__, url_prefix="/studies/waves/<int:wave_id>/data")
PAGE_ROWS = 50
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KIND_NAMES = {
    QuestionKind.TEXT: _l("text"),
    QuestionKind.INTEGER: _l("whole number"),
    QuestionKind.DECIMAL: _l("number"),
    QuestionKind.DATE: _l("date"),
    QuestionKind.SELECT_ONE: _l("one choice"),
    QuestionKind.SELECT_MULTIPLE: _l("several choices"),
    QuestionKind.NOTE: _l("text read out"),
    QuestionKind.CALCULATE: _l("calculated"),
    QuestionKind.HIDDEN: _l("case variable"),
}
bp.add_app_template_filter(KIND_NAMES.get, "kind_name")


@bp.app_template_filter()
def status_name(status: str) -> str:
    """Return the status of a cell in words."""
    return str(gettext(STATUS_NAMES[status]))


@bp.app_template_filter()
def answer_text(row: ResponseRow, variable: Variable, wording: Wording) -> object:
    """Return an answer as the page shows it."""
    return answer_cell(variable, wording)(row)


@bp.get("/")
@allow(Role.RESEARCHER)
def show(wave_id: int) -> str:
    """Show counts by outcome and one page of the response table."""
    wave, study = _wave(wave_id)
    with site.store().read() as db:
        outcomes = responses.count_outcomes(db, wave_id)
        pages = max(-(-sum(outcomes.values()) // PAGE_ROWS), 1)
        page = min(max(request.args.get("page", 1, int), 1), pages)
        table = responses.table(db, wave_id, start=(page - 1) * PAGE_ROWS, limit=PAGE_ROWS)
    return render_template(
        "survey/data.html", wave=wave, study=study, table=table, outcomes=outcomes,
        page=page, pages=pages, wording=_wording(),
    )  # fmt: skip


@bp.get("/codebook")
@allow(Role.RESEARCHER)
def show_codebook(wave_id: int) -> str:
    """Show what every column means."""
    wave, study = _wave(wave_id)
    with site.store().read() as db:
        table = responses.table(db, wave_id, limit=0)
    return render_template("survey/codebook.html", wave=wave, study=study, table=table)


@bp.get("/responses.csv")
@allow(Role.RESEARCHER)
def responses_csv(wave_id: int) -> Response:
    """Download the answers as CSV: codes or labels, for Excel or exactly as stored."""
    for_excel = request.args.get("raw") != "yes"
    content = delimited.responses_csv(_exported(wave_id, "csv"), _wording(), for_excel=for_excel)
    return _file(content, CSV, f"wave-{wave_id}-responses.csv")


@bp.get("/responses.xlsx")
@allow(Role.RESEARCHER)
def responses_xlsx(wave_id: int) -> Response:
    """Download the answers as an Excel workbook with its codebook."""
    content = excel.responses_xlsx(_exported(wave_id, "xlsx"), _wording())
    return _file(content, XLSX, f"wave-{wave_id}-responses.xlsx")


@bp.get("/codebook.csv")
@allow(Role.RESEARCHER)
def codebook_csv(wave_id: int) -> Response:
    """Download the codebook as CSV."""
    _wave(wave_id)
    with site.store().read() as db:
        header, lines = codebook.variables_sheet(responses.table(db, wave_id, limit=0))
    content = delimited.as_csv(header, lines, for_excel=True)
    return _file(content, CSV, f"wave-{wave_id}-codebook.csv")


def _wave(wave_id: int) -> tuple[Wave, Study]:
    with site.store().read() as db:
        wave = studies.wave(db, wave_id) or abort(404)
        return wave, studies.study(db, wave.study_id) or abort(404)


def _wording() -> Wording:
    labels = request.args.get("values") == "labels"
    return Wording(labels, language.language_tag(), gettext)


def _exported(wave_id: int, kind: str) -> ResponseTable:
    _wave(wave_id)
    with site.store().read() as db:
        table = responses.table(db, wave_id)
    with site.store().write() as db:
        responses.note_export(
            db, wave_id, kind=kind, rows=len(table.rows), by=site.me().id, now=site.now()
        )
    return table


def _file(content: bytes, mimetype: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
