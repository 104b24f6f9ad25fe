"""The administrator's page: who may log in, in which role."""

from __future__ import annotations

import secrets

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts import people
from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from foundation.problems import ProblemsError

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
@allow(Role.ADMIN)
def show() -> str:
    """List everybody, with the form that adds one."""
    with site.store().read() as db:
        return render_template("accounts/people.html", people=people.everyone(db), roles=Role)


@bp.post("/")
@allow(Role.ADMIN)
def add() -> tuple[str, int] | Response:
    """Add a person with a random first password, shown once."""
    form, password = request.form, secrets.token_urlsafe(12)
    try:
        role = Role(form.get("role", ""))
        with site.store().write() as db:
            people.create(
                db, form.get("login", ""), name=form.get("name", ""), role=role,
                password=password, now=site.now(), by=site.me().id,
            )  # fmt: skip
    except (ProblemsError, ValueError) as error:
        return _again(error), 422
    flash(_("%(login)s can log in with the password %(password)s - it is shown only now.",
            login=form["login"].strip().lower(), password=password), "success")  # fmt: skip
    return redirect(url_for("people.show"))


@bp.post("/<int:person_id>")
@allow(Role.ADMIN)
def change(person_id: int) -> tuple[str, int] | Response:
    """Change a person's role, or whether they may log in."""
    _require(person_id)
    try:
        role, active = Role(request.form.get("role", "")), request.form.get("active") == "yes"
        with site.store().write() as db:
            people.change(
                db, person_id, role=role, is_active=active, by=site.me().id, now=site.now()
            )
    except (ProblemsError, ValueError) as error:
        return _again(error), 422
    flash(_("Saved. The person's logins have ended."), "success")
    return redirect(url_for("people.show"))


@bp.post("/<int:person_id>/password")
@allow(Role.ADMIN)
def renew_password(person_id: int) -> Response:
    """Give a person a new random password, shown once."""
    _require(person_id)
    password = secrets.token_urlsafe(12)
    with site.store().write() as db:
        people.set_password(db, person_id, password, by=site.me().id, now=site.now())
    flash(_("The new password is %(password)s - it is shown only now.", password=password),
          "success")  # fmt: skip
    return redirect(url_for("people.show"))


def _require(person_id: int) -> None:
    with site.store().read() as db:
        if people.person(db, person_id) is None:
            abort(404)


def _again(error: ProblemsError | ValueError) -> str:
    problems = error.problems if isinstance(error, ProblemsError) else ()
    for problem in problems:
        flash(site.said(problem), "error")
    if not problems:
        flash(_("Choose one of the roles."), "error")
    return show()
