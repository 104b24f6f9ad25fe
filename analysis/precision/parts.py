"""PURE. Groups of cases whose index is wanted, and their indices from item means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import cases
from analysis.model.scoring import indices, respondent_scores
from analysis.precision.redrawn import used_rows
from analysis.sampling.estimates import Estimates, jointly
from analysis.sampling.estimators import means_of

if TYPE_CHECKING:
    from analysis.model.run import Fit
    from analysis.model.scoring import Ends
    from analysis.sampling.columns import BoolArray, FloatArray
    from analysis.sampling.design import Design


@dataclass(frozen=True)
class Part:
    """One group of cases whose index is wanted.

    rows     (n,) the cases
    model    name of the part whose structural model gives the outer weights: for a branch, the
             wave it belongs to. Empty: its own.
    """

    name: str
    rows: BoolArray
    model: str = ""

    @property
    def source(self) -> str:
        """The name of the part whose model is used."""
        return self.model or self.name


@dataclass(frozen=True)
class Frame:
    """The parts of one data set (n, p), and the fits of those that give outer weights."""

    data: FloatArray
    parts: tuple[Part, ...]
    fits: Mapping[str, Fit]
    ends: Ends

    def names(self) -> tuple[str, ...]:
        """Return the names of the indices: part by part, construct by construct."""
        return tuple(
            f"{part.name}: {name}"
            for part in self.parts
            for name in self.fits[part.source].model.names
        )

    def item_means(self, design: Design) -> Estimates:
        """Return the means of all items in all parts, jointly: parts x p estimates."""
        rows = []
        for part in self.parts:
            model = self.fits[part.source].model
            names = [f"{part.name}: {item}" for item in model.indicators]
            domain = design.within(self._used(part, design))
            rows.append((domain, means_of(cases.prepared(model, self.data), names)))
        return jointly(design, rows)

    def indices(self, means: FloatArray, slopes: Mapping[str, FloatArray]) -> FloatArray:
        """Return (R, parts x k) indices from item means (R, parts x p) and outer weights (p, R)."""
        p = self.data.shape[1]
        found = []
        for at, part in enumerate(self.parts):
            own = means[:, at * p : (at + 1) * p].T
            weights = np.broadcast_to(slopes[part.source], own.shape)
            found.append(indices(self.fits[part.source].plan, weights, own, self.ends))
        return np.concatenate(found).T

    def fixed(self, design: Design, means: Estimates) -> Estimates:
        """Return the indices under the full sample's outer weights, from their item means.

        They are linear in the means, 100 sum_j w_j (m_j - min_j) / sum_j w_j (max_j - min_j),
        so that their covariance is that of the means carried over.
        """
        slopes = {name: fit.estimates.slopes for name, fit in self.fits.items()}
        linear = self._linear(slopes)
        found = replace(
            means,
            names=self.names(),
            values=self.indices(means.values[None, :], slopes)[0],
            covariance=linear @ means.covariance @ linear.T,
            draws=None if means.draws is None else self.indices(means.draws, slopes),
        )
        counts, spread = self._spread(design, means)
        return with_effect(found, counts, spread / counts)

    def _used(self, part: Part, design: Design) -> BoolArray:
        return used_rows(self.fits[part.source], self.data, part.rows, design)

    def _linear(self, slopes: Mapping[str, FloatArray]) -> FloatArray:
        """Return the (parts x k, parts x p) derivatives of the indices by the item means."""
        count = len(self.parts) * self.data.shape[1]
        origin = self.indices(np.zeros((1, count)), slopes)
        return np.asarray((self.indices(np.eye(count), slopes) - origin).T)

    def _spread(self, design: Design, means: Estimates) -> tuple[FloatArray, FloatArray]:
        """Return, by index, the cases and the variance of single cases' scores.

        n/(n - 1) sum w (s - mean)^2 / sum w; a missing answer counts as its item's mean.
        """
        p = self.data.shape[1]
        counts, spread = [], []
        for at, part in enumerate(self.parts):
            fit, used = self.fits[part.source], self._used(part, design)
            values = cases.prepared(fit.model, self.data[used])
            filled = np.where(np.isnan(values), means.values[at * p : (at + 1) * p], values)
            scores = respondent_scores(fit.plan, fit.estimates.slopes[:, 0], filled, self.ends)
            weights, n = design.weights[used], int(used.sum())
            deviations = scores - weights @ scores / weights.sum()
            spread.append(weights @ deviations**2 / weights.sum() * n / max(n - 1, 1))
            counts.append(np.full(fit.plan.k, float(n)))
        return np.concatenate(counts), np.concatenate(spread)


def with_effect(estimates: Estimates, counts: FloatArray, simple: FloatArray) -> Estimates:
    """Return estimates with cases (k,) and design effects against the variances `simple` (k,)."""
    variance = np.diag(estimates.covariance)
    nothing = np.full(len(simple), np.nan)
    deff = np.divide(variance, simple, out=nothing.copy(), where=simple > 0)
    n_eff = np.divide(counts, deff, out=nothing, where=deff > 0)
    return replace(estimates, counts=counts, deff=deff, n_eff=n_eff)
