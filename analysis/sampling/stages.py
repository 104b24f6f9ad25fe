"""PURE. Stages of selection: which unit and stratum each case came from, and out of how many.

Built from labels as they stand in a data file. Conventions are those of R's survey package
(svydesign, version 4.1): unit labels of a later stage count within their parent; with `nest`
the labels of a stage count within its stratum; a population size of infinity, or none, means
drawn with replacement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analysis.sampling.columns import FloatArray, IntArray, Labels, crossed
from analysis.sampling.messages import (
    MISSING_DESIGN_VALUE,
    ONE_UNIT,
    POPULATION_MIXED,
    POPULATION_TOO_SMALL,
    POPULATION_VARIES,
    TOO_FEW_STAGES,
    UNIT_IN_TWO_STRATA,
)
from foundation.problems import Place, Problem, ProblemsError


@dataclass(frozen=True)
class Stage:
    """One stage of selection. m units in H strata; n rows.

    unit          (n,) index of each row's unit
    stratum       (m,) index of each unit's stratum
    sampled       (H,) units drawn in the stratum
    population    (H,) units in the population of the stratum, inf when drawn with replacement
    share         (H,) product of the sampling fractions of the stages before (1 at the first)
    parent        (H,) index of the unit of the stage before that the stratum lies in
    strata        names of the strata
    alone         whether every row is a unit of its own, in order
    """

    unit: IntArray
    stratum: IntArray
    sampled: FloatArray
    population: FloatArray
    share: FloatArray
    parent: IntArray
    strata: tuple[str, ...]
    alone: bool = False

    @property
    def remaining(self) -> FloatArray:
        """(H,) finite population correction 1 - n/N of each stratum."""
        return np.asarray(1.0 - self.sampled / self.population)

    @property
    def row_stratum(self) -> IntArray:
        """(n,) index of each row's stratum."""
        return self.stratum[self.unit]


def single_units(n: int) -> Labels:
    """Return the labels of a sample without clusters: each row is its own unit."""
    return Labels(np.arange(n), tuple(map(str, range(1, n + 1))))


def check_complete(named: Sequence[tuple[str, Labels]]) -> None:
    """Raise a problem for every design column with an empty cell."""
    problems = []
    for name, labels in named:
        missing = ~labels.known
        if missing.any():
            row = int(np.argmax(missing)) + 1
            count = int(missing.sum())
            problems.append(
                MISSING_DESIGN_VALUE.at(Place(column=name), name=name, count=count, row=row)
            )
    if problems:
        raise ProblemsError(problems)


def build_stages(
    n: int,
    *,
    ids: Sequence[Labels] = (),
    strata: Sequence[Labels] = (),
    populations: Sequence[FloatArray] = (),
    nest: bool = False,
) -> tuple[Stage, ...]:
    """Return the stages of a sample of `n` rows, first stage first.

    `ids`, `strata` and `populations` each hold one column per stage; strata may stop earlier
    than ids (the last column then serves the later stages) and so may populations (the later
    stages then count as drawn with replacement). Raises a problem for a unit in two strata, a
    single unit, or population sizes that contradict the sample.
    """
    units = _unit_labels(n, ids, strata, nest=nest)
    if len(populations) > len(units):
        raise ProblemsError(
            [TOO_FEW_STAGES.at(Place(), found=len(populations), expected=len(units))]
        )
    layers = _stratum_labels(n, units, strata)
    if not nest and strata:
        _check_strata_of_units(units[0], layers[0])
    if len(units[0].levels) == 1 and not (nest and strata):
        raise ProblemsError([ONE_UNIT.at(Place())])
    bare = [_bare_stage(unit, layer) for unit, layer in zip(units, layers, strict=True)]
    sized = _with_populations(bare, populations)
    return _with_shares(sized)


def _unit_labels(
    n: int, ids: Sequence[Labels], strata: Sequence[Labels], *, nest: bool
) -> list[Labels]:
    units = [ids[0] if ids else single_units(n)]
    for further in ids[1:]:
        units.append(crossed(units[-1], further))
    if nest and strata:
        units = [
            crossed(strata[min(stage, len(strata) - 1)], unit) for stage, unit in enumerate(units)
        ]
    return units


