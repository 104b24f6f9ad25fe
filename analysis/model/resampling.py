"""PURE. Bootstrap, jackknife and replicate weights: the same estimation under other weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.estimates import Status, estimate
from analysis.model.moments import moments
from analysis.model.threads import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Literal

    from numpy.typing import NDArray

    from analysis.model.chain import Chain
    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.moments import Moments, Products
    from analysis.model.parameters import Listing, Parameter
    from analysis.model.settings import Settings

    FloatArray = NDArray[np.float64]
    Counts = NDArray[np.uint8] | NDArray[np.float64]
    Progress = Callable[[int, int], None]
    Interval = Literal["percentile", "bca", "studentised"]

STACK = 300_000
"""Numbers in a stack of covariance matrices: so many resamples are iterated together that it
stays in the processor's cache."""

HELD = 200_000_000
"""Most bytes of resampling counts in a stack."""


@dataclass(frozen=True)
class Resamples:
    """The parameters of B resamples, and how the estimation of each ended.

    Parameters
    ----------
    values : (K, B)     in the order of `labels`
    status : (B,)       of `Status`
    factors : (B,)      what each replicate's squared deviation from the full sample adds to the
                        variance (replicate weights); None for a bootstrap, where the variance
                        is that of the values
    df                  degrees of freedom of intervals from replicate weights
    interval            how a bootstrap's intervals are made: see `analysis.model.inference`
    deleted : (K, G)    for BCa and studentised intervals, the usable values without each case
    inner : (K, B)      for studentised intervals, the standard error within each resample
    """

    labels: tuple[Parameter, ...]
    values: FloatArray
    status: NDArray[np.int64]
    factors: FloatArray | None = None
    df: float = np.inf
    interval: Interval = "percentile"
    deleted: FloatArray | None = None
    inner: FloatArray | None = None

    @cached_property
    def fine(self) -> NDArray[np.bool_]:
        """Return a (B,) mask of the resamples that could be estimated."""
        return np.asarray(self.status == Status.FINE)

    @cached_property
    def usable(self) -> FloatArray:
        """Return the (K, b) values of the resamples that could be estimated."""
        return self.values if self.fine.all() else self.values[:, self.fine]

    def dropped(self) -> dict[str, int]:
        """Return how many resamples could not be used, by the reason."""
        return {
            reason.name.lower(): int((self.status == reason).sum())
            for reason in Status
            if reason is not Status.FINE and (self.status == reason).any()
        }


@dataclass(frozen=True)
class Estimator:
    """Everything that turns weights of the cases into a list of parameters: theta(w).

    `plan` is the layout of the last stage; `chain` leads there in a model of several stages.
    """

    plan: Layout
    products: Products
    settings: Settings
    listing: Listing
    towards: FloatArray | None = None
    chain: Chain | None = None

    def parameters(self, weights: Counts) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return the (K, B) parameters and (B,) status under each row of (B, n) weights."""
        return self.of(moments(self.products, weights))

    def of(self, found_moments: Moments) -> tuple[FloatArray, NDArray[np.int64]]:
        """Return the (K, B) parameters and (B,) status of each resample's moments."""
        found = self.estimates(found_moments)
        lost = (found.status == Status.FINE) & ~self.listing.exists(found)
        status = np.where(lost, Status.NO_INDEX, found.status)
        return self.listing.values(found), status

    def estimates(self, found_moments: Moments) -> Estimates:
        """Return all estimates of each resample's moments."""
        if self.chain is not None:
            return self.chain.estimate(found_moments, self.settings)
        return estimate(self.plan, found_moments, self.settings, self.towards)


def under_weights(
    estimator: Estimator, weights: Counts, progress: Progress | None = None, *, threads: int = 1
) -> Resamples:
    """Estimate the model under each row of (B, n) weights.

    A resample's numbers do not depend on the others: any split over workers gives the same.
    """
    stacks = (weights[rows] for rows in _slices(estimator, len(weights)))
    return _estimated(estimator, stacks, len(weights), progress, threads)


