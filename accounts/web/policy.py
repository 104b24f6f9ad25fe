"""Who may see which page. A view without a stated role is open to nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from accounts.store.tables import Role
from accounts.web import site

View = TypeVar("View", bound=Callable[..., Any])
EVERYONE = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
PUBLIC = "public"
UNAUTHORIZED = 401
FORBIDDEN = 403


def allow(*roles: Role) -> Callable[[View], View]:
    """State which roles may call a view; none named means every role."""

    def mark(view: View) -> View:
        cast("Any", view).roles = frozenset(roles) or EVERYONE
        return view

    return mark


def public(view: View) -> View:
    """State that a view needs no login."""
    cast("Any", view).roles = PUBLIC
    return view


def enforce() -> Response | None:
    """Let the request through, ask for a login, or refuse; run before every request."""
    if request.endpoint in (None, "static"):
        return None
    view = current_app.view_functions[request.endpoint or ""]
    roles: frozenset[Role] | str = getattr(view, "roles", NOBODY)
    if roles == PUBLIC:
        return None
    if not current_user.is_authenticated:
        if wants_data():
            abort(UNAUTHORIZED)
        return redirect(url_for("login.show", next=request.full_path.rstrip("?")))
    if isinstance(roles, str) or site.me().role not in roles:
        abort(FORBIDDEN)
    return None


def wants_data() -> bool:
    """Tell whether a script of ours sent the request, and not a person following a link."""
    return request.headers.get("X-Requested-With") == "soundings"


def is_poll() -> bool:
    """Tell whether a page merely asks what is new: nobody need sit before it."""
    return request.method == "GET" and wants_data()


def first_page(role: Role) -> str:
    """Return the address where a role begins its work."""
    pages = {
        Role.INTERVIEWER: "desk.show",
        Role.SUPERVISOR: "floor.show",
        Role.RESEARCHER: "studies.show",
        Role.EXECUTIVE: "reports.show",
        Role.ADMIN: "people.show",
    }
    return url_for(pages[role])
