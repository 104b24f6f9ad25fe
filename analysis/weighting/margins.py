"""PURE. Post-stratification and raking to known totals.

Post-stratification multiplies the weights of each cell by target over weighted count; raking
does so margin after margin until all fit (Deming, Stephan 1940). The linearised error counts
only deviations from cell means (post-stratification, weighted by the weights before it) or from
the fit of all margins (raking, ten rounds of margin means, as R's survey package 4.1 takes it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.numbering import numbered
from analysis.weighting.messages import (
    BAD_TARGET,
    EMPTY_CELL,
    EMPTY_REPLICATE,
    MISSING_CATEGORY,
    NO_POPULATION,
    NO_TARGET,
    NOT_RAKED,
    TARGETS_DISAGREE,
)
from foundation.problems import Place, Problem, ProblemsError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Residual = Callable[[FloatArray], FloatArray]

ROUNDS = 1000
SETTLED = 1e-12
ACCEPTED = 1e-8
RESIDUAL_ROUNDS = 10
SAME_TOTAL = 1e-6


@dataclass(frozen=True)
class Margin:
    """One weighting variable: codes (n,) into levels, and the (L,) target of each level."""

    name: str
    codes: IntArray
    levels: tuple[str, ...]
    targets: FloatArray


def margin(
    name: str, codes: IntArray, levels: Sequence[str], targets: Mapping[str, float]
) -> Margin:
    """Return a margin from the categories of the cases and the targets by name.

    Raises together: cases without a category, categories without a target, targets without
    cases, and targets that are no counts.
    """
    wanted = np.array([float(targets.get(level, np.nan)) for level in levels])
    problems = _margin_problems(name, codes, levels, targets)
    if not problems and not np.nansum(wanted) > 0:
        problems = [NO_POPULATION.at(Place(column=name), name=name, total=0)]
    if problems:
        raise ProblemsError(problems)
    return Margin(name, codes, tuple(levels), np.nan_to_num(wanted))


def _margin_problems(
    name: str, codes: IntArray, levels: Sequence[str], targets: Mapping[str, float]
) -> list[Problem]:
    problems: list[Problem] = []
    place = Place(column=name)
    missing = int((codes < 0).sum())
    if missing:
        problems.append(MISSING_CATEGORY.at(place, name=name, count=missing))
    counts = np.bincount(codes[codes >= 0], minlength=len(levels))
    for level, count in zip(levels, counts, strict=True):
        value = float(targets.get(level, np.nan))
        if count and level not in targets:
            problems.append(NO_TARGET.at(place, level=level, name=name, count=int(count)))
        elif level in targets and not (np.isfinite(value) and value >= 0):
            problems.append(BAD_TARGET.at(place, level=level, name=name, value=value))
    for level, value in targets.items():
        present = level in levels and counts[list(levels).index(level)] > 0
        if not present and value > 0:
            problems.append(EMPTY_CELL.at(place, level=level, name=name, target=value))
    return problems


@dataclass(frozen=True)
class PostStratification:
    """Weights brought to the totals of one set of cells."""

    margin: Margin

    @property
    def cells(self) -> IntArray:
        """(n,) cell of each case."""
        return self.margin.codes

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, C) target over weighted count."""
        targets = self.margin.targets[: counts.shape[1]]
        _require_counts(self.margin, counts, targets)
        return np.divide(targets, counts, out=np.zeros_like(counts), where=counts != 0)

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return the deviation of scores from their cell's mean under the weights `before`."""
        cells, total = self.cells, np.bincount(self.cells, weights=before)
        share = np.divide(before, after, out=np.zeros_like(before), where=after != 0)

        def deviations(scores: FloatArray) -> FloatArray:
            left = np.empty_like(scores)
            for column, values in enumerate(scores.T):
                sums = np.bincount(cells, weights=values * share)
                mean = np.divide(sums, total, out=np.zeros_like(sums), where=total != 0)
                left[:, column] = values - mean[cells] * after
            return left

        return deviations


