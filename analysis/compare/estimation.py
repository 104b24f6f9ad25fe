"""PURE. Estimating every group of a comparison, as observed and under many redraws."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.estimates import Status, estimate
from analysis.model.moments import products, sample_moments
from analysis.model.resampling import Estimator, stack_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from analysis.compare.groups import Groups
    from analysis.model.estimates import Estimates
    from analysis.model.moments import Products
    from analysis.model.parameters import Listing
    from analysis.model.resampling import Progress

    FloatArray = NDArray[np.float64]
    IntArray = NDArray[np.int64]
    Rows = NDArray[np.intp]
    Labels = NDArray[np.uint8] | Rows


@dataclass(frozen=True)
class Redraws:
    """The parameters of G groups in B redraws: values (G, K, B), status (G, B)."""

    values: FloatArray
    status: IntArray

    @property
    def fine(self) -> NDArray[np.bool_]:
        """Return a (B,) mask of the redraws in which every group could be estimated."""
        return np.asarray((self.status == Status.FINE).all(axis=0))

    @property
    def usable(self) -> FloatArray:
        """Return the (G, K, b) values of the redraws in which every group could be estimated."""
        return self.values if self.fine.all() else self.values[:, :, self.fine]

    def reasons(self) -> str:
        """Return how often a group could not be estimated, by the reason, in words."""
        worst = self.status.max(axis=0)
        return ", ".join(
            f"{reason.name.lower()} {int((worst == reason).sum())}"
            for reason in Status
            if reason is not Status.FINE and (worst == reason).any()
        )


def estimator(groups: Groups, rows: Rows, listing: Listing, towards: FloatArray) -> Estimator:
    """Return what estimates the listed parameters on some of the cases, under any weights.

    Constructs are turned to correlate positively with the composite that the weights `towards`
    (p,) make, so that signs agree between groups.
    """
    return Estimator(groups.plan, _products(groups, rows), groups.settings, listing, towards)


def pooled(groups: Groups, rows: Rows) -> Estimates:
    """Return the estimates of some of the cases taken as one sample."""
    return estimate(groups.plan, sample_moments(_products(groups, rows)), groups.settings)


def _products(groups: Groups, rows: Rows) -> Products:
    weights = None if groups.weights is None else groups.weights[rows]
    settings = groups.settings
    return products(groups.values[rows], settings.missing, weights, ordinal=settings.ordinal)


def observed(groups: Groups, listing: Listing, towards: FloatArray) -> Redraws:
    """Return the parameters and status of every group as it is: redraws of one."""
    values, status = [], []
    for group in range(len(groups.names)):
        own = estimator(groups, groups.rows(group), listing, towards)
        found, how = own.of(sample_moments(own.products))
        values.append(found)
        status.append(how)
    return Redraws(np.stack(values), np.stack(status))


def under_labels(
    whole: Estimator, labels: Iterator[Labels], which: list[int], total: int
) -> Redraws:
    """Estimate each group on its cases under `total` labellings of the cases of `whole`.

    A case of the group has weight one, any other case weight zero.
    """
    shape = (len(which), len(whole.listing.labels), total)
    values, status = np.empty(shape), np.empty((len(which), total), dtype=np.int64)
    step = stack_size(whole)
    for start in range(0, total, step):
        batch = np.stack(list(islice(labels, min(step, total - start))))
        columns = slice(start, start + len(batch))
        for place, group in enumerate(which):
            members = (batch == group).astype(np.uint8)
            values[place, :, columns], status[place, columns] = whole.parameters(members)
    return Redraws(values, status)


def under_redraws(
    groups: Groups,
    listing: Listing,
    towards: FloatArray,
    counts: Iterator[NDArray[np.uint8]] | Iterator[FloatArray],
    total: int,
    *,
    progress: Progress | None = None,
) -> Redraws:
    """Estimate each group on its cases under `total` redraws of the people of all groups."""
    rows = [groups.rows(group) for group in range(len(groups.names))]
    own = [estimator(groups, where, listing, towards) for where in rows]
    values = np.empty((len(own), len(listing.labels), total))
    status = np.empty((len(own), total), dtype=np.int64)
    step = min(stack_size(one) for one in own)
    for start in range(0, total, step):
        batch = np.stack(list(islice(counts, min(step, total - start))))
        columns = slice(start, start + len(batch))
        for group, where in enumerate(rows):
            found, how = own[group].parameters(batch[:, where])
            values[group, :, columns], status[group, columns] = found, how
        if progress:
            progress(columns.stop, total)
    return Redraws(values, status)