def _stratum_labels(n: int, units: Sequence[Labels], strata: Sequence[Labels]) -> list[Labels]:
    whole = Labels(np.zeros(n, dtype=np.int64), ("",))
    layers = [strata[0] if strata else whole]
    for stage, parent in enumerate(units[:-1], start=1):
        own = strata[min(stage, len(strata) - 1)] if strata else whole
        layers.append(crossed(own, parent))
    return layers


def _check_strata_of_units(unit: Labels, layer: Labels) -> None:
    order = np.argsort(unit.codes, kind="stable")
    codes, strata = unit.codes[order], layer.codes[order]
    clash = (codes[1:] == codes[:-1]) & (strata[1:] != strata[:-1])
    problems = [
        UNIT_IN_TWO_STRATA.at(
            Place(),
            unit=unit.levels[codes[at]],
            first=layer.levels[strata[at]],
            second=layer.levels[strata[at + 1]],
        )
        for at in np.flatnonzero(clash)[:5]
    ]
    if problems:
        raise ProblemsError(problems)


def _bare_stage(unit: Labels, layer: Labels) -> Stage:
    m, strata = len(unit.levels), len(layer.levels)
    stratum = np.zeros(m, dtype=np.int64)
    stratum[unit.codes] = layer.codes
    return Stage(
        unit=unit.codes,
        stratum=stratum,
        sampled=np.bincount(stratum, minlength=strata).astype(np.float64),
        population=np.full(strata, np.inf),
        share=np.ones(strata),
        parent=np.zeros(strata, dtype=np.int64),
        strata=layer.levels,
        alone=m == len(unit.codes) and bool((unit.codes == np.arange(m)).all()),
    )


def _with_populations(stages: list[Stage], populations: Sequence[FloatArray]) -> list[Stage]:
    if not populations:
        return stages
    fractions = _are_fractions(populations)
    problems: list[Problem] = []
    sized = []
    for number, stage in enumerate(stages, start=1):
        if number > len(populations):
            sized.append(stage)
            continue
        given = populations[number - 1]
        rows = stage.sampled[stage.row_stratum] / given if fractions else given
        sized.append(_sized(stage, rows, number, problems))
    if problems:
        raise ProblemsError(problems)
    return sized


def _are_fractions(populations: Sequence[FloatArray]) -> bool:
    every = np.stack(populations)
    if (every <= 0).any() or ((every > 1).any() and (every < 1).any()):
        raise ProblemsError([POPULATION_MIXED.at(Place())])
    return not bool((every > 1).any())


def _sized(stage: Stage, rows: FloatArray, number: int, problems: list[Problem]) -> Stage:
    population = np.full(len(stage.strata), np.inf)
    population[stage.row_stratum] = rows
    varies = population[stage.row_stratum] != rows
    problems.extend(
        POPULATION_VARIES.at(Place(), stratum=stage.strata[code], stage=number)
        for code in np.unique(stage.row_stratum[varies])[:5]
    )
    problems.extend(
        POPULATION_TOO_SMALL.at(
            Place(),
            stratum=stage.strata[code],
            stage=number,
            population=f"{population[code]:g}",
            sampled=f"{stage.sampled[code]:g}",
        )
        for code in np.flatnonzero(population < stage.sampled * (1 - 1e-12))[:5]
    )
    return _replaced(stage, population=population)


def _with_shares(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    done = [stages[0]]
    for before, stage in pairwise(stages):
        parent = np.zeros(len(stage.strata), dtype=np.int64)
        parent[stage.row_stratum] = before.unit
        above = before.stratum[parent]
        done.append(_replaced(stage, parent=parent, share=_share(done[-1])[above]))
    return tuple(done)


def _share(stage: Stage) -> FloatArray:
    return np.asarray(stage.share * stage.sampled / stage.population)


def _replaced(stage: Stage, **changes: FloatArray | IntArray) -> Stage:
    values = {name: getattr(stage, name) for name in stage.__dataclass_fields__}
    return Stage(**(values | changes))
