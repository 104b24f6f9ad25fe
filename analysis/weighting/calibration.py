"""PURE. Calibration: weights as near as possible to the old ones that reach given totals.

g = F(x'eta) with F linear 1 + u, raking exp(u), or logit between bounds (Deville, Sarndal 1992;
Deville, Sarndal, Sautory 1993); linear and raking may be cut off at bounds. The linearised
error is that of g-weighted residuals from the regression on the calibration variables under the
weights before. As calibrate of R's survey package 4.1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.weighting.messages import (
    BAD_BOUNDS,
    NEGATIVE_WEIGHTS,
    NO_SOLUTION,
    TARGET_NAMES,
    TERMS_REPEAT,
    UNKNOWN_METHOD,
)
from foundation.problems import Place, ProblemsError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Residual = Callable[[FloatArray], FloatArray]

STEPS = 100
SETTLED = 1e-12
ACCEPTED = 1e-8
FAR = 20.0
"""When every total is this many times the sample's, weights are scaled up first (as R does)."""
RANK = 1e-9
METHODS = ("linear", "raking", "logit")


@dataclass(frozen=True)
class _Distance:
    """F(u), the factor of a weight, and its derivative."""

    factor: Callable[[FloatArray], FloatArray]
    slope: Callable[[FloatArray], FloatArray]


@dataclass(frozen=True)
class Calibration:
    """Calibration to totals of the columns of X (n, p), zero in no row.

    names, totals  (p,)
    method         linear, raking or logit
    bounds         least and largest factor; None for no bounds
    """

    names: tuple[str, ...]
    X: FloatArray
    totals: FloatArray
    method: str = "linear"
    bounds: tuple[float, float] | None = None

    @cached_property
    def _collapsed(self) -> tuple[IntArray, FloatArray]:
        patterns, cells = np.unique(self.X, axis=0, return_inverse=True)
        return cells.reshape(-1).astype(np.int64), patterns

    @property
    def cells(self) -> IntArray:
        """(n,) index of each case's row of calibration variables among the distinct ones."""
        return self._collapsed[0]

    def factors(self, counts: FloatArray) -> FloatArray:
        """Return (R, C) factors, each row of weighted counts (R, C) calibrated by itself.

        Negative factors are refused in the full sample, and let through in replicates.
        """
        factors = np.stack([self._factors(row) for row in counts])
        negative = (factors < 0) & (counts > 0)
        if len(counts) == 1 and negative.any():
            least = f"{factors[negative].min():.3g}"
            raise ProblemsError(
                [NEGATIVE_WEIGHTS.at(Place(), count=int(negative.sum()), least=least)]
            )
        return factors

    def _factors(self, counts: FloatArray) -> FloatArray:
        X = self._collapsed[1]
        _require_rank(X[counts != 0], self.names)
        if self.method == "linear" and self.bounds is None:
            information = (X * counts[:, None]).T @ X
            eta = np.linalg.solve(information, self.totals - counts @ X)
            return np.asarray(1 + X @ eta)
        sample = counts @ X
        scale = 1.0
        if (sample != 0).all() and float((self.totals / sample).min()) > FAR:
            scale = float((self.totals / sample).mean())
        return scale * self._newton(X, counts * scale)

    def _newton(self, X: FloatArray, counts: FloatArray) -> FloatArray:
        distance = _distance(self.method, self.bounds)
        eta = np.zeros(X.shape[1])
        u = X @ eta
        gap = np.inf
        for _ in range(STEPS):
            misfit = self.totals - counts @ (X * distance.factor(u)[:, None])
            previous, gap = gap, float((np.abs(misfit) / (1 + np.abs(self.totals))).max())
            if gap < SETTLED or (gap < ACCEPTED and gap >= previous):
                break
            information = (X * (counts * distance.slope(u))[:, None]).T @ X
            step = np.linalg.pinv(information, rcond=256 * np.finfo(float).eps) @ misfit
            eta, u = _step(X, eta, step, distance)
        if gap >= ACCEPTED:
            raise self._unsolved(counts @ (X * distance.factor(u)[:, None]))
        return distance.factor(u)

    def _unsolved(self, reached: FloatArray) -> ProblemsError:
        gaps = np.abs(reached - self.totals) / (1 + np.abs(self.totals))
        worst = int(np.argmax(gaps))
        return ProblemsError(
            [
                NO_SOLUTION.at(
                    Place(item=self.names[worst]),
                    name=self.names[worst],
                    target=f"{self.totals[worst]:.8g}",
                    reached=f"{reached[worst]:.8g}",
                )
            ]
        )

    def residual(self, before: FloatArray, after: FloatArray) -> Residual:
        """Return g-weighted residuals of scores on the calibration variables."""
        half = np.sqrt(np.abs(before))
        orthonormal = np.asarray(np.linalg.qr(self.X * half[:, None])[0])
        scale = np.divide(after, half, out=np.zeros_like(after), where=half != 0)

        def residuals(scores: FloatArray) -> FloatArray:
            ratio = np.divide(
                scores, scale[:, None], out=np.zeros_like(scores), where=scale[:, None] != 0
            )
            ratio -= orthonormal @ (orthonormal.T @ ratio)
            return np.asarray(ratio * scale[:, None])

        return residuals


