"""PURE. What stands against a covariance-based fit: before it, of the moments, and afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model import cases, cbsem_messages
from analysis.model.least_squares import LeastSquares
from foundation.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.model.cbsem_estimates import Errors
    from analysis.model.cbsem_measures import Bounds
    from analysis.model.covariance_structure import Structure
    from analysis.model.maximum import Group, Optimum
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]

DEPENDENT = 1e-10
"""Smallest eigenvalue of the items' correlations that still counts as not zero."""

UNIDENTIFIED = 1e-10
"""The same of the information with unit diagonal: below, some number is not determined at all."""

FLAT = 1e-3
"""Below, some combination of estimates has 30 times the error of its members alone."""

IMPROPER = 1e-8
CASES_PER_PARAMETER = 5
NAMED = 3


def input_problems(model: Model, values: FloatArray, weights: FloatArray | None) -> list[Problem]:
    """Return the errors of a model and of prepared cases (n, p); PLS states the warnings."""
    own = [
        cbsem_messages.INTERACTION.at(Place(item=product.name), name=product.name)
        for product in model.interactions
    ]
    if all(len(construct.indicators) == 1 for construct in model.constructs):
        own.append(cbsem_messages.NO_FACTOR.at(Place()))
    usual = cases.data_problems(model, values, weights, missing="pairwise")
    errors = [problem for problem in usual if problem.is_error]
    if not errors:
        n, p = int(cases.usable_rows(values, weights, "mean").sum()), values.shape[1]
        if n <= p:
            own.append(cbsem_messages.TOO_FEW_CASES.at(Place(), found=n, items=p, needed=p + 1))
    return [*errors, *own]


def moment_problems(model: Model, structure: Structure, bounds: Bounds) -> list[Problem]:
    """Return why the moments cannot determine the model."""
    deviations = np.sqrt(np.diag(bounds.covariances))
    correlations = bounds.covariances / np.outer(deviations, deviations)
    values, vectors = np.linalg.eigh(correlations)
    if values[0] < DEPENDENT:
        first, second = np.argsort(-np.abs(vectors[:, 0]))[:2]
        names = {"first": model.indicators[first], "second": model.indicators[second]}
        return [cbsem_messages.DEPENDENT_ITEMS.at(Place(item=names["first"]), **names)]
    p = structure.p
    free = len([place for place in structure.start if place >= 0])
    means = p if any(term.matrix == "mean" for term in structure.terms) else 0
    if free > p * (p + 1) // 2 + means:
        reason = f"{free} parameters from {p * (p + 1) // 2 + means} moments"
        return [cbsem_messages.NOT_IDENTIFIED.at(Place(), reason=reason)]
    return []


def result_problems(
    model: Model, group: Group, optimum: Optimum, errors: Errors, *, weighted: bool
) -> list[Problem]:
    """Return why a converged solution cannot be used, or should be read with care."""
    terms = _flat_terms(group.structure, errors.direction)
    if errors.flatness < UNIDENTIFIED:
        reason = f"the information is singular in the direction of {terms}"
        return [cbsem_messages.NOT_IDENTIFIED.at(Place(), reason=reason)]
    found = list(_improper(group, optimum))
    if errors.flatness < FLAT:
        factor = f"{errors.flatness**-0.5:.0f}"
        found.append(cbsem_messages.NEAR_FLAT.at(Place(), terms=terms, factor=factor))
    for construct in model.constructs:
        if construct.mode == "B" and len(construct.indicators) != 1:
            place = Place(item=construct.name)
            found.append(cbsem_messages.REFLECTIVE.at(place, name=construct.name))
    if isinstance(group, LeastSquares) and group.estimator == "ULS":
        found.append(cbsem_messages.NOT_TESTED.at(Place()))
    if weighted:
        found.append(cbsem_messages.WEIGHTED.at(Place()))
    n, free = group.sample.n, len(optimum.theta)
    if n < CASES_PER_PARAMETER * free:
        wanted = CASES_PER_PARAMETER * free
        found.append(cbsem_messages.FEW_CASES.at(Place(), found=n, parameters=free, wanted=wanted))
    return found


def _flat_terms(structure: Structure, direction: FloatArray) -> str:
    """Return the names of the terms that move most where the likelihood is flattest."""
    names = {term.free: f"{term.lhs} {term.op} {term.rhs}".strip() for term in structure.terms}
    order = np.argsort(-np.abs(direction))[:NAMED].tolist()
    return ", ".join(f"'{names[place]}'" for place in order)


def _improper(group: Group, optimum: Optimum) -> Iterator[Problem]:
    """Name each negative variance, and covariances of constructs that cannot be."""
    structure, p = group.structure, group.structure.p
    solved = structure.solved(optimum.theta)
    for node, variance in enumerate(np.diag(solved.residuals).tolist()):
        if variance < -IMPROPER:
            name = structure.nodes[node]
            reason = f"the residual variance of '{name}' is negative ({variance:.3f}, standardised)"
            yield cbsem_messages.IMPROPER.at(Place(item=name), reason=reason)
    latent = solved.covariances[p:, p:]
    if len(latent) and np.linalg.eigvalsh(latent)[0] < -IMPROPER:
        reason = "the covariances of the constructs are not positive definite"
        yield cbsem_messages.IMPROPER.at(Place(), reason=reason)
