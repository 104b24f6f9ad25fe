"""PURE. What two waves of a study share, and how far their indices move together by chance.

The error of a change needs the covariance of the two indices: panel members, or branches that are
sampling units of both waves, bring their own level into both. Each wave keeps the standard error
of its own resamples; what is computed here is the correlation alone, so that a change and the two
indices it comes from agree (Berger, Priam 2016, JRSS A 179, 361-381, do it by a regression).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.resampling import joined
from analysis.wavefit.joint import Joint, Side
from analysis.wavefit.sample import PANEL, carried

if TYPE_CHECKING:
    from analysis.model.resampling import Resamples
    from analysis.sampling.columns import FloatArray
    from analysis.wavefit.resampling import Drawn

RESAMPLES = 2000
"""Joint resamples: a correlation of them is uncertain by about 0.02."""
FEWEST = 100


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


def shared(
    now: tuple[Drawn, Side], before: tuple[Drawn, Side], *, seed: int, resamples: int = RESAMPLES
) -> Shared:
    """Return what two waves share; each is its model on the full sample, and its cases.

    Both waves are drawn again together by the Rao-Wu bootstrap: within each stratum those units
    that are in both waves apart from those that are in one, see `joint_strata`. Every resample
    takes each wave's weighting plan anew and estimates each wave's model anew. Resample stack k
    of 500 is drawn by numpy.random.default_rng((seed, k)).
    """
    models, sides = (before[0], now[0]), (before[1], now[1])
    people = len(_people(sides[0]) & _people(sides[1]))
    keys = [side.keys(number) for number, side in enumerate(sides)]
    units = len(set(keys[0]) & set(keys[1]))
    if not units:
        return Shared(people, 0, {})
    joint = Joint.of(sides, keys)
    stacks = [
        [own.under(each) for own, each in zip(models, weights, strict=True)]
        for weights in joint.stacks(resamples, seed)
    ]
    found = [joined(own) for own in zip(*stacks, strict=True)]
    return Shared(people, units, _correlations(*found))


def _people(side: Side) -> set[object]:
    return {carried(row, PANEL) for row in side.answered} - {None, ""}


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
