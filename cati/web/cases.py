"""A case as the supervisor sees it: its history, and the acts that put it right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from cati import oversight, supervision
from cati.rules import messages
from cati.rules.outcomes import OUTCOMES, Ends
from cati.rules.queue import CaseState
from cati.supervision import FROM_INTERVIEW, Decision
from cati.web import acts
from cati.web.bar import agreed_words, clock, contacts, place_of
from cati.web.floor_words import words
from cati.web.replies import sentences
from foundation.problems import Place, ProblemsError

bp = Blueprint("cases", __name__, url_prefix="/cases")
PAGE = 100
MOST_PAGES = 1_000_000
Act = TypeVar("Act", bound=acts.Act)


@bp.get("/waves/<int:wave_id>")
@allow(Role.SUPERVISOR)
def show(wave_id: int) -> str:
    """List the cases of a wave, of one state or all."""
    state = next((s for s in CaseState if s.value == request.args.get("state")), None)
    page = min(max(request.args.get("page", 1, type=int), 1), MOST_PAGES)
    with site.store().read() as session:
        field = oversight.field(session, wave_id) or abort(404)
        total, lines = supervision.list_cases(
            session, wave_id, state, first=(page - 1) * PAGE, most=PAGE
        )
    return render_template(
        "cati/cases.html", field=field, state=state, page=page, pages=-(-total // PAGE),
        total=total, lines=lines, **words(),
    )  # fmt: skip


@bp.post("/find")
@allow(Role.SUPERVISOR)
def find() -> str | Response:
    """Go to the case that a number, a client's id or a telephone number names."""
    text = request.form.get("text", "")
    with site.store().read() as session:
        found = supervision.find_cases(session, contacts(), text)
    if len(found) == 1:
        return redirect(url_for("cases.case", case_id=found[0].case.id))
    return render_template("cati/found.html", text=text, lines=found, **words())


@bp.get("/<int:case_id>")
@allow(Role.SUPERVISOR)
def case(case_id: int) -> str:
    """Show one case with the acts that are possible now; the audit trail says who looked."""
    now = site.now()
    with site.store().write() as session:
        found = supervision.open_case(session, contacts(), case_id, by=site.me().id, now=now)
        if found is None:
            abort(404)
        field = oversight.field(session, found.case.wave_id)
        interviewers = supervision.interviewers(session)
        reach = supervision.reach(session, case_id)
    held = found.case.claim_expires
    return render_template(
        "cati/casefile.html", file=found, case=found.case, field=field, clock=clock,
        agreed_words=agreed_words, place_of=place_of, own_zone=site.site().settings.zone,
        interviewers=interviewers, closing=_closing(), reach=reach,
        is_working=held is not None and held > now, **words(),
    )  # fmt: skip


@bp.post("/<int:case_id>/take-back")
@allow(Role.SUPERVISOR)
def take_back(case_id: int) -> Response:
    """Take the case out of somebody's hands."""
    return _act(case_id, acts.Act, lambda session, _by, decision: supervision.take_back(
        session, case_id, decision,
    ), _("Case %(case)s is taken back; anyone may get it now.", case=case_id))  # fmt: skip


@bp.post("/<int:case_id>/reassign")
@allow(Role.SUPERVISOR)
def reassign(case_id: int) -> Response:
    """Keep the case for one interviewer, or give it to anyone."""
    return _act(case_id, acts.Reassign, lambda session, entry, decision: supervision.reassign(
        session, case_id, entry.person, decision,
    ), _("Case %(case)s is reassigned.", case=case_id))  # fmt: skip


@bp.post("/<int:case_id>/reopen")
@allow(Role.SUPERVISOR)
def reopen(case_id: int) -> Response:
    """Put a closed case back into the queue."""
    return _act(case_id, acts.Reopen, lambda session, entry, decision: supervision.reopen(
        session, case_id, decision, was_mistaken=entry.mistaken,
    ), _("Case %(case)s is open again.", case=case_id))  # fmt: skip


@bp.post("/<int:case_id>/close")
@allow(Role.SUPERVISOR)
def close(case_id: int) -> Response:
    """Close the case for a reason that no call brought about."""
    return _act(case_id, acts.Close, lambda session, entry, decision: supervision.close_case(
        session, case_id, entry.outcome, decision,
    ), _("Case %(case)s is closed.", case=case_id))  # fmt: skip


@bp.post("/<int:case_id>/erase")
@allow(Role.SUPERVISOR)
def erase(case_id: int) -> Response:
    """Erase everything personal about the person of the case."""

    def do(session: Any, entry: acts.Erase, decision: Decision) -> None:
        if entry.typed.strip() != str(case_id):
            place = {"typed": entry.typed, "case": case_id}
            raise ProblemsError([messages.NOT_CONFIRMED.at(Place(), **place)])
        supervision.erase_person(session, case_id, decision)

    return _act(case_id, acts.Erase, do,
                _("The person of case %(case)s is erased.", case=case_id))  # fmt: skip


def _act(
    case_id: int, model: type[Act], do: Callable[[Any, Act, Decision], None], done: str
) -> Response:
    """Do what a form asks, under its reason; say on the page of the case what came of it."""
    try:
        entry = acts.filled_in(model)
        decision = Decision(site.me().id, site.now(), entry.reason)
        with site.store().write() as session:
            do(session, entry, decision)
        flash(done, "success")
    except (ProblemsError, ValidationError) as error:
        for sentence in sentences(error):
            flash(sentence, "error")
    return redirect(url_for("cases.case", case_id=case_id))


def _closing() -> list[str]:
    """Return the outcomes with which a supervisor may close a case."""
    return [
        outcome.name
        for outcome in OUTCOMES.values()
        if outcome.ends is Ends.CASE and outcome.name not in FROM_INTERVIEW
    ]
