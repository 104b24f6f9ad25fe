"""PURE. The cases of a fit: missing codes blanked, items turned, everything checked first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import messages
from analysis.model.stages import largest_equation
from analysis.scales import Scale, blank_codes, limits, turned
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.model.settings import Missing
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

LISTED = 50
"""Most cells that are reported one by one."""

MUCH_MISSING = 0.15
LARGEST, FINEST = 1e100, 1e-100
"""Numbers and differences whose squares and their sums can still be computed with."""
ROUNDING = 1e-12
"""What differs by no more than this share of its size differs by rounding only."""
CASES_PER_TERM = 10
PAIR = 2
"""Fewest cases from which a correlation can be had."""


@dataclass(frozen=True)
class Origin:
    """Where the rows of an array come from: their file, and the number of the first one."""

    file: str = ""
    first: int = 1
    weight: str = "weight"

    def cell(self, row: int, column: str) -> Place:
        """Return the place of one cell of the array."""
        return Place(self.file, row=row + self.first, column=column)


def prepared(model: Model, data: FloatArray) -> FloatArray:
    """Return (n, p) answers with missing codes as NaN and reversed items turned.

    A copy, unless there is nothing to change.
    """
    if not model.missing_codes and not model.reversed_items:
        return np.asarray(data, dtype=float)
    values = blank_codes(data, model.missing_codes)
    for column, item in enumerate(model.indicators):
        scale = model.scale_of(item)
        if item in model.reversed_items and scale is not None:
            values[:, column] = turned(values[:, column], scale)
    return values


def usable_rows(values: FloatArray, weights: FloatArray | None, missing: Missing) -> BoolArray:
    """Return an (n,) mask of the cases that enter.

    A case without any answer, or with weight zero, does not; with `missing="complete"` neither
    does one with a single answer missing.
    """
    kept = np.ones(len(values), dtype=bool) if weights is None else weights > 0
    absent = np.isnan(values)
    return kept & ~(absent.any(axis=1) if missing == "complete" else absent.all(axis=1))


def shape_problems(model: Model, data: FloatArray, weights: FloatArray | None) -> list[Problem]:
    """Return what is wrong with the shapes of data (n, p) and weights (n,)."""
    wanted = len(model.indicators)
    if data.shape[1:] != (wanted,):
        shape = " x ".join(map(str, data.shape))
        return [
            messages.WRONG_SHAPE.at(Place(), what="data", found=shape, expected=f"n x {wanted}")
        ]
    if weights is not None and weights.shape != (len(data),):
        return [
            messages.WRONG_SHAPE.at(
                Place(item="weights"), what="weights", found=weights.shape, expected=len(data)
            )
        ]
    return []


def data_problems(
    model: Model,
    values: FloatArray,
    weights: FloatArray | None,
    *,
    missing: Missing = "mean",
    origin: Origin | None = None,
) -> list[Problem]:
    """Return everything that keeps prepared cases from being used, and warnings.

    Parameters
    ----------
    values : (n, p) float      missing codes blanked; NaN is a missing answer
    weights : (n,) float or None
    """
    origin = origin or Origin()
    weighing = _weight_problems(weights, origin)
    cells = _off_scale(model, values, origin)
    if weighing:
        return [*weighing, *cells]
    rows = usable_rows(values, weights, missing)
    used = values if rows.all() else values[rows]
    return [
        *cells,
        *_size_problems(model, len(used), origin),
        *_item_problems(model, used if len(used) else values, origin),
        *(_pair_problems(model, used, origin) if missing == "pairwise" else []),
    ]


def raise_errors(problems: list[Problem]) -> tuple[Problem, ...]:
    """Raise when there is an error among the problems; return the warnings otherwise."""
    if any(problem.is_error for problem in problems):
        raise ProblemsError(problems)
    return tuple(problems)


def further(found: int, origin: Origin) -> list[Problem]:
    """Return a problem that counts the cells beyond those listed, if there are any."""
    rest = found - LISTED
    return [messages.MORE_PROBLEMS.at(Place(origin.file), count=rest)] if rest > 0 else []


def _weight_problems(weights: FloatArray | None, origin: Origin) -> list[Problem]:
    if weights is None:
        return []
    bad = np.flatnonzero(~((weights >= 0) & (weights <= LARGEST)))
    problems = [
        messages.WEIGHT_NEGATIVE.at(origin.cell(row, origin.weight), value=f"{weights[row]:g}")
        for row in bad[:LISTED].tolist()
    ]
    if not problems and not (weights > 0).any():
        problems = [messages.WEIGHTS_ZERO.at(Place(origin.file))]
    return [*problems, *further(len(bad), origin)]


def _off_scale(model: Model, values: FloatArray, origin: Origin) -> list[Problem]:
    """Return a problem for every cell outside its scale, row by row, the first ones only."""
    free = Scale(-np.inf, np.inf)
    scales = [model.scale_of(item) or free for item in model.indicators]
    lower, upper = limits(scales)
    if not len(values):
        return []
    # The extremes tell at once that all is well, as it is with nearly every file.
    least, most = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    if not ((least < lower) | (most > upper) | np.isinf(least) | np.isinf(most)).any():
        return []
    outside = np.argwhere((values < lower) | (values > upper) | np.isinf(values))
    problems = [
        messages.OFF_SCALE.at(
            origin.cell(row, model.indicators[column]),
            value=f"{values[row, column]:g}",
            minimum=f"{scales[column].minimum:g}",
            maximum=f"{scales[column].maximum:g}",
        )
        for row, column in outside[:LISTED].tolist()
    ]
    return [*problems, *further(len(outside), origin)]


def _size_problems(model: Model, n: int, origin: Origin) -> Iterator[Problem]:
    terms = largest_equation(model)
    place = Place(origin.file)
    if n < terms + 2:
        yield messages.TOO_FEW_CASES.at(place, needed=max(terms + 2, 3), found=n)
    elif n < CASES_PER_TERM * terms:
        wanted = CASES_PER_TERM * terms
        yield messages.FEW_CASES.at(place, found=n, predictors=terms, wanted=wanted)


def _item_problems(model: Model, used: FloatArray, origin: Origin) -> Iterator[Problem]:
    n = len(used)
    if not n:
        return
    least, most = np.fmin.reduce(used, axis=0), np.fmax.reduce(used, axis=0)
    there = n - np.isnan(used).sum(axis=0)
    for column, item in enumerate(model.indicators):
        place = Place(origin.file, column=item)
        if not there[column]:
            yield messages.ALL_MISSING.at(place, item=item)
        elif _out_of_range(least[column], most[column]):
            ends = {"least": f"{least[column]:g}", "most": f"{most[column]:g}"}
            yield messages.OUT_OF_RANGE.at(place, item=item, **ends)
        elif _same(least[column], most[column]):
            yield messages.CONSTANT_ITEM.at(place, item=item, value=f"{least[column]:g}")
        elif there[column] < (1 - MUCH_MISSING) * n:
            share = f"{100 * (1 - there[column] / n):.0f}"
            yield messages.MANY_MISSING.at(place, item=item, share=share)


def _out_of_range(least: float, most: float) -> bool:
    """Say whether squares overflow or vanish; infinite answers are told of cell by cell."""
    return LARGEST < max(abs(least), abs(most)) < np.inf or 0 < most - least < FINEST


def _same(least: float, most: float) -> bool:
    """Say whether all answers are one but for rounding."""
    return least == most or most - least <= ROUNDING * min(max(abs(least), abs(most)), LARGEST)


def _pair_problems(model: Model, used: FloatArray, origin: Origin) -> Iterator[Problem]:
    there = (~np.isnan(used)).astype(float)
    together = there.T @ there
    alone = np.argwhere(np.triu((together < PAIR) & (np.diag(together) > 0)[:, None], 1))
    for first, second in alone.tolist():
        names = model.indicators[first], model.indicators[second]
        yield messages.NEVER_TOGETHER.at(Place(origin.file), first=names[0], second=names[1])
