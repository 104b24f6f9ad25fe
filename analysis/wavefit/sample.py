"""PURE. The respondents of a wave as arrays: answers, weights, strata and units, and a digest."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.wavefit import messages
from foundation.problems import Place, Problem, ProblemsError, nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.specify import Model
    from survey.formats.table import ResponseRow, ResponseTable

    FloatArray = NDArray[np.float64]

COMPLETE = "complete"
FEWEST = 30
LISTED = 50
STRATUM, UNIT, PROBABILITY = "stratum", "psu", "selection_probability"
PANEL = "panel_id"
IMPORTED = {PROBABILITY: "probability"}


@dataclass(frozen=True)
class Sample:
    """The n complete respondents of a wave.

    values : (n, p)     answers in the order of `model.indicators`; NaN is no answer
    weights : (n,)      one over the probability of selection; None weighs all alike
    strata, units       (n,) names of stratum and sampling unit; None when the cases carry none
    digest              SHA-256 of everything above: the same answers give the same numbers
    problems            warnings about the design
    """

    values: FloatArray
    weights: FloatArray | None
    strata: tuple[str, ...] | None
    units: tuple[str, ...] | None
    digest: str
    problems: tuple[Problem, ...]

    @property
    def n(self) -> int:
        """Return the number of respondents."""
        return len(self.values)

    @property
    def is_stratified(self) -> bool:
        """Tell whether the cases carry strata or sampling units."""
        return self.strata is not None or self.units is not None

    @property
    def effective_base(self) -> float:
        """Return Kish's effective base: (sum of weights)^2 over the sum of squared weights."""
        if self.weights is None:
            return float(self.n)
        return float(self.weights.sum() ** 2 / (self.weights**2).sum())


def sample_of(table: ResponseTable, model: Model) -> Sample:
    """Return the complete respondents of a response table.

    Design columns count only when every respondent carries them; a warning names the others.
    Raises ProblemsError: too few respondents, items that the table lacks, answers that are no
    numbers, probabilities outside 0 to 1.
    """
    rows = [row for row in table.rows if row.outcome == COMPLETE]
    problems = [*_size_problems(len(rows)), *_item_problems(table, model)]
    if problems:
        raise ProblemsError(problems)
    values = _values(rows, model.indicators)
    warnings: list[Problem] = []
    strata = design_column(rows, STRATUM, warnings)
    units = design_column(rows, UNIT, warnings)
    weights = weights_of(rows, design_column(rows, PROBABILITY, warnings))
    digest = _digest(values, weights, strata, units)
    return Sample(values, weights, strata, units, digest, tuple(warnings))


def reweighted(sample: Sample, weights: FloatArray) -> Sample:
    """Return the sample with other weights (n,), and the digest that goes with them."""
    digest = _digest(sample.values, weights, sample.strata, sample.units)
    return replace(sample, weights=weights, digest=digest)


def require_some(found: int) -> None:
    """Raise ProblemsError when too few cases answered to the end."""
    if problems := _size_problems(found):
        raise ProblemsError(problems)


def _size_problems(found: int) -> list[Problem]:
    if not found:
        return [messages.NO_COMPLETES.at(Place(), needed=FEWEST)]
    if found < FEWEST:
        return [messages.TOO_FEW_COMPLETES.at(Place(), found=found, needed=FEWEST)]
    return []


def _item_problems(table: ResponseTable, model: Model) -> list[Problem]:
    known = {variable.name for variable in table.variables}
    return [
        messages.ITEM_NOT_ASKED.at(
            Place(column=item), construct=construct.name, item=item, near=nearest(item, known)
        )
        for construct in model.constructs
        for item in construct.indicators
        if item not in known
    ]


def _values(rows: Sequence[ResponseRow], items: Sequence[str]) -> FloatArray:
    values = np.full((len(rows), len(items)), np.nan)
    problems = []
    for at, row in enumerate(rows):
        for column, item in enumerate(items):
            given = row.values.get(item)
            number = as_number(given)
            if number is None:
                place = Place(column=item)
                said = messages.NOT_A_NUMBER
                problems.append(said.at(place, value=given, respondent=row.respondent))
            else:
                values[at, column] = number
    if problems:
        raise ProblemsError(problems[:LISTED])
    return values


def as_number(given: object) -> float | None:
    """Return an answer as a number, NaN for no answer, None for what is no number.

    >>> as_number("7"), as_number(None), as_number("seven")
    (7.0, nan, None)
    """
    if given is None:
        return math.nan
    try:
        number = float(given) if isinstance(given, str | int | float) else math.inf
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def design_column(
    rows: Sequence[ResponseRow], name: str, said: list[Problem]
) -> tuple[str, ...] | None:
    """Return a design column when every case carries it, else None and perhaps a warning."""
    cells = [_cell(carried(row, name)) for row in rows]
    missing = cells.count("")
    if 0 < missing < len(cells):
        place = Place(column=name)
        said.append(
            messages.DESIGN_INCOMPLETE.at(place, missing=missing, total=len(cells), what=name)
        )
    return None if missing else tuple(cells)


def carried(row: ResponseRow, name: str) -> object:
    """Return what a case carries in a design column; None for nothing.

    An imported row has its design, if any, in columns named as those of a sample file.
    """
    return row.design.get(name) if row.design else row.values.get(IMPORTED.get(name, name))


def said_or_carried(row: ResponseRow, name: str) -> object:
    """Return the answer or case variable of a row, else its design column; None for nothing."""
    given = row.values.get(name)
    return given if given is not None else row.design.get(name)


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def weights_of(rows: Sequence[ResponseRow], cells: tuple[str, ...] | None) -> FloatArray | None:
    """Return (n,) weights, one over the probability; None when the cases carry none."""
    if cells is None:
        return None
    found = [as_number(cell) for cell in cells]
    problems = [
        messages.BAD_PROBABILITY.at(Place(), value=cell, respondent=row.respondent)
        for cell, probability, row in zip(cells, found, rows, strict=True)
        if probability is None or not 0 < probability <= 1
    ]
    if problems:
        raise ProblemsError(problems[:LISTED])
    return 1.0 / np.array(found, dtype=float)


def _digest(
    values: FloatArray,
    weights: FloatArray | None,
    strata: Sequence[str] | None,
    units: Sequence[str] | None,
) -> str:
    answers = [[None if math.isnan(value) else value for value in row] for row in values.tolist()]
    weighed = None if weights is None else weights.tolist()
    content = json.dumps([answers, weighed, strata, units], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
