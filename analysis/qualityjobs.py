"""What workers do for the pages of quality and planning. Each may be sent twice."""

from __future__ import annotations

from analysis import assessing, quality
from foundation.database import utc_now
from foundation.jobs import Work


def assess_quality(work: Work) -> None:
    """Judge the quality of the wave `work.subject`; figures and "done" are written together."""
    with work.store.read() as session:
        evidence = assessing.gather(session, work.subject)
    seed = work.params["seed"]
    assert isinstance(seed, int)  # noqa: S101 - our own row
    found = assessing.assess(evidence, seed=seed)
    with work.store.write() as session:
        work.finish(session)
        quality.keep(session, found, job_id=work.job_id, now=utc_now())
