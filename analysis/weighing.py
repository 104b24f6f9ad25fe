"""Weighting plans: save a version, have it computed, read what a page of weights shows.

Nothing is computed here, so that web processes never load the science: see
`analysis.computing` for what a worker does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from accounts import audit, people
from analysis.requests.variables import Known, known_variables
from analysis.requests.weights import Typed, WeightingEntry, read_entry
from analysis.store import weightings
from analysis.store.tables import WeightingResult, WeightingVersion
from foundation import jobs
from foundation.tables import Job
from survey import responses
from survey.store.tables import Wave

TASK = "analysis.jobs.weigh_wave"


@dataclass(frozen=True, slots=True)
class Weighting:
    """What a worker made of a version; `weights` has (respondent, base, final) of each."""

    version_id: int
    numbers: Mapping[str, Any]
    weights: Sequence[tuple[str, float, float]]
    data_digest: str
    code_version: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in the list: by whom it was saved, and when."""

    version: WeightingVersion
    saved_by: str


@dataclass(frozen=True, slots=True)
class WeightsPage:
    """The plan in force (None: none), what it led to, the versions, the newest job."""

    entry: WeightingEntry | None
    version: WeightingVersion | None
    result: WeightingResult | None
    versions: tuple[VersionLine, ...]
    known: Mapping[str, Known]
    job: Job | None


def variables(session: Session, wave: Wave) -> dict[str, Known]:
    """Return what the plan of a wave may name."""
    assert wave.id is not None  # noqa: S101 - a stored wave
    table = responses.table(session, wave.id, limit=0)
    return known_variables(table.variables, table.source)


def save(
    session: Session, wave: Wave, typed: Typed, *, by: int | None, now: datetime
) -> WeightingVersion:
    """Save a plan as the version in force and ask a worker to carry it out.

    Raises ProblemsError with everything that is wrong with it; then nothing is saved.
    """
    entry = read_entry(typed, variables(session, wave), imported=wave.source.value == "import")
    return _add(session, wave, entry.to_json(), by=by, now=now)


def drop(session: Session, wave: Wave, *, by: int | None, now: datetime) -> WeightingVersion:
    """Put no plan in force: the wave is weighted by its selection probabilities again."""
    return _add(session, wave, None, by=by, now=now)


def version(session: Session, wave_id: int, version_id: int) -> WeightingVersion | None:
    """Return a version of this wave, None when it is of another or there is none."""
    found = weightings.version(session, version_id)
    return found if found and found.wave_id == wave_id else None


def restore(
    session: Session, earlier: WeightingVersion, wave: Wave, *, by: int | None, now: datetime
) -> WeightingVersion:
    """Put an earlier version in force, as a new one."""
    return _add(session, wave, earlier.entry, by=by, now=now)


def request(session: Session, saved: WeightingVersion, *, by: int | None) -> Job:
    """Ask a worker to carry a version out."""
    assert saved.id is not None  # noqa: S101 - a stored version
    return jobs.request(session, TASK, saved.id, by=by, params={})


def keep(session: Session, made: Weighting, *, job_id: int, now: datetime) -> WeightingResult:
    """Store what a job made; a job that is done twice leaves one result."""
    there = weightings.result_of_job(session, job_id)
    if there is not None:
        return there
    result = WeightingResult(
        version_id=made.version_id,
        numbers=dict(made.numbers),
        weights=[list(row) for row in made.weights],
        data_digest=made.data_digest,
        code_version=made.code_version,
        job_id=job_id,
        created_at=now,
    )
    session.add(result)
    session.flush()
    return result


def page(session: Session, wave: Wave) -> WeightsPage:
    """Return what the page of weights of a wave shows."""
    assert wave.id is not None  # noqa: S101 - a stored wave
    found = weightings.versions(session, wave.id)
    newest = found[0] if found else None
    stored: Any = newest.entry if newest else None
    names = {person.id: person.name for person in people.everyone(session)}
    return WeightsPage(
        entry=WeightingEntry.from_json(stored) if stored else None,
        version=newest,
        result=weightings.newest_result(session, newest.id or 0) if stored and newest else None,
        versions=tuple(VersionLine(one, names.get(one.created_by, "")) for one in found),
        known=variables(session, wave),
        job=jobs.latest(session, TASK, newest.id or 0) if stored and newest else None,
    )


def note_export(
    session: Session, wave_id: int, *, rows: int, by: int | None, now: datetime
) -> None:
    """Write into the audit trail that the weights of a wave were taken out as a file."""
    detail: dict[str, object] = {"rows": rows}
    audit.record(session, "export weights", f"wave {wave_id}", by=by, at=now, detail=detail)


def _add(
    session: Session,
    wave: Wave,
    entry: dict[str, Any] | None,
    *,
    by: int | None,
    now: datetime,
) -> WeightingVersion:
    assert wave.id is not None  # noqa: S101 - a stored wave
    number = weightings.next_number(session, wave.id)
    saved = WeightingVersion(
        wave_id=wave.id, number=number, entry=entry, created_by=by, created_at=now
    )
    session.add(saved)
    session.flush()
    detail: dict[str, object] = {"version": number, "plan": entry is not None}
    audit.record(session, "save weights", f"wave {wave.id}", by=by, at=now, detail=detail)
    if entry is not None:
        request(session, saved, by=by)
    return saved
