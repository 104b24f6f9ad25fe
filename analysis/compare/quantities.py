"""PURE. Which numbers of two groups are set against each other, taken from one estimation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.fitting import implied_of
from analysis.model.parameters import Listing, Parameter
from analysis.model.scoring import ends_of, indices
from analysis.model.structure import routes

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    Taker = Callable[[Estimates], FloatArray]
    Part = tuple[list[Parameter], Taker]

KINDS = ("path", "total", "loading", "weight", "r2", "index")
"""What is compared, in this order. The index only when every item's scale is stated."""


def compared(model: Model, plan: Layout) -> Listing:
    """Return the parameters that groups are compared in, with how to take them (K, B)."""
    ends, names = ends_of(model), model.names
    place = {name: j for j, name in enumerate(names)}
    arrows = [(place[path.target], place[path.source]) for path in model.paths]
    ways, inner = routes(plan), list(plan.endogenous)
    owned = [
        (item, construct.name) for construct in model.constructs for item in construct.indicators
    ]
    parts: list[Part] = [
        (_between("path", names, arrows), lambda e: _at(e.inner.paths, arrows)),
        (_between("total", names, ways), lambda e: _at(e.inner.totals, ways)),
        ([Parameter("loading", *own) for own in owned], lambda e: e.loadings),
        ([Parameter("weight", *own) for own in owned], lambda e: e.weights),
        ([Parameter("r2", names[j]) for j in inner], lambda e: e.inner.r2[inner]),
    ]
    if ends is not None:
        labels = [Parameter("index", name) for name in names]
        parts.append((labels, lambda e: indices(plan, e.slopes, e.means, ends)))
    return _listing(parts, plan, has_index=ends is not None)


def with_scores(listing: Listing, model: Model, plan: Layout, pooled: Estimates) -> Listing:
    """Return the listing with means and variances of scores under the pooled sample's weights.

    The scores have mean zero and variance one over the pooled sample, divisor n.
    """
    slopes, means = pooled.slopes[:, 0], pooled.means[:, 0]

    def mean(found: Estimates) -> FloatArray:
        return plan.sums(slopes[:, None] * (found.means - means[:, None]))

    def variance(found: Estimates) -> FloatArray:
        scaled = slopes[:, None] * found.deviations
        return np.stack([_quadratic(found.items[b, b], scaled[b]) for b in plan.blocks])

    labels = [Parameter(kind, name) for kind in ("mean", "variance") for name in model.names]
    return replace(
        listing, labels=(*listing.labels, *labels), takers=(*listing.takers, mean, variance)
    )


def implied(model: Model, plan: Layout) -> Listing:
    """Return the item correlations that the model implies, each pair of items once."""
    first, second = np.tril_indices(plan.p, -1)
    items = model.indicators
    labels = [Parameter("implied", items[i], items[j]) for i, j in zip(first, second, strict=True)]
    return _listing([(labels, lambda e: implied_of(plan, e)[first, second])], plan, has_index=False)


def _listing(parts: list[Part], plan: Layout, *, has_index: bool) -> Listing:
    def exists(found: Estimates) -> NDArray[np.bool_]:
        if not has_index:
            return np.ones(len(found.status), dtype=bool)
        return np.asarray((plan.sums(found.slopes) > 0).all(axis=0))

    labels = tuple(label for own, _ in parts for label in own)
    return Listing(labels, tuple(take for _, take in parts), exists)


def _quadratic(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    return np.asarray(np.einsum("ab,acb,cb->b", vector, matrix, vector))


def _between(kind: str, names: tuple[str, ...], pairs: list[tuple[int, int]]) -> list[Parameter]:
    return [Parameter(kind, names[target], names[source]) for target, source in pairs]


def _at(values: FloatArray, pairs: list[tuple[int, int]]) -> FloatArray:
    first, second = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    return values[first, second]
