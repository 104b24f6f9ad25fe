"""PURE. Further figures that a model is judged by, listed so that resamples give their intervals.

They are kept out of the list of all parameters, since every resample would pay for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model import reliability, structure
from analysis.model.fitting import implied_of, srmr
from analysis.model.parameters import Listing, Parameter

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    Part = tuple[list[Parameter], Callable[[Estimates], FloatArray]]

HUGE = 1e10
"""Stands for an infinite effect size or variance inflation, so that intervals can be taken."""


def figures(model: Model, plan: Layout, n: int) -> Listing:
    """Return f2, variance inflation, adjusted R2, margins of loadings and AVE, and SRMR.

    `model` and `plan` are those of the stage that is judged, `n` the number of cases.
    """

    def effects(e: Estimates) -> list[FloatArray]:
        found = structure.effect_sizes(plan, e.constructs, e.inner.r2)
        return [np.nan_to_num(values, nan=HUGE) for values in found]

    parts = [
        _by_path("f2", model, plan, effects),
        _by_path("vif", model, plan, lambda e: structure.inflation(plan, e.constructs)),
        _adjusted(model, plan, n),
        _cross(model, plan),
        _fornell(model, plan),
        _outer(model, plan),
        ([Parameter("srmr", "")], lambda e: _srmr(plan, e)),
    ]
    labels = tuple(label for own, _ in parts for label in own)
    return Listing(labels, tuple(take for _, take in parts), _always)


def _always(found: Estimates) -> NDArray[np.bool_]:
    return np.ones(len(found.status), dtype=bool)


def _by_path(
    kind: str, model: Model, plan: Layout, found: Callable[[Estimates], list[FloatArray]]
) -> Part:
    names = model.names
    labels = [Parameter(kind, names[j], names[i]) for j in plan.endogenous for i in plan.sources[j]]

    def take(e: Estimates) -> FloatArray:
        rows = found(e)
        return np.concatenate([rows[j] for j in plan.endogenous])

    return labels, take


def _adjusted(model: Model, plan: Layout, n: int) -> Part:
    rows = list(plan.endogenous)
    labels = [Parameter("r2_adj", model.names[j]) for j in rows]
    return labels, lambda e: structure.adjusted_r2(plan, e.inner.r2, n)[rows]


def _cross(model: Model, plan: Layout) -> Part:
    owners, every = plan.owners, np.arange(plan.p)
    labels = [
        Parameter("cross_loading", item, model.names[j])
        for item, j in zip(model.indicators, owners.tolist(), strict=True)
    ]

    def take(e: Estimates) -> FloatArray:
        sizes = np.abs(e.cross)
        own = sizes[every, owners]
        sizes[every, owners] = 0.0
        return np.asarray(own - sizes.max(axis=1))

    return labels, take


def _fornell(model: Model, plan: Layout) -> Part:
    def take(e: Estimates) -> FloatArray:
        apart = np.abs(e.constructs)
        np.einsum("iib->ib", apart)[:] = 0.0
        root = np.sqrt(reliability.average_variance(plan, e.loadings))
        return np.asarray(root - apart.max(axis=1))

    return [Parameter("fornell", name) for name in model.names], take


def _outer(model: Model, plan: Layout) -> Part:
    rows = [i for i, j in enumerate(plan.owners.tolist()) if plan.modes[j] == "B"]
    labels = [Parameter("vif_outer", model.indicators[i]) for i in rows]
    return labels, lambda e: np.minimum(reliability.outer_inflation(plan, e.items)[rows], HUGE)


def _srmr(plan: Layout, found: Estimates) -> FloatArray:
    return srmr(found.items, implied_of(plan, found))[None]
