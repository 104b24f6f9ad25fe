"""PURE. How well items measure their construct, for many resamples at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model.layout import size
from analysis.model.linear import inverse, times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.layout import Layout

    FloatArray = NDArray[np.float64]


LEAST = 1e-10
"""A mean correlation within a construct above which a heterotrait-monotrait ratio exists."""


def cronbach_alpha(plan: Layout, correlations: FloatArray) -> FloatArray:
    """Return (k, B) standardised alpha from (p, p, B) item correlations; 1 for single items.

    Source: Cronbach (1951), Psychometrika 16, 297-334, of standardised items.
    """
    found = np.ones((plan.k, correlations.shape[2]))
    for j, block in enumerate(plan.blocks):
        m = size(block)
        if m > 1:
            total = correlations[block, block].sum(axis=(0, 1))
            found[j] = m / (m - 1) * (1.0 - m / total)
    return found


def rho_a(plan: Layout, correlations: FloatArray, weights: FloatArray) -> FloatArray:
    """Return (k, B) reliabilities of the weighted composites; 1 for single items.

    (w'w)^2 * w'(S - diag S)w / w'(ww' - diag ww')w with standardised weights w.
    Source: Dijkstra, Henseler (2015), MIS Quarterly 39(2), 297-316, equation 3.
    """
    found = np.ones((plan.k, correlations.shape[2]))
    for j, block in enumerate(plan.blocks):
        if size(block) > 1:
            w, s = weights[block], correlations[block, block]
            squares = (w * w).sum(axis=0)
            apart = (w * times(s, w)).sum(axis=0) - squares
            scale = squares**2 - (w**4).sum(axis=0)
            found[j] = squares**2 * apart / np.where(scale > 0, scale, 1.0)
    return found


def rho_c(plan: Layout, loadings: FloatArray) -> FloatArray:
    """Return (k, B) composite reliabilities from (p, B) loadings.

    (sum l)^2 / ((sum l)^2 + sum(1 - l^2)). Source: Joreskog (1971), Psychometrika 36, 109-133.
    """
    together = plan.sums(loadings) ** 2
    return np.asarray(together / (together + plan.sums(1.0 - loadings**2)))


def average_variance(plan: Layout, loadings: FloatArray) -> FloatArray:
    """Return (k, B) average variance extracted: the mean squared loading.

    Source: Fornell, Larcker (1981), Journal of Marketing Research 18(1), 39-50.
    """
    sizes = np.array([size(block) for block in plan.blocks])[:, None]
    return np.asarray(plan.sums(loadings**2) / sizes)


def htmt(plan: Layout, correlations: FloatArray) -> FloatArray:
    """Return (k, k, B) heterotrait-monotrait ratios of the given item correlations.

    The mean correlation between the items of two constructs over the geometric mean of the two
    mean correlations within them. Pass absolute correlations for the definition of seminr, the
    correlations themselves for that of cSEM. The diagonal is one. A ratio is zero where the
    items of a construct do not correlate positively.

    Source: Henseler, Ringle, Sarstedt (2015), J. Acad. Marketing Science 43, 115-135.
    """
    between = _block_means(plan, correlations)
    within = _within(plan, correlations)
    return _ratio(between, within)


def htmt2(plan: Layout, correlations: FloatArray) -> FloatArray:
    """Return (k, k, B) HTMT2: as `htmt`, with geometric instead of arithmetic means.

    Absolute correlations are used, so that the roots exist; one below 1e-10 counts as that, so
    that rounding does not decide.
    Source: Roemer, Schuberth, Henseler (2021), Industrial Management & Data Systems 121(12).
    """
    logs = np.log(np.maximum(np.abs(correlations), LEAST))
    return _ratio(np.exp(_block_means(plan, logs)), np.exp(_within(plan, logs, single=0.0)))


def _block_means(plan: Layout, values: FloatArray) -> FloatArray:
    sums = plan.sums(plan.sums(values).swapaxes(0, 1)).swapaxes(0, 1)
    sizes = np.array([size(block) for block in plan.blocks])
    return np.asarray(sums / (sizes[:, None] * sizes)[:, :, None])


def _within(plan: Layout, values: FloatArray, single: float = 1.0) -> FloatArray:
    """Return (k, B) means over the pairs of different items of each construct."""
    found = np.full((plan.k, values.shape[2]), single)
    for j, block in enumerate(plan.blocks):
        m = size(block)
        if m > 1:
            own = values[block, block]
            apart = own.sum(axis=(0, 1)) - np.einsum("iib->b", own)
            found[j] = apart / (m * (m - 1))
    return found


def _ratio(between: FloatArray, within: FloatArray) -> FloatArray:
    usable = within > LEAST
    root = np.sqrt(np.where(usable, within, 1.0))
    found = between / root[:, None] / root[None] * (usable[:, None] & usable[None])
    for j in range(len(found)):
        found[j, j] = 1.0
    return found


def outer_inflation(plan: Layout, correlations: FloatArray) -> FloatArray:
    """Return (p, B) variance inflation factors of the items among those of their construct.

    An item that the others determine completely gets infinity.
    """
    found = np.empty(correlations.shape[1:])
    for block in plan.blocks:
        inverted, sound = inverse(correlations[block, block])
        found[block] = np.where(sound, np.einsum("iib->ib", inverted), np.inf)
    return found
