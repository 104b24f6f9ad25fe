"""PURE. Waves below each other in one design: which strata they share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from analysis.sampling.columns import IntArray, Labels, crossed


def joint_strata(wave: Labels, stratum: Labels, unit: Labels) -> NDArray[np.str_]:
    """Return (n,) strata in which several waves can be estimated together.

    Where waves share sampling units (panel members, the same branches) their stratum stays
    one, so that a shared unit enters or leaves a replicate in all its waves at once and the
    covariance of the waves is right. Where they were drawn apart they get strata of their own:
    units that could never be drawn in place of each other would only blur the variance.

    Each of `wave`, `stratum` and `unit` has n codes; units are told apart within strata.
    """
    cell, own = crossed(wave, stratum), crossed(stratum, unit)
    groups = _connected(cell.codes, own.codes, len(cell.levels))
    members: dict[int, list[str]] = {}
    for code, group in enumerate(groups):
        members.setdefault(int(group), []).append(cell.levels[code])
    names = np.array(["+".join(members[int(group)]) for group in groups])
    return np.asarray(names[cell.codes])


def _connected(cells: IntArray, units: IntArray, count: int) -> IntArray:
    """Return (count,) group numbers of cells; cells with a unit in common share one."""
    size = count + int(units.max(initial=-1)) + 1
    edges = sparse.coo_array((np.ones(len(cells)), (cells, count + units)), shape=(size, size))
    _, groups = csgraph.connected_components(edges, directed=False)
    return np.asarray(groups[:count], dtype=np.int64)
