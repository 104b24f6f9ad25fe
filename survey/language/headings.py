"""PURE. What the columns of a sheet mean, and its rows as cells by column and language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from foundation.problems import Message
from survey.language import messages
from survey.language.columns import LATER_PREFIXES, SheetColumns
from survey.language.findings import Findings, near
from survey.language.languages import Languages
from survey.language.workbook import Row, Sheet

SILENT = "_"
"""A sheet or column whose name begins with it is a remark of the author."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The meaning of one column: its name, and the language as it is written."""

    column: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet with its columns understood. A column that is not, or is a remark, has None."""

    sheet: str
    columns: SheetColumns
    headings: tuple[Heading | None, ...]
    rows: tuple[Row, ...]
    heading_row: int = 1


@dataclass(frozen=True, slots=True)
class Cells:
    """The filled cells of one row: plain ones by column, texts by column and language code.

    headed    the columns that the sheet has, filled in this row or not
    """

    row: int
    plain: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    headed: frozenset[str] = frozenset()


def read_table(sheet: Sheet, columns: SheetColumns, findings: Findings) -> Table:
    """Return the sheet with its headings understood; note every one that is not."""
    return _TableReader(sheet, columns, findings).read()


class _TableReader:
    """Reads the heading of one sheet."""

    def __init__(self, sheet: Sheet, columns: SheetColumns, findings: Findings) -> None:
        self.sheet = sheet
        self.name = sheet.name.strip().lower()
        self.columns = columns
        self.findings = findings

    def read(self) -> Table:
        headings: list[Heading | None] = []
        for at, text in enumerate(self.sheet.heading):
            heading = self._heading(at, text)
            if heading is not None and heading in headings:
                self._add_heading(messages.COLUMN_TWICE, text, name=text)
                heading = None
            headings.append(heading)
        present = {heading.column for heading in headings if heading}
        for needed in self.columns.needed:
            if needed not in present:
                self._add_heading(messages.COLUMN_MISSING, "", name=needed)
        self._astray()
        row = self.sheet.heading_row
        return Table(self.name, self.columns, tuple(headings), self.sheet.rows, row)

    def _add_heading(self, message: Message, column: str, /, **values: object) -> None:
        row = self.sheet.heading_row
        self.findings.add(message, self.name, row, column, **values)

    def _heading(self, at: int, text: str) -> Heading | None:
        first, _, language = (part.strip() for part in text.partition("::"))
        spelled = re.sub(r"\s+", "_", first.lower())
        column = self.columns.aliases.get(spelled, spelled)
        if not text or text.startswith(SILENT):
            return None
        if column in self.columns.read:
            return self._known(column, language, text)
        if column in self.columns.later or (language and column in LATER_PREFIXES):
            self._later(at, text)
            return None
        if self.columns.free and not language:
            return Heading(first)
        known = (*self.columns.read, *self.columns.aliases)
        self._add_heading(messages.COLUMN_UNKNOWN, text, name=text, near=near(spelled, known))
        return None

    def _known(self, column: str, language: str, text: str) -> Heading | None:
        if language and column not in self.columns.translated:
            self._add_heading(messages.COLUMN_NO_LANGUAGE, text, name=text)
            return None
        return Heading(column, language or None)

    def _later(self, at: int, text: str) -> None:
        filled = next((row for row in self.sheet.rows if row.cells[at]), None)
        if filled is not None:
            self.findings.add(messages.COLUMN_LATER, self.name, filled.number, text, name=text)

    def _astray(self) -> None:
        headless = {at for at, text in enumerate(self.sheet.heading) if not text}
        width = len(self.sheet.heading)
        for row in self.sheet.rows:
            for at, cell in enumerate(row.cells):
                if cell and (at in headless or at >= width):
                    self.findings.add(messages.CELL_ASTRAY, self.name, row.number, text=cell)


def read_cells(table: Table, languages: Languages) -> Iterator[Cells]:
    """Yield the rows of a table with their cells by column and by language code."""
    headed = frozenset(heading.column for heading in table.headings if heading)
    for row in table.rows:
        plain: dict[str, str] = {}
        texts: dict[str, dict[str, str]] = {}
        for heading, cell in zip(table.headings, row.cells, strict=False):
            if heading is None or not cell:
                continue
            if heading.column in table.columns.translated:
                code = languages.code_of(heading.language)
                texts.setdefault(heading.column, {})[code] = cell
            else:
                plain[heading.column] = cell
        if plain or texts:
            yield Cells(row.number, plain, texts, headed)
