"""What every page of the product reaches for: the store, the settings, the visitor, the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from flask import current_app
from flask_babel import gettext
from flask_login import current_user

from accounts.people import Visitor
from foundation.database import Store, utc_now
from foundation.personal import FieldCipher
from foundation.problems import Problem
from foundation.settings import Settings


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that `create_app` wires together, for the views to use."""

    settings: Settings
    store: Store
    cipher: FieldCipher

    @property
    def idle(self) -> timedelta:
        """Return how long a login may lie idle."""
        return timedelta(minutes=self.settings.idle_minutes)


class User:
    """The visitor as Flask-Login wants it; its id is the secret token of the login."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, visitor: Visitor, token: str) -> None:
        self.visitor = visitor
        self.token = token

    def get_id(self) -> str:
        """Return the token that the session cookie keeps."""
        return self.token


def site() -> Site:
    """Return the parts of the running application."""
    return cast("Site", current_app.extensions["soundings"])


def store() -> Store:
    """Return the store of the running application."""
    return site().store


def me() -> Visitor:
    """Return who sent this request; only for views behind a login."""
    return cast("User", current_user).visitor


def now() -> datetime:
    """Return the present moment in UTC."""
    return utc_now()


def said(problem: Problem) -> str:
    """Return a problem in the visitor's language."""
    return problem.text(gettext)
