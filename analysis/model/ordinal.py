"""PURE. When ordinal items can be correlated by the normal variables behind them, and when not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model import judging_messages as messages
from analysis.model.polychoric import SMALLEST
from analysis.model.stages import is_plain
from foundation.problems import Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.specify import Model
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]

MOST = 20
"""Different answers beyond which an item is not ordinal."""


def ordinal_problems(model: Model, values: FloatArray) -> list[Problem]:
    """Return what keeps (n, p) prepared answers from polychoric correlations."""
    problems = [] if is_plain(model) else [messages.ORDINAL_STAGES.at(Place())]
    for item, own in zip(model.indicators, values.T, strict=True):
        count = len(np.unique(own[~np.isnan(own)]))
        if count > MOST:
            said = messages.MANY_CATEGORIES
            problems.append(said.at(Place(column=item), item=item, count=count, most=MOST))
    return problems


def smoothing_problems(found: Estimates) -> list[Problem]:
    """Return a warning when the correlations of the full sample had to be smoothed."""
    least = float(np.linalg.eigvalsh(found.items[:, :, 0])[0])
    return [messages.SMOOTHED.at(Place())] if least < 10 * SMALLEST else []
