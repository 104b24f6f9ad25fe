"""PURE. The satisfaction index from a fitted model: weights, indices, scores of respondents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model import scoring
from analysis.model.cases import prepared

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.inference import Figure
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
    }


def indices(fit: Fit) -> dict[str, Figure]:
    """Return for each construct its index 0-100 with standard error and interval.

    Empty when the model does not state the scale of every item.
    """
    if fit.ends is None:
        return {}
    return {name: fit.figure("index", name) for name in fit.model.names}


def respondent_scores(fit: Fit, data: FloatArray) -> FloatArray:
    """Return (n, k) construct scores 0-100 of the cases in `data` (n, p).

    A missing answer counts as the fitted (weighted) mean of its item, so that the weighted mean
    of the scores is the index. ValueError when the model does not state the scales.
    """
    if fit.ends is None:
        raise ValueError("scores 0-100 need the scale of every item")
    values = prepared(fit.model, data)
    filled = np.where(np.isnan(values), fit.estimates.means[:, 0], values)
    return scoring.respondent_scores(fit.plan, fit.estimates.slopes[:, 0], filled, fit.ends)
