"""PURE. Reading what a worker stored of a wave: values beside their errors, names as labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any

from analysis.modelviews.sheets import DIGITS, Column, Number, Route, numbers
from analysis.report import Texts
from foundation.problems import N_

Numbers = Mapping[str, Any]

ERRORS = numbers(
    ("value", N_("Original sample")),
    ("mean", N_("Sample mean")),
    ("se", N_("Standard deviation")),
    ("t", N_("t statistic")),
    ("p", N_("p value")),
    ("low", "2.5 %"),
    ("high", "97.5 %"),
)
"""The columns of a bootstrapped number, in the order that users of SmartPLS know."""

CONSTRUCT = Column("construct", N_("Construct"))


@dataclass(frozen=True, slots=True)
class Stored:
    """The numbers of one wave, as `analysis.wavefit.numbers` stores them."""

    numbers: Numbers

    @property
    def run(self) -> Numbers:
        """Return the fit of the full sample."""
        found: Numbers = self.numbers["run"]
        return found

    def label(self, name: str) -> Texts:
        """Return what to call a construct; an unknown name is its own label."""
        texts: Texts = self.numbers["labels"].get(name) or {"und": name}
        return texts

    def route(self, *names: str, sign: str = "→") -> Route:
        """Return the labels of constructs, joined."""
        return Route(tuple(self.label(name) for name in names), sign)

    def error(self, key: str, name: str) -> Numbers | None:
        """Return the error of a number that is stored by name."""
        found: Numbers | None = self.numbers["errors"].get(key, {}).get(name)
        return found

    def arrow_error(self, key: str, source: str, target: str) -> Numbers | None:
        """Return the error of a number that is stored by arrow."""
        return arrow(self.numbers["errors"].get(key, ()), source, target)


def arrow(rows: Any, source: str, target: str) -> Numbers | None:
    """Return the stored row of one arrow, or None."""
    return next((row for row in rows if (row["from"], row["to"]) == (source, target)), None)


def measured(
    value: float | None, error: Numbers | None, digits: int = DIGITS
) -> tuple[Number, ...]:
    """Return the cells of `ERRORS`: t is the value over its error, p of the normal distribution."""
    if value is None or error is None:
        return (Number(value, digits), *[Number(None)] * 6)
    low, high = error["ci95_percentile"]
    se = error["se"]
    t = abs(value) / se if se else None
    p = None if t is None else erfc(t / sqrt(2.0))
    before = tuple(Number(cell, digits) for cell in (value, error.get("mean"), se))
    return (*before, Number(t), Number(p, is_p=True), Number(low, digits), Number(high, digits))


def by_item(stored: Stored, key: str) -> Iterator[tuple[str, str, float | None]]:
    """Yield construct, item and value of what is stored by construct and item."""
    for name, items in stored.run.get(key, {}).items():
        for item, value in items.items():
            yield name, item, value
