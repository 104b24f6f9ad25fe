"""PURE. The bootstrap test of exact fit, which asks whether a true model could misfit so much.

The answers are first turned into answers of which the model is exactly true, with the transform
of Beran and Srivastava; resamples of those tell how large the misfit of a true model gets.
Constructs of mode A are estimated consistently (PLSc) for this: composites would not reproduce
even a true model.

Source: Beran, Srivastava (1985), Annals of Statistics 13, 95-115; Dijkstra, Henseler (2015),
Computational Statistics & Data Analysis 81, 10-23.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import resampling
from analysis.model.estimates import Status, estimate
from analysis.model.fitting import discrepancy, implied_items, implied_of
from analysis.model.moments import Moments, moments
from analysis.model.parameters import Listing, Parameter
from analysis.model.resampling import Estimator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.resampling import Counts, Progress

    FloatArray = NDArray[np.float64]

DISTANCES = ("srmr", "d_ULS", "d_G")
LABELS = tuple(Parameter("distance", name) for name in DISTANCES)


@dataclass(frozen=True)
class Distance:
    """One distance between observed and implied correlations, against those of a true model.

    limit     the distance that a true model exceeds in one of twenty samples (None: infinite)
    p         share of resamples of a true model with at least this distance, (1 + c) / (1 + B)
    """

    name: str
    value: float
    limit: float | None
    p: float


@dataclass(frozen=True)
class ExactFit:
    """The test for SRMR, d_ULS and d_G, with how many resamples could be used and not.

    status     how the consistent estimation of the full sample ended; no distances unless FINE
    """

    distances: tuple[Distance, ...]
    used: int
    dropped: int
    status: Status


@dataclass(frozen=True)
class _TrueModel(Estimator):
    """Estimates the distances of resamples of the transformed answers.

    Transforming the rows and taking their covariances is the same as transforming the
    covariances; `transform` (p, p) stands between items in full-sample standard deviations.
    """

    transform: FloatArray | None = None
    deviations: FloatArray | None = None

    def parameters(self, weights: Counts) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return the (3, B) distances and (B,) status under each row of (B, n) weights."""
        drawn = moments(self.products, weights)
        found = estimate(self.plan, self._transformed(drawn), self.settings, self.towards)
        values = np.zeros((len(DISTANCES), len(found.status)))
        fine = found.status == Status.FINE
        if fine.any():
            kept = discrepancy(found.items, implied_of(self.plan, found))
            values[:, fine] = np.stack([kept.srmr, kept.d_uls, kept.d_g])[:, fine]
        return values, found.status

    def _transformed(self, drawn: Moments) -> Moments:
        if self.transform is None or self.deviations is None:
            return drawn
        unit = self.deviations[:, None]
        scaled = drawn.covariances / unit[:, None] / unit[None]
        moved = np.einsum("ij,jkb,lk->ilb", self.transform, scaled, self.transform, optimize=True)
        return replace(drawn, covariances=moved * unit[:, None] * unit[None])


def exact_fit(
    estimator: Estimator, resamples: int, seed: int, progress: Progress | None = None
) -> ExactFit:
    """Return the test for SRMR, d_ULS and d_G.

    No distances come back when the consistent estimation is not admissible, a correlation
    matrix is not positive definite, or no resample could be estimated.

    Parameters
    ----------
    estimator          of the fit, with the cases
    resamples, seed    drawn by the rule of `resampling.bootstrap`
    """
    plan, settings = estimator.plan, replace(estimator.settings, consistent=True)
    whole = moments(estimator.products, np.ones((1, estimator.products.n)))
    found = estimate(plan, whole, settings)
    status = Status(int(found.status[0]))
    true = implied_items(plan, found.items, found.loadings, true_correlations(plan, found))
    roots = _root(true[:, :, 0], 0.5), _root(found.items[:, :, 0], -0.5)
    if status is not Status.FINE or roots[0] is None or roots[1] is None:
        return ExactFit((), 0, 0, status)
    null = _TrueModel(
        plan,
        estimator.products,
        settings,
        Listing(LABELS, (), estimator.listing.exists),
        found.slopes[:, 0],
        transform=roots[0] @ roots[1],
        deviations=found.deviations[:, 0],
    )
    drawn = resampling.bootstrap(null, resamples, seed, progress)
    used = int(drawn.fine.sum())
    gaps = discrepancy(found.items, implied_of(plan, found))
    point = (gaps.srmr[0], gaps.d_uls[0], gaps.d_g[0])
    tested = [
        _tested(name, float(value), row)
        for name, value, row in zip(DISTANCES, point, drawn.usable, strict=True)
    ]
    return ExactFit(tuple(tested) if used else (), used, resamples - used, status)


def true_correlations(plan: Layout, found: Estimates) -> FloatArray:
    """Return (k, k, B) construct correlations of which the estimated paths are exactly true.

    Every construct has variance one, and correlates with the earlier ones only as its paths
    say. (`structure.implied_correlations` takes the unexplained variances as observed, like
    cSEM; where paths are absent, its matrix is not quite one that the model can reproduce.)
    """
    phi = np.zeros_like(found.constructs)
    np.einsum("iib->ib", phi)[:] = 1.0
    done: list[int] = []
    for j in plan.order:
        if plan.sources[j]:
            phi[j, done] = np.einsum("sb,stb->tb", found.inner.paths[j], phi[:, done])
        else:
            outside = [i for i in done if not plan.sources[i]]
            phi[j, outside] = found.constructs[j, outside]
        phi[done, j] = phi[j, done]
        done.append(j)
    return phi


def _tested(name: str, value: float, row: FloatArray) -> Distance:
    ordered = np.sort(row)
    limit = float(ordered[int(np.ceil(0.95 * len(ordered))) - 1]) if len(ordered) else np.inf
    p = float((1 + (ordered >= value).sum()) / (1 + len(ordered)))
    return Distance(name, value, limit if np.isfinite(limit) else None, p)


def _root(matrix: FloatArray, power: float) -> FloatArray | None:
    """Return a symmetric power of a matrix, or None when it is not positive definite."""
    values, vectors = np.linalg.eigh(matrix)
    if values[0] <= 1e-10 * values[-1]:
        return None
    return np.asarray((vectors * values**power) @ vectors.T)
