"""PURE. The codebook of a response table: what every column means, and every code."""

from __future__ import annotations

from collections.abc import Sequence

from survey.formats.columns import Cell
from survey.formats.table import ResponseTable, Variable

Sheet = tuple[list[str], list[list[Cell]]]


def languages(table: ResponseTable) -> tuple[str, ...]:
    """Return the language codes in which any variable has a label, in order."""
    return tuple(dict.fromkeys(code for v in table.variables for code in v.label))


def variables_sheet(table: ResponseTable) -> Sheet:
    """Return one line per variable under its header."""
    spoken = languages(table)
    header = ["name", "kind", *(f"label ({code})" for code in spoken),
              "asked_if", "construct", "points", "reverse"]  # fmt: skip
    return header, [_variable_line(variable, spoken) for variable in table.variables]


def choices_sheet(table: ResponseTable) -> Sheet:
    """Return one line per choice of each variable under its header."""
    spoken = languages(table)
    lines: list[list[Cell]] = [
        [variable.name, choice.code, *(choice.label.get(code, "") for code in spoken)]
        for variable in table.variables
        for choice in variable.choices
    ]
    return ["name", "code", *(f"label ({code})" for code in spoken)], lines


def _variable_line(variable: Variable, spoken: Sequence[str]) -> list[Cell]:
    low_high = f"{variable.points[0]}-{variable.points[1]}" if variable.points else ""
    return [
        variable.name, variable.kind.value, *(variable.label.get(code, "") for code in spoken),
        variable.asked_if, variable.construct or "", low_high, "yes" if variable.reverse else "",
    ]  # fmt: skip
