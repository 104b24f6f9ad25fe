"""Table of jobs: work that a worker does and a page follows."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column
from sqlmodel import Field, SQLModel

from foundation.database import UtcDateTime, by_value, json_type, utc_now


class JobState(StrEnum):
    """Where a job stands. Values are stored: only add."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(SQLModel, table=True):
    """One piece of work asked of the workers; written in the transaction that asks for it.

    `attempt` fences: a worker that was taken for dead and comes back cannot write any more.
    `beat_at` is the worker's last sign of life; a running job without one is sent again.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="progress_not_negative"),
        CheckConstraint("attempt >= 0", name="attempt_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    task: str = Field(max_length=120, description="dotted name of the function")
    subject: int = Field(description="id of the row that the work is about")
    params: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    state: JobState = Field(default=JobState.WAITING, sa_type=by_value(JobState), index=True)
    done: int = 0
    total: int = 0
    attempt: int = 0
    problems: list[dict[str, object]] | None = Field(default=None, sa_column=Column(json_type()))
    requested_by: int | None = None
    requested_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    beat_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
