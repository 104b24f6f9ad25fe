"""The simulated floor: interviewers who take cases, dial and interview, on a clock of its own.

Nothing is stored here. The order of cases, the outcomes and what follows them are decided by
`cati.rules`, the interviews by `survey.interview`, as on the real floor; `demo.records` stores
what happened. Going through the pages' services instead costs four minutes for the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heapreplace

from cati.rules.appointments import read_when
from cati.rules.callbacks import Circumstances, next_action
from cati.rules.dayparts import daypart_of
from cati.rules.fieldrules import FieldRules
from cati.rules.history import Agreed
from cati.rules.outcomes import outcome_ending
from cati.rules.queue import CaseState
from cati.store.interviewing import PARTIAL
from demo.callees import AGREES, MINUTES, TALKING, Before, Callee, dialled
from demo.cases import CallMade, FieldCase
from demo.conversation import Conversation
from demo.crew import HERE, Queue, Shift, shifts
from demo.respondents import Respondent
from demo.words import NOTES
from survey.language.model import Form

IDLE = timedelta(minutes=15)
RINGING = timedelta(seconds=25)
AFTER_CALL = timedelta(seconds=30)
SATURDAY = 5
HARD, MINE = 0.6, 0.3
WRITES_NOTE = 0.4
BEFORE = {
    CaseState.APPOINTMENT: Before.BOOKED,
    CaseState.CONVERSION: Before.REFUSED,
    CaseState.RESUME: Before.BEGUN,
}


@dataclass(frozen=True, slots=True)
class Floor:
    """Who works on a wave, with which questionnaire and rules, and whom they can reach.

    people        ids of the interviewers
    ends_at       when fieldwork ends; None when that is open
    respondent    what a customer, by number, would answer
    callee        how that customer answers the telephone
    """

    form: Form
    rules: FieldRules
    people: Sequence[int]
    ends_at: datetime | None
    respondent: Callable[[int], Respondent]
    callee: Callable[[int], Callee]


def work(floor: Floor, cases: Iterable[FieldCase], days: Iterable[date]) -> None:
    """Let the interviewers work day by day; what happens is kept in the cases."""
    queue = Queue(cases)
    for number, day in enumerate(days):
        _work_day(floor, queue, shifts(floor.people, day, number))


def _work_day(floor: Floor, queue: Queue, working: list[Shift]) -> None:
    heapify(working)
    while working:
        free = working[0]
        if free.start >= free.end:
            heappop(working)
            continue
        case = queue.take(free.person, free.start)
        if case is None:
            heapreplace(working, replace(free, start=free.start + IDLE))
            continue
        call = _Call(floor, case, free.person, free.start)
        call.make()
        queue.put_back(case)
        heapreplace(working, replace(free, start=call.now + AFTER_CALL))


class _Call:
    """One call of one interviewer, and the clock on the wall."""

    def __init__(self, floor: Floor, case: FieldCase, by: int, now: datetime) -> None:
        self.floor = floor
        self.case = case
        self.by = by
        self.started_at = self.now = now
        self.dial = len(case.calls) + 1
        self.person = floor.respondent(case.number)
        self.callee = floor.callee(case.number)
        state = case.action.state if case.action else CaseState.FRESH
        self.before = BEFORE.get(state, Before.NOTHING)

    def make(self) -> None:
        """Dial, talk, and send the case where the rules say."""
        part = daypart_of(self.now, HERE).name
        outcome = dialled(self.callee, self.dial, part=part, before=self.before)
        self.now += RINGING
        if outcome == AGREES:
            outcome = self._interview()
        else:
            self.now += timedelta(minutes=MINUTES.get(outcome, TALKING))
        self._record(outcome)

    def _interview(self) -> str:
        if self.case.conversation is None:
            self.case.conversation = Conversation(
                self.floor.form, self.person, self.case.variables, self.by, self.now
            )
        talk = self.case.conversation
        stops = self.callee.stops_after if self.before is not Before.BEGUN else 0
        self.now = talk.go_on(self.by, self.now, at_most=stops or None)
        if talk.outcome is not None:
            ended = outcome_ending(talk.outcome)
            return ended.name if ended else talk.outcome
        how = self.callee.stops_by
        return PARTIAL[how] if talk.has_answered(self.floor.rules.key_questions) else how

    def _record(self, outcome: str) -> None:
        agreed = self._agreed() if outcome == "appointment" else None
        made = CallMade(self.started_at, self.now, self.by, outcome, agreed, self._note(outcome))
        case = self.case
        case.calls.append(made)
        at = Circumstances(self.now, [HERE], case.draw, self.floor.ends_at)
        case.action = next_action(case.history, self.floor.rules, at)
        talk = case.conversation
        if case.action.state is CaseState.CLOSED and talk is not None and talk.outcome is None:
            is_partial = case.action.code == "1.2"
            talk.close("partial" if is_partial else "break_off", self.by, self.now)

    def _agreed(self) -> Agreed:
        rng = self.person.chance(f"appointment {self.dial}")
        days = 2 if self.now.astimezone(HERE).weekday() == SATURDAY else 1
        when = f"+{days}d {rng.integers(10, 20)}:{rng.choice(['00', '15', '30'])}"
        is_hard, is_mine = rng.random() < HARD, rng.random() < MINE
        at = read_when(when, self.now, HERE)
        return Agreed(at, bool(is_hard), self.by if is_mine else None, 0)

    def _note(self, outcome: str) -> str:
        sayings = NOTES[self.person.language].get(outcome, ())
        rng = self.person.chance(f"note {self.dial}")
        writes = sayings and rng.random() < WRITES_NOTE
        return sayings[rng.integers(len(sayings))] if writes else ""
