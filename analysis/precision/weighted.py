"""PURE. A weighting plan carried out: weights, a record of every step, balance before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from analysis.precision.plan import WeightingPlan
from analysis.precision.steps import Built, Table, built
from analysis.sampling.columns import Columns
from analysis.sampling.design import Design
from analysis.weighting.balance import Balance, love_plot
from analysis.weighting.effect import StepRecord, record
from analysis.weighting.messages import NOBODY_LEFT, STEPS_DISAGREE
from foundation.problems import Place, Problem, ProblemsError

SAME_TOTAL = 1e-6


@dataclass(frozen=True)
class Weighted:
    """A weighted design, and what a page of weights prints.

    records   one for each step, in order
    balance   every category or term that a step balances, farthest off first; for nonresponse
              the target is the mean of all cases. Before: the weights before the first step
              that balances anything, of those who answered
    remarks   targets without a source
    """

    design: Design
    records: tuple[StepRecord, ...]
    balance: tuple[Balance, ...]
    remarks: tuple[Problem, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return records and balance as plain numbers, without the weights."""
        return {
            "steps": [asdict(one) for one in self.records],
            "balance": [asdict(one) | {"balanced": one.is_balanced} for one in self.balance],
            "remarks": [problem.text() for problem in self.remarks],
        }


def weighted(plan: WeightingPlan, columns: Columns, design: Design) -> Weighted:
    """Return the design after all steps of the plan, its replicates re-weighted with it.

    `columns` are the rows of the design: all eligible cases when the plan has steps of
    nonresponse (their nonrespondents end with weight zero), else the interviews.

    Raises ProblemsError with everything that can be seen before the first step: levels without
    targets, targets without cases or that contradict each other, columns that are not there.
    """
    ready = _ready(plan, columns, design)
    records, designs = [], [design]
    for one in ready:
        designs.append(one.take(designs[-1]))
        before, after = designs[-2].weights, designs[-1].weights
        source = one.step.source or _sources(plan, one)
        facts = one.facts(before) if one.facts else None
        records.append(record(one.step.name, before, after, source, facts))
    balancing = [at for at, one in enumerate(ready) if one.covariates]
    start, current = designs[balancing[0] if balancing else 0], designs[-1]
    remarks = plan.targets.remarks if plan.targets else ()
    return Weighted(current, tuple(records), _balance(ready, start, current), remarks)


def _ready(plan: WeightingPlan, columns: Columns, design: Design) -> list[Built]:
    """Return the steps made ready, or raise the problems of all of them together."""
    ready: list[Built] = []
    problems: list[Problem] = []
    used = design.inside
    for step in plan.steps:
        try:
            one = built(step, Table(columns, used, plan))
        except ProblemsError as error:
            problems += error.problems
            continue
        ready.append(one)
        if one.responded is not None:
            used = used & one.responded
            if not used.any():
                problems.append(NOBODY_LEFT.at(Place(item=step.name), name=step.name))
                break
    problems += _disagreements(ready)
    if problems:
        raise ProblemsError(problems)
    return ready


def _disagreements(ready: Sequence[Built]) -> list[Problem]:
    """Return a problem for each step whose targets add up to another population than before.

    Steps for different cases (`rows`) speak of different populations.
    """
    first: dict[str, tuple[str, float]] = {}
    problems = []
    for one in ready:
        if one.total is None:
            continue
        name, total = first.setdefault(str(one.step.fields.get("rows")), (one.step.name, one.total))
        if abs(one.total - total) > SAME_TOTAL * abs(total):
            problems.append(
                STEPS_DISAGREE.at(
                    Place(item=one.step.name),
                    first=name,
                    first_sum=f"{total:.10g}",
                    second=one.step.name,
                    second_sum=f"{one.total:.10g}",
                )
            )
    return problems


def _sources(plan: WeightingPlan, one: Built) -> str:
    found = [plan.margin(name) for name in one.margins]
    named = [targets.source for targets in found if targets and targets.source]
    return "; ".join(dict.fromkeys(named))


def _balance(ready: Sequence[Built], start: Design, final: Design) -> tuple[Balance, ...]:
    """Return the balance of all covariates; the last step that names one sets its target."""
    rows = {one.name: one for step in ready for one in step.covariates}
    if not rows:
        return ()
    table = np.column_stack([one.values for one in rows.values()])
    known = ~np.isnan(table)
    everybody = start.weights @ np.where(known, table, 0.0) / (start.weights @ known)
    targets = [
        mean if one.target is None else one.target
        for one, mean in zip(rows.values(), everybody, strict=True)
    ]
    before = np.where(final.inside, start.weights, 0.0)
    return tuple(
        love_plot(table, list(rows), np.array(targets), before=before, after=final.weights)
    )
