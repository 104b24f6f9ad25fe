"""PURE. Measurement invariance of composites in three steps (MICOM), by permutation.

Source: Henseler, Ringle, Sarstedt (2016), International Marketing Review 33(3), 405-431.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.compare.twosample import SAME, one_sided_p, permutation_p
from foundation.problems import N_

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.parameters import Listing

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

CHECKED = (
    N_("Every group has the same items in the same constructs, with the same modes and paths."),
    N_("Answers were coded alike: one scale for each item, the same missing codes, items turned."),
    N_("Every group was estimated by the same algorithm with the same settings and converged."),
    N_("Every item varies within every group."),
)
"""Step 1, configural invariance: what is so because the program made it so."""

TO_CONFIRM = (
    N_("The questions had the same wording, translation, order and answer scale in every group."),
    N_("The interviews were held in the same way (telephone, web, paper) in every group."),
    N_("Cases were left out and outliers treated by the same rules in every group."),
)
"""Step 1: what no computation can see; the researcher answers for it."""


@dataclass(frozen=True)
class Permuted:
    """A statistic of each construct, the limits 95 % of permutations keep, and its p value.

    All (k,). The lower limit of c is its 5 % quantile and the upper one is one; the limits of
    differences are their 2.5 % and 97.5 % quantiles.
    """

    value: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray


@dataclass(frozen=True)
class Invariance:
    """Steps 2 and 3 for two groups: each (k,) by construct.

    Parameters
    ----------
    composition     c, the correlation over all cases of both groups of the scores that the
                    weights of either group make; invariance is c = 1
    means           mean score of the second group minus the first, in standard deviations of
                    the scores of both together
    variances       logarithm of the variance of scores in the second group over the first
    """

    composition: Permuted
    means: Permuted
    variances: Permuted


def invariance(
    plan: Layout,
    both: Estimates,
    listing: Listing,
    *,
    groups: FloatArray,
    permuted: FloatArray,
    sizes: tuple[int, int],
) -> Invariance:
    """Return steps 2 and 3 from the parameters of two groups, observed and permuted.

    Parameters
    ----------
    both                    the estimates of both groups as one sample
    listing                 has weights and the mean and variance of pooled scores
    groups : (2, K)         observed; permuted : (2, K, P)
    sizes                   cases in each group; variances have divisor n - 1
    """

    def rows(kind: str) -> list[int]:
        return [row for row, label in enumerate(listing.labels) if label.kind == kind]

    weight, mean, variance = rows("weight"), rows("mean"), rows("variance")
    items = both.items[:, :, 0]
    c = composition(plan, items, groups[0, weight][:, None], groups[1, weight][:, None])[:, 0]
    others = composition(plan, items, permuted[0][weight], permuted[1][weight])
    bessel = [np.log(size / (size - 1)) for size in sizes]
    shift = bessel[1] - bessel[0]
    logs, other_logs = np.log(groups[:, variance]), np.log(permuted[:, variance])
    return Invariance(
        Permuted(c, np.quantile(others, 0.05, axis=1), np.ones(plan.k), one_sided_p(c, others)),
        _difference(groups[1, mean] - groups[0, mean], permuted[1, mean] - permuted[0, mean]),
        _difference(logs[1] - logs[0] + shift, other_logs[1] - other_logs[0] + shift),
    )


def composition(
    plan: Layout, items: FloatArray, first: FloatArray, second: FloatArray
) -> FloatArray:
    """Return (k, B) correlations c of the composites that two sets of weights make.

    `items` (p, p) are the item correlations over all cases; weights (p, B) are of standardised
    items. c = w1'R w2 / sqrt(w1'R w1 w2'R w2).
    """
    found = []
    for block in plan.blocks:
        one, two, among = first[block], second[block], items[block, block]
        across = (one * (among @ two)).sum(axis=0)
        length = (one * (among @ one)).sum(axis=0) * (two * (among @ two)).sum(axis=0)
        found.append(across / np.sqrt(np.where(length > 0, length, 1.0)))
    return np.stack(found)


def _difference(value: FloatArray, permuted: FloatArray) -> Permuted:
    low, high = np.quantile(permuted, [0.025, 0.975], axis=1)
    return Permuted(value, low, high, permutation_p(value, permuted))


def verdict(composition: float, mean: float, variance: float, alpha: float = 0.05) -> str:
    """Return the verdict from the three p values: none, partial or full.

    None: the composites differ; nothing built on them may be compared. Partial: standardised
    paths may be compared. Full: the groups may also be pooled.

    >>> verdict(0.40, 0.01, 0.30)
    'partial'
    """
    if composition < alpha - SAME:
        return "none"
    return "full" if min(mean, variance) >= alpha - SAME else "partial"
