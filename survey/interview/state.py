"""PURE. What the respondent did: events, and the state they fold into.

An interview is its events and nothing else. `fold` keeps the last answer of every question,
on the path or off it; which ones count is decided by `survey.interview.routing`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

JsonValue = str | int | float | bool | list[str] | dict[str, object] | None


class EventKind(StrEnum):
    """What happened. Stored: never rename one, only add."""

    OPENED = "opened"
    ANSWERED = "answered"
    MOVED = "moved"
    NOTED = "noted"
    LANGUAGE = "language"
    CLOSED = "closed"
    REOPENED = "reopened"


class Status(StrEnum):
    """What became of a question. Stored: never rename one, only add."""

    ANSWERED = "answered"
    DK = "dk"
    REF = "ref"
    SEEN = "seen"
    BLANK = "blank"
    ERASED = "erased"


ERASED_TEXT = "[erased]"
"""What conditions and calculations see where a text was answered that is erased since."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as it is stored.

    seq       counts from 1 within the interview
    value     opened: {"variables": {...}, "language": "en"}; answered: the answer;
              noted: the text; language: the code; closed: the outcome code
    status    of an answer; erased: a text was answered or noted, and is gone at the wish of
              the person
    at        when, ISO 8601
    """

    seq: int
    kind: EventKind
    question: str | None = None
    value: JsonValue = None
    status: Status | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What was recorded for a question.

    value by kind of question: text str; integer int; decimal float; date "2026-11-24";
    select_one the code; select_multiple the codes in the order of the list. None unless
    the status is "answered".
    """

    status: Status
    value: JsonValue = None


@dataclass(frozen=True, slots=True)
class Note:
    """A free note of the interviewer, to one question or to the whole case."""

    seq: int
    question: str | None
    text: str
    at: str | None = None


@dataclass(frozen=True, slots=True)
class State:
    """Everything that the events say.

    answers     last answer of each question, on or off the path
    variables   the hidden case variables given when the interview opened
    language    chosen language, or None for the form's default
    cursor      the question the interviewer went to, until something is answered
    closed      outcome code, or None while the interview is open
    last_at     when the last event happened: the `now` for reading a stored interview again
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict)
    language: str | None = None
    cursor: str | None = None
    closed: str | None = None
    notes: tuple[Note, ...] = ()
    last_seq: int = 0
    last_at: str | None = None


@dataclass(slots=True)
class _Folding:
    """A state while events are added: one copy at the start, none per event."""

    answers: dict[str, Answer]
    variables: Mapping[str, object]
    language: str | None
    cursor: str | None
    closed: str | None
    notes: list[Note]


def _opened(state: _Folding, event: Event) -> None:
    value = event.value if isinstance(event.value, dict) else {}
    variables, language = value.get("variables"), value.get("language")
    state.variables = dict(variables) if isinstance(variables, dict) else {}
    state.language = str(language) if language else state.language


def _answered(state: _Folding, event: Event) -> None:
    if event.question is None or event.status is None:
        raise ValueError(f"event {event.seq} answers without a question or a status")
    state.answers[event.question] = Answer(event.status, event.value)
    state.cursor = None


def _moved(state: _Folding, event: Event) -> None:
    state.cursor = event.question


def _noted(state: _Folding, event: Event) -> None:
    state.notes.append(Note(event.seq, event.question, str(event.value or ""), event.at))


def _language(state: _Folding, event: Event) -> None:
    state.language = str(event.value) if event.value else None


def _closed(state: _Folding, event: Event) -> None:
    state.closed = str(event.value or "")


def _reopened(state: _Folding, _event: Event) -> None:
    state.closed = None


_STEPS: Mapping[EventKind, Callable[[_Folding, Event], None]] = {
    EventKind.OPENED: _opened,
    EventKind.ANSWERED: _answered,
    EventKind.MOVED: _moved,
    EventKind.NOTED: _noted,
    EventKind.LANGUAGE: _language,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
}


def fold(events: Iterable[Event], state: State | None = None) -> State:
    """Return the state that the events lead to, starting from `state` or from nothing.

    Folding a prefix and then the rest gives the same state as folding all at once.
    Events come in the order of `seq`; ValueError when they do not.
    """
    start = state or State()
    folding = _Folding(
        dict(start.answers),
        start.variables,
        start.language,
        start.cursor,
        start.closed,
        list(start.notes),
    )
    last_seq, last_at = start.last_seq, start.last_at
    for event in events:
        if event.seq <= last_seq:
            raise ValueError(f"event {event.seq} comes after event {last_seq}")
        _STEPS[event.kind](folding, event)
        last_seq, last_at = event.seq, event.at or last_at
    return State(
        folding.answers,
        folding.variables,
        folding.language,
        folding.cursor,
        folding.closed,
        tuple(folding.notes),
        last_seq,
        last_at,
    )
