"""PURE. One wave, or two of a study, drawn again together by their sampling design.

A unit (a branch, a panel member) that both waves share is drawn in both at once; see
`analysis.precision.stacking`. Where groups of cases are compared and one of them is a single
unit, cases are drawn within the groups instead: see `analysis.wavefit.leaguedraws`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.resampling import Replication as Weights
from analysis.precision.stacking import joint_strata
from analysis.sampling.columns import labels_of
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit.design import declared
from analysis.wavefit.sample import COMPLETE, PANEL, STRATUM, UNIT, carried, design_column

if TYPE_CHECKING:
    from analysis.sampling.columns import IntArray
    from analysis.sampling.design import Design
    from analysis.sampling.replicates import Replicates
    from analysis.wavefit.sample import Sample
    from analysis.wavefit.weighing import Weighed
    from survey.formats.table import ResponseRow, ResponseTable

Key = tuple[str, str]
STACK = 500


@dataclass(frozen=True)
class Side:
    """The cases of one wave.

    sample    those who answered to the end
    weighed   the wave's weighting plan carried out, None without one
    rows      of the sample, in its order; with a plan followed by the cases that it needs beside
    """

    sample: Sample
    weighed: Weighed | None
    rows: Sequence[ResponseRow]

    @property
    def is_drawn_simply(self) -> bool:
        """Tell whether nothing but chance decided who is in the sample, and with what weight."""
        return self.weighed is None and not self.sample.is_stratified

    @property
    def answered(self) -> Sequence[ResponseRow]:
        """Return the rows of those who answered to the end."""
        return self.rows[: self.sample.n]

    def keys(self, number: int) -> list[Key]:
        """Return (stratum, unit) of every row: its unit, else the panel member, else itself."""
        named = design_column(self.rows, STRATUM, []) or ("",) * len(self.rows)
        strata = [f"stratum {name}" for name in named]
        units = design_column(self.rows, UNIT, [])
        if units:
            return [(stratum, f"unit {unit}") for stratum, unit in zip(strata, units, strict=True)]
        members = [carried(row, PANEL) for row in self.rows]
        names = [f"member {m}" if m else f"row {number}.{at}" for at, m in enumerate(members)]
        return list(zip(strata, names, strict=True))


def side_of(table: ResponseTable, sample: Sample, weighed: Weighed | None) -> Side:
    """Return the cases of a wave from its response table."""
    complete = [row for row in table.rows if row.outcome == COMPLETE]
    return Side(sample, weighed, complete if weighed is None else weighed.rows)


@dataclass(frozen=True)
class Joint:
    """The rows of all sides below each other: `wave` (N,) numbers the side of each."""

    sides: tuple[Side, ...]
    wave: IntArray
    design: Design

    @classmethod
    def of(cls, sides: Sequence[Side], keys: Sequence[list[Key]] = ()) -> Joint:
        """Return the joint design; ProblemsError when all cases are of one unit."""
        own = keys or [side.keys(number) for number, side in enumerate(sides)]
        wave = np.repeat(np.arange(len(own)), [len(part) for part in own])
        stratum, unit = zip(*(key for part in own for key in part), strict=True)
        strata = joint_strata(labels_of(wave), labels_of(stratum), labels_of(unit))
        design, _ = declared(len(wave), strata.tolist(), unit)
        return cls(tuple(sides), wave, design)

    def stacks(self, total: int, seed: int, *, weighted: bool = True) -> Iterator[list[Weights]]:
        """Yield `total` draws in stacks; stack k by numpy.random.default_rng((seed, k))."""
        for k, start in enumerate(range(0, total, STACK)):
            rng = np.random.default_rng((seed, k))
            yield self.draw(min(STACK, total - start), rng, weighted=weighted)

    def draw(self, count: int, rng: np.random.Generator, *, weighted: bool = True) -> list[Weights]:
        """Return for each side `count` weights of those who answered, drawn by Rao-Wu.

        With a plan every step of it is taken anew. Not `weighted`: how often each counts beside
        one who counts once, whatever the weights are.
        """
        drawn = replicate_weights(self.design, Replication("subbootstrap", count), rng=rng)
        parts = [replace(drawn, group=drawn.group[self.wave == k]) for k in range(len(self.sides))]
        return [
            _weights(side, own) if weighted else _counts(side, own)
            for side, own in zip(self.sides, parts, strict=True)
        ]


def has_lone_unit(keys: Sequence[Key], labels: Sequence[str], groups: Collection[str]) -> bool:
    """Tell whether any group has its cases from a single unit that holds several of them."""
    units: dict[str, set[Key]] = {}
    for key, label in zip(keys, labels, strict=True):
        units.setdefault(label, set()).add(key)
    return any(len(units.get(group, ())) == 1 for group in groups)


def within_groups(keys: Sequence[Key], groups: Sequence[str], start: int = 0) -> list[Key]:
    """Return keys by which each case is drawn alone, within its group and stratum."""
    return [
        (f"{group}\x1f{stratum}", f"row {at}")
        for at, ((stratum, _), group) in enumerate(zip(keys, groups, strict=True), start)
    ]


def _weights(side: Side, drawn: Replicates) -> Weights:
    if side.weighed is not None:
        return side.weighed.under(drawn)
    own = np.ones(side.sample.n) if side.sample.weights is None else side.sample.weights
    return Weights(drawn.weights(own, slice(None)), scale=drawn.scale)


def _counts(side: Side, drawn: Replicates) -> Weights:
    answered = replace(drawn, group=drawn.group[: side.sample.n])
    return Weights(answered.weights(np.ones(side.sample.n), slice(None)), scale=drawn.scale)
