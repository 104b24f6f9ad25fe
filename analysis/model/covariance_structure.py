"""PURE. A model as equations between its items and constructs, and the moments they imply.

Every item and every construct of several items is a node; a construct of one item is that item,
without error. With A the effects between nodes, S the (residual) variances and covariances and
M the intercepts, the nodes have covariances (I - A)^-1 S (I - A)^-T and means (I - A)^-1 M.
Source: McArdle, McDonald (1984), British J. Math. Stat. Psychology 37(2), 234-251.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.intp]

Matrix = Literal["effect", "covariance", "mean"]
FIXED = -1


@dataclass(frozen=True, slots=True)
class Term:
    """One number of the equations: an effect of `column` on `row`, a covariance, an intercept.

    `lhs`, `op`, `rhs` name it as lavaan does: Image =~ IMAG1, Value ~ Image, IMAG1 ~~ IMAG1,
    IMAG1 ~1. `free` is its place among the parameters, or FIXED; `value` is what it is fixed at,
    else where the iteration starts.
    """

    lhs: str
    op: str
    rhs: str
    matrix: Matrix
    row: int
    column: int
    value: float
    free: int = 0


@dataclass(frozen=True)
class Structure:
    """The equations of one group: `nodes` with the p items first, and the terms between them.

    Terms of several groups that share a place among the parameters are held equal.
    """

    nodes: tuple[str, ...]
    p: int
    terms: tuple[Term, ...]

    @cached_property
    def start(self) -> dict[int, float]:
        """Return the starting value of each free parameter by its place."""
        return {term.free: term.value for term in self.terms if term.free != FIXED}

    @cached_property
    def _free(self) -> dict[Matrix, tuple[IntArray, IntArray, IntArray]]:
        """Return rows, columns and places of the free terms of each matrix."""
        found: dict[Matrix, tuple[IntArray, IntArray, IntArray]] = {}
        for matrix in ("effect", "covariance", "mean"):
            own = [t for t in self.terms if t.matrix == matrix and t.free != FIXED]
            table = np.array([(t.row, t.column, t.free) for t in own], dtype=np.intp).reshape(-1, 3)
            found[matrix] = (table[:, 0], table[:, 1], table[:, 2])
        return found

    def solved(self, theta: FloatArray) -> Solved:
        """Return the moments of the nodes under the (q,) parameters."""
        t = len(self.nodes)
        effects, residuals, intercepts = np.zeros((t, t)), np.zeros((t, t)), np.zeros(t)
        for term in self.terms:
            value = term.value if term.free == FIXED else theta[term.free]
            if term.matrix == "effect":
                effects[term.row, term.column] = value
            elif term.matrix == "covariance":
                residuals[term.row, term.column] = residuals[term.column, term.row] = value
            else:
                intercepts[term.row] = value
        reach = np.asarray(np.linalg.inv(np.eye(t) - effects), dtype=np.float64)
        return Solved(reach, reach @ residuals @ reach.T, reach @ intercepts, residuals, effects)

    def gradient(
        self, solved: Solved, by_covariance: FloatArray, by_mean: FloatArray, q: int
    ) -> FloatArray:
        """Return the (q,) derivative of a function of the moments by the parameters.

        by_covariance : (p, p), symmetric: the function changes by trace(by_covariance dSigma)
        by_mean : (p,): and by by_mean' dmu
        """
        reach, p = solved.reach[: self.p], self.p
        inner = reach.T @ by_covariance
        back = reach.T @ by_mean
        effects = 2.0 * inner @ solved.covariances[:p] + np.outer(back, solved.means)
        residuals = inner @ reach
        found = np.zeros(q)
        row, column, place = self._free["effect"]
        np.add.at(found, place, effects[row, column])
        row, column, place = self._free["covariance"]
        np.add.at(found, place, residuals[row, column] * np.where(row == column, 1.0, 2.0))
        row, _, place = self._free["mean"]
        np.add.at(found, place, back[row])
        return found

    def jacobian(self, solved: Solved, q: int) -> tuple[FloatArray, FloatArray]:
        """Return the (p, p, q) and (p, q) derivatives of covariances and means."""
        reach, covariances, p = solved.reach[: self.p], solved.covariances[: self.p], self.p
        sigma, mu = np.zeros((p, p, q)), np.zeros((p, q))
        for row, column, place in zip(*self._free["effect"], strict=True):
            half = np.outer(reach[:, row], covariances[:, column])
            sigma[:, :, place] += half + half.T
            mu[:, place] += reach[:, row] * solved.means[column]
        for row, column, place in zip(*self._free["covariance"], strict=True):
            half = np.outer(reach[:, row], reach[:, column])
            sigma[:, :, place] += half if row == column else half + half.T
        for row, _, place in zip(*self._free["mean"], strict=True):
            mu[:, place] += reach[:, row]
        return sigma, mu

    def scores(self, solved: Solved, z: FloatArray, seen: IntArray, q: int) -> FloatArray:
        """Return (rows, q) values of z' dSigma z / 2 + z' dmu for each row z of (rows, k).

        `seen` (k,) are the items that the columns of z stand for. Every derivative of the
        covariances is a product of two vectors, so that no (p, p, q) array is needed. Within a
        group no two terms share a parameter.
        """
        near = z @ solved.reach[seen]
        far = z @ solved.covariances[seen] + solved.means
        found = np.zeros((len(z), q))
        row, column, place = self._free["effect"]
        found[:, place] = near[:, row] * far[:, column]
        row, column, place = self._free["covariance"]
        share = np.where(row == column, 0.5, 1.0)
        found[:, place] = near[:, row] * near[:, column] * share
        row, _, place = self._free["mean"]
        found[:, place] = near[:, row]
        return found

    def units(self, scales: FloatArray) -> FloatArray:
        """Return (t,) units of the nodes when the items have the units `scales` (p,).

        A construct has the unit of its marker, whose loading is fixed at one.
        """
        units = np.concatenate([scales, np.ones(len(self.nodes) - self.p)])
        for _ in range(len(self.nodes) - self.p):
            for term in self.terms:
                if term.op == "=~" and term.free == FIXED:
                    units[term.column] = units[term.row]
        return units


@dataclass(frozen=True)
class Solved:
    """The t nodes under some parameters: reach = (I - A)^-1, their covariances and means."""

    reach: FloatArray
    covariances: FloatArray
    means: FloatArray
    residuals: FloatArray
    effects: FloatArray


def factor_of(term: Term, units: FloatArray) -> float:
    """Return what a term of standardised items is multiplied by for items of these units."""
    if term.matrix == "effect":
        return float(units[term.row] / units[term.column])
    return float(units[term.row] * (units[term.column] if term.matrix == "covariance" else 1.0))


def numbered(terms: Iterable[Term], start: int = 0) -> tuple[Term, ...]:
    """Return the terms with their free ones counted through from `start`."""
    count, found = start, []
    for term in terms:
        if term.free == FIXED:
            found.append(term)
            continue
        found.append(replace(term, free=count))
        count += 1
    return tuple(found)
