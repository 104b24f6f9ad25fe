"""PURE. The response table of a wave: one row per respondent, one variable per question.

Values and statuses stand apart: a don't-know is never a number, and a question that was not
asked is told from one that was not reached.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from survey.interview.state import JsonValue
from survey.language.model import Choice, Form, Question, QuestionKind, Texts


class CellStatus(StrEnum):
    """What became of one question in one interview.

    erased       a text was answered; it is gone since, at the wish of the person
    off_path     the answers given do not lead to the question
    not_reached  the interview ended before the question was asked
    """

    ANSWERED = "answered"
    DK = "dk"
    REF = "ref"
    BLANK = "blank"
    ERASED = "erased"
    OFF_PATH = "off_path"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of answers. `asked_if` says who is asked, as the designer wrote it."""

    name: str
    kind: QuestionKind
    label: Texts = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    construct: str | None = None
    points: tuple[int, int] | None = None
    reverse: bool = False
    asked_if: str = ""
    is_asked: bool = True


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One respondent, known by a pseudonym.

    outcome   how the interview ended; None while it is open
    values    by variable; a value stands here only when the status is "answered"
    statuses  by variable, every variable of the table; values of `CellStatus`
    design    what came with the case: stratum, psu, probability
    """

    respondent: str
    outcome: str | None
    values: Mapping[str, JsonValue]
    statuses: Mapping[str, str]
    design: Mapping[str, object] = field(default_factory=dict)
    opened_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ResponseTable:
    """The answers of one wave. `source` is "interviews" or "import"."""

    wave_id: int
    source: str
    variables: tuple[Variable, ...]
    rows: tuple[ResponseRow, ...]

    @property
    def design_columns(self) -> tuple[str, ...]:
        """Return the names of the design columns that any row carries, in order."""
        return tuple(dict.fromkeys(name for row in self.rows for name in row.design))


def variable(form: Form, question: Question) -> Variable:
    """Return a question of a form as a column of the table."""
    return Variable(
        question.name,
        question.kind,
        question.label,
        form.choices(question),
        construct=question.construct,
        points=question.points,
        reverse=question.reverse,
        asked_if=_asked_if(form, question),
        is_asked=question.is_asked,
    )


def _asked_if(form: Form, question: Question) -> str:
    conditions = [condition.source for _, condition in form.conditions(question)]
    if len(conditions) == 1:
        return conditions[0]
    return " and ".join(f"({condition})" for condition in conditions)
