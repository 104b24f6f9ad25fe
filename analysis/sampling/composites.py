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

import numpy as np

from analysis.sampling.estimates import Estimates
from analysis.sampling.intervals import critical
from analysis.sampling.many import Place
from analysis.sampling.report_messages import (
    MISSING_SOURCE,
    SINGLE_RATER,
    SOURCE_WEIGHTS,
    UNKNOWN_SOURCE,
)
from foundation import problems
from foundation.problems import Problem, ProblemsError, nearest

Missing = Literal["rescale", "withhold"]
TOLERANCE = 1e-9
MANY = 1_000_000
"""Degrees of freedom with which Student's t is the normal distribution."""


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
            raise ProblemsError([SOURCE_WEIGHTS.at(problems.Place(), total=f"{100 * total:g}")])


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
            UNKNOWN_SOURCE.at(_at(name), name=name, near=nearest(name, scheme.weights))
            for name in unknown
        )
    missing = [name for name in scheme.weights if name not in sources]
    remarks = [MISSING_SOURCE.at(_at(name), name=name) for name in missing]
    if not sources or (missing and scheme.missing == "withhold"):
        return Composite(None, None, None, None, {}, tuple(remarks))
    total = sum(scheme.weights[name] for name in sources)
    weights = {name: scheme.weights[name] / total for name in sources}
    remarks += [
        SINGLE_RATER.at(_at(name), name=name, weight=f"{100 * weights[name]:.0f}")
        for name, source in sources.items()
        if source.se is None
    ]
    value = sum(weights[name] * source.mean for name, source in sources.items())
    se = _error(weights, sources)
    reach = critical(math.inf, level) * se
    return Composite(value, se, value - reach, value + reach, weights, tuple(remarks))


def _at(source: str) -> problems.Place:
    return problems.Place(item=source)


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


def comparable(scores: Mapping[str, Composite], counts: Mapping[str, int]) -> Estimates:
    """Return composites as estimates for a league table; those withheld are left out.

    Each person is taken as rated apart from the others, so that covariances are zero: colleagues
    who rate everybody raise or lower all alike, which makes differences surer than shown here.
    `counts` are the ratings behind each. Intervals are normal.
    """
    known = {name: one for name, one in scores.items() if one.value is not None}
    se = np.array([one.se for one in known.values()], dtype=np.float64)
    nothing = np.full(len(known), np.nan)
    return Estimates(
        names=tuple(known),
        values=np.array([one.value for one in known.values()], dtype=np.float64),
        covariance=np.diag(se**2),
        df=MANY,
        counts=np.array([counts.get(name, 0) for name in known], dtype=np.float64),
        deff=nothing,
        n_eff=nothing,
    )


@dataclass(frozen=True)
class Podium:
    """The first places of a table, as they may be posted.

    named      those with a rank of at most the number of places, ties included
    uncertain  how many others cannot be told from a place among the first
    """

    named: tuple[str, ...]
    uncertain: int


def podium(table: Sequence[Place], places: int = 3) -> Podium:
    """Return the first places of a league table; the others are counted, never named.

    >>> rows = [("a", 9, 1, 1, 2, "a"), ("b", 8, 2, 1, 3, "a"), ("c", 1, 3, 2, 3, "a")]
    >>> podium([Place(*row) for row in rows], 1)
    Podium(named=('a',), uncertain=1)
    """
    named = tuple(row.name for row in table if row.rank <= places)
    others = [row for row in table if row.rank > places and row.best <= places]
    return Podium(named, len(others))
