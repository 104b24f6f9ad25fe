"""Jobs: ask for work, follow it, and do it once although it may be sent more than once.

The row in `job` is the truth and the queue only a messenger: a job whose message was lost, or
whose worker died, is found by `unsent` and sent again. Effects and the mark "done" are written
in one transaction, fenced by the attempt number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from foundation.database import Store, utc_now
from foundation.problems import N_, Message, Place, Problem
from foundation.settings import Settings
from foundation.tables import Job, JobState

BEAT_SECONDS = 5.0
SILENT_AFTER = timedelta(seconds=30)
LOST_AFTER = timedelta(minutes=2)
MAX_ATTEMPTS = 3

GAVE_UP = Message(
    "JOB-001",
    N_("the work was begun %(attempts)s times and its worker stopped each time."),
    N_("Look into the worker's log, then ask for it again."),
)
BROKE = Message(
    "JOB-002",
    N_("the work stopped with an unexpected error (%(kind)s)."),
    N_("Nothing was changed. The worker's log has the details; please report it."),
)


class SupersededError(Exception):
    """Another worker has taken this job over; what this one did is not kept."""


@dataclass(frozen=True, slots=True)
class Work:
    """One attempt at one job, as its function sees it."""

    store: Store
    settings: Settings
    job_id: int
    attempt: int
    subject: int
    params: dict[str, object]

    def progress(self, done: int, total: int) -> None:
        """Tell the page how far the work is; raises SupersededError if it was taken over."""
        with self.store.write() as session:
            _touch(session, self, done=done, total=total, beat_at=utc_now())

    def finish(self, session: Session) -> None:
        """Mark the job done in the transaction that writes its effect."""
        _touch(session, self, state=JobState.DONE, finished_at=utc_now(), problems=None)


def request(
    session: Session, task: str, subject: int, *, by: int | None, params: dict[str, object]
) -> Job:
    """Write down a piece of work; the same work already waiting is not written twice."""
    waiting = session.exec(
        select(Job).where(
            col(Job.task) == task,
            col(Job.subject) == subject,
            col(Job.state) == JobState.WAITING,
        )
    )
    for job in waiting:
        if job.params == params:
            return job
    job = Job(task=task, subject=subject, params=params, requested_by=by)
    session.add(job)
    session.flush()
    return job


def follow(session: Session, work: Work) -> Job | None:
    """Ask for the work that waits for this one: its task `then`, with the params `with`.

    So a package can ask for work that needs another's report without knowing the other's code.
    """
    then, given = work.params.get("then"), work.params.get("with", {})
    if not isinstance(then, str) or not isinstance(given, dict):
        return None
    by = session.get_one(Job, work.job_id).requested_by
    return request(session, then, work.subject, by=by, params=given)


def latest(session: Session, task: str, subject: int) -> Job | None:
    """Return the newest job of a kind about a row."""
    query = select(Job).where(col(Job.task) == task, col(Job.subject) == subject)
    return session.exec(query.order_by(col(Job.id).desc()).limit(1)).first()


def unsent(session: Session, now: datetime) -> list[int]:
    """Return the ids of jobs to send: never sent, sent and lost, or begun and fallen silent."""
    lost = or_(col(Job.sent_at).is_(None), col(Job.sent_at) < now - LOST_AFTER)
    silent = or_(col(Job.beat_at).is_(None), col(Job.beat_at) < now - SILENT_AFTER)
    query = select(col(Job.id)).where(
        or_(
            and_(col(Job.state) == JobState.WAITING, lost),
            and_(col(Job.state) == JobState.RUNNING, silent),
        )
    )
    return [row for row in session.exec(query.order_by(col(Job.id))) if row is not None]


def mark_sent(session: Session, job_id: int, now: datetime) -> None:
    """Note that the message of a job is on its way; a silent job waits again."""
    session.exec(
        update(Job)
        .where(col(Job.id) == job_id, col(Job.state).in_([JobState.WAITING, JobState.RUNNING]))
        .values(state=JobState.WAITING, sent_at=now)
    )


def begin(store: Store, settings: Settings, job_id: int) -> Work | None:
    """Take a waiting job for this worker; None when there is nothing to do."""
    with store.write() as session:
        # Locked, since two workers may hold a message of the same job.
        job = session.get(Job, job_id, with_for_update=True)
        if job is None or job.state != JobState.WAITING:
            return None
        job.attempt += 1
        job.beat_at = utc_now()
        if job.attempt > MAX_ATTEMPTS:
            job.state, job.finished_at = JobState.FAILED, utc_now()
            job.problems = [as_json(GAVE_UP.at(Place(), attempts=MAX_ATTEMPTS))]
            return None
        job.state = JobState.RUNNING
        return Work(store, settings, job_id, job.attempt, job.subject, job.params)


def fail(work: Work, problems: tuple[Problem, ...]) -> None:
    """Mark the job failed, with the problems that a page shows."""
    with work.store.write() as session:
        _touch(
            session,
            work,
            state=JobState.FAILED,
            finished_at=utc_now(),
            problems=[as_json(problem) for problem in problems],
        )


def while_beating(work: Work, function: Callable[[Work], None]) -> None:
    """Run `function(work)` while a thread tells that this worker is alive."""
    stop = Event()

    def beat() -> None:
        while not stop.wait(BEAT_SECONDS):
            with work.store.write() as session:
                try:
                    _touch(session, work, beat_at=utc_now())
                except SupersededError:
                    return

    thread = Thread(target=beat, name=f"beat of job {work.job_id}", daemon=True)
    thread.start()
    try:
        function(work)
    finally:
        stop.set()
        thread.join()


def as_json(problem: Problem) -> dict[str, object]:
    """Return a problem as JSON, so that a page can show it in the reader's language."""
    return {
        "code": problem.message.code,
        "problem": problem.message.problem,
        "remedy": problem.message.remedy,
        "severity": problem.message.severity,
        "place": asdict(problem.place),
        "values": dict(problem.values),
    }


def from_json(stored: dict[str, object]) -> Problem:
    """Return the problem that `as_json` wrote."""
    message = Message(
        str(stored["code"]),
        str(stored["problem"]),
        str(stored["remedy"]),
        "warning" if stored["severity"] == "warning" else "error",
    )
    place, values = stored["place"], stored["values"]
    assert isinstance(place, dict)  # noqa: S101 - our own row, written by as_json
    assert isinstance(values, dict)  # noqa: S101
    return Problem(message, Place(**place), {name: str(value) for name, value in values.items()})


def _touch(session: Session, work: Work, **values: object) -> None:
    changed = session.exec(
        update(Job)
        .where(
            col(Job.id) == work.job_id,
            col(Job.attempt) == work.attempt,
            col(Job.state) == JobState.RUNNING,
        )
        .values(**values)
    )
    if changed.rowcount != 1:
        raise SupersededError(work.job_id)
