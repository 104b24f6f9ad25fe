"""PURE. How many interviews the index needs for a wanted margin, by simulated surveys.

A simulated survey of m interviews draws m cases with replacement from the answers at hand and
fits the whole model to them. The answers are drawn as they are, with their weights and gaps: no
normal distribution is assumed, and every source of error that the index has is in the margin.
How often each case is drawn is multinomial, so that a survey of 50,000 costs what one of 500 does.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import extension_messages as messages
from analysis.model.importance import must_be_rated
from analysis.model.inference import student
from analysis.model.parameters import Parameter
from analysis.model.resampling import stack_size, under_weights
from foundation.problems import Place, ProblemsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.resampling import Estimator
    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]

STEPS = 4
"""Times that the number of interviews is corrected; the margin falls with its root, nearly."""

WIDEST = 50.0


@dataclass(frozen=True)
class Simulated:
    """Surveys of one size: the margin of the index (half its interval), and how sure that is.

    error      Monte Carlo standard error of the margin: margin / sqrt(2 (surveys - 1))
    dropped    surveys whose model could not be estimated
    """

    interviews: int
    margin: float
    error: float
    surveys: int
    dropped: int


@dataclass(frozen=True)
class Planned:
    """The interviews needed for a margin, and their Monte Carlo standard error.

    `steps` are the sizes that were simulated: first that of the answers at hand, then some near
    the answer, which is the mean of what those ask for (their margins differ by chance alone).
    """

    construct: str
    wanted: float
    level: float
    seed: int
    interviews: int
    error: float
    steps: tuple[Simulated, ...]


def interviews_needed(
    estimator: Estimator,
    fit: Fit,
    construct: str,
    margin: float,
    *,
    level: float = 0.95,
    surveys: int = 1000,
    seed: int = 1,
    most: int = 100_000,
) -> Planned:
    """Return how many interviews give the index of a construct a wanted margin (0-100 points).

    Parameters
    ----------
    estimator, fit    of the answers at hand, from `run.prepared_fit`
    margin            half of the interval: 1.5 means plus and minus 1.5 points
    surveys, seed     simulated for each size, and where their chance starts
    most              interviews beyond which the search gives up

    Raises
    ------
    ProblemsError when the construct has no index, or the margin is absurd or out of reach.
    """
    must_be_rated(fit, construct)
    if not 0 < margin < WIDEST:
        raise ProblemsError([messages.BAD_MARGIN.at(Place(item="margin"), margin=f"{margin:g}")])
    steps, size = [], fit.n
    for step in range(STEPS):
        rng = np.random.default_rng([seed, step])
        steps.append(simulated(estimator, construct, size, level=level, surveys=surveys, rng=rng))
        size = ceil(size * (steps[-1].margin / margin) ** 2)
        if size > most:
            values = {"margin": f"{margin:g}", "most": most}
            raise ProblemsError([messages.MARGIN_OUT_OF_REACH.at(Place(item="margin"), **values)])
        size = max(size, least_cases(estimator))
    return _pooled(construct, margin, level, seed, tuple(steps))


def _pooled(
    construct: str, margin: float, level: float, seed: int, steps: tuple[Simulated, ...]
) -> Planned:
    """Return the mean of what the steps near the answer ask for, each for itself."""
    near = steps[1:]
    asked = [step.interviews * (step.margin / margin) ** 2 for step in near]
    needed = sum(asked) / len(asked)
    error = needed * sqrt(2.0 / sum(step.surveys - 1 for step in near))
    return Planned(construct, margin, level, seed, ceil(needed), error, steps)


def least_cases(estimator: Estimator) -> int:
    """Return the fewest interviews that a survey of this model can have: terms plus two."""
    return estimator.plan.largest_equation + 2


def simulated(
    estimator: Estimator,
    construct: str,
    interviews: int,
    *,
    level: float,
    surveys: int,
    rng: np.random.Generator,
) -> Simulated:
    """Return the margin of an index in simulated surveys of one size."""
    n = estimator.products.n
    place = estimator.listing.labels.index(Parameter("index", construct))
    values, step = [], stack_size(estimator)
    for start in range(0, surveys, step):
        draws = rng.multinomial(interviews, np.full(n, 1.0 / n), min(step, surveys - start))
        found = under_weights(estimator, draws.astype(float))
        values.append(found.usable[place])
    index = np.concatenate(values)
    used = len(index)
    if used < 2:  # noqa: PLR2004 - a spread needs two
        raise ProblemsError([messages.TOO_SMALL.at(Place(), interviews=interviews)])
    margin = student(0.5 + level / 2.0, np.inf) * float(index.std(ddof=1))
    return Simulated(interviews, margin, margin / sqrt(2.0 * (used - 1)), used, surveys - used)
