"""The researcher's model editor: constructs, items and paths of a wave's model, as versions."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.language import pick
from accounts.web.policy import allow
from analysis import editing
from analysis.library import shipped, shipped_names
from analysis.modelviews.sketch import sketch
from analysis.web import sections
from foundation.problems import Problem

bp = Blueprint("editor", __name__, url_prefix="/models/waves/<int:wave_id>/editor")
Page = str | tuple[str, int] | Response


@bp.get("")
@allow(Role.RESEARCHER)
def show(wave_id: int) -> str:
    """Show the model in force, or the one that the address asks for, ready to be edited."""
    found = _bench(wave_id)
    model, start = editing.beginning(found, request.args.get("start", ""))
    return _page(found, json.dumps(model, ensure_ascii=False), start, ())


@bp.post("/check")
@allow(Role.RESEARCHER)
def check(wave_id: int) -> dict[str, Any]:
    """Tell the page's script what is wrong with a model, and how to draw it."""
    found = _bench(wave_id)
    model, problems = editing.checked(found, request.get_data())
    return {
        "is_fine": model is not None,
        "problems": [
            {
                "text": site.said(own),
                "is_error": own.is_error,
                "code": own.message.code,
                "place": own.place.item,
            }
            for own in problems
        ],
        "drawing": sketch(request.get_json(silent=True), _labels(found)),
    }


@bp.post("/versions")
@allow(Role.RESEARCHER)
def save(wave_id: int) -> Page:
    """Save a model without defects as the next version and put it in force."""
    found = _bench(wave_id)
    written, start = request.form.get("model", ""), request.form.get("start", "")[:64]
    model, problems = editing.checked(found, written.encode())
    if model is None:
        return _page(found, written, start, tuple(problems)), 422
    with site.store().write() as db:
        made = editing.save(
            db, found, model, start=start, note=request.form.get("note", "").strip(),
            by=site.me().id, now=site.now(),
        )  # fmt: skip
        number = made.number
    flash(_("Version %(number)s is in force. Compute the wave to see its numbers.", number=number),
          "success")  # fmt: skip
    return redirect(url_for("editor.show", wave_id=wave_id))


@bp.post("/use")
@allow(Role.RESEARCHER)
def use(wave_id: int) -> Response:
    """Put an earlier version, or the model of the form, in force."""
    found = _bench(wave_id)
    with site.store().write() as db:
        done = editing.use(
            db, found, request.form.get("version", ""), by=site.me().id, now=site.now()
        )
    if not done:
        abort(404)
    flash(_("The model is in force. Compute the wave to see its numbers."), "success")
    return redirect(url_for("editor.show", wave_id=wave_id))


def _bench(wave_id: int) -> editing.Bench:
    with site.store().read() as db:
        return editing.bench(db, wave_id) or abort(404)


def _labels(found: editing.Bench) -> dict[str, str]:
    return {name: pick(dict(texts)) for name, texts in found.labels.items()}


def _page(found: editing.Bench, written: str, start: str, problems: tuple[Problem, ...]) -> str:
    items = [
        {"name": own.name, "label": pick(dict(own.label)), "points": own.points,
         "reverse": own.reverse}
        for own in found.items
    ]  # fmt: skip
    return render_template(
        "analysis/editor.html",
        bench=found, written=written, start=start, problems=problems, items=items,
        labels=_labels(found),
        note=request.form.get("note", ""),
        library={name: shipped(name).title for name in shipped_names()},
        in_force=_in_force(found), titles=sections.TITLES,
    )  # fmt: skip


def _in_force(found: editing.Bench) -> str:
    """Return the number of the version in force, "form" for the form's own, "" for an import."""
    if found.is_own:
        return editing.FORM
    same = (own.number for own in found.versions if own.model == found.in_force)
    return str(next(same, ""))
