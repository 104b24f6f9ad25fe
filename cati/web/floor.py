"""The supervisor's floor: what needs somebody now, who does what, and where each wave stands."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from cati import oversight, supervision
from cati.oversight import Field, Figures, Matter, ShownSeat
from cati.web.floor_words import words

bp = Blueprint("floor", __name__, url_prefix="/floor")
NEXT_APPOINTMENTS = 50
LONGEST_NUMBER = 9


@dataclass(frozen=True, slots=True)
class Floor:
    """What the floor page shows of the open waves."""

    fields: list[tuple[Field, Figures]]
    matters: list[Matter]
    seats: list[ShownSeat]


@bp.get("/")
@allow(Role.SUPERVISOR)
def show() -> str:
    """Show the floor of all open waves."""
    with site.store().read() as session:
        everything = oversight.fields(session)
        floor = _floor(session, everything)
    closed = [field for field in everything if not field.wave.is_open]
    return render_template("cati/floor.html", floor=floor, closed=closed, **words())


@bp.get("/live")
@allow(Role.SUPERVISOR)
def live() -> Response:
    """Return the part of the floor that changes; 304 when it is what the page has."""
    with site.store().read() as session:
        floor = _floor(session, oversight.fields(session))
    page = render_template("cati/_floor.html", floor=floor, **words())
    reply = make_response(page)
    reply.set_etag(sha256(page.encode()).hexdigest())
    return reply.make_conditional(request)


@bp.post("/answered")
@allow(Role.SUPERVISOR)
def answered() -> Response:
    """Note that the supervisor goes to an interviewer who asked."""
    text = request.form.get("request", "")
    request_id = int(text) if text.isdecimal() and len(text) <= LONGEST_NUMBER else 0
    with site.store().write() as session:
        done = supervision.answer_request(
            session, request_id, by=site.me().id, now=site.now()
        )  # fmt: skip
    if done:
        flash(_("Marked as answered. The interviewer's page says that you are coming."), "success")
    else:
        flash(_("Somebody has answered already. Nothing was changed."), "warning")
    return redirect(url_for("floor.show"))


@bp.get("/waves/<int:wave_id>")
@allow(Role.SUPERVISOR, Role.RESEARCHER)
def wave(wave_id: int) -> str:
    """Show the fieldwork of one wave: outcomes, rates in three cuts, appointments ahead."""
    now, zone = site.now(), _zone()
    with site.store().read() as session:
        field = oversight.field(session, wave_id) or abort(404)
        figures = oversight.figures(session, field.wave, now, zone)
        cuts = oversight.rates_by_cut(session, wave_id, zone)
        ahead = oversight.appointments_ahead(session, wave_id, now)
    days: dict[str, int] = {}
    for appointment in ahead:
        day = appointment.at.astimezone(zone).date().isoformat()
        days[day] = days.get(day, 0) + 1
    return render_template(
        "cati/wave.html", field=field, figures=figures, cuts=cuts, days=days,
        groups=oversight.codes_by_group(figures.progress.codes),
        ahead=ahead[:NEXT_APPOINTMENTS], **words(),
    )  # fmt: skip


def _floor(session: Any, everything: list[Field]) -> Floor:
    now = site.now()
    fields = [field for field in everything if field.wave.is_open]
    rows = [(field, oversight.figures(session, field.wave, now, _zone())) for field in fields]
    found = [
        matter
        for field, figures in rows
        for matter in oversight.matters(session, field.wave, figures.progress, now)
    ]
    order = list(oversight.MatterKind)
    found.sort(key=lambda matter: order.index(matter.kind))
    waves = [field.wave for field in fields]
    return Floor(rows, found, oversight.seats(session, waves, now, site.site().idle))


def _zone() -> ZoneInfo:
    return ZoneInfo(site.site().settings.zone)
