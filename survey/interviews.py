"""Interviews: open, answer, go back, note, close, reopen.

Every write names the step it takes (`Step`): the sequence number that the page had seen and the
page's idempotency key. A repeated post changes nothing and gets the present standing; a post
that has seen an older number is refused, so that no answer is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlmodel import Session, select

from foundation.problems import Message, Place, ProblemsError
from survey import forms, messages
from survey.interview.routing import Route, route
from survey.interview.state import Event, EventKind, JsonValue, State, Status, fold
from survey.interview.validate import RawAnswer, read_answer
from survey.language.model import Form, QuestionKind
from survey.store import events
from survey.store.tables import Interview

COMPLETE = "complete"
PANEL_ID = "panel_id"
NOBODY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Step:
    """One write from a page.

    expected   the sequence number the page had seen
    key        the page's idempotency key for this write
    by         id of the person
    now        the moment, UTC
    """

    expected: int
    key: str
    by: int | None
    now: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an interview stands: its form, its state, and the route through it now."""

    interview_id: int
    wave_id: int
    respondent: str
    form: Form
    state: State
    route: Route


def open_interview(
    session: Session,
    wave_id: int,
    form_version_id: int,
    respondent: str,
    *,
    variables: Mapping[str, JsonValue],
    design: Mapping[str, object],
    language: str | None,
    by: int | None,
    now: datetime,
) -> int:
    """Open a respondent's interview, or return the one that there is: it goes on where it stood."""
    query = select(Interview).where(
        Interview.wave_id == wave_id, Interview.respondent == respondent
    )
    interview = session.exec(query).first()
    if interview is not None and interview.id is not None:
        return interview.id
    interview = Interview(
        wave_id=wave_id,
        form_version_id=form_version_id,
        respondent=respondent,
        design=dict(design),
        opened_at=now,
    )
    session.add(interview)
    session.flush()
    assert interview.id is not None  # noqa: S101 - flushed
    value: JsonValue = {"variables": dict(variables), "language": language}
    event = Event(1, EventKind.OPENED, value=value)
    events.append(session, interview.id, event, key="open", by=by, at=now)
    return interview.id


def standing(session: Session, interview_id: int, *, now: datetime) -> Standing:
    """Return where an interview stands, for reading."""
    return _standing(session, interview_id, now=now, lock=False)[0]


def answer(
    session: Session,
    interview_id: int,
    question: str,
    raw: RawAnswer,
    step: Step,
    *,
    contact: Mapping[str, str] = NOBODY,
) -> Standing:
    """Record an answer; the last one closes the interview.

    `contact` fills the designer's messages where they name personal variables.
    Raises AnswerRejected when the value does not fit the question, and ProblemsError when the
    question is not on the path, the interview is closed, or the page is out of step.
    """
    at, repeated = _begin(session, interview_id, step)
    if repeated:
        return at
    if question not in at.route.path:
        raise _refused(messages.NOT_ON_PATH, question=question)
    asked = at.form.question(question)
    read = read_answer(at.form, at.route, asked, raw, contact=contact)
    at = _append(
        session, at, step, EventKind.ANSWERED,
        question=question, status=read.status, value=read.value,
    )  # fmt: skip
    if at.route.next is None:
        return _close(session, at, at.route.ends_with or COMPLETE, step)
    return at


def move(session: Session, interview_id: int, question: str, step: Step) -> Standing:
    """Go to a question on the path: back, forward or by jump."""
    at, repeated = _begin(session, interview_id, step)
    if repeated:
        return at
    if question not in at.route.path:
        raise _refused(messages.NOT_ON_PATH, question=question)
    return _append(session, at, step, EventKind.MOVED, question=question)


def note(
    session: Session, interview_id: int, question: str | None, text: str, step: Step
) -> Standing:
    """Keep a remark of the interviewer, to one question or to the whole interview."""
    at, repeated = _begin(session, interview_id, step)
    if repeated or not text.strip():
        return at
    return _append(session, at, step, EventKind.NOTED, question=question, value=text.strip())


