"""PURE. The structural tables of a fitted model, in the order that users of SmartPLS know."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.modelviews.sheets import Cell, Column, Number, Row, Said, Sheet, numbers
from analysis.modelviews.stored import CONSTRUCT, ERRORS, Stored, measured
from foundation.problems import N_

ARROW = Column("path", N_("Path"))
VALUE = numbers(("value", N_("Value")))
IMPACTS = Said(N_("Points of the target's index for each point of the source's, on 0-100."))


def structure(stored: Stored) -> tuple[Sheet, ...]:
    """Return paths, indirect and total effects, impacts, explained variance and collinearity."""
    return (
        _arrows(stored, "paths", N_("Path coefficients"), "value"),
        _indirect(stored),
        _arrows(stored, "total_effects", N_("Total effects"), "total"),
        _arrows(stored, "impacts", N_("Impacts on 0-100"), "value", IMPACTS),
        _explained(stored),
        _by_target(stored, "f2", N_("Effect sizes f²")),
        _by_target(stored, "vif_inner", N_("Collinearity of predictors (VIF)")),
        square(stored, "construct_correlations", N_("Correlations of constructs")),
    )


def square(stored: Stored, key: str, title: str, note: Said | None = None) -> Sheet:
    """Return a matrix between constructs; its upper half repeats the lower and is left empty."""
    found = stored.run.get(key, {})
    names = list(found)
    columns = tuple(Column(name, stored.label(name), is_number=True) for name in names)
    rows: tuple[Row, ...] = tuple(
        (stored.label(row), *(_below(found, names, i, j) for j in range(len(names))))
        for i, row in enumerate(names)
    )
    return Sheet(key, title, (CONSTRUCT, *columns), rows, note)


def _below(found: dict[str, dict[str, float]], names: list[str], i: int, j: int) -> Cell:
    if j > i or names[j] not in found[names[i]]:
        return ""
    return Number(found[names[i]][names[j]])


def _arrows(stored: Stored, key: str, title: str, value: str, note: Said | None = None) -> Sheet:
    rows: tuple[Row, ...] = tuple(
        (
            stored.route(own["from"], own["to"]),
            *measured(own[value], stored.arrow_error(key, own["from"], own["to"])),
        )
        for own in stored.run.get(key, ())
    )
    return Sheet(key, title, (ARROW, *ERRORS), rows, note)


def _indirect(stored: Stored) -> Sheet:
    rows: tuple[Row, ...] = tuple(
        (
            stored.route(own["from"], own["to"]),
            *measured(own["indirect"], error),
        )
        for own in stored.run["total_effects"]
        if (error := stored.arrow_error("indirect_effects", own["from"], own["to"]))
    )
    return Sheet("indirect_effects", N_("Total indirect effects"), (ARROW, *ERRORS), rows)


def _explained(stored: Stored) -> Sheet:
    adjusted = stored.run["r2_adj"]
    rows: tuple[Row, ...] = tuple(
        (stored.label(name), *measured(value, stored.error("r2", name)), Number(adjusted[name]))
        for name, value in stored.run["r2"].items()
    )
    columns = (CONSTRUCT, *ERRORS, *numbers(("adjusted", N_("R² adjusted"))))
    return Sheet("r2", N_("Explained variance R²"), columns, rows)


def _by_target(stored: Stored, key: str, title: str) -> Sheet:
    return Sheet(key, title, (ARROW, *VALUE), tuple(_pairs(stored, key)))


def _pairs(stored: Stored, key: str) -> Iterator[tuple[Cell, ...]]:
    for target, own in stored.run[key].items():
        for source, value in own.items():
            yield stored.route(source, target), Number(value)
