"""What a worker does to compare a wave's model between groups, and to look for segments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.compare.output import comparison_json
from analysis.compare.redraws import DesignDraws
from analysis.compare.run import compare
from analysis.compare.segment_output import segmentation_json
from analysis.compare.segments import segments
from analysis.computing import code_version, gather
from analysis.findings import Asked, Found, Segmenting
from analysis.wavefit.joint import Joint, has_lone_unit, side_of, within_groups
from analysis.wavefit.messages import (
    DESIGN_NOT_SEARCHED,
    GROUP_TOO_SMALL,
    ONE_GROUP_LEFT,
    UNITS_NOT_PERMUTED,
)
from analysis.wavefit.sample import COMPLETE, FEWEST, PANEL, carried, reweighted, sample_of
from analysis.wavefit.weighing import weigh
from foundation.jobs import as_json
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from sqlmodel import Session

    from analysis.computing import Source
    from analysis.model.specify import Model
    from analysis.wavefit.joint import Key, Side
    from survey.formats.table import ResponseRow

    FloatArray = NDArray[np.float64]
    Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Cases:
    """The cases of a comparison: the wave, and the other one when waves are compared."""

    source: Source
    other: Source | None = None


def gather_cases(session: Session, wave_id: int, asked: Asked) -> Cases:
    """Read what a comparison needs; raises as `computing.gather`."""
    source = gather(session, wave_id)
    return Cases(source, gather(session, asked.other_wave) if asked.other_wave else None)


def contrast(cases: Cases, asked: Asked, progress: Progress | None = None) -> Found:
    """Return a comparison of groups; the same cases and seed give the same digits.

    Groups with fewer than 30 complete interviews are left out, and said. Raises ProblemsError
    when fewer than two are left, and with all that keeps them from being compared.
    """
    model = cases.source.model
    sides = [_side(own, model, asked) for own in (cases.source, cases.other) if own]
    labels = _labels(cases, asked)
    kept, refused = _large(labels)
    rows = [row for row, label in enumerate(labels) if label in kept or not label]
    has_units = any(side.sample.units for side in sides)
    weights = _weights(sides) if asked.weighted else None
    found = compare(
        model,
        np.concatenate([side.sample.values for side in sides])[rows],
        [labels[row] for row in rows],
        weights=None if weights is None else weights[rows],
        people=_people(sides, rows) if cases.other else None,
        permutations=0 if has_units else asked.resamples,
        bootstrap=asked.resamples,
        seed=asked.seed,
        correction=asked.correction,
        drawn=_drawn(Joint.of(sides, _keys(sides, labels, kept)), rows, weights, asked),
        progress=progress,
    )
    left_out = [UNITS_NOT_PERMUTED.at(Place())] if has_units else []
    said = [*refused, *left_out, *found.problems]
    return Found(
        {
            **comparison_json(found),
            "labels": {name: dict(texts) for name, texts in cases.source.labels.items()},
            "said": [as_json(problem) for problem in said],
        },
        found.groups.model.digest,
        sides[0].sample.digest,
        code_version(),
    )


def partition(source: Source, asked: Segmenting) -> Found:
    """Return a search for segments (FIMIX-PLS), every respondent counting the same."""
    sample = sample_of(source.table, source.model)
    found = segments(
        source.model, sample.values, most=asked.most, starts=asked.starts, seed=asked.seed
    )
    numbers: dict[str, Any] = segmentation_json(found)
    # Which respondent belongs where is for the command line: a page tells of groups, not people.
    numbers.pop("rows")
    for solution in numbers["solutions"]:
        solution.pop("assignment")
    simple = not sample.is_stratified and sample.weights is None
    ignored = [] if simple else [DESIGN_NOT_SEARCHED.at(Place())]
    said = [*ignored, *found.problems]
    labels = {name: dict(texts) for name, texts in source.labels.items()}
    numbers |= {"labels": labels, "said": [as_json(problem) for problem in said]}
    return Found(numbers, found.fit.model.digest, sample.digest, code_version())


def _labels(cases: Cases, asked: Asked) -> list[str]:
    """Return the group of each complete case, "" for none."""
    if cases.other is not None:
        names = (str(cases.source.wave_id), str(cases.other.wave_id))
        pairs = zip(names, (cases.source, cases.other), strict=True)
        return [name for name, own in pairs for _ in _complete(own)]
    return [_label(row, asked) for row in _complete(cases.source)]


def _complete(source: Source) -> list[ResponseRow]:
    return [row for row in source.table.rows if row.outcome == COMPLETE]


def _label(row: ResponseRow, asked: Asked) -> str:
    value = (row.design if asked.is_design else row.values).get(asked.column)
    return "" if value is None else str(value).strip()


def _large(labels: list[str]) -> tuple[set[str], list[Problem]]:
    """Return the groups that are large enough, and why the others are left out."""
    counts = Counter(label for label in labels if label)
    small = [f"{name} ({count})" for name, count in sorted(counts.items()) if count < FEWEST]
    values = {"names": ", ".join(small), "needed": FEWEST}
    refused = [GROUP_TOO_SMALL.at(Place(), **values)] if small else []
    kept = {name for name, count in counts.items() if count >= FEWEST}
    if len(kept) < 2:  # noqa: PLR2004 - a comparison needs two
        raise ProblemsError([ONE_GROUP_LEFT.at(Place(), found=len(kept), needed=FEWEST), *refused])
    return kept, refused


def _side(source: Source, model: Model, asked: Asked) -> Side:
    """Return the cases of a wave, by its weighting plan where weights are asked for."""
    sample = sample_of(source.table, model)
    plan = source.plan if asked.weighted else None
    weighed = weigh(source.table, plan.silent, plan.entry) if plan else None
    if weighed is not None:
        sample = reweighted(sample, weighed.weights)
    return side_of(source.table, sample, weighed)


def _weights(sides: list[Side]) -> FloatArray | None:
    """Return the weights of all cases; a wave without weights counts each as one."""
    samples = [side.sample for side in sides]
    if all(own.weights is None for own in samples):
        return None
    return np.concatenate([np.ones(s.n) if s.weights is None else s.weights for s in samples])


def _people(sides: list[Side], rows: list[int]) -> list[str]:
    """Return who answered, the same text for a panel member in both waves."""
    keys = [carried(row, PANEL) for side in sides for row in side.answered]
    return [f"member {keys[row]}" if keys[row] else f"row {row}" for row in rows]


def _drawn(
    joint: Joint, rows: list[int], weights: FloatArray | None, asked: Asked
) -> DesignDraws | None:
    """Return redraws by the sampling design; None where cases are drawn one by one anyway."""
    if all(side.is_drawn_simply for side in joint.sides):
        return None
    stacks = joint.stacks(asked.resamples, asked.seed, weighted=asked.weighted)
    counts = np.concatenate(
        [np.concatenate([own.weights for own in stack], axis=1)[:, rows] for stack in stacks]
    )
    if weights is not None:
        counts /= weights[rows]
    return DesignDraws(counts, joint.design.degrees_of_freedom())


def _keys(sides: list[Side], labels: list[str], kept: set[str]) -> list[list[Key]]:
    """Return stratum and unit of every row; cases within groups where a group is one unit."""
    keys = [side.keys(number) for number, side in enumerate(sides)]
    answered = [key for side, own in zip(sides, keys, strict=True) for key in own[: side.sample.n]]
    if not has_lone_unit(answered, labels, kept):
        return keys
    groups, found, start = iter(labels), [], 0
    for side, own in zip(sides, keys, strict=True):
        names = [*islice(groups, side.sample.n), *[""] * (len(own) - side.sample.n)]
        found.append(within_groups(own, names, start))
        start += len(own)
    return found
