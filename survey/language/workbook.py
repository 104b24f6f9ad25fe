"""PURE. A questionnaire file as sheets of texts, whatever program wrote it.

`read_workbook` makes one from .xlsx, .csv or .md; `survey.language.writer` makes those again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_ROWS = 5000
MAX_COLUMNS = 200
MAX_CELL = 32_767
"""As much as a cell of Excel holds."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Signs that no spreadsheet can hold and no interviewer can read."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the heading. `number` is its row in the spreadsheet or line in the text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the heading and every row that is not empty, cells without outer spaces.

    Rows have as many cells as the heading, more only where a cell stands right of it.
    """

    name: str
    heading: tuple[str, ...]
    rows: tuple[Row, ...]
    heading_row: int = 1


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets of a file in their order."""

    filename: str
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet of that name, capital letters aside."""
        return next((s for s in self.sheets if s.name.strip().lower() == name), None)


def clean(text: str) -> str:
    r"""Return the text of a cell without outer spaces, its lines ended by \n."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def make_sheet(name: str, lines: list[Row]) -> Sheet:
    """Return a sheet of which the first line that is not empty is the heading."""
    filled = [row for row in lines if any(row.cells)]
    if not filled:
        return Sheet(name, (), ())
    heading = _trimmed(filled[0].cells)
    rows = tuple(Row(row.number, _padded(row.cells, len(heading))) for row in filled[1:])
    return Sheet(name, heading, rows, filled[0].number)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    last = max((at for at, cell in enumerate(cells, 1) if cell), default=0)
    return cells[:last]


def _padded(cells: tuple[str, ...], width: int) -> tuple[str, ...]:
    kept = _trimmed(cells)
    return kept + ("",) * (width - len(kept))
