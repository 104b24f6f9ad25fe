"""Banner tables as Excel and CSV: the same numbers and words as the page, never a formula."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from analysis.tablereport import Cell, LineRow, Table, Tables
from analysis.web import tabletexts
from survey.formats.delimited import as_csv
from survey.formats.excel import LONGEST_CELL, OPTIONS

WORDS = {"up": "▲", "down": "▼"}
PARTS = 3
LONGEST_NAME = 31
REFUSED = str.maketrans("[]:*?/\\'", "________")
Line = list[str | float | None]


def grid(table: Table, tables: Tables) -> list[Line]:
    """Return a table as lines of cells: each column takes three, value, ± and marks."""
    head: list[Line] = [
        [tabletexts.question_text(table)],
        ["", *_spread(_first_only(table, tables))],
        ["", *_spread([tabletexts.column_name(column) for column in table.columns])],
        ["", *_spread([column.letter for column in table.columns])],
        [_("Respondents"), *_bases([float(column.n) for column in table.columns], table)],
        [_("Weighted base"), *_bases([_number(c.weighted) for c in table.columns], table)],
        [_("Effective base"), *_bases([_number(c.effective) for c in table.columns], table)],
    ]
    return [*head, *(_line(line) for line in table.lines), *_notes(table, tables)]


def tables_csv(tables: Tables) -> bytes:
    """Return all tables below each other as CSV that Excel opens."""
    lines = [line for table in tables.tables for line in [*grid(table, tables), [""]]]
    return as_csv(lines[0], lines[1:], for_excel=True)  # type: ignore[arg-type]


def tables_xlsx(tables: Tables) -> bytes:
    """Return a workbook with a sheet for each table; texts are texts, never formulas or links."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        formats = {digits: book.add_format({"num_format": code}) for digits, code in _CODES.items()}
        bold = book.add_format({"bold": True})
        for number, table in enumerate(tables.tables, start=1):
            name = f"{number} {table.name}".translate(REFUSED)[:LONGEST_NAME]
            _write(book.add_worksheet(name), grid(table, tables), formats, bold)
    return out.getvalue()


_CODES = {0: "#,##0", 1: "0.0", 2: "0.00"}
HEAD_LINES = 7


def _write(sheet: Any, lines: list[Line], formats: dict[int, Any], bold: Any) -> None:
    sheet.freeze_panes(HEAD_LINES, 1)
    sheet.set_column(0, 0, 40)
    for row, line in enumerate(lines):
        for place, cell in enumerate(line):
            if isinstance(cell, float):
                digits = 0 if row < HEAD_LINES else 2 if cell != round(cell, 1) else 1
                sheet.write_number(row, place, cell, formats[digits])
            elif cell:
                sheet.write_string(row, place, str(cell)[:LONGEST_CELL], bold if row == 0 else None)


def _first_only(table: Table, tables: Tables) -> list[str]:
    """Return the banner question above its first column, nothing above the others."""
    names = [column.banner for column in table.columns]
    return [
        "" if name == before else tabletexts.banner_name(tables, name)
        for before, name in zip(["", *names], names, strict=False)
    ]


def _spread(texts: list[str]) -> Line:
    return [cell for text in texts for cell in (text, "", "")]


def _bases(values: list[float | None], table: Table) -> Line:
    marks = {"hide": "", "mark": "*", "show": ""}
    columns = zip(values, table.columns, strict=True)
    return [cell for value, c in columns for cell in (value, None, marks[c.decision])]


def _line(line: LineRow) -> Line:
    return [tabletexts.line_name(line), *(part for cell in line.cells for part in _parts(cell))]


def _parts(cell: Cell) -> Line:
    marks = f"{cell.marks} {WORDS.get(cell.word, '')}".strip() + ("*" if cell.is_small else "")
    return [cell.value, cell.margin_value, marks]


def _number(text: str) -> float | None:
    return float(text.replace(",", ""))


def _notes(table: Table, tables: Tables) -> list[Line]:
    return [[text] for text in tabletexts.footnotes(table, tables)]
