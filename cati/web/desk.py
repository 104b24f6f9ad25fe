"""The interviewer's desk: the next case, the day so far, the appointments to keep."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from cati import floor, shift
from cati.store.claims import Interviewer
from cati.store.desk import HeldCase
from cati.web.bar import clock, contacts, place_of
from cati.web.replies import sentences
from cati.web.words import outcome_name
from foundation.problems import ProblemsError

bp = Blueprint("desk", __name__)
bp.add_app_template_filter(outcome_name)


@bp.get("/desk")
@allow(Role.INTERVIEWER)
def show() -> str:
    """Show where the interviewer stands, with the one key that goes on."""
    return _page()


@bp.post("/desk/next")
@allow(Role.INTERVIEWER)
def take() -> str | Response:
    """Take the next case, or say why there is none."""
    me, now = site.me(), site.now()
    with site.store().write() as session:
        waves = shift.open_waves(session)
        found = floor.take_next_case(session, contacts(), Interviewer(me.id), waves, now)
    if isinstance(found, HeldCase):
        return redirect(url_for("case.show", case_id=found.claim.case_id))
    return _page(sentences(ProblemsError(found.reasons)))


def _page(reasons: list[str] | None = None) -> str:
    me, now = site.me(), site.now()
    with site.store().read() as session:
        return render_template(
            "cati/desk.html",
            held=floor.held_case(session, contacts(), me.id),
            day=shift.day_of(session, me.id, _midnight(now)),
            appointments=shift.appointments_of(session, me.id, now),
            reasons=reasons,
            clock=clock,
            place_of=place_of,
        )


def _midnight(now: datetime) -> datetime:
    zone = ZoneInfo(site.site().settings.zone)
    return datetime.combine(now.astimezone(zone).date(), time(), tzinfo=zone)
