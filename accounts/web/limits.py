"""Rate limits: how often one address or one account may try."""

from __future__ import annotations

from flask import request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from accounts.web import site

limiter = Limiter(get_remote_address, headers_enabled=False)


def login_limit() -> str:
    """Return the limit of login attempts, from the settings."""
    return site.site().settings.login_attempts


def typed_login() -> str:
    """Return the account that a login attempt aims at."""
    return "login " + request.form.get("login", "").strip().lower()
