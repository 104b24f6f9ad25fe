"""The language of the pages: English or Simplified Chinese, as the visitor chose."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.wrappers import Response

from accounts import people
from accounts.web import site
from accounts.web.policy import public

bp = Blueprint("language", __name__)
LOCALES = {"en": "English", "zh_Hans": "简体中文"}
# What browsers ask for, and the catalogue that serves it.
ASKED = {"en": "en", "zh": "zh_Hans", "zh-CN": "zh_Hans", "zh-Hans": "zh_Hans", "zh-SG": "zh_Hans"}


def choose() -> str:
    """Return the locale of this request: the person's, the browser session's, or the asked one."""
    chosen = session.get("locale", "")
    if current_user and current_user.is_authenticated:
        chosen = site.me().locale or chosen
    if chosen in LOCALES:
        return str(chosen)
    asked = request.accept_languages.best_match(list(ASKED))
    return ASKED[asked] if asked else site.site().settings.default_locale


def language_tag() -> str:
    """Return the page's language for the html element and for texts of questionnaires."""
    return "zh-Hans" if str(get_locale()).startswith("zh") else "en"


def pick(texts: dict[str, str]) -> str:
    """Return the text in the page's language, or in the first there is."""
    return texts.get(language_tag()) or next(iter(texts.values()), "")


@bp.post("/language")
@public
def change() -> Response:
    """Switch the language and return to the page that asked."""
    locale = request.form.get("locale", "")
    if locale in LOCALES:
        session["locale"] = locale
        if current_user.is_authenticated:
            with site.store().write() as db:
                people.set_locale(db, site.me().id, locale)
    return redirect(local_path(request.form.get("back", "")))


def local_path(address: str) -> str:
    """Return `address` when it is a path of this site, else the front page."""
    # Browsers drop tabs and line ends from an address, and read the rest.
    is_local = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_local and address.isprintable() else "/"
