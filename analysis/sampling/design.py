"""PURE. The sampling design as a value: stages, weights, what calibration did, replicates.

A subpopulation is the same design with weights of zero outside (`within`): rows are never
dropped, so every stratum keeps all its units and the error of a domain is right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from analysis.sampling.columns import BoolArray, Columns, FloatArray, labels_of
from analysis.sampling.messages import (
    BAD_WEIGHT,
    EQUAL_WEIGHTS,
    MISSING_DESIGN_VALUE,
    NO_WEIGHTS_FROM_SIZES,
)
from analysis.sampling.stages import Stage, build_stages, check_complete
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from analysis.sampling.replicates import Replicates

Lonely = Literal["fail", "adjust", "average", "remove", "certainty"]
Residual = Callable[[FloatArray], FloatArray]
"""Takes (n, k) weighted scores to what calibration has not explained of them."""


@dataclass(frozen=True)
class Design:
    """How the cases were drawn and what each stands for. n rows.

    weights        (n,) current weight; zero outside the subpopulation
    stages         stages of selection, first stage first
    stratified     whether strata were named
    lonely         what a stratum with a single unit does: see `linearised`
    lonely_domains also treat a stratum as lonely when a domain leaves one unit in it
    residuals      what each calibration step takes out of weighted scores, in order
    replicates     replicate weights; when given, they and not linearisation make the error
    remarks        warnings about the design that every report repeats
    """

    weights: FloatArray
    stages: tuple[Stage, ...]
    stratified: bool = False
    lonely: Lonely = "fail"
    lonely_domains: bool = False
    residuals: tuple[Residual, ...] = ()
    replicates: Replicates | None = None
    remarks: tuple[Problem, ...] = ()

    @property
    def n(self) -> int:
        """Rows of the data."""
        return len(self.weights)

    @property
    def inside(self) -> BoolArray:
        """(n,) whether the row belongs to the subpopulation."""
        return np.asarray(self.weights != 0)

    def within(self, rows: BoolArray) -> Design:
        """Return the design of the subpopulation `rows` (n,); nothing is dropped."""
        return replace(self, weights=np.where(rows, self.weights, 0.0))

    def reweighted(self, weights: FloatArray, *residuals: Residual) -> Design:
        """Return the design with new weights and what their making explains of any score.

        Replicates are left behind: `with_replicates` gives them their own re-weighting.
        """
        return replace(self, weights=weights, residuals=self.residuals + residuals, replicates=None)

    def with_replicates(self, replicates: Replicates) -> Design:
        """Return the design that takes its errors from replicate weights."""
        return replace(self, replicates=replicates)

    def counts(self) -> tuple[int, int]:
        """Return how many first-stage units and strata hold rows of the subpopulation."""
        first = self.stages[0]
        units = np.zeros(len(first.stratum), dtype=np.bool_)
        units[first.unit[self.inside]] = True
        return int(units.sum()), len(np.unique(first.stratum[units]))

    def degrees_of_freedom(self) -> int:
        """Return units minus strata of the subpopulation, or the replicates' rank minus one."""
        if self.replicates is not None:
            return self.replicates.degrees_of_freedom(self.inside)
        units, strata = self.counts()
        return units - strata


def declare(
    columns: Columns,
    *,
    ids: Sequence[str] = (),
    strata: Sequence[str] = (),
    weights: str | None = None,
    populations: Sequence[str] = (),
    nest: bool = False,
    lonely: Lonely = "fail",
    lonely_domains: bool = False,
) -> Design:
    """Return the design written in the columns of a data file.

    `ids` names the unit columns from the first stage down (none: every row is a unit),
    `strata` the stratum columns by stage, `populations` the columns with the population size
    (or the sampling fraction) of each stage. Without `weights` they are the product of
    population over sample sizes; without both, all cases count the same, and the design
    carries a remark. Conventions: svydesign of R's survey package 4.1.
    """
    id_labels = [labels_of(columns.raw(name)) for name in ids]
    stratum_labels = [labels_of(columns.raw(name)) for name in strata]
    check_complete([*zip(ids, id_labels, strict=True), *zip(strata, stratum_labels, strict=True)])
    sizes = [_complete_numbers(columns, name) for name in populations]
    stages = build_stages(
        columns.n, ids=id_labels, strata=stratum_labels, populations=sizes, nest=nest
    )
    remarks: tuple[Problem, ...] = ()
    if weights is not None:
        values = checked_weights(_complete_numbers(columns, weights), weights)
    elif populations:
        values = _weights_from_sizes(stages)
    else:
        values, remarks = np.ones(columns.n), (EQUAL_WEIGHTS.at(Place()),)
    return Design(
        weights=values,
        stages=stages,
        stratified=bool(strata),
        lonely=lonely,
        lonely_domains=lonely_domains,
        remarks=remarks,
    )


def checked_weights(weights: FloatArray, name: str = "weight") -> FloatArray:
    """Return `weights` if all are finite and not negative, else raise the first five problems."""
    bad = np.flatnonzero(~np.isfinite(weights) | (weights < 0))
    if len(bad):
        raise ProblemsError(
            BAD_WEIGHT.at(Place(column=name), row=int(row) + 1, value=f"{weights[row]:g}")
            for row in bad[:5]
        )
    return weights


def _complete_numbers(columns: Columns, name: str) -> FloatArray:
    values = columns.number(name)
    missing = np.isnan(values)
    if missing.any():
        row, count = int(np.argmax(missing)) + 1, int(missing.sum())
        raise ProblemsError(
            [MISSING_DESIGN_VALUE.at(Place(column=name), name=name, count=count, row=row)]
        )
    return values


def _weights_from_sizes(stages: Sequence[Stage]) -> FloatArray:
    weights = np.ones(len(stages[0].unit))
    for stage in stages:
        weights = weights * (stage.population / stage.sampled)[stage.row_stratum]
    if not np.isfinite(weights).all():
        raise ProblemsError([NO_WEIGHTS_FROM_SIZES.at(Place())])
    return weights
