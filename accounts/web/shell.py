"""What every template may use: the visitor, the navigation of the role, dates and numbers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from accounts.store.tables import Role
from accounts.web import language, site

# Endpoint and text of each role's pages, in the order of the work.
NAVIGATION = {
    Role.INTERVIEWER: [("desk.show", _l("Calls"))],
    Role.SUPERVISOR: [
        ("floor.show", _l("Floor")),
        ("samples.show", _l("Samples")),
        ("donotcall.show", _l("Do-not-call list")),
    ],
    Role.RESEARCHER: [
        ("studies.show", _l("Studies")),
        ("forms.show", _l("Questionnaires")),
        ("planning.show", _l("Planning")),
        ("reports.show", _l("Reports")),
    ],
    Role.EXECUTIVE: [("reports.show", _l("Reports"))],
    Role.ADMIN: [("people.show", _l("People"))],
}
ROLE_NAMES = {
    Role.INTERVIEWER: _l("Interviewer"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.RESEARCHER: _l("Researcher"),
    Role.EXECUTIVE: _l("Executive"),
    Role.ADMIN: _l("Administrator"),
}


def init_app(app: Flask) -> None:
    """Give the templates their common names."""
    app.context_processor(_names)
    app.jinja_env.filters.update(moment=moment, day=day, pick=language.pick, role=ROLE_NAMES.get)
    app.jinja_env.tests["chinese"] = lambda tag: str(tag).startswith("zh")
    app.jinja_env.tests["a_page"] = is_page


def _names() -> dict[str, Any]:
    visitor = current_user.visitor if current_user and current_user.is_authenticated else None
    return {
        "me": visitor,
        "said": site.said,
        "navigation": _navigation(visitor.role) if visitor else [],
        "locales": language.LOCALES,
        "lang": language.language_tag(),
        "here": request.full_path.rstrip("?"),
    }


def _navigation(role: Role) -> list[tuple[str, Any]]:
    return [page for page in NAVIGATION.get(role, []) if is_page(page[0])]


def is_page(endpoint: str) -> bool:
    """Tell whether the running application has this page."""
    return endpoint in current_app.view_functions


def moment(at: datetime | None) -> str:
    """Return a moment in the centre's zone, as 2026-11-23 19:42."""
    if at is None:
        return ""
    return at.astimezone(ZoneInfo(site.site().settings.zone)).strftime("%Y-%m-%d %H:%M")


def day(at: date | None) -> str:
    """Return a date as 2026-11-23, in Chinese as 2026年11月23日."""
    if at is None:
        return ""
    if language.language_tag() == "zh-Hans":
        return f"{at.year}年{at.month}月{at.day}日"
    return at.isoformat()
