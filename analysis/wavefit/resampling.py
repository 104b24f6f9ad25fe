"""PURE. The model of a wave under resamples that are drawn as the sample was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import resampling, run
from analysis.model.cases import raise_errors
from analysis.model.diagnosis import resample_problems
from analysis.model.resampling import Replication as Weights
from analysis.model.resampling import Resamples, joined, part_of
from analysis.model.settings import Settings
from analysis.sampling.design import Design
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit.design import declared

if TYPE_CHECKING:
    from analysis.model.resampling import Estimator
    from analysis.model.run import Fit
    from analysis.model.specify import Model
    from analysis.wavefit.sample import Sample
    from analysis.wavefit.weighing import Weighed
    from foundation.problems import Problem

    Progress = Callable[[int, int], None]
    Draw = Callable[[int, np.random.Generator], Weights]

STACK = 500
"""Resamples drawn together; part of the rule by which they can be drawn again."""

RULE = (
    "analysis.sampling.replication, kind subbootstrap (Rao-Wu: one draw less than the units of a "
    "stratum), stack k of 500 by numpy.random.default_rng((seed, k)); quantiles numpy default"
)


@dataclass(frozen=True)
class Drawn:
    """A wave's model on the full sample, and what its resamples are made with.

    A part of them is a row of whole stacks, the same whoever computes it: the result does not
    depend on how many workers share it, to the last digit. `warnings` are about the design;
    `draw` makes the weights of a stack, None where cases are drawn as from a simple sample.
    """

    model: Model
    sample: Sample
    estimator: Estimator
    full: Fit
    resamples: int
    seed: int
    draw: Draw | None
    warnings: tuple[Problem, ...] = ()

    @property
    def work(self) -> int:
        """Return about how many multiplications all resamples take."""
        return self.resamples * self.sample.n * self.estimator.plan.p**2

    @property
    def stacks(self) -> int:
        """Return how many stacks there are, the most parts that have anything to do."""
        step = resampling.stack_size(self.estimator) if self.draw is None else STACK
        return -(-self.resamples // step)

    def part(self, part: tuple[int, int] = (0, 1), progress: Progress | None = None) -> Resamples:
        """Return the i-th of m parts of the resamples, for `part` = (i, m); by default all."""
        if self.draw is None:
            return resampling.bootstrap(
                self.estimator, self.resamples, self.seed, progress, part=part
            )
        own = part_of([slice(k, k + 1) for k in range(self.stacks)], part)
        total = sum(self._count(stack.start) for stack in own)
        found, done = list[Resamples](), 0
        for stack in own:
            found.append(self._stack(self.draw, stack.start))
            done += self._count(stack.start)
            if progress:
                progress(done, total)
        return joined(found)

    def fit(self, found: Resamples) -> Fit:
        """Return the fit with its resamples; ProblemsError when too few could be estimated."""
        said = raise_errors([*self.warnings, *self.full.problems, *resample_problems(found)])
        return replace(self.full, resamples=found, seed=self.seed, problems=said)

    def _count(self, stack: int) -> int:
        return min(STACK, self.resamples - STACK * stack)

    def _stack(self, draw: Draw, stack: int) -> Resamples:
        return self.under(draw(self._count(stack), np.random.default_rng((self.seed, stack))))

    def under(self, weights: Weights) -> Resamples:
        """Return the model under replicate weights, each as good as the others (no factors)."""
        own = self.sample
        fit = run.fit(self.model, own.values, weights=own.weights, replicates=weights)
        assert fit.resamples is not None  # noqa: S101 - asked for by `replicates`
        return Resamples(fit.resamples.labels, fit.resamples.values, fit.resamples.status)


def drawn(
    model: Model, sample: Sample, *, resamples: int, seed: int, weighed: Weighed | None = None
) -> Drawn:
    """Return the model of a wave, ready for its sampling error.

    Cases with strata or units are drawn again by the Rao-Wu bootstrap: within each stratum one
    unit less than there are, the drawn ones raised by n/(n - 1) (Rao, Wu 1988, JASA 83, 231-241;
    Rao, Wu, Yue 1992, Survey Methodology 18, 209-217). Others are drawn as from a simple random
    sample. The interval is that of the percentiles; every resample estimates the model anew.
    With a weighting plan (`weighed`) every resample also takes every step of it anew.
    Raises ProblemsError with everything that keeps the model from being estimated.
    """
    estimator, full = run.prepared_fit(model, sample.values, sample.weights, Settings())
    draw, warnings = _rule(sample, weighed)
    return Drawn(model, sample, estimator, full, resamples, seed, draw, warnings)


def fitted(
    model: Model,
    sample: Sample,
    *,
    resamples: int,
    seed: int,
    progress: Progress | None = None,
    weighed: Weighed | None = None,
) -> Fit:
    """Return the model of a wave with its sampling error, computed here and now: see `drawn`."""
    own = drawn(model, sample, resamples=resamples, seed=seed, weighed=weighed)
    return own.fit(own.part(progress=progress))


def _rule(sample: Sample, weighed: Weighed | None) -> tuple[Draw | None, tuple[Problem, ...]]:
    if weighed is not None:
        return weighed.draw, ()
    if not sample.is_stratified:
        return None, ()
    design, warnings = declared(sample.n, sample.strata, sample.units, sample.weights)
    return _redraw(design), tuple(warnings)


def _redraw(design: Design) -> Draw:
    def draw(count: int, rng: np.random.Generator) -> Weights:
        drawn = replicate_weights(design, Replication("subbootstrap", count), rng=rng)
        return Weights(drawn.weights(design.weights, slice(None)), scale=drawn.scale)

    return draw
