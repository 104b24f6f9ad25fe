"""The do-not-call list: add a file to it, ask about one number. The list itself is never shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow
from cati import donotcall
from cati.donotcall import Listing
from cati.supervision import Decision
from cati.web import acts
from cati.web.bar import contacts
from cati.web.replies import sentences
from foundation.problems import Problem, ProblemsError
from survey.web.entries import uploaded

bp = Blueprint("donotcall", __name__, url_prefix="/do-not-call")
MOST_SHOWN = 100
LONGEST_NUMBER = 64
REFUSED = 422


@bp.get("/")
@allow(Role.SUPERVISOR)
def show() -> str:
    """Say how long the list is, with the forms to add to it and to ask about a number."""
    return _page()


@bp.post("/")
@allow(Role.SUPERVISOR)
def add() -> Any:
    """Put the numbers of a file on the list: all, or none when one cannot be read."""
    try:
        done = _listed(*uploaded("file"))
    except ProblemsError as error:
        return _page(error.problems), REFUSED
    flash(_said(done), "success")
    return redirect(url_for("donotcall.show"))


@bp.post("/look-up")
@allow(Role.SUPERVISOR)
def look_up() -> Any:
    """Say whether one number is on the list. It comes as a form: never in an address."""
    text = request.form.get("number", "")[:LONGEST_NUMBER].strip()
    try:
        with site.store().write() as session:
            is_listed = donotcall.look_up(
                session, contacts(), text, by=site.me().id, now=site.now()
            )  # fmt: skip
    except ProblemsError as error:
        return _page(asked=text, refused=sentences(error)), REFUSED
    return _page(asked=text, is_listed=is_listed)


def _listed(data: bytes, filename: str) -> Listing:
    problems: list[Problem] = []
    reason = acts.reason_in(request.form.get("reason", ""), problems)
    if problems:
        raise ProblemsError(problems)
    decision = Decision(site.me().id, site.now(), reason)
    with site.store().write() as session:
        return donotcall.list_numbers(session, contacts(), data, filename, decision)


def _said(done: Listing) -> str:
    new = ngettext("%(num)d number is new on the list.", "%(num)d numbers are new on the list.",
                   done.new)  # fmt: skip
    known = done.numbers - done.new
    were = ngettext("%(num)d was on it already.", "%(num)d were on it already.", known)
    closed = ngettext("%(num)d case is closed.", "%(num)d cases are closed.", done.closed)
    return " ".join([new, were, closed])


def _page(
    problems: Sequence[Problem] = (), *, asked: str = "", is_listed: bool | None = None,
    refused: Sequence[str] = (),
) -> str:  # fmt: skip
    with site.store().read() as session:
        size = donotcall.size(session)
    return render_template(
        "cati/donotcall.html", size=size, problems=problems[:MOST_SHOWN], found=len(problems),
        reason=request.form.get("reason", ""), asked=asked, is_listed=is_listed, refused=refused,
        most_shown=MOST_SHOWN, longest=LONGEST_NUMBER,
    )  # fmt: skip
