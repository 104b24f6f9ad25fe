"""PURE. The model of a wave under resamples that are drawn as the sample was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model import run
from analysis.model.cases import raise_errors
from analysis.model.diagnosis import resample_problems
from analysis.model.resampling import Replication as Weights
from analysis.model.resampling import Resamples
from analysis.sampling.columns import Columns
from analysis.sampling.design import Design, declare
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit import messages
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from analysis.model.run import Fit
    from analysis.model.specify import Model
    from analysis.wavefit.sample import Sample

    Progress = Callable[[int, int], None]

STACK = 500
"""Resamples drawn together; part of the rule by which they can be drawn again."""

RULE = (
    "analysis.sampling.replication, kind subbootstrap (Rao-Wu: one draw less than the units of a "
    "stratum), rng = numpy.random.default_rng(seed), in stacks of 500; quantiles numpy default"
)


def fitted(
    model: Model, sample: Sample, *, resamples: int, seed: int, progress: Progress | None = None
) -> Fit:
    """Return the model of a wave with its sampling error.

    Cases with strata or units are drawn again by the Rao-Wu bootstrap: within each stratum one
    unit less than there are, the drawn ones raised by n/(n - 1) (Rao, Wu 1988, JASA 83, 231-241;
    Rao, Wu, Yue 1992, Survey Methodology 18, 209-217). Others are drawn as from a simple random
    sample. The interval is that of the percentiles; every resample estimates the model anew.
    Raises ProblemsError with everything that keeps the model from being estimated.
    """
    if not sample.is_stratified:
        return run.fit(
            model, sample.values, weights=sample.weights, bootstrap=resamples, seed=seed,
            progress=progress,
        )  # fmt: skip
    design, warnings = _design(sample)
    full = run.fit(model, sample.values, weights=sample.weights)
    found = _drawn(model, sample, design, resamples=resamples, seed=seed, progress=progress)
    problems = raise_errors([*warnings, *full.problems, *resample_problems(found)])
    return replace(full, resamples=found, seed=seed, problems=problems)


def _drawn(
    model: Model,
    sample: Sample,
    design: Design,
    *,
    resamples: int,
    seed: int,
    progress: Progress | None,
) -> Resamples:
    """Return the model under every resample, each as good as the others (no variance factors)."""
    rng, parts = np.random.default_rng(seed), list[Resamples]()
    for start in range(0, resamples, STACK):
        count = min(STACK, resamples - start)
        drawn = replicate_weights(design, Replication("subbootstrap", count), rng=rng)
        weights = drawn.weights(design.weights, slice(None))
        own = Weights(weights, scale=drawn.scale)
        stack = run.fit(model, sample.values, weights=sample.weights, replicates=own)
        assert stack.resamples is not None  # noqa: S101 - asked for by `replicates`
        parts.append(stack.resamples)
        if progress:
            progress(start + count, resamples)
    return Resamples(
        parts[0].labels,
        np.concatenate([part.values for part in parts], axis=1),
        np.concatenate([part.status for part in parts]),
    )


def _design(sample: Sample) -> tuple[Design, list[Problem]]:
    """Return the design of a sample, lonely units joined to the neighbouring stratum."""
    n = sample.n
    units = sample.units or tuple(map(str, range(n)))
    strata = sample.strata or ("",) * n
    joined, lonely = _joined(strata, units)
    if len(set(zip(strata, units, strict=True))) == 1:
        raise ProblemsError([messages.ONE_UNIT.at(Place(column="psu"), unit=units[0])])
    warnings = [messages.STRATA_MERGED.at(Place(), strata=", ".join(lonely))] if lonely else []
    # A unit counts within its own stratum, also where another one has a unit of that name.
    named = [f"{stratum}\x1f{unit}" for stratum, unit in zip(strata, units, strict=True)]
    columns = Columns({
        "stratum": np.array([f"s{name}" for name in joined], dtype=object),
        "unit": np.array(named, dtype=object),
        "weight": np.ones(n) if sample.weights is None else sample.weights,
    })  # fmt: skip
    return declare(columns, ids=["unit"], strata=["stratum"], weights="weight"), warnings


def _joined(strata: Sequence[str], units: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return each case's stratum after lonely ones were joined, and which were lonely.

    A stratum of one unit joins the one before it in order of name, the first the one after it:
    "collapsed strata" (Wolter, Introduction to Variance Estimation, 2nd ed., section 2.5).

    >>> _joined(["a", "a", "b", "c", "c"], ["1", "2", "3", "4", "5"])
    (['a', 'a', 'a', 'c', 'c'], ['b'])
    """
    counts = Counter(stratum for stratum, _ in set(zip(strata, units, strict=True)))
    names, lonely = sorted(counts), [name for name in sorted(counts) if counts[name] == 1]
    into: dict[str, str] = {}
    for before, name in zip(["", *names], names, strict=False):
        into[name] = into[before] if counts[name] == 1 and before in into else name
    first = into[names[0]]
    if counts[names[0]] == 1 and Counter(into.values())[first] == 1 and len(names) > 1:
        into[names[0]] = into[names[1]]
    return [into[name] for name in strata], lonely
