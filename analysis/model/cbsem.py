"""PURE. Covariance-based SEM: the same model from the covariances of its items, a second opinion.

semopy (BFGS) gives the estimates a first time, from the moments of the standardised items; the
product's own Fisher scoring then brings the gradient to zero, and errors, fit and warnings are
computed here. Maximum likelihood does not depend on the items' units, so they are put back at
the end. With missing answers the likelihood is that of the answers that are there (FIML).
Unweighted and generalised least squares go the same way (`least_squares`).
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.model import cases, cbsem_messages
from analysis.model.cbsem_checks import input_problems, moment_problems, result_problems
from analysis.model.cbsem_estimates import Estimate, errors_of, estimates, explained
from analysis.model.cbsem_measures import Bounds, bounds_of, measures
from analysis.model.covariance_structure import FIXED, factor_of
from analysis.model.equations import path_equations
from analysis.model.least_squares import LeastSquares, distance_measures, least_squares
from analysis.model.likelihood import sample_of
from analysis.model.maximum import Group, evaluated, maximised, start_of
from analysis.model.standardising import standardise
from foundation.problems import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from analysis.model.covariance_structure import Structure
    from analysis.model.maximum import Optimum
    from analysis.model.specify import Model
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]

Estimator = Literal["ML", "MLR", "ULS", "GLS"]
ESTIMATORS: tuple[Estimator, ...] = ("ML", "MLR", "ULS", "GLS")
DISTANCES = ("ULS", "GLS")


@dataclass(frozen=True)
class SecondOpinion:
    """A model fitted to the covariances of its items.

    Parameters
    ----------
    n             cases that entered
    estimator     ML, MLR, ULS or GLS; FIML when answers are missing
    errors        where `se` comes from: expected or observed information, or robust
    parameters    every number of the equations, in the units of the items
    fit           fit measures under lavaan's names; None for one that does not exist
    r2            explained share of each item and each construct that something leads to
    semopy_gradient    largest derivative per case where semopy stopped; None when it failed
    gradient, steps    the same after scoring, and how many steps that took
    condition     of the information with unit diagonal; None when it is singular
    problems      warnings: what to keep in mind when reading the result
    """

    n: int
    estimator: str
    errors: str
    parameters: tuple[Estimate, ...]
    fit: Mapping[str, float | None]
    r2: Mapping[str, float | None]
    semopy_gradient: float | None
    gradient: float
    steps: int
    condition: float | None
    problems: tuple[Problem, ...]


def second_opinion(
    model: Model,
    data: FloatArray,
    weights: FloatArray | None = None,
    *,
    estimator: Estimator = "ML",
) -> SecondOpinion:
    """Fit a path model by covariance-based SEM.

    Parameters
    ----------
    data : (n, p) float      answers, columns in the order of `model.indicators`; NaN or a
                             missing code is no answer
    weights : (n,) float     sampling weights of zero or more; errors are then robust
    estimator                ML; MLR, the same with robust errors; ULS or GLS, which need
                             complete answers

    Raises
    ------
    ProblemsError listing everything that keeps the model from being fitted.
    """
    cases.raise_errors(cases.shape_problems(model, data, weights))
    values = cases.prepared(model, data)
    used = cases.usable_rows(values, weights, "mean")
    cases.raise_errors(
        [*input_problems(model, values, weights), *_estimator_problems(estimator, values[used])]
    )
    return _fitted(model, values[used], None if weights is None else weights[used], estimator)


def _estimator_problems(estimator: str, values: FloatArray) -> Iterator[Problem]:
    if estimator not in ESTIMATORS:
        known = ", ".join(ESTIMATORS)
        yield cbsem_messages.UNKNOWN_ESTIMATOR.at(Place(), estimator=estimator, known=known)
    holes = int(np.isnan(values).any(axis=1).sum())
    if estimator in DISTANCES and holes:
        yield cbsem_messages.HOLES.at(Place(), estimator=estimator, found=holes)


def _fitted(
    model: Model, values: FloatArray, weights: FloatArray | None, estimator: Estimator
) -> SecondOpinion:
    """Return the fit of checked cases; their (n, p) values, NaN for a hole, are overwritten."""
    means, units = standardise(values)
    sample = sample_of(values, weights)
    group = Group(path_equations(model, means=not sample.complete), sample)
    bounds = bounds_of(sample)
    cases.raise_errors(moment_problems(model, group.structure, bounds))
    if estimator in DISTANCES:
        units = units * np.sqrt(sample.n / (sample.n - 1))
        group = least_squares(estimator, group.structure, sample, units)
    start, semopy_gradient = _first_estimates(group, bounds)
    optimum = _best(group, start)
    if not optimum.converged:
        steps = optimum.steps
        cases.raise_errors([cbsem_messages.NOT_CONVERGED.at(Place(), steps=steps)])
    found = errors_of(group, optimum, robust=estimator == "MLR" or _uneven(weights))
    problems = result_problems(model, group, optimum, found, weighted=_uneven(weights))
    return SecondOpinion(
        n=sample.n,
        estimator=estimator if sample.complete else "FIML",
        errors=found.kind,
        parameters=estimates(group.structure, optimum.theta, found, units, means),
        fit=distance_measures(group, optimum)
        if isinstance(group, LeastSquares)
        else measures(group, optimum, bounds, found, units),
        r2=explained(group.structure, optimum.theta),
        semopy_gradient=semopy_gradient,
        gradient=optimum.gradient,
        steps=optimum.steps,
        condition=found.condition,
        problems=cases.raise_errors(problems),
    )


def _best(group: Group, start: FloatArray) -> Optimum:
    """Return the optimum reached from a start; least squares, which may have several, try two."""
    found = maximised((group,), start)
    if not isinstance(group, LeastSquares):
        return found
    other = maximised((group,), start_of((group,)))
    return min(found, other, key=lambda own: (not own.converged, own.value))


def _uneven(weights: FloatArray | None) -> bool:
    return weights is not None and bool(np.ptp(weights) > 0)


def _first_estimates(group: Group, bounds: Bounds) -> tuple[FloatArray, float | None]:
    """Return starting values by semopy and the gradient there, or our own start without it."""
    plain = start_of((group,))
    found = _by_semopy(group, bounds.covariances, plain)
    if found is None:
        return plain, None
    value, gradient = evaluated((group,), found)
    if not np.isfinite(value):
        return plain, None
    return found, float(np.abs(gradient).max()) / (2.0 * group.sample.n)


def _by_semopy(group: Group, covariances: FloatArray, plain: FloatArray) -> FloatArray | None:
    """Return (q,) estimates by semopy's BFGS from (p, p) covariances, None when it fails.

    Its default optimiser, SLSQP, reports success away from the optimum. With missing answers
    the covariances are the EM ones: semopy's own FIML holds the means fixed. Least squares go
    on from its maximum of the likelihood: from its own start they run away.
    """
    import pandas as pd
    import semopy

    structure = group.structure
    distance = group if isinstance(group, LeastSquares) else None
    scales = distance.scales if distance else np.ones(structure.p)
    names = _names(structure)
    items = [f"v{number}" for number in range(structure.p)]
    frame = pd.DataFrame(covariances * np.outer(scales, scales), index=items, columns=items)
    try:
        with _quietly(), np.errstate(all="ignore"):
            fitted = semopy.Model(_formula(structure, names))
            for objective in ("MLW", *([distance.estimator] if distance else [])):
                fitted.fit(cov=frame, obj=objective, n_samples=1, solver="BFGS")
            table = fitted.inspect()
    except Exception:  # noqa: BLE001 - semopy raises anything; our own start serves as well
        return None
    estimated = {
        (str(row.lval), str(row.op), str(row.rval)): float(row.Estimate)
        for row in table.itertuples()
    }
    return _in_order(structure, names, estimated, plain, structure.units(scales))


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep semopy's warnings and log lines from the user; what matters is checked afterwards."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _names(structure: Structure) -> list[str]:
    """Return plain names of the nodes, as semopy reads names of items as part of a formula.

    Items are v0, v1, ..., constructs and items that stand for one c2, c3, ...
    """
    inner = {
        node
        for term in structure.terms
        if term.op == "~" or (term.op == "~~" and term.row != term.column)
        for node in (term.row, term.column)
    }
    return [
        f"c{number}" if number in inner or number >= structure.p else f"v{number}"
        for number in range(len(structure.nodes))
    ]


def _formula(structure: Structure, names: list[str]) -> str:
    """Return the equations in semopy's language.

    It cannot relate an item to a construct; an item that stands for a construct therefore
    measures one without error.
    """
    lines = []
    for number, name in enumerate(names[: structure.p]):
        if name != f"v{number}":
            lines += [f"{name} =~ v{number}", f"v{number} ~~ 0*v{number}"]
    for term in structure.terms:
        row, column = names[term.row], names[term.column]
        if term.op == "=~":
            lines.append(f"{column} =~ {row}")
        elif term.op == "~" or (term.op == "~~" and row != column):
            lines.append(f"{row} {term.op} {column}")
    return "\n".join(lines)


def _in_order(
    structure: Structure,
    names: list[str],
    estimated: Mapping[tuple[str, str, str], float],
    plain: FloatArray,
    units: FloatArray,
) -> FloatArray:
    """Return semopy's estimates, made in (t,) units of the nodes, as our parameters.

    What it does not name keeps its start.
    """
    theta = plain.copy()
    for term in structure.terms:
        if term.free == FIXED:
            continue
        row, column = names[term.row], names[term.column]
        op = "~~" if term.op == "~~" else "~"
        for key in ((row, op, column), (column, op, row)):
            if key in estimated and np.isfinite(estimated[key]):
                theta[term.free] = estimated[key] / factor_of(term, units)
                break
    return theta
