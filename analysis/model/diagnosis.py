"""PURE. Why the full sample could not be estimated, or should be read with care, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model import messages
from analysis.model.estimates import Status
from analysis.model.linear import definite
from analysis.model.reliability import rho_a
from analysis.model.scoring import normalised_weights
from foundation.problems import Place, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.resampling import Resamples
    from analysis.model.settings import Settings
    from analysis.model.specify import Model


def full_sample_problems(
    model: Model, plan: Layout, found: Estimates, settings: Settings
) -> list[Problem]:
    """Return the errors and warnings of an estimation of the full sample (one resample)."""
    status = Status(int(found.status[0]))
    if status is Status.NOT_CONVERGED:
        return [messages.NOT_CONVERGED.at(Place(), iterations=settings.max_iterations)]
    if status is Status.UNRELATED:
        return list(_unrelated(model, plan, found))
    if status is Status.COLLINEAR:
        named = [*_collinear(model, plan, found), *_inadmissible(model, plan, found)]
        return (
            named if any(p.is_error for p in named) else [*named, messages.NO_SOLUTION.at(Place())]
        )
    if status is Status.NO_RELIABILITY:
        return list(_unreliable(model, plan, found))
    return list(_inadmissible(model, plan, found)) if status is Status.NOT_ADMISSIBLE else []


def index_problems(model: Model, plan: Layout, found: Estimates) -> list[Problem]:
    """Return an error for each index that does not exist, a warning for each negative weight."""
    shares = normalised_weights(plan, found.slopes)[:, 0]
    undefined = (plan.sums(found.slopes) <= 0)[:, 0]
    gone = [
        messages.NO_INDEX.at(Place(item=name), name=name)
        for name, bad in zip(model.names, undefined, strict=True)
        if bad and name in model.rated
    ]
    negative = [
        messages.NEGATIVE_WEIGHT.at(
            Place(item=item), item=item, value=f"{share:.3f}", name=model.names[owner]
        )
        for item, share, owner in zip(model.indicators, shares, plan.owners, strict=True)
        if share < 0 and not undefined[owner] and model.names[owner] in model.rated
    ]
    return [*gone, *negative]


def resample_problems(resamples: Resamples) -> list[Problem]:
    """Return a warning when resamples had to be left out, an error when too few are left.

    A bootstrap needs two resamples for an error, replicate weights one.
    """
    dropped, total = resamples.dropped(), len(resamples.status)
    used = total - sum(dropped.values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in dropped.items())
    if used < (2 if resamples.factors is None else 1):
        said = messages.NO_RESAMPLES
        return [said.at(Place(), total=total, reasons=reasons or f"fine {used}")]
    if not dropped:
        return []
    said = messages.RESAMPLES_DROPPED
    return [said.at(Place(), dropped=sum(dropped.values()), total=total, reasons=reasons)]


def _collinear(model: Model, plan: Layout, found: Estimates) -> Iterator[Problem]:
    for j, block in enumerate(plan.blocks):
        if plan.modes[j] == "B" and not definite(found.items[block, block])[0]:
            yield messages.COLLINEAR_ITEMS.at(Place(item=model.names[j]), name=model.names[j])
    for j in plan.endogenous:
        rows = list(plan.sources[j])
        if not definite(found.constructs[np.ix_(rows, rows)])[0]:
            sources = ", ".join(model.names[i] for i in rows)
            place = Place(item=model.names[j])
            yield messages.COLLINEAR.at(place, target=model.names[j], sources=sources)


def _unrelated(model: Model, plan: Layout, found: Estimates) -> Iterator[Problem]:
    for name, total in zip(model.names, plan.sums(np.abs(found.weights))[:, 0], strict=True):
        if total == 0:
            yield messages.DEAD_CONSTRUCT.at(Place(item=name), name=name)


def _unreliable(model: Model, plan: Layout, found: Estimates) -> Iterator[Problem]:
    rho = rho_a(plan, found.items, found.weights)[:, 0]
    for j in plan.factors:
        if rho[j] <= 0:
            name = model.names[j]
            yield messages.NO_RELIABILITY.at(Place(item=name), name=name, value=f"{rho[j]:.3f}")


def _inadmissible(model: Model, plan: Layout, found: Estimates) -> Iterator[Problem]:
    """Name each reliability and loading above one, and correlations that cannot be."""
    if (found.reliabilities == 1).all():
        return
    for j in plan.factors:
        if found.reliabilities[j, 0] > 1:
            reason = f"rho_A of '{model.names[j]}' is {found.reliabilities[j, 0]:.3f}"
            yield messages.NOT_ADMISSIBLE.at(Place(item=model.names[j]), reason=reason)
    for item, loading in zip(model.indicators, found.loadings[:, 0], strict=True):
        if abs(loading) > 1:
            reason = f"the loading of '{item}' is {loading:.3f}"
            yield messages.NOT_ADMISSIBLE.at(Place(item=item), reason=reason)
    if not definite(found.constructs)[0]:
        reason = "the corrected correlations of the constructs are not positive definite"
        yield messages.NOT_ADMISSIBLE.at(Place(), reason=reason)
