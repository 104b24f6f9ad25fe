"""What the researcher's Model pages read and ask for beside the index. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlmodel import Session

from accounts import audit
from analysis.store import findings as stored
from analysis.store.tables import FindingKind, ModelFinding, WaveResult
from foundation import jobs
from foundation.tables import Job
from survey import responses, studies
from survey.formats.table import Variable
from survey.language.model import QuestionKind, Texts
from survey.store.tables import Wave

COMPARE_TASK = "analysis.jobs.compare_groups"
SEGMENT_TASK = "analysis.jobs.find_segments"
RESAMPLES = 1000
SEED = 20260101
CORRECTIONS = ("holm", "bonferroni", "benjamini-hochberg", "none")
LOOKED_AT = 200
MOST_GROUPS = 30
PROBABILITY = "selection_probability"
GROUPING = {QuestionKind.SELECT_ONE, QuestionKind.CALCULATE, QuestionKind.HIDDEN}
Correction = Literal["holm", "bonferroni", "benjamini-hochberg", "none"]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Something that tells groups apart: a variable, a design column, or another wave.

    key       answer:NAME, design:NAME or wave:ID
    label     what to call it
    groups    what to call its groups, by their codes
    """

    key: str
    label: Texts
    groups: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Asked:
    """A comparison as it was asked for; `method` is the test that the page shows first."""

    by: str
    method: str
    correction: Correction
    weighted: bool
    resamples: int = RESAMPLES
    seed: int = SEED

    @property
    def column(self) -> str:
        """Return the variable or design column."""
        return self.by.partition(":")[2]

    @property
    def is_design(self) -> bool:
        """Tell whether the column is of the design."""
        return self.by.startswith("design:")

    @property
    def other_wave(self) -> int | None:
        """Return the id of the wave to compare with."""
        return int(self.column) if self.by.startswith("wave:") else None

    def to_json(self) -> dict[str, object]:
        """Return the request as the parameters of a job."""
        return {
            "by": self.by, "method": self.method, "correction": self.correction,
            "weighted": self.weighted, "resamples": self.resamples, "seed": self.seed,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Segmenting:
    """A search for segments as it was asked for."""

    most: int = 4
    starts: int = 20
    seed: int = SEED

    def to_json(self) -> dict[str, object]:
        """Return the request as the parameters of a job."""
        return {"most": self.most, "starts": self.starts, "seed": self.seed}


@dataclass(frozen=True, slots=True)
class Found:
    """What a worker found, with what it was found in."""

    numbers: Mapping[str, Any]
    model_digest: str
    data_digest: str
    code_version: str


def judgement(session: Session, result: WaveResult) -> Mapping[str, Any] | None:
    """Return the judgement that was computed with a result; None of results before it was."""
    found = stored.of_job(session, result.job_id, FindingKind.JUDGEMENT)
    return found.numbers if found and found.numbers else None


def newest(session: Session, wave_id: int, kind: FindingKind) -> list[ModelFinding]:
    """Return what was found of a kind, the newest first."""
    return stored.newest(session, wave_id, kind)


def groupings(session: Session, wave: Wave) -> list[Grouping]:
    """Return what can tell groups apart: variables of the answers, design columns, other waves."""
    assert wave.id is not None  # noqa: S101 - a stored wave
    table = responses.table(session, wave.id, limit=LOOKED_AT)
    items = _items(wave)
    answers = [
        Grouping(f"answer:{own.name}", own.label or {"und": own.name}, _codes(own))
        for own in table.variables
        if _groups(own, items) and _few(row.values.get(own.name) for row in table.rows)
    ]
    design = [
        Grouping(f"design:{name}", {"und": name}, {})
        for name in table.design_columns
        if name != PROBABILITY and _few(row.design.get(name) for row in table.rows)
    ]
    return [*design, *answers, *_waves(session, wave)]


def request(
    session: Session, task: str, wave_id: int, asked: Asked | Segmenting, *, by: int | None
) -> Job:
    """Ask a worker for a comparison or for segments."""
    return jobs.request(session, task, wave_id, by=by, params=asked.to_json())


def newest_job(session: Session, task: str, wave_id: int) -> Job | None:
    """Return the newest request of a kind about a wave."""
    return jobs.latest(session, task, wave_id)


def keep(
    session: Session,
    kind: FindingKind,
    wave_id: int,
    found: Found,
    *,
    asked: Mapping[str, object],
    job_id: int,
    now: datetime,
) -> ModelFinding:
    """Store what a job found; a job that is done twice leaves one finding."""
    there = stored.of_job(session, job_id, kind)
    if there is not None:
        return there
    finding = ModelFinding(
        wave_id=wave_id,
        kind=kind,
        asked=dict(asked),
        numbers=dict(found.numbers),
        model_digest=found.model_digest,
        data_digest=found.data_digest,
        code_version=found.code_version,
        job_id=job_id,
        created_by=session.get_one(Job, job_id).requested_by,
        created_at=now,
    )
    session.add(finding)
    session.flush()
    return finding


def note_download(
    session: Session, wave_id: int, what: str, kind: str, *, by: int | None, now: datetime
) -> None:
    """Write into the audit trail that tables of a wave's model were taken out as a file."""
    detail: dict[str, object] = {"tables": what, "kind": kind}
    audit.record(session, "export model", f"wave {wave_id}", by=by, at=now, detail=detail)


def _items(wave: Wave) -> set[str]:
    model: Any = wave.model or {}
    return {item for own in model.get("constructs", ()) for item in own.get("indicators", ())}


def _groups(own: Variable, items: set[str]) -> bool:
    """Tell whether a variable may part respondents; imported columns do not know their kind."""
    if own.construct or own.name in items:
        return False
    return own.kind in GROUPING or not own.label


def _codes(own: Variable) -> dict[str, Texts]:
    return {choice.code: choice.label for choice in own.choices}


def _few(values: Any) -> bool:
    """Tell whether values look like groups: at least two of them, and not too many."""
    found = {str(value) for value in values if value is not None}
    return 1 < len(found) <= MOST_GROUPS


def _waves(session: Session, wave: Wave) -> list[Grouping]:
    line = studies.line(session, wave.study_id)
    others = [counted.wave for counted in line.waves] if line else []
    return [
        Grouping(f"wave:{own.id}", own.title, {str(wave.id): wave.title, str(own.id): own.title})
        for own in others
        if own.id != wave.id
    ]
