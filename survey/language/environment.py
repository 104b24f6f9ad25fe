"""PURE. What a compiled expression can see while it runs.

The interview engine fills one `Environment` while it walks down the form, so an expression
sees exactly the questions written before it that are on the path.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Value = str | int | float | bool | date | datetime | tuple[str, ...]
"""A value inside an expression. Empty is the empty text; a multiple choice is a tuple of codes."""

EMPTY = ""


class ValueKind(StrEnum):
    """What sort of value a question holds or an expression gives."""

    TEXT = "text"
    NUMBER = "number"
    TRUTH = "true or false"
    DATE = "date"
    CODE = "code"
    CODES = "codes"
    ANY = "any"
    NONE = "nothing"


def _no_label(_question: str, code: str) -> str:
    return code


@dataclass(slots=True)
class Environment:
    """The values an expression may look at; written by the engine, only read by expressions.

    values    value by question name; missing or "" is empty (not asked, off the path, don't know)
    statuses  status by question name: "answered", "dk", "ref", "seen", "blank", "erased"
    now       the moment that today() and now() stand for, with its time zone
    here      the answer being checked, for `.`
    columns   the columns of the choice being offered, for choice filters
    label     the label of a choice in the language of the interview: label(question, code)
    """

    now: datetime
    values: dict[str, Value] = field(default_factory=dict)
    statuses: dict[str, str] = field(default_factory=dict)
    here: Value = EMPTY
    columns: Mapping[str, str] = field(default_factory=dict)
    label: Callable[[str, str], str] = _no_label
