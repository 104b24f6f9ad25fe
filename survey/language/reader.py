"""PURE. From the bytes of a questionnaire file to a Workbook.

Three writings of one language: Excel .xlsx, .csv with the sheet name in the first column, and
Markdown tables (.md) written the same way. The caller opens the file and hands over bytes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from foundation.problems import Place, Problem, ProblemsError
from survey.language import messages
from survey.language.spreadsheet import read_spreadsheet
from survey.language.workbook import (
    CONTROL,
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Row,
    Sheet,
    Workbook,
    clean,
    make_sheet,
)

MAX_BYTES = 20 * 1024 * 1024
MAX_FIELD = 131_072

_PIPE = re.compile(r"(\\*)\|")
_BREAK = re.compile(r"(\\*)<br>")
_RULE = re.compile(r"^\|\s*:?-{3,}[\s|:-]*$")
_COMMENT = re.compile(r"(?<=\|)\s*#[^|]*$")

Line = tuple[int, list[str]]


def read_workbook(data: bytes, filename: str) -> Workbook:
    """Return the sheets of a questionnaire file; the end of its name says how it is written.

    Raises
    ------
    ProblemsError
        the file is too large, damaged, of another type, or has sheets beyond the limits
    """
    place = Place(file=filename)
    read = _READERS.get(filename.rpartition(".")[2].lower())
    if read is None:
        raise ProblemsError([messages.FILE_TYPE.at(place, name=filename)])
    if len(data) > MAX_BYTES:
        limit = MAX_BYTES // 1024 // 1024
        raise ProblemsError([messages.FILE_TOO_LARGE.at(place, limit=limit)])
    workbook = Workbook(filename, tuple(read(data, filename)))
    problems = [found for sheet in workbook.sheets for found in _unreadable(sheet, filename)]
    if problems:
        raise ProblemsError(problems)
    return workbook


def _unreadable(sheet: Sheet, filename: str) -> Iterator[Problem]:
    place = Place(file=filename, sheet=sheet.name)
    if len(sheet.rows) > MAX_ROWS:
        yield messages.TOO_MANY_ROWS.at(place, limit=MAX_ROWS)
    if max(map(len, (sheet.heading, *(row.cells for row in sheet.rows)))) > MAX_COLUMNS:
        yield messages.TOO_MANY_COLUMNS.at(place, limit=MAX_COLUMNS)
    for row in sheet.rows:
        at_row = Place(filename, sheet.name, row.number)
        if any(map(CONTROL.search, row.cells)):
            yield messages.CONTROL_SIGN.at(at_row)
        if any(len(cell) > MAX_CELL for cell in row.cells):
            yield messages.CELL_TOO_LONG.at(at_row, limit=MAX_CELL)


def _text(data: bytes, filename: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProblemsError([messages.NOT_UTF8.at(Place(file=filename))]) from None


def _read_csv(data: bytes, filename: str) -> list[Sheet]:
    reader = csv.reader(io.StringIO(_text(data, filename), newline=""))
    lines: list[Line] = []
    start = 1
    try:
        for cells in reader:
            lines.append((start, [clean(cell) for cell in cells]))
            start = reader.line_num + 1
    except csv.Error:
        place = Place(file=filename, row=start)
        raise ProblemsError([messages.CSV_DAMAGED.at(place, limit=MAX_FIELD)]) from None
    return _sheets(lines, filename)


def _read_markdown(data: bytes, filename: str) -> list[Sheet]:
    text = _text(data, filename).replace("\r\n", "\n").replace("\r", "\n")
    lines: list[Line] = []
    problems: list[Problem] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line = _COMMENT.sub("", raw.strip())
        if not line.startswith("|") or _RULE.match(line):
            continue
        cells = _split(line[1:])
        if cells.pop():
            problems.append(messages.ROW_OPEN.at(Place(file=filename, row=number)))
        lines.append((number, cells))
    if problems:
        raise ProblemsError(problems)
    return _sheets(lines, filename)


def _split(line: str) -> list[str]:
    r"""Return the cells between pipes.

    A backslash before a pipe or before <br> takes away its meaning; two mean one backslash.

    >>> _split(r"a | b\|c | d<br>e |")
    ['a', 'b|c', 'd\ne', '']
    """
    cells = [""]
    end = 0
    for pipe in _PIPE.finditer(line):
        slashes = pipe[1]
        cells[-1] += line[end : pipe.start()] + slashes[: len(slashes) // 2]
        end = pipe.end()
        if len(slashes) % 2:
            cells[-1] += "|"
        else:
            cells.append("")
    cells[-1] += line[end:]
    return [clean(_BREAK.sub(_break, cell)) for cell in cells]


def _break(found: re.Match[str]) -> str:
    slashes = found[1]
    return slashes[: len(slashes) // 2] + ("<br>" if len(slashes) % 2 else "\n")


def _sheets(lines: Iterable[Line], filename: str) -> list[Sheet]:
    """Return the sheets of lines whose first cell, where filled, names the sheet that begins."""
    found: list[tuple[str, list[Row]]] = []
    for number, cells in lines:
        name, rest = (cells[0], tuple(cells[1:])) if cells else ("", ())
        if name:
            found.append((name, []))
        if not any(rest):
            continue
        if not found:
            place = Place(file=filename, row=number)
            raise ProblemsError([messages.NO_SHEET_NAME.at(place)])
        found[-1][1].append(Row(number, rest))
    return [make_sheet(name, rows) for name, rows in found]


_READERS: Mapping[str, Callable[[bytes, str], list[Sheet]]] = {
    "xlsx": read_spreadsheet,
    "xlsm": read_spreadsheet,
    "csv": _read_csv,
    "md": _read_markdown,
    "markdown": _read_markdown,
}
