"""PURE. CSV files that Excel opens in any language, and that cannot carry a formula into it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from survey.formats.columns import CODES, Cell, Wording, columns
from survey.formats.table import ResponseTable

BOM = "\ufeff"
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
# A spreadsheet takes a text that begins like this for a formula; the wide forms are typed in
# Chinese input methods and read the same.
BEGINS_FORMULA = frozenset("=+-@＝＋－＠|%\t\r\n")


def responses_csv(
    table: ResponseTable, wording: Wording = CODES, *, for_excel: bool = True
) -> bytes:
    """Return the response table as CSV.

    `for_excel` adds the mark by which Excel knows UTF-8 and puts an apostrophe before every
    text that a spreadsheet would run as a formula; without it texts stand exactly as given.
    """
    flat = columns(table, wording)
    rows = ([column.cell(row) for column in flat] for row in table.rows)
    return as_csv([column.header for column in flat], rows, for_excel=for_excel)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]], *, for_excel: bool) -> bytes:
    """Return rows under a header as CSV in UTF-8, lines ending as RFC 4180 wants."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for row in ([*header], *rows):
        writer.writerow([neutral(cell) if for_excel else cell for cell in row])
    return ((BOM if for_excel else "") + out.getvalue()).encode()


def neutral(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet runs as a formula; numbers stay numbers.

    >>> neutral("=1+1"), neutral("-5"), neutral(-5), neutral("fine")
    ("'=1+1", '-5', -5, 'fine')
    """
    if not isinstance(cell, str) or NUMBER.fullmatch(cell):
        return cell
    begins = cell[:1] in BEGINS_FORMULA or cell.strip()[:1] in BEGINS_FORMULA
    return f"'{cell}" if cell and begins else cell
