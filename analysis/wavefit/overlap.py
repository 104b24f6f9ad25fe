"""PURE. What two waves of a study share, and how far their indices move together by chance.

The error of a change needs the covariance of the two indices: panel members, or branches that are
sampling units of both waves, bring their own level into both. Each wave keeps the standard error
of its own resamples; what is computed here is the correlation alone, so that a change and the two
indices it comes from agree (Berger, Priam 2016, JRSS A 179, 361-381, do it by a regression).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.resampling import Replication as Weights
from analysis.model.resampling import joined
from analysis.precision.stacking import joint_strata
from analysis.sampling.columns import labels_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit.design import declared
from analysis.wavefit.sample import PANEL, STRATUM, UNIT, carried, design_column

if TYPE_CHECKING:
    from analysis.model.resampling import Resamples
    from analysis.sampling.columns import FloatArray
    from analysis.sampling.replicates import Replicates
    from analysis.wavefit.resampling import Drawn
    from analysis.wavefit.weighing import Weighed
    from survey.formats.table import ResponseRow

RESAMPLES = 2000
"""Joint resamples: a correlation of them is uncertain by about 0.02."""
STACK = 500
FEWEST = 100


@dataclass(frozen=True)
class Side:
    """One of two waves.

    drawn     its model on the full sample
    weighed   its weighting plan carried out, None without one
    rows      those who answered to the end, in the order of the sample; with a plan followed by
              the cases that it needs beside them
    """

    drawn: Drawn
    weighed: Weighed | None
    rows: Sequence[ResponseRow]


@dataclass(frozen=True)
class Shared:
    """What two waves have in common.

    people        panel members who answered in both
    units         sampling units that both waves drew from (people, where people were drawn)
    correlation   by construct, of the errors of its two indices; nothing where no unit is shared
    """

    people: int
    units: int
    correlation: dict[str, float]


def shared(now: Side, before: Side, *, seed: int, resamples: int = RESAMPLES) -> Shared:
    """Return what two waves share.

    Both waves are drawn again together by the Rao-Wu bootstrap: within each stratum those units
    that are in both waves apart from those that are in one, see `joint_strata`. Every resample
    takes each wave's weighting plan anew and estimates each wave's model anew. Resample stack k
    of 500 is drawn by numpy.random.default_rng((seed, k)).
    """
    people = len(_people(now) & _people(before))
    keys = [_units(side, number) for number, side in enumerate((before, now))]
    units = len(set(keys[0]) & set(keys[1]))
    if not units:
        return Shared(people, 0, {})
    before_found, now_found = _resamples((before, now), keys, seed, resamples)
    return Shared(people, units, _correlations(before_found, now_found))


def _people(side: Side) -> set[object]:
    return {carried(row, PANEL) for row in side.rows[: side.drawn.sample.n]} - {None, ""}


def _units(side: Side, number: int) -> list[tuple[str, str]]:
    """Return (stratum, unit) of every row: its unit, else the panel member, else itself."""
    named = design_column(side.rows, STRATUM, []) or ("",) * len(side.rows)
    strata = [f"stratum {name}" for name in named]
    units = design_column(side.rows, UNIT, [])
    if units:
        return [(stratum, f"unit {unit}") for stratum, unit in zip(strata, units, strict=True)]
    found = []
    for place, (stratum, row) in enumerate(zip(strata, side.rows, strict=True)):
        member = carried(row, PANEL)
        found.append((stratum, f"member {member}" if member else f"row {number}.{place}"))
    return found


def _resamples(
    sides: Sequence[Side], keys: Sequence[list[tuple[str, str]]], seed: int, resamples: int
) -> list[Resamples]:
    """Return the models of both waves under joint replicates, side by side."""
    wave = np.repeat(np.arange(len(keys)), [len(own) for own in keys])
    stratum, unit = zip(*(key for own in keys for key in own), strict=True)
    strata = joint_strata(labels_of(wave), labels_of(stratum), labels_of(unit))
    design, _ = declared(len(wave), strata.tolist(), unit)
    stacks: list[list[Resamples]] = [[] for _ in sides]
    for k, start in enumerate(range(0, resamples, STACK)):
        count = min(STACK, resamples - start)
        rng = np.random.default_rng((seed, k))
        drawn = replicate_weights(design, Replication("subbootstrap", count), rng=rng)
        for number, side in enumerate(sides):
            own = replace(drawn, group=drawn.group[wave == number])
            stacks[number].append(side.drawn.under(_weights(side, own)))
    return [joined(found) for found in stacks]


def _weights(side: Side, drawn: Replicates) -> Weights:
    if side.weighed is not None:
        return side.weighed.under(drawn)
    sample = side.drawn.sample
    own = np.ones(sample.n) if sample.weights is None else sample.weights
    return Weights(drawn.weights(own, slice(None)), scale=drawn.scale)


def _correlations(before: Resamples, now: Resamples) -> dict[str, float]:
    fine = before.fine & now.fine
    if fine.sum() < FEWEST:
        return {}
    rows = [
        {own.name: k for k, own in enumerate(found.labels) if own.kind == "index"}
        for found in (before, now)
    ]
    return {
        name: _correlation(before.values[rows[0][name], fine], now.values[rows[1][name], fine])
        for name in rows[1]
        if name in rows[0]
    }


def _correlation(before: FloatArray, now: FloatArray) -> float:
    """Return the correlation of two estimates over their replicates, 0 where one never moves."""
    if not before.std() or not now.std():
        return 0.0
    return float(np.corrcoef(before, now)[0, 1])
