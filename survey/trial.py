"""A trial of a questionnaire: walk through it as an interviewer would, with nothing stored.

The web preview and the command `soundings forms try` play the same trial. It is its events and
nothing else, so a page can carry it in a signed field.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from survey.interview.routing import Route, route
from survey.interview.state import Event, State, fold
from survey.language.model import Form


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition on the way to a question, with the answers that it looked at.

    condition   as the designer wrote it
    group       label of the group it belongs to; empty when it is the question's own
    answers     (question, its answer in words; empty when it has none)
    """

    condition: str
    group: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """One walk through a form, as far as it has come."""

    form: Form
    events: tuple[Event, ...]
    now: datetime

    @property
    def state(self) -> State:
        """Return what the events say."""
        return fold(self.events)

    @property
    def route(self) -> Route:
        """Return the route through the form by the answers so far."""
        return route(self.form, self.state, now=self.now)

    @property
    def language(self) -> str:
        """Return the language the trial is held in."""
        return self.state.language or self.form.default_language
