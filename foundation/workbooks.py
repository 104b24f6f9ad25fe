"""PURE. What protects every reader of Excel files from a small file that unpacks to endless work.

A sheet of 1 kB may name its last row (1,048,576) or nest two million elements. Signs that begin
a tag are counted while unpacking, before anything is parsed, and rows without cells are passed
over without looking at their columns.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl.cell.read_only import EMPTY_CELL

PIECE = 1024 * 1024


def tags_within(data: bytes, most: int) -> bool:
    """Tell whether the parts of a zipped workbook have at most `most` tags, all together."""
    found = 0
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for part in parts.infolist():
            with parts.open(part) as unpacked:
                while found <= most and (piece := unpacked.read(PIECE)):
                    # UTF-16 has a zero byte beside the sign, which changes nothing here.
                    found += piece.count(b"<")
    return found <= most


def filled_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows of a read-only sheet that have cells, with their numbers from 1.

    openpyxl gives one and the same tuple for every row that is not in the file.
    """
    blank: tuple[Any, ...] | None = None
    for number, cells in enumerate(rows, 1):
        if cells is blank:
            continue
        if all(cell is EMPTY_CELL for cell in cells):
            blank = cells
            continue
        yield number, cells
