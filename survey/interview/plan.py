"""PURE. A form made ready for walking: one step per row, made once per form and kept.

Groups become steps too: when the condition of a group fails, the walk jumps past its end, so it
is evaluated once however many questions the group holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from functools import lru_cache

from survey.interview.state import JsonValue
from survey.language.environment import EMPTY, Environment, Value
from survey.language.model import Compiled, Form, Group, Item, Question, QuestionKind

Condition = Callable[[Environment], bool]


class Act(Enum):
    """What the walk does at a step whose condition holds."""

    ENTER = auto()
    PRELOAD = auto()
    CALCULATE = auto()
    ASK = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the form.

    past       the step to go to when the condition fails
    question   None for a group
    recheck    whether an earlier change can make a recorded answer wrong: its constraint or
               its choice filter looks at other questions
    is_plain   whether a recorded answer is already what expressions see
    """

    act: Act
    name: str
    relevant: Condition | None
    past: int
    question: Question | None = None
    recheck: bool = False
    is_plain: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a form in order."""

    steps: tuple[Step, ...]


@lru_cache(maxsize=256)
def plan_of(form: Form) -> Plan:
    """Return the plan of a form; made at the first call, then found by the form's identity."""
    steps: list[Step] = []
    _append(form.items, steps)
    return Plan(tuple(steps))


def _append(items: Iterable[Item], steps: list[Step]) -> None:
    for item in items:
        at = len(steps)
        steps.append(_question_step(item, at + 1) if isinstance(item, Question) else _GROUP)
        if isinstance(item, Group):
            _append(item.items, steps)
            steps[at] = Step(Act.ENTER, item.name, _condition(item.relevant), len(steps))


_GROUP = Step(Act.ENTER, "", None, 0)
_ACTS = {QuestionKind.HIDDEN: Act.PRELOAD, QuestionKind.CALCULATE: Act.CALCULATE}


def _question_step(question: Question, past: int) -> Step:
    return Step(
        _ACTS.get(question.kind, Act.ASK),
        question.name,
        _condition(question.relevant),
        past,
        question,
        recheck=_looks_elsewhere(question),
        is_plain=question.kind not in {QuestionKind.DATE, QuestionKind.SELECT_MULTIPLE},
    )


def _condition(compiled: Compiled | None) -> Condition | None:
    return compiled.holds if compiled is not None else None


def _looks_elsewhere(question: Question) -> bool:
    rules = (question.constraint, question.choice_filter)
    return any(rule is not None and rule.uses for rule in rules)


def value_of(question: Question, recorded: JsonValue) -> Value:
    """Return a recorded answer as expressions see it: a date as a day, codes as a tuple."""
    match recorded:
        case list():
            return tuple(recorded)
        case str() if question.kind is QuestionKind.DATE:
            return date.fromisoformat(recorded)
        case str() | int() | float():
            return recorded
        case _:
            return EMPTY


def variable_value(recorded: object) -> Value:
    """Return a case variable as expressions see it; what is not a text or number is empty."""
    match recorded:
        case str() | int() | float():
            return recorded
        case list() | tuple():
            return tuple(map(str, recorded))
        case _:
            return EMPTY


def recorded_value(value: Value) -> JsonValue:
    """Return a calculated value as it can be stored: a day as its ISO text."""
    match value:
        case tuple():
            return list(value)
        case str() | int() | float():
            return value
        case _:
            return value.isoformat()
