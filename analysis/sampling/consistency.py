"""PURE. A linter of published tables: whether figures can be true, and true together.

GRIM (Brown, Heathers 2017): a percentage printed to so many decimals can come from only some
bases. Shares of one single choice add to 100; a figure has one label; one question has one
base. Findings are warnings: a table may be right and only badly printed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Literal

from analysis.sampling.report_messages import (
    BANDS_DIFFER,
    LABELS_CLASH,
    NO_BASE_FITS,
    NO_COMMON_BASE,
    NOT_SORTED,
    OVER_HUNDRED,
    REMAINDER,
)
from foundation.problems import Place, Problem

Answers = Literal["single", "multiple"]
HALF = 0.5 + 1e-9
LONG = 4
"""A table shorter than this has no order to speak of."""


@dataclass(frozen=True)
class Figure:
    """A printed percentage with its label. `text` keeps the decimals as printed, "48.4"."""

    label: str
    text: str

    @property
    def percent(self) -> float:
        """The percentage as a number."""
        return float(self.text)

    @property
    def decimals(self) -> int:
        """Decimals as printed."""
        return len(self.text.partition(".")[2])


@dataclass(frozen=True)
class PublishedTable:
    """A table as printed: one question, its figures, and the base or the bases it may have."""

    name: str
    figures: tuple[Figure, ...]
    answers: Answers = "single"
    least_base: int = 1
    largest_base: int = 1


def can_come_from(figure: Figure, n: int) -> bool:
    """Tell whether some whole count out of `n` rounds to the printed percentage.

    >>> can_come_from(Figure("satisfied", "48.4"), 97), can_come_from(Figure("", "48.4"), 95)
    (False, True)
    """
    unit = 10.0**-figure.decimals
    low = (figure.percent - unit * HALF) * n / 100
    high = (figure.percent + unit * HALF) * n / 100
    return math.ceil(low - 1e-12) <= math.floor(high + 1e-12)


def possible_bases(figures: Iterable[Figure], least: int, largest: int) -> list[int]:
    """Return the bases from `least` to `largest` from which all the figures can come."""
    every = list(figures)
    return [n for n in range(least, largest + 1) if all(can_come_from(one, n) for one in every)]


def lint(tables: Sequence[PublishedTable]) -> list[Problem]:
    """Return all findings of all tables, in the order of the tables."""
    found = [problem for table in tables for problem in lint_table(table)]
    return found + _label_clashes(tables)


def lint_table(table: PublishedTable) -> list[Problem]:
    """Return the findings of one table: its bases, its sum, its order."""
    return [*_base_findings(table), *_sum_findings(table), *_order_findings(table)]


def _base_findings(table: PublishedTable) -> list[Problem]:
    span = f"{table.least_base}-{table.largest_base}"
    if table.least_base == table.largest_base:
        span = str(table.least_base)
    found = []
    for figure in table.figures:
        if not possible_bases([figure], table.least_base, table.largest_base):
            place = Place(sheet=table.name, item=figure.label)
            found.append(NO_BASE_FITS.at(place, percent=figure.text, span=span))
    if found or possible_bases(table.figures, table.least_base, table.largest_base):
        return found
    texts = ", ".join(figure.text for figure in table.figures)
    fitting = _first_fit(table)
    place = Place(sheet=table.name)
    return [NO_COMMON_BASE.at(place, percents=texts, span=span, first=fitting or "-")]


def _first_fit(table: PublishedTable) -> int | None:
    limit = max(10 * table.largest_base, 1000)
    return next(
        (n for n in range(1, limit) if all(can_come_from(one, n) for one in table.figures)), None
    )


def _sum_findings(table: PublishedTable) -> list[Problem]:
    if table.answers == "multiple":
        return []
    total = sum(figure.percent for figure in table.figures)
    slack = sum(10.0**-figure.decimals / 2 for figure in table.figures)
    place = Place(sheet=table.name)
    if total > 100 + slack:
        return [OVER_HUNDRED.at(place, total=f"{total:.6g}")]
    if total < 100 - slack:
        return [REMAINDER.at(place, total=f"{total:.6g}", rest=f"{100 - total:.6g}")]
    return []


def _order_findings(table: PublishedTable) -> list[Problem]:
    percents = [figure.percent for figure in table.figures]
    if len(percents) < LONG or percents == sorted(percents, reverse=True):
        return []
    falling = sum(a > b for a, b in pairwise(percents))
    nearly = falling >= len(percents) - 2
    at = next(k for k, (a, b) in enumerate(pairwise(percents)) if a < b)
    label = table.figures[at + 1].label
    return [NOT_SORTED.at(Place(sheet=table.name), label=label)] if nearly else []


def _label_clashes(tables: Sequence[PublishedTable]) -> list[Problem]:
    """Return figures that carry different labels in two printings of one question."""
    found = []
    for first, second in combinations(tables, 2):
        if first.name.partition("/")[0] != second.name.partition("/")[0]:
            continue
        for one in first.figures:
            for other in second.figures:
                if one.percent == other.percent and one.label != other.label:
                    place = Place(sheet=first.name)
                    found.append(
                        LABELS_CLASH.at(
                            place, percent=one.text, first=one.label, second=other.label
                        )
                    )
    return found


def band_clash(first: tuple[int, int], second: tuple[int, int], name: str) -> Problem | None:
    """Return a finding when two bands that should be one overlap without being equal."""
    overlap = min(first[1], second[1]) - max(first[0], second[0])
    if first == second or overlap < 0:
        return None
    texts = [f"{low}-{high}" for low, high in (first, second)]
    return BANDS_DIFFER.at(Place(item=name), first=texts[0], second=texts[1])
