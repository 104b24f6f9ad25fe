"""PURE. Composite scores of several sources with stated weights, and their error.

The service star of a branch: team 30, operations manager 15, lobby manager 15, customers 40.
A source that is missing either withholds the score or has its weight shared by the others, as
the scheme states beforehand. A source of a single rater has no error of its own: the score's
error then leaves it out and says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from analysis.sampling.intervals import critical
from analysis.sampling.report_messages import (
    MISSING_SOURCE,
    SINGLE_RATER,
    SOURCE_WEIGHTS,
    UNKNOWN_SOURCE,
)
from foundation.problems import Place, Problem, ProblemsError, nearest

Missing = Literal["rescale", "withhold"]
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Source:
    """What one source says: mean on 0-100, standard error (None for one rater), base."""

    mean: float
    se: float | None
    n: int


@dataclass(frozen=True)
class Scheme:
    """The weights of the sources, which add to 1, and what a missing source does."""

    weights: Mapping[str, float]
    missing: Missing = "rescale"

    def __post_init__(self) -> None:
        total = sum(self.weights.values())
        negative = any(weight < 0 for weight in self.weights.values())
        if negative or abs(total - 1) > TOLERANCE:
            raise ProblemsError([SOURCE_WEIGHTS.at(Place(), total=f"{100 * total:g}")])


TELLER_STAR = Scheme({"team": 0.30, "operations": 0.15, "lobby": 0.15, "customers": 0.40})


@dataclass(frozen=True)
class Composite:
    """A score with its error; value and error None when withheld. `weights` are those used."""

    value: float | None
    se: float | None
    low: float | None
    high: float | None
    weights: Mapping[str, float]
    remarks: tuple[Problem, ...] = ()


def composite(scheme: Scheme, sources: Mapping[str, Source], level: float = 0.95) -> Composite:
    """Return sum w_s mean_s and sqrt(sum w_s^2 se_s^2): sources are independent.

    Raises a problem for a source that the scheme does not know.
    """
    unknown = [name for name in sources if name not in scheme.weights]
    if unknown:
        raise ProblemsError(
            UNKNOWN_SOURCE.at(Place(item=name), name=name, near=nearest(name, scheme.weights))
            for name in unknown
        )
    missing = [name for name in scheme.weights if name not in sources]
    remarks = [MISSING_SOURCE.at(Place(item=name), name=name) for name in missing]
    if not sources or (missing and scheme.missing == "withhold"):
        return Composite(None, None, None, None, {}, tuple(remarks))
    total = sum(scheme.weights[name] for name in sources)
    weights = {name: scheme.weights[name] / total for name in sources}
    remarks += [
        SINGLE_RATER.at(Place(item=name), name=name, weight=f"{100 * weights[name]:.0f}")
        for name, source in sources.items()
        if source.se is None
    ]
    value = sum(weights[name] * source.mean for name, source in sources.items())
    se = _error(weights, sources)
    reach = critical(math.inf, level) * se
    return Composite(value, se, value - reach, value + reach, weights, tuple(remarks))


def _error(weights: Mapping[str, float], sources: Mapping[str, Source]) -> float:
    return math.sqrt(
        sum((weights[name] * (source.se or 0.0)) ** 2 for name, source in sources.items())
    )


def source_of(values: Sequence[float]) -> Source:
    """Return the source of single ratings on 0-100; one rating has no error."""
    n = len(values)
    mean = sum(values) / n
    if n == 1:
        return Source(mean, None, 1)
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    return Source(mean, math.sqrt(variance / n), n)