def bootstrap(
    estimator: Estimator,
    resamples: int,
    seed: int,
    progress: Progress | None = None,
    *,
    part: tuple[int, int] = (0, 1),
    threads: int = 1,
) -> Resamples:
    """Estimate the model on resamples of the cases, drawn with replacement.

    Row b of numpy.random.default_rng(seed).integers(0, n, (resamples, n)) holds the numbers of
    the cases drawn in resample b, so that anyone can draw them again.

    `part` = (i, m) computes the i-th of m parts only, for one of m workers; `joined` puts the
    parts together. A part is a row of whole stacks, the same whoever computes it, so that the
    result does not depend on the number of workers, to the last digit. Nor does it depend on the
    number of threads that share a part.
    """
    rng, n = np.random.default_rng(seed), estimator.products.n
    own = part_of(list(_slices(estimator, resamples)), part)
    if own:
        skip(rng, n, own[0].start)
    stacks = (draw_counts(rng, rows.stop - rows.start, n) for rows in own)
    total = sum(rows.stop - rows.start for rows in own)
    return _estimated(estimator, stacks, total, progress, threads)


def part_of(stacks: list[slice], part: tuple[int, int]) -> list[slice]:
    """Return the i-th of m parts of a list of stacks, for `part` = (i, m)."""
    number, parts = part
    return stacks[len(stacks) * number // parts : len(stacks) * (number + 1) // parts]


def skip(rng: np.random.Generator, n: int, resamples: int) -> None:
    """Pass over the draws of the first resamples, which another worker makes."""
    for _ in range(resamples):
        rng.integers(0, n, n)


def joined(parts: Sequence[Resamples]) -> Resamples:
    """Return the parts of a bootstrap as one, in their order."""
    return replace(
        parts[0],
        values=np.concatenate([part.values for part in parts], axis=1),
        status=np.concatenate([part.status for part in parts]),
    )


@dataclass(frozen=True)
class Replication:
    """Replicate weights of a survey design and how to turn replicates into a variance.

    The variance of an estimate is scale * sum over r of rscales_r (theta_r - theta)^2, theta
    from the full sample, as in R's survey package with mse = TRUE.

    Parameters
    ----------
    weights : (R, n)    each row the weights of one replicate
    scale               for example 1/R for a bootstrap or BRR, (R - 1)/R for a jackknife
    rscales : (R,)      further factors by replicate; None for ones
    df                  degrees of freedom of the intervals; None for R - 1
    """

    weights: FloatArray
    scale: float
    rscales: FloatArray | None = None
    df: float | None = None


def replicated(
    estimator: Estimator,
    replication: Replication,
    progress: Progress | None = None,
    *,
    threads: int = 1,
) -> Resamples:
    """Estimate the model under every set of replicate weights.

    When replicates cannot be used, the factors of the others are raised to keep their sum.
    """
    found = under_weights(estimator, replication.weights, progress, threads=threads)
    total = len(found.status)
    rscales = np.ones(total) if replication.rscales is None else replication.rscales
    kept = np.where(found.fine, rscales, 0.0)
    raised = rscales.sum() / kept.sum() if kept.any() else 1.0
    df = total - 1.0 if replication.df is None else replication.df
    return replace(found, factors=replication.scale * kept * raised, df=df)


def draw_counts(rng: np.random.Generator, resamples: int, n: int) -> NDArray[np.uint8]:
    """Return (resamples, n) how often each of n cases comes up in n draws (never near 255)."""
    counts = np.empty((resamples, n), dtype=np.uint8)
    for row in counts:
        row[:] = np.bincount(rng.integers(0, n, n), minlength=n)
    return counts


def _estimated(
    estimator: Estimator,
    stacks: Iterable[Counts],
    total: int,
    progress: Progress | None,
    threads: int,
) -> Resamples:
    values, status = np.empty((len(estimator.listing.labels), total)), np.empty(total, np.int64)
    done = 0
    for own, ended in in_order(estimator.parameters, stacks, threads):
        rows = slice(done, done + len(ended))
        values[:, rows], status[rows] = own, ended
        done = rows.stop
        if progress:
            progress(done, total)
    return Resamples(estimator.listing.labels, values, status)


def stack_size(estimator: Estimator) -> int:
    """Return how many resamples are iterated together."""
    fitting = max(STACK // estimator.plan.p**2, 128)
    return max(min(fitting, HELD // estimator.products.n), 1)


def _slices(estimator: Estimator, total: int) -> Iterator[slice]:
    step = stack_size(estimator)
    for start in range(0, total, step):
        yield slice(start, min(start + step, total))
