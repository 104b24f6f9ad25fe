"""The simulated floor: interviewers who take cases, dial and interview, on a clock of its own.

Everything goes through the services that the pages use, so the demo has the calls, outcomes,
appointments and answers that real fieldwork would leave behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import heapify, heappop, heapreplace
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cati import floor
from cati.rules.dayparts import daypart_of
from cati.rules.queue import CaseState
from cati.store.claims import Interviewer, Write
from cati.store.contacts import Contacts
from cati.store.desk import HeldCase
from demo.callees import AGREES, MINUTES, TALKING, Before, Callee, dialled
from demo.population import ZONE, customer_number
from demo.respondents import Respondent, reply
from demo.words import NOTES
from survey import interviews
from survey.interview.choices import offered
from survey.interview.state import Status
from survey.interview.validate import RawAnswer
from survey.interviews import Standing, Step

HERE = ZoneInfo(ZONE)
OPENS, CLOSES = time(9, 30), time(20, 30)
STAGGER = timedelta(seconds=40)
IDLE = timedelta(minutes=15)
RINGING = timedelta(seconds=25)
AFTER_CALL = timedelta(seconds=30)
PER_QUESTION = timedelta(seconds=14)
BEFORE = {
    CaseState.APPOINTMENT: Before.BOOKED,
    CaseState.CONVERSION: Before.REFUSED,
    CaseState.RESUME: Before.BEGUN,
}
SATURDAY = 5
HARD_AND_MINE = (0.6, 0.3)
WRITES_NOTE = 0.4
COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Floor:
    """Who works on which wave, and whom they can reach.

    people        ids of the interviewers
    respondent    what a customer, by number, would answer
    callee        how that customer answers the telephone
    """

    contacts: Contacts
    wave_id: int
    people: Sequence[int]
    respondent: Callable[[int], Respondent]
    callee: Callable[[int], Callee]


def work_day(session: Session, site: Floor, day: date, *, wanted: int) -> int:
    """Let the interviewers work for one day, or until `wanted` completes; return the completes."""
    start = datetime.combine(day, OPENS, tzinfo=HERE)
    end = datetime.combine(day, CLOSES, tzinfo=HERE)
    waiting = [(start + STAGGER * place, person) for place, person in enumerate(site.people)]
    heapify(waiting)
    completes = 0
    while waiting and completes < wanted:
        now, person = waiting[0]
        if now >= end:
            heappop(waiting)
            continue
        outcome, free = _turn(session, site, person, now)
        completes += outcome == COMPLETE
        heapreplace(waiting, (free, person))
    return completes


def _turn(session: Session, site: Floor, person: int, now: datetime) -> tuple[str, datetime]:
    """Let one interviewer take one case; return what came of it and when they are free again."""
    held = floor.take_next_case(session, site.contacts, Interviewer(person), [site.wave_id], now)
    if not isinstance(held, HeldCase):
        return "", now + IDLE
    desk = _Desk(session, site, held, now)
    return desk.call(), desk.now + AFTER_CALL


class _Desk:
    """One interviewer with one case in hand, and the clock on the wall."""

    def __init__(self, session: Session, site: Floor, held: HeldCase, now: datetime) -> None:
        self.session = session
        self.site = site
        self.held = held
        self.now = now
        number = customer_number(held.reference)
        self.person = site.respondent(number)
        self.callee = site.callee(number)
        self.expires = held.expires_at
        self.before = BEFORE.get(held.state, Before.NOTHING)

    def call(self) -> str:
        """Dial and record what comes of it."""
        floor.dial(self.session, self.site.contacts, self._write("dial"))
        part = daypart_of(self.now, HERE).name
        outcome = dialled(self.callee, self.held.dials + 1, part=part, before=self.before)
        self.now += RINGING
        if outcome == AGREES:
            return self._interview()
        self.now += timedelta(minutes=MINUTES.get(outcome, TALKING))
        if outcome == "appointment":
            return self._book()
        self._note(outcome)
        write = self._write("outcome")
        return floor.record_outcome(self.session, write, outcome).outcome

    def _book(self) -> str:
        rng = self.person.chance(f"appointment {self.held.dials}")
        days = 2 if self.now.weekday() == SATURDAY else 1  # the floor rests on Sundays
        when = f"+{days}d {rng.integers(10, 20)}:{rng.choice(['00', '15', '30'])}"
        self._note("appointment")
        is_hard, is_mine = rng.random(2) < HARD_AND_MINE
        agreed = floor.Agreement(when, is_hard=bool(is_hard), is_mine=bool(is_mine))
        write = self._write("book")
        return floor.book_appointment(self.session, self.site.contacts, write, agreed).outcome

    def _note(self, outcome: str) -> None:
        sayings = NOTES[self.person.language].get(outcome, ())
        rng = self.person.chance(f"note {self.held.dials}")
        if sayings and rng.random() < WRITES_NOTE:
            text = sayings[rng.integers(len(sayings))]
            floor.add_note(self.session, self.site.contacts, self._write("note"), text)

    def _interview(self) -> str:
        """Ask what the questionnaire asks, until its end or until the respondent must go."""
        interview_id = floor.begin_interview(self.session, self._write("begin"))
        at = interviews.standing(self.session, interview_id, now=self.now)
        patience = 0 if self.before is Before.BEGUN else self.callee.stops_after
        asked = 0
        while at.state.closed is None:
            if patience and asked == patience:
                return self._finish(self.callee.stops_by)
            self.now += PER_QUESTION
            at = self._ask(at)
            asked += 1
        return self._finish("")

    def _ask(self, at: Standing) -> Standing:
        question = at.route.next
        assert question is not None  # noqa: S101 - an open interview has a next question
        said = reply(self.person, question, offered(at.form, at.route, question))
        key = f"demo-{at.state.last_seq}"
        step = Step(at.state.last_seq, key, self.held.claim.person_id, self.now)
        return interviews.answer(self.session, at.interview_id, question.name, raw(said), step)

    def _finish(self, how: str) -> str:
        return floor.finish_interview(self.session, self._write("finish"), how).outcome

    def _write(self, verb: str) -> Write:
        """Return the right to write now; the page of a long call has kept its claim alive."""
        if self.now >= self.expires:
            self.expires = floor.heartbeat(self.session, self.held.claim, self.now)
        key = f"demo-{self.held.claim.case_id}-{self.held.dials}-{verb}"
        return Write(self.held.claim, key, self.now)


def raw(said: str | tuple[str, ...] | Status) -> RawAnswer:
    """Return what a respondent said as the interviewer enters it."""
    if isinstance(said, Status):
        return RawAnswer() if said is Status.SEEN else RawAnswer(status=said)
    return RawAnswer(codes=said) if isinstance(said, tuple) else RawAnswer(text=said)