def calibration(
    names: Sequence[str],
    X: FloatArray,
    totals: Mapping[str, float],
    *,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
) -> Calibration:
    """Return the calibration of the columns `names` of X (n, p) to totals by name.

    Raises problems for an unknown method, bounds that do not enclose 1, and totals whose names
    are not those of the columns.
    """
    if method not in METHODS:
        raise ProblemsError(
            [UNKNOWN_METHOD.at(Place(), value=method, what="method", choices=", ".join(METHODS))]
        )
    if bounds is not None and not bounds[0] < 1 < bounds[1]:
        raise ProblemsError([BAD_BOUNDS.at(Place(), low=bounds[0], high=bounds[1])])
    if method == "logit" and (bounds is None or not np.isfinite(bounds).all()):
        raise ProblemsError([BAD_BOUNDS.at(Place(), low="-", high="-")])
    if set(names) != set(totals):
        terms, given = ", ".join(names), ", ".join(totals)
        raise ProblemsError([TARGET_NAMES.at(Place(), terms=terms, given=given)])
    wanted = np.array([float(totals[name]) for name in names])
    return Calibration(tuple(names), X, wanted, method, bounds)


def _step(
    X: FloatArray, eta: FloatArray, step: FloatArray, distance: _Distance
) -> tuple[FloatArray, FloatArray]:
    """Take a Newton step, halved until all factors are finite."""
    for _ in range(STEPS):
        moved = eta + step
        u = X @ moved
        with np.errstate(over="ignore", invalid="ignore"):
            if np.isfinite(distance.factor(u)).all() and np.isfinite(distance.slope(u)).all():
                return moved, u
        step = step / 2
    return eta, X @ eta


def _distance(method: str, bounds: tuple[float, float] | None) -> _Distance:
    low, high = bounds if bounds is not None else (-np.inf, np.inf)
    if method == "logit":
        return _logit(low, high)

    def inside(u: FloatArray) -> FloatArray:
        return np.asarray((u > low - 1) & (u < high - 1), dtype=np.float64)

    if method == "linear":
        return _Distance(lambda u: np.clip(1 + u, low, high), inside)

    def growth(u: FloatArray) -> FloatArray:
        return np.where(np.isfinite(low) | np.isfinite(high), _between(u, low, high), 1.0)

    return _Distance(lambda u: np.clip(np.exp(u), low, high), lambda u: np.exp(u) * growth(u))


def _between(u: FloatArray, low: float, high: float) -> FloatArray:
    factor = np.exp(u)
    return np.asarray((factor > low) & (factor < high), dtype=np.float64)


def _logit(low: float, high: float) -> _Distance:
    """Return the S-shaped factor between two bounds, 1 at u = 0 with slope 1 there."""
    rate = (high - low) / ((high - 1) * (1 - low))
    start = np.log((1 - low) / (high - 1))

    def share(u: FloatArray) -> FloatArray:
        return np.asarray(special.expit(rate * u + start))

    def factor(u: FloatArray) -> FloatArray:
        return low + (high - low) * share(u)

    def slope(u: FloatArray) -> FloatArray:
        return np.asarray(rate * (high - low) * share(u) * special.expit(-rate * u - start))

    return _Distance(factor, slope)


def _require_rank(X: FloatArray, names: Sequence[str]) -> None:
    length = np.sqrt((X**2).sum(axis=0))
    scaled = X / np.where(length > 0, length, 1.0)
    diagonal = np.zeros(X.shape[1])
    found = np.abs(np.diag(np.asarray(np.linalg.qr(scaled, mode="r"))))
    diagonal[: len(found)] = found
    weak = [name for name, size in zip(names, diagonal, strict=True) if size < RANK]
    if weak:
        raise ProblemsError(TERMS_REPEAT.at(Place(item=name), name=name) for name in weak)
