"""What may come in from the supervisor's forms. Nothing else is let through."""

from __future__ import annotations

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, Field, field_validator

from cati.rules.messages import NO_REASON
from foundation.problems import Place, Problem, ProblemsError

LONGEST_REASON = 200
LONGEST = 64


class Act(BaseModel):
    """What every act on a case says: why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: str = ""


class Reassign(Act):
    """To whom a case is given; nobody means anyone."""

    person: int | None = None

    @field_validator("person", mode="before")
    @classmethod
    def _nobody(cls, value: object) -> object:
        return value or None


class Reopen(Act):
    """Whether the outcome that closed the case was a mistake."""

    mistaken: bool = False


class Close(Act):
    """With which outcome a case is closed."""

    outcome: str = Field(max_length=LONGEST)


class Erase(Act):
    """The number of the case, typed to confirm."""

    typed: str = Field(default="", max_length=LONGEST)


Model = TypeVar("Model", bound=Act)


def filled_in(model: type[Model]) -> Model:
    """Return what a form sent; raises pydantic's ValidationError, or ProblemsError for the reason.

    The reason comes back without the spaces around it.
    """
    fields = {name: value for name, value in request.form.items() if name != "csrf_token"}
    entry, problems = model.model_validate(fields), list[Problem]()
    reason = reason_in(entry.reason, problems)
    if problems:
        raise ProblemsError(problems)
    return entry.model_copy(update={"reason": reason})


def reason_in(text: str, problems: list[Problem]) -> str:
    """Return a reason without the spaces around it; one that is none joins the problems."""
    reason = text.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        problems.append(NO_REASON.at(Place(), most=LONGEST_REASON))
    return reason
