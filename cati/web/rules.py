"""The calling rules of a wave as a form: what is in force, what a change would mean, the change."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from cati import oversight, ruling, supervision
from cati.oversight import Field
from cati.rules.fieldrules import LIMITS, RETRIES, FieldRules
from cati.rules.hours import WEEKDAYS
from cati.rules.outcomes import Stage, offered
from cati.ruling import Ruled
from cati.supervision import Decision
from cati.web import acts
from cati.web.bar import clock, place_of
from cati.web.floor_words import words
from cati.web.rulesform import LIMIT_WORDS, WHEN_WORDS, as_given, as_typed, by_field
from foundation.problems import Problem, ProblemsError

bp = Blueprint("rules", __name__, url_prefix="/floor/waves/<int:wave_id>/rules")
REFUSED = 422


@bp.get("")
@allow(Role.SUPERVISOR)
def show(wave_id: int) -> str:
    """Show the rules in force, and what they mean at this moment."""
    field, now = _found(wave_id)
    return _page(field, now, as_typed(now.field.rules), now.field.rules)


@bp.post("")
@allow(Role.SUPERVISOR)
def change(wave_id: int) -> Any:
    """Show what the rules typed would mean, or set them; wrong ones change nothing."""
    field, now = _found(wave_id)
    typed = request.form.to_dict()
    saving = typed.get("do") == "save"
    rules, problems = _read(typed, now)
    reason = acts.reason_in(typed.get("reason", ""), problems) if saving else ""
    if rules is None or problems:
        return _page(field, now, typed, rules, problems), REFUSED
    if not saving:
        return _page(field, now, typed, rules, tried=True)
    decision = Decision(site.me().id, site.now(), reason)
    with site.store().write() as session:
        supervision.set_calling_rules(session, wave_id, rules.to_json(), decision)
    flash(_("The calling rules are set."), "success")
    return redirect(url_for("rules.show", wave_id=wave_id))


def _found(wave_id: int) -> tuple[Field, Ruled]:
    with site.store().read() as session:
        field = oversight.field(session, wave_id) or abort(404)
        return field, ruling.ruled(session, wave_id)


def _read(typed: dict[str, str], now: Ruled) -> tuple[FieldRules | None, list[Problem]]:
    try:
        return ruling.read(as_given(typed, now.field.rules), now.questions), []
    except ProblemsError as error:
        return None, list(error.problems)


def _page(
    field: Field, now: Ruled, typed: dict[str, str], rules: FieldRules | None,
    problems: list[Problem] | None = None, *, tried: bool = False,
) -> str:  # fmt: skip
    centre, at = site.site().settings.zone, site.now()
    zones = ruling.preview(now.field, rules, at, centre=centre) if rules else []
    return render_template(
        "cati/rules.html", field=field, typed=typed, wrong=by_field(problems or []),
        rules=rules, tried=tried, zones=zones, at=at, centre=centre, questions=now.questions,
        weekdays=_weekdays(), limits=[(n, _(LIMIT_WORDS[n]), *LIMITS[n]) for n in LIMITS],
        outcomes=list(RETRIES), midway={o.name for o in offered(Stage.INTERVIEW)},
        whens=[(name, _(text)) for name, text in WHEN_WORDS.items()],
        clock=clock, place_of=place_of, **words(),
    )  # fmt: skip


def _weekdays() -> list[tuple[str, str]]:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"),
             _("Saturday"), _("Sunday"))  # fmt: skip
    return list(zip(WEEKDAYS, names, strict=True))
