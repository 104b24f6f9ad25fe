"""Excel workbooks of responses: texts are written as texts, never as formulas or links."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from survey.formats.codebook import choices_sheet, variables_sheet
from survey.formats.columns import CODES, Cell, Wording, columns
from survey.formats.table import ResponseTable

LONGEST_CELL = 32_767
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def responses_xlsx(table: ResponseTable, wording: Wording = CODES) -> bytes:
    """Return the response table as a workbook, with its codebook on two further sheets."""
    flat = columns(table, wording)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        rows = ([column.cell(row) for column in flat] for row in table.rows)
        _write(book, "responses", [column.header for column in flat], rows)
        _write(book, "codebook", *variables_sheet(table))
        _write(book, "choices", *choices_sheet(table))
    return out.getvalue()


def _write(book: Any, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    bold = book.add_format({"bold": True})
    for place, title in enumerate(header):
        sheet.write_string(0, place, title, bold)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            _write_cell(sheet, number, place, cell)


def _write_cell(sheet: Any, row: int, place: int, cell: Cell) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, place, cell)
    elif cell:
        sheet.write_string(row, place, cell[:LONGEST_CELL])
