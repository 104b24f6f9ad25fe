"""PURE. The response table as flat columns, for files: case, design, answers, statuses.

Answers come first and hold nothing but answers; the status of each asked question follows in a
column of its own, so that a don't-know never stands among the numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from foundation.problems import N_, Translate, untranslated
from survey.formats.table import CellStatus, ResponseRow, ResponseTable, Variable
from survey.interview.state import JsonValue
from survey.language.model import QuestionKind, Texts

Cell = str | int | float | bool | None

STATUS_NAMES: Mapping[str, str] = {
    CellStatus.ANSWERED: N_("answered"),
    CellStatus.DK: N_("don't know"),
    CellStatus.REF: N_("refused"),
    CellStatus.BLANK: N_("left empty"),
    CellStatus.ERASED: N_("answered, text erased"),
    CellStatus.OFF_PATH: N_("not asked"),
    CellStatus.NOT_REACHED: N_("not reached"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """How cells are worded: codes as stored, or labels of the questionnaire in one language."""

    labels: bool = False
    language: str = ""
    translate: Translate = untranslated


CODES = Wording()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file."""

    header: str
    cell: Callable[[ResponseRow], Cell]


def columns(table: ResponseTable, wording: Wording = CODES) -> tuple[Column, ...]:
    """Return the columns of a table, in the order of the file."""
    taken = {variable.name for variable in table.variables}
    about = [Column(_free(name, taken), cell) for name, cell in _about_case(table)]
    answers = [column for v in table.variables for column in _answers(v, wording)]
    statuses = [_status(v, wording) for v in table.variables if v.is_asked]
    return (*about, *answers, *statuses)


def text_in(texts: Texts, language: str) -> str:
    """Return a text in a language, or in the first that there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def _about_case(table: ResponseTable) -> list[tuple[str, Callable[[ResponseRow], Cell]]]:
    found: list[tuple[str, Callable[[ResponseRow], Cell]]] = [
        ("respondent", lambda row: row.respondent),
        ("outcome", lambda row: row.outcome),
    ]
    if table.source == "interviews":
        found += [
            ("opened_at", lambda row: _moment(row.opened_at)),
            ("closed_at", lambda row: _moment(row.closed_at)),
        ]
    return [*found, *((name, _design(name)) for name in table.design_columns)]


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _design(name: str) -> Callable[[ResponseRow], Cell]:
    def cell(row: ResponseRow) -> Cell:
        value = row.design.get(name)
        return value if isinstance(value, str | int | float | None) else str(value)

    return cell


def _free(name: str, taken: set[str]) -> str:
    # A question may be called "outcome"; the column of the case then steps aside.
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _answers(variable: Variable, wording: Wording) -> list[Column]:
    own = Column(variable.name, answer_cell(variable, wording))
    if variable.kind != QuestionKind.SELECT_MULTIPLE:
        return [own]
    return [own, *(_mention(variable.name, choice.code) for choice in variable.choices)]


def answer_cell(variable: Variable, wording: Wording) -> Callable[[ResponseRow], Cell]:
    """Return the function that gives a row's answer to a variable, as codes or as labels."""
    shown = _labels(variable, wording.language) if wording.labels else {}
    numbers = not wording.labels and _numbered(variable)

    def cell(row: ResponseRow) -> Cell:
        value = row.values.get(variable.name)
        if isinstance(value, list):
            return ("; " if wording.labels else " ").join(shown.get(str(c), str(c)) for c in value)
        return int(str(value)) if numbers and value is not None else _plain(value, shown)

    return cell


def _plain(value: JsonValue, shown: Mapping[str, str]) -> Cell:
    if isinstance(value, str):
        return shown.get(value, value)
    return value if isinstance(value, int | float | bool | None) else str(value)


def _labels(variable: Variable, language: str) -> dict[str, str]:
    return {choice.code: text_in(choice.label, language) for choice in variable.choices}


def _numbered(variable: Variable) -> bool:
    """Tell a choice whose codes are all whole numbers, such as a rating scale."""
    return variable.kind == QuestionKind.SELECT_ONE and all(
        choice.code.lstrip("-").isdecimal() and str(int(choice.code)) == choice.code
        for choice in variable.choices
    )


def _mention(name: str, code: str) -> Column:
    def cell(row: ResponseRow) -> Cell:
        value = row.values.get(name)
        return int(code in value) if isinstance(value, list) else None

    return Column(f"{name}/{code}", cell)


def _status(variable: Variable, wording: Wording) -> Column:
    def cell(row: ResponseRow) -> Cell:
        status = row.statuses.get(variable.name, "")
        return wording.translate(STATUS_NAMES[status]) if wording.labels and status else status

    return Column(f"{variable.name}.status", cell)
