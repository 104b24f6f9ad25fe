"""PURE. A trial of a questionnaire: walk through it as an interviewer would, nothing stored.

The web page and the command `soundings forms try` play the same trial. It is its events and
nothing else, so a page can carry it in a signed field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.interview.routing import Route, route
from survey.interview.state import Event, EventKind, JsonValue, State, Status, fold
from survey.interview.validate import RawAnswer, read_answer
from survey.language.environment import EMPTY, Environment
from survey.language.model import Compiled, Form, Question, QuestionKind
from survey.language.values import to_codes, to_text

COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Trial:
    """One walk through a form, as far as it has come."""

    form: Form
    events: tuple[Event, ...]
    state: State
    route: Route

    @property
    def contact(self) -> dict[str, str]:
        """Return the values given for the personal variables; in an interview they are a case's."""
        given = self.state.variables
        personal = [question.name for question in self.form.questions if question.is_personal]
        return {name: str(given[name]) for name in personal if given.get(name)}

    @property
    def ending(self) -> str | None:
        """Return the outcome that the interview would have; None while there is more to ask."""
        return (self.route.ends_with or COMPLETE) if self.route.next is None else None


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that a condition looks at.

    name    of the question, calculation or case variable
    text    its value in words; empty when it has none
    status  of a question on the path that was put; None when it was not
    """

    name: str
    text: str
    status: Status | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition on the way to a question, with what it looked at.

    condition   as the designer wrote it
    group       name of the group whose condition it is; empty when it is the question's own
    """

    condition: str
    group: str
    seen: tuple[Seen, ...]


def variables_of(form: Form) -> tuple[Question, ...]:
    """Return the case variables: what comes with the sample and is never asked."""
    return tuple(q for q in form.questions if q.kind is QuestionKind.HIDDEN)


def begin(
    form: Form, *, variables: Mapping[str, str], language: str | None, now: datetime
) -> Trial:
    """Begin a trial with the case variables given and in one of the form's languages."""
    names = [question.name for question in variables_of(form)]
    given: dict[str, object] = {name: variables[name] for name in names if variables.get(name)}
    chosen = language if language in form.languages else form.default_language
    opened = Event(1, EventKind.OPENED, value={"variables": given, "language": chosen})
    return resume(form, [opened], now=now)


def resume(form: Form, events: Iterable[Event], *, now: datetime) -> Trial:
    """Return the trial that the events lead to."""
    kept = tuple(events)
    state = fold(kept)
    return Trial(form, kept, state, route(form, state, now=now))


def answer(trial: Trial, name: str, raw: RawAnswer, *, now: datetime) -> Trial:
    """Answer a question; AnswerRejected, as in an interview, when the value does not fit it.

    KeyError when there is no such question.
    """
    question = trial.form.question(name)
    read = read_answer(trial.form, trial.route, question, raw, contact=trial.contact)
    return _then(
        trial, EventKind.ANSWERED, question=name, value=read.value, status=read.status, now=now
    )


def back(trial: Trial, *, now: datetime) -> Trial:
    """Go to the question before; at the first one the trial stays where it is."""
    path, current = trial.route.path, trial.route.current
    at = path.index(current.name) if current else len(path)
    return _then(trial, EventKind.MOVED, question=path[at - 1], now=now) if at else trial


def furthest(trial: Trial, *, now: datetime) -> Trial:
    """Go to the first question without an answer, or to the end."""
    upcoming = trial.route.next
    return _then(trial, EventKind.MOVED, question=upcoming.name if upcoming else None, now=now)


def speak(trial: Trial, language: str, *, now: datetime) -> Trial:
    """Go on in another language of the form; one that it has not changes nothing."""
    known = language in trial.form.languages
    return _then(trial, EventKind.LANGUAGE, value=language, now=now) if known else trial


def reasons(trial: Trial, question: Question) -> tuple[Reason, ...]:
    """Return why a question is asked: the conditions of its groups, outermost first, and its own.

    Empty when everybody is asked.
    """
    return tuple(
        _reason(trial, condition, group) for group, condition in trial.form.conditions(question)
    )


def _then(
    trial: Trial,
    kind: EventKind,
    *,
    now: datetime,
    question: str | None = None,
    value: JsonValue = None,
    status: Status | None = None,
) -> Trial:
    event = Event(trial.state.last_seq + 1, kind, question, value, status)
    return resume(trial.form, (*trial.events, event), now=now)


def _reason(trial: Trial, condition: Compiled, group: str) -> Reason:
    environment = trial.route.environment
    seen = tuple(_seen(trial.form, environment, name) for name in condition.uses)
    return Reason(condition.source, group, seen)


def _seen(form: Form, environment: Environment, name: str) -> Seen:
    value = environment.values.get(name, EMPTY)
    question = form.by_name.get(name)
    if question is not None and question.choice_list is not None:
        text = "; ".join(environment.label(name, code) for code in to_codes(value))
    else:
        text = to_text(value)
    status = environment.statuses.get(name)
    return Seen(name, text, Status(status) if status else None)
