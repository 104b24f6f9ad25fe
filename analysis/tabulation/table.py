"""PURE. A banner table: every line in every column, with errors, letters and arrows.

Columns of one banner question are compared pair by pair under the design: the t test of the
difference of two domains with their joint covariance, on the degrees of freedom of the design, so
that weights, strata, sampling units and overlapping columns are counted (the effective base is in
the variance). Shares are tested where at least 5 respondents are expected in each cell of the
comparison (Cochran, 1954, Biometrics 10, 417-451): below that the t test promises too much.
p values are corrected within one line and one banner question.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.sampling.design import Design
from analysis.sampling.distributions import t_two_sided
from analysis.sampling.estimates import Estimate, Estimates, chosen, jointly
from analysis.sampling.estimators import means_of
from analysis.sampling.many import Correction, adjusted, pairwise_tests
from analysis.sampling.publication import Rules, verdict
from analysis.tabulation.parts import Column, Line, Question

Json = dict[str, Any]
STRONG, WEAK = 0.05, 0.10
PERCENT = 100.0
SHARES = {"share", "box", "missing"}
FEWEST = 5.0
"""Respondents expected in a cell below which its share is not tested."""
ROUNDING = 1e-10
"""Differences and variances below this part of the whole are left by rounding."""
RULES = Rules(marked_cv=math.inf, hidden_cv=math.inf, least_people=0)
"""The rules of base alone: the margin beside every figure tells its precision."""


@dataclass(frozen=True)
class _Banner:
    """The columns of each banner question by place, the letters of all, the correction."""

    groups: tuple[tuple[int, ...], ...]
    letters: tuple[str, ...]
    correction: Correction


@dataclass(frozen=True)
class _Cells:
    """The estimates of one line, jointly; `place` leads from a column to its estimate.

    decisions  by column, what the rules of publication say
    people     by column, respondents behind a share
    """

    estimates: Estimates
    place: dict[int, int]
    decisions: list[str]
    people: dict[int, int]


def table(
    design: Design, question: Question, columns: Sequence[Column], correction: Correction
) -> Json:
    """Return one table as plain numbers, shares in per cent; hidden and empty cells are null.

    `design` is that of the respondents counted (a filter has been applied with `within`), the
    first of `columns` is the total. Keys: name, label, asked_if, multiple, columns (banner, code,
    label, letter, n, weighted, effective, decision) and lines (measure, name, label, cells of
    value, margin, se, n, strong, weak, arrow, decision). A share of which every respondent in the
    column says the same has no margin: its variance cannot be estimated.
    """
    inside = [design.inside & question.asked & column.inside for column in columns]
    letters = column_letters(columns)
    banner = _Banner(_groups(columns), tuple(letters), correction)
    return {
        "name": question.name,
        "label": dict(question.label),
        "asked_if": question.asked_if,
        "multiple": question.is_multiple,
        "columns": [
            _heading(design, column, rows, letter)
            for column, rows, letter in zip(columns, inside, letters, strict=True)
        ],
        "lines": [
            {
                "measure": line.measure,
                "name": line.name,
                "label": dict(line.label),
                "cells": _line(_estimated(design, line, inside), banner, line),
            }
            for line in question.lines
        ],
    }


def column_letters(columns: Sequence[Column]) -> list[str]:
    """Return A, B ... for the columns of the banner and nothing for the total; then AA, AB."""
    found, number = [], 0
    for column in columns:
        found.append(_letter(number) if column.banner else "")
        number += bool(column.banner)
    return found


def _letter(number: int) -> str:
    head = _letter(number // 26 - 1) if number >= 26 else ""  # noqa: PLR2004 - the alphabet
    return head + chr(ord("A") + number % 26)


def _groups(columns: Sequence[Column]) -> tuple[tuple[int, ...], ...]:
    found: dict[str, list[int]] = {}
    for at, column in enumerate(columns):
        if column.banner:
            found.setdefault(column.banner, []).append(at)
    return tuple(map(tuple, found.values()))


def _heading(design: Design, column: Column, rows: Any, letter: str) -> Json:
    weights = design.weights[rows]
    total = float(weights.sum())
    effective = total**2 / float((weights**2).sum()) if total > 0 else 0.0
    n = int(rows.sum())
    return {
        "banner": column.banner,
        "code": column.code,
        "label": dict(column.label),
        "letter": letter,
        "n": n,
        "weighted": total,
        "effective": effective,
        "decision": _decision(n),
    }


def _decision(n: int) -> str:
    row = Estimate("", 0.0, 0.0, None, None, 0, None, n, None)
    return verdict(row, RULES, measure="balance").decision


def _estimated(design: Design, line: Line, inside: Sequence[Any]) -> _Cells:
    """Return the estimates of the cells whose base is large enough to be printed, jointly."""
    counted = [rows & ~np.isnan(line.values) for rows in inside]
    decisions = [_decision(int(rows.sum())) for rows in counted]
    kept = [at for at, decision in enumerate(decisions) if decision != "hide"]
    statistic = means_of(line.values, [line.name])
    parts = [(design.within(counted[at]), statistic) for at in kept]
    return _Cells(
        jointly(design, parts) if parts else _NOTHING,
        {at: place for place, at in enumerate(kept)},
        decisions,
        {at: int((line.values[counted[at]] == 1.0).sum()) for at in kept},
    )


_EMPTY = np.zeros(0)
_NOTHING = Estimates((), _EMPTY, np.zeros((0, 0)), 0, _EMPTY, _EMPTY, _EMPTY)


def _line(cells: _Cells, banner: _Banner, line: Line) -> list[Json | None]:
    unit = 1.0 if line.measure in {"mean", "nps"} else PERCENT
    found: list[Json | None] = [_cell(cells, at, unit) for at in range(len(banner.letters))]
    for group in banner.groups:
        present = [at for at in group if at in cells.place]
        is_share = line.measure in SHARES
        _add_letters(cells, present, banner, found, is_share=is_share)
        if 0 in cells.place:
            tested = [at for at in present if not is_share or _fit(cells, at, 0)]
            _add_arrows(cells, tested, banner, found)
    return found


def _cell(cells: _Cells, column: int, unit: float) -> Json | None:
    at = cells.place.get(column)
    if at is None:
        return None
    estimates = cells.estimates
    low, high = chosen(estimates, [at]).interval()
    margin = float(high[0] - low[0]) / 2
    return {
        "value": float(estimates.values[at]) * unit,
        "se": float(estimates.se[at]) * unit,
        "margin": margin * unit if math.isfinite(margin) and margin > ROUNDING else None,
        "n": int(estimates.counts[at]),
        "strong": "",
        "weak": "",
        "arrow": "",
        "decision": cells.decisions[column],
    }


def _add_letters(
    cells: _Cells,
    present: Sequence[int],
    banner: _Banner,
    found: list[Json | None],
    *,
    is_share: bool,
) -> None:
    """Write into each cell the letters of the columns that it is above: capitals at 95 %."""
    estimates = chosen(cells.estimates, [cells.place[at] for at in present])
    pairs = [
        (pair, present[pair.first], present[pair.second])
        for pair in pairwise_tests(estimates, correction="none")
    ]
    tested = [one for one in pairs if not is_share or _fit(cells, one[1], one[2])]
    p = adjusted(np.array([pair.p for pair, _, _ in tested]), banner.correction)
    least = ROUNDING * max(1.0, float(np.abs(estimates.values).max(initial=0.0)))
    for (pair, first, second), q in zip(tested, p, strict=True):
        high, low = (second, first) if pair.difference > 0 else (first, second)
        cell = found[high]
        if cell is not None and abs(pair.difference) > least and q < WEAK:
            strong = q < STRONG
            mark = banner.letters[low]
            cell["strong" if strong else "weak"] += mark if strong else mark.lower()


def _fit(cells: _Cells, first: int, second: int) -> bool:
    """Tell whether a share can be tested: at least FEWEST expected in every cell.

    The total (column 0) holds the other column; with it the expected share is its own.
    """
    n = [float(cells.estimates.counts[cells.place[at]]) for at in (first, second)]
    x = [cells.people[at] for at in (first, second)]
    share = x[1] / n[1] if second == 0 else sum(x) / sum(n)
    smaller = n[0] if second == 0 else min(n)
    return smaller * min(share, 1.0 - share) >= FEWEST


def _add_arrows(
    cells: _Cells,
    present: Sequence[int],
    banner: _Banner,
    found: list[Json | None],
) -> None:
    """Mark the cells that differ from the total at 95 %, the column being a part of it."""
    total = cells.place[0]
    places = [cells.place[at] for at in present]
    gaps, p = _against(cells.estimates, places, total)
    for at, gap, q in zip(present, gaps, adjusted(p, banner.correction), strict=True):
        cell = found[at]
        if cell is not None and q < STRONG:
            cell["arrow"] = "up" if gap > 0 else "down"


def _against(estimates: Estimates, places: Sequence[int], total: int) -> tuple[Any, Any]:
    """Return (k,) differences from an estimate and the p values of their t tests."""
    V, at = estimates.covariance, np.asarray(places, dtype=np.int64)
    gaps = estimates.values[at] - estimates.values[total]
    variance = np.maximum(V[at, at] + V[total, total] - 2 * V[at, total], 0.0)
    none = variance <= ROUNDING * V[total, total]
    se = np.sqrt(np.where(none, 1.0, variance))
    p = [
        1.0 if nothing else t_two_sided(float(gap / error), estimates.df)
        for gap, error, nothing in zip(gaps, se, none, strict=True)
    ]
    return gaps, np.array(p)
