"""PURE. What to do with a case after a call: when to call again, on which number, by whom.

The delay of a rule is the least wait, not a promise: the case is handed out from then on, within
calling hours, when its turn comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cati.rules.casecode import case_code
from cati.rules.dayparts import daypart_of, least_used, openings
from cati.rules.fieldrules import FieldRules, Retry, When
from cati.rules.history import (
    Agreed,
    Attempt,
    History,
    busy_in_a_row,
    dead_numbers,
    ended_attempts,
)
from cati.rules.hours import is_open, next_open
from cati.rules.outcomes import Ends
from cati.rules.queue import AHEAD, CaseState

CONVERTIBLE = frozenset({"soft_refusal", "gatekeeper_refusal", "hung_up"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAction:
    """Where a case goes from here.

    `earliest` is the first moment to hand it out (UTC; None when closed), `due_at` the time of
    an appointment, `any_hour` that the person asked for a time outside calling hours.
    `for_person` alone gets the case until `for_person_until`; `not_person` never gets it.
    `code` is the code of the case if nothing else happens, final when the state is closed.
    """

    state: CaseState
    code: str
    attempts: int
    earliest: datetime | None = None
    due_at: datetime | None = None
    is_hard: bool = False
    any_hour: bool = False
    number: int = 0
    for_person: int | None = None
    for_person_until: datetime | None = None
    not_person: int | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules look at beside the history: the moment, the numbers' zones, the end.

    `draw` is the random number of the case, at least 0 and below 1. `zones` has one zone for
    each number of the case, in their order.
    """

    now: datetime
    zones: Sequence[ZoneInfo]
    draw: float = 0.0
    field_end: datetime | None = None


def next_action(history: History, rules: FieldRules, at: Circumstances) -> NextAction:
    """Return what follows the newest attempt of a case.

    The history is in the order of time and not empty.
    """
    last = history[-1]
    if is_finished(history, rules, numbers=len(at.zones)):
        return _closed(history, rules, at)
    if last.agreed is not None:
        return _appointment(history, rules, at, last.agreed)
    if last.said.ends is Ends.NUMBER:
        return _retry(history, rules, at, Retry(0, next_number=True))
    return _retry(history, rules, at, _rule_after(history, rules))


def is_finished(history: History, rules: FieldRules, *, numbers: int) -> bool:
    """Tell whether the newest attempt closes the case."""
    last = history[-1]
    if last.said.ends is Ends.CASE or len(dead_numbers(history)) >= numbers:
        return True
    refusals = sum(attempt.outcome in CONVERTIBLE for attempt in history)
    if last.outcome in CONVERTIBLE and refusals > rules.conversions:
        return True
    agreed = any(attempt.agreed for attempt in history)
    limit = rules.max_attempts + (rules.extra_attempts if agreed else 0)
    return ended_attempts(history, rules.busy_dials) >= limit or len(history) >= rules.max_dials


def _closed(history: History, rules: FieldRules, at: Circumstances) -> NextAction:
    return NextAction(
        state=CaseState.CLOSED,
        code=case_code(history, len(at.zones)),
        attempts=ended_attempts(history, rules.busy_dials),
        number=history[-1].number,
    )


def _rule_after(history: History, rules: FieldRules) -> Retry:
    last = history[-1]
    if last.outcome == "busy" and busy_in_a_row(history) % rules.busy_dials == 0:
        # The sitting is over: a line that stays busy is like one that nobody answers.
        return rules.retries["no_answer"]
    # An appointment without its time is a promise to call back.
    return rules.retries.get(last.outcome, rules.retries["callback"])


def _appointment(
    history: History, rules: FieldRules, at: Circumstances, agreed: Agreed
) -> NextAction:
    number = agreed.number if agreed.number is not None else history[-1].number
    if number in dead_numbers(history):
        number = _next_number(history, len(at.zones))
    zone, hours = at.zones[number], rules.hours
    any_hour = agreed.is_hard and not is_open(agreed.at, zone, hours)
    start = agreed.at - AHEAD if agreed.is_hard else agreed.at
    start = max(start, at.now)
    patience = timedelta(minutes=rules.personal_minutes)
    return NextAction(
        state=CaseState.APPOINTMENT,
        code=case_code(history, len(at.zones)),
        attempts=ended_attempts(history, rules.busy_dials),
        earliest=start if any_hour else next_open(start, zone, hours) or start,
        due_at=agreed.at,
        is_hard=agreed.is_hard,
        any_hour=any_hour,
        number=number,
        for_person=agreed.for_person,
        for_person_until=agreed.at + patience if agreed.for_person else None,
    )


def _retry(history: History, rules: FieldRules, at: Circumstances, rule: Retry) -> NextAction:
    last = history[-1]
    leave = rule.next_number or last.number in dead_numbers(history)
    number = _next_number(history, len(at.zones)) if leave else last.number
    earliest = _earliest(history, rules, at, rule=rule, zone=at.zones[number])
    stays = rule.same_person_minutes > 0 and last.by is not None
    patience = timedelta(minutes=rule.same_person_minutes)
    return NextAction(
        state=rule.state,
        code=case_code(history, len(at.zones)),
        attempts=ended_attempts(history, rules.busy_dials),
        earliest=earliest,
        number=number,
        for_person=last.by if stays else None,
        for_person_until=earliest + patience if stays else None,
        not_person=last.by if rule.other_person else None,
    )


def _next_number(history: History, numbers: int) -> int:
    dead, last = dead_numbers(history), history[-1].number
    order = [(last + step) % numbers for step in range(1, numbers + 1)]
    return next(number for number in order if number not in dead)


def _earliest(
    history: History, rules: FieldRules, at: Circumstances, *, rule: Retry, zone: ZoneInfo
) -> datetime:
    after = at.now + timedelta(minutes=rule.minutes + rule.spread * at.draw)
    anywhen = next_open(after, zone, rules.hours) or after
    if rule.when is When.ANY:
        return anywhen
    used = _parts_used(history, at.zones)
    choices = openings(after, zone, rules.hours, at.field_end)
    if rule.when is When.OTHER:
        choices = tuple(choice for choice in choices if choice[0].name != used[-1])
        used = []
    return least_used(used, choices) or anywhen


def _parts_used(history: History, zones: Sequence[ZoneInfo]) -> list[str]:
    return [daypart_of(a.at, zones[_within(a, zones)]).name for a in history]


def _within(attempt: Attempt, zones: Sequence[ZoneInfo]) -> int:
    # A number may have been taken away since: its zone is then that of the last one.
    return min(attempt.number, len(zones) - 1)
