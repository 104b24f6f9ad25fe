"""PURE. A path model estimated again under every replicate weight of a design.

The estimation needs the weighted sums of the products of every two items and nothing else. They
are added up once for each group of cases that share their replicate weights, so that no table of
cases by replicates is ever made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import cases, diagnosis
from analysis.model.estimates import Status, estimate
from analysis.model.moments import from_sums, products
from analysis.model.parameters import listing
from analysis.model.resampling import STACK, Resamples
from analysis.sampling.linearised import grouped_sums
from analysis.sampling.resampled import required_replicates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.moments import Products
    from analysis.model.parameters import Parameter
    from analysis.model.run import Fit
    from analysis.sampling.columns import BoolArray, FloatArray, IntArray
    from analysis.sampling.design import Design
    from foundation.problems import Problem

LEAST_STACK = 128


@dataclass(frozen=True)
class ModelDraws:
    """A model under R replicates.

    labels       the K parameters that have a sampling error
    parameters   (K, R)
    slopes       (p, R) outer weights per unit of each item, signs as in the full sample
    status       (R,) how each estimation ended, of `analysis.model.estimates.Status`
    """

    labels: tuple[Parameter, ...]
    parameters: FloatArray
    slopes: FloatArray
    status: NDArray[np.int64]

    @property
    def fine(self) -> BoolArray:
        """(R,) whether the replicate could be estimated."""
        return np.asarray(self.status == Status.FINE)

    def problems(self) -> list[Problem]:
        """Return a warning when replicates had to be left out, an error when none is left."""
        return diagnosis.resample_problems(Resamples(self.labels, self.parameters, self.status))


def used_rows(fit: Fit, data: FloatArray, rows: BoolArray, design: Design) -> BoolArray:
    """Return (n,) the cases among `rows` that the model can use: weighted, and with answers."""
    values = cases.prepared(fit.model, data)
    return rows & cases.usable_rows(values, design.weights, fit.settings.missing)


def model_draws(fit: Fit, data: FloatArray, rows: BoolArray, design: Design) -> ModelDraws:
    """Return the model of `fit` under the replicates of `design`.

    `data` (n, p) and `rows` (n,) are those of the design; `fit` was made of `rows` with the
    design's weights. Constructs are turned towards the full sample's composite, so that no
    replicate counts as far away for having its signs reversed.
    """
    used = np.flatnonzero(used_rows(fit, data, rows, design))
    source = products(cases.prepared(fit.model, data[used]), fit.settings.missing)
    sums = _replicate_sums(source, used, design)
    names = listing(fit.model, fit.plan, fit.ends)
    count = sums.shape[1]
    parameters = np.empty((len(names.labels), count))
    slopes, status = np.empty((fit.plan.p, count)), np.empty(count, dtype=np.int64)
    step = max(STACK // fit.plan.p**2, LEAST_STACK)
    for start in range(0, count, step):
        block = slice(start, start + step)
        moments = from_sums(source, sums[:, block])
        found = estimate(fit.plan, moments, fit.settings, fit.estimates.slopes[:, 0])
        parameters[:, block], slopes[:, block] = names.values(found), found.slopes
        lost = (found.status == Status.FINE) & ~names.exists(found)
        status[block] = np.where(lost, Status.NO_INDEX, found.status)
    return ModelDraws(names.labels, parameters, slopes, status)


def _replicate_sums(source: Products, used: IntArray, design: Design) -> FloatArray:
    """Return (q, R) weighted sums of the products of items, of the rows `used` of the design."""
    replicates = required_replicates(design)
    groups, weights = replicates.group[used], design.weights[used]
    present, group = np.unique(groups, return_inverse=True)
    added: FloatArray | None = None
    for rows, table in source.blocks():
        part = grouped_sums((table * weights[rows]).T, group[rows], len(present))
        added = part if added is None else added + part
    assert added is not None  # noqa: S101 - a fit has cases
    return np.asarray(added.T @ replicates.multipliers[present])
