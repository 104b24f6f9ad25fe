"""PURE. The data of a model from a CSV file, and replicate weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.files.tables import COMMAND, columns, opened
from analysis.model import cases, messages
from foundation.problems import Place, Problem, ProblemsError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.files.tables import Limits, Table
    from analysis.model.settings import Missing
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    """The columns of a data file that a model uses, in its order, and the case weights.

    values : (n, p); weights : (n,) or None. Answers are as in the file: missing codes stay.
    """

    values: FloatArray
    weights: FloatArray | None


def read_data(
    content: bytes,
    model: Model,
    *,
    filename: str = "",
    weights: str = "",
    missing: Missing = "mean",
    pandas: bool = True,
    limits: Limits = COMMAND,
) -> Data:
    """Return the items of a model, and a column of weights if one is named, from a CSV file.

    ProblemsError lists every missing column, every cell that is no number or lies off its
    scale, every constant or empty item, with file, row (the heading is row 1) and column; or that
    the file goes beyond `limits` where it is read row by row.
    """
    table = opened(content, filename, limits)
    wanted = [*model.indicators, *([weights] if weights else [])]
    problems = list(_missing_columns(table, model, weights))
    there = [name for name in wanted if name in table.heading]
    numbers, bad = columns(table, there, pandas=pandas)
    if problems or bad:
        raise ProblemsError([*problems, *bad])
    p = len(model.indicators)
    own = numbers[:, p] if weights else None
    data = Data(numbers[:, :p], own)
    values = cases.prepared(model, data.values)
    origin = cases.Origin(filename, first=2, weight=weights)
    cases.raise_errors(cases.data_problems(model, values, own, missing=missing, origin=origin))
    return data


def read_replicates(content: bytes, n: int, *, filename: str = "") -> FloatArray:
    """Return (R, n) replicate weights from a CSV file of one row per case, one column each.

    ProblemsError lists cells that are no weights, and a wrong number of rows.
    """
    table = opened(content, filename)
    numbers, problems = columns(table, list(table.heading))
    if not problems and len(numbers) != n:
        said = messages.REPLICATE_ROWS
        problems = [said.at(Place(filename), found=len(numbers), expected=n)]
    bad = np.argwhere(~((numbers >= 0) & (numbers <= cases.LARGEST)))
    for row, column in [] if problems else bad[: cases.LISTED].tolist():
        place = Place(filename, row=row + 2, column=table.heading[column])
        problems.append(messages.WEIGHT_NEGATIVE.at(place, value=f"{numbers[row, column]:g}"))
    if problems:
        raise ProblemsError(problems)
    return np.ascontiguousarray(numbers.T)


def _missing_columns(table: Table, model: Model, weights: str) -> Iterator[Problem]:
    for construct in model.constructs:
        for item in construct.indicators:
            if item not in table.heading:
                yield messages.MISSING_COLUMN.at(
                    Place(table.file),
                    item=item,
                    construct=construct.name,
                    near=nearest(item, table.heading),
                )
    if weights and weights not in table.heading:
        yield messages.NO_WEIGHTS_COLUMN.at(
            Place(table.file), name=weights, near=nearest(weights, table.heading)
        )
