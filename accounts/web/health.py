"""Addresses for the operator's monitoring."""

from __future__ import annotations

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from accounts.web import site
from accounts.web.policy import public
from foundation.migrations import is_current

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    """Say that this process serves requests."""
    return jsonify({"status": "ok"})


@bp.get("/readyz")
@public
def ready() -> tuple[Response, int]:
    """Say whether the store answers and has the schema of this release."""
    current = is_current(site.store())
    return jsonify({"store": "ok", "schema": "ok" if current else "old"}), 200 if current else 503
