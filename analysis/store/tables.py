"""Table of wave results: what a worker computed of a wave, with everything it was computed from."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from foundation.database import UtcDateTime, by_value, json_type, utc_now

DIGEST_LENGTH = 64


class ResultKind(StrEnum):
    """What was computed. Values are stored: only add."""

    INDEX = "index"


class Weighting(StrEnum):
    """How the cases were weighted. Values are stored: only add.

    equal         every case counts the same
    probability   by one over the probability of selection
    """

    EQUAL = "equal"
    PROBABILITY = "probability"


class Resampling(StrEnum):
    """How the cases were drawn again for the sampling error. Values are stored: only add.

    simple       cases with replacement, as from a simple random sample
    stratified   Rao-Wu: cases, or whole clusters, within each stratum
    """

    SIMPLE = "simple"
    STRATIFIED = "stratified"


class WaveResult(SQLModel, table=True):
    """The numbers of one wave and their origin. Rows are added, never changed; the newest counts.

    `numbers` has the shape that `analysis.report` reads; `model`, `seed`, `resamples` and the
    digests say from what it can be computed again to the last digit. A job leaves one row: the
    unique key on `job_id` holds even against a worker that was taken for dead.
    """

    __tablename__ = "wave_result"
    __table_args__ = (
        UniqueConstraint("job_id", name="uq_wave_result_job_id"),
        CheckConstraint("resamples >= 0", name="resamples_not_negative"),
    )

    id: int | None = Field(default=None, primary_key=True)
    wave_id: int = Field(foreign_key="wave.id", index=True)
    kind: ResultKind = Field(default=ResultKind.INDEX, sa_type=by_value(ResultKind))
    numbers: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    model: dict[str, object] = Field(sa_column=Column(json_type(), nullable=False))
    seed: int
    resamples: int
    weighting: Weighting = Field(sa_type=by_value(Weighting))
    resampling: Resampling = Field(sa_type=by_value(Resampling))
    form_digest: str = Field(max_length=DIGEST_LENGTH, description="empty for an imported wave")
    data_digest: str = Field(max_length=DIGEST_LENGTH, description="of the response table used")
    code_version: str = Field(max_length=120)
    job_id: int = Field(foreign_key="job.id")
    created_by: int | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
