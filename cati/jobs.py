"""What workers do for the floor. Each may be sent twice and leaves one result."""

from __future__ import annotations

from cati import reporting
from foundation import jobs
from foundation.database import utc_now
from foundation.jobs import Work


def report_wave(work: Work) -> None:
    """Report the field of the wave `work.subject`, then ask for the work that waits for it.

    The report, the mark "done" and the next request are written together. `params` names the
    next task, `then`, and what it is asked with, `with`.
    """
    with work.store.write() as session:
        work.finish(session)
        reporting.report_wave(session, work.subject, now=utc_now())
        jobs.follow(session, work)
