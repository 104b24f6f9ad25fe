"""PURE. From a Workbook to a file: the same sheets as Markdown, CSV or Excel.

What one of these writes, `read_workbook` reads back cell for cell; only row numbers change.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from foundation.problems import Place, ProblemsError
from survey.language import messages
from survey.language.workbook import Sheet, Workbook

_SPECIAL = re.compile(r"(\\*)(\||<br>)")
_WRITTEN_AT = datetime(2000, 1, 1)  # noqa: DTZ001 - a fixed date, so equal forms make equal files
_WIDTH = 24


def to_markdown(workbook: Workbook) -> str:
    """Return the sheets as Markdown tables, one row a line."""
    return "\n".join("\n".join(_markdown_lines(sheet)) + "\n" for sheet in workbook.sheets)


def _markdown_lines(sheet: Sheet) -> Iterator[str]:
    yield f"| {_escaped(sheet.name)} |"
    for cells in _lines(sheet):
        yield "".join(f"| {_escaped(cell)} " if cell else "| " for cell in ("", *cells)) + "|"


def _escaped(cell: str) -> str:
    """Return a cell with its pipes and written-out <br> escaped and its line ends as <br>."""
    kept = _SPECIAL.sub(lambda found: found[1] * 2 + "\\" + found[2], cell)
    return re.sub(r"(\\*)\n", lambda found: found[1] * 2 + "<br>", kept)


def _lines(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    if sheet.heading:
        yield sheet.heading
    for row in sheet.rows:
        yield row.cells


def to_csv(workbook: Workbook) -> bytes:
    """Return the sheets as CSV in UTF-8, each after a line with its name."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for sheet in workbook.sheets:
        writer.writerow([sheet.name])
        writer.writerows(("", *cells) for cells in _lines(sheet))
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(workbook: Workbook) -> bytes:
    """Return the sheets as an Excel workbook; every cell is a text, never a formula.

    Raises
    ------
    ProblemsError
        a sheet has a name that Excel does not allow
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": _WRITTEN_AT})
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for sheet in workbook.sheets:
        try:
            page = book.add_worksheet(sheet.name)
        except XlsxWriterException:
            place = Place(file=workbook.filename, sheet=sheet.name)
            raise ProblemsError([messages.SHEET_NAME.at(place, name=sheet.name)]) from None
        page.freeze_panes(1, 0)
        page.set_column(0, max(len(sheet.heading) - 1, 0), _WIDTH)
        for row, cells in enumerate(_lines(sheet)):
            for column, cell in enumerate(cells):
                if cell:
                    page.write_string(row, column, cell, wrapped if row else bold)
    book.close()
    return out.getvalue()
