"""Logins looked up a moment ago, so that an interviewer's every answer need not ask the store.

Only requests of our own scripts use it. A login that was ended lives on there for at most
`MOST_SECONDS`, in the processes that had just seen it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.people import Visitor

MOST_SECONDS = 3
MOST_LOGINS = 2000


class RecentLogins:
    """Visitors by their token, each with the moment when it was looked up."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[datetime, Visitor]] = {}

    def get(self, token: str, now: datetime) -> Visitor | None:
        """Return the visitor of a token that was looked up a moment ago."""
        at, visitor = self._found.get(token, (None, None))
        if at is None or not timedelta() <= now - at <= timedelta(seconds=MOST_SECONDS):
            return None
        return visitor

    def put(self, token: str, visitor: Visitor, now: datetime) -> None:
        """Remember whom a token belongs to, for a moment."""
        if len(self._found) >= MOST_LOGINS:
            self._found.clear()
        self._found[token] = (now, visitor)
