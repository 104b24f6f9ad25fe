"""The page of a case: dial, say what came of the call, or begin the interview."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from cati import answering, floor
from cati.rules.outcomes import OUTCOMES, CallOutcome, Ends, Stage, offered
from cati.rules.queue import STATE_LABELS
from cati.store.claims import Claim, Write
from cati.store.desk import HeldCase
from cati.web import incoming
from cati.web.bar import bar_of, clock, contacts, history_of
from cati.web.incoming import Entry
from cati.web.replies import refused_page
from cati.web.words import case_texts
from foundation.problems import ProblemsError

bp = Blueprint("case", __name__, url_prefix="/case")


@bp.get("/<int:case_id>")
@allow(Role.INTERVIEWER)
def show(case_id: int) -> str | Response:
    """Show the case in hand; any other leads back to the desk."""
    held = held_by_me(case_id)
    return redirect(url_for("desk.show")) if held is None else _page(held)


def _page(held: HeldCase) -> str:
    return render_template(
        "cati/case.html",
        held=held,
        bar=bar_of(held, site.now()),
        state=_(STATE_LABELS[held.state]),
        history=history_of(held),
        notes=[note.text for note in held.notes],
        outcome_groups=_outcome_groups(),
        texts=case_texts(),
        fresh_key=_fresh_key,
    )


@bp.post("/<int:case_id>/dial")
@allow(Role.INTERVIEWER)
def dial(case_id: int) -> Response:
    """Begin a call and give the number in full, this once."""
    entry = incoming.sent(incoming.DialEntry)
    write = _write(case_id, entry)
    with site.store().write() as session:
        dialled = floor.dial(session, contacts(), write, number_position=entry.number)
    return jsonify(number=dialled.number, tel=f"tel:{dialled.e164}", since=write.now.isoformat())


@bp.post("/<int:case_id>/outcome")
@allow(Role.INTERVIEWER)
def record(case_id: int) -> Response:
    """Record what came of the call; the case goes where the rules send it."""
    entry = incoming.filled_in(incoming.OutcomeEntry)
    with site.store().write() as session:
        recorded = floor.record_outcome(session, _write(case_id, entry), entry.outcome)
    say_recorded(recorded)
    return redirect(url_for("desk.show"))


@bp.post("/<int:case_id>/appointment")
@allow(Role.INTERVIEWER)
def book(case_id: int) -> Response:
    """Book the next call and end this one."""
    entry = incoming.sent(incoming.AppointmentEntry)
    write = _write(case_id, entry)
    with site.store().write() as session:
        keep_note(session, write, entry.note)
        recorded = floor.book_appointment(session, contacts(), write, agreement(entry))
    say_recorded(recorded)
    return jsonify(url=url_for("desk.show"))


@bp.post("/<int:case_id>/time")
@allow(Role.INTERVIEWER)
def read_time(case_id: int) -> Any:
    """Read a time back in both clocks, before anything is booked."""
    entry, now = incoming.sent(incoming.TimeEntry), site.now()
    held = held_by_me(case_id)
    if held is None:
        return jsonify(problems=[_("This case is no longer yours.")]), 410
    with site.store().read() as session:
        at = answering.agreed_time(session, held, entry.when, asked_for=entry.any_hour, now=now)
    own = site.site().settings.zone
    mine = "" if held.zone == own else _("your clock: %(when)s", when=clock(at, own))
    return jsonify(theirs=clock(at, held.zone), mine=mine)


@bp.post("/<int:case_id>/begin")
@allow(Role.INTERVIEWER)
def begin(case_id: int) -> Response:
    """Begin the interview, or go on with the one that was broken off."""
    write = _write(case_id, incoming.filled_in(Entry))
    with site.store().write() as session:
        interview_id = floor.begin_interview(session, write)
    return redirect(url_for("interview.show", interview_id=interview_id))


@bp.post("/<int:case_id>/note")
@allow(Role.INTERVIEWER)
def note(case_id: int) -> Response:
    """Keep a note for whoever calls next."""
    entry = incoming.filled_in(incoming.TextEntry)
    with site.store().write() as session:
        floor.add_note(session, contacts(), _write(case_id, entry), entry.text)
    return redirect(url_for("case.show", case_id=case_id))


@bp.post("/<int:case_id>/release")
@allow(Role.INTERVIEWER)
def release(case_id: int) -> Response:
    """Give the case back without a call."""
    write = _write(case_id, incoming.filled_in(Entry))
    with site.store().write() as session:
        floor.release_case(session, write)
    flash(_("The case is given back."), "success")
    return redirect(url_for("desk.show"))


@bp.post("/<int:case_id>/heartbeat")
@allow(Role.INTERVIEWER)
def heartbeat(case_id: int) -> Response:
    """Prolong the claim of a page that is still open."""
    claim = Claim(case_id, incoming.sent(incoming.Beat).fence, site.me().id)
    with site.store().write() as session:
        until = answering.beat(session, claim, site.now())
        asked = answering.asked_since(session, claim.person_id)
    return jsonify(until=until.isoformat(), asked=asked.isoformat() if asked else "")


@bp.post("/<int:case_id>/supervisor")
@allow(Role.INTERVIEWER)
def ask_supervisor(case_id: int) -> Response:
    """Ask for the supervisor; the request stands on the floor until somebody answers it."""
    claim = Claim(case_id, incoming.sent(incoming.Beat).fence, site.me().id)
    with site.store().write() as session:
        asked = answering.ask_supervisor(session, claim, site.now())
    return jsonify(asked=asked.isoformat())


@bp.errorhandler(ProblemsError)
@bp.errorhandler(ValidationError)
def refuse(error: ProblemsError | ValidationError) -> Any:
    """Say what stands against a post; nothing of it was written."""
    case_id = (request.view_args or {})["case_id"]
    return refused_page(error, url_for("case.show", case_id=case_id))


def held_by_me(case_id: int) -> HeldCase | None:
    """Return a case when it is the one in the visitor's hands."""
    with site.store().read() as session:
        held = floor.held_case(session, contacts(), site.me().id)
    return held if held is not None and held.claim.case_id == case_id else None


