"""What may come in from the interviewer's pages. Nothing else is let through."""

from __future__ import annotations

from typing import Literal, TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field

from survey.interview.state import Status
from survey.interview.validate import MAX_TEXT

NAME = 64
MOST_CODES = 200


class Entry(BaseModel):
    """What every post names: the fence of the claim, and the page's idempotency key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fence: int = Field(ge=0)
    key: str = Field(min_length=16, max_length=56, pattern=r"^[0-9a-zA-Z-]+$")


class Beat(BaseModel):
    """A sign of life of a page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fence: int = Field(ge=0)


class DialEntry(Entry):
    """A number to dial, by its place among the numbers of the case."""

    number: int = Field(ge=0)


class OutcomeEntry(Entry):
    """What came of a call."""

    outcome: str = Field(max_length=NAME)


class TextEntry(Entry):
    """A note on the case."""

    text: str = Field(max_length=MAX_TEXT)


class TimeEntry(BaseModel):
    """A time to be read back before it is booked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    when: str = Field(max_length=200)
    any_hour: bool = False


class AppointmentEntry(Entry):
    """An appointment as the interviewer agreed it."""

    when: str = Field(max_length=200)
    is_hard: bool = True
    any_hour: bool = False
    for_me: bool = False
    name: str = Field(default="", max_length=120)
    note: str = Field(default="", max_length=2000)


class Step(Entry):
    """A write to the interview of a case, and the number of the last event the page had seen."""

    case: int = Field(ge=1)
    expected: int = Field(ge=0)


class AnswerEntry(Step):
    """An answer; `is_changed` when the question had one, `is_confirmed` when that was asked."""

    question: str = Field(max_length=NAME)
    status: Literal[Status.ANSWERED, Status.DK, Status.REF]
    text: str = Field(default="", max_length=2 * MAX_TEXT)
    codes: tuple[str, ...] = Field(default=(), max_length=MOST_CODES)
    is_changed: bool = False
    is_confirmed: bool = False


class MoveEntry(Step):
    """Where to go: back, furthest, or the name of a question."""

    to: str = Field(max_length=NAME)


class NoteEntry(Step):
    """A remark, to one question or to the whole interview."""

    question: str | None = Field(default=None, max_length=NAME)
    text: str = Field(min_length=1, max_length=2000)


class LanguageEntry(Step):
    """A language of the questionnaire."""

    language: str = Field(max_length=NAME)


class EndEntry(Step):
    """How the interview stops."""

    outcome: str = Field(max_length=NAME)


class PutOffEntry(AppointmentEntry, Step):
    """An appointment for which the interview stops."""


class LateEntry(Step):
    """What a page sent for a case that is lost: whatever it was, to be kept in words."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    question: str | None = None
    status: str = ""
    text: str = ""
    codes: tuple[str, ...] = ()
    outcome: str = ""
    when: str = ""

    @property
    def words(self) -> str:
        """Return what was entered, in one line; empty when it was only a step."""
        said = [self.text, *self.codes, self.outcome, self.when]
        if self.status in {Status.DK, Status.REF}:
            said.append(self.status)
        entered = " ".join(filter(None, said))
        return f"{self.question}: {entered}" if self.question and entered else entered


Model = TypeVar("Model", bound=BaseModel)


def sent(model: type[Model]) -> Model:
    """Return what a script of ours sent; raises pydantic's ValidationError for anything else."""
    return model.model_validate_json(request.get_data())


def filled_in(model: type[Model]) -> Model:
    """Return what a form of ours sent; raises pydantic's ValidationError for anything else."""
    fields = {name: value for name, value in request.form.items() if name != "csrf_token"}
    return model.model_validate(fields)
