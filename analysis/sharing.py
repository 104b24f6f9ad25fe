"""One wave's resamples shared among the workers, with the same result as by one of them.

The worker that has the wave asks for the parts as jobs of their own and then computes parts like
every other, so that a single worker comes to an end too. What another one has begun is waited for;
when that one dies, its part is sent again. A part that nobody delivered is computed here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np

from analysis.model.resampling import Resamples, joined
from analysis.store import parts
from analysis.wavefit.messages import ANSWERS_CHANGED
from foundation import jobs
from foundation.problems import Place, ProblemsError
from foundation.tables import Job, JobState

if TYPE_CHECKING:
    from sqlmodel import Session

    from analysis.wavefit.resampling import Drawn
    from foundation.jobs import Work

    Progress = Callable[[int, int], None]

PART_WORK = 100_000_000_000
"""Multiplications (resamples x respondents x items squared) from which work is shared: so many
take a processor some ten seconds, well above what it costs to read the answers once more."""
MOST_PARTS = 32
LOOK_SECONDS = 0.5


def parts_for(drawn: Drawn) -> int:
    """Return in how many parts the resamples of a wave are computed; 1 is not shared."""
    return max(1, min(-(-drawn.work // PART_WORK), MOST_PARTS, drawn.stacks))


def resamples(work: Work, drawn: Drawn, digest: str, count: int) -> Resamples:
    """Return the resamples of the wave of a job, computed in `count` parts by whoever is free.

    `digest` says from what they are computed: a worker that finds other answers in the store
    declines its part. Raises ProblemsError when the resamples cannot be computed,
    SupersededError when the job was given to another worker.
    """
    if count == 1:
        return drawn.part(progress=work.progress)
    shared = _Shared(work, drawn, count, _asked(work, digest, count))
    while missing := shared.missing():
        if not any(shared.compute(number) for number in missing):
            shared.tell()
            time.sleep(LOOK_SECONDS)
    with work.store.read() as session:
        found = [_read(drawn, content) for content in parts.contents(session, work.job_id)]
    return joined(found)


def deliver(part: Work, drawn: Drawn, digest: str, progress: Progress | None = None) -> None:
    """Compute the part that a job asks for and store it, by the worker that holds the job.

    Raises ProblemsError when the answers are not those that the shared job began with.
    """
    number, count, wanted = (part.params[name] for name in ("number", "parts", "digest"))
    assert isinstance(number, int) and isinstance(count, int)  # noqa: S101, PT018 - our own row
    if digest != wanted:
        raise ProblemsError([ANSWERS_CHANGED.at(Place())])
    content = _written(drawn.part((number, count), progress or part.progress))
    with part.store.write() as session:
        part.finish(session)
        parts.keep(session, part.subject, number, content)


def shared_job(session: Session, part: Work) -> Job | None:
    """Return the job that a part belongs to; None when it has ended and needs no part any more."""
    job = session.get(Job, part.subject)
    return job if job and job.state in (JobState.WAITING, JobState.RUNNING) else None


forget = parts.forget


@dataclass(frozen=True)
class _Shared:
    """A shared job and the ids of the jobs of its parts."""

    work: Work
    drawn: Drawn
    count: int
    asked: tuple[int, ...]

    def missing(self) -> list[int]:
        """Return the numbers of the parts that are not delivered yet."""
        with self.work.store.read() as session:
            there = parts.delivered(session, self.work.job_id)
        return [number for number in range(self.count) if number not in there]

    def compute(self, number: int) -> bool:
        """Compute a part here if nobody else does; return whether there was anything to do."""
        work, job_id = self.work, self.asked[number]
        with work.store.read() as session:
            job = session.get(Job, job_id)
        if job and job.state == JobState.FAILED:
            self._alone(number)
            return True
        part = jobs.begin(work.store, work.settings, job_id)
        if part is None:
            return False
        try:
            jobs.while_beating(part, partial(self._deliver, part))
        except jobs.SupersededError as error:
            if error.args != (part.job_id,):
                raise
        return True

    def tell(self) -> None:
        """Tell the page how far all parts together are."""
        with self.work.store.read() as session:
            done = parts.done(session, self.work.job_id)
        self.work.progress(done, self.drawn.resamples)

    def _deliver(self, part: Work, _again: Work) -> None:
        def told(done: int, total: int) -> None:
            part.progress(done, total)
            self.tell()

        deliver(part, self.drawn, str(part.params["digest"]), told)

    def _alone(self, number: int) -> None:
        found = self.drawn.part((number, self.count), lambda _done, _total: self.tell())
        with self.work.store.write() as session:
            parts.keep(session, self.work.job_id, number, _written(found))


def _asked(work: Work, digest: str, count: int) -> tuple[int, ...]:
    """Return the ids of the jobs of the parts, asking for them unless an attempt before did."""
    wanted: list[dict[str, object]] = [
        {"number": number, "parts": count, "digest": digest} for number in range(count)
    ]
    with work.store.write() as session:
        parts.forget_ended(session)
        there = parts.jobs_of(session, work.job_id)
        if [job.params for job in there] != wanted:
            parts.forget(session, work.job_id)
            by = session.get_one(Job, work.job_id).requested_by
            there = [
                jobs.request(session, parts.TASK, work.job_id, by=by, params=params)
                for params in wanted
            ]
        return tuple(job.id for job in there if job.id is not None)


def _written(found: Resamples) -> bytes:
    stream = BytesIO()
    np.savez(stream, values=found.values, status=found.status)
    return stream.getvalue()


def _read(drawn: Drawn, content: bytes) -> Resamples:
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        return Resamples(drawn.full.labels, stored["values"], stored["status"])
