"""PURE. Nonresponse: respondents carry the weight of those of their class who did not answer.

Classes: weight times (weighted cases / weighted respondents) of the class (Oh, Scheuren 1983).
Propensity: weight over the fitted probability to answer, a logistic regression weighted by the
design (Little 1986), or classes made of that probability, which is safer against a wrong model.
Cases are all eligible cases of the sample; nonrespondents end with weight 0. Classes in which too
few answered can be merged with their neighbours, in the order of the levels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.weighting.messages import MISSING_CATEGORY, NO_RESPONDENTS, SEPARATED
from foundation.problems import Place, ProblemsError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Residual = Callable[[FloatArray], FloatArray]

STEPS = 100
SETTLED = 1e-12
LARGEST_LOGIT = 30.0


@dataclass(frozen=True)
class ClassAdjustment:
    """Nonresponse classes: codes (n,) into levels, and who responded (n,).

    `merge`: a class of which nobody answered, say in a resample, joins its neighbour for that once;
    else it is refused.
    """

    codes: IntArray
    levels: tuple[str, ...]
    responded: BoolArray
    merge: bool = False

    def __post_init__(self) -> None:
        missing = int((self.codes < 0).sum())
        if missing:
            raise ProblemsError([MISSING_CATEGORY.at(Place(), name="class", count=missing)])

    @property
    def cells(self) -> IntArray:
        """(n,) twice the class, plus one for a respondent."""
        return 2 * self.codes + self.responded

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, 2L) factors: 0 for nonrespondents, weighted cases over respondents else."""
        padded = np.zeros((len(counts), 2 * len(self.levels)))
        padded[:, : counts.shape[1]] = counts
        silent, answered = padded[:, 0::2], padded[:, 1::2]
        lost = (answered <= 0) & (silent > 0)
        hopeless = lost & (answered.sum(axis=1, keepdims=True) <= 0) if self.merge else lost
        if hopeless.any():
            raise ProblemsError(
                NO_RESPONDENTS.at(
                    Place(item=self.levels[code]),
                    level=self.levels[code],
                    weight=f"{silent[:, code].max():.6g}",
                )
                for code in np.flatnonzero(hopeless.any(axis=0))
            )
        for row in np.flatnonzero(lost.any(axis=1)):
            silent[row], answered[row] = _spread(silent[row], answered[row])
        factors = np.zeros_like(padded)
        factors[:, 1::2] = np.divide(
            silent + answered, answered, out=np.zeros_like(answered), where=answered != 0
        )
        return factors[:, : counts.shape[1]]

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return scores less their class mean, plus that mean for every case of the class.

        The first part is the spread among respondents, the second that of the class sizes.
        """
        codes = self.codes
        total = np.bincount(codes, weights=after)

        def deviations(scores: FloatArray) -> FloatArray:
            left = np.empty_like(scores)
            for column, values in enumerate(scores.T):
                sums = np.bincount(codes, weights=values)
                mean = np.divide(sums, total, out=np.zeros_like(sums), where=total != 0)[codes]
                left[:, column] = values - mean * after + mean * before
            return left

        return deviations


def neighbours(answered: FloatArray | IntArray, fewest: float) -> IntArray:
    """Return (L,) groups of neighbouring classes in each of which at least `fewest` answered.

    A class of fewer takes in the next ones until it has enough; what is left at the end joins the
    last group. One group in all when fewer answered altogether.

    >>> neighbours(np.array([9, 0, 2, 8, 0]), 5).tolist()
    [0, 1, 1, 1, 1]
    """
    groups = np.zeros(len(answered), dtype=np.int64)
    group, have = 0, 0.0
    for at, count in enumerate(answered):
        groups[at] = group
        have += float(count)
        if have >= fewest:
            group, have = group + 1, 0.0
    return np.minimum(groups, max(group - 1, 0))


def _spread(silent: FloatArray, answered: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the counts of a row of classes, those merged that nobody answered in: (L,) each."""
    groups = neighbours(np.asarray(answered > 0, dtype=np.int64), 1)

    def joined(counts: FloatArray) -> FloatArray:
        return np.bincount(groups, weights=counts).astype(np.float64)[groups]

    return joined(silent), joined(answered)


@dataclass(frozen=True)
class PropensityAdjustment:
    """Weights over a fitted probability to answer: X (n, p) with an intercept, responded (n,)."""

    X: FloatArray
    responded: BoolArray

    @cached_property
    def _collapsed(self) -> tuple[IntArray, FloatArray]:
        table = np.column_stack([self.X, self.responded])
        patterns, cells = np.unique(table, axis=0, return_inverse=True)
        return cells.reshape(-1).astype(np.int64), patterns

    @property
    def cells(self) -> IntArray:
        """(n,) index among the distinct rows of X and response."""
        return self._collapsed[0]

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, C) one over the fitted propensity for respondents, 0 for the others."""
        patterns = self._collapsed[1]
        X, answered = patterns[:, :-1], patterns[:, -1]
        fitted = np.stack([propensities(X, answered, row) for row in counts])
        return np.asarray(answered / fitted)

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return scores less what the estimated propensities explain of them.

        u_i = x_i + w_i (r_i - p_i) x_i' B, B = (sum w p (1-p) x x')^-1 sum_i (p - 1) x_i s_i,
        the linearisation of Binder (1983) of a propensity-weighted total.
        """
        used = after != 0
        patterns = self._collapsed[1]
        counts = np.bincount(self.cells, weights=before).astype(np.float64)
        p = propensities(patterns[:, :-1], patterns[:, -1], counts)[self.cells]
        information = (self.X * (before * p * (1 - p))[:, None]).T @ self.X
        surprise = before * (self.responded - p)

        def deviations(scores: FloatArray) -> FloatArray:
            slope = (self.X * (used * (p - 1))[:, None]).T @ scores
            effect = np.linalg.solve(information, slope)
            return np.asarray(scores + (self.X @ effect) * surprise[:, None])

        return deviations


def propensities(X: FloatArray, responded: FloatArray, weights: FloatArray) -> FloatArray:
    """Return (n,) fitted probabilities to answer from a weighted logistic regression."""
    beta = np.zeros(X.shape[1])
    for _ in range(STEPS):
        p = special.expit(X @ beta)
        information = (X * (weights * p * (1 - p))[:, None]).T @ X
        try:
            step = np.linalg.solve(information, X.T @ (weights * (responded - p)))
        except np.linalg.LinAlgError:
            break
        beta = beta + step
        if np.abs(X @ beta).max() > LARGEST_LOGIT:
            break
        if float(np.abs(step).max()) < SETTLED * (1 + float(np.abs(beta).max())):
            return np.asarray(special.expit(X @ beta))
    raise ProblemsError([SEPARATED.at(Place())])


def propensity_classes(fitted: FloatArray, weights: FloatArray, count: int = 5) -> IntArray:
    """Return (n,) classes of about equal weight, ordered by the fitted propensity.

    Cases with one propensity stay together, in the class where their middle falls.
    """
    _, value = np.unique(fitted, return_inverse=True)
    size = np.bincount(value, weights=weights)
    middle = (np.cumsum(size) - size / 2) / size.sum()
    classes = np.minimum((middle * count).astype(np.int64), count - 1)
    return np.unique(classes[value], return_inverse=True)[1].astype(np.int64)
