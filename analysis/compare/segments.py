"""PURE. Looking for segments that nobody observed, and saying how far they can be believed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.compare import messages
from analysis.compare.criteria import NAMES, criteria
from analysis.compare.groups import plainness
from analysis.compare.mixture import fit_mixture
from analysis.model import cases
from analysis.model.run import full_sample
from analysis.model.settings import Settings
from foundation.problems import N_, Place, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.compare.criteria import Criteria
    from analysis.compare.mixture import Mixture
    from analysis.model.layout import Layout
    from analysis.model.run import Fit
    from analysis.model.specify import Model
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]

CLEAR = 0.5
LEAST_SHARE = 0.05

CONCLUSIONS = {
    "none": N_("The criteria see one population: there is no sign of segments."),
    "agree": N_("AIC3, BIC and CAIC agree on the number of segments."),
    "disagree": N_("The criteria do not agree: no number of segments is supported."),
    "edge": N_("The criteria improve up to the largest number tried: this is no sign of segments."),
    "small": N_("The criteria agree, but a segment is too small to be trusted."),
    "overlap": N_("The criteria agree, but the segments overlap too much to tell people apart."),
}


@dataclass(frozen=True)
class Solution:
    """The best mixture with one number of segments, and what it is worth.

    `reached` is how many starts came to it (log likelihood within 1e-6 of the best, relative);
    `refits` are the models estimated within each segment, cases assigned to the segment they
    most likely belong to; None where that was impossible, for the reasons in `not_refitted`.
    """

    mixture: Mixture
    criteria: Criteria
    reached: int
    refits: tuple[Fit | None, ...]
    not_refitted: tuple[Problem, ...]


@dataclass(frozen=True)
class Segmentation:
    """Mixtures of 1, 2 ... segments, the number each criterion names, and a conclusion.

    `rows` are the positions in the data of the cases that entered; `conclusion` is a key of
    CONCLUSIONS and `supported` the number of segments that the data support (one if none).
    """

    fit: Fit
    rows: NDArray[np.intp]
    solutions: tuple[Solution, ...]
    named: dict[str, int]
    conclusion: str
    supported: int
    starts: int
    seed: int
    problems: tuple[Problem, ...]


def segments(
    model: Model,
    data: FloatArray,
    *,
    settings: Settings | None = None,
    most: int = 4,
    starts: int = 20,
    seed: int = 1,
    weights: FloatArray | None = None,
) -> Segmentation:
    """Look for up to `most` segments that differ in their paths (FIMIX-PLS).

    The model is estimated once; the scores of its constructs (missing answers replaced by the
    mean) are then fitted by mixtures of 1, 2 ... segments, each from several random starts:
    start t with S segments draws each case's segment by
    numpy.random.default_rng([seed, S, t]).integers(0, S, n). Segments are numbered from large
    to small.

    Raises
    ------
    ProblemsError when the model cannot be estimated, cases have weights, or are too few.
    """
    settings = settings or Settings()
    problems = list(plainness(model, settings))
    if weights is not None:
        problems.append(messages.WEIGHTED_SEGMENTS.at(Place()))
    cases.raise_errors(problems)
    fit = full_sample(model, data, None, settings)
    rows = np.flatnonzero(cases.usable_rows(cases.prepared(model, data), None, settings.missing))
    cases.raise_errors(_enough(fit, most))
    scores = construct_scores(fit, data[rows])
    solutions: list[Solution] = []
    said = list(fit.problems)
    for S in range(1, most + 1):
        own, reached = _best(fit.plan, scores, S, starts, seed)
        if own is None:
            reason = "a segment always died out, collapsed or had dependent predictors"
            said.append(messages.NO_MIXTURE.at(Place(), segments=S, starts=starts, reason=reason))
            break
        refits, reasons = _refits(fit, data[rows], own)
        solutions.append(Solution(own, criteria(fit.plan, own), reached, refits, reasons))
    named = {name: _lowest(solutions, name) for name in NAMES}
    conclusion = _conclusion(fit, solutions, named, most)
    supported = named["caic"] if conclusion == "agree" else 1
    said += _warnings(fit, solutions, named, conclusion, starts)
    return Segmentation(
        fit, rows, tuple(solutions), named, conclusion, supported, starts, seed, tuple(said)
    )


def construct_scores(fit: Fit, data: FloatArray) -> FloatArray:
    """Return (n, k) scores of the constructs, mean zero and variance one (divisor n)."""
    found, values = fit.estimates, cases.prepared(fit.model, data)
    centred = values - found.means[:, 0]
    centred[np.isnan(centred)] = 0.0
    return fit.plan.sums((centred * found.slopes[:, 0]).T).T


def least_cases(plan: Layout) -> int:
    """Return the fewest cases of a segment: ten for each term of the largest equation."""
    return cases.CASES_PER_TERM * plan.largest_equation


def _enough(fit: Fit, most: int) -> list[Problem]:
    possible = fit.n // least_cases(fit.plan)
    if possible >= most:
        return []
    said = messages.TOO_MANY_SEGMENTS
    return [said.at(Place(), found=fit.n, wanted=most, most=max(possible, 1))]


def _best(
    plan: Layout, scores: FloatArray, S: int, starts: int, seed: int
) -> tuple[Mixture | None, int]:
    """Return the mixture of the highest likelihood, and how many starts came to it."""
    n = len(scores)
    found = []
    for start in range(starts if S > 1 else 1):
        rng = np.random.default_rng([seed, S, start])
        own = fit_mixture(plan, scores, np.eye(S)[rng.integers(0, S, n)])
        if own is not None:
            found.append(own)
    if not found:
        return None, 0
    best = max(found, key=lambda own: own.log_likelihood)
    near = 1e-6 * max(abs(best.log_likelihood), 1.0)
    return best, sum(best.log_likelihood - own.log_likelihood <= near for own in found)


def _refits(
    fit: Fit, data: FloatArray, found: Mixture
) -> tuple[tuple[Fit | None, ...], tuple[Problem, ...]]:
    """Return the model estimated within each segment, and why it could not be."""
    refits: list[Fit | None] = []
    said: list[Problem] = []
    for segment in range(found.segments):
        try:
            own = data[found.assignment == segment]
            refits.append(full_sample(fit.model, own, None, fit.settings))
        except ProblemsError as error:
            refits.append(None)
            reason = error.problems[0].text()
            values = {"segment": segment + 1, "segments": found.segments, "reason": reason}
            said.append(messages.NOT_REFITTED.at(Place(), **values))
    return tuple(refits), tuple(said)


def _lowest(solutions: list[Solution], name: str) -> int:
    values = [getattr(own.criteria, name) for own in solutions]
    return 1 + values.index(min(values))


def _conclusion(fit: Fit, solutions: list[Solution], named: dict[str, int], most: int) -> str:
    """Return what the criteria support, as a key of CONCLUSIONS."""
    chosen = {named[name] for name in ("aic3", "bic", "caic")}
    if chosen == {1}:
        return "none"
    if len(chosen) > 1:
        return "disagree"
    own = solutions[named["caic"] - 1]
    if own.mixture.segments == most > 2:  # noqa: PLR2004 - of two, one was tried as well
        return "edge"
    if any(_small(fit, own, segment) for segment in range(own.mixture.segments)):
        return "small"
    return "overlap" if (own.criteria.entropy or 0.0) < CLEAR else "agree"


def _small(fit: Fit, own: Solution, segment: int) -> bool:
    size = int((own.mixture.assignment == segment).sum())
    return size < max(least_cases(fit.plan), LEAST_SHARE * fit.n)


def _warnings(
    fit: Fit, solutions: list[Solution], named: dict[str, int], conclusion: str, starts: int
) -> Iterator[Problem]:
    """Yield what to keep in mind about the criteria and the solutions that they name."""
    if conclusion == "disagree":
        yield messages.CRITERIA_DISAGREE.at(Place(), **named)
    if conclusion == "edge":
        yield messages.AT_THE_EDGE.at(Place(), segments=len(solutions))
    for own in solutions[1:]:
        if own.mixture.segments in named.values():
            yield from _doubts(fit, own, starts)


def _doubts(fit: Fit, own: Solution, starts: int) -> Iterator[Problem]:
    S, entropy = own.mixture.segments, own.criteria.entropy or 0.0
    if entropy < CLEAR:
        yield messages.OVERLAPPING.at(Place(), segments=S, entropy=f"{entropy:.2f}")
    if own.reached == 1 < starts:
        yield messages.UNSTABLE.at(Place(), segments=S, starts=starts)
    if not own.mixture.converged:
        yield messages.NOT_SETTLED.at(Place(), segments=S, steps=own.mixture.steps)
    yield from own.not_refitted
    wanted = math.ceil(max(least_cases(fit.plan), LEAST_SHARE * fit.n))
    for segment in range(S):
        if _small(fit, own, segment):
            size = int((own.mixture.assignment == segment).sum())
            values = {"segment": segment + 1, "segments": S, "found": size, "wanted": wanted}
            yield messages.SMALL_SEGMENT.at(Place(), **values)
