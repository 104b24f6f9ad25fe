"""Questionnaires: upload, look at, publish, download."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from foundation.problems import Problem, ProblemsError
from survey import drafts, forms, trial
from survey.language.model import Form, Question
from survey.language.reader import read_workbook
from survey.language.writer import to_markdown, to_xlsx
from survey.web import entries, shelves
from survey.web.panes import Pane, preview_of

bp = Blueprint("forms", __name__, url_prefix="/forms")
Page = str | tuple[str, int] | AnyResponse


@bp.get("/")
@allow(Role.RESEARCHER)
def show() -> str:
    """List drafts and published versions, with the form that uploads a file."""
    return _list("", ())


@bp.post("/")
@allow(Role.RESEARCHER)
def upload() -> Page:
    """Check a file: show everything wrong with it, or keep it as a draft."""
    filename = ""
    try:
        source, filename = entries.uploaded("file")
        with site.store().write() as db:
            draft = drafts.keep(db, source, filename, by=site.me().id, now=site.now())
    except ProblemsError as error:
        return _list(filename, error.problems), 422
    flash(_("The questionnaire has no errors. Look at it, try it, then publish it."), "success")
    return redirect(url_for("forms.form", shelf=shelves.DRAFTS, number=draft.id))


@bp.get(f"/{shelves.SHELF}")
@allow(Role.RESEARCHER)
def form(shelf: str, number: int) -> str:
    """Show a questionnaire: its questions, and one of them as the interviewer sees it."""
    shelved = shelves.fetch(shelf, number)
    asked = [question for question in shelved.form.questions if question.is_asked]
    chosen = shelved.form.by_name.get(request.args.get("question", ""))
    if chosen not in asked:
        chosen = asked[0]
    return render_template(
        "survey/form.html", shelved=shelved, form=shelved.form, chosen=chosen,
        lines=shelves.outline(shelved.form), previews=_previews(shelved.form, chosen),
        conditions=shelved.form.conditions(chosen),
    )  # fmt: skip


@bp.post("/drafts/<int:number>/publish")
@allow(Role.RESEARCHER)
def publish(number: int) -> Page:
    """Publish a draft; from then on it never changes."""
    shelves.fetch(shelves.DRAFTS, number)
    try:
        with site.store().write() as db:
            version = drafts.publish(db, number, by=site.me().id, now=site.now())
    except ProblemsError as error:
        return _list("", error.problems), 422
    flash(_("Published. This version never changes; choose it for a wave."), "success")
    return redirect(url_for("forms.form", shelf=shelves.VERSIONS, number=version.id))


@bp.post("/drafts/<int:number>/discard")
@allow(Role.RESEARCHER)
def discard(number: int) -> AnyResponse:
    """Give a draft up."""
    shelves.fetch(shelves.DRAFTS, number)
    with site.store().write() as db:
        drafts.discard(db, number)
    flash(_("The draft is gone. Published versions are untouched."), "success")
    return redirect(url_for("forms.show"))


@bp.get(f"/{shelves.SHELF}/<any(source, xlsx, md):kind>")
@allow(Role.RESEARCHER)
def download(shelf: str, number: int, kind: str) -> Response:
    """Download the file as it was uploaded, or its Excel or Markdown twin."""
    shelved = shelves.fetch(shelf, number)
    source, filename = shelved.kept.source, shelved.kept.filename
    if kind == "xlsx":
        source = to_xlsx(read_workbook(source, filename))
    elif kind == "md":
        source = to_markdown(read_workbook(source, filename)).encode()
    ending = filename.rpartition(".")[2] if kind == "source" else kind
    name = f"{shelved.form.form_id}-{shelved.form.version}.{ending}"
    reply = Response(source, mimetype="application/octet-stream")
    reply.headers.set("Content-Disposition", "attachment", filename=name)
    return reply


def _previews(form: Form, question: Question) -> list[Pane]:
    return [
        preview_of(trial.begin(form, variables={}, language=code, now=site.now()), question)
        for code in form.languages
    ]


def _list(filename: str, problems: tuple[Problem, ...]) -> str:
    with site.store().read() as db:
        waiting, published = drafts.everything(db), forms.versions(db)
    return render_template(
        "survey/forms.html", drafts=waiting, versions=published, filename=filename,
        problems=problems,
    )  # fmt: skip
