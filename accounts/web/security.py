"""Headers that keep a page's scripts, frames and copies where they belong."""

from __future__ import annotations

from flask import abort, current_app, request
from werkzeug.wrappers import Response

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


BAD_REQUEST = 400


def refuse_nul() -> None:
    """Refuse the sign NUL, which no person types and PostgreSQL cannot keep."""
    given = [*request.args.values(), *(v for vs in request.form.listvalues() for v in vs)]
    escaped = request.is_json and b"\\u0000" in request.get_data()
    if escaped or any("\x00" in text for text in given):
        abort(BAD_REQUEST)


def add_headers(response: Response) -> Response:
    """Set the security headers; pages are never kept by caches, static files are."""
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    # Behind a proxy the request itself is plain: the setting says that visitors use HTTPS.
    if request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
    return response
