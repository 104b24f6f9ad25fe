"""PURE. What if a driver stood d points higher: the index and loyalty, with their intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import extension_messages as messages
from analysis.model.derived import derived, row_of
from analysis.model.importance import must_be_rated
from foundation.problems import Place, ProblemsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.inference import Figure
    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]

MIDDLE = 0.90
"""Share of the respondents between whose scores a driver's mean may be moved."""


@dataclass(frozen=True)
class Effect:
    """What moving a driver by `points` does to one construct, on 0-100."""

    driver: str
    points: float
    target: str
    change: Figure
    index: Figure


def observed_range(scores: FloatArray, weights: FloatArray | None = None) -> tuple[float, float]:
    """Return the scores between which the middle 90 % of the respondents lie, by weight.

    Beyond them a handful of respondents would have to carry what the model says.
    """
    order = np.argsort(scores)
    own = np.ones(len(scores)) if weights is None else weights
    reached = np.cumsum(own[order]) / own.sum()
    tail = (1.0 - MIDDLE) / 2.0
    places = np.searchsorted(reached, [tail, 1.0 - tail]).clip(max=len(scores) - 1)
    low, high = scores[order[places]].tolist()
    return low, high


def what_if(
    fit: Fit,
    driver: str,
    points: float,
    observed: tuple[float, float],
    *,
    level: float = 0.95,
) -> list[Effect]:
    """Return the effects of moving a driver's index by `points`, on all that it leads to.

    The change of a target is its impact times the points: the paths are linear, and with
    interactions they are those at the average of the moderators. It says what customers would
    answer who differ so, as far as the paths are causes.

    Parameters
    ----------
    observed    the range of respondents' scores (see `observed_range`) that the driver's mean
                must stay in

    Raises
    ------
    ProblemsError when the driver is unknown, leads nowhere, or would leave the observed range;
    it then names the range of points that can be asked for.
    """
    must_be_rated(fit, driver)
    _must_stay(fit, driver, points, observed)
    targets = [label.name for label in fit.labels if label[::2] == ("impact", driver)]
    if not targets:
        raise ProblemsError([messages.NO_ROUTE.at(Place(item=driver), source=driver, target="*")])
    return [_effect(fit, driver, points, target, level) for target in targets]


def _effect(fit: Fit, driver: str, points: float, target: str, level: float) -> Effect:
    impact, index = row_of(fit, "impact", target, driver), row_of(fit, "index", target)

    def combine(values: FloatArray) -> FloatArray:
        change = points * values[impact]
        return np.stack([change, np.clip(values[index] + change, 0.0, 100.0)])

    change, moved = derived(fit, combine, level=level)
    return Effect(driver, points, target, change, moved)


def _must_stay(fit: Fit, driver: str, points: float, observed: tuple[float, float]) -> None:
    level = fit.figure("index", driver).value
    low, high = observed
    if low <= level + points <= high:
        return
    raise ProblemsError(
        [
            messages.OUTSIDE_OBSERVED.at(
                Place(item=driver),
                name=driver,
                points=f"{points:+.1f}",
                wanted=f"{level + points:.1f}",
                low=f"{low:.1f}",
                high=f"{high:.1f}",
                least=f"{low - level:+.1f}",
                most=f"{high - level:+.1f}",
            )
        ]
    )
