"""The trial of a questionnaire: asked as an interviewer would ask it, with nothing stored.

The trial travels in a signed field of the page. It is tied to the content of the questionnaire:
when a new draft has taken its place, the trial begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from survey import trial
from survey.interview.state import Event, EventKind, Status
from survey.interview.validate import AnswerRejected, RawAnswer
from survey.language.model import Form
from survey.trial import Trial
from survey.web import panes, shelves
from survey.web.shelves import Shelved

bp = Blueprint("trial", __name__, url_prefix=f"/forms/{shelves.SHELF}/trial")
Page = str | tuple[str, int] | Response
REFUSED = 422
STATUSES = {"dk": Status.DK, "ref": Status.REF}
GIVEN = "var-"
MOVES: Mapping[str, Callable[..., Trial]] = {"back": trial.back, "furthest": trial.furthest}


@bp.get("/")
@allow(Role.RESEARCHER)
def start(shelf: str, number: int) -> str:
    """Ask for the case variables and the language that the trial begins with."""
    shelved = shelves.fetch(shelf, number)
    return render_template(
        "survey/trial_start.html", shelved=shelved, form=shelved.form,
        variables=trial.variables_of(shelved.form), given=GIVEN,
    )  # fmt: skip


@bp.post("/")
@allow(Role.RESEARCHER)
def go(shelf: str, number: int) -> Page:
    """Take one step of a trial, and show where it stands then."""
    shelved, now = shelves.fetch(shelf, number), site.now()
    if "trial" not in request.form:
        return _page(shelved, _begun(shelved.form, now))
    at = _resumed(shelved.form, now)
    if at is None:
        flash(_("The questionnaire has changed meanwhile. The trial begins anew."), "warning")
        return redirect(url_for("trial.start", shelf=shelf, number=number))
    try:
        return _page(shelved, _stepped(at, now))
    except AnswerRejected as refused:
        return _page(shelved, at, refused.reason(_)), REFUSED


def _begun(form: Form, now: datetime) -> Trial:
    sent = request.form.items()
    variables = {name[len(GIVEN) :]: value for name, value in sent if name.startswith(GIVEN)}
    return trial.begin(form, variables=variables, language=request.form.get("language"), now=now)


def _stepped(at: Trial, now: datetime) -> Trial:
    act = request.form.get("act", "")
    if act in MOVES:
        return MOVES[act](at, now=now)
    if act == "language":
        return trial.speak(at, request.form.get("language", ""), now=now)
    name = request.form.get("question", "")
    if name not in at.form.by_name:
        abort(400)
    status = STATUSES.get(request.form.get("status", ""), Status.ANSWERED)
    raw = RawAnswer(request.form.get("text", ""), tuple(request.form.getlist("code")), status)
    return trial.answer(at, name, raw, now=now)


def _page(shelved: Shelved, at: Trial, refusal: str = "") -> str:
    current = at.route.current
    return render_template(
        "survey/trial.html", shelved=shelved, form=at.form, at=at, refusal=refusal,
        kept=_signer().dumps([at.form.digest, *map(_written, at.events)]),
        pane=panes.pane_of(at, at.contact),
        reasons=trial.reasons(at, current) if current else (),
        answers=panes.answers_so_far(at, at.contact), texts=_texts(),
    )  # fmt: skip


def _texts() -> dict[str, str]:
    told = _("%(key)s means nothing here. Keys: %(keys)s", key="{key}", keys="{keys}")
    return {"wrong_key": told, "dk_key": "D", "ref_key": "R"}


def _signer() -> URLSafeSerializer:
    key = current_app.config["SECRET_KEY"]
    return URLSafeSerializer(key, salt="trial of a questionnaire")


def _written(event: Event) -> list[Any]:
    return [event.kind.value, event.question, event.value, event.status]


def _resumed(form: Form, now: datetime) -> Trial | None:
    try:
        digest, *written = _signer().loads(request.form["trial"])
    except BadSignature:
        abort(400)
    if digest != form.digest:
        return None
    events = [
        Event(seq, EventKind(kind), question, value, Status(status) if status else None)
        for seq, (kind, question, value, status) in enumerate(written, start=1)
    ]
    return trial.resume(form, events, now=now)
