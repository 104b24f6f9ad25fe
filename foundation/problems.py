"""PURE. What is wrong with an input: which rule, where, what to do about it.

Every reader of input (questionnaire, sample file, data file, model file, page) collects
`Problem`s and raises them together as one `ProblemsError`; pages and the command line print
them with `Problem.text`, in the reader's language. Messages are declared once per package in a
module `messages.py`, so that their texts reach the translation catalogues (`N_`) and the
reference of error codes.

ProblemsError     the input cannot be used; carries every problem found
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

Translate = Callable[[str], str]


def N_(text: str) -> str:  # noqa: N802 - gettext's own name, which the extractor looks for
    """Mark a text for the translation catalogue without translating it now.

    >>> N_("row")
    'row'
    """
    return text


def untranslated(text: str) -> str:
    """Return the text itself: the translation of the command line in English."""
    return text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem stands. Empty parts are left out of the text.

    >>> str(Place(file="bank.xlsx", sheet="survey", row=14, column="relevant"))
    "bank.xlsx, sheet 'survey', row 14, column 'relevant'"
    """

    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    item: str = ""

    def text(self, translate: Translate = untranslated) -> str:
        """Return the place in words, through `translate`."""
        parts = [self.file] if self.file else []
        for value, pattern in (
            (self.sheet, N_("sheet '%(name)s'")),
            (self.row, N_("row %(name)s")),
            (self.column, N_("column '%(name)s'")),
            (self.item, N_("at '%(name)s'")),
        ):
            if value not in ("", None):
                parts.append(translate(pattern) % {"name": value})
        return translate(N_(", ")).join(parts)

    def __str__(self) -> str:
        return self.text()


@dataclass(frozen=True, slots=True)
class Message:
    """One numbered kind of problem: a sentence and a remedy, with %(name)s fields.

    `code` is stable and searchable (for example FORM-104); never reuse one.
    """

    code: str
    problem: str
    remedy: str
    severity: Literal["error", "warning"] = "error"

    def at(self, place: Place, **values: object) -> Problem:
        """Return this message said of one place."""
        return Problem(self, place, {name: str(value) for name, value in values.items()})


@dataclass(frozen=True, slots=True)
class Problem:
    """A message at a place, with the values that fill it."""

    message: Message
    place: Place = field(default_factory=Place)
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Tell an error, which stops the work, from a warning."""
        return self.message.severity == "error"

    def text(self, translate: Translate = untranslated) -> str:
        """Return place, problem and remedy as one line, through `translate`.

        >>> no_name = Message("X-1", "there is no '%(name)s'.", "Did you mean '%(near)s'?")
        >>> no_name.at(Place(row=3), name="agee", near="age").text()
        "[X-1] row 3: there is no 'agee'. Did you mean 'age'?"
        """
        where = self.place.text(translate)
        remedy = translate(self.message.remedy) % self.values if self.message.remedy else ""
        if self.values.get("near") == "":
            remedy = _without_question(remedy)
        problem = translate(self.message.problem) % self.values
        said = f"{problem} {remedy}" if remedy else problem
        return (
            f"[{self.message.code}] {where}: {said}" if where else f"[{self.message.code}] {said}"
        )


class ProblemsError(Exception):
    """The input cannot be used. Carries every problem found, in the order of the input."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))


def _without_question(remedy: str) -> str:
    """Return a remedy without its first sentence, "Did you mean ...?": nothing is like the name.

    >>> _without_question("Did you mean ''? Known are a, b.")
    'Known are a, b.'
    """
    found = re.match(r"[^?？]*[?？]\s*", remedy)
    return remedy[found.end() :] if found else remedy


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like `name`, or an empty text.

    >>> nearest("braanch", ["branch", "age"])
    'branch'
    """
    near = get_close_matches(name, list(known), n=1)
    return near[0] if near else ""
