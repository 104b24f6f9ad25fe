"""Sets of banner tables: save a request, have it computed, read what its page shows.

Nothing is computed here: see `analysis.tabulated` for what a worker does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from accounts import audit
from analysis.requests.tables import TablesEntry, read_entry
from analysis.requests.variables import Known, known_variables
from analysis.store import tabulations, weightings
from analysis.store.tables import Tabulation, TabulationResult
from foundation import jobs
from foundation.tables import Job
from survey import responses
from survey.store.tables import Wave

TASK = "analysis.jobs.tabulate_wave"


@dataclass(frozen=True, slots=True)
class Tabulated:
    """What a worker made of a set of tables."""

    tabulation_id: int
    numbers: Mapping[str, Any]
    data_digest: str
    code_version: str


@dataclass(frozen=True, slots=True)
class SetPage:
    """One set of tables, its newest result (None: none yet), the newest job.

    is_outdated    the wave is weighted otherwise now than when the result was computed
    """

    tabulation: Tabulation
    entry: TablesEntry
    result: TabulationResult | None
    job: Job | None
    is_outdated: bool


def variables(session: Session, wave_id: int) -> dict[str, Known]:
    """Return what can be rows, columns and filters of the tables of a wave."""
    table = responses.table(session, wave_id, limit=0)
    return known_variables(table.variables, table.source)


def save(
    session: Session, wave: Wave, entry: TablesEntry, *, by: int | None, now: datetime
) -> Tabulation:
    """Save a request and ask a worker to compute it.

    Raises ProblemsError with everything that is wrong with it; then nothing is saved.
    """
    assert wave.id is not None  # noqa: S101 - a stored wave
    checked = read_entry(entry, variables(session, wave.id))
    title = checked.title.strip() or ", ".join(checked.rows)
    tabulation = Tabulation(
        wave_id=wave.id, title=title[:200], request=checked.to_json(), created_by=by, created_at=now
    )
    session.add(tabulation)
    session.flush()
    request(session, tabulation, by=by)
    return tabulation


def request(session: Session, tabulation: Tabulation, *, by: int | None) -> Job:
    """Ask a worker to compute a set of tables."""
    assert tabulation.id is not None  # noqa: S101 - a stored row
    return jobs.request(session, TASK, tabulation.id, by=by, params={})


def keep(session: Session, made: Tabulated, *, job_id: int, now: datetime) -> TabulationResult:
    """Store what a job made; a job that is done twice leaves one result."""
    there = tabulations.result_of_job(session, job_id)
    if there is not None:
        return there
    result = TabulationResult(
        tabulation_id=made.tabulation_id,
        numbers=dict(made.numbers),
        data_digest=made.data_digest,
        code_version=made.code_version,
        job_id=job_id,
        created_at=now,
    )
    session.add(result)
    session.flush()
    return result


def of_wave(session: Session, wave_id: int) -> list[Tabulation]:
    """Return the sets of a wave, the newest first."""
    return tabulations.of_wave(session, wave_id)


def page(session: Session, wave_id: int, tabulation_id: int) -> SetPage | None:
    """Return a set of this wave; None when it is of another or there is none."""
    found = tabulations.one(session, tabulation_id)
    if found is None or found.wave_id != wave_id:
        return None
    stored: Any = found.request
    result = tabulations.newest_result(session, tabulation_id)
    return SetPage(
        found,
        TablesEntry.from_json(stored),
        result,
        jobs.latest(session, TASK, tabulation_id),
        is_outdated=result is not None and _version(result) != _in_force(session, wave_id),
    )


def note_export(
    session: Session, tabulation_id: int, *, kind: str, by: int | None, now: datetime
) -> None:
    """Write into the audit trail that a set of tables was taken out as a file."""
    subject = f"tables {tabulation_id}"
    audit.record(session, "export tables", subject, by=by, at=now, detail={"kind": kind})


def _version(result: TabulationResult) -> int:
    numbers: Any = result.numbers
    version: int = numbers["weighting"].get("version", 0)
    return version


def _in_force(session: Session, wave_id: int) -> int:
    plan = weightings.in_force(session, wave_id)
    return plan.number if plan else 0
