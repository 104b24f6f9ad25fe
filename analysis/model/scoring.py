"""PURE. From weights to the 0-100 metric: index weights, indices, impacts, respondents' scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.scales import Scale, limits, weighted_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.specify import Model

    FloatArray = NDArray[np.float64]
    Ends = tuple[FloatArray, FloatArray]


def ends_of(model: Model) -> Ends | None:
    """Return the (p,) lower and upper scale ends of the items; None unless all are stated.

    The items of products have no scale and no index; they get the ends 0 and 1.
    """
    found = [
        Scale(0, 1) if construct.is_product else model.scale_of(item)
        for construct in model.constructs
        for item in construct.indicators
    ]
    scales = [scale for scale in found if scale is not None]
    return limits(scales) if len(scales) == len(found) else None


def reach(plan: Layout, slopes: FloatArray, ends: Ends) -> FloatArray:
    """Return (k, B) how many standard deviations of a composite its 0-100 metric spans."""
    return plan.sums(slopes * (ends[1] - ends[0])[:, None])


def normalised_weights(plan: Layout, slopes: FloatArray) -> FloatArray:
    """Return (p, B) index weights that add up to one within each construct."""
    return np.asarray(slopes / _nonzero(plan.sums(slopes))[plan.owners])


def indices(plan: Layout, slopes: FloatArray, means: FloatArray, ends: Ends) -> FloatArray:
    """Return (k, B) indices 0-100 of all constructs; see `analysis.scales.weighted_index`."""
    return np.stack(
        [
            weighted_index(slopes[block], means[block], ends[0][block], ends[1][block])
            for block in plan.blocks
        ]
    )


def impacts(plan: Layout, estimates: Estimates, ends: Ends) -> FloatArray:
    """Return (k, k, B) impacts: index points of the target per index point of the source.

    A total effect in units of the 0-100 metric: the standardised effect times the ratio of the
    two constructs' standard deviations on that metric. In a consistent estimation these are
    the deviations of the constructs without measurement error.
    """
    spans = reach(plan, estimates.slopes, ends)
    deviations = np.sqrt(np.maximum(estimates.reliabilities, 0.0)) / _nonzero(spans)
    return estimates.inner.totals * deviations[:, None] / _nonzero(deviations)[None]


def respondent_scores(plan: Layout, slopes: FloatArray, data: FloatArray, ends: Ends) -> FloatArray:
    """Return (n, k) scores 0-100 of every case; their weighted mean is the index.

    `slopes` (p,) are the full sample's weights; `data` (n, p) has no gaps.
    """
    columns = np.ascontiguousarray(data.T)
    return indices(plan, np.broadcast_to(slopes[:, None], columns.shape), columns, ends).T


def _nonzero(values: FloatArray) -> FloatArray:
    return np.where(values == 0, 1.0, values)
