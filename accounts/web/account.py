"""One's own account: who one is here, and one's own password."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from accounts import people
from accounts.people import SHORTEST_PASSWORD, WRONG_PASSWORD
from accounts.web import site
from accounts.web.limits import has_failed, limiter, login_limit, own_account
from accounts.web.policy import allow
from foundation.problems import ProblemsError

bp = Blueprint("account", __name__, url_prefix="/account")
UNAUTHORIZED, REFUSED = 401, 422


@bp.get("/")
@allow()
def show() -> str:
    """Show the visitor's account, with the form that changes the password."""
    return render_template("accounts/account.html", least=SHORTEST_PASSWORD)


@bp.post("/password")
@allow()
@limiter.limit(login_limit, key_func=own_account, deduct_when=has_failed)
def change_password() -> Any:
    """Change the visitor's own password; the present one is asked for, other logins end."""
    form, me = request.form, site.me().id
    wanted = form.get("password", "")
    if wanted != form.get("again", ""):
        flash(_("The new password was not typed twice alike. Nothing was changed."), "error")
        return show(), REFUSED
    try:
        with site.store().read() as db:
            hashed = people.own_password(db, me, form.get("present", ""), wanted)
    except ProblemsError as error:
        return _refused(error)
    with site.store().write() as db:
        ended = people.change_own_password(
            db, me, hashed, token=current_user.token, now=site.now()
        )  # fmt: skip
    flash(_said(ended), "success")
    return redirect(url_for("account.show"))


def _refused(error: ProblemsError) -> tuple[str, int]:
    for problem in error.problems:
        flash(site.said(problem), "error")
    is_guess = any(problem.message is WRONG_PASSWORD for problem in error.problems)
    return show(), UNAUTHORIZED if is_guess else REFUSED


def _said(ended: int) -> str:
    others = ngettext("%(num)d other login of yours has ended.",
                      "%(num)d other logins of yours have ended.", ended)  # fmt: skip
    return f"{_('The password is changed.')} {others}"
