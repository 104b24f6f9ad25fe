"""What a worker does to compare a wave's model between groups, and to look for segments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.compare.output import comparison_json
from analysis.compare.run import compare
from analysis.compare.segment_output import segmentation_json
from analysis.compare.segments import segments
from analysis.computing import code_version, gather
from analysis.findings import Asked, Found, Segmenting
from analysis.wavefit.messages import DESIGN_NOT_COMPARED, GROUP_TOO_SMALL, ONE_GROUP_LEFT
from analysis.wavefit.sample import COMPLETE, FEWEST, sample_of
from foundation.jobs import as_json
from foundation.problems import Place, Problem, ProblemsError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from sqlmodel import Session

    from analysis.computing import Source
    from analysis.wavefit.sample import Sample
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
    samples = [sample_of(own.table, model) for own in (cases.source, cases.other) if own]
    labels = _labels(cases, asked)
    kept, refused = _large(labels)
    rows = [row for row, label in enumerate(labels) if label in kept or not label]
    weights = _weights(samples) if asked.weighted else None
    found = compare(
        model,
        np.concatenate([own.values for own in samples])[rows],
        [labels[row] for row in rows],
        weights=None if weights is None else weights[rows],
        permutations=asked.resamples,
        bootstrap=asked.resamples,
        seed=asked.seed,
        correction=asked.correction,
        progress=progress,
    )
    said = [*refused, *_design(samples), *found.problems]
    return Found(
        {
            **comparison_json(found),
            "labels": {name: dict(texts) for name, texts in cases.source.labels.items()},
            "said": [as_json(problem) for problem in said],
        },
        found.groups.model.digest,
        samples[0].digest,
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
    said = [*_design([sample]), *found.problems]
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


def _weights(samples: list[Sample]) -> FloatArray | None:
    """Return the weights of all cases; a wave without weights counts each as one."""
    if all(own.weights is None for own in samples):
        return None
    return np.concatenate([np.ones(s.n) if s.weights is None else s.weights for s in samples])


def _design(samples: list[Sample]) -> list[Problem]:
    stratified = any(own.is_stratified for own in samples)
    return [DESIGN_NOT_COMPARED.at(Place())] if stratified else []
