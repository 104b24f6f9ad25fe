"""PURE. The model of a wave under resamples that are drawn as the sample was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import run
from analysis.model.cases import raise_errors
from analysis.model.diagnosis import resample_problems
from analysis.model.resampling import Replication as Weights
from analysis.model.resampling import Resamples
from analysis.sampling.design import Design
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit.design import declared

if TYPE_CHECKING:
    from analysis.model.run import Fit
    from analysis.model.specify import Model
    from analysis.wavefit.sample import Sample
    from analysis.wavefit.weighing import Weighed

    Progress = Callable[[int, int], None]
    Draw = Callable[[int, np.random.Generator], Weights]

STACK = 500
"""Resamples drawn together; part of the rule by which they can be drawn again."""

RULE = (
    "analysis.sampling.replication, kind subbootstrap (Rao-Wu: one draw less than the units of a "
    "stratum), rng = numpy.random.default_rng(seed), in stacks of 500; quantiles numpy default"
)


def fitted(
    model: Model,
    sample: Sample,
    *,
    resamples: int,
    seed: int,
    progress: Progress | None = None,
    weighed: Weighed | None = None,
) -> Fit:
    """Return the model of a wave with its sampling error.

    Cases with strata or units are drawn again by the Rao-Wu bootstrap: within each stratum one
    unit less than there are, the drawn ones raised by n/(n - 1) (Rao, Wu 1988, JASA 83, 231-241;
    Rao, Wu, Yue 1992, Survey Methodology 18, 209-217). Others are drawn as from a simple random
    sample. The interval is that of the percentiles; every resample estimates the model anew.
    With a weighting plan (`weighed`) every resample also takes every step of it anew.
    Raises ProblemsError with everything that keeps the model from being estimated.
    """
    if weighed is not None:
        return _resampled(
            model, sample, weighed.draw, resamples=resamples, seed=seed, progress=progress
        )
    if not sample.is_stratified:
        return run.fit(
            model, sample.values, weights=sample.weights, bootstrap=resamples, seed=seed,
            progress=progress,
        )  # fmt: skip
    design, warnings = declared(sample.n, sample.strata, sample.units, sample.weights)
    found = _resampled(
        model, sample, _redraw(design), resamples=resamples, seed=seed, progress=progress
    )
    return replace(found, problems=raise_errors([*warnings, *found.problems]))


def _redraw(design: Design) -> Draw:
    def draw(count: int, rng: np.random.Generator) -> Weights:
        drawn = replicate_weights(design, Replication("subbootstrap", count), rng=rng)
        return Weights(drawn.weights(design.weights, slice(None)), scale=drawn.scale)

    return draw


def _resampled(
    model: Model,
    sample: Sample,
    draw: Draw,
    *,
    resamples: int,
    seed: int,
    progress: Progress | None,
) -> Fit:
    """Return the model with its resamples, each as good as the others (no variance factors)."""
    full = run.fit(model, sample.values, weights=sample.weights)
    rng, parts = np.random.default_rng(seed), list[Resamples]()
    for start in range(0, resamples, STACK):
        count = min(STACK, resamples - start)
        stack = run.fit(model, sample.values, weights=sample.weights, replicates=draw(count, rng))
        assert stack.resamples is not None  # noqa: S101 - asked for by `replicates`
        parts.append(stack.resamples)
        if progress:
            progress(start + count, resamples)
    found = Resamples(
        parts[0].labels,
        np.concatenate([part.values for part in parts], axis=1),
        np.concatenate([part.status for part in parts]),
    )
    problems = raise_errors([*full.problems, *resample_problems(found)])
    return replace(full, resamples=found, seed=seed, problems=problems)
