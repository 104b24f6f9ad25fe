"""PURE. Making replicate weights from a design: jackknife, balanced halves, bootstraps.

JK1, JKn    leave out one unit, raise the rest of its stratum by n/(n-1)   (Wolter ch. 4)
BRR, Fay    halves chosen by a Hadamard matrix; Fay keeps rho of the other half (Judkins 1990)
subbootstrap  Rao-Wu rescaling bootstrap: n_h - 1 draws per stratum, times n_h/(n_h - 1)
            (Rao, Wu 1988; Rao, Wu, Yue 1992)
bootstrap   Canty-Davison: n_h draws, from the population when its size is known
Only the first stage is replicated. Scales as in as.svrepdesign of R's survey package 4.1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.sampling.columns import BoolArray, FloatArray, IntArray
from analysis.sampling.design import Design
from analysis.sampling.hadamard import hadamard
from analysis.sampling.messages import LONELY_UNIT
from analysis.sampling.plan_messages import (
    BAD_FAY,
    NOT_PAIRED,
    REPLICATION_NEEDS_STRATA,
    REPLICATION_WITHOUT_STRATA,
    TOO_FEW_REPLICATES,
    UNKNOWN_REPLICATION,
)
from analysis.sampling.replicates import Replicates
from analysis.sampling.stages import Stage
from foundation.problems import Message, Place, ProblemsError

CENSUS = 1e-7
PAIR = LEAST = 2


@dataclass(frozen=True)
class Replication:
    """What to make. `count` replicates serve the bootstraps only; `rho` serves Fay only."""

    kind: str
    count: int = 500
    rho: float = 0.0
    mse: bool = False


def replicate_weights(
    design: Design, wanted: Replication, *, rng: np.random.Generator
) -> Replicates:
    """Return replicate weights of the first stage of `design`.

    `rng` is used by the bootstraps alone; the other kinds are the same on every run.
    """
    maker = MAKERS.get(wanted.kind)
    if maker is None:
        raise ProblemsError([UNKNOWN_REPLICATION.at(Place(), value=wanted.kind)])
    if wanted.count < LEAST:
        raise ProblemsError([TOO_FEW_REPLICATES.at(Place(), count=wanted.count)])
    return maker(design, wanted, rng)


def _complain(message: Message, **values: object) -> ProblemsError:
    return ProblemsError([message.at(Place(), **values)])


def _strata(stage: Stage) -> list[tuple[int, IntArray]]:
    """Return each stratum's code and units, strata and units as they first stand in the file."""
    first_row = np.full(len(stage.stratum), len(stage.unit))
    np.minimum.at(first_row, stage.unit, np.arange(len(stage.unit)))
    order = np.argsort(first_row)
    order = order[np.argsort(stage.stratum[order], kind="stable")]
    bounds = np.searchsorted(stage.stratum[order], np.arange(len(stage.strata) + 1))
    found = [(code, order[bounds[code] : bounds[code + 1]]) for code in range(len(stage.strata))]
    return sorted(found, key=lambda entry: int(first_row[entry[1][0]]))


def _jackknife_unstratified(
    design: Design, wanted: Replication, rng: np.random.Generator
) -> Replicates:
    del rng
    if design.stratified:
        raise _complain(REPLICATION_WITHOUT_STRATA)
    stage = design.stages[0]
    n = int(stage.sampled[0])
    multipliers = np.full((n, n), n / (n - 1))
    np.fill_diagonal(multipliers, 0.0)
    scale = float(stage.remaining[0]) * (n - 1) / n
    return Replicates(stage.unit, multipliers, scale, np.ones(n), "JK1", wanted.mse)


def _jackknife_stratified(
    design: Design, wanted: Replication, rng: np.random.Generator
) -> Replicates:
    del rng
    if not design.stratified:
        raise _complain(REPLICATION_NEEDS_STRATA, kind="JKn")
    stage = design.stages[0]
    lonely = (stage.sampled == 1) & (stage.remaining > CENSUS)
    if design.lonely == "fail":
        _refuse_lonely(stage, lonely)
    multipliers, rscales = _left_out(stage, _replicated(design, lonely))
    scale = len(stage.stratum) / len(rscales) if design.lonely == "average" else 1.0
    return Replicates(stage.unit, multipliers, scale, rscales, "JKn", wanted.mse)


def _replicated(design: Design, lonely: BoolArray) -> list[tuple[int, IntArray]]:
    """Return the strata to leave units out of: not those taken whole, unless all are."""
    stage = design.stages[0]
    wide = [entry for entry in _strata(stage) if len(entry[1]) > 1]
    if design.lonely == "adjust":
        wide = [entry for entry in _strata(stage) if len(entry[1]) > 1 or lonely[entry[0]]]
    return [entry for entry in wide if stage.remaining[entry[0]] > CENSUS] or wide


