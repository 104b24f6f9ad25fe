"""PURE. A table as a value: what a page prints and what a file holds are the same cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.report import Texts, rounded

NOTHING = "–"
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or None where it is not defined; pages print it with `digits` digits.

    A probability (`is_p`) that rounds to zero is printed as smaller than the least digit.

    >>> Number(0.74521).text, Number(None).text, Number(250, 0).text, Number(1e-9, is_p=True).text
    ('0.745', '–', '250', '<0.001')
    """

    value: float | None
    digits: int = DIGITS
    is_p: bool = False

    @property
    def text(self) -> str:
        """Return the number as a page prints it."""
        if self.value is None:
            return NOTHING
        least = 10.0**-self.digits
        if self.is_p and self.value < least / 2:
            return f"<{least:.{self.digits}f}"
        return rounded(self.value, self.digits)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of ours, to be translated, with the values that fill it."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Route:
    """Names joined by a sign: the ends of a path, a pair of constructs."""

    parts: tuple[Texts, ...]
    sign: str = "→"


@dataclass(frozen=True, slots=True)
class Mark:
    """Pass, look, fail or not defined."""

    word: str


Cell = Number | Said | Route | Mark | Mapping[str, str] | str
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `key` names it in files, whatever the language.

    title   ours, to be translated, or the designer's label of a construct
    """

    key: str
    title: str | Texts
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with its title; `note` says what its numbers are, or why there are none."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Said | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """How texts are put into the reader's language: `translate` ours, `pick` the designer's."""

    translate: Callable[[str], str]
    pick: Callable[[Any], str]

    def text(self, cell: Cell) -> str:
        """Return a cell as a page prints it."""
        if isinstance(cell, Number):
            return cell.text
        if isinstance(cell, Said):
            text = self.translate(cell.text)
            return text % cell.values if cell.values else text
        if isinstance(cell, Mark):
            return self.translate(cell.word)
        if isinstance(cell, Route):
            return f" {cell.sign} ".join(self.pick(part) for part in cell.parts)
        return cell if isinstance(cell, str) else self.pick(cell)

    def title(self, column: Column) -> str:
        """Return the title of a column."""
        title = column.title
        return (
            (self.translate(title) if title else "")
            if isinstance(title, str)
            else (self.pick(title))
        )

    def plain(self, cell: Cell) -> str | float | None:
        """Return a cell as a file holds it: a number unrounded, None where there is none."""
        return cell.value if isinstance(cell, Number) else self.text(cell)


def numbers(*titles: tuple[str, str]) -> tuple[Column, ...]:
    """Return columns of numbers from their keys and titles."""
    return tuple(Column(key, title, is_number=True) for key, title in titles)


def as_json(sheets: Sequence[Sheet], reader: Reader) -> dict[str, object]:
    """Return tables as JSON: a list of rows by key of the table, cells by key of the column."""
    return {
        sheet.key: [
            {
                column.key: reader.plain(cell)
                for column, cell in zip(sheet.columns, row, strict=True)
            }
            for row in sheet.rows
        ]
        for sheet in sheets
    }
