"""The interview under a call: every write checks the claim on the case in its own transaction.

The last answer ends the interview, the call and the claim together. A post that comes twice is
answered as at the first time, also when it was the last and the case has been let go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cati import floor
from cati.rules.appointments import appointment_problems, read_when
from cati.rules.messages import CLAIM_LOST
from cati.store import requests
from cati.store.answering import sealed_name, was_held, was_posted
from cati.store.claims import Claim, Write
from cati.store.contacts import NAME, Contacts
from cati.store.desk import HeldCase
from cati.store.fieldwork import read_field
from foundation.problems import Place, ProblemsError
from survey import interviews
from survey.interview.routing import consequences
from survey.interview.validate import RawAnswer, read_answer
from survey.interviews import Standing, Step

BACK, FURTHEST = "back", "furthest"


@dataclass(frozen=True, slots=True)
class Post:
    """One write to an interview: under which claim, which key, after which event, when (UTC)."""

    interview_id: int
    claim: Claim
    key: str
    expected: int
    now: datetime

    @property
    def step(self) -> Step:
        """Return the step that the interview takes."""
        return Step(self.expected, self.key, self.claim.person_id, self.now)

    @property
    def write(self) -> Write:
        """Return the same post as the floor takes it."""
        return Write(self.claim, self.key, self.now)


class Person(Mapping[str, str]):
    """What the personal variables of a questionnaire stand for: each is the person's name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getitem__(self, variable: str) -> str:
        return self.name

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class Screen:
    """Where the interview stands, and who is interviewed.

    `leaves` names the answers that a change would put off the path: nothing was written then.
    `ended` is where the case went, when this write ended the interview.
    """

    at: Standing
    person: Person
    leaves: tuple[str, ...] = ()
    ended: floor.Recorded | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the interview has ended."""
        return self.at.state.closed is not None


def look(session: Session, held: HeldCase, interview_id: int, now: datetime) -> Screen:
    """Return where the interview of a held case stands."""
    return Screen(interviews.standing(session, interview_id, now=now), Person(held.name))


def answer(
    session: Session,
    contacts: Contacts,
    post: Post,
    question: str,
    raw: RawAnswer,
    *,
    ask_first: bool,
) -> Screen:
    """Record an answer; the last one ends interview and call.

    With `ask_first` nothing is written when other answers would leave the path: they are
    returned as `leaves`. Raises AnswerRejected when the value does not fit the question.
    """

    def act(person: Person) -> Standing:
        return interviews.answer(
            session, post.interview_id, question, raw, post.step, contact=person
        )

    if ask_first:
        screen = _before_change(session, contacts, post, question, raw)
        if screen.leaves:
            return screen
    return _written(session, contacts, post, act)


def _before_change(
    session: Session, contacts: Contacts, post: Post, question: str, raw: RawAnswer
) -> Screen:
    person = Person(contacts.open(_held_name(session, post), NAME))
    at = interviews.standing(session, post.interview_id, now=post.now)
    if at.state.last_seq != post.expected or question not in at.route.answers:
        return Screen(at, person)
    found = read_answer(at.form, at.route, at.form.question(question), raw, contact=person)
    return Screen(at, person, consequences(at.form, at.state, question, found, now=post.now))


def move(session: Session, contacts: Contacts, post: Post, to: str) -> Screen:
    """Go one question back, to the furthest one, or to the question named `to`."""

    def act(_person: Person) -> Standing:
        at = interviews.standing(session, post.interview_id, now=post.now)
        return interviews.move(session, post.interview_id, _goal(at, to), post.step)

    return _written(session, contacts, post, act)


def _goal(at: Standing, to: str) -> str:
    path = at.route.path
    if to == BACK:
        return path[max(at.route.position - 2, 0)]
    return at.route.next.name if to == FURTHEST and at.route.next else to


def note(
    session: Session, contacts: Contacts, post: Post, question: str | None, text: str
) -> Screen:
    """Keep a remark, to one question or to the whole interview."""

    def act(_person: Person) -> Standing:
        return interviews.note(session, post.interview_id, question, text, post.step)

    return _written(session, contacts, post, act)


def switch_language(session: Session, contacts: Contacts, post: Post, language: str) -> Screen:
    """Go on in another language of the questionnaire."""

    def act(_person: Person) -> Standing:
        return interviews.switch_language(session, post.interview_id, language, post.step)

    return _written(session, contacts, post, act)


def break_off(session: Session, post: Post, how: str) -> floor.Recorded:
    """Stop the interview: to be resumed at the same question, or refused for good."""
    sealed_name(session, post.claim, post.interview_id, post.now)
    return floor.finish_interview(session, post.write, how)


def put_off(
    session: Session, contacts: Contacts, post: Post, agreed: floor.Agreement
) -> floor.Recorded:
    """Stop the interview until an appointment, to be resumed at the same question."""
    sealed_name(session, post.claim, post.interview_id, post.now)
    return floor.book_appointment(session, contacts, post.write, agreed)


def keep_late(session: Session, contacts: Contacts, post: Post, text: str) -> None:
    """Keep for the supervisor what came after the case was lost, unless it is written already."""
    if not was_posted(session, post.interview_id, post.key, post.claim.person_id):
        floor.keep_late(session, contacts, post.write, text)


def beat(session: Session, claim: Claim, now: datetime) -> datetime:
    """Prolong the claim of a page that is still open, and return until when.

    Raises ProblemsError when the case was never this person's, or is no longer.
    """
    if not was_held(session, claim):
        raise ProblemsError([CLAIM_LOST.at(Place(), case=claim.case_id)])
    return floor.heartbeat(session, claim, now)


def ask_supervisor(session: Session, claim: Claim, now: datetime) -> datetime:
    """Ask for a supervisor with a case in hand, and return since when the person asks (UTC).

    Raises ProblemsError when the case is not this person's, or no longer.
    """
    beat(session, claim, now)
    return requests.ask(session, claim.person_id, claim.case_id, now)


def asked_since(session: Session, person_id: int) -> datetime | None:
    """Return since when a person waits for a supervisor; None when nobody has to come."""
    found = requests.open_request(session, person_id)
    return found.at if found else None


def agreed_time(
    session: Session, held: HeldCase, when: str, *, asked_for: bool, now: datetime
) -> datetime:
    """Return the moment (UTC) that a text names for the next call of a case.

    Raises ProblemsError with everything that stands against it.
    """
    zone, field = ZoneInfo(held.zone), read_field(session, held.wave_id)
    at = read_when(when, now, zone)
    problems = appointment_problems(
        at, zone, field.rules.hours, now=now, field_end=field.end(zone), asked_for=asked_for
    )
    if problems:
        raise ProblemsError(problems)
    return at


def _written(
    session: Session, contacts: Contacts, post: Post, act: Callable[[Person], Standing]
) -> Screen:
    sealed = sealed_name(session, post.claim, post.interview_id, post.now)
    if sealed is None:
        return _after_the_end(session, post)
    person = Person(contacts.open(sealed, NAME))
    screen = Screen(act(person), person)
    if not screen.is_over:
        return screen
    return replace(screen, ended=floor.finish_interview(session, post.write))


def _held_name(session: Session, post: Post) -> str:
    sealed = sealed_name(session, post.claim, post.interview_id, post.now)
    if sealed is None:
        raise _lost(post)
    return sealed


def _after_the_end(session: Session, post: Post) -> Screen:
    """Return the reply to the last post of an interview, when it comes again."""
    if was_posted(session, post.interview_id, post.key, post.claim.person_id):
        at = interviews.standing(session, post.interview_id, now=post.now)
        if at.state.closed is not None:
            return Screen(at, Person(""))
    raise _lost(post)


def _lost(post: Post) -> ProblemsError:
    return ProblemsError([CLAIM_LOST.at(Place(), case=post.claim.case_id)])
