"""PURE. Composite scores of several sources with stated weights, and their error.

The service star of a branch: team 30, operations manager 15, lobby manager 15, customers 40.
A source that is missing either withholds the score or has its weight shared by the others, as
the scheme states beforehand. A source of a single rater has no error of its own: the score's
error then leaves it out and says so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from analysis.sampling.columns import FloatArray
from analysis.sampling.estimates import Estimates
from analysis.sampling.intervals import critical
from analysis.sampling.many import Place, Shrunken, shrunken
from analysis.sampling.raters import Means
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
DIGITS = 9
"""Scores that agree to so many digits are equal: ties do not hang on the order of a sum."""


@dataclass(frozen=True)
class Source:
    """What one source says: mean on 0-100, standard error (None for one rater), raters."""

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
    """A score with its error; all None when withheld. `weights` are those used.

    se, df, low, high   None also when no source has an error: the score is then a value only
    """

    value: float | None
    se: float | None
    low: float | None
    high: float | None
    weights: Mapping[str, float]
    remarks: tuple[Problem, ...] = ()
    df: float | None = None


def composite(scheme: Scheme, sources: Mapping[str, Source], level: float = 0.95) -> Composite:
    """Return sum w_s mean_s and sqrt(sum w_s^2 se_s^2): sources are independent.

    The interval is Student's with the degrees of freedom of Satterthwaite (1946), because a
    source may have few raters. Raises a problem for a source that the scheme does not know.
    """
    unknown = [name for name in sources if name not in scheme.weights]
    if unknown:
        raise ProblemsError(
            UNKNOWN_SOURCE.at(_at(name), name=name, near=nearest(name, scheme.weights))
            for name in unknown
        )
    missing = [name for name in scheme.weights if name not in sources]
    remarks = [MISSING_SOURCE.at(_at(name), name=name) for name in missing]
    total = sum(scheme.weights[name] for name in sources)
    if total <= 0 or (missing and scheme.missing == "withhold"):
        return Composite(None, None, None, None, {}, tuple(remarks))
    weights = {name: scheme.weights[name] / total for name in sources}
    remarks += [
        SINGLE_RATER.at(_at(name), name=name, weight=f"{100 * weights[name]:.0f}")
        for name, source in sources.items()
        if source.se is None
    ]
    value = sum(weights[name] * source.mean for name, source in sources.items())
    error = _error(weights, sources)
    if error is None:
        return Composite(value, None, None, None, weights, tuple(remarks))
    se, df = error
    reach = critical(df, level) * se
    return Composite(value, se, value - reach, value + reach, weights, tuple(remarks), df)


def _at(source: str) -> problems.Place:
    return problems.Place(item=source)


def _error(
    weights: Mapping[str, float], sources: Mapping[str, Source]
) -> tuple[float, float] | None:
    """Return the standard error and its degrees of freedom; None when no source has an error.

    df = (sum v_s)^2 / sum v_s^2 / (n_s - 1) with v_s = w_s^2 se_s^2 (Satterthwaite 1946).
    """
    parts = [
        ((weights[name] * source.se) ** 2, source.n - 1)
        for name, source in sources.items()
        if source.se is not None
    ]
    if not parts:
        return None
    variance = sum(v for v, _ in parts)
    squares = sum(v**2 / free for v, free in parts)
    df = variance**2 / squares if squares > 0 else float(min(free for _, free in parts))
    return math.sqrt(variance), df


def source_of(values: Sequence[float]) -> Source:
    """Return the source of single ratings on 0-100; one rating has no error."""
    n = len(values)
    mean = sum(values) / n
    if n == 1:
        return Source(mean, None, 1)
    variance = sum((value - mean) ** 2 for value in values) / (n - 1)
    return Source(mean, math.sqrt(variance / n), n)


def sources_of(unit: str, means: Mapping[str, Means]) -> dict[str, Source]:
    """Return what each source says of a unit, those that say nothing left out."""
    found = {}
    for name, own in means.items():
        at = own.at(unit)
        if at is not None:
            n = int(own.raters[at])
            se = math.sqrt(own.covariance[at, at]) if n > 1 else None
            found[name] = Source(float(own.values[at]), se, n)
    return found


def comparable(
    scores: Mapping[str, Composite],
    counts: Mapping[str, int],
    means: Mapping[str, Means] | None = None,
) -> Estimates:
    """Return composites as estimates for a league table; those without an error are left out.

    With `means`, the mean ratings by source, the covariance of units u and v is
    sum_s w_us w_vs cov_s(m_u, m_v): what raters of several units say of all of them alike cancels
    in differences. Without, each unit is taken as rated apart from the others and covariances are
    zero: colleagues who rate everybody make differences surer than shown then. `counts` are the
    raters behind each. The degrees of freedom are the smallest of any score, rounded down.
    """
    known = {name: one for name, one in scores.items() if one.df is not None}
    names = tuple(known)
    nothing = np.full(len(known), np.nan)
    return Estimates(
        names=names,
        values=np.array([round(one.value or 0.0, DIGITS) for one in known.values()], dtype=float),
        covariance=_joint(known, means or {}),
        df=int(max(min((one.df or 1.0 for one in known.values()), default=1.0) + TOLERANCE, 1.0)),
        counts=np.array([counts.get(name, 0) for name in known], dtype=np.float64),
        deff=nothing,
        n_eff=nothing,
    )


def _joint(known: Mapping[str, Composite], means: Mapping[str, Means]) -> FloatArray:
    """Return the (k, k) covariance of composites; off the diagonal from the raters they share."""
    joint = np.zeros((len(known), len(known)))
    for source, own in means.items():
        rated = [row for row, name in enumerate(known) if own.at(name) is not None]
        scores = list(known.items())
        at = [own.units.index(scores[row][0]) for row in rated]
        w = np.array([scores[row][1].weights.get(source, 0.0) for row in rated])
        joint[np.ix_(rated, rated)] += np.outer(w, w) * own.covariance[np.ix_(at, at)]
    np.fill_diagonal(joint, [(one.se or 0.0) ** 2 for one in known.values()])
    return joint


def drawn_in(estimates: Estimates, level: float = 0.95) -> Shrunken:
    """Return composites drawn towards their mean, the less the surer they are (Morris 1983).

    What the errors share, the mean covariance c, moves all scores alike and says nothing of how
    units differ: it is taken off the variances (never below zero) that draw, and put back into
    the errors. The limits are Student's with the degrees of freedom of `estimates`.
    """
    V, k = estimates.covariance, len(estimates.values)
    shared = (V.sum() - np.trace(V)) / (k * (k - 1)) if k > 1 else 0.0
    c = min(max(shared, 0.0), float(np.diag(V).min()))
    own = shrunken(replace(estimates, covariance=V - c), level)
    se = np.sqrt(own.se**2 + c)
    reach = critical(estimates.df, level) * se
    return replace(own, se=se, low=own.values - reach, high=own.values + reach)


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
