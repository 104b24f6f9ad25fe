"""PURE. The satisfaction index from a fitted model: weights, indices, scores, groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import scoring
from analysis.model.cases import prepared
from analysis.model.inference import Figure, student

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from analysis.model.run import Fit

    FloatArray = NDArray[np.float64]


def index_weights(fit: Fit) -> dict[str, dict[str, float]]:
    """Return for each construct the share of each item in its index; shares add up to one.

    An item's share is its outer weight per unit of the item (the weight of the standardised
    item over its standard deviation), divided by the sum within the construct.
    """
    shares = scoring.normalised_weights(fit.plan, fit.estimates.slopes)[:, 0].tolist()
    return {
        construct.name: dict(zip(construct.indicators, shares[block], strict=True))
        for construct, block in zip(fit.model.constructs, fit.plan.blocks, strict=True)
        if not construct.is_product
    }


def indices(fit: Fit) -> dict[str, Figure]:
    """Return for each construct its index 0-100 with standard error and interval.

    Parts of higher-order constructs come last. Empty when the model does not state the scale of
    every item.
    """
    return {label.name: fit.figure(*label) for label in fit.labels if label.kind == "index"}


def respondent_scores(fit: Fit, data: FloatArray) -> FloatArray:
    """Return (n, k) construct scores 0-100 of the cases in `data` (n, p), as answered.

    Columns follow `fit.model.rated`. A missing answer counts as the fitted (weighted) mean of
    its item, so that the weighted mean of the scores is the index. ValueError when the model
    does not state the scales.
    """
    if fit.ends is None:
        raise ValueError("scores 0-100 need the scale of every item")
    values = prepared(fit.specified, data)
    items = values if fit.chain is None else fit.chain.items_of(values)[-1]
    return _scored(fit, items)


def scores_by_construct(fit: Fit, data: FloatArray) -> dict[str, FloatArray]:
    """Return the (n,) scores 0-100 of each construct, parts of higher-order constructs too."""
    found = dict(zip(fit.model.rated, respondent_scores(fit, data).T, strict=True))
    if fit.chain is None:
        return found
    stages = fit.chain.items_of(prepared(fit.specified, data))
    for stage, items in zip(fit.earlier, stages, strict=False):
        own = zip(stage.model.rated, _scored(stage, items).T, strict=True)
        found |= {name: scores for name, scores in own if name not in found}
    return found


def _scored(fit: Fit, items: FloatArray) -> FloatArray:
    """Return (n, k) scores of one stage from its (n, q) items."""
    assert fit.ends is not None  # noqa: S101 - asked before
    filled = np.where(np.isnan(items), fit.estimates.means[:, 0], items)
    found = scoring.respondent_scores(fit.plan, fit.estimates.slopes[:, 0], filled, fit.ends)
    return found[:, [fit.model.names.index(name) for name in fit.model.rated]]


@dataclass(frozen=True)
class GroupIndex:
    """The index of one construct in one group of respondents.

    n           cases of the group
    effective   their effective number under the weights: (sum w)^2 / sum w^2
    """

    group: str
    construct: str
    n: int
    effective: float
    index: Figure


def group_indices(
    fit: Fit, data: FloatArray, groups: Sequence[str], weights: FloatArray | None = None
) -> list[GroupIndex]:
    """Return the index of every construct in every group: the weighted mean of its scores.

    The outer weights are those of all respondents, so that groups differ by their answers only.
    Errors and 95 % intervals (Student's t) take these weights as given and the cases as drawn
    independently; `analysis.precision` gives the errors under a design, with the model
    estimated anew. A group of one case has no error.
    """
    scores = scores_by_construct(fit, data)
    own = np.ones(len(data)) if weights is None else np.asarray(weights, dtype=float)
    labels = np.array([str(group) for group in groups])
    return [
        _group(group, name, values[rows], own[rows])
        for group in dict.fromkeys(labels.tolist())
        for rows in [(labels == group) & (own > 0)]
        if rows.any()
        for name, values in scores.items()
    ]


def _group(group: str, construct: str, values: FloatArray, weights: FloatArray) -> GroupIndex:
    """Return the weighted mean with its linearised error: n/(n-1) sum of (w (y - mean))^2."""
    n, shares = len(values), weights / weights.sum()
    effective = float(1.0 / (shares**2).sum())
    mean = float(shares @ values)
    if n == 1:
        return GroupIndex(group, construct, n, effective, Figure(mean))
    se = float(np.sqrt(n / (n - 1) * ((shares * (values - mean)) ** 2).sum()))
    half = student(0.975, n - 1) * se
    return GroupIndex(group, construct, n, effective, Figure(mean, se, mean - half, mean + half))
