"""PURE. One interview with a simulated respondent, held through the interview engine.

Each question, and the choices offered to it, come from the route of the form; each answer is
read as if it had been typed. What is left are the events that the pages would have stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo.answers import Said, reply
from demo.respondents import Respondent
from survey.interview.choices import offered
from survey.interview.routing import Route, route
from survey.interview.state import Event, EventKind, JsonValue, State, Status, fold
from survey.interview.validate import RawAnswer, read_answer
from survey.language.model import Form

PER_QUESTION = timedelta(seconds=14)
COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with who entered it, and when."""

    event: Event
    by: int
    at: datetime


class Conversation:
    """An interview: its events so far, and where it stands.

    outcome   what it ended with, None while it can go on
    """

    def __init__(
        self, form: Form, person: Respondent, variables: Mapping[str, str], by: int, now: datetime
    ) -> None:
        self.form = form
        self.person = person
        self.entries: list[Entry] = []
        self.state = State()
        self.outcome: str | None = None
        opened: JsonValue = {"variables": dict(variables), "language": person.language}
        self._enter(EventKind.OPENED, by, now, value=opened)
        self.route: Route = route(form, self.state, now=now)

    def go_on(self, by: int, now: datetime, *, at_most: int | None = None) -> datetime:
        """Ask until the end, or `at_most` so many questions; return the time when it stops."""
        asked = 0
        while self.outcome is None and asked != at_most:
            now += PER_QUESTION
            asked += 1
            self._ask(by, now)
        return now

    def close(self, outcome: str, by: int, now: datetime) -> None:
        """End an interview that nobody will go on with."""
        self.outcome = outcome
        self._enter(EventKind.CLOSED, by, now, value=outcome)

    def has_answered(self, questions: tuple[str, ...]) -> bool:
        """Tell whether all these questions have been dealt with."""
        return all(name in self.route.answers for name in questions)

    def _ask(self, by: int, now: datetime) -> None:
        question = self.route.next
        assert question is not None  # noqa: S101 - an open interview has a next question
        choices = offered(self.form, self.route, question)
        said = raw_answer(reply(self.person, question, choices))
        read = read_answer(self.form, self.route, question, said, contact={})
        self._enter(
            EventKind.ANSWERED, by, now,
            question=question.name, status=read.status, value=read.value,
        )  # fmt: skip
        self.route = route(self.form, self.state, now=now)
        if self.route.next is None:
            self.close(self.route.ends_with or COMPLETE, by, now)

    def _enter(
        self,
        kind: EventKind,
        by: int,
        now: datetime,
        *,
        question: str | None = None,
        status: Status | None = None,
        value: JsonValue = None,
    ) -> None:
        seq = self.state.last_seq + 1
        event = Event(seq, kind, question, value, status, now.isoformat())
        self.entries.append(Entry(event, by, now))
        self.state = fold([event], self.state)


def raw_answer(said: Said) -> RawAnswer:
    """Return what a respondent said as the interviewer enters it."""
    if isinstance(said, Status):
        return RawAnswer() if said is Status.SEEN else RawAnswer(status=said)
    return RawAnswer(codes=said) if isinstance(said, tuple) else RawAnswer(text=said)
