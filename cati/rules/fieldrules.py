"""PURE. The rules of one wave's fieldwork as a value: what follows each outcome, limits, hours.

The defaults are the proposal of the house; a project changes single values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from cati.rules.hours import USUAL_HOURS, CallingHours, read_hours
from cati.rules.messages import RULE_CHOICE, RULE_NUMBER, RULE_SHAPE, RULE_UNKNOWN
from cati.rules.queue import CaseState
from foundation.problems import Message, Place, Problem, ProblemsError

HOUR, DAY = 60, 24 * 60
LONGEST_WAIT = 60 * DAY
MOST = 100


class When(StrEnum):
    """In which part of the week the next call falls."""

    ANY = "any"
    UNUSED = "unused"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Retry:
    """What follows one outcome that ends nothing.

    `minutes` is the least wait, `spread` adds up to so many more by the case's random number.
    """

    minutes: int
    spread: int = 0
    when: When = When.ANY
    next_number: bool = False
    other_person: bool = False
    same_person_minutes: int = 0
    state: CaseState = CaseState.RETRY


_ONCE_MORE = Retry(5 * DAY, 2 * DAY, When.OTHER, other_person=True, state=CaseState.CONVERSION)
# Whose line fell expects to be rung back at once, by the voice of before.
_AT_ONCE = Retry(2, same_person_minutes=10, state=CaseState.RESUME)
RETRIES: Mapping[str, Retry] = {
    "busy": Retry(15),
    "no_answer": Retry(3 * HOUR, when=When.UNUSED, next_number=True),
    "machine": Retry(DAY, when=When.OTHER, next_number=True),
    "machine_message": Retry(DAY, when=When.OTHER, next_number=True),
    "callback": Retry(2 * HOUR),
    "not_available": Retry(3 * HOUR, when=When.UNUSED),
    "soft_refusal": _ONCE_MORE,
    "gatekeeper_refusal": _ONCE_MORE,
    "hung_up": _ONCE_MORE,
    "blocked": Retry(DAY, when=When.OTHER, next_number=True),
    "technical": Retry(HOUR, next_number=True),
    "language": Retry(0, other_person=True),
    "dropped": _AT_ONCE,
    "dropped_midway": _AT_ONCE,
    "partial_dropped": _AT_ONCE,
    "break_off": Retry(HOUR, state=CaseState.RESUME),
    "partial_break_off": Retry(HOUR, state=CaseState.RESUME),
}


@dataclass(frozen=True, slots=True)
class FieldRules:
    """Everything that a project may set about calling.

    `max_attempts` closes a case; an agreed appointment allows `extra_attempts` more.
    `busy_dials` busy signals in one sitting are one attempt. `max_dials` is the last resort
    against a line that drops for ever. `conversions` is how often a refusal is asked again.
    `personal_minutes` after its time a booked appointment goes to anyone.
    An interview broken off counts as partial when all `key_questions` are answered.
    """

    max_attempts: int = 7
    extra_attempts: int = 1
    busy_dials: int = 3
    max_dials: int = 30
    conversions: int = 1
    personal_minutes: int = 10
    key_questions: tuple[str, ...] = ()
    hours: CallingHours = USUAL_HOURS
    retries: Mapping[str, Retry] = field(default_factory=lambda: RETRIES)

    def to_json(self) -> dict[str, object]:
        """Return the rules as JSON, as `read_rules` reads them."""
        numbers = {name: getattr(self, name) for name in LIMITS}
        return {
            **numbers,
            "key_questions": list(self.key_questions),
            "hours": self.hours.to_json(),
            "retries": {name: asdict(retry) for name, retry in self.retries.items()},
        }


LIMITS = {
    "max_attempts": (1, MOST),
    "extra_attempts": (0, MOST),
    "busy_dials": (1, MOST),
    "max_dials": (1, 10 * MOST),
    "conversions": (0, MOST),
    "personal_minutes": (0, DAY),
}
_RETRY_LIMITS = {
    "minutes": (0, LONGEST_WAIT),
    "spread": (0, LONGEST_WAIT),
    "same_person_minutes": (0, DAY),
}
_RETRY_KINDS: Mapping[str, type[StrEnum]] = {"when": When, "state": CaseState}
_WAITING = (CaseState.RETRY, CaseState.RESUME, CaseState.CONVERSION)
_RETRY_CHOICES: Mapping[str, tuple[object, ...]] = {
    "when": tuple(When),
    "state": _WAITING,
    "next_number": (True, False),
    "other_person": (True, False),
}


def read_rules(given: Mapping[str, Any], place: Place | None = None) -> FieldRules:
    """Return the default rules changed by what is given, in the shape of `to_json`.

    Raises ProblemsError with everything that cannot be used.
    """
    reading = _Reading(place or Place())
    limits = {n: reading.whole(n, given[n], LIMITS[n]) for n in LIMITS if n in given}
    reading.unknown("", given, {f.name for f in fields(FieldRules)})
    retries = {
        name: reading.retry(name, row)
        for name, row in reading.mapping("retries", given.get("retries", {})).items()
    }
    hours = reading.hours(given["hours"]) if "hours" in given else USUAL_HOURS
    questions = reading.names("key_questions", given.get("key_questions", ()))
    if reading.problems:
        raise ProblemsError(reading.problems)
    return FieldRules(
        **limits, key_questions=questions, hours=hours, retries={**RETRIES, **retries}
    )


class _Reading:
    """Collects the problems of one set of rules while it is read."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.problems: list[Problem] = []

    def refuse(self, message: Message, name: str, value: object = "", **more: object) -> None:
        self.problems.append(message.at(self.place, name=name, value=value, **more))

    def unknown(self, prefix: str, given: Mapping[str, Any], known: set[str]) -> None:
        for name in sorted(set(given) - known):
            self.refuse(RULE_UNKNOWN, prefix + name)

    def whole(self, name: str, value: object, limits: tuple[int, int]) -> int:
        least, most = limits
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.refuse(RULE_NUMBER, name, value, least=least, most=most)
        return least

    def mapping(self, name: str, value: object) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.refuse(RULE_SHAPE, name, value)
        return {}

    def names(self, name: str, value: object) -> tuple[str, ...]:
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.refuse(RULE_SHAPE, name, value)
        return ()

    def hours(self, value: object) -> CallingHours:
        try:
            return read_hours(self.mapping("hours", value), self.place)
        except ProblemsError as error:
            self.problems.extend(error.problems)
            return USUAL_HOURS

    def retry(self, name: str, row: object) -> Retry:
        path = f"retries.{name}"
        if name not in RETRIES:
            self.refuse(RULE_UNKNOWN, path)
            return Retry(0)
        given = self.mapping(path, row)
        self.unknown(f"{path}.", given, {entry.name for entry in fields(Retry)})
        changes: dict[str, Any] = {}
        for key, value in given.items():
            changes |= self._entry(f"{path}.{key}", key, value)
        return replace(RETRIES[name], **changes)

    def _entry(self, path: str, key: str, value: object) -> dict[str, object]:
        if key in _RETRY_LIMITS:
            return {key: self.whole(path, value, _RETRY_LIMITS[key])}
        if key in _RETRY_CHOICES and value in _RETRY_CHOICES[key]:
            kind = _RETRY_KINDS.get(key)
            return {key: kind(str(value)) if kind else value}
        if key in _RETRY_CHOICES:
            choices = ", ".join(str(choice).lower() for choice in _RETRY_CHOICES[key])
            self.refuse(RULE_CHOICE, path, value, choices=choices)
        return {}
