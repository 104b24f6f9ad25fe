"""PURE. The maximum of the normal likelihood of one or several groups, and its information.

Fisher scoring with damped steps: each step solves the expected information of complete data
against the gradient. Source: Bollen, Structural Equations with Latent Variables (1989), appendix
4C; for missing answers it is a step of the EM kind (Jamshidian, Bentler (1999), J. Educational
and Behavioral Statistics 24(1), 21-41). Where it is slow, because the model fits badly or much is
missing, Newton's steps with the observed information finish.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.likelihood import deviance, inverted, second_derivatives

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.model.covariance_structure import Solved, Structure
    from analysis.model.likelihood import Deviance, Pattern, Sample

    FloatArray = NDArray[np.float64]

STEPS = 100
SCORING = 15
"""Steps by expected information before those by the observed one, which cost more."""

GRADIENT = 1e-8
"""Largest derivative of the log-likelihood per case at which the iteration may stop."""

LONGEST = 0.5
"""No number changes by more in one step: a first one from afar may lead where no way leads back."""

POOR, GOOD = 0.25, 0.75
RIDGE = 1e-9
DIFFERENCE = 1e-5


@dataclass(frozen=True)
class Group:
    """The equations of one group and its cases, with items in units near one."""

    structure: Structure
    sample: Sample

    def moments(self, theta: FloatArray) -> tuple[Solved, FloatArray, FloatArray | None]:
        """Return the nodes, and the items' covariances (p, p) and means (p,), if modelled."""
        p, solved = self.structure.p, self.structure.solved(theta)
        modelled = any(term.matrix == "mean" for term in self.structure.terms)
        return solved, solved.covariances[:p, :p], solved.means[:p] if modelled else None

    @property
    def cases(self) -> int:
        """Return the cases that the information counts."""
        return self.sample.n

    def misfit(self, covariances: FloatArray, means: FloatArray | None) -> Deviance:
        """Return what is made as small as possible, with its derivatives by the moments."""
        return deviance(self.sample, covariances, means)

    def second(
        self,
        covariances: FloatArray,
        means: FloatArray | None,
        sigma: FloatArray,
        mu: FloatArray,
    ) -> FloatArray:
        """Return its (q, q) second derivatives along changes (p, p, q), (p, q) of the moments."""
        return second_derivatives(self.sample, covariances, means, sigma, mu)

    def metric(self, covariances: FloatArray) -> FloatArray | None:
        """Return the (p, p) matrix by which residual covariances are weighed, if it exists."""
        return inverted(covariances)[0]


@dataclass(frozen=True)
class Optimum:
    """Where the iteration ended.

    theta (q,); value: the deviance; gradient: the largest derivative of the log-likelihood per
    case; steps taken; converged: whether the gradient fell below GRADIENT.
    """

    theta: FloatArray
    value: float
    gradient: float
    steps: int
    converged: bool


def start_of(groups: tuple[Group, ...]) -> FloatArray:
    """Return the (q,) starting values that the equations carry."""
    found: dict[int, float] = {}
    for group in groups:
        found |= group.structure.start
    return np.array([found[place] for place in sorted(found)])


def maximised(groups: tuple[Group, ...], start: FloatArray) -> Optimum:
    """Return the maximum-likelihood estimates, starting from (q,) values.

    Steps are damped as Levenberg and Marquardt do: more after a step that gained less than a
    quarter of what the quadratic promised, less after one that gained most of it.
    """
    theta, n, damping = start, sum(group.sample.n for group in groups), 0.0
    value, gradient = evaluated(groups, theta)
    steps = 0
    while steps < STEPS and np.abs(gradient).max(initial=0.0) > 2.0 * n * GRADIENT:
        steps += 1
        information = _curvature(groups, theta, steps)
        step = _step(information, gradient, damping)
        promised = -float(gradient @ step + step @ information @ step)
        found, slope = evaluated(groups, theta + step)
        noise = 1e-11 * max(abs(value), 1.0)
        gain = (value - found) / promised if promised > noise else 1.0
        if found <= value + noise:
            theta, value, gradient = theta + step, found, slope
        if gain < POOR:
            damping = max(4.0 * damping, 0.05)
        elif gain > GOOD:
            damping /= 4.0
    largest = float(np.abs(gradient).max(initial=0.0)) / (2.0 * n)
    return Optimum(theta, value, largest, steps, bool(np.isfinite(value) and largest <= GRADIENT))