def agreement(entry: incoming.AppointmentEntry) -> floor.Agreement:
    """Return an appointment as the floor books it."""
    return floor.Agreement(
        when=entry.when,
        is_hard=entry.is_hard,
        asked_for=entry.any_hour,
        is_mine=entry.for_me,
        name=entry.name,
    )


def keep_note(session: Any, write: Write, text: str) -> None:
    """Keep the note that came with an appointment, under a key of its own."""
    if text.strip():
        kept = Write(write.claim, f"{write.key}-note", write.now)
        floor.add_note(session, contacts(), kept, text)


def say_recorded(recorded: floor.Recorded) -> None:
    """Tell on the next page what was recorded, and when the case comes again."""
    outcome = _(OUTCOMES[recorded.outcome].label)
    if recorded.next_at:
        again = clock(datetime.fromisoformat(recorded.next_at), site.site().settings.zone)
        flash(_("Recorded: %(outcome)s. The case comes again from %(when)s.",
                outcome=outcome, when=again), "success")  # fmt: skip
    else:
        flash(_("Recorded: %(outcome)s. The case is closed.", outcome=outcome), "success")


def _write(case_id: int, entry: Entry) -> Write:
    return Write(Claim(case_id, entry.fence, site.me().id), entry.key, site.now())


def _fresh_key() -> str:
    return uuid4().hex


def _outcome_groups() -> list[tuple[str, list[CallOutcome]]]:
    """Return the outcomes that may be recorded after a call, by what they mean for the case."""
    found = offered(Stage.CALL)
    open_ = [o for o in found if o.ends is Ends.NOTHING]
    return [
        (_("Nobody was reached"), [o for o in open_ if not o.human]),
        (_("Somebody was reached; to be called again"), [o for o in open_ if o.human]),
        (_("This number is of no use"), [o for o in found if o.ends is Ends.NUMBER]),
        (_("The case is closed"), [o for o in found if o.ends is Ends.CASE]),
    ]
