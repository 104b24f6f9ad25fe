"""What a person sees when a request cannot be served: what happened, what is safe, what to do."""

from __future__ import annotations

import logging

from flask import Flask, jsonify, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from accounts.web.policy import wants_data
from foundation.database import StoreUnreachable

log = logging.getLogger(__name__)

TEXTS = {
    400: (_l("This page was too old to be sent"),
          _l("Nothing was changed. Go back, reload the page and send it again.")),
    401: (_l("Please log in again"), _l("What you typed is kept on this page.")),
    403: (_l("This page belongs to another role"),
          _l("Ask your administrator if you need it.")),
    404: (_l("There is no such page"),
          _l("The address may be mistyped, or it belongs to somebody else.")),
    405: (_l("This address cannot be used like that"), _l("Go back to the first page.")),
    413: (_l("The file is too large"), _l("Send a file of at most 25 MB.")),
    429: (_l("Too many attempts"), _l("Wait a quarter of an hour, then try again.")),
    500: (_l("Something went wrong on our side"),
          _l("What was saved before is safe. Try again; if it happens again, tell your operator.")),
    503: (_l("The store cannot be reached"),
          _l("What was saved before is safe. Try again in a minute.")),
}  # fmt: skip


def init_app(app: Flask) -> None:
    """Answer every error with a page, or with JSON to our own scripts."""
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(CSRFError, _answer)
    app.register_error_handler(StoreUnreachable, _unreachable)


def _answer(error: HTTPException) -> tuple[str | Response, int]:
    status = error.code or 500
    if isinstance(error, InternalServerError):
        log.error("request failed", exc_info=error.original_exception)
    title, text = TEXTS.get(status, TEXTS[500])
    if wants_data():
        return jsonify({"problem": f"{title}. {text}"}), status
    return render_template("accounts/error.html", title=title, text=text, status=status), status


def _unreachable(error: StoreUnreachable) -> tuple[str | Response, int]:
    log.error("the store is out of reach: %s", error.orig)
    title, text = TEXTS[503]
    if wants_data():
        return jsonify({"problem": f"{title}. {text}"}), 503
    return _("%(title)s. %(text)s", title=title, text=text), 503
