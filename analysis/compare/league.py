"""PURE. The groups of a comparison ranked by the index of each construct."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analysis.sampling.estimates import Estimates
from analysis.sampling.many import league_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.compare.groups import Groups
    from analysis.model.parameters import Parameter
    from analysis.sampling.many import Place

    FloatArray = NDArray[np.float64]


def leagues(
    groups: Groups,
    labels: tuple[Parameter, ...],
    values: FloatArray,
    draws: FloatArray,
    df: int | None = None,
) -> dict[str, list[Place]]:
    """Return for each construct with an index the groups from the highest to the lowest.

    Ranks come with simultaneous intervals (Holm) from the joint errors of the groups, people in
    several groups counted in. `values` (G, K); `draws` (G, K, B) of one bootstrap of all;
    `df` of the sampling design, None: cases minus groups.
    """
    found = {}
    none = np.full(len(groups.names), np.nan)
    for row, label in enumerate(labels):
        if label.kind == "index":
            estimates = Estimates(
                groups.names,
                values[:, row],
                np.atleast_2d(np.cov(draws[:, row])),
                sum(groups.sizes) - len(groups.names) if df is None else df,
                np.array(groups.sizes, dtype=float),
                none,
                none,
            )
            found[label.name] = league_table(estimates)
    return found