@dataclass(frozen=True)
class Raking:
    """Weights brought to the totals of several margins at once."""

    margins: tuple[Margin, ...]

    def __post_init__(self) -> None:
        problems = _disagreements(self.margins)
        if problems:
            raise ProblemsError(problems)

    @cached_property
    def _collapsed(self) -> tuple[IntArray, IntArray]:
        """The cell of each case, and the (C, margins) level codes of each cell."""
        codes = [one.codes for one in self.margins]
        cells = np.zeros(len(codes[0]), dtype=np.int64)
        for own in codes:
            least, width = int(own.min()), int(np.ptp(own)) + 1
            _, cells = numbered(cells * width + (own - least), (int(cells.max()) + 1) * width)
        # The last row of each cell speaks for all of it.
        spokesman = np.empty(int(cells.max()) + 1, dtype=np.int64)
        spokesman[cells] = np.arange(len(cells))
        return cells, np.column_stack([own[spokesman] for own in codes])

    @property
    def cells(self) -> IntArray:
        """(n,) combination of levels of each case."""
        return self._collapsed[0]

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, C) factors that bring each row of weighted counts to all margins."""
        patterns = self._collapsed[1]
        levels = [patterns[:, at] for at in range(len(self.margins))]
        fitted = counts.copy()
        for one, level in zip(self.margins, levels, strict=True):
            _require_counts(one, _margin_sums(fitted, level, len(one.targets)), one.targets)
        gap = np.inf
        for _ in range(ROUNDS):
            previous, gap = gap, self._round(fitted, levels)
            if gap < SETTLED or (gap < ACCEPTED and gap >= previous):
                break
        if gap >= ACCEPTED:
            raise ProblemsError([self._unsettled(fitted, levels)])
        return np.divide(fitted, counts, out=np.zeros_like(counts), where=counts != 0)

    def _round(self, fitted: FloatArray, levels: Sequence[IntArray]) -> float:
        """Fit each margin once, in place; return the largest relative gap found on the way."""
        gap = 0.0
        for one, level in zip(self.margins, levels, strict=True):
            sums = _margin_sums(fitted, level, len(one.targets))
            ratio = np.divide(one.targets, sums, out=np.zeros_like(sums), where=sums != 0)
            used = sums != 0
            gap = max(gap, float(np.abs(ratio[used] - 1).max()))
            fitted *= ratio[:, level]
        return gap

    def _unsettled(self, fitted: FloatArray, levels: Sequence[IntArray]) -> Problem:
        gaps = []
        for one, level in zip(self.margins, levels, strict=True):
            sums = _margin_sums(fitted, level, len(one.targets))
            gaps.append((float(np.abs(sums - one.targets).max()), one.name))
        gap, name = max(gaps)
        return NOT_RAKED.at(Place(column=name), count=ROUNDS, name=name, gap=f"{gap:.4g}")

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return the deviation of scores from the additive fit of all margins."""
        cells, patterns = self._collapsed
        used = after != 0
        size = np.bincount(cells[used], minlength=len(patterns)).astype(np.float64)
        levels = [patterns[:, at] for at in range(len(self.margins))]

        def deviations(scores: FloatArray) -> FloatArray:
            unweighted = np.divide(
                scores, after[:, None], out=np.zeros_like(scores), where=used[:, None]
            )
            sums = np.column_stack(
                [np.bincount(cells, weights=one, minlength=len(patterns)) for one in unweighted.T]
            ).astype(np.float64)
            fit = _additive_fit(sums, size, levels)
            return np.asarray(scores - fit[cells] * after[:, None])

        return deviations


def _additive_fit(sums: FloatArray, size: FloatArray, levels: Sequence[IntArray]) -> FloatArray:
    """Return (C, k) cell fits after rounds of taking out the mean of each margin's levels."""
    fit = np.zeros_like(sums)
    left = sums.copy()
    for _ in range(RESIDUAL_ROUNDS):
        for level in levels:
            count = np.bincount(level, weights=size)
            for column in range(sums.shape[1]):
                total = np.bincount(level, weights=left[:, column])
                mean = np.divide(total, count, out=np.zeros_like(total), where=count != 0)
                fit[:, column] += mean[level]
                left[:, column] -= mean[level] * size
    return fit


def _margin_sums(counts: FloatArray, level: IntArray, size: int) -> FloatArray:
    """(R, L) weighted counts of the levels of one margin."""
    indicator = (level[:, None] == np.arange(size)).astype(np.float64)
    return np.asarray(counts @ indicator)


def _require_counts(one: Margin, sums: FloatArray, targets: FloatArray) -> None:
    """Raise a problem for each level that some row of weighted counts is without."""
    lacking = (sums <= 0) & (targets > 0)
    if not lacking.any():
        return
    problems = []
    for code in np.flatnonzero(lacking.any(axis=0)):
        level, place = one.levels[code], Place(column=one.name)
        if len(sums) == 1:
            target = f"{targets[code]:g}"
            problems.append(EMPTY_CELL.at(place, level=level, name=one.name, target=target))
        else:
            count = int(lacking[:, code].sum())
            problems.append(EMPTY_REPLICATE.at(place, count=count, level=level, name=one.name))
    raise ProblemsError(problems)


def _disagreements(margins: Sequence[Margin]) -> list[Problem]:
    first = margins[0]
    total = float(first.targets.sum())
    return [
        TARGETS_DISAGREE.at(
            Place(column=one.name),
            first=first.name,
            first_sum=f"{total:.10g}",
            second=one.name,
            second_sum=f"{one.targets.sum():.10g}",
        )
        for one in margins[1:]
        if abs(float(one.targets.sum()) - total) > SAME_TOTAL * total
    ]
