"""What workers do for this package. Each may be sent twice and leaves one result."""

from __future__ import annotations

from typing import Any

from analysis import (
    computing,
    contrasting,
    findings,
    sharing,
    tabulated,
    tabulating,
    waves,
    weighing,
    weighted,
)
from analysis.store.tables import FindingKind
from foundation.database import utc_now
from foundation.jobs import Work
from foundation.problems import ProblemsError


def estimate_wave(work: Work) -> None:
    """Compute the wave `work.subject` with its sampling error and store what was found.

    The result and the mark "done" are written together, by the worker that still holds the job.
    """
    with work.store.read() as session:
        source = computing.gather(session, work.subject)
    prepared = _prepared(source, work.params)
    stated = work.params.get("parts")
    parts = stated if isinstance(stated, int) else sharing.parts_for(prepared.drawn)
    found = sharing.resamples(work, prepared.drawn, prepared.digest, parts)
    computed = computing.completed(prepared, found)
    computed = computing.compared(prepared, computed, _earlier(work, computed))
    with work.store.write() as session:
        work.finish(session)
        waves.keep(session, computed, job_id=work.job_id, now=utc_now())
        sharing.forget(session, work.job_id)


def _earlier(work: Work, computed: waves.Computed) -> list[computing.Prepared]:
    """Return the waves that the report compares with this one; none that cannot be computed."""
    found = []
    with work.store.read() as session:
        earlier = waves.compared_with(session, computed)
    for wave_id in earlier:
        try:
            with work.store.read() as session:
                source = computing.gather(session, wave_id)
            found.append(_prepared(source, work.params))
        except ProblemsError:
            # Its last result still stands in the report, which then says that it has changed.
            continue
    return found


def estimate_part(work: Work) -> None:
    """Compute a part of the resamples of the wave of the job `work.subject` and store it."""
    with work.store.read() as session:
        job = sharing.shared_job(session, work)
        source = computing.gather(session, job.subject) if job else None
    if job is None or source is None:
        with work.store.write() as session:
            work.finish(session)
        return
    prepared = _prepared(source, job.params)
    sharing.deliver(work, prepared.drawn, prepared.digest)


def _prepared(source: computing.Source, params: dict[str, object]) -> computing.Prepared:
    resamples, seed = params["resamples"], params["seed"]
    assert isinstance(resamples, int) and isinstance(seed, int)  # noqa: S101, PT018 - our own row
    return computing.prepare(source, resamples=resamples, seed=seed)


def weigh_wave(work: Work) -> None:
    """Carry out the weighting version `work.subject` and store its weights and records."""
    with work.store.read() as session:
        source = weighted.gather(session, work.subject)
    made = weighted.compute(source)
    with work.store.write() as session:
        work.finish(session)
        weighing.keep(session, made, job_id=work.job_id, now=utc_now())


def tabulate_wave(work: Work) -> None:
    """Compute the set of tables `work.subject` and store its numbers."""
    with work.store.read() as session:
        source = tabulated.gather(session, work.subject)
    made = tabulated.compute(source, work.progress)
    with work.store.write() as session:
        work.finish(session)
        tabulating.keep(session, made, job_id=work.job_id, now=utc_now())


def compare_groups(work: Work) -> None:
    """Compare the model of the wave `work.subject` between groups and store what was found."""
    params: Any = work.params
    asked = findings.Asked(**params)
    with work.store.read() as session:
        cases = contrasting.gather_cases(session, work.subject, asked)
    found = contrasting.contrast(cases, asked, work.progress)
    _keep(work, FindingKind.COMPARISON, found)


def find_segments(work: Work) -> None:
    """Look for segments among the respondents of the wave `work.subject` and store the result."""
    params: Any = work.params
    with work.store.read() as session:
        source = computing.gather(session, work.subject)
    _keep(work, FindingKind.SEGMENTS, contrasting.partition(source, findings.Segmenting(**params)))


def _keep(work: Work, kind: FindingKind, found: findings.Found) -> None:
    with work.store.write() as session:
        work.finish(session)
        findings.keep(
            session, kind, work.subject, found,
            asked=work.params, job_id=work.job_id, now=utc_now(),
        )  # fmt: skip
