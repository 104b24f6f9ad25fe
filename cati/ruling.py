"""The calling rules of a wave as a supervisor changes them: read, tried out, set with a reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cati.rules.fieldrules import FieldRules, read_rules
from cati.rules.hours import next_open
from cati.rules.messages import RULE_QUESTION
from cati.store.fieldwork import Field, read_field
from foundation.problems import Place, Problem, ProblemsError
from survey import forms


@dataclass(frozen=True, slots=True)
class Ruled:
    """The fieldwork of a wave with its rules; `questions` are those of its questionnaire."""

    field: Field
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneNow:
    """What rules mean in one time zone at a moment.

    `opens_at` (UTC) is when calling begins there next, while nobody may be called; None when it
    does not: not before the end of fieldwork, or not within 400 days.
    """

    zone: str
    is_open: bool
    opens_at: datetime | None


def ruled(session: Session, wave_id: int) -> Ruled:
    """Return the rules of a wave that exists, with the questions that may be key questions."""
    field = read_field(session, wave_id)
    version = field.wave.form_version_id
    questions = forms.read(session, version).questions if version else ()
    return Ruled(field, tuple(question.name for question in questions))


def read(given: Mapping[str, object], questions: Collection[str]) -> FieldRules:
    """Return rules in the shape of `FieldRules.to_json` as a value.

    Raises ProblemsError with everything unusable, key questions that nobody asks among it.
    """
    problems = _unasked(given.get("key_questions"), questions)
    try:
        rules = read_rules(given)
    except ProblemsError as error:
        problems = [*error.problems, *problems]
    if problems:
        raise ProblemsError(problems)
    return rules


def _unasked(names: object, questions: Collection[str]) -> list[Problem]:
    given = names if isinstance(names, list | tuple) else ()
    return [
        RULE_QUESTION.at(Place(), name="key_questions", value=name)
        for name in given
        if name not in questions
    ]


def preview(field: Field, rules: FieldRules, now: datetime, *, centre: str) -> list[ZoneNow]:
    """Return what rules would mean now in each zone of a wave, or in the centre's without any."""
    tried = replace(field, rules=rules, zones=field.zones or (centre,))
    awake = tried.open_zones(now)
    return [
        ZoneNow(zone, zone in awake, None if zone in awake else _next(tried, ZoneInfo(zone), now))
        for zone in tried.zones
    ]


def _next(field: Field, zone: ZoneInfo, now: datetime) -> datetime | None:
    first, end = field.wave.starts_on, field.end(zone)
    begins = max(now, datetime.combine(first, time(), tzinfo=zone)) if first else now
    found = next_open(begins, zone, field.rules.hours)
    return found if found and (end is None or found < end) else None