def _left_out(stage: Stage, kept: list[tuple[int, IntArray]]) -> tuple[FloatArray, FloatArray]:
    """Return multipliers (m, R) and rscales (R,), one replicate per unit of the kept strata."""
    count = sum(len(units) for _, units in kept)
    multipliers = np.ones((len(stage.stratum), count))
    rscales = np.empty(count)
    at = 0
    for code, units in kept:
        here = slice(at, at + len(units))
        n = len(units)
        if n == 1:
            strata = len(stage.strata)
            multipliers[:, at] = strata / (strata - 1)
            rscales[at] = (strata - 1) / strata
        else:
            multipliers[units, here] = n / (n - 1)
            rscales[here] = stage.remaining[code] * (n - 1) / n
        multipliers[units, np.arange(here.start, here.stop)] = 0.0
        at = here.stop
    return multipliers, rscales


def _refuse_lonely(stage: Stage, lonely: BoolArray) -> None:
    names = [stage.strata[code] for code in np.flatnonzero(lonely)]
    if names:
        raise _complain(LONELY_UNIT, count=len(names), stage=1, strata=", ".join(names[:5]))


def _balanced(design: Design, wanted: Replication, rng: np.random.Generator) -> Replicates:
    del rng
    rho = wanted.rho if wanted.kind == "Fay" else 0.0
    if not design.stratified:
        raise _complain(REPLICATION_NEEDS_STRATA, kind=wanted.kind)
    if not 0 <= rho < 1:
        raise _complain(BAD_FAY, value=rho)
    stage = design.stages[0]
    half, pair, pairs = _pairs(stage)
    matrix = hadamard(pairs)
    kept = matrix[1 + pair] != half[:, None]
    multipliers = np.where(kept, 2.0 - rho, rho)
    count = matrix.shape[1]
    scale = 1.0 / (count * (1.0 - rho) ** 2)
    return Replicates(stage.unit, multipliers, scale, np.ones(count), wanted.kind, wanted.mse)


def _pairs(stage: Stage) -> tuple[IntArray, IntArray, int]:
    """Return each unit's half (0 or 1), its pair, and the number of pairs.

    Larger strata are cut into neighbouring pairs in the order the units stand in the file and
    numbered before the strata of two.
    """
    uneven = np.flatnonzero(stage.sampled % 2 == 1)
    if len(uneven):
        raise ProblemsError(
            NOT_PAIRED.at(Place(), stratum=stage.strata[code], count=int(stage.sampled[code]))
            for code in uneven[:5]
        )
    half = np.zeros(len(stage.stratum), dtype=np.int64)
    pair = np.zeros(len(stage.stratum), dtype=np.int64)
    done = 0
    ordered = sorted(
        _strata(stage), key=lambda entry: (len(entry[1]) == PAIR, stage.strata[entry[0]])
    )
    for _, members in ordered:
        half[members] = np.arange(len(members)) % 2
        pair[members] = done + np.arange(len(members)) // 2
        done += len(members) // 2
    return half, pair, done


def _rao_wu(design: Design, wanted: Replication, rng: np.random.Generator) -> Replicates:
    stage = design.stages[0]
    _refuse_lonely(stage, stage.sampled == 1)
    multipliers = np.empty((len(stage.stratum), wanted.count))
    for _, units in _strata(stage):
        n = len(units)
        drawn = rng.multinomial(n - 1, np.full(n, 1 / n), size=wanted.count).T
        multipliers[units] = drawn * n / (n - 1)
    scale = 1.0 / (wanted.count - 1)
    return Replicates(
        stage.unit, multipliers, scale, np.ones(wanted.count), wanted.kind, wanted.mse
    )


def _canty_davison(design: Design, wanted: Replication, rng: np.random.Generator) -> Replicates:
    stage = design.stages[0]
    multipliers = np.empty((len(stage.stratum), wanted.count))
    for code, units in _strata(stage):
        n, population = len(units), stage.population[code]
        if np.isfinite(population):
            copies = _copies(n, round(population), rng)
            drawn = rng.multivariate_hypergeometric(copies, n, size=wanted.count).T
        else:
            drawn = rng.multinomial(n, np.full(n, 1 / n), size=wanted.count).T
        multipliers[units] = drawn
    harmonic = len(stage.strata) / float((1 / stage.sampled).sum())
    scale = harmonic / ((harmonic - 1) * (wanted.count - 1))
    return Replicates(
        stage.unit, multipliers, scale, np.ones(wanted.count), "bootstrap", wanted.mse
    )


def _copies(n: int, population: int, rng: np.random.Generator) -> IntArray:
    """Return how often each of n units stands in a made-up population of the given size."""
    copies = np.full(n, population // n, dtype=np.int64)
    copies[rng.permutation(n)[: population % n]] += 1
    return copies


MAKERS: dict[str, Callable[[Design, Replication, np.random.Generator], Replicates]] = {
    "JK1": _jackknife_unstratified,
    "JKn": _jackknife_stratified,
    "BRR": _balanced,
    "Fay": _balanced,
    "subbootstrap": _rao_wu,
    "bootstrap": _canty_davison,
}
