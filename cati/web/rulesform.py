"""The form of the calling rules: rules to what stands in its fields, and back, as it was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from flask_babel import gettext as _

from cati.rules.fieldrules import LIMITS, RETRIES, FieldRules
from cati.rules.hours import WEEKDAYS
from foundation.problems import N_, Problem

REST = ("minutes", "spread", "same_person_minutes")
SWITCHES = ("next_number", "other_person")
LIMIT_WORDS = {
    "max_attempts": N_("Attempts that close a case"),
    "extra_attempts": N_("Further attempts once an appointment was agreed"),
    "busy_dials": N_("Busy signals in one sitting that make one attempt"),
    "max_dials": N_("Dials that close a case, whatever came of them"),
    "conversions": N_("How often somebody who refused is asked again"),
    "personal_minutes": N_("Minutes after its time when a personal appointment goes to anyone"),
}
WHEN_WORDS = {
    "any": N_("at any hour"),
    "unused": N_("a part of the week not tried yet"),
    "other": N_("another part of the week"),
}
YES = "yes"
_SEPARATORS = re.compile(r"[\s,;，；、]+")
_WHOLE = re.compile(r"[0-9]{1,9}")
LONGEST_SHOWN = 60


def as_typed(rules: FieldRules) -> dict[str, str]:
    """Return what stands in each field of the form under these rules."""
    hours = rules.hours.to_json()
    fields = {name: str(getattr(rules, name)) for name in LIMITS}
    fields |= {f"hours.{day}": str(hours.get(day, "")) for day in WEEKDAYS}
    fields["hours.holidays"] = "\n".join(sorted(d.isoformat() for d in rules.hours.holidays))
    fields["key_questions"] = " ".join(rules.key_questions)
    for outcome, retry in rules.retries.items():
        row = asdict(retry)
        fields |= {f"retries.{outcome}.{name}": str(row[name]) for name in (*REST, "when")}
        fields |= {f"retries.{outcome}.{name}": YES for name in SWITCHES if row[name]}
    return fields


def as_given(fields: Mapping[str, str], now: FieldRules) -> dict[str, object]:
    """Return what was typed in the shape of `FieldRules.to_json`; a wrong number stays a text.

    What the form does not show stays as it is `now`.
    """
    hours: dict[str, object] = {day: fields.get(f"hours.{day}", "").strip() for day in WEEKDAYS}
    hours["holidays"] = _words(fields.get("hours.holidays", ""))
    return {
        **{name: _number(fields.get(name, "")) for name in LIMITS},
        "hours": hours,
        "key_questions": _words(fields.get("key_questions", "")),
        "retries": {name: _retry(name, fields, now) for name in RETRIES},
    }


def _retry(outcome: str, fields: Mapping[str, str], now: FieldRules) -> dict[str, object]:
    at = f"retries.{outcome}."
    return {
        **{name: _number(fields.get(at + name, "")) for name in REST},
        **{name: fields.get(at + name) == YES for name in SWITCHES},
        "when": fields.get(at + "when", ""),
        "state": now.retries[outcome].state,
    }


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text) if word]


def _number(text: str) -> int | str:
    text = text.strip()
    return int(text) if _WHOLE.fullmatch(text) else text[:LONGEST_SHOWN]


def by_field(problems: Iterable[Problem]) -> dict[str, list[str]]:
    """Return what is wrong with each field of the form, in words without code and place."""
    found: dict[str, list[str]] = {}
    for problem in problems:
        day = problem.values.get("day")
        name = f"hours.{day}" if day else problem.values.get("name", "reason")
        found.setdefault(name, []).append(problem.text(_).partition("] ")[2])
    return found
