"""PURE. Generalised linear models with design-based errors.

Coefficients maximise the weighted pseudo-likelihood, run to full convergence; the error is the
linearised one, V(sum of w_i x_i (y_i - mu_i)) between the inverse information (Binder 1983), or
that of the replicates. Degrees of freedom: those of the design plus one minus the number of
coefficients, as svyglm of R's survey package 4.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from analysis.sampling.columns import BoolArray, Columns, FloatArray
from analysis.sampling.design import Design
from analysis.sampling.distributions import f_upper, t_two_sided
from analysis.sampling.estimates import Estimates, estimate
from analysis.sampling.estimators import Direct, means_of, require_cases
from analysis.sampling.messages import (
    COLLINEAR,
    NO_CONVERGENCE,
    OUTCOME_RANGE,
    SINGULAR,
    UNKNOWN_CHOICE,
)
from analysis.sampling.modelmatrix import INTERCEPT, model_matrix
from analysis.sampling.rowwise import row_values
from analysis.sampling.syntax import formula, written
from foundation.problems import Place, ProblemsError

STEPS = 50
LARGEST_LOGIT = 30.0
"""A fitted logit beyond this means that some term decides the answer."""
SETTLED = 1e-12
COLLINEARITY = 1e-7
"""A column with this share of its length left beside the others repeats them."""


@dataclass(frozen=True)
class Family:
    """mean: linear predictor to mean; spread: mean to its variance (canonical links only)."""

    name: str
    mean: Callable[[FloatArray], FloatArray]
    spread: Callable[[FloatArray], FloatArray]
    start: Callable[[FloatArray], FloatArray]
    low: float
    high: float


GAUSSIAN = Family("gaussian", lambda eta: eta, np.ones_like, lambda y: y, -np.inf, np.inf)
BINOMIAL = Family(
    "binomial",
    special.expit,
    lambda mu: mu * (1 - mu),
    lambda y: special.logit((y + 0.5) / 2),
    0,
    1,
)
POISSON = Family("poisson", np.exp, lambda mu: mu, lambda y: np.log(y + 0.1), 0, np.inf)
FAMILIES = {
    "gaussian": GAUSSIAN,
    "binomial": BINOMIAL,
    "quasibinomial": BINOMIAL,
    "poisson": POISSON,
    "quasipoisson": POISSON,
}


@dataclass(frozen=True)
class WaldTest:
    """All coefficients but the intercept are zero: F on `df` and `residual_df`."""

    F: float
    df: int
    residual_df: int
    p: float


@dataclass(frozen=True)
class Regression:
    """A fitted model. t and p are (p,), NaN without residual degrees of freedom."""

    coefficients: Estimates
    residual_df: int
    t: FloatArray
    p: FloatArray
    wald: WaldTest | None


@dataclass(frozen=True)
class Model:
    """Design matrix X (n, p) and outcome y (n,), zero in rows outside the domain."""

    family: Family
    X: FloatArray
    y: FloatArray

    def fit(self, weights: FloatArray, start: FloatArray | None = None) -> FloatArray:
        """Return (p,) coefficients by iteratively reweighted least squares.

        Undefined when no case has weight, as in a replicate that leaves the domain empty.
        """
        used = weights != 0
        if not used.any():
            return np.full(self.X.shape[1], np.nan)
        X, y = self.X[used], self.y[used]
        w = weights[used] / weights[used].mean()
        beta = np.zeros(X.shape[1])
        eta = self.family.start(y) if start is None else X @ start
        for _ in range(STEPS):
            mu = self.family.mean(eta)
            spread = np.maximum(self.family.spread(mu), 1e-300)
            information = (X * (w * spread)[:, None]).T @ X
            target = eta + (y - mu) / spread
            new = _solved(information, X.T @ (w * spread * target))
            step, beta = float(np.abs(new - beta).max()), new
            if step <= SETTLED * (1 + float(np.abs(beta).max())):
                return beta
            eta = X @ beta
            if self.family is BINOMIAL and np.abs(eta).max() > LARGEST_LOGIT:
                break
        raise ProblemsError([NO_CONVERGENCE.at(Place(), count=STEPS)])

    def influence(self, weights: FloatArray, beta: FloatArray) -> FloatArray:
        """Return (n, p) influence values: what one more unit of weight on a row adds to beta."""
        mu = self.family.mean(self.X @ beta)
        spread = self.family.spread(mu)
        information = (self.X * (weights * spread)[:, None]).T @ self.X
        gradient = self.X * (self.y - mu)[:, None]
        return _solved(information, gradient.T).T

    def scores(self, weights: FloatArray, beta: FloatArray) -> FloatArray:
        """Return (n, p) influence values times the weights."""
        return self.influence(weights, beta) * weights[:, None]


def regress(design: Design, columns: Columns, text: str, family: str = "gaussian") -> Regression:
    """Return the regression `text` ("outcome ~ term + term") of the domain of `design`.

    Families gaussian, (quasi)binomial and (quasi)poisson with their canonical links. Rows with
    a missing term are outside the domain. Raises problems for collinear terms, an outcome
    outside the family's range and a fit that does not converge.
    """
    chosen = _family(family)
    parts = formula(text)
    terms = model_matrix(parts.terms, columns, rows=design.inside)
    outcome = np.zeros(columns.n) if parts.outcome is None else row_values(parts.outcome, columns)
    complete = terms.complete & ~np.isnan(outcome)
    domain = design.within(complete)
    filled = np.where(complete, outcome, 0.0)
    name = "" if parts.outcome is None else written(parts.outcome)
    require_cases(means_of(np.zeros(columns.n), [name]), domain.inside)
    _check_outcome(chosen, filled[domain.inside], name)
    X = terms.values * complete[:, None]
    _check_rank(X[domain.inside], terms.names)
    return fitted(domain, Model(chosen, X, filled), terms.names, complete)


def fitted(domain: Design, model: Model, names: tuple[str, ...], complete: BoolArray) -> Regression:
    """Return the fit of one model in one domain with its tests."""
    beta = model.fit(domain.weights) if domain.inside.any() else np.zeros(len(names))
    statistic = Direct(
        names,
        complete,
        lambda weights: model.fit(weights, beta) if weights is not domain.weights else beta,
        lambda weights: model.scores(weights, beta),
    )
    coefficients = estimate(domain, statistic)
    residual_df = coefficients.df + 1 - len(names)
    nothing = np.full(len(names), np.nan)
    t = np.divide(coefficients.values, coefficients.se, out=nothing, where=coefficients.se > 0)
    p = np.array([t_two_sided(value, residual_df) for value in t])
    return Regression(coefficients, residual_df, t, p, _wald(coefficients, residual_df))


def _solved(matrix: FloatArray, right: FloatArray) -> FloatArray:
    try:
        return np.asarray(np.linalg.solve(matrix, right))
    except np.linalg.LinAlgError:
        raise ProblemsError([NO_CONVERGENCE.at(Place(), count=STEPS)]) from None


def _family(name: str) -> Family:
    if name not in FAMILIES:
        choices = ", ".join(FAMILIES)
        raise ProblemsError(
            [UNKNOWN_CHOICE.at(Place(item=name), value=name, what="family", choices=choices)]
        )
    return FAMILIES[name]


def _check_outcome(family: Family, y: FloatArray, name: str) -> None:
    outside = (y < family.low) | (y > family.high)
    if outside.any():
        raise ProblemsError(
            [
                OUTCOME_RANGE.at(
                    Place(item=name),
                    family=family.name,
                    range=f"{family.low:g}..{family.high:g}",
                    value=f"{y[outside][0]:g}",
                )
            ]
        )


def _check_rank(X: FloatArray, names: tuple[str, ...]) -> None:
    """Raise a problem for each column that the columns before it already span."""
    scale = np.sqrt((X**2).sum(axis=0))
    scaled = X / np.where(scale > 0, scale, 1.0)
    diagonal = np.abs(np.diag(np.linalg.qr(scaled, mode="r"))) if len(X) else np.zeros(len(names))
    left = np.zeros(len(names))
    left[: len(diagonal)] = diagonal
    bad = [name for name, size in zip(names, left, strict=True) if size < COLLINEARITY]
    if bad:
        raise ProblemsError(COLLINEAR.at(Place(item=name), name=name) for name in bad)


def _wald(coefficients: Estimates, residual_df: int) -> WaldTest | None:
    tested = np.array([name != INTERCEPT for name in coefficients.names])
    count = int(tested.sum())
    if count == 0 or residual_df <= 0:
        return None
    beta = coefficients.values[tested]
    covariance = coefficients.covariance[np.ix_(tested, tested)]
    if np.linalg.matrix_rank(covariance, hermitian=True) < count:
        return None
    F = float(beta @ np.linalg.solve(covariance, beta)) / count
    return WaldTest(F, count, residual_df, f_upper(F, count, residual_df))


def inverse_or_problem(covariance: FloatArray, values: FloatArray, name: str, units: int) -> float:
    """Return values' covariance^-1 values, or raise a problem for a singular covariance."""
    if np.linalg.matrix_rank(covariance, hermitian=True) < len(values):
        raise ProblemsError([SINGULAR.at(Place(item=name), name=name, units=units)])
    return float(values @ np.linalg.solve(covariance, values))