def _step(information: FloatArray, gradient: FloatArray, damping: float) -> FloatArray:
    """Return (q,) changes towards the maximum, none of them above LONGEST."""
    scale = np.maximum(np.diag(information), 1e-8)
    damped = information + np.diag((damping + RIDGE) * scale)
    step = -0.5 * np.linalg.solve(damped, gradient)
    return np.asarray(step / max(float(np.abs(step).max()) / LONGEST, 1.0))


def _curvature(groups: tuple[Group, ...], theta: FloatArray, steps: int) -> FloatArray:
    """Return a (q, q) positive definite information for the next step.

    Later on the observed one, its eigenvalues taken as positive, so that a saddle is left.
    """
    if steps <= SCORING:
        return expected_information(groups, theta)
    values, vectors = np.linalg.eigh(observed_information(groups, theta))
    values = np.maximum(np.abs(values), RIDGE * np.abs(values).max())
    return np.asarray((vectors * values) @ vectors.T)


def evaluated(groups: tuple[Group, ...], theta: FloatArray) -> tuple[float, FloatArray]:
    """Return the deviance of all groups and its (q,) gradient."""
    value, gradient = 0.0, np.zeros(len(theta))
    for group in groups:
        solved, covariances, means = group.moments(theta)
        found = group.misfit(covariances, means)
        value += found.value
        gradient += group.structure.gradient(solved, found.by_covariance, found.by_mean, len(theta))
    return value, gradient


def expected_information(groups: tuple[Group, ...], theta: FloatArray) -> FloatArray:
    """Return the (q, q) expected information of complete data.

    n (tr(W dS_i W dS_j) / 2 + dm_i' W dm_j), W the inverse of the implied covariances.
    """
    q = len(theta)
    total = np.zeros((q, q))
    for group in groups:
        solved, covariances, _ = group.moments(theta)
        inverse = group.metric(covariances)
        if inverse is None:
            continue
        sigma, mu = group.structure.jacobian(solved, q)
        both = np.einsum("ab,bcq,cd->adq", inverse, sigma, inverse, optimize=True)
        flat = sigma.reshape(-1, q)
        total += group.cases * (0.5 * flat.T @ both.reshape(-1, q) + mu.T @ inverse @ mu)
    return total


def observed_information(groups: tuple[Group, ...], theta: FloatArray) -> FloatArray:
    """Return the (q, q) information of these very cases: minus the log-likelihood's Hessian.

    Exact in the moments; how their derivatives by the parameters change is taken by central
    differences, which cost nothing per case.
    """
    q = len(theta)
    total = np.zeros((q, q))
    for group in groups:
        solved, covariances, means = group.moments(theta)
        sigma, mu = group.structure.jacobian(solved, q)
        found = group.misfit(covariances, means)
        total += group.second(covariances, means, sigma, mu)
        total += _bend(group.structure, theta, found)
    return np.asarray((total + total.T) / 4.0)


def _bend(structure: Structure, theta: FloatArray, found: Deviance) -> FloatArray:
    """Return the (q, q) change of the gradient when only the equations' derivatives change."""
    q, columns = len(theta), []
    for place in range(q):
        step = np.zeros(q)
        step[place] = DIFFERENCE * max(abs(float(theta[place])), 1.0)
        after, before = (
            structure.gradient(structure.solved(moved), found.by_covariance, found.by_mean, q)
            for moved in (theta + step, theta - step)
        )
        columns.append((after - before) / (2.0 * step[place]))
    return np.array(columns).reshape(q, q)


def score_products(groups: tuple[Group, ...], theta: FloatArray) -> FloatArray:
    """Return the (q, q) sum over cases of squared weight times the products of their scores.

    The middle of the sandwich of robust errors: Huber (1967), White (1982, Econometrica 50).
    """
    q = len(theta)
    total = np.zeros((q, q))
    for group in groups:
        for pattern in group.sample.patterns:
            for scores, weights in _scores(group, theta, pattern):
                heavy = scores * weights[:, None]
                total += heavy.T @ heavy
    return total


def _scores(
    group: Group, theta: FloatArray, own: Pattern
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield (rows, q) derivatives of the cases' log-likelihoods, with their weights."""
    q, p = len(theta), group.structure.p
    solved, covariances, means = group.moments(theta)
    inverse, _ = inverted(covariances[own.block])
    if inverse is None:
        return
    whole = np.zeros((p, p))
    whole[own.block] = inverse
    level = 0.5 * group.structure.gradient(solved, whole, np.zeros(p), q)
    centre = own.mean if means is None else means[own.seen]
    for rows, weights in own.blocks(centre):
        yield group.structure.scores(solved, rows @ inverse, own.seen, q) - level, weights
