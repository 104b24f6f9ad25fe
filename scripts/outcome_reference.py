"""Write docs/reference/outcomes.md: every call outcome, and the calling rules with their defaults.

Run: python scripts/outcome_reference.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from cati.rules.fieldrules import LIMITS, FieldRules, Retry  # noqa: E402
from cati.rules.outcomes import OUTCOMES, CallOutcome, Stage  # noqa: E402

TARGET = ROOT / "docs" / "reference" / "outcomes.md"
HEAD = """# Call outcomes and calling rules

Made by `make references` from the code; do not edit. Codes are those of the AAPOR Standard
Definitions, 9th edition (2016); a letter after a code marks a refinement of ours.
"""
STAGES = {
    Stage.CALL: "Recorded in a call",
    Stage.INTERVIEW: "Recorded when an interview stops",
    Stage.SYSTEM: "Recorded by the system",
}
RULES = """## Calling rules of a wave

Rules are set per wave and kept with it as JSON; what is not given has its default.

| rule | default | least | most | meaning |
|---|---|---|---|---|"""
MEANINGS = {
    "max_attempts": "attempts that close a case",
    "extra_attempts": "further attempts for an agreed appointment",
    "busy_dials": "busy signals in one sitting that make one attempt",
    "max_dials": "dials that close a case, whatever came of them",
    "conversions": "how often somebody who refused is asked again",
    "personal_minutes": "minutes after its time when a personal appointment goes to anyone",
}
OTHERS = """
`key_questions` is a list of questions: an interview broken off counts as partial when all of them
are answered. `hours` says when a person may be called, in the person's own time zone: for each
day of the week a text as 09:00-21:00, empty for none; nobody is called on `holidays`, a list of
days as 2026-10-01.

| day | default |
|---|---|"""
RETRIES = """
`retries` says what follows an outcome that ends nothing, by outcome. `minutes` is the least wait,
`spread` adds up to so many more by chance; `when`: any, unused (a part of the day not tried yet)
or other (another part than the last); `next_number`, `other_person`: yes or no;
`same_person_minutes`: as long as the same interviewer may have it back; `state`: retry, resume
or conversion.

| outcome | minutes | spread | when | next number | other person | same person | state |
|---|---|---|---|---|---|---|---|"""


def reference() -> str:
    """Return the whole page."""
    rules = FieldRules()
    return "\n".join([HEAD, *_outcomes(), *_numbers(rules), *_hours(rules), *_retries(rules), ""])


def _outcomes() -> Iterable[str]:
    for stage, title in STAGES.items():
        yield f"## {title}\n\n| outcome | name | key | code | ends |\n|---|---|---|---|---|"
        yield from (_outcome(one) for one in OUTCOMES.values() if one.stage is stage)
        yield ""


def _outcome(one: CallOutcome) -> str:
    key = one.key.upper() or "–"
    return f"| {one.label} | `{one.name}` | {key} | {one.code} | {one.ends.value} |"


def _numbers(rules: FieldRules) -> Iterable[str]:
    yield RULES
    for name, (least, most) in LIMITS.items():
        yield f"| `{name}` | {getattr(rules, name)} | {least} | {most} | {MEANINGS[name]} |"


def _hours(rules: FieldRules) -> Iterable[str]:
    yield OTHERS
    kept = rules.hours.to_json().items()
    yield from (f"| {day} | {said or 'none'} |" for day, said in kept)


def _retries(rules: FieldRules) -> Iterable[str]:
    yield RETRIES
    yield from (_retry(name, retry) for name, retry in rules.retries.items())


def _retry(name: str, retry: Retry) -> str:
    yes = {True: "yes", False: "no"}
    cells = [
        *(f"`{name}`", retry.minutes, retry.spread, retry.when.value),
        *(yes[retry.next_number], yes[retry.other_person]),
        *(retry.same_person_minutes, retry.state.value),
    ]
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
