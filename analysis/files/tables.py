"""PURE. A CSV file's columns as numbers, every cell that is no number with its place."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import messages
from analysis.model.cases import LISTED, Origin, further
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from foundation.problems import Message

    FloatArray = NDArray[np.float64]

ABSENT = ("", "NA", "NaN", "nan", ".")
SEPARATORS = (",", ";", "\t")
QUOTED = re.compile(r'(?:(?<=[,;\t])|(?<![^\r\n]))"[^"]*(?:""[^"]*)*"')
"""A cell in quotation marks, in which separators and line ends are text."""
CELL = re.compile(QUOTED.pattern.encode())
FIRST = re.compile(rb"[\r\n]*((?:%b|[^\r\n])*)" % QUOTED.pattern.encode())
"""A file up to the end of its first row."""
LARGE = 2_000_000
"""Bytes from which a file is read by the fast parser, when nothing is wrong with it."""
PIECE = 8_000_000
THREADS = 4
LONGEST_HEADING = 1_000_000
"""Bytes of the first row: room for some tens of thousands of names."""


@dataclass(frozen=True)
class Limits:
    """How much of a file is read row by row: rows below the heading, blank ones too, and cells."""

    rows: int
    cells: int


PAGE = Limits(100_000, 4_000_000)
"""What a web process reads in a few seconds."""
COMMAND = Limits(5_000_000, 400_000_000)
"""What a command reads: as much as memory holds."""


@dataclass(frozen=True)
class Table:
    """The content of a CSV file: its separator, the names in its first row, what is read of it."""

    content: bytes
    file: str
    separator: str
    heading: tuple[str, ...]
    limits: Limits = COMMAND


def opened(content: bytes, file: str, limits: Limits = COMMAND) -> Table:
    """Return a CSV file with its heading; ProblemsError when it has none or is not text."""
    found = FIRST.match(content.removeprefix(b"\xef\xbb\xbf")[:LONGEST_HEADING])
    if found and found.end() == LONGEST_HEADING:
        raise ProblemsError([messages.LONG_HEADING.at(Place(file, row=1), most=LONGEST_HEADING)])
    try:
        line = found[1].decode() if found else ""
        separator = max(SEPARATORS, key=QUOTED.sub("", line).count)
        heading = next(csv.reader(io.StringIO(line, newline=""), delimiter=separator), [])
    except (UnicodeDecodeError, csv.Error):
        raise ProblemsError([messages.NOT_TEXT.at(Place(file))]) from None
    names = tuple(name.strip() for name in heading)
    if not any(names):
        raise ProblemsError([messages.EMPTY_FILE.at(Place(file))])
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        place = Place(file, row=1)
        raise ProblemsError([messages.COLUMN_TWICE.at(place, name=name) for name in twice])
    return Table(content, file, separator, names, limits)


def columns(
    table: Table, wanted: list[str], *, pandas: bool = True
) -> tuple[FloatArray, list[Problem]]:
    """Return (n, m) numbers of the wanted columns, NaN where a cell is empty, and bad cells.

    Row i of the array is row i + 2 of the file; a blank line is a row without answers. A web
    process reads without pandas, which it never loads.
    """
    fast = _fast(table, wanted) if pandas and len(table.content) > LARGE else None
    return (fast, []) if fast is not None else _careful(table, wanted)


def _fast(table: Table, wanted: list[str]) -> FloatArray | None:
    """Return the numbers by pandas' parser, or None when any cell deserves a closer look."""
    import pandas as pd

    def read(piece: memoryview) -> FloatArray:
        rows = _even_rows(table, piece)
        frame = pd.read_csv(
            io.BytesIO(piece),
            sep=table.separator,
            header=None,
            names=list(table.heading),
            usecols=wanted,
            dtype=np.float64,
            na_values=list(ABSENT),
            keep_default_na=False,
            skip_blank_lines=False,
            skipinitialspace=True,
            low_memory=False,
        )
        values = np.stack([frame[name].to_numpy() for name in wanted])
        if values.shape[1] != rows or np.isinf(values).any():
            raise ValueError("not a table of numbers only")
        return values

    # The parser lets go of Python's lock: two threads read almost twice as fast.
    try:
        with ThreadPoolExecutor(THREADS) as threads:
            return np.concatenate(list(threads.map(read, _pieces(table))), axis=1).T
    except (ValueError, UnicodeDecodeError):
        return None


