"""PURE. Banner tables as pages and files print them: rounded here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.report import rounded

Texts = Mapping[str, str]
SHARE_DIGITS, MEAN_DIGITS, NPS_DIGITS = 1, 2, 1
DIGITS = {"mean": MEAN_DIGITS, "nps": NPS_DIGITS}
Number = float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its texts, and the same numbers for a file; no value when it is not printed.

    marks   significance letters, capitals first
    word    "up", "down" or nothing: against the total
    """

    text: str = ""
    margin: str = ""
    marks: str = ""
    word: str = ""
    is_small: bool = False

    @property
    def value(self) -> Number:
        """Return the number as it is printed, None for no number."""
        return as_number(self.text)

    @property
    def margin_value(self) -> Number:
        """Return the margin as it is printed, None for none."""
        return as_number(self.margin)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line: what it measures, its label, a cell for each column."""

    measure: str
    name: str
    label: Texts
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """One column: its label and letter, and the bases as they are printed."""

    banner: str
    label: Texts
    letter: str
    n: int
    weighted: str
    effective: str
    decision: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    name: str
    label: Texts
    asked_if: str
    is_multiple: bool
    columns: tuple[Heading, ...]
    lines: tuple[LineRow, ...]

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """Return each banner question with how many columns it has, the total first as ""."""
        found: dict[str, int] = {}
        for column in self.columns:
            found[column.banner] = found.get(column.banner, 0) + 1
        return tuple(found.items())

    @property
    def measures(self) -> frozenset[str]:
        """Return what the lines measure."""
        return frozenset(line.measure for line in self.lines)

    @property
    def is_hidden(self) -> bool:
        """Tell whether the base of the whole table is too small."""
        return self.columns[0].decision == "hide"


@dataclass(frozen=True, slots=True)
class Tables:
    """A set of tables with what the footnotes tell of all of them."""

    tables: tuple[Table, ...]
    banner: Mapping[str, Texts]
    correction: str
    filter_by: str
    filter_label: Texts
    filter_kept: tuple[Texts, ...]
    respondents: int
    counted: int
    df: int
    weighting: str
    plan_version: int
    starts_on: str
    ends_on: str
    mode: str


def build(numbers: Mapping[str, Any]) -> Tables:
    """Return what is printed of the numbers that `analysis.tabulated` stored."""
    texts, weighting = numbers["filter_texts"], numbers["weighting"]
    return Tables(
        tables=tuple(_table(one) for one in numbers["tables"]),
        banner=numbers["banner"],
        correction=numbers["correction"],
        filter_by=numbers["filter"]["by"],
        filter_label=texts.get("label", {}),
        filter_kept=tuple(texts.get("kept", ())),
        respondents=numbers["respondents"],
        counted=numbers["counted"],
        df=numbers["df"],
        weighting=weighting["kind"],
        plan_version=weighting.get("version", 0),
        starts_on=numbers["starts_on"],
        ends_on=numbers["ends_on"],
        mode=numbers["mode"],
    )


def as_number(text: str) -> Number:
    """Return a printed number as a number.

    >>> as_number("−13"), as_number("1,204"), as_number("")
    (-13.0, 1204.0, None)
    """
    return float(text.replace("−", "-").replace(",", "")) if text else None


def _table(one: Mapping[str, Any]) -> Table:
    return Table(
        one["name"],
        one["label"],
        one["asked_if"],
        one["multiple"],
        tuple(_heading(column) for column in one["columns"]),
        tuple(_line(line) for line in one["lines"]),
    )


def _heading(one: Mapping[str, Any]) -> Heading:
    return Heading(
        one["banner"],
        one["label"],
        one["letter"],
        one["n"],
        f"{one['weighted']:,.0f}",
        f"{one['effective']:,.0f}",
        one["decision"],
    )


def _line(one: Mapping[str, Any]) -> LineRow:
    digits = DIGITS.get(one["measure"], SHARE_DIGITS)
    cells = tuple(Cell() if cell is None else _cell(cell, digits) for cell in one["cells"])
    return LineRow(one["measure"], one["name"], one["label"], cells)


def _cell(one: Mapping[str, Any], digits: int) -> Cell:
    margin = "" if one["margin"] is None else rounded(one["margin"], digits)
    return Cell(
        rounded(one["value"], digits),
        margin,
        one["strong"] + one["weak"],
        one["arrow"],
        one["decision"] == "mark",
    )
