"""Rate limits: how often one account, or one address, may try to log in and fail.

Only failed attempts count: a whole floor begins its shift behind one address.
"""

from __future__ import annotations

from flask import Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from accounts.web import site
from foundation.redis_server import socket_path
from foundation.settings import Settings

UNAUTHORIZED = 401
# Many people share the address of an office, each of whom may mistype.
ADDRESS_LIMIT = "100 per 15 minutes"

MEMORY = "memory://"

limiter = Limiter(get_remote_address, headers_enabled=False)


def storage(settings: Settings) -> str:
    """Return where failed attempts are counted: one count for all web processes, if there can be.

    Without a Redis, ours or that of the installation, each process counts for itself.
    """
    if settings.redis_url:
        return settings.redis_url
    own = socket_path(settings.data_dir)
    return f"redis+unix://{own}" if own.exists() else MEMORY


def has_failed(reply: Response) -> bool:
    """Tell an attempt that did not fit."""
    return reply.status_code == UNAUTHORIZED


def login_limit() -> str:
    """Return the limit of failed logins of one account, from the settings."""
    return site.site().settings.login_attempts


def own_account() -> str:
    """Return the account whose present password is being guessed at, or mistyped."""
    return f"password {site.me().id}"


def typed_login() -> str:
    """Return the account that a login attempt aims at."""
    return "login " + request.form.get("login", "").strip().lower()
