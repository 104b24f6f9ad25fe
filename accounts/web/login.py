"""Login and logout."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response

from accounts import people
from accounts.store.tables import Person
from accounts.web import site
from accounts.web.language import local_path
from accounts.web.limits import ADDRESS_LIMIT, has_failed, limiter, login_limit, typed_login
from accounts.web.policy import allow, first_page, public

bp = Blueprint("login", __name__)


@bp.get("/")
@public
def front() -> Response:
    """Lead everybody to where they begin."""
    if current_user.is_authenticated:
        return redirect(first_page(site.me().role))
    return redirect(url_for("login.show"))


@bp.get("/login")
@public
def show() -> str | Response:
    """Show the login form."""
    if current_user.is_authenticated:
        return redirect(first_page(site.me().role))
    return render_template("accounts/login.html", next=request.args.get("next", ""))


@bp.post("/login")
@public
@limiter.limit(ADDRESS_LIMIT, deduct_when=has_failed)
@limiter.limit(login_limit, key_func=typed_login, deduct_when=has_failed)
def enter() -> tuple[str, int] | Response:
    """Let a person in, or say that login and password do not fit."""
    login, now = request.form.get("login", ""), site.now()
    # Checking a password takes a while on purpose: no answer of the floor should wait for it.
    with site.store().read() as db:
        person = people.authenticate(db, login, request.form.get("password", ""))
    if person is None:
        with site.store().write() as db:
            people.note_failure(db, login, now)
        flash(_("Login and password do not fit. Nothing was changed; try again."), "error")
        page = render_template("accounts/login.html", next=request.form.get("next", ""))
        return page, 401
    with site.store().write() as db:
        token = people.open_login(db, person, now)
    _begin(person, token, now)
    return redirect(local_path(request.form.get("next") or first_page(person.role)))


@bp.post("/logout")
@allow()
def leave() -> Response:
    """End the login, here and on the server."""
    with site.store().write() as db:
        people.close_login(db, current_user.token, site.now())
    logout_user()
    session.clear()
    return redirect(url_for("login.show"))


def _begin(person: Person, token: str, now: datetime) -> None:
    # A fresh session, so that one planted before the login is worth nothing.
    locale = session.get("locale", "")
    session.clear()
    session["locale"] = locale
    with site.store().read() as db:
        visitor = people.visitor(db, token, now, site.site().idle)
    if visitor is not None:
        login_user(site.User(visitor, token))
