"""The web application. `create_app` wires the parts; it decides nothing."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

from flask import Flask
from flask_babel import Babel
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from accounts import people as people_service
from accounts.people import SEEN_STEP
from accounts.web import (
    account,
    addresses,
    errors,
    health,
    language,
    limits,
    login,
    people,
    policy,
    security,
    shell,
)
from accounts.web.site import Site, User
from analysis.web import blueprints as analysis_blueprints
from cati.web import blueprints as cati_blueprints
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from foundation.settings import Settings
from survey.web import blueprints as survey_blueprints

LARGEST_UPLOAD = 25 * 1024 * 1024
HERE = Path(__file__).parent


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for one installation's settings (default: the environment's)."""
    settings = settings or Settings.from_env()
    app = Flask("soundings", root_path=str(HERE), template_folder="templates",
                static_folder="static")  # fmt: skip
    app.config.update(
        SECRET_KEY=b64decode(settings.secret_key),
        SESSION_COOKIE_NAME="soundings",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        MAX_CONTENT_LENGTH=LARGEST_UPLOAD,
        WTF_CSRF_TIME_LIMIT=None,
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES=str(HERE / "translations"),
        RATELIMIT_STORAGE_URI=limits.storage(settings),
        # Losing Redis must not keep anybody from logging in, nor lift the limits.
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    site = Site(settings, Store(settings.store_url),
                FieldCipher(settings.field_key, settings.index_key))  # fmt: skip
    app.extensions["soundings"] = site
    app.url_map.converters["int"] = addresses.RowNumber
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=language.choose)
    CSRFProtect(app)
    limits.limiter.init_app(app)
    _init_logins(app, site)
    app.before_request(policy.enforce)
    app.before_request(security.refuse_nul)
    app.after_request(security.add_headers)
    errors.init_app(app)
    shell.init_app(app)
    own = [login.bp, account.bp, language.bp, people.bp, health.bp]
    for bp in [*own, *survey_blueprints.ALL, *cati_blueprints.ALL, *analysis_blueprints.ALL]:
        app.register_blueprint(bp)
    return app


def _init_logins(app: Flask, site: Site) -> None:
    manager = LoginManager(app)
    manager.session_protection = "basic"

    def load(token: str) -> User | None:
        now = utc_now()
        with site.store.read() as db:
            found = people_service.visitor(db, token, now, site.idle)
        if found is None:
            return None
        if now - found.seen_at > SEEN_STEP and not policy.is_poll():
            with site.store.write() as db:
                people_service.touch_login(db, token, now)
        return User(found, token)

    manager.user_loader(load)
