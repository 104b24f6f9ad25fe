"""PURE. Fitting a path model: from a model and an array of answers to a complete result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.model import cases, diagnosis, resampling
from analysis.model.chain import through
from analysis.model.chained import (
    chain_for,
    chain_listing,
    chain_problems,
    columns_for,
    estimate_problems,
)
from analysis.model.checks import missing_paths
from analysis.model.estimates import estimate
from analysis.model.inference import Figure, figure
from analysis.model.inner import with_interval
from analysis.model.jackknife import jackknife
from analysis.model.layout import layout
from analysis.model.moments import products, sample_moments
from analysis.model.ordinal import ordinal_problems, smoothing_problems
from analysis.model.parameters import Parameter, listing
from analysis.model.resampling import Estimator
from analysis.model.scoring import ends_of
from analysis.model.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.model.chain import Chain
    from analysis.model.estimates import Estimates
    from analysis.model.layout import Layout
    from analysis.model.resampling import Interval, Progress, Replication, Resamples
    from analysis.model.scoring import Ends
    from analysis.model.settings import Metric, Missing, Scheme
    from analysis.model.specify import Model
    from foundation.problems import Problem

    FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """A fitted model. Every number of it can be computed again from data, settings and seed.

    Parameters
    ----------
    model         the constructs, items and paths of the last stage of the estimation, in step
                  with `plan` and `estimates`; for a plain model, the model as specified
    n             cases that entered
    estimates     of the full sample: a stack of one
    point         (K,) the parameters of the full sample, named by `labels`
    resamples     the same parameters in every resample (bootstrap or replicate), or None
    seed          of the bootstrap, None without one
    problems      warnings: what to keep in mind when reading the result
    written       the model as specified, where it differs from `model`
    chain         the stages of a model with higher-order constructs or interactions, or None
    """

    model: Model
    settings: Settings
    plan: Layout
    n: int
    estimates: Estimates
    labels: tuple[Parameter, ...]
    point: FloatArray
    resamples: Resamples | None = None
    seed: int | None = None
    problems: tuple[Problem, ...] = ()
    written: Model | None = None
    chain: Chain | None = None

    @property
    def specified(self) -> Model:
        """Return the model as it was specified."""
        return self.written or self.model

    @cached_property
    def earlier(self) -> tuple[Fit, ...]:
        """Return the stages before the last one as fits of their own, without resamples."""
        if self.chain is None:
            return ()
        stages = zip(self.chain.stages, self.chain.plans, through(self.estimates), strict=True)
        return tuple(
            _stage_fit(self, stage.model, plan, found) for stage, plan, found in list(stages)[:-1]
        )

    @cached_property
    def ends(self) -> Ends | None:
        """Return the scale ends of the items, or None when the model does not state them all."""
        return ends_of(self.model)

    def figure(self, kind: str, name: str, of: str = "", *, level: float = 0.95) -> Figure:
        """Return one parameter, for example figure("path", "Loyalty", "Image")."""
        place = self.labels.index(Parameter(kind, name, of))
        return figure(self.point, self.resamples, place, level)


def fit(
    model: Model,
    data: FloatArray,
    *,
    weights: FloatArray | None = None,
    scheme: Scheme = "path",
    metric: Metric = "standardised",
    consistent: bool = False,
    missing: Missing = "mean",
    ordinal: bool = False,
    bootstrap: int = 0,
    seed: int = 1,
    interval: Interval = "percentile",
    replicates: Replication | Literal["jackknife"] | None = None,
    progress: Progress | None = None,
    threads: int = 1,
) -> Fit:
    """Fit a path model by partial least squares, with its sampling error when asked for.

    Parameters
    ----------
    data : (n, p) float       answers, columns in the order of `model.indicators`; NaN or a
                              missing code is no answer
    weights : (n,) float      case weights of zero or more; None weighs all alike
    scheme, metric, consistent, missing, ordinal    see `analysis.model.settings.Settings`;
                              for multiple imputation see `analysis.model.imputed`
    bootstrap, seed           number of resamples and their seed; see `resampling.bootstrap`
    interval                  of a bootstrap: percentile, bca or studentised (20 times the work)
    replicates                replicate weights of the survey design, or "jackknife" (each case
                              left out in turn), instead of a bootstrap
    progress                  called with (done, total) while resampling
    threads                   that share the resamples; the numbers do not depend on it

    Raises
    ------
    ProblemsError listing everything that keeps the model from being estimated.
    """
    settings = Settings(scheme, metric, consistent, missing, ordinal=ordinal)
    sample = _sample(model, data, weights, settings)
    estimator, found = _full_sample(model, sample, settings)
    if replicates == "jackknife":
        resamples = jackknife(estimator)
    elif replicates is not None:
        own = replace(replicates, weights=replicates.weights[:, sample.rows])
        unweighted = replace(estimator, products=replace(estimator.products, base=None))
        resamples = resampling.replicated(unweighted, own, progress, threads=threads)
    elif bootstrap:
        resamples = resampling.bootstrap(estimator, bootstrap, seed, progress, threads=threads)
        resamples = with_interval(estimator, resamples, interval, seed)
        found = replace(found, seed=seed)
    else:
        return found
    said = cases.raise_errors([*found.problems, *diagnosis.resample_problems(resamples)])
    return replace(found, resamples=resamples, problems=said)


def full_sample(
    model: Model, data: FloatArray, weights: FloatArray | None, settings: Settings
) -> Fit:
    """Return the fit of the full sample alone; `data` (n, p), `weights` (n,), raises as `fit`."""
    return _full_sample(model, _sample(model, data, weights, settings), settings)[1]


def prepared_fit(
    model: Model, data: FloatArray, weights: FloatArray | None, settings: Settings
) -> tuple[Estimator, Fit]:
    """Return what resamples are estimated with, and the fit of the full sample.

    For workers that share one bootstrap (`resampling.bootstrap`, `part`); arguments and errors
    as in `fit`.
    """
    return _full_sample(model, _sample(model, data, weights, settings), settings)


@dataclass(frozen=True)
class _Sample:
    """The cases that enter: values (n, p), weights (n,) or None, and their rows in the data."""

    values: FloatArray
    weights: FloatArray | None
    rows: NDArray[np.intp]
    problems: tuple[Problem, ...]


def _sample(
    model: Model, data: FloatArray, weights: FloatArray | None, settings: Settings
) -> _Sample:
    """Return the checked cases; ProblemsError when they cannot be used."""
    cases.raise_errors([*missing_paths(model), *cases.shape_problems(model, data, weights)])
    values = cases.prepared(model, data)
    problems = cases.data_problems(model, values, weights, missing=settings.missing)
    if settings.ordinal:
        problems += ordinal_problems(model, values)
    warnings = cases.raise_errors(problems)
    used = cases.usable_rows(values, weights, settings.missing)
    own = None if weights is None else weights[used]
    return _Sample(values if used.all() else values[used], own, np.flatnonzero(used), warnings)


def _full_sample(model: Model, sample: _Sample, settings: Settings) -> tuple[Estimator, Fit]:
    """Return the estimator of the resamples and the fit of the full sample."""
    chain = chain_for(model, sample.values, sample.weights)
    if chain is not None:
        return _chained(model, chain, sample, settings)
    plan, ends = layout(model), ends_of(model)
    ordinal = settings.ordinal
    source = products(sample.values, settings.missing, sample.weights, ordinal=ordinal)
    found = estimate(plan, sample_moments(source), settings)
    problems = diagnosis.full_sample_problems(model, plan, found, settings)
    problems += smoothing_problems(found) if ordinal else []
    if ends and not any(problem.is_error for problem in problems):
        problems += diagnosis.index_problems(model, plan, found)
    warnings = cases.raise_errors([*sample.problems, *problems])
    names = listing(model, plan, ends)
    estimator = Estimator(plan, source, settings, names, found.slopes[:, 0])
    point = names.values(found)[:, 0]
    return estimator, Fit(
        model, settings, plan, source.n, found, names.labels, point, problems=warnings
    )


def _chained(
    model: Model, chain: Chain, sample: _Sample, settings: Settings
) -> tuple[Estimator, Fit]:
    """Return what `_full_sample` does, for a model of several stages."""
    said = cases.raise_errors([*sample.problems, *chain_problems(chain, sample.values, settings)])
    source = products(columns_for(chain, sample.values), settings.missing, sample.weights)
    base = sample_moments(source)
    found = chain.estimate(base, settings)
    warnings = cases.raise_errors([*said, *estimate_problems(chain, found, settings)])
    chain, names = chain.anchored(base, found), chain_listing(chain)
    plan, last = chain.plans[-1], chain.stages[-1].model
    estimator = Estimator(plan, source, settings, names, found.slopes[:, 0], chain)
    whole = Fit(last, settings, plan, source.n, found, names.labels, names.values(found)[:, 0])
    return estimator, replace(whole, problems=warnings, written=model, chain=chain)


def _stage_fit(fit: Fit, model: Model, plan: Layout, found: Estimates) -> Fit:
    names = listing(model, plan, ends_of(model))
    point = names.values(found)[:, 0]
    return Fit(model, fit.settings, plan, fit.n, found, names.labels, point)
