"""PURE. The rows of a sample file, read without trusting it: CSV or the first sheet of .xlsx."""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import openpyxl

from cati.rules.messages import (
    COLUMN_TWICE,
    COLUMN_UNNAMED,
    FORMULA,
    ROW_TOO_WIDE,
    SAMPLE_EMPTY,
    SAMPLE_TOO_FULL,
    SAMPLE_TOO_LARGE,
    SAMPLE_UNREADABLE,
    TOO_MANY_COLUMNS,
    TOO_MANY_ROWS,
)
from foundation.problems import Place, Problem, ProblemsError
from foundation.workbooks import filled_rows, tags_within

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
MOST_UNPACKED = 400 * MEGABYTE
MOST_TAGS = 8_000_000
MOST_ROWS = 500_000
MOST_COLUMNS = 200
SEPARATORS = ",;\t"
LAST_SHEET_ROW = 1_048_576
FORMULA_MARK = "\x00formula"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file: its number there, and its cells under the header's names."""

    row: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class SampleTable:
    """A file as it was read, with the sheet it stood in. `problems` are those of single rows."""

    source: Place
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]

    def place(self, row: int | None = None, column: str = "") -> Place:
        """Return a place in this file."""
        return replace(self.source, row=row, column=column)


def read_table(data: bytes, filename: str) -> SampleTable:
    """Return the table in a file; column names are in lower case.

    Raises ProblemsError when the file cannot be read, has no rows, or its header is unclear.
    """
    source = Place(file=filename)
    if len(data) > MOST_BYTES:
        raise _too_large(source, len(data), MOST_BYTES)
    if data.startswith(b"PK"):
        source, rows = _sheet_rows(data, source)
    else:
        rows = list(_text_rows(data, source))
    if len(rows) < 2:  # noqa: PLR2004 - a header and one person
        raise ProblemsError([SAMPLE_EMPTY.at(source)])
    columns = _columns(rows[0][1], rows, source)
    problems: list[Problem] = []
    lines = tuple(_line(row, cells, columns, source, problems) for row, cells in rows[1:])
    return SampleTable(source, columns, lines, tuple(problems))


def _too_large(source: Place, found: int, most: int) -> ProblemsError:
    megabytes = {"found": found // MEGABYTE, "most": most // MEGABYTE}
    return ProblemsError([SAMPLE_TOO_LARGE.at(source, **megabytes)])


def _too_wide(source: Place, row: int | None = None) -> ProblemsError:
    place = replace(source, row=row)
    return ProblemsError([TOO_MANY_COLUMNS.at(place, most=MOST_COLUMNS)])


def _unreadable(source: Place, row: int | None = None) -> ProblemsError:
    return ProblemsError([SAMPLE_UNREADABLE.at(replace(source, row=row))])


_Row = tuple[int, list[str]]


def _capped(rows: Iterable[_Row], source: Place) -> Iterator[_Row]:
    for row, cells in rows:
        if not any(cells):
            continue
        if row > MOST_ROWS + 1:
            raise ProblemsError([TOO_MANY_ROWS.at(source, most=MOST_ROWS)])
        if len(cells) > MOST_COLUMNS and any(cells[MOST_COLUMNS:]):
            raise _too_wide(source, row)
        yield row, cells


def _text_rows(data: bytes, source: Place) -> Iterator[_Row]:
    text = _decoded(data, source)
    first = text.split("\n", 1)[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    row = 0
    try:
        for row, cells in _capped(enumerate(reader, 1), source):
            yield row, [cell.strip() for cell in cells]
    except csv.Error:
        raise _unreadable(source, row + 1) from None


def _decoded(data: bytes, source: Place) -> str:
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    marked = next((name for mark, name in marks.items() if data.startswith(mark)), "")
    # Excel on a Chinese Windows writes CSV in GB18030.
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable(source)


def _sheet_rows(data: bytes, source: Place) -> tuple[Place, list[_Row]]:
    try:
        _check_unpacked(data, source)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            source = replace(source, sheet=str(sheet.title))
            return source, list(_capped(_cells(sheet, source), source))
    except ProblemsError:
        raise
    except Exception:  # noqa: BLE001 - openpyxl raises whatever its XML trips over
        raise _unreadable(source) from None


def _check_unpacked(data: bytes, source: Place) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        unpacked = sum(part.file_size for part in parts.infolist())
    if unpacked > MOST_UNPACKED:
        raise _too_large(source, unpacked, MOST_UNPACKED)
    if not tags_within(data, MOST_TAGS):
        raise ProblemsError([SAMPLE_TOO_FULL.at(source)])


def _cells(sheet: Any, source: Place) -> Iterator[_Row]:
    if (sheet.max_column or 0) > MOST_COLUMNS:
        raise _too_wide(source)
    # Some programs state a size that is not true; what counts is what stands in the sheet.
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=LAST_SHEET_ROW, max_col=MOST_COLUMNS + 1)
    for number, cells in filled_rows(rows):
        yield number, [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "e":
        return FORMULA_MARK
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


def _columns(header: list[str], rows: list[_Row], source: Place) -> tuple[str, ...]:
    names = [" ".join(name.lower().split()) for name in header]
    problems = [
        COLUMN_TWICE.at(replace(source, row=rows[0][0]), name=name)
        for name in dict.fromkeys(name for name in names if name and names.count(name) > 1)
    ]
    for at, name in enumerate(names):
        if not name and any(len(cells) > at and cells[at] for _, cells in rows):
            place = replace(source, row=rows[0][0], column=str(at + 1))
            problems.append(COLUMN_UNNAMED.at(place))
    if problems:
        raise ProblemsError(problems)
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _line(
    row: int, cells: list[str], columns: tuple[str, ...], source: Place, problems: list[Problem]
) -> Line:
    if any(cells[len(columns) :]):
        problems.append(ROW_TOO_WIDE.at(replace(source, row=row)))
    named = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
    for name, cell in named.items():
        if cell == FORMULA_MARK:
            problems.append(FORMULA.at(replace(source, row=row, column=name)))
            named[name] = ""
    return Line(row, named)