def switch_language(session: Session, interview_id: int, language: str, step: Step) -> Standing:
    """Go on in another language of the form."""
    at, repeated = _begin(session, interview_id, step)
    if repeated or language not in at.form.languages:
        return at
    return _append(session, at, step, EventKind.LANGUAGE, value=language)


def close(session: Session, interview_id: int, outcome: str, step: Step) -> Standing:
    """Close an interview before its end, with the outcome the interviewer recorded."""
    at, repeated = _begin(session, interview_id, step)
    return at if repeated else _close(session, at, outcome, step)


def reopen(session: Session, interview_id: int, step: Step) -> Standing:
    """Open a closed interview again; its answers are as they were."""
    at, repeated = _begin(session, interview_id, step, closed_too=True)
    if repeated or at.state.closed is None:
        return at
    events.set_outcome(session, interview_id, None, None)
    return _append(session, at, step, EventKind.REOPENED)


def erase(session: Session, interview_ids: Iterable[int]) -> int:
    """Take out of interviews what may name the person; return how many texts went.

    Gone are the pseudonym that links the waves of a study, every answer to a question of kind
    text, also one that was changed later, and the interviewers' remarks. Closed answers, numbers,
    dates and the case variables that the questionnaire uses stay: they know a pseudonym. An
    erased answer still counts as given; see `survey.interview.routing`.
    """
    return sum(_erase(session, session.get_one(Interview, this)) for this in sorted(interview_ids))


def _erase(session: Session, interview: Interview) -> int:
    assert interview.id is not None  # noqa: S101 - a stored interview
    design = interview.design or {}
    if design.get(PANEL_ID):
        interview.design = {**design, PANEL_ID: ""}
        session.add(interview)
    form = forms.read(session, interview.form_version_id)
    texts = [question.name for question in form.questions if question.kind is QuestionKind.TEXT]
    return events.erase_texts(session, interview.id, texts)


def _standing(
    session: Session, interview_id: int, *, now: datetime, lock: bool
) -> tuple[Standing, frozenset[str]]:
    stored = events.read_interview(session, interview_id, lock=lock)
    if stored is None:
        raise LookupError(interview_id)
    form, state = forms.read(session, stored.form_version_id), fold(stored.events)
    at = Standing(
        stored.id, stored.wave_id, stored.respondent, form, state, route(form, state, now=now)
    )
    return at, stored.keys


def _begin(
    session: Session, interview_id: int, step: Step, *, closed_too: bool = False
) -> tuple[Standing, bool]:
    at, keys = _standing(session, interview_id, now=step.now, lock=True)
    if step.key in keys:
        return at, True
    if at.state.closed is not None and not closed_too:
        raise _refused(messages.INTERVIEW_CLOSED, outcome=at.state.closed)
    if step.expected != at.state.last_seq:
        raise _refused(messages.OUT_OF_STEP)
    return at, False


def _append(
    session: Session,
    at: Standing,
    step: Step,
    kind: EventKind,
    *,
    question: str | None = None,
    status: Status | None = None,
    value: JsonValue = None,
    key: str = "",
) -> Standing:
    event = Event(at.state.last_seq + 1, kind, question, value, status, step.now.isoformat())
    events.append(session, at.interview_id, event, key=key or step.key, by=step.by, at=step.now)
    state = fold([event], at.state)
    return Standing(
        at.interview_id, at.wave_id, at.respondent, at.form, state,
        route(at.form, state, now=step.now),
    )  # fmt: skip


def _close(session: Session, at: Standing, outcome: str, step: Step) -> Standing:
    events.set_outcome(session, at.interview_id, outcome, step.now)
    # The answer that ends an interview has taken the step's key already.
    key = step.key if at.state.last_seq == step.expected else f"{step.key}-close"[-64:]
    return _append(session, at, step, EventKind.CLOSED, value=outcome, key=key)


def _refused(message: Message, **values: object) -> ProblemsError:
    return ProblemsError([message.at(Place(), **values)])
