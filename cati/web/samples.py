"""Samples: which waves have one, what is wrong with a file, replicates drawn and released."""

from __future__ import annotations

import random
from base64 import b64encode
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.store.tables import Role
from accounts.web import site
from accounts.web.policy import allow, wants_data
from cati import oversight, sample, supervision
from cati.rules.queue import CaseState
from cati.sample import ImportOptions
from cati.web import sample_report
from cati.web.bar import contacts
from cati.web.floor_words import words
from cati.web.replies import sentences
from cati.web.sample_report import SampleReport
from foundation.problems import ProblemsError
from survey.web.entries import uploaded

bp = Blueprint("samples", __name__, url_prefix="/samples")
MOST_REPLICATES = 100
LONGEST_NUMBER = 9
REFUSED = 422


@bp.get("/")
@allow(Role.SUPERVISOR)
def show() -> str:
    """List the waves with how much of their sample is released and closed."""
    with site.store().read() as session:
        lines = [
            (field, supervision.progress(session, field.wave.id or 0))
            for field in oversight.fields(session)
        ]
    return render_template("cati/samples.html", lines=lines, **words())


@bp.get("/waves/<int:wave_id>")
@allow(Role.SUPERVISOR, Role.RESEARCHER)
def wave(wave_id: int) -> str:
    """Show the sample of a wave: replicates by state, strata, and the forms that add to it."""
    return _page(wave_id, None)


@bp.post("/waves/<int:wave_id>/check")
@allow(Role.SUPERVISOR)
def check(wave_id: int) -> Any:
    """Say what is in a file and everything wrong with it; store nothing."""
    try:
        data, filename = uploaded("file")
        with site.store().read() as session:
            found = sample.check_sample(session, contacts(), wave_id, data, filename)
    except ProblemsError as error:
        return _answer(wave_id, sample_report.refused(error.problems))
    return _answer(wave_id, sample_report.checked(*found))


@bp.post("/waves/<int:wave_id>/import")
@allow(Role.SUPERVISOR)
def import_(wave_id: int) -> Any:
    """Store the people of a file as cases: all, or none when a row is wrong."""
    try:
        data, filename = uploaded("file")
        with site.store().write() as session:
            done = sample.import_sample(
                session, contacts(), wave_id, data, filename, options=_options(),
                by=site.me().id, now=site.now(), rng=random.SystemRandom(), translate=_,
            )  # fmt: skip
    except ProblemsError as error:
        return _answer(wave_id, sample_report.refused(error.problems))
    said = ngettext("%(num)d case is stored. It waits to be released.",
                    "%(num)d cases are stored. They wait to be released.", done.cases)  # fmt: skip
    if done.rejected:
        flash(said, "success")
        rejects = b64encode(done.rejects).decode()
        return _answer(wave_id, sample_report.partly(done.problems, done.rejected, rejects))
    flash(said, "success")
    return _onward(url_for("samples.wave", wave_id=wave_id, _anchor="release"))


@bp.post("/waves/<int:wave_id>/release")
@allow(Role.SUPERVISOR)
def release(wave_id: int) -> Any:
    """Release replicates: from now on their cases are handed out."""
    sent = request.form.getlist("replicate")
    chosen = [int(text) for text in sent if text.isdecimal() and len(text) <= LONGEST_NUMBER]
    if not chosen:
        flash(_("Choose the replicates to release."), "error")
        return redirect(url_for("samples.wave", wave_id=wave_id))
    try:
        with site.store().write() as session:
            count = sample.release(session, wave_id, chosen, by=site.me().id, now=site.now())
        flash(
            ngettext("%(num)d case is released.", "%(num)d cases are released.", count), "success"
        )
    except ProblemsError as error:
        for sentence in sentences(error):
            flash(sentence, "error")
    return redirect(url_for("samples.wave", wave_id=wave_id))


def _options() -> ImportOptions:
    text = request.form.get("replicates", "").strip()
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 1  # noqa: PLR2004
    return ImportOptions(
        min(max(number, 1), MOST_REPLICATES), good_only=request.form.get("good_only") == "yes"
    )


def _answer(wave_id: int, report: SampleReport) -> Any:
    """Return what came of a file: to our script the part of the page, else the page."""
    status = REFUSED if report.errors and not report.rejects else 200
    if wants_data():
        return render_template("cati/_sample_report.html", report=report, **words()), status
    return _page(wave_id, report), status


def _onward(address: str) -> Any:
    return jsonify(url=address) if wants_data() else redirect(address)


def _page(wave_id: int, report: SampleReport | None) -> str:
    with site.store().read() as session:
        field = oversight.field(session, wave_id) or abort(404)
        states = oversight.replicate_states(session, wave_id)
        strata = oversight.strata(session, wave_id)
    waiting = [n for n, counts in states.items() if counts.get(CaseState.UNRELEASED)]
    return render_template(
        "cati/sample.html", field=field, states=states, strata=strata, waiting=waiting,
        report=report, most_replicates=MOST_REPLICATES, **words(),
    )  # fmt: skip
