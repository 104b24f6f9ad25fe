"""Answers to the interviewer's pages: what went wrong, and with which status.

410   the case is no longer this person's
409   the interview has moved on: look again
422   the entry does not fit: nothing was written, enter it anew
"""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, url_for
from flask_babel import gettext as _
from pydantic import ValidationError
from werkzeug.wrappers import Response

from accounts.web.policy import wants_data
from cati.rules import messages as floor_messages
from foundation.problems import ProblemsError
from survey import messages as survey_messages
from survey.interview import messages as answer_messages

GONE = frozenset({floor_messages.CLAIM_LOST.code, floor_messages.NOT_YOURS.code,
                  floor_messages.NO_CALL.code})  # fmt: skip
MOVED_ON = frozenset({survey_messages.OUT_OF_STEP.code, survey_messages.NOT_ON_PATH.code,
                      survey_messages.INTERVIEW_CLOSED.code,
                      answer_messages.NOT_ON_PATH.code})  # fmt: skip
REFUSED, CONFLICT, LOST = 422, 409, 410


def status_of(error: ProblemsError) -> int:
    """Return the status that tells the page what to do about an error."""
    codes = {problem.message.code for problem in error.problems}
    if codes & GONE:
        return LOST
    return CONFLICT if codes & MOVED_ON else REFUSED


def sentences(error: ProblemsError | ValidationError) -> list[str]:
    """Return what is wrong, as an interviewer reads it: without codes and places."""
    if isinstance(error, ValidationError):
        return [_("This entry cannot be read. Nothing was changed; enter it anew.")]
    return [problem.text(_).partition("] ")[2] for problem in error.problems]


def refused(error: ProblemsError | ValidationError) -> tuple[Response, int]:
    """Return the problems as data, with the way to the desk when the case is gone."""
    status = REFUSED if isinstance(error, ValidationError) else status_of(error)
    body: dict[str, Any] = {"problems": sentences(error)}
    if status == LOST:
        body["url"] = url_for("desk.show")
    return jsonify(body), status


def refused_page(error: ProblemsError | ValidationError, back: str) -> Any:
    """Return the problems to a script as data, to a form as a page: `back`, or the desk."""
    if wants_data():
        return refused(error)
    for sentence in sentences(error):
        flash(sentence, "error")
    is_gone = isinstance(error, ProblemsError) and status_of(error) == LOST
    return redirect(url_for("desk.show") if is_gone else back)