def _even_rows(table: Table, piece: memoryview) -> int:
    """Return the number of rows of a piece; ValueError unless all have a cell for each column.

    The fast parser fills short rows up and cuts long ones off, so that it would hide both.
    """
    outside = CELL.sub(b"", piece) if b'"' in table.content else piece
    code = np.frombuffer(outside, dtype=np.uint8)
    end, width = ord("\n"), len(table.heading)
    marks = code[(code == ord(table.separator)) | (code == end)]
    if len(code) and code[-1] != end:
        marks = np.append(marks, np.uint8(end))
    rows, rest = divmod(len(marks), width)
    in_place = not rest and (marks[width - 1 :: width] == end).all()
    if not in_place or np.count_nonzero(marks == end) != rows:
        raise ValueError("ragged rows")
    return rows


def _pieces(table: Table) -> Iterator[memoryview]:
    """Yield what is below the heading, cut at line ends; whole where a cell may hold a line end."""
    content, end = table.content, len(table.content)
    quoted = b'"' in content
    start = content.index(b"\n", len(content) - len(content.lstrip(b"\xef\xbb\xbf\r\n"))) + 1
    while start < end:
        stop = end if quoted else content.find(b"\n", start + PIECE) + 1 or end
        yield memoryview(content)[start:stop]
        start = stop


def _careful(table: Table, wanted: list[str]) -> tuple[FloatArray, list[Problem]]:
    columns_ = [table.heading.index(name) for name in wanted]
    rows, problems, bad, width = [], list[Problem](), 0, len(table.heading)
    for number, cells in records(table):
        if cells and len(cells) != width:
            bad += 1
            if bad <= LISTED:
                ragged = messages.RAGGED_ROW.at(
                    Place(table.file, row=number), found=len(cells), expected=width
                )
                problems.append(ragged)
            continue
        row = [parsed(cells[at]) if cells else math.nan for at in columns_]
        for at, value in zip(columns_, row, strict=True):
            if value is None:
                bad += 1
                where = Place(table.file, row=number, column=table.heading[at])
                if bad <= LISTED:
                    problems.append(messages.NOT_A_NUMBER.at(where, value=cells[at]))
        rows.append([math.nan if value is None else value for value in row])
    if not rows and not problems:
        problems.append(messages.EMPTY_FILE.at(Place(table.file)))
    values = np.array(rows, dtype=float).reshape(len(rows), len(wanted))
    return values, [*problems, *further(bad, Origin(table.file))]


def records(table: Table) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbered rows below the heading.

    ProblemsError when the file is not text, or has more rows or cells than the table's limits.
    """
    try:
        text = table.content.decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=table.separator)
        numbered = enumerate(reader, start=1)
        next((cells for _, cells in numbered if cells), None)
        yield from _within(table, numbered)
    except (UnicodeDecodeError, csv.Error):
        raise ProblemsError([messages.NOT_TEXT.at(Place(table.file))]) from None


def _within(
    table: Table, numbered: Iterator[tuple[int, list[str]]]
) -> Iterator[tuple[int, list[str]]]:
    limits, place, filled = table.limits, Place(table.file), 0
    for count, (number, cells) in enumerate(numbered, start=1):
        filled += len(cells)
        if count > limits.rows:
            raise ProblemsError([_too_many(messages.MANY_ROWS, place, limits.rows, COMMAND.rows)])
        if filled > limits.cells:
            raise ProblemsError(
                [_too_many(messages.MANY_CELLS, place, limits.cells, COMMAND.cells)]
            )
        yield number, cells


def _too_many(message: Message, place: Place, most: int, command: int) -> Problem:
    return message.at(place, most=f"{most:,}", command=f"{command:,}")


def parsed(cell: str) -> float | None:
    """Return the number in a cell, NaN for an empty one, None for what is no number.

    >>> parsed(" 7 "), parsed("NA"), parsed("seven"), parsed("inf")
    (7.0, nan, None, None)
    """
    text = cell.strip()
    if text in ABSENT:
        return math.nan
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None
