"""PURE. A questionnaire as far as it could be read: what the checks look at.

A draft may be wrong in any way; it becomes a Form only when nothing is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from survey.language.languages import Languages
from survey.language.model import ChoiceList, Compiled, Group, Item, Question, Texts


class Expression(NamedTuple):
    """One expression of the survey sheet and where it stands."""

    owner: Question | Group
    column: str
    compiled: Compiled


class PathRow(NamedTuple):
    """One row of the sheet `model`."""

    start: str
    end: str
    row: int


class ChoiceRow(NamedTuple):
    """Where a choice of a list came from; the list itself keeps only the first of twins."""

    choice_list: str
    code: str
    row: int


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything read from one file.

    declared      row of every name in the survey, also of rows that could not be read
    choice_rows   every row of the choices sheet
    """

    form_id: str
    title: Texts
    version: str
    style: str
    languages: Languages
    items: tuple[Item, ...]
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]
    declared: Mapping[str, int]
    choice_lists: Mapping[str, ChoiceList]
    choice_rows: tuple[ChoiceRow, ...]
    paths: tuple[PathRow, ...]
    by_name: Mapping[str, Question]
    by_group: Mapping[str, Group]

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression in the order of the file."""
        for owner in self.rows():
            yield from expressions_of(owner)

    def rows(self) -> list[Question | Group]:
        """Return questions and groups in the order of the file."""
        rows: list[Question | Group] = [*self.questions, *self.groups]
        return sorted(rows, key=lambda item: item.row)


def expressions_of(owner: Question | Group) -> Iterator[Expression]:
    """Yield the expressions of one row."""
    if owner.relevant is not None:
        yield Expression(owner, "relevant", owner.relevant)
    if isinstance(owner, Group):
        return
    for column, compiled in (
        ("required", owner.required),
        ("constraint", owner.constraint),
        ("calculation", owner.calculation),
        ("choice_filter", owner.choice_filter),
    ):
        if isinstance(compiled, Compiled):
            yield Expression(owner, column, compiled)


def texts_of(owner: Question | Group) -> Iterator[tuple[str, Texts]]:
    """Yield the texts of one row with the column they stand in, empty ones too."""
    yield "label", owner.label
    if isinstance(owner, Question):
        yield "hint", owner.hint
        yield "instruction", owner.instruction
        yield "probe", owner.probe
        yield "required_message", owner.required_message
        yield "constraint_message", owner.constraint_message
