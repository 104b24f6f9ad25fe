"""What workers do for this package. Each may be sent twice and leaves one result."""

from __future__ import annotations

from analysis import computing, waves, weighing, weighted
from foundation.database import utc_now
from foundation.jobs import Work


def estimate_wave(work: Work) -> None:
    """Compute the wave `work.subject` with its sampling error and store what was found.

    The result and the mark "done" are written together, by the worker that still holds the job.
    """
    with work.store.read() as session:
        source = computing.gather(session, work.subject)
    resamples, seed = work.params["resamples"], work.params["seed"]
    assert isinstance(resamples, int) and isinstance(seed, int)  # noqa: S101, PT018 - our own row
    computed = computing.compute(source, resamples=resamples, seed=seed, progress=work.progress)
    with work.store.write() as session:
        work.finish(session)
        waves.keep(session, computed, job_id=work.job_id, now=utc_now())


def weigh_wave(work: Work) -> None:
    """Carry out the weighting version `work.subject` and store its weights and records."""
    with work.store.read() as session:
        source = weighted.gather(session, work.subject)
    made = weighted.compute(source)
    with work.store.write() as session:
        work.finish(session)
        weighing.keep(session, made, job_id=work.job_id, now=utc_now())
