"""PURE. The estimates as one named list of numbers, so that every kind of inference is the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from analysis.model.reliability import (
    average_variance,
    cronbach_alpha,
    htmt,
    htmt2,
    rho_a,
    rho_c,
)
from analysis.model.scoring import impacts, indices, normalised_weights
from analysis.model.structure import routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.scoring import Ends
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    Part = tuple[list["Parameter"], Callable[[Estimates], FloatArray]]


class Parameter(NamedTuple):
    """One estimated number: `kind` of what (`name`), and of which source or construct (`of`)."""

    kind: str
    name: str
    of: str = ""


@dataclass(frozen=True)
class Listing:
    """Which parameters are listed, and how to take their (K, B) values from estimates.

    `exists` tells for which resamples (B,) all of them are defined: an index is not when its
    weights add up to zero or less.
    """

    labels: tuple[Parameter, ...]
    takers: tuple[Callable[[Estimates], FloatArray], ...]
    exists: Callable[[Estimates], NDArray[np.bool_]]

    def values(self, estimates: Estimates) -> FloatArray:
        """Return the (K, B) values of all parameters, in the order of the labels."""
        return np.concatenate([take(estimates) for take in self.takers])


def listing(model: Model, plan: Layout, ends: Ends | None) -> Listing:
    """Return the list of all parameters of a model that have a sampling error.

    Paths, total and indirect effects, outer weights and loadings, R2, reliabilities, average
    variance extracted, HTMT and, when the scales are known, indices and impacts.
    """
    parts = [
        *_effects(model, plan),
        *_measurement(model),
        *_reliabilities(model, plan),
        *_discriminance(model, plan),
        *(_satisfaction(model, plan, ends) if ends else []),
    ]
    labels = tuple(label for own, _ in parts for label in own)
    rated = [model.names.index(name) for name in model.rated]
    return Listing(labels, tuple(take for _, take in parts), partial(_indexed, plan, ends, rated))


def _indexed(
    plan: Layout, ends: Ends | None, rated: list[int], estimates: Estimates
) -> NDArray[np.bool_]:
    if ends is None:
        return np.ones(len(estimates.status), dtype=bool)
    return np.asarray((plan.sums(estimates.slopes)[rated] > 0).all(axis=0))


def _effects(model: Model, plan: Layout) -> list[Part]:
    place = {name: j for j, name in enumerate(model.names)}
    arrows = [(place[path.target], place[path.source]) for path in model.paths]
    ways, ends = routes(plan), list(plan.endogenous)
    return [
        (_pairs("path", model, arrows), lambda e: _at(e.inner.paths, arrows)),
        (_pairs("total", model, ways), lambda e: _at(e.inner.totals, ways)),
        (_pairs("indirect", model, ways), lambda e: _at(e.inner.totals - e.inner.paths, ways)),
        ([Parameter("r2", model.names[j]) for j in ends], lambda e: e.inner.r2[ends]),
    ]


def _measurement(model: Model) -> list[Part]:
    owned = [
        (item, construct.name) for construct in model.constructs for item in construct.indicators
    ]
    return [
        ([Parameter("weight", *names) for names in owned], lambda e: e.weights),
        ([Parameter("loading", *names) for names in owned], lambda e: e.loadings),
    ]


def _reliabilities(model: Model, plan: Layout) -> list[Part]:
    several = [j for j in range(plan.k) if j not in plan.singles]

    def named(kind: str) -> list[Parameter]:
        return [Parameter(kind, model.names[j]) for j in several]

    return [
        (named("alpha"), lambda e: cronbach_alpha(plan, e.items)[several]),
        (named("rho_A"), lambda e: rho_a(plan, e.items, e.weights)[several]),
        (named("rho_C"), lambda e: rho_c(plan, e.loadings)[several]),
        (named("AVE"), lambda e: average_variance(plan, e.loadings)[several]),
    ]


def _discriminance(model: Model, plan: Layout) -> list[Part]:
    both = [(i, j) for i in range(plan.k) for j in range(i)]
    return [
        (_pairs("htmt", model, both), lambda e: _at(htmt(plan, e.items), both)),
        (_pairs("htmt_absolute", model, both), lambda e: _at(htmt(plan, np.abs(e.items)), both)),
        (_pairs("htmt2", model, both), lambda e: _at(htmt2(plan, e.items), both)),
    ]


def _satisfaction(model: Model, plan: Layout, ends: Ends) -> list[Part]:
    rated = [model.names.index(name) for name in model.rated]
    ways = [way for way in routes(plan) if set(way) <= set(rated)]
    return [
        (
            [Parameter("index", name) for name in model.rated],
            lambda e: indices(plan, e.slopes, e.means, ends)[rated],
        ),
        (_pairs("impact", model, ways), lambda e: _at(impacts(plan, e, ends), ways)),
        *_items(model, plan, ends),
    ]


def _items(model: Model, plan: Layout, ends: Ends) -> list[Part]:
    """List each item's share of its construct's index, and where the item stands, on 0-100."""
    low, width = ends[0][:, None], (ends[1] - ends[0])[:, None]
    owned = [(item, construct) for construct in model.constructs for item in construct.indicators]
    rows = [row for row, (_, construct) in enumerate(owned) if not construct.is_product]
    names = [(owned[row][0], owned[row][1].name) for row in rows]
    return [
        (
            [Parameter("share", *name) for name in names],
            lambda e: normalised_weights(plan, e.slopes * width)[rows],
        ),
        (
            [Parameter("performance", *name) for name in names],
            lambda e: (100.0 * (e.means - low) / width)[rows],
        ),
    ]


def _pairs(kind: str, model: Model, pairs: list[tuple[int, int]]) -> list[Parameter]:
    return [Parameter(kind, model.names[first], model.names[second]) for first, second in pairs]


def _at(values: FloatArray, pairs: list[tuple[int, int]]) -> FloatArray:
    first, second = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return values[first, second]
