"""PURE. The estimates without each case, from sums that lose one case at a time.

A case changes the sums of the products of the items by its own products and nothing else, so
that the n deleted-one moments are n subtractions: no product of matrices, no pass over the rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.model.moments import from_sums
from analysis.model.resampling import Resamples, stack_size

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.moments import Products
    from analysis.model.resampling import Estimator

    FloatArray = NDArray[np.float64]

MOST = 2000
"""Cases up to which each is left out by itself; above, they are left out in so many groups."""


def jackknife(estimator: Estimator, most: int = MOST) -> Resamples:
    """Estimate the model without each case in turn; variance (G - 1)/G times squared deviations.

    With more than `most` cases they are left out in G = `most` groups, case i in group i mod G,
    so that neighbours in the file stand in different groups.
    Source: Shao, Tu, The Jackknife and Bootstrap (1995), ch. 2.
    """
    source = estimator.products
    groups = min(source.n, most)
    lost = _group_sums(source, groups)
    total = lost.sum(axis=1, keepdims=True)
    values = np.empty((len(estimator.listing.labels), groups))
    status = np.empty(groups, dtype=np.int64)
    step = stack_size(estimator)
    for start in range(0, groups, step):
        rows = slice(start, min(start + step, groups))
        values[:, rows], status[rows] = estimator.of(from_sums(source, total - lost[:, rows]))
    found = Resamples(estimator.listing.labels, values, status)
    raised = groups / max(int(found.fine.sum()), 1)
    factors = np.where(found.fine, (groups - 1) / groups * raised, 0.0)
    return Resamples(found.labels, values, status, factors, groups - 1.0)


def _group_sums(source: Products, groups: int) -> FloatArray:
    """Return (q, G) sums of the products of the cases of each group."""
    found: FloatArray | None = None
    for rows, table in source.blocks():
        members = np.arange(rows.start, rows.stop) % groups
        if source.n == groups and found is None and table.shape[1] == groups:
            return table
        own = np.zeros((table.shape[1], groups))
        own[np.arange(len(own)), members] = 1.0
        found = table @ own if found is None else found + table @ own
    assert found is not None  # noqa: S101 - there is a block of cases
    return found
