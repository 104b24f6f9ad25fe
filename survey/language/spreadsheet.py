"""PURE. The sheets of an Excel workbook, read without trusting it.

A workbook is a zip of XML: before it is parsed, its unpacked size is limited and declarations
of entities are refused. Formulas are refused rather than guessed at.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.utils import get_column_letter

from foundation.problems import Message, Place, Problem, ProblemsError
from foundation.workbooks import filled_rows, tags_within
from survey.language import messages
from survey.language.workbook import MAX_COLUMNS, MAX_ROWS, Row, Sheet, clean, make_sheet

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell

    AnyCell = Cell | MergedCell

MAX_UNPACKED = 100 * 1024 * 1024
MAX_PARTS = 500
MAX_TAGS = 2_000_000
MAX_SHEETS = 50
LAST_ROW = 1_048_576

_ENTITIES = tuple(
    word.encode(encoding)
    for word in ("<!DOCTYPE", "<!ENTITY")
    for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


def read_spreadsheet(data: bytes, filename: str) -> list[Sheet]:
    """Return the sheets of an .xlsx file; ProblemsError when it cannot be trusted or read."""
    refusal = _refusal(data)
    if refusal is not None:
        raise ProblemsError([refusal.at(Place(file=filename))])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(data, filename)
    except ProblemsError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its XML trips over
        raise ProblemsError([messages.FILE_DAMAGED.at(Place(file=filename))]) from None


def _refusal(data: bytes) -> Message | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            listed = parts.infolist()
            too_big = sum(part.file_size for part in listed) > MAX_UNPACKED
            if too_big or len(listed) > MAX_PARTS:
                return messages.FILE_UNSAFE
            if not tags_within(data, MAX_TAGS):
                return messages.FILE_UNSAFE
            xml = (parts.read(p) for p in listed if p.filename.endswith((".xml", ".rels")))
            return messages.FILE_UNSAFE if any(map(_declares_entities, xml)) else None
    except Exception:  # noqa: BLE001 - a damaged zip fails in many ways
        return messages.FILE_DAMAGED


def _declares_entities(xml: bytes) -> bool:
    return any(word in xml for word in _ENTITIES)


def _read(data: bytes, filename: str) -> list[Sheet]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    if len(book.worksheets) > MAX_SHEETS:
        raise ProblemsError([messages.FILE_UNSAFE.at(Place(file=filename))])
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for worksheet in book.worksheets:
        place = Place(file=filename, sheet=worksheet.title)
        worksheet.reset_dimensions()
        cells = worksheet.iter_rows(max_row=LAST_ROW, max_col=MAX_COLUMNS + 1)
        lines = list(_lines(cells, place, problems))
        sheets.append(make_sheet(worksheet.title, lines))
    if problems:
        raise ProblemsError(problems)
    return sheets


def _lines(
    rows: Iterable[tuple[AnyCell, ...]], place: Place, problems: list[Problem]
) -> Iterator[Row]:
    for number, cells in filled_rows(rows):
        row = Row(number, tuple(_text(cell.value) for cell in cells))
        if not any(row.cells):
            continue
        if number > MAX_ROWS + 1:
            problems.append(messages.TOO_MANY_ROWS.at(place, limit=MAX_ROWS))
            return
        problems += _formulas(cells, number, place)
        yield row


def _formulas(cells: Iterable[AnyCell], number: int, place: Place) -> Iterator[Problem]:
    for at, cell in enumerate(cells, 1):
        if cell.value is not None and cell.data_type in {"f", "e"}:
            letter = get_column_letter(at)
            yield messages.FORMULA.at(Place(place.file, place.sheet, number, letter))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return clean(str(value))
