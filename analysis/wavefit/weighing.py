"""PURE. A weighting plan carried out on the cases of a wave, and in every resample anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.model.resampling import Replication as Weights
from analysis.precision.plan import WeightingPlan, read_weighting
from analysis.precision.weighted import Weighted, weighted
from analysis.requests.messages import NO_CHANCES
from analysis.requests.targets import by_variable
from analysis.requests.variables import text_of
from analysis.requests.weights import OUT_OF_SCOPE, UNRESOLVED, plan_of
from analysis.sampling.columns import Columns
from analysis.sampling.replication import Replication, replicate_weights
from analysis.wavefit import sample as cases
from analysis.wavefit.design import declared
from analysis.weighting.effect import effective_base, kish_effect
from analysis.weighting.eligibility import (
    ELIGIBLE,
    NOT_ELIGIBLE,
    UNKNOWN,
    EligibilityAdjustment,
)
from foundation.problems import Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from analysis.requests.weights import WeightingEntry
    from analysis.sampling.design import Design
    from analysis.sampling.replicates import Replicates
    from foundation.problems import Problem
    from survey.formats.table import ResponseRow, ResponseTable

    FloatArray = NDArray[np.float64]

STATUS, CHANCE = "weighting_status", "weighting_chance"
SILENT = "silent"
STANDING = {UNRESOLVED: UNKNOWN, OUT_OF_SCOPE: NOT_ELIGIBLE}

RULE = (
    "analysis.wavefit.weighing: resamples of the first stage (Rao-Wu within strata and units, "
    "else of cases), stack k of 500 by numpy.random.default_rng((seed, k)), every step of the "
    "weighting plan taken anew in each; quantiles numpy default"
)


@dataclass(frozen=True)
class Weighed:
    """The cases of a wave under a plan.

    rows      those who answered to the end, then those who were drawn and did not
    n         how many answered
    start     the design before the first step, all weights 1
    found     the design after the last, with records and balance
    base      (n,) weights of those who answered after the base step
    warnings  what the design lacks
    """

    rows: tuple[ResponseRow, ...]
    n: int
    plan: WeightingPlan
    columns: Columns
    start: Design
    found: Weighted
    base: FloatArray
    is_stratified: bool
    warnings: tuple[Problem, ...]

    @property
    def weights(self) -> FloatArray:
        """(n,) final weights of those who answered, in the order of the response table."""
        return self.found.design.weights[: self.n]

    @property
    def digest(self) -> str:
        """SHA-256 of the cases and of what the plan looks at."""
        read = [self.columns.raw(name).tolist() for name in self.columns.names]
        names = [row.respondent for row in self.rows]
        content = json.dumps([names, read, self.plan.to_json()], ensure_ascii=False, default=str)
        return hashlib.sha256(content.encode()).hexdigest()

    def draw(self, count: int, rng: np.random.Generator) -> Weights:
        """Return `count` resamples of the weights (count, n), re-weighted at every step."""
        kind = "subbootstrap" if self.is_stratified else "bootstrap"
        return self.under(replicate_weights(self.start, Replication(kind, count), rng=rng))

    def redrawn(self, drawn: Replicates) -> Design:
        """Return the weighted design with replicates of `start` re-weighted at every step."""
        return weighted(self.plan, self.columns, self.start.with_replicates(drawn)).design

    def under(self, drawn: Replicates) -> Weights:
        """Return the weights (R, n) of those who answered in each replicate of `start`."""
        again = self.redrawn(drawn)
        assert again.replicates is not None  # noqa: S101 - they were given
        table = again.replicates.weights(again.weights, slice(None))[:, : self.n]
        return Weights(table, scale=drawn.scale)

    def to_json(self) -> dict[str, Any]:
        """Return what the page of weights prints, without the weights themselves."""
        weights = self.weights
        return {
            **self.found.to_json(),
            "respondents": self.n,
            "drawn": len(self.rows),
            "sum": float(weights.sum()),
            "least": float(weights.min()),
            "largest": float(weights.max()),
            "cv": float(weights.std() / weights.mean()),
            "effect": kish_effect(weights),
            "effective_base": effective_base(weights),
            "kinds": [step.kind for step in self.plan.steps],
        }


def weigh(table: ResponseTable, silent: Sequence[ResponseRow], entry: WeightingEntry) -> Weighed:
    """Return the wave weighted by a plan.

    `silent` are the cases that were drawn and did not answer to the end; their design and case
    variables stand in `design` and `values`, what is known of them in `outcome`. They take part
    only when the plan has nonresponse classes. Raises ProblemsError with all that keeps the plan
    from being carried out.
    """
    answered = [row for row in table.rows if row.outcome == cases.COMPLETE]
    rows = [*answered, *silent] if entry.classes else answered
    cases.require_some(len(answered))
    warnings: list[Problem] = []
    strata = cases.design_column(rows, cases.STRATUM, warnings)
    units = cases.design_column(rows, cases.UNIT, warnings)
    base = cases.weights_of(rows, cases.design_column(rows, cases.PROBABILITY, warnings))
    columns = _columns(rows, len(answered), entry, base)
    used = entry.base and base is not None
    if entry.base and base is None:
        warnings.append(NO_CHANCES.at(Place(item="base weight")))
    stated = plan_of(
        entry,
        probability=CHANCE if used else "",
        responded=f"{STATUS} == '{cases.COMPLETE}'",
        unresolved=f"{STATUS} == '{UNRESOLVED}'",
        not_eligible=f"{STATUS} == '{OUT_OF_SCOPE}'",
        counted=_counted(rows, base if used and base is not None else np.ones(len(rows)), entry),
    )
    plan = read_weighting(stated)
    design, said = declared(len(rows), strata, units)
    found = weighted(plan, columns, design)
    start = base if used and base is not None else np.ones(len(rows))
    return Weighed(
        tuple(rows),
        len(answered),
        plan,
        columns,
        design,
        found,
        start[: len(answered)],
        strata is not None or units is not None,
        (*warnings, *said),
    )


def _counted(rows: Sequence[ResponseRow], base: FloatArray, entry: WeightingEntry) -> float:
    """Return the weighted number of eligible cases, those never resolved counted as e says."""
    standing = np.array([STANDING.get(row.outcome or SILENT, ELIGIBLE) for row in rows])
    step = EligibilityAdjustment(standing, entry.eligible)
    counts = np.bincount(standing, weights=base, minlength=3).astype(np.float64)[None, :]
    return float((counts * step.factors(counts)).sum())


def _columns(
    rows: Sequence[ResponseRow], answered: int, entry: WeightingEntry, base: FloatArray | None
) -> Columns:
    """Return the variables of the plan as columns; numbers only where a target is their total."""
    targets = by_variable(entry.targets)
    totals = {name for name, group in targets.items() if not group[0].level}
    named = dict.fromkeys(part for name in targets for part in _parts(name, rows[:answered]))
    # What those who did not answer would have said is not known, whatever the sample file says.
    values: dict[str, Any] = {
        name: _filled(
            _numbers(rows[:answered], name) if name in totals else _texts(rows[:answered], name),
            len(rows),
        )
        for name in named
    }
    values |= {name: _texts(rows, name) for name in entry.classes}
    values[STATUS] = np.array([row.outcome or SILENT for row in rows], dtype=object)
    if base is not None:
        values[CHANCE] = 1.0 / base
    return Columns(values)


def _parts(name: str, rows: Sequence[ResponseRow]) -> list[str]:
    known = any(cases.said_or_carried(row, name) is not None for row in rows)
    return [name] if known else name.split(".")


def _filled(column: NDArray[Any], n: int) -> NDArray[Any]:
    """Return a column (m,) made n long with nothing."""
    nothing = np.nan if column.dtype.kind == "f" else ""
    return np.append(column, np.full(n - len(column), nothing, dtype=column.dtype))


def _texts(rows: Sequence[ResponseRow], name: str) -> NDArray[np.object_]:
    cells = [cases.said_or_carried(row, name) for row in rows]
    return np.array(["" if cell is None else text_of(cell) for cell in cells], dtype=object)


def _numbers(rows: Sequence[ResponseRow], name: str) -> FloatArray:
    found = [cases.as_number(cases.said_or_carried(row, name)) for row in rows]
    return np.array([np.nan if value is None else value for value in found])
